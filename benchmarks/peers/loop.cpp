// M/M/c+M as one would write it by hand in C++ for this queue alone, doing what caresim does for each customer: the same
// draws (a hash of luck, who, for what, which time), the same records filled in, the same hops from one thing that
// happens to the next. It is given the tables of a world that has been built and leaves in them what caresim leaves.
//
// What it need not be able to do it does not do: people come on duty once and stay, the line is a list in the order of
// arrival, the agenda is one heap, indices are not checked.

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "records.hpp"  // written by native.py from caresim's own tables: structs, their tables, purposes, events, states

namespace {

constexpr double NEVER = std::numeric_limits<double>::infinity();
constexpr double MISSING = std::numeric_limits<double>::quiet_NaN();
constexpr double LN2 = 6.931471805599453e-01;
constexpr double LN2_HI = 6.93147180369123816490e-01, LN2_LO = 1.90821492927058770002e-10;
constexpr double INV_LN2 = 1.44269504088896338700;
constexpr double DAY = 1440.0;
constexpr int64_t DAYS_BEFORE = 1024, AT_ONCE = 512;
constexpr int32_t NOBODY = -1;
constexpr int64_t MEDIA = sizeof(Passengers::experience) / sizeof(double);
constexpr int64_t NEEDS = sizeof(Channels::patience) / sizeof(double);

double as_float(int64_t bits) { double x; __builtin_memcpy(&x, &bits, 8); return x; }
int64_t as_bits(double x) { int64_t bits; __builtin_memcpy(&bits, &x, 8); return bits; }

double ln(double x) {
    int64_t bits = as_bits(x), k = (bits >> 52) - 1023;
    double m = as_float((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
    if (m > 1.4142135623730951) { m *= 0.5; k += 1; }
    double f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;
    double even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332));
    double odd = z * (0.6666666666666735130 + w * (0.2857142874366239149
        + w * (0.1818357216161805012 + w * 0.1479819860511658591)));
    double half = 0.5 * f * f;
    return k * LN2_HI - ((half - (s * (half + (even + odd)) + k * LN2_LO)) - f);
}

double ex(double x) {
    if (x < -700.0) return 0.0;
    if (x > 700.0) x = 700.0;
    int64_t k = int64_t(INV_LN2 * x + (x > 0.0 ? 0.5 : -0.5));
    double hi = x - k * LN2_HI, lo = k * LN2_LO, r = hi - lo, t = r * r;
    double c = r - t * (1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05
        + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    double y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi);
    return y * as_float((k + 1023) << 52);
}

double halved(double elapsed, double half_life) { return ex(-LN2 * elapsed / half_life); }

double normal_quantile(double u) {
    if (u < 0.02425 || u > 0.97575) {
        double q = std::sqrt(-2.0 * ln(u < 0.5 ? u : 1.0 - u));
        double x = (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
            - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783)
            / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
            + 3.754408661907416) * q + 1.0);
        return u < 0.5 ? x : -x;
    }
    double q = u - 0.5, r = q * q;
    return (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
        + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239) * q
        / (((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
        + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0);
}

uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
}
uint64_t join(uint64_t a, uint64_t b) { return mix(mix(a) + 0x9E3779B97F4A7C15 * (b + 1)); }

struct Due { double time; int32_t kind, subject, stamp; };

bool earlier(const Due& a, const Due& b) {
    if (a.time != b.time) return a.time < b.time;
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.subject < b.subject;
}

// The four-ary heap of what is to come.
struct Agenda {
    std::vector<Due> heap;

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

struct Queue {
    Clock& clock;
    const Rules& rules;
    Operators& centre;
    Channels& phone;
    Desks& desk;
    const Cohorts& cohort;
    Passengers* passengers;
    int64_t people;
    Contacts* contacts;
    Dealings* dealings;
    Staff* staff;
    Ticks* ticks;
    Agenda agenda;
    Ring ring;
    int32_t line_head = NOBODY, line_tail = NOBODY, free_head = NOBODY, free_tail = NOBODY;

