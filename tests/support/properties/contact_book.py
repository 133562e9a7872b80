"""Where each contact is and how it ends: an onlooker's book, kept from the events alone."""

from __future__ import annotations

from caresim.model.codes import NEVER, NOBODY, Callback, Result, State, Status
from caresim.model.draws import Purpose, happens
from caresim.model.media import Medium
from caresim.model.routing import RULES
from caresim.model.traits import followers_of
from tests.support.properties.diary import Stay


class ContactBook:
    """Part of an onlooker: queues, inboxes, lines, silent authors."""

    def admit(self, c):
        """The contact arrives: a busy tone, a machine, an account that nobody reads, or a queue."""
        i, k = int(self.column("passenger", c)), int(self.column("channel", c))
        medium = int(self.column("medium", c))
        if c in self.place:
            self.stray(c, "arrived a second time")
        self.diary.arrivals[c] = self.posted[c] = self.now
        if i != NOBODY:
            if self.seen_status[i] != Status.SEEKING:
                self.stray(c, f"was opened by passenger {i} in status {Status(self.seen_status[i]).name}")
            if i in self.open_of:
                self.stray(c, f"was opened by passenger {i}, who still has contact {self.open_of[i]} open")
            self.open_of[i] = c
        if self.is_live(c):
            if self.in_use[k] >= self.channel["trunks"][k]:
                self.ring(c)
                self.end(c, "BLOCKED", taken_line=False)
                return
            self.in_use[k] += 1
            self.hang_up_for_a_callback(c, k)
            if int(self.channel["occupied"][k]) != self.in_use[k]:
                self.diary.crowded.append(
                    f"{self.now:.3f}: channel {k} counts {self.channel['occupied'][k]} lines, in use {self.in_use[k]}"
                )
        machine = self.assistant_of(k)
        speaks = i != NOBODY and machine != NOBODY
        if speaks and int(self.staff["languages"][machine]) >> int(self.passengers["language"][i]) & 1:
            self.place[c] = "with the assistant"
        elif medium == Medium.WEB:
            self.place[c] = "on the website"
        else:
            self.ring(c)
            self.join(c)

    def ring(self, c):
        """A call or visit asks for people, whether they can be reached or not."""
        desk = int(self.channel["desk"][int(self.column("channel", c))])
        if self.is_live(c) and desk != NOBODY:
            self.rung[desk] += 1

    def assistant_of(self, k):
        """The assistant that answers the channel now: none while it fails."""
        outages = self.world.outages
        fails = any(start <= self.now < end for start, end in zip(outages["start"], outages["end"], strict=True))
        return NOBODY if fails else int(self.channel["assistant"][k])

    def leave_a_message(self, c):
        """Off the line; from now on the call waits with what was written, until it is returned."""
        if self.column("medium", c) != Medium.PHONE:
            self.stray(c, "left a message, and did not call")
        if self.is_manned(int(self.column("desk", c))):
            self.stray(c, "left a message, and somebody was there")
        self.called_back.add(c)
        self.in_use[int(self.column("channel", c))] -= 1

    def hang_up_for_a_callback(self, c, k):
        """The caller took the offer: off the line, and in the queue all the same."""
        if self.column("callback", c) == Callback.NONE:
            return
        if self.column("medium", c) != Medium.PHONE:
            self.stray(c, "is to be called back, and did not call")
        self.called_back.add(c)
        self.in_use[k] -= 1

    def rings_in_vain(self, c):
        """A call is returned for the first time, and nobody picks up."""
        return c in self.called_back and self.column("callback", c) == Callback.NOT_REACHED

    def is_live(self, c):
        return self.column("medium", c) in (Medium.PHONE, Medium.COUNTER)

    def waits_live(self, c):
        """Among callers and visitors: not a message."""
        return self.is_live(c) and self.column("callback", c) != Callback.MESSAGE

    def join(self, c):
        """A place in the queue of the contact's desk, or none where nobody answers."""
        d = int(self.column("desk", c))
        i = int(self.column("passenger", c))
        if i != NOBODY and c in self.silent and c not in self.diary.replies:
            self.diary.fates[c] = "NEVER_ANSWERED"
        if d == NOBODY:
            self.place[c] = "unheard"
            return
        stay = Stay(c, d, self.waits_live(c), self.now, self.rank(c, d, i))
        self.queue[d, stay.live][c] = stay
        self.diary.stays.append(stay)
        self.place[c] = "queue"
        self.plan_overflow(c, d)

    def plan_overflow(self, c, d):
        """When the contact is to move on, or to try: the desk's `overflow_after` from now."""
        if self.waits_live(c) and self.desk["overflows_to"][d] != NOBODY:
            self.moves_at[c] = self.now + float(self.desk["overflow_after"][d])

    def overflow(self, c):
        """To the next desk's queue where somebody is rostered there, else it stays and tries again."""
        d = self.queue_with(c)
        if d == NOBODY or self.moves_at.pop(c, None) != self.now:
            self.stray(c, "moved on out of its time")
            return
        to = int(self.desk["overflows_to"][d])
        moves = self.is_manned(to)
        if moves != (self.column("desk", c) == to):
            self.stray(
                c, f"{'stayed at' if moves else 'left'} desk {d}, and desk {to} has {'people' if moves else 'nobody'}"
            )
        if moves:
            self.leave(c, "OVERFLOW")
            self.join(c)
        else:
            self.plan_overflow(c, d)

    def queue_with(self, c):
        """The desk in whose queue the contact is, by the book."""
        return next((d for (d, _), waiting in self.queue.items() if c in waiting), NOBODY)

    def see_who_stays(self, c):
        """Nobody stays in a queue beyond the time at which it was to move on."""
        if self.moves_at.pop(c, NEVER) < self.now:
            self.stray(c, "should have moved on before")

    def rank(self, c, d, i):
        """What decides whose turn it is, by the desk's routing rule."""
        world = self.world
        routing = list(RULES)[world.desks["routing" if self.waits_live(c) else "routing_deferred"][d]]
        first_come = self.diary.arrivals[c]
        if routing == "first_come":
            return first_come
        if routing == "newest":
            return -self.posted[c]
        if i == NOBODY:
            who, luck = world.contacts["key"][c], self.clock["luck"][0]
            asks = happens(world.behaviour["joke_question"][0], luck, who, int(Purpose.LOOKS_LIKE_QUESTION), 0)
            return first_come if routing == "questions_first" and asks else NEVER
        passenger = world.passengers[i]
        priority = world.cohorts["priority"][passenger["cohort"]]
        by_rule = {
            "angriest": -passenger["anger"],
            "nearest_deadline": passenger["deadline"],
            "most_followers": -followers_of(world, i),
            "questions_first": first_come,
            "priority": -priority,
            "head_start": first_come - world.desks["head_start"][d] * priority,
        }
        return float(by_rule[routing])

    def leave(self, c, why):
        """Out of the queue, if it is in one."""
        self.see_who_stays(c)
        stay = next(waiting for waiting in self.queue.values() if c in waiting).pop(c)
        stay.until, stay.left = self.now, why

    def end(self, c, fate, taken_line=True):
        """The contact is over."""
        if self.place.get(c) == "queue":
            self.leave(c, fate)
        self.inbox_of.pop(c, None)
        if self.is_live(c) and taken_line and c not in self.called_back:
            self.in_use[int(self.column("channel", c))] -= 1
        self.place[c] = "over"
        self.diary.fates[c] = fate
        self.release(c)

    def release(self, c):
        i = int(self.column("passenger", c))
        if self.open_of.get(i) == c:
            del self.open_of[i]

    def stop_caring(self, c):
        """The author of a text contact falls silent; the desk does not know."""
        self.silent.add(c)
        self.release(c)
        if self.place[c] == "with the customer":
            self.place[c] = "over"
        elif self.place[c] in ("queue", "inbox", "unheard", "aside"):
            self.diary.fates[c] = "ANSWERED" if c in self.diary.replies else "NEVER_ANSWERED"

    def acts(self, c, deed, *places):
        """The customer of an open contact does something, which only a customer who still cares can."""
        i = int(self.column("passenger", c))
        if self.place.get(c) not in places:
            self.stray(c, deed)
        elif c in self.silent:
            self.diary.strays.append(f"{self.now:.3f}: contact {c} {deed}, yet its author had stopped caring")
        elif self.seen_status[i] != Status.SEEKING:
            self.diary.strays.append(f"{self.now:.3f}: contact {c} {deed}, yet passenger {i} seeks no more")

    def abandon(self, c):
        self.acts(c, "ran out of patience", "queue", "inbox", "unheard", "aside")
        if c in self.called_back and c not in self.diary.replies:
            self.stray(c, "ran out of patience, and is to be called back")
        if self.is_live(c):
            self.end(c, "ABANDONED")
        else:
            self.stop_caring(c)

    def remind(self, c):
        self.acts(c, "was asked about again", "queue", "inbox", "unheard", "aside")
        self.posted[c] = self.now
        if self.place[c] == "aside":
            self.join(c)

    def write_back(self, c):
        self.acts(c, "was written back to", "with the customer")
        self.posted[c] = self.now
        self.settle_place(c)

    def settle_place(self, c):
        """After the customer wrote back, or its keeper went home: with its keeper, in a queue, or dropped."""
        if self.column("state", c) == State.CLOSED:
            self.end(c, "DROPPED")
        elif self.column("queued", c):
            self.inbox_of.pop(c, None)
            self.join(c)
        else:
            self.place[c] = "inbox"
            self.inbox_of[c] = int(self.column("staff", c))

    def serve(self, c):
        """A machine is done: settled, wrong, passed on to people, or left alone."""
        where = self.place.get(c)
        if where not in ("with the assistant", "on the website"):
            self.stray(c, "was served by a machine")
        i = int(self.column("passenger", c))
        result = self.column("result", c)
        if self.seen_status[i] != Status.SEEKING:
            self.end(c, "ABANDONED")
        elif result in (Result.SOLVED, Result.WRONG):
            if where == "with the assistant":
                self.diary.replies[c] = self.now
            self.end(c, "ANSWERED")
        elif where == "on the website":
            self.end(c, "ABANDONED")
        elif self.column("state", c) == State.CLOSED:
            if self.column("staff", c) == NOBODY:  # the assistant would have passed it on, and nobody was there
                self.ring(c)
            self.end(c, "DROPPED")
        else:
            self.ring(c)
            if self.column("callback", c) == Callback.MESSAGE:
                self.leave_a_message(c)
            self.join(c)

    def reply(self, c):
        """A touch ends: over, the customer's turn, or on its way to another desk."""
        s = next((s for s, touch in self.hand.items() if touch.contact == c), None)
        if s is None:
            self.stray(c, "was replied to")
            return
        self.end_handling(s, "reply")
        if int(self.column("passenger", c)) == NOBODY:
            self.end(c, "ANSWERED")
            return
        if self.rings_in_vain(c):
            self.end(c, "ABANDONED")
            return
        if c not in self.diary.replies:
            self.diary.replies[c] = self.now
            self.diary.fates[c] = "TOO_LATE" if c in self.silent else "ANSWERED"
        if self.column("result", c) == Result.HANDED_OVER:
            self.place[c] = "handed over"
        elif self.column("state", c) == State.CUSTOMER:
            self.place[c] = "with the customer"
        else:
            self.end(c, self.diary.fates[c])

    def receive(self, c):
        if self.place[c] == "handed over":
            self.join(c)
        elif self.place[c] == "with the customer" and self.column("state", c) == State.CLOSED:
            self.stop_caring(c)

    def close_channel(self, opening):
        k = int(self.world.openings["channel"][opening])
        self.is_open[k] = False
        own, *further = self.way_of(k)
        self.send_away(k, own)
        for d in further:
            if not self.is_manned(d):
                self.send_away(k, d)

    def open_channel(self, opening):
        self.is_open[int(self.world.openings["channel"][opening])] = True

    def way_of(self, k):
        """The desk behind a channel, and those to which its callers move on."""
        way = [int(self.channel["desk"][k])]
        while way[-1] != NOBODY and self.desk["overflows_to"][way[-1]] != NOBODY:
            way.append(int(self.desk["overflows_to"][way[-1]]))
        return way

    def is_manned(self, d):
        """Is somebody rostered at the desk, on a break or not?"""
        return any(self.staff["desk"][s] == d for s in self.rostered)

    def send_away(self, k, d):
        """Whoever waits on the spot at a desk for a channel is sent away."""
        if d != NOBODY:
            for c in [c for c in self.queue[d, True] if self.column("channel", c) == k]:
                if c not in self.called_back or c in self.diary.replies:
                    self.end(c, "DROPPED")

    def dismiss(self, d):
        if self.is_manned(d):
            return
        for k in range(len(self.world.channels)):
            own, *further = self.way_of(k)
            kept_open = self.assistant_of(k) != NOBODY
            if (own == d and kept_open) or (d in further and (kept_open or not self.is_open[k])):
                self.send_away(k, d)
