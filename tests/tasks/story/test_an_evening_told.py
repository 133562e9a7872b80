"""compiegne: what is told of the traveller's evening is what the rows of the run say, reply by reply."""

from __future__ import annotations

import re
from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from caresim.config.compose import compose
from caresim.measure.sample import persons
from caresim.model.codes import Result, Status
from caresim.model.engine import advance, happen
from caresim.model.events import Event
from caresim.model.media import WRITTEN
from caresim.model.needs import BOOKING
from caresim.run.uncertain import drawn
from caresim.scenario.build import build
from caresim.tasks.story.story import story

SMALL = ("experiment=compiegne", "population.scale=0.2")
MODELS = ("as_it_was", "everybody_like_air_france", "club_med_answers")
OTHERS = (
    "sncf_around_the_clock", "sncf_with_access", "club_med_absent", "manager_informs", "railway_tells_airline",
)  # fmt: skip
EVENINGS = range(8)
COMPANIES = {"sncf": "SNCF", "club_med": "Club Med", "air_france": "Air France"}


@lru_cache(maxsize=1)
def compiegne():
    return compose([*SMALL, *(f"staffing.{name}=null" for name in OTHERS)])


@lru_cache(maxsize=16)
def told(evening: int):
    return story(compiegne(), "traveller", evening)


def tale(evening: int, staffing: str):
    return next(each for each in told(evening).tales if each.staffing == staffing)


@lru_cache(maxsize=32)
def seen(evening: int, staffing: str):
    """The same run without a story: every reply the traveller looks for, their reminders, and the world at the end."""
    experiment = drawn(compiegne(), evening)
    world, names = build(experiment, staffing, evening)
    his = set(np.flatnonzero(persons(world) == np.uint64(told(evening).person)).tolist())
    replies, reminders = [], 0
    while True:
        kind, row = advance(world, experiment.ends, 1 << Event.RECEIVE | 1 << Event.REMIND)
        if kind == Event.NOTHING:
            return SimpleNamespace(replies=replies, reminders=reminders, world=world, names=names, matters=his)
        contact = world.contacts[row].copy()
        i = int(contact.passenger)
        if kind == Event.REMIND:
            reminders += i in his
        elif i in his and contact.author_waiting and world.passengers[i].status == Status.SEEKING:
            written = contact.medium in WRITTEN
            deed = contact.need in BOOKING
            first = written and deed and contact.exchanges == 1
            asked = first and contact.result in (Result.ACKNOWLEDGED, Result.INFORMED)
            company = COMPANIES[names.operators[contact.operator]]
            replies.append((float(world.clock[0].now), company, Result(int(contact.result)), asked))
        happen(world, kind, row)


def cases(evening: int, staffing: str):
    """A row a company and matter of the traveller's, by company, from the run."""
    of = seen(evening, staffing)
    many = len(of.names.operators)
    for i in sorted(of.matters):
        for o, name in enumerate(of.names.operators):
            yield COMPANIES[name], of.world.cases[i * many + o]


def lines(evening: int, staffing: str, pattern: str) -> list[re.Match]:
    rows = told(evening).table
    matches = (re.search(pattern, text) for text in rows[rows["staffing"] == staffing]["sentence"])
    return [match for match in matches if match]


WORDS = {
    Result.EMPTY: "an empty reply, nothing new",
    Result.ACKNOWLEDGED: "kind words, no help",
    Result.HANDED_OVER: "passes it on",
    Result.WAITLISTED: "waitlist",
    Result.SOLVED: "(?:a seat on|help comes|somebody listens|the matter is settled)",
    Result.INFORMED: "(?:tells|“)",
}
"""What a reply of each kind says, in the words of a reader."""


@pytest.mark.parametrize("staffing", MODELS)
def test_every_reply_is_told_when_it_came_by_whom_and_for_what_it_was(staffing):
    kinds = set()
    for evening in EVENINGS:
        rows = told(evening).table.query("staffing == @staffing and event == 'replied'")
        replies = seen(evening, staffing).replies
        assert rows["time_min"].tolist() == [time for time, *_ in replies]
        for text, (_, company, result, asked) in zip(rows["sentence"], replies, strict=True):
            assert text.startswith(f"{company} replies ")
            assert ("asks for" in text) == asked
            if not asked:
                assert re.search(rf": .*{WORDS[result]}", text), (result, text)
            kinds.add((result, asked))
    wanted = {(Result.EMPTY, False), (Result.ACKNOWLEDGED, False)} if staffing == "as_it_was" else set()
    assert kinds >= {(Result.SOLVED, False), (Result.ACKNOWLEDGED, True)} | wanted


