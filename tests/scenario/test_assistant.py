"""The assistant: messages by night, outages, needs that it leaves to people, harder contacts that it passes on."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.tokyo_runs import contacts, ran, tokyo

from caresim.config.errors import BadInput
from caresim.model.codes import Callback, Outcome, State
from caresim.model.contact import BY_MACHINE
from caresim.model.media import Medium
from caresim.model.needs import Need

ARM = "assistant_first"
KEY = f"staffing.{ARM}.assistant"
MESSAGE = f"{KEY}.message={{leaves: 80 %, reached: 60 %, ring: 1 min}}"
PLAIN = (f"{KEY}.when_nobody=call_again", f"{KEY}.message=null", f"{KEY}.excludes=[]", f"{KEY}.harder=1")
WHOLE_RUN = f"{KEY}.outages=[{{from: '2011-03-10 05:46 UTC', to: '2011-03-21 23:00 UTC'}}]"


def with_messages():
    return ran(ARM, 0, *PLAIN[2:], f"{KEY}.when_nobody=message", MESSAGE)


def messages(of) -> np.ndarray:
    """Contacts in which a message was left; all of the phone."""
    table = contacts(of)
    return table[table["callback"] != Callback.NONE]


def test_a_message_is_left_by_night_and_ends_as_answered_not_reached_or_given_up():
    table = messages(with_messages())
    assert len(table) > 200
    assert set(table["medium"]) == {Medium.PHONE}
    over = table[table["state"] == State.CLOSED]
    answered, missed = (over["callback"] == code for code in (Callback.RETURNED, Callback.NOT_REACHED))
    given_up = over["callback"] == Callback.MESSAGE
    assert (over["outcome"][answered] == Outcome.ANSWERED).all()
    assert (over["outcome"][missed | given_up] == Outcome.ABANDONED).all()
    assert np.isnan(over["reply"][missed | given_up]).all()
    still_open = table[table["state"] != State.CLOSED]
    assert np.isin(still_open["callback"], (Callback.MESSAGE, Callback.RETURNED)).all()


def test_who_is_on_its_line_when_the_last_person_goes_may_leave_a_message():
    """With everybody leaving one, nobody whom it passed on is dropped while there is a tomorrow."""
    few = (f"staffing.{ARM}.desks.paris_phone.headcount=4", f"staffing.{ARM}.desks.paris_phone.headcount_before=4")
    for leaves in ("100 %", "0 %"):
        message = f"{KEY}.message={{leaves: {leaves}, reached: 60 %, ring: 1 min}}"
        of = ran(ARM, 0, *PLAIN[2:], f"{KEY}.when_nobody=message", message, *few)
        table = contacts(of)
        table = table[(table["medium"] == Medium.PHONE) & (table["transferred"] & BY_MACHINE != 0)]
        table = table[table["arrival"] < of.world.clock[0].end - 2 * 1440]
        dropped = table[table["outcome"] == Outcome.DROPPED]
        manned = dropped[dropped["closed"] > dropped["arrival"] + 2]
        assert (len(dropped) == 0) == (leaves == "100 %")
        assert (len(manned) == 0) == (leaves == "100 %")


def test_as_many_pick_up_as_the_assistant_says():
    """A binomial share, within 4 standard errors."""
    table = messages(with_messages())
    called = np.isin(table["callback"], (Callback.RETURNED, Callback.NOT_REACHED))
    reached = np.mean(table["callback"][called] == Callback.RETURNED)
    assert abs(reached - 0.6) < 4 * np.sqrt(0.24 / called.sum())


def test_a_message_holds_no_line():
    of = with_messages()
    lines = [row for row, name in enumerate(of.names.channels) if name == "phone_paris"]
    open_now = contacts(of)
    open_now = open_now[(open_now["state"] != State.CLOSED) & (open_now["channel"] == lines[0])]
    assert of.world.channels["occupied"][lines[0]] == (open_now["callback"] == Callback.NONE).sum()


def test_people_are_called_back_when_somebody_is_there():
    """The first shift in Paris begins at 06:30, and the last ends at 22:30, with overtime."""
    table = messages(with_messages())
    returned = table[table["callback"] == Callback.RETURNED]
    hour = (returned["reply"] + (5 + 46 / 60 + 1) * 60.0) % 1440.0 / 60.0
    assert hour.min() >= 6.5
    assert hour.max() < 23.5
    assert (returned["reply"] > returned["arrival"]).all()


def test_an_outage_of_the_whole_run_is_a_run_without_an_assistant():
    broken, without = ran(ARM, 0, WHOLE_RUN), ran("social_team")
    count = int(without.world.clock[0].contacts)
    assert int(broken.world.clock[0].contacts) == count
    assert broken.world.contacts[:count].tobytes() == without.world.contacts[:count].tobytes()
    for table in ("passengers", "cases", "ticks"):
        assert getattr(broken.world, table).tobytes() == getattr(without.world, table).tobytes(), table


def test_it_answers_nothing_while_it_fails_and_does_before_and_after():
    of = ran(ARM, 0, *PLAIN, f"{KEY}.outages=[{{from: '2011-03-13 05:46 UTC', to: '2011-03-14 05:46 UTC'}}]")
    table = contacts(of)
    machine = len(of.world.staff) - 1
    arrivals = table["arrival"][table["staff"] == machine] / 1440.0
    assert ((arrivals < 2.0) | (arrivals >= 3.0)).all()
    assert (arrivals < 2.0).any()
    assert (arrivals >= 3.0).any()


@pytest.mark.parametrize("excluded", [("rebooking",), ("rebooking", "information")])
def test_it_never_handles_what_it_leaves_to_people(excluded):
    of = ran(ARM, 0, *PLAIN[:2], PLAIN[3], f"{KEY}.excludes=[{', '.join(excluded)}]")
    table = contacts(of)
    needs = {Need[word.upper()] for word in excluded}
    by_machine = table[table["staff"] == len(of.world.staff) - 1]
    assert len(by_machine) > 100
    assert not needs & set(by_machine["need"])


def test_what_it_passes_on_takes_people_longer_by_the_factor_and_nothing_else_does():
    """Calls that were answered in one exchange, by the customer's luck: what a person of ordinary speed takes."""
    plain = one_exchange(ran(ARM, 0, *PLAIN))
    harder = one_exchange(ran(ARM, 0, *PLAIN[:3], f"{KEY}.harder=1.5"))
    common = plain.keys() & harder.keys()
    for passed_on, factor in ((True, 1.5), (False, 1.0)):
        ratios = [harder[key] / plain[key] for key in common if key[1] == passed_on]
        assert len(ratios) > 100
        assert ratios == pytest.approx([factor] * len(ratios))


def one_exchange(of) -> dict[tuple[int, bool], float]:
    """Minutes of each phone call that a person answered in one exchange, by its key and whether the assistant
    had passed it on.
    """
    table = contacts(of)
    staff = of.world.staff
    by_people = (table["staff"] >= 0) & (table["staff"] != len(staff) - 1)
    table = table[by_people & (table["medium"] == Medium.PHONE) & (table["exchanges"] == 1)]
    minutes = table["handle"] / staff["speed"][table["staff"]]
    passed_on = table["transferred"] & BY_MACHINE != 0
    return dict(zip(zip(table["key"].tolist(), passed_on.tolist(), strict=True), minutes.tolist(), strict=True))


def test_a_message_without_the_rule_for_it_is_refused_and_so_is_the_rule_without():
    with pytest.raises(BadInput, match="when_nobody is message"):
        tokyo(f"{KEY}.when_nobody=call_again")
    with pytest.raises(BadInput, match="when_nobody is message"):
        tokyo(f"{KEY}.message=null")


def test_an_outage_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadInput, match="must be after from"):
        tokyo(f"{KEY}.outages=[{{from: '2011-03-14 05:46 UTC', to: '2011-03-13 05:46 UTC'}}]")
