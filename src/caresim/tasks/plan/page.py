"""report.html of a plan: for whoever decides on the roster, and folded below it for an analyst; and results.xlsx."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from caresim.config.display_names import desk_name
from caresim.config.labels import spoken_of
from caresim.config.values import numbers_drawn
from caresim.report.page import document as written
from caresim.report.page import of_experiment
from caresim.report.page.document import Document, Items, Paragraph, Part, Section, Words, figure_of
from caresim.report.wording import joined, quantity, readable, signed
from caresim.run import spreadsheet
from caresim.run.block import package_version
from caresim.tasks.plan import rests_on, tables
from caresim.tasks.plan.baseline import nobody_said
from caresim.tasks.plan.day_table import MEASURES, SHARE, by_day, of_the_whole
from caresim.tasks.plan.judging import BEFORE, PLAN
from caresim.tasks.plan.measures import is_better_high, label, meaning
from caresim.tasks.plan.overturn import overturned
from caresim.tasks.plan.part_table import conditions, tables_of_days
from caresim.tasks.plan.rests_on import full_time, why_more
from caresim.tasks.plan.settings import CHEAPEST
from caresim.tasks.plan.shift_table import to_be_published
from caresim.tasks.plan.varies import TEN_PERCENT_MORE, varies
from caresim.tasks.plan.words import (
    changes,
    clock,
    condition_words,
    prices,
    rules_in_words,
    sentences,
    unit_of,
    verdict_words,
)

NOT_ASKED = (
    ("Shifts, not people", "who works how many nights in a row, and whether so many can be found, is not asked"),
    ("Powers", "what staff may say and do stays as it is, though it often matters more than when they work"),
    ("Demand", "the plan is made for the demand that the starting roster has met: who is reached sooner calls less"),
    ("One case", "every figure is an average over what may happen; a single crisis or week may go another way"),
)
"""What no plan answers."""
OF_THE_PLAN = ("task=", "plan.", "page=", "only=")
"""How words of a command begin that are about the plan, not about the experiment."""
ENDS = {"_low": "interval from", "_high": "to"}
COLUMNS = {
    "ci": "Mean", "difference": "Against as it was", "worlds_above": "Worlds in which it is higher",
    "offered": "Contacts a run", "worst_half_hour": "Service level in its worst half hour", "before": "As it was",
    "planned": "As planned", "start_min": "From, min since the start", "end_min": "To, min since then",
    "offered_erlangs": "Work offered, erlangs", "busy_people": "People whom it would keep busy", "heads": "People",
}  # fmt: skip
"""Headings of the workbook, where a column is not called as its key reads."""
HOUR = 60.0
"""Minutes."""
ALIKE = 0.001
"""Costs that are closer than this (relative) are told as equal: whole people leave a rest of some hours."""


def save(planned: Any, folder: Path, command: str) -> None:
    """Write report.html and results.xlsx into the folder of a plan, whose figures are drawn already."""
    with spoken_of(planned.experiment):
        written.save(document(planned, folder, command), folder)
    sheets = {
        "shifts": spelled_out(planned, planned.shifts()),
        "roster": spelled_out(planned, planned.table()),
        "days": spelled_out(planned, planned.days()),
        "figures": spelled_out(planned, planned.figures()),
    }
    if planned.settings.frontier:
        sheets["frontier"] = spelled_out(planned, planned.frontier())
    sheets["assumptions"] = rests_on.table(planned)
    spreadsheet.write(sheets, folder / spreadsheet.WORKBOOK)


def spelled_out(planned: Any, table: Any) -> Any:
    """A table for people: rosters, measures and headings as the page calls them; the .csv files have their keys."""
    words = {"roster": lambda key: tables.called(planned, key), "measure": label}
    told = {name: table[name].map(word) for name, word in words.items() if name in table}
    if "measure" in table:
        told["unit"] = table["measure"].map(unit_of)
    return table.assign(**told).rename(columns=heading)


def heading(column: str) -> str:
    """`asa_s_low` -> `Mean wait of the answered, s, interval from`."""
    for end, words in ENDS.items():
        if column.endswith(end):
            return f"{heading(column.removesuffix(end))}, {words}"
    if column in MEASURES:
        head, unit = MEASURES[column]
        return head if unit == SHARE else f"{head}, {unit}"
    return COLUMNS.get(column) or readable(column)


def document(planned: Any, folder: Path, command: str) -> Document:
    """The page of this plan; `command` is what was typed."""
    experiment, rules = planned.experiment, planned.rules
    desk, given = desk_name(rules.desk), rules.is_given
    sections = [
        Section("What was planned", [asked(planned)]),
        Section(
            "Who works when",
            [*picture(folder, "plan", of_roster(planned)), *tables.by_day(planned), *to_be_published(planned)],
        ),
        Section(
            "What it buys" if given else "What it reaches",
            [
                *tables_of_days(planned),
                *(tables.bought(planned) if given else []),
                *by_day(planned),
                *(sure(planned) if given else []),
            ],
        ),
        Section("What it costs", [tables.cost(planned), Items(hours_in_words(planned))]),
        rests_on.rests_on(planned),
        money(planned, folder),
        Section("The rules, and what other rules would be worth", [Items([("", line) for line in priced(planned)])]),
        overturned(planned),
        Section("What is left out", [left_out(planned)]),
        Section("How to try it", tried(planned, command)),
        of_experiment.reproduced(experiment, command),
    ]
    analyst = [
        tables.everything(planned),
        tables.searched(planned),
        of_experiment.assumptions(experiment, "each world"),
    ]
    return Document(
        title=f"{experiment.name}: a roster for {desk} of {readable(rules.staffing)}",
        question=question(planned),
        answer=answer(planned),
        sections=[section for section in sections if section is not None],
        analyst=[section for section in analyst if section is not None],
        made_by=f"Made by caresim {package_version()}. Every number is in the .csv files beside it.",
        durations=of_experiment.durations(planned.durations),
    )


def question(planned: Any) -> str:
    """What was asked, in a sentence."""
    desk = desk_name(planned.rules.desk)
    if planned.settings.hours == CHEAPEST:
        must = joined([condition_words(condition) for condition in planned.conditions])
        return f"What is the cheapest roster of {desk} with which this holds: {must}?"
    return f"With no more paid hours than now: when should the people of the desk {desk} work, and what does that buy?"


def answer(planned: Any) -> list[str]:
    """The answer: what changes, what it buys, what it costs, and what happens to everybody else."""
    if not planned.rules.is_given:
        return by_itself(planned)
    told = changes(planned)
    desk = desk_name(planned.rules.desk)
    better = "Work the same hours at other times." if planned.settings.hours != CHEAPEST else "What changes."
    moved = (
        f"{better} {desk}, against the roster as it was: {'; '.join(told)}."
        if told
        else "Leave the roster as it is: nothing that was tried is better."
    )
    bought = [line for line in sentences(planned) if line not in prices(planned, unit_of(planned.aim))]
    told = [moved, *conditions(planned), *of_the_whole(planned), *bought]
    if planned.settings.hours == CHEAPEST:  # the title asks for it first
        return [f"The cheapest roster that was found: {spent(planned)}", *told, *others(planned)]
    return [*told, spent(planned), *others(planned)]


def by_itself(planned: Any) -> list[str]:
    """The answer where nobody gave a roster: the plan itself, and no saving."""
    rules, people = planned.rules, planned.choice.roster.people
    cost = planned.judging.mean(PLAN, "cost").value
    shifts = int(people[rules.template.paid > 0].sum())
    paid = float(rules.template.paid @ people)
    plan = (
        f"{desk_name(rules.desk)}: {quantity(paid, 'h')} paid in {shifts:,} shifts of {rules.length / HOUR:g} h,"
        f" at most {rules.at_once(people)} people at once. It costs {quantity(cost, 'EUR')}."
    )
    reached = [line for line in sentences(planned) if line not in prices(planned, unit_of(planned.aim))]
    said = nobody_said(planned.experiment, rules.staffing, rules.desk)
    return [plan, *reached, *conditions(planned), *of_the_whole(planned), *said]


def hours_in_words(planned: Any) -> list[tuple[str, str]]:
    """The hours as full-time people, why there are more than the work takes, and what cost is."""
    desk = planned.experiment.staffing[planned.rules.staffing].desks[planned.rules.desk]
    premium = "with the premiums for nights and Sundays" if desk.premium is not None else "every hour alike: no premium"
    cost = (
        f"what staff cost: paid hours, and overtime on top of them, {premium}. Refunds, fares, messages and hotels are"
        " not in it"
    )
    return [("Full-time people", full_time(planned)), *why_more(planned), ("Cost", cost)]


def spent(planned: Any) -> str:
    """What it costs, and how many hours it is."""
    judging = planned.judging
    cost, before = (judging.mean(name, "cost").value for name in (PLAN, BEFORE))
    hours, had = (judging.mean(name, "paid_hours").value for name in (PLAN, BEFORE))
    alike = abs(cost - before) < ALIKE * before
    against = "as much as" if alike else f"{signed(cost - before, 'EUR')} against"
    return (
        f"All desks together cost {quantity(cost, 'EUR')}, {against} the roster as it was, for {quantity(hours, 'h')}"
        f" paid ({quantity(had, 'h')} as it was)."
    )


def others(planned: Any) -> list[str]:
    """What happens to everybody who was not asked, by verdict."""
    by_verdict: dict[str, list[str]] = {}
    for row in tables.effects(planned):
        if row.measure != planned.aim and row.verdict:
            word = verdict_words(planned, row.apart if is_better_high(row.measure) else row.apart.turned, row.measure)
            by_verdict.setdefault(word, []).append(row.brief)
    told = [f"{word}: {joined(names)}" for word, names in by_verdict.items()]
    return [f"Everybody else: {'; '.join(told)}."] if told else []


def asked(planned: Any) -> Items:
    """The case, the desk, and what the words mean."""
    experiment, rules = planned.experiment, planned.rules
    first, last = clock(planned, 0.0), clock(planned, experiment.window.value)
    items = [
        ("The case", f"{experiment.name}, from {first} to {last} ({experiment.timezone}). {experiment.question}"),
        ("The desk", f"{desk_name(rules.desk)} of {readable(rules.staffing)}: {described(planned)}"),
        (label(planned.aim), meaning(planned.aim)),
    ]
    if rules.is_given:
        before = "the roster of that desk before the plan, in whole people, at central values of all assumptions"
        items.append(("As it was", before))
    if planned.settings.beside:
        items.append(("Beside it", f"{readable(planned.settings.beside)}, which is played through the same luck"))
    return Items(items)


def described(planned: Any) -> str:
    """What the staffing model says of itself."""
    if not planned.rules.is_given:
        return "its roster is made from nothing"
    return str(planned.experiment.staffing[planned.rules.staffing].differs).rstrip(".")


def of_roster(planned: Any) -> str:
    """What the picture of the roster shows."""
    rules = planned.rules
    people = (rules.template.present(rules.edges) > 0.5) @ planned.choice.roster.people
    place = int(people.argmax())
    return (
        f"At most {int(people.max())} people at once (first from {clock(planned, rules.edges[place])}), at least"
        f" {int(people.min())}. Orange: people whom the work that comes would keep busy; where it leaves the picture,"
        " more than the rules allow would be needed."
    )


def picture(folder: Path, name: str, finding: str) -> list[Part]:
    """A figure of the folder; none where it was not drawn."""
    titles = {"plan": "People by day and hour.", "frontier": "What money buys."}
    return figure_of(folder, name, titles[name], finding)


def sure(planned: Any) -> list[Part]:
    """How sure that is: three different questions."""
    judged, aim = planned.judged, planned.aim
    worlds, runs = judged["draw"].nunique(), judged["replication"].nunique()
    rises = planned.judging.difference(PLAN, BEFORE, aim).value >= 0
    pair, way = ((PLAN, BEFORE), "higher") if rises else ((BEFORE, PLAN), "lower")
    moved = planned.judging.counts(*pair, aim, tables.margin(planned, aim) or 0.0)
    better = planned.judging.counts(PLAN, BEFORE, aim, 0.0)
    drawn = planned.experiment.is_uncertain
    items = [
        (
            "How exactly the average is known",
            "the interval beside each value says so. It shrinks with more runs (plan.judging_runs)",
        ),
        (
            "In how many possible worlds it is better",
            f"a world is one draw of all {numbers_drawn(planned.experiment.uncertain())} numbers that nobody knows"
            f" exactly; {worlds} were drawn. {label(aim)}: {way} in {moved.more} of them, by enough to matter in"
            f" {moved.matter}. That share does not grow with more runs",
        )
        if drawn
        else ("In how many possible worlds it is better", "nothing is uncertain here but luck: each run is a world"),
        (
            f"How likely a single {case_word(planned)} goes better",
            f"{better.runs_more} of the {runs} simulated ones did, by this measure",
        ),
    ]
    if planned.conditions:
        items.append(("What the runs hold", varies(planned)))
    told = "All of it is from runs by which no roster was made or chosen, so that the choice flatters no figure."
    return [Items(items), Paragraph(told)]


def case_word(planned: Any) -> str:
    """What one run is."""
    return "crisis" if planned.experiment.replay is None else "play of the file"


def money(planned: Any, folder: Path) -> Section | None:
    """Less and more hours, planned alike; None where they were not tried."""
    if not planned.settings.frontier:
        return None
    finding = "Each point is a roster that was planned alike, with fewer or more paid hours; lines are intervals."
    return Section("What less or more money buys", [*picture(folder, "frontier", finding), tables.money(planned)])


def priced(planned: Any) -> list[str]:
    """The rules, and what the runs say of others; what hours are worth stands in the table of money."""
    worth = [line for line in prices(planned, unit_of(planned.aim)) if ", planned likewise:" not in line]
    if not planned.settings.price_rules:
        worth = ["What other rules would be worth was not computed (plan.price_rules=true)."]
    return [*rules_in_words(planned), *worth]


def left_out(planned: Any) -> Items:
    """What the plan does not ask, and what the experiment leaves open."""
    desks = [desk_name(name) for name in planned.experiment.staffing[planned.rules.staffing].desks]
    rest = [name for name in desks if name != desk_name(planned.rules.desk)]
    own = [("Other desks", f"{joined(rest)} {'stay' if len(rest) > 1 else 'stays'} as it was")] if rest else []
    return Items([*own, *NOT_ASKED, *of_experiment.lines_left_out(planned.experiment)])


def tried(planned: Any, command: str) -> list[Part]:
    """How the roster is run as a staffing model, and where its files are."""
    name = planned.experiment.name
    words = [word for word in shlex.split(command) if not word.lstrip("+").startswith(OF_THE_PLAN)]
    place = f"conf/staffing/{name}/plan.yaml"
    told = f"The roster is a staffing model that stands alone: {place}, beside this page. FOLDER is where the page is."
    if "--config-dir" in words:
        told += f" Copy it to staffing/{name}/ of your own configuration folder first."
    else:
        words[3:3] = ["--config-dir", "FOLDER/conf"]
    alone = [] if planned.rules.is_given else ["only=[planned]", "baseline=planned"]
    run = shlex.join([*words, f"+staffing/{name}@staffing.planned=plan", *alone])
    replay = planned.experiment.replay
    more: list[Part] = []
    if replay is not None and replay.intervals is not None:
        more = [Paragraph("The same roster with ten percent more contacts:"), Words(f"{run} {TEN_PERCENT_MORE}")]
    return [
        Paragraph(told),
        Words(run),
        *more,
        Items(
            [
                ("results.xlsx", "the roster, all figures and what it rests on, as a workbook"),
                ("plan.csv", "people by half hour, and the work offered"),
                ("figures.csv", "every measure of every roster, with intervals and worlds"),
            ]
        ),
    ]