    double uniform(uint64_t who, int64_t purpose, int64_t occurrence) const {
        uint64_t x = mix(clock.luck ^ mix(who + 0x9E3779B97F4A7C15 * uint64_t(purpose))
                         + 0xD6E8FEB86659FD93 * uint64_t(occurrence));
        return (double(mix(x) >> 12) + 0.5) * 2.220446049250313e-16;
    }
    double exponential(double mean, uint64_t who, int64_t purpose, int64_t occurrence) const {
        return -mean * ln(uniform(who, purpose, occurrence));
    }
    void schedule(double time, int32_t kind, int64_t subject, int32_t stamp) {
        agenda.push({time, kind, int32_t(subject), stamp});
    }
    void soon(int32_t kind, int64_t subject) { ring.push(kind, subject); }

    double anger_now(const Passengers& p) const {
        if (std::isnan(p.waits_since)) return p.anger * halved(clock.now - p.anger_at, rules.relax);
        double already = std::fmax(1.0, (p.anger_at - p.waits_since) / p.expects);
        double by_now = std::fmax(1.0, (clock.now - p.waits_since) / p.expects);
        if (by_now <= already) return p.anger;
        double unexplained = p.explained ? 1.0 : rules.unexplained;
        return 1.0 - (1.0 - p.anger) * ex(-rules.kappa * p.temper * unexplained * ln(by_now / already));
    }
    void feel(int64_t i) {
        Passengers& p = passengers[i];
        p.anger = anger_now(p);
        p.anger_at = clock.now;
        if (p.status != Status_SEEKING) return;
        p.anger_peak = std::fmax(p.anger_peak, p.anger);
        dealings[i].anger_peak = std::fmax(dealings[i].anger_peak, p.anger);
        dealings[i].anger_end = p.anger;
    }
    void stop_waiting(int64_t i) { feel(i); passengers[i].waits_since = MISSING; }
    int64_t start_day(Passengers& p) const {
        int64_t today = int64_t(std::floor(clock.now / DAY)) + DAYS_BEFORE;
        if (p.today != today) {
            p.today = today;
            p.seeks = 0;
            for (int64_t m = 0; m < MEDIA; ++m) p.tries[m] = 0;
        }
        return today;
    }
    void stop_seeking(int64_t i) {
        Passengers& p = passengers[i];
        p.stamp += 1;
        if (!p.ordinary) centre.unresolved -= 1;
    }
    double announced_wait() const {
        double on_duty = desk.on_duty > 1 ? double(desk.on_duty) : 1.0;
        return double(desk.waiting_live) * desk.handle[phone.medium * NEEDS] / on_duty;
    }

