"""What would overturn a plan: what its runs leave open, and which of its rules the answer rests on."""

from __future__ import annotations

from typing import Any

from caresim.inference.variance_components import FEW_DRAWS
from caresim.inference.verdict import UNDECIDED, WORSE
from caresim.report.page.document import Items, Section
from caresim.tasks.plan import tables
from caresim.tasks.plan.judging import BEFORE, PLAN
from caresim.tasks.plan.measures import label
from caresim.tasks.plan.part_table import conditions
from caresim.tasks.plan.settings import CHEAPEST, EACH_DAY
from caresim.tasks.plan.varies import TEN_PERCENT_MORE
from caresim.tasks.plan.words import worlds_word

LAWS = ("csat_all_additive", "csat_all_justice")


def overturned(planned: Any) -> Section:
    """What would overturn it."""
    items = [*of_worlds(planned), *of_measures(planned), *of_rules(planned)]
    if warning := few_worlds(planned):
        items.append(("Few worlds", warning))
    return Section("What would overturn it", [Items(items)])


def few_worlds(planned: Any) -> str:
    """Why its intervals are wide, where it was judged in few worlds; else empty."""
    worlds = planned.judged["draw"].nunique()
    if worlds >= FEW_DRAWS:
        return ""
    return (
        f"it was judged in {worlds} {worlds_word(planned)}, so that intervals are wide; plan.judging_runs="
        f"{2 * FEW_DRAWS} or more makes them narrower"
    )


def of_worlds(planned: Any) -> list[tuple[str, str]]:
    """Worlds in which the plan does not do what it is for; of the cheapest roster: how often what must hold does."""
    if planned.settings.hours == CHEAPEST:
        *held, within = conditions(planned)
        return [*(("How surely it holds", line) for line in held), ("What these runs hold", within)]
    if not planned.rules.is_given:
        return []
    apart = planned.judging.difference(PLAN, BEFORE, planned.aim)
    name = label(planned.aim)
    if not apart.worlds:
        return []
    rest, worlds = apart.worlds - apart.above, worlds_word(planned)
    told = "Assumptions" if planned.experiment.is_uncertain else "Luck"
    if not rest:
        return [(told, f"{name} is higher in all {apart.worlds} {worlds} that were played")]
    return [(told, f"{name} is not higher in {rest} of {apart.worlds} {worlds}")]


def of_measures(planned: Any) -> list[tuple[str, str]]:
    """What gets worse, what the runs do not tell, and whether the two laws of satisfaction agree."""
    rows = list(tables.effects(planned)) if planned.rules.is_given else []
    items = []
    for word, told in ((WORSE, "Worse with the plan"), (UNDECIDED, "The runs do not tell")):
        names = [row.label for row in rows if row.verdict == word]
        if names:
            more = "" if word == WORSE else " (more runs would: plan.judging_runs)"
            items.append((told, f"{'; '.join(names)}{more}"))
    laws = {row.measure: row.apart.value > 0 for row in rows if row.measure in LAWS}
    if len(set(laws.values())) > 1:
        items.append(("The two laws of satisfaction disagree", "one of them rises and the other one falls"))
    return items


def of_rules(planned: Any) -> list[tuple[str, str]]:
    """The rules that decide most: what the plan knows beforehand, and the limit on people at once."""
    rules, settings = planned.rules, planned.settings
    items = []
    if settings.hindsight == EACH_DAY:
        text = f"each day is planned from what was seen, and expected to fall by {settings.fades.text} a day"
        items.append(("How fast the demand falls off", f"{text}; another course makes another plan (plan.fades)"))
    else:
        items.append(
            (
                "Hindsight",
                "the plan knows the course of the demand, which nobody does beforehand: this could be reached at best."
                " plan.hindsight=each_day plans each day from what was seen by then",
            )
        )
    at_once = rules.at_once(planned.choice.roster.people)
    if at_once >= rules.most:
        items.append(
            ("The limit of people at once", f"the plan uses all {rules.most}: another limit makes another plan")
        )
    more = "replay.intervals=OTHER_FILE" if planned.experiment.replay is not None else "population.scale=1.2"
    if planned.experiment.replay is not None and planned.experiment.replay.intervals is not None:
        more = f"{TEN_PERCENT_MORE} (ten percent more), or with {more},"
    items.append(("Another demand", f"of another size or course; the same command with {more} says what then"))
    return items
