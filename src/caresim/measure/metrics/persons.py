"""Persons, not contacts: who was helped in time, who was only answered, and who was heard where they first turned to.

Every clock starts when the person is affected: no staffing model can move that moment, and nobody leaves a denominator
by giving up, by being helped otherwise or by missing the deadline.
"""

from __future__ import annotations

from caresim.measure.metrics.metric import SHARE, Metric, quotient
from caresim.measure.people import FirstChoice, people_of
from caresim.measure.sample import Sample
from caresim.model.media import GROUPS

USEFUL = (
    "told something new, settled, or put on the waitlist, by a reply, a notice, the website, the assistant or a seat"
)
NEEDY = "affected passengers with a need"
FIRST = (
    "by preference and luck alone, not by hours, queues, anger or experience, so that they are the same people "
    "whatever the staffing"
)


def _of_needy(sample: Sample, count: int) -> float:
    return quotient(count, people_of(sample).needy)


def first_choice(sample: Sample, group: str) -> FirstChoice:
    """Those who would first turn to a group of media."""
    return people_of(sample).first_choice[group]


def _heard(group: str, minutes: int) -> Metric:
    name = GROUPS[group].lower()
    return Metric(
        f"{group}_first_{minutes}",
        f"First choice {name}: heard within {minutes} min",
        SHARE,
        "higher",
        f"Share of {NEEDY} whose first choice is {name} ({FIRST}) whom a person answered on any channel within "
        f"{minutes} minutes of being affected; closed doors and busy tones are no answer",
        value=lambda sample: quotient(
            getattr(first_choice(sample, group), f"answered_{minutes}"), first_choice(sample, group).people
        ),
    )


METRICS = (
    Metric(
        "useful_15",
        "Helped within 15 min",
        SHARE,
        "higher",
        f"Share of {NEEDY} to whom the first useful thing came within 15 minutes of being affected: {USEFUL}",
        value=lambda sample: _of_needy(sample, people_of(sample).helped_15),
    ),
    Metric(
        "useful_60",
        "Helped within 60 min",
        SHARE,
        "higher",
        f"Share of {NEEDY} to whom the first useful thing came within 60 minutes of being affected: {USEFUL}",
        value=lambda sample: _of_needy(sample, people_of(sample).helped_60),
    ),
    Metric(
        "acknowledged_60",
        "Only a reply within 60 min",
        SHARE,
        "neither",
        f"Share of {NEEDY} who had a reply, and nothing useful, within 60 minutes of being affected",
        value=lambda sample: _of_needy(sample, people_of(sample).acknowledged_60),
    ),
    Metric(
        "informed_30",
        "Informed within 30 min",
        SHARE,
        "higher",
        "Share of affected passengers, with a need or not, to whom a notice or a reply told true news within 30 "
        "minutes of being affected",
        value=lambda sample: quotient(people_of(sample).informed_30, people_of(sample).affected),
    ),
    _heard("phone", 15),
    _heard("phone", 60),
    _heard("counter", 60),
    _heard("social", 60),
    Metric(
        "phone_first_settled_60",
        "First choice phone: settled without",
        SHARE,
        "neither",
        f"Share of {NEEDY} whose first choice is phone whom no person answered within 60 minutes of being affected "
        "and whose need was met in that time all the same, by a notice, the website, an assistant or a seat",
        value=lambda sample: quotient(first_choice(sample, "phone").settled_60, first_choice(sample, "phone").people),
    ),
)
TALLIES = ()
