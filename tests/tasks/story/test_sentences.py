"""Spans of time, names and choices in plain words."""

from __future__ import annotations

import re
import string

import numpy as np
import pandas as pd
import pytest

from caresim.model.media import STAFFED
from caresim.tasks.story.choose import median_distance, most_changed
from caresim.tasks.story.sentences import TEMPLATES, check
from caresim.tasks.story.vocabulary import after, place_of, spoken


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.5, "30 s"), (4.2, "4 min"), (59.4, "59 min"), (200, "3 h 20 min"), (660, "11 h"), (3000, "2 days 2 h")],
)
def test_durations_are_said_as_people_say_them(minutes, words):
    assert spoken(minutes) == words


def test_no_wait_is_at_once():
    assert after(0.0) == "at once"
    assert after(4.0) == "after 4 min"


def test_a_time_zone_is_called_by_its_place():
    assert [place_of(zone) for zone in ("Europe/Paris", "America/New_York", "UTC")] == ["Paris", "New York", "UTC"]


@pytest.mark.parametrize("event", ["wrote", "posted_unheard", "looked_up", STAFFED[0].row.gave_up])
def test_a_medium_with_an_event_that_has_no_sentence_is_refused(event):
    with pytest.raises(TypeError, match=event):
        check({name: text for name, text in TEMPLATES.items() if name != event})


def test_templates_speak_of_the_third_person_and_end_without_a_stop():
    for event, template in TEMPLATES.items():
        fields = {field for _, field, _, _ in string.Formatter().parse(template) if field}
        assert fields <= {
            *("company", "place", "after", "again", "ahead", "asks", "said", "wants", "until", "lost", "where"),
            *("notice", "reads", "use", "flight", "satisfaction", "gesture", "about", "lacks"),
            *("to", "to_desk", "of", "by", "at", "whose", "on", "source"),
        }, event
        assert not re.search(r"\b(?:I|you|we|passenger|contact|desk)\b", template), event
        assert not template.endswith("."), event


def people(satisfaction, wait):
    return pd.DataFrame({"satisfaction": satisfaction, "wait": wait, "anger_peak": 0.5}, index=range(len(wait)))


def test_the_median_passenger_has_half_of_the_others_on_either_side():
    ranks = np.arange(101)
    table = people(1 + ranks / 25, np.where(ranks > 70, np.inf, ranks))
    assert median_distance(table).idxmin() in (49, 50)  # ranks are of 1 to 101: the middle lies between two persons


def test_most_changed_looks_at_satisfaction_under_every_other_model():
    baseline = people([3.0, 3.0, 3.0], [5.0, 5.0, 5.0])
    others = [people([3.5, 3.0, 3.0], [5.0, 5.0, 5.0]), people([3.0, 3.0, 1.0], [5.0, 5.0, 5.0])]
    assert most_changed(baseline, others, 100.0) == 2


def test_where_satisfaction_is_equal_the_wait_decides():
    baseline = people([3.0, 3.0, 3.0], [5.0, 5.0, np.inf])
    assert most_changed(baseline, [people([3.0, 3.0, 3.0], [5.0, 9.0, np.inf])], 100.0) == 1
    assert most_changed(baseline, [people([3.0, 3.0, 3.0], [5.0, 9.0, 6.0])], 100.0) == 2
