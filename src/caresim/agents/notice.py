"""A notice, as agents see it, and how one that nobody had planned gets into a world that runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from caresim.agents.driver import Driver
from caresim.agents.view import Field, Flag, Other, View
from caresim.config.errors import BadInput, choice
from caresim.model.codes import NEVER, NOBODY
from caresim.model.codes import names as words_of
from caresim.model.draws import name_key
from caresim.model.events import Event
from caresim.model.needs import QUESTIONS, Need
from caresim.model.records import KINDS, rows
from caresim.scenario.names import bits, code, mask

BITS = 63
"""Facts that an operator can know."""


class Notice(View):
    """A dated announcement of an operator."""

    table = "notices"
    operator = Other("operators")
    time = Field()
    """When it is published."""
    is_published = Flag("published")

    @property
    def name(self) -> str:
        return self.model.names.notices[self.row]


def add_notice(
    model: Driver,
    operator: int,
    name: str,
    time: float,
    reach: float | Mapping[str, float],
    clarity: float,
    meets: Mapping[str, float],
    delay: float,
    prompts: float,
    languages: list[str] | None,
    ends_wave: bool,
    says: Sequence[str] | None,
) -> int:
    """Add a notice and put its publication on the agenda: the row of the notice."""
    world, names = model.world, model.names
    if name in names.notices:
        raise BadInput("name", name, "must be a new one: model.publish() brings forward a notice of the experiment")
    if len(world.facts) >= BITS:
        raise BadInput("name", name, f"is one too many: an operator can know {BITS} things")
    spoken = (
        names.languages if languages is None else [_one_of("languages", word, names.languages) for word in languages]
    )
    everybody = reach if isinstance(reach, Mapping) else dict.fromkeys(names.cohorts, reach)
    table = rows(1, "notices")
    row = table[0]
    row.time, row.operator, row.key = time, operator, name_key("notice", name)
    if not delay > 0:
        raise BadInput("delay", delay, "must be more than 0 minutes")
    row.prompts, row.ends_wave, row.languages = _share("prompts", prompts), ends_wave, mask(spoken, names)
    row.clarity = _share("clarity", clarity)
    if asked := [need for need in QUESTIONS if need in meets]:
        allowed = "is not settled by meets: write clarity=0.6, what the notice answers of what a person would"
        raise BadInput(f"meets.{asked[0]}", meets[asked[0]], allowed)
    for need, share in meets.items():
        row.meets[code(Need, _one_of("meets", need, words_of(Need)))] = _share(f"meets.{need}", share)
    shares = rows(len(names.cohorts), "reaches")
    shares["delay"] = delay
    for cohort, share in everybody.items():
        shares[names.cohorts.index(_one_of("reach", cohort, names.cohorts))].share = _share(f"reach.{cohort}", share)
    row.until = NEVER
    said = None if says is None else [names.facts.index(_one_of("says", fact, names.facts)) for fact in says]
    row.says = bits([_add_fact(model, operator, name)] if said is None else said)
    k = _insert(model, table, shares)
    names.notices.append(name)
    model.put_on_agenda(time, Event.PUBLISH, k)
    return k


def _add_fact(model: Driver, operator: int, name: str) -> int:
    """What the notice says: a fact of its own, which answers questions of all kinds; its row."""
    world = model.world
    k = len(world.facts)
    table, answers = rows(1, "facts"), rows(KINDS, "answers")
    table[0].time, table[0].operator, table[0].key = NEVER, operator, name_key("fact", name)
    table[0].corrected_at, table[0].feed = NEVER, NOBODY
    answers["share"] = 1.0
    world.set_table("facts", np.append(world.facts, table).view(np.recarray))
    world.set_table("answers", np.append(world.answers, answers).view(np.recarray))
    world.questions["about"] |= 1 << k
    for table_name in ("facts", "answers", "questions"):
        model.columns.pop(table_name, None)
    model.names.facts.append(name)
    return k


def _insert(model: Driver, more: np.recarray, shares: np.recarray) -> int:
    """Make `more`, one row, the last of the notices.

    On the agenda, a reader of a notice is one number, passenger * notices + notice. All of these are counted anew, in
    the same order as before.
    """
    world = model.world
    before = len(world.notices)
    at = before * len(shares)
    world.set_table("reaches", np.insert(world.reaches, at, shares).view(np.recarray))
    world.set_table("notices", np.append(world.notices, more).view(np.recarray))
    if before:
        for table in (world.head_slot, world.events, world.far_events, world.immediate):
            reading = table["kind"] == Event.READ
            subject = table["subject"][reading]
            table["subject"][reading] = subject // before * (before + 1) + subject % before
    for name in ("reaches", "notices"):
        model.columns.pop(name, None)
    return before


def _one_of(key: str, word: str, words: list[str]) -> str:
    if word not in words:
        raise BadInput(key, word, choice(words, word))
    return word


def _share(key: str, value: float) -> float:
    if not 0.0 <= value <= 1.0:
        raise BadInput(key, value, "must be a share from 0 to 1")
    return value
