"""The kinds of events, in the order in which ties of time are broken, and what each one happens to."""

from __future__ import annotations

from enum import IntEnum


class Event(IntEnum):
    NOTHING = 0
    LEARN = 1  # fact: the operator comes to know something
    PUBLISH = 2  # notice
    CHECK_IN = 3  # flight: check-in closes, no-shows leave seats
    DEPART = 4  # flight: what is free perishes
    OFFER = 5  # flight: free seats go to the waitlist
    CLOSE = 6  # opening of a channel
    OPEN = 7  # opening of a channel
    END_DUTY = 8  # shift: before the start of the next one, which may be the same person's
    START_DUTY = 9  # shift
    STOP = 10  # staff: overtime is used up
    AFFECT = 11  # passenger: the disruption reaches them
    MEET = 12  # passenger x notice published before they were affected
    READ = 13  # passenger x notice
    SEEK = 14  # passenger turns to a channel
    DEADLINE = 15  # passenger
    PROMISED = 16  # passenger: the time by which something was promised
    ADMIT = 17  # contact arrives
    TIRE = 18  # contact: patience is over
    REMIND = 19  # contact: the author asks again
    TURN = 20  # contact: the customer writes back
    SERVE = 21  # contact: self-service or assistant is done
    REPLY = 22  # contact: a touch by staff ends
    RECEIVE = 23  # contact: the passenger hears the reply
    LEFT = 24  # contact: the desk has let go of it
    DISPATCH = 25  # desk: waiting contacts and free people meet
    FRESH = 26  # a bystander speaks up unprompted
    TALK = 27  # passenger: somebody talks about those who are still stranded
    ECHO = 28  # contact: a bystander follows a post
    TICK = 29  # timeline bin ends
    FINISH = 30  # the run ends: everybody settles
    SETTLE = 31  # passenger
    GROW = 32  # a table must grow before anything else happens
