"""Who is at work, and on what: an onlooker's book, kept from the events and from who holds which contact."""

from __future__ import annotations

import numpy as np

from caresim.model.codes import NEVER, NOBODY, EndOfDuty, State
from caresim.model.draws import Purpose, triangular
from caresim.model.events import Event
from tests.support.properties.diary import Duty, Touch


class DutyBook:
    """Part of an onlooker: duty, breaks, overtime, touches, and whose turn it was."""

    def see_hands(self, kind):
        """Who has begun on which contact since the last event."""
        holds = self.staff["contact"]
        changed = np.flatnonzero(holds != self.seen_staff)
        begun = []
        for s in (int(s) for s in changed):
            c = int(holds[s])
            if s in self.hand and self.hand[s].contact != c:
                self.diary.strays.append(
                    f"{self.now:.3f}: person {s} let contact {self.hand[s].contact} lie at {Event(kind).name}"
                )
                self.end_handling(s, "lost")
            if c != NOBODY:
                begun.append(self.take(s, c))
            self.seen_staff[s] = c
        self.begun = begun

    def take(self, s, c):
        place = self.place.get(c, "nowhere")
        stays = self.overtime_end.get(s, -NEVER)
        touch = Touch(s, c, self.now, place, s in self.duty, stays, limit=stays)
        if place == "queue":
            self.leave(c, "TAKEN")
            self.messages.discard(c)  # the call is returned: from here on a call as any other
        elif place == "inbox" and self.inbox_of.pop(c) != s:
            self.stray(c, f"was taken from another's inbox by person {s}")
        self.place[c] = "in hand"
        self.hand[s] = touch
        self.diary.touches.append(touch)
        if self.is_live(c) and self.rings_in_vain(c):
            if c in self.diary.replies:
                self.stray(c, "was called back a second time")
        elif self.is_live(c) and c not in self.diary.replies:
            self.diary.replies[c] = self.now
            self.diary.fates[c] = "ANSWERED"
        return touch

    def dispatched(self, d):
        """Whose turn was it? Those put aside as too old have left the queue on the way."""
        old = [c for c in self.queue[d, False] if self.column("expired", c)] if self.desk["expires"][d] < NEVER else ()
        for c in old:
            self.leave(c, "ASIDE")
            self.place[c] = "aside"
            if not self.now - self.posted[c] > self.desk["expires"][d]:
                self.stray(c, "was put aside before its time")
        for live in (True, False):
            left = min(((stay.rank, c) for c, stay in self.queue[d, live].items()), default=(NEVER, NEVER))
            for touch in self.begun:
                stay = next((stay for stay in reversed(self.diary.stays) if stay.contact == touch.contact), None)
                if stay and stay.live == live and (stay.rank, touch.contact) > left:
                    self.diary.jumps.append(
                        f"{self.now:.3f}: desk {d} took contact {touch.contact} (rank {stay.rank:g}) before {left[1]}"
                        f" (rank {left[0]:g})"
                    )

    def end_handling(self, s, why):
        touch = self.hand.pop(s)
        touch.until, touch.ended = self.now, why
        if s in self.rest and self.rest[s][0] is None:
            self.rest[s][0] = self.now

    def stop(self, s):
        """Overtime is used up."""
        if s in self.hand and self.staff["contact"][s] != self.hand[s].contact:
            c = self.hand[s].contact
            self.end_handling(s, "broken off")
            self.settle_place(c)
        for c in [c for c, keeper in self.inbox_of.items() if keeper == s]:
            if self.column("queued", c) or self.column("state", c) == State.CLOSED:
                self.settle_place(c)
        if s not in self.duty and self.overtime_end[s] <= self.now:
            self.see_what_is_kept(s)

    def see_what_is_kept(self, s):
        """Past overtime nothing is left with a person but a call, a visit, or what the desk's rule is to finish."""
        kept = [c for c, keeper in self.inbox_of.items() if keeper == s]
        finishes = self.desk["end_of_duty"][self.staff["desk"][s]] == EndOfDuty.FINISH
        if s in self.hand and not finishes and not self.is_live(self.hand[s].contact):
            kept.append(self.hand[s].contact)
        self.diary.kept += [f"{self.now:.3f}: person {s} keeps contact {c}" for c in kept]

    def start_duty(self, k):
        """A stretch begins, unless a break has still to be taken (then it begins later)."""
        s = int(self.world.duty_periods["staff"][k])
        if s in self.duty:
            self.diary.strays.append(f"{self.now:.3f}: person {s} starts shift row {k} while on duty")
        if not self.staff["on_duty"][s]:
            return
        since, owed = self.rest.pop(s, (None, 0.0))
        rested = 0.0 if since is None else self.now - since
        self.duty[s] = Duty(s, k, self.now, rested, owed)
        self.rostered[s] = True
        self.overtime_end[s] = NEVER
        if s in self.hand and self.now <= self.hand[s].limit:
            self.hand[s].limit = NEVER
        self.diary.duties.append(self.duty[s])

    def end_duty(self, k):
        shift = self.world.duty_periods[k]
        s = int(shift["staff"])
        self.duty.pop(s).until = self.now
        if not shift["last"]:
            self.rest[s] = [None if s in self.hand else self.now, float(shift["break_minutes"])]
            return
        del self.rostered[s]
        world = self.world
        desk, key, luck = world.desks[int(self.staff["desk"][s])], self.staff["key"][s], self.clock["luck"][0]
        bounds = [float(desk[name]) for name in ("overtime_low", "overtime_mode", "overtime_high")]
        self.overtime_end[s] = self.now + triangular(*bounds, luck, key, int(Purpose.OVERTIME), int(shift["day"]))
        if s in self.hand:
            self.hand[s].limit = self.overtime_end[s]
