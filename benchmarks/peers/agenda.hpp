// What is to come, in a four-ary heap with one place in front of it, and what is to be done now, in a ring.

#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace {

struct Due { double time; int32_t kind, subject, stamp; };

bool earlier(const Due& a, const Due& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.subject < b.subject;
}

// What is to come. Much of it is for this very moment: it stands in front and never enters the heap.
struct Agenda {
    std::vector<Due> heap;
    Due front;
    bool fronted = false;

    void line_up(Due due) {
        if (fronted) {
            if (earlier(due, front)) std::swap(due, front);
            push(due);
        } else if (!heap.empty() && !earlier(due, heap[0])) {
            push(due);
        } else {
            front = due;
            fronted = true;
        }
    }
    const Due* first() const { return fronted ? &front : heap.empty() ? nullptr : &heap[0]; }

    void push(Due due) {
        size_t hole = heap.size();
        heap.push_back(due);
        while (hole > 0) {
            size_t parent = (hole - 1) >> 2;
            if (!earlier(due, heap[parent])) break;
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = due;
    }

    void pop() {
        if (fronted) { fronted = false; return; }
        Due last = heap.back();
        heap.pop_back();
        size_t size = heap.size(), hole = 0;
        if (!size) return;
        for (;;) {
            size_t child = 4 * hole + 1;
            if (child >= size) break;
            size_t best = child, end = child + 4 < size ? child + 4 : size;
            for (size_t other = child + 1; other < end; ++other)
                if (earlier(heap[other], heap[best])) best = other;
            if (!earlier(heap[best], last)) break;
            heap[hole] = heap[best];
            hole = best;
        }
        heap[hole] = last;
    }
};

struct Todo { int32_t kind, subject; };

// What is to be done now, in order. Nothing is ever far behind: it empties before time goes on.
struct Ring {
    std::vector<Todo> ring = std::vector<Todo>(1024);
    uint64_t head = 0, tail = 0;
    void push(int32_t kind, int64_t subject) { ring[tail++ & 1023] = {kind, int32_t(subject)}; }
};

}  // namespace
