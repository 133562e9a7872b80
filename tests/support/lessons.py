"""The lessons of the founding cases as numbers: what one change does, with an interval, from paired runs.

    python -m tests.support.lessons

writes the table of docs/lessons.md anew; tests/docs/test_lessons_page.py holds page and runs against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from typing import Any

import pandas as pd

import caresim
from caresim.inference.statistics import comparison
from caresim.measure.metrics import REGISTRY
from caresim.report.number_format import value_text
from caresim.report.verdicts import VERDICTS
from caresim.report.wording import signed, signed_span
from caresim.run.estimands import estimands

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lessons.md"
BEGIN = "<!-- lessons: python -m tests.support.lessons -->\n"
TOKYO, COMPIEGNE, INSOURCING = "experiment=tokyo", "experiment=compiegne", "experiment=insourcing"
BOTH = "+staffing/tokyo@staffing.call_center_and_waiver_friday=call_center_and_waiver_friday"
FLAT = "+staffing/tokyo@staffing.call_center_24_7_flat=call_center_24_7_flat"
SEATS = "operators.air_france.free_seats=20 %"


@dataclass(frozen=True)
class Side:
    """A staffing model in an experiment: the words of a command line, and its name."""

    words: tuple[str, ...]
    staffing: str


@dataclass(frozen=True)
class Lesson:
    """One change, from one side to the other, and the metrics that tell of it."""

    name: str
    change: str
    one: Side
    other: Side
    metrics: tuple[str, ...]


TEAM, CENTRE = Side((TOKYO,), "social_team"), Side((TOKYO,), "call_center_24_7")
EVENING, HELD = Side((COMPIEGNE,), "as_it_was"), ("csat", "useful_60", "resolved_in_time")
LESSONS = (
    Lesson(
        "main channels first", "tokyo: the 24/7 centre answers calls first, posts and messages when there is time",
        CENTRE, Side((TOKYO,), "main_channels_first"), ("useful_60", "phone_first_60", "social_first_60", "csat_all"),
    ),
    Lesson(
        "powers and information before chatter", "tokyo: notice and waiver on Friday instead of Monday",
        TEAM, Side((TOKYO,), "notice_and_waiver_friday"), ("useful_60", "csat_all", "resolved_in_time"),
    ),
    Lesson(
        "powers and information before chatter", "tokyo: the 24/7 centre beside Friday's notice and waiver",
        Side((TOKYO, BOTH), "notice_and_waiver_friday"), Side((TOKYO, BOTH), "call_center_and_waiver_friday"),
        ("useful_60", "csat_all", "resolved_in_time"),
    ),
    Lesson(
        "powers and information before chatter", "compiegne: SNCF's desk may help, in the same hours",
        EVENING, Side((COMPIEGNE,), "sncf_with_access"), HELD,
    ),
    Lesson(
        "seats before words", "tokyo, as it was: twice the free seats",
        TEAM, Side((TOKYO, SEATS), "social_team"), ("resolved_in_time_seats", "csat", "useful_60"),
    ),
    Lesson(
        "seats before words", "tokyo: half again the hours for the 24/7 centre",
        CENTRE, Side((TOKYO,), "call_center_24_7_funded"), ("resolved_in_time_seats", "csat", "useful_60"),
    ),
    Lesson(
        "crises keep no office hours", "tokyo: a 24/7 centre, as many people every day, at the same paid hours",
        TEAM, Side((TOKYO, FLAT), "call_center_24_7_flat"), ("useful_60", "csat_all", "ordinary_answered"),
    ),
    Lesson(
        "crises keep no office hours", "tokyo: the same centre, rostered by the demand of each day",
        Side((TOKYO, FLAT), "call_center_24_7_flat"), CENTRE, ("useful_60", "csat_all", "ordinary_answered"),
    ),
    Lesson(
        "empty words are worth little", "compiegne: SNCF's desk without power stays all night",
        EVENING, Side((COMPIEGNE,), "sncf_around_the_clock"), HELD,
    ),
    Lesson(
        "better absent than deaf", "compiegne: Club Med has no account, instead of one that nobody answers",
        EVENING, Side((COMPIEGNE,), "club_med_absent"), ("csat", "useful_60"),
    ),
    Lesson(
        "uneven quality", "insourcing: a call centre three times as uneven as real ones, instead of an even one",
        Side((INSOURCING, "staff/unevenness@staff.call_center_agent=none"), "customer_service"),
        Side((INSOURCING, "staff/unevenness@staff.call_center_agent=triple"), "customer_service"),
        ("csat", "bad_answers", "agent_sd"),
    ),
    Lesson(
        "uneven quality", "insourcing: the same money, part of it for training",
        Side((INSOURCING,), "customer_service"), Side((INSOURCING,), "customer_service_trained"),
        ("csat", "bad_answers", "agent_sd"),
    ),
)  # fmt: skip


@cache
def played(words: tuple[str, ...]) -> Any:
    """All staffing models that a lesson asks for with these words, without rows and figures."""
    models = {side.staffing for lesson in LESSONS for side in (lesson.one, lesson.other) if side.words == words}
    experiment = caresim.load(*words)
    wanted = [name for name in experiment.staffing if name in models]
    return caresim.compare(caresim.load(*words, "record=none", f"only=[{','.join(wanted)}]"))


def part(side: Side, name: str) -> pd.DataFrame:
    """The replications of one side under another name."""
    frame = played(side.words).replications
    return frame[frame["staffing"] == side.staffing].assign(staffing=name)


def found(lesson: Lesson) -> pd.DataFrame:
    """A row a metric of the lesson: difference, interval, verdict; each one pointwise."""
    frame = pd.concat([part(lesson.one, "one"), part(lesson.other, "other")], ignore_index=True)
    table = comparison(frame, "one", estimands(played(lesson.one.words).experiment.study), headline=())
    return table.set_index("metric").loc[list(lesson.metrics)]


def line(lesson: Lesson) -> str:
    """The lesson's row of the table."""
    one = part(lesson.one, "one")
    cells = []
    for metric, row in found(lesson).iterrows():
        unit, ratio = REGISTRY[str(metric)].unit, row["compare"] == "ratio"
        before = value_text(float(one[str(metric)].mean()), float("nan"), float("nan"), unit)
        ends = [log(row[end]) if ratio else row[end] for end in ("difference", "ci_low", "ci_high")]
        change, span = signed(ends[0], unit, ratio), signed_span(ends[1], ends[2], unit, ratio)
        cells.append(f"{REGISTRY[str(metric)].label}: {before}, {change} ({span}), {VERDICTS[row['verdict']].words}")
    return f"| {lesson.name} | {lesson.change} | {'<br>'.join(cells)} |"


def table() -> str:
    """The lines of the table."""
    head = "| lesson | what is changed | before, and what the change does |\n|---|---|---|\n"
    return head + "".join(f"{line(lesson)}\n" for lesson in LESSONS)


def shown() -> str:
    """The table as the page has it."""
    return PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split("\n\n")[0] + "\n"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(text.replace(shown(), table()), encoding="utf-8")
