"""Every kind of event has a note, or a reason for none."""

from __future__ import annotations

import pytest

from caresim.model.events import Event
from caresim.tasks.story.notes import NOTES, UNTOLD, check
from caresim.tasks.story.watch import OF_CONTACTS, OF_PASSENGERS, OF_READERS


def without(table, event):
    return {kind: value for kind, value in table.items() if kind != event}


@pytest.mark.parametrize("event", [Event.RECEIVE, Event.TICK])
def test_a_forgotten_event_is_refused(event):
    with pytest.raises(TypeError, match=rf"^{event.name}: "):
        check(without(NOTES, event), without(UNTOLD, event))


def test_an_event_that_is_told_has_no_reason_for_being_untold():
    with pytest.raises(TypeError, match=r"^SEEK: "):
        check(NOTES, {**UNTOLD, Event.SEEK: "nobody wants to know"})


def test_a_note_is_about_somebody_whom_a_story_follows():
    with pytest.raises(TypeError, match=r"^TICK: .* not ticks"):
        check({**NOTES, Event.TICK: NOTES[Event.SEEK]}, without(UNTOLD, Event.TICK))


def test_the_watcher_knows_whose_every_note_is():
    assert OF_PASSENGERS | OF_CONTACTS | OF_READERS | {Event.ADMIT} == set(NOTES)
    assert not OF_PASSENGERS & OF_CONTACTS