    void affect(int64_t i) {
        Passengers& p = passengers[i];
        p.anger_at = p.affected;
        p.experienced = p.affected;
        if (!p.contacting) { p.status = Status_NO_NEED; return; }
        p.status = Status_SEEKING;
        if (!p.ordinary) {
            centre.unresolved += 1;
            double gap = exponential(rules.talk_gap, p.key, Purpose_TALK, p.talks);
            if (gap < clock.end - clock.now) schedule(clock.now + gap, Event_TALK, i, p.stamp);
        }
        if (p.deadline < clock.end) schedule(p.deadline, Event_DEADLINE, i, p.stamp);
        schedule(clock.now, Event_SEEK, i, p.plan);
    }
    bool choose(int64_t i) {
        Passengers& p = passengers[i];
        int64_t today = start_day(p), occurrence = today * 4096 + p.seeks;
        p.seeks += 1;
        double preference = cohort.preference[0];
        if (!(preference > -NEVER) || !((phone.languages >> p.language) & 1)) return false;
        double luck = uniform(join(p.key, phone.key), Purpose_CHOICE, occurrence);
        double value = preference - p.experience[phone.medium] * halved(clock.now - p.experienced, rules.forget);
        value += rules.haste_pull * rules.haste_scale / (rules.haste_scale + std::fmax(p.deadline - clock.now, 0.0));
        double seen = announced_wait() / phone.expected;
        if (seen > 1.0) value -= rules.seen_penalty * ln(seen);
        return value - ln(-ln(luck)) > -NEVER;
    }
    void seek(int64_t i) {
        Passengers& p = passengers[i];
        p.plan += 1;
        if (p.status != Status_SEEKING || p.open != NOBODY || !choose(i)) return;
        feel(i);
        p.waits_since = clock.now;
        p.expects = phone.expected;
        int64_t today = start_day(p), ordinal = p.tries[phone.medium]++, c = clock.contacts++;
        Contacts& call = contacts[c];
        call.key = join(join(p.key, phone.key), uint64_t(today * 4096 + ordinal));
        call.arrival = call.posted = clock.now;
        call.reply = call.closed = call.silent = call.gives_up = MISSING;
        call.staff = call.staff_before = call.child = call.sibling = NOBODY;
        call.cared = 1;
        call.state = State_WAITING;
        call.outcome = Outcome_WAITING;
        call.result = Result_NONE;
        call.passenger = i;
        call.channel = 0;
        call.medium = phone.medium;
        call.operator_ = phone.operator_;
        call.desk = phone.desk;
        call.need = p.need;
        call.live = 1;
        call.ordinal = ordinal;
        call.posts = 1;
        call.in_hours = desk.rostered > 0;
        Dealings& dealing = dealings[i];
        if (dealing.contacts == 0) { dealing.first_contact = clock.now; dealing.case_ = c; }
        dealing.contacts += 1;
        if (std::isnan(dealing.first_request)) { dealing.first_request = clock.now; dealing.first_channel = 0; }
        call.case_ = dealing.case_;
        p.operator_ = phone.operator_;
        p.contacts += 1;
        p.open = c;
        soon(Event_ADMIT, c);
    }
    void admit(int64_t c) {
        Contacts& call = contacts[c];
        ticks[clock.ticks].calls += 1;
        phone.occupied += 1;
        if (phone.occupied > phone.lines) __builtin_trap();  // no queue of this benchmark has an end
        if (announced_wait() > desk.callback_above) __builtin_trap();
        call.state = State_WAITING;
        double mean = phone.patience[call.need];
        call.gives_up = clock.now + mean * -ln(uniform(call.key, Purpose_PATIENCE, call.turns));
        schedule(call.gives_up > clock.now ? call.gives_up : clock.now, Event_TIRE, c, call.stamp);
        call.rank = call.arrival;
        call.queued = 1;
        phone.waiting += 1;
        if (line_tail == NOBODY) line_head = c; else contacts[line_tail].sibling = c;
        line_tail = c;
        desk.waiting_live += 1;
        wake();
    }
    void wake() {
        if (!desk.woken) { desk.woken = 1; soon(Event_DISPATCH, 0); }
    }
    void leave_line(Contacts& call) {
        if (!call.queued) return;
        call.queued = 0;
        phone.waiting -= 1;
        desk.waiting_live -= 1;
    }
    int32_t call_next() {
        while (line_head != NOBODY) {
            int32_t c = line_head;
            line_head = contacts[c].sibling;
            if (line_head == NOBODY) line_tail = NOBODY;
            contacts[c].sibling = NOBODY;
            if (contacts[c].queued) { leave_line(contacts[c]); return c; }
        }
        return NOBODY;
    }
    void list_free(int32_t s) {
        staff[s].listed = 1;
        staff[s].next_free = NOBODY;
        if (free_tail == NOBODY) free_head = s; else staff[free_tail].next_free = s;
        free_tail = s;
    }
    void dispatch() {
        desk.woken = 0;
        while (desk.waiting_live > 0 && free_head != NOBODY) {
            int32_t c = call_next();
            if (c == NOBODY) return;
            take(free_head, c);
        }
    }
    void take(int32_t s, int32_t c) {
        Contacts& call = contacts[c];
        Staff& person = staff[s];
        person.listed = 0;
        free_head = person.next_free;
        if (free_head == NOBODY) free_tail = NOBODY;
        call.state = State_IN_HAND;
        call.staff = s;
        call.stamp += 1;
        double mean = desk.handle[call.medium * NEEDS + call.need];
        double minutes = exponential(mean, call.key, Purpose_HANDLING, call.turns) * person.speed;
        call.handed = 0;
        call.handle += minutes;
        person.contact = c;
        person.due = clock.now + minutes;
        person.contacts += 1;
        person.busy_minutes += minutes;
        desk.busy += 1;
        stop_waiting(call.passenger);
        call.reply = clock.now;
        call.outcome = Outcome_ANSWERED;
        Dealings& dealing = dealings[call.passenger];
        ticks[clock.ticks].answered += 1;
        if (std::isnan(dealing.first_response)) {
            dealing.first_response = call.reply;
            dealing.response_ratio = (call.reply - dealing.first_request) / phone.typical;
        }
        schedule(clock.now + minutes, Event_REPLY, c, call.stamp);
    }
    void close(int64_t c, int8_t outcome) {
        Contacts& call = contacts[c];
        call.state = State_CLOSED;
        call.outcome = outcome;
        call.closed = clock.now;
        call.stamp += 1;
        phone.occupied -= 1;
        if (passengers[call.passenger].open == c) passengers[call.passenger].open = NOBODY;
    }
    void tire(int64_t c) {
        Contacts& call = contacts[c];
        int64_t i = call.passenger;
        Passengers& p = passengers[i];
        double waited = (clock.now - call.arrival) / p.expects;
        stop_waiting(i);
        leave_line(call);
        close(c, Outcome_ABANDONED);
        if (waited > 1.0) {
            double left = halved(clock.now - p.experienced, rules.forget);
            for (int64_t m = 0; m < MEDIA; ++m) p.experience[m] *= left;
            p.experience[call.medium] += rules.wait_penalty * ln(waited);
            p.experienced = clock.now;
        }
        int64_t occurrence = start_day(p) * 4096 + p.seeks;
        if (uniform(p.key, Purpose_REDIAL, occurrence) < rules.abandon_redial) __builtin_trap();  // nobody redials
        if (uniform(p.key, Purpose_PERSIST, start_day(p) * 4096 + p.seeks) < rules.persist) __builtin_trap();
        stop_waiting(i);
        p.status = Status_GAVE_UP;
        stop_seeking(i);
    }
    void reply(int64_t c) {
        Contacts& call = contacts[c];
        int32_t s = call.staff;
        staff[s].contact = NOBODY;
        desk.busy -= 1;
        list_free(s);
        wake();
        call.stamp += 1;
        call.turns += 1;
        dealings[call.passenger].last_reply = clock.now;
        call.result = Result_SOLVED;
        close(c, call.outcome);
        soon(Event_RECEIVE, c);
    }
    void receive(int64_t c) {
        Contacts& call = contacts[c];
        int64_t i = call.passenger;
        Passengers& p = passengers[i];
        Dealings& dealing = dealings[i];
        double quality = staff[call.staff].quality;
        dealing.replies += 1;
        dealing.tone += quality;
        double strength = rules.relief * quality;
        for (int32_t n = 1; n < dealing.replies; ++n) strength *= rules.relief_decay;
        feel(i);
        p.anger *= 1.0 - strength;
        feel(i);
        stop_waiting(i);
        if (std::isnan(dealing.first_useful)) dealing.first_useful = clock.now;
        stop_waiting(i);
        p.status = Status_RESOLVED;
        p.resolved = clock.now;
        dealing.resolved = clock.now;
        if (!p.ordinary) ticks[clock.ticks].resolved += 1;
        stop_seeking(i);
    }
    void tick(int64_t k) {
        Ticks& row = ticks[k];
        row.time = clock.now;
        row.mood += centre.mood * halved(clock.now - centre.mood_at, rules.mood_half_life);
        row.unresolved += centre.unresolved;
        centre.lately = 0;
        row.backlog[phone.medium] += phone.waiting;
        clock.ticks = k + 1;
        if (clock.now < clock.end) {
            double next = clock.origin + (k + 2) * clock.bin;
            schedule(next < clock.end ? next : clock.end, Event_TICK, k + 1, 0);
        }
    }
    void finish(int64_t first) {
        int64_t last = first + AT_ONCE < clock.next_affected ? first + AT_ONCE : clock.next_affected;
        for (int64_t i = first; i < last; ++i) soon(Event_SETTLE, i);
        if (last < clock.next_affected) soon(Event_FINISH, last);
    }
    void settle(int64_t i) {
        feel(i);
        Passengers& p = passengers[i];
        Dealings& dealing = dealings[i];
        bool replied = dealing.replies > 0, resolved = !std::isnan(dealing.resolved);
        double score = rules.no_reply;
        if (replied) {
            double ratio = dealing.response_ratio * rules.latency_anchor / rules.latency_unit, value = rules.latency_top;
            if (ratio > 1.0) value = rules.latency_top - rules.latency_slope * ln(ratio);
            score += std::fmax(value, rules.latency_floor) / rules.latency_scale;
            score += rules.tone * (dealing.tone / dealing.replies - 0.5);
        }
        double expected = replied ? rules.resolution_replied : rules.resolution_silent;
        score += rules.resolution * ((resolved ? 1.0 : 0.0) - expected);
        score -= rules.effort * (std::fmin(double(dealing.contacts), rules.effort_cap) - rules.effort_reference);
        score -= rules.anger_weight * (0.5 * (dealing.anger_peak + dealing.anger_end) - rules.anger_reference);
        score += rules.noise * normal_quantile(uniform(p.key, Purpose_SETTLE, 0));
        dealing.satisfaction = dealing.after_gesture = std::fmin(5.0, std::fmax(1.0, score));
    }

