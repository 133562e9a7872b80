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
    DISMISS = 10  # desk: nobody is rostered any more
    STOP = 11  # staff: overtime is used up
    AFFECT = 12  # passenger: the disruption reaches them
    MEET = 13  # passenger x notice published before they were affected
    READ = 14  # passenger x notice
    SEEK = 15  # passenger turns to a channel
    DEADLINE = 16  # passenger
    KEPT = 17  # passenger: what was promised has been done
    PROMISED = 18  # passenger: the time by which something was promised
    ADMIT = 19  # contact arrives
    ABANDON = 20  # contact: patience is over
    REMIND = 21  # contact: the author asks again
    CUSTOMER_REPLY = 22  # contact: the customer writes back
    SERVE = 23  # contact: self-service or assistant is done
    REPLY = 24  # contact: a touch by staff ends
    RECEIVE = 25  # contact: the passenger hears the reply
    LEFT = 26  # contact: the desk has let go of it
    DISPATCH = 27  # desk: waiting contacts and free people meet
    SPONTANEOUS_POST = 28  # a bystander speaks up unprompted
    POST_ABOUT = 29  # passenger: somebody talks about those who are still stranded
    FOLLOW_ON_POST = 30  # contact: a bystander follows a post
    TICK = 31  # timeline bin ends
    FINISH = 32  # the run ends: everybody settles
    SETTLE = 33  # passenger
    CALL = 34  # a call of Python code that somebody put on the agenda: after all else of its moment
    GROW = 35  # a table must grow before anything else happens