def test_as_many_replies_are_told_as_the_cases_count():
    for evening in EVENINGS:
        for company in COMPANIES.values():
            counted = sum(int(row.replies) for name, row in cases(evening, "as_it_was") if name == company)
            assert len(lines(evening, "as_it_was", f"^{company} replies")) == counted


@pytest.mark.parametrize(("mark", "sentence"), [("promised", "promises that"), ("broken", "nothing has come of what")])
def test_promises_given_and_broken_are_told(mark, sentence):
    found = []
    for evening in EVENINGS:
        marked = sum(int(row[mark]) for _, row in cases(evening, "as_it_was"))
        assert len(lines(evening, "as_it_was", sentence)) == marked, evening
        found.append(marked)
    assert 0 < sum(found) < len(found)  # evenings with one and evenings without


def test_a_promise_is_told_before_it_is_broken_though_the_matter_is_long_over():
    evening = next(n for n in EVENINGS if lines(n, "as_it_was", "nothing has come"))
    happenings = tale(evening, "as_it_was").course.happenings
    given = next(h for h in happenings if h.event == "replied" and h.facts["promise"])
    broken = next(h for h in happenings if h.event == "broken")
    over = next(h for h in happenings if h.event in ("missed", "gave_up") and h.matter == broken.matter)
    assert given.time < over.time < broken.time
    assert given.operator == broken.operator


def test_reminders_and_silence_name_the_company():
    events = ["reminded", "silence", "missed", "gave_up", "wrote_back", "arose", "dropped", "broken"]
    found = set()
    for evening in EVENINGS:
        rows = told(evening).table
        for row in rows[rows["event"].isin(events)].itertuples():
            assert sum(name in row.sentence for name in COMPANIES.values()) == 1, row.sentence
            found.add(row.event)
    assert found == set(events)


def test_every_reminder_is_told():
    sent = [seen(evening, "as_it_was").reminders for evening in EVENINGS]
    assert [len(lines(evening, "as_it_was", r"^asks .* again: still no answer")) for evening in EVENINGS] == sent
    assert sum(sent) > 0


def test_the_lead_has_a_line_a_company_with_its_own_first_answer_and_the_first_of_all():
    for evening in EVENINGS:
        for staffing in MODELS:
            parts = tale(evening, staffing).lead.split("\n")
            assert sorted(part.split(":")[0] for part in parts) == sorted(COMPANIES.values())
            answered: dict[str, float] = {}
            for time, company, *_ in seen(evening, staffing).replies:
                answered.setdefault(company, time)
            first = min(answered, key=answered.get)
            for part in parts:
                company = part.split(":")[0]
                assert ("answered first" in part) == (company == first)
                assert ("never answered" in part) == (company not in answered)


def test_two_matters_with_a_company_are_rated_in_one_line_that_says_for_what():
    for evening in EVENINGS:
        rated = [
            line.sentence
            for line in tale(evening, "as_it_was").lines
            if "rates the care of Air France" in line.sentence
        ]
        (line,) = rated
        assert re.fullmatch(
            r"rates the care of Air France \d\.\d of 5 for the other seat, \d\.\d of 5 for being heard", line
        )


def test_nobody_asks_the_holiday_village_once_the_flight_of_the_next_morning_has_left():
    for evening in EVENINGS:
        asked = told(evening).table.query("operator == 'club_med' and event in ('posted', 'reminded')")
        assert asked["time"].max() < pd.Timestamp("2016-01-17 10:30", tz="Europe/Paris")


def test_what_a_fact_is_about_is_not_quoted_as_if_it_were_the_reply():
    text = told(0).text
    assert "tells what becomes of those who come a day late" in text
    assert "“What becomes" not in text


def test_it_reads_as_written_for_a_slide():
    for evening in EVENINGS:
        text = told(evening).text
        assert "Clock times of Paris" in " ".join(text.split())
        assert "Everybody like Air France" in text
        assert not re.search(r"\brow \d|_|too late: |\bSncf\b|  +[a-z]+:  ", text)