    bool live(const Due& due) const {
        if (due.kind >= Event_TIRE && due.kind <= Event_REPLY) return contacts[due.subject].stamp == due.stamp;
        if (due.kind == Event_SEEK) return passengers[due.subject].plan == due.stamp;
        if (due.kind == Event_TALK) return passengers[due.subject].stamp == due.stamp;
        return true;
    }
    void happen(int32_t kind, int64_t subject) {
        clock.events += 1;
        switch (kind) {
            case Event_AFFECT: affect(subject); break;
            case Event_SEEK: seek(subject); break;
            case Event_ADMIT: admit(subject); break;
            case Event_TIRE: tire(subject); break;
            case Event_REPLY: reply(subject); break;
            case Event_RECEIVE: receive(subject); break;
            case Event_DISPATCH: dispatch(); break;
            case Event_TICK: tick(subject); break;
            case Event_FINISH: finish(subject); break;
            case Event_SETTLE: settle(subject); break;
            default: __builtin_trap();
        }
    }
    void run(double until) {
        for (;;) {
            while (ring.head < ring.tail) {
                Todo todo = ring.ring[ring.head++ & 1023];
                happen(todo.kind, todo.subject);
            }
            double comes = clock.next_affected < people ? passengers[clock.next_affected].affected : NEVER;
            if (agenda.heap.empty() || comes < agenda.heap[0].time
                || (comes == agenda.heap[0].time && Event_AFFECT < agenda.heap[0].kind)) {
                if (comes > until || comes == NEVER) return;
                clock.now = comes;
                happen(Event_AFFECT, clock.next_affected++);
                continue;
            }
            Due due = agenda.heap[0];
            if (due.time > until) return;
            agenda.pop();
            if (live(due)) { clock.now = due.time; happen(due.kind, due.subject); }
        }
    }
};

}  // namespace

// The addresses and lengths of all tables, in the order of enum Table.
extern "C" void run(const Table_of tables[], double until) {
    Queue queue{
        *(Clock*)tables[Table_clock].address, *(Rules*)tables[Table_rules].address,
        *(Operators*)tables[Table_operators].address, *(Channels*)tables[Table_channels].address,
        *(Desks*)tables[Table_desks].address, *(Cohorts*)tables[Table_cohorts].address,
        (Passengers*)tables[Table_passengers].address, tables[Table_passengers].length,
        (Contacts*)tables[Table_contacts].address, (Dealings*)tables[Table_dealings].address,
        (Staff*)tables[Table_staff].address, (Ticks*)tables[Table_ticks].address, {}, {},
    };
    int32_t people = int32_t(tables[Table_staff].length);
    queue.desk.on_duty = queue.desk.rostered = people;
    for (int32_t s = 0; s < people; ++s) queue.list_free(s);
    queue.schedule(queue.clock.now + queue.clock.bin, Event_TICK, 0, 0);
    queue.schedule(queue.clock.end, Event_FINISH, 0, 0);
    queue.run(until);
}
