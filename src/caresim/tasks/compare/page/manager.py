"""What the page tells a manager: options, table, worlds, who pays, what would overturn it, what is left out."""

from __future__ import annotations

import math
from typing import Any

from caresim.config.values import numbers_drawn
from caresim.inference.verdict import DEPENDS, SURELY_BETTER, SURELY_WORSE, UNDECIDED, WORSE
from caresim.inference.worlds import binomial_interval
from caresim.model.codes import LAWS
from caresim.report.evidence import few_draws, replications_note
from caresim.report.page.document import Cell, Folded, Items, Paragraph, Part, Section, Table
from caresim.report.page.of_experiment import lines_left_out
from caresim.report.verdicts import DETAILED, MEANINGS, counted_worlds
from caresim.report.wording import joined, level, readable
from caresim.tasks.compare.after_run import warnings_after
from caresim.tasks.compare.input_summary import input_lines
from caresim.tasks.compare.page.lookup import Lookup
from caresim.tasks.compare.what_matters import ORDINARY, PAYERS

ON_A_ROW = 5
"""Up to so many staffing models stand beside each other in a table; of more, each has a row."""
OF_STAFF = ("occupancy", "overtime_hours")


def options(look: Lookup) -> Section:
    """What differs between the staffing models, and what each costs."""
    models = getattr(look.results.experiment, "staffing", {})
    rows = []
    for name in look.staffings:
        against = "the baseline" if name == look.baseline else look.difference(name, "cost")
        rows.append(
            [
                Cell(readable(name), "the baseline" if name == look.baseline else ""),
                Cell(str(models[name].differs) if name in models else ""),
                Cell(look.value(name, "paid_hours"), look.interval(name, "paid_hours")),
                Cell(look.value(name, "cost"), look.interval(name, "cost")),
                Cell(against, "", look.verdict_words(name, "cost"), look.look(name, "cost")),
            ]
        )
    heads = ["Staffing model", "What differs", "Paid hours", "Cost", f"Cost against {readable(look.baseline)}"]
    if not look.others:
        heads, rows = heads[:-1], [row[:-1] for row in rows]
    lines = [Paragraph(line) for line in input_lines(look.results)]
    caption = "Each is played through the same crises. In small letters: the interval of each mean."
    table = Table(caption, heads, rows)
    return Section("What differs, and what each costs", [table, *lines])


def comparison(look: Lookup, names: list[str]) -> Section:
    """The table: at most six metrics."""
    against = f"Verdicts are against {readable(look.baseline)}. " if look.others else ""
    small_letters = f"In small letters: the {_level(look)} interval of each value."
    caption = f"{against}{'' if few_draws(look.results.replications) else small_letters}".strip()
    if len(look.staffings) <= ON_A_ROW:
        heads = ["", *map(readable, look.staffings)]
        rows = [[look.label(name), *(look.cell(model, name) for model in look.staffings)] for name in names]
    else:
        heads = ["", *map(look.label, names)]
        rows = [[readable(model), *(look.cell(model, name) for name in names)] for model in look.staffings]
    parts: list[Part] = [
        Table(caption, heads, rows),
        Paragraph(replications_note(look.results).split(" Second line")[0]),
    ]
    if warning := few_draws(look.results.replications):
        parts.append(Paragraph(warning))
    if look.others:
        parts.append(
            Items([(each.text, MEANINGS[word]) for word, each in DETAILED.items() if _said(look, word, names)])
        )
    shown = list(dict.fromkeys((*names, *_paid(look))))
    meant = [(look.label(name), look.registry[name].formula.replace("`", "")) for name in shown]
    parts.append(Folded("What each measure is", [Items(meant)]))
    return Section("The table", parts)


def worlds(look: Lookup) -> Section | None:
    """In how many possible worlds each staffing model is better in the headline metrics; None where it is not known."""
    known = {
        (model, name): row
        for model in look.others
        for name in look.headline
        if (row := look.comparison.get((model, name))) is not None and _is_counted(row)
    }
    names = [name for name in look.headline if any(name == found for _, found in known)]
    models = [model for model in look.others if any(model == found for found, _ in known)]
    if not known:
        return None
    count = max(int(row.worlds) for row in known.values())
    rows = [[readable(model), *(world_cell(known.get((model, name))) for name in names)] for model in models]
    caption = (
        f"Better than {readable(look.baseline)} in so many of {count} possible worlds, luck taken out; in small "
        "letters: by enough to matter. A world is one draw of all numbers that are not certain."
    )
    confidence = look.results.experiment.study.confidence.value
    least = binomial_interval(count, count, confidence)[0]
    meant = Paragraph(
        f"So few worlds do not tell of all: {count} of {count} means {100 * least:.0f}–100 % of all possible ones."
    )
    whole = [
        [
            f"{readable(model)}: {look.label(name)}",
            Cell(_share(row.worlds_better), _span(row)),
            _share(row.worlds_matter),
            _share(row.worlds_worse_matter),
            _share(row.crisis_better),
        ]
        for (model, name), row in known.items()
    ]
    heads = ["", "better in", "better by enough to matter in", "worse by enough to matter in", "better single crises"]
    folded = Folded("Worlds and single crises, one by one", [Table("The last column has luck in it.", heads, whole)])
    return Section("In how many worlds?", [Table(caption, ["", *map(look.label, names)], rows), meant, folded])


def world_cell(row: Any) -> Cell:
    """The worlds in which it is better, as a bar and in words; empty where they are not known."""
    if row is None:
        return Cell("")
    counted = counted_worlds(row)
    if counted is None:
        return Cell("")
    better, of, matter = counted
    return Cell(f"{better} of {of}", f"enough in {matter}", share=float(row.worlds_better))


def payers(look: Lookup) -> Section:
    """Who pays for it: money, ordinary customers, the people who answer."""
    names = _paid(look)
    rows = [[readable(model), *(look.cell(model, name) for name in names)] for model in look.staffings]
    caption = "Money, ordinary customers at the same desks, and the people who answer."
    parts: list[Part] = [Table(caption, ["", *map(look.label, names)], rows)] if names else []
    for name in PAYERS:
        found = {DETAILED[word].words: look.names_with(name, word) for word in (WORSE, SURELY_WORSE)}
        if told := [f"{words} with {joined(models)}" for words, models in found.items() if models]:
            parts.append(Paragraph(f"{look.label(name)}: {'; '.join(told)}."))
    return Section("Who pays for it", parts)


def overturned(look: Lookup) -> Section:
    """What would overturn the answer: who is best elsewhere, laws that disagree, what is undecided, assumptions."""
    items = [
        (f"{look.label(name)}, the best in each world", told) for name in look.headline if (told := best_in(look, name))
    ]
    items += [
        (f"{look.label(name)}, {words}", "; ".join(said))
        for name in look.headline
        for words, find in FINDS.items()
        if (said := [f"{readable(model)} {text}" for model in look.others if (text := find(look, model, name))])
    ]
    parts: list[Part] = [Items(items)] if items else [Paragraph("Nothing that was tried here.")]
    uncertain = look.results.experiment.uncertain() if hasattr(look.results.experiment, "uncertain") else []
    if uncertain:
        assumed = numbers_drawn(one for one in uncertain if "assumption" in one[1].source.lower())
        parts.append(
            Paragraph(
                f"{numbers_drawn(uncertain)} numbers are not certain; {assumed} of them are assumptions. The intervals"
                " and the worlds hold for the ranges that these numbers have, and for no wider ones."
            )
        )
    return Section("What would overturn it", parts)


def best_in(look: Lookup, name: str) -> str:
    """How many worlds each staffing model is the best in, by the mean of the world's runs; empty without worlds."""
    rows, metric = look.results.replications, look.registry[name]
    counted = [look.comparison.get((model, name)) for model in look.others]
    if metric.better == "neither" or not any(row is not None and _is_counted(row) for row in counted):
        return ""
    means = rows.groupby(["draw", "staffing"])[name].mean().unstack().dropna()
    best = (means.idxmax(axis=1) if metric.better == "higher" else means.idxmin(axis=1)).value_counts(sort=False)
    ranked = sorted(best.items(), key=lambda item: (-item[1], look.staffings.index(item[0])))
    return joined([f"{readable(model)} in {count}" for model, count in ranked]) + f" of {len(means)}" if ranked else ""


def laws_apart(look: Lookup, model: str, name: str) -> str:
    """What each of the two laws says of satisfaction, where they do not say the same."""
    found = {law: look.detail(model, f"{name}_{law}") for law in LAWS}
    if not all(found.values()) or len(set(found.values())) == 1:
        return ""
    return f"({', '.join(f'{DETAILED[word].words} by the {law} law' for law, word in found.items())})"


def undecided(look: Lookup, model: str, name: str) -> str:
    """The difference and what a verdict would take, where none has fallen."""
    if look.detail(model, name) != UNDECIDED:
        return ""
    parts = (look.difference(model, name), look.difference_interval(model, name), look.pairs(model, name))
    return f"({'; '.join(filter(None, parts))})"


def on_assumptions(look: Lookup, model: str, name: str) -> str:
    """In how many worlds it is better, where more replications would not settle it."""
    if look.detail(model, name) != DEPENDS:
        return ""
    return f"(better in {_share(look.comparison[model, name].worlds_better)} of the worlds)"


def small(look: Lookup, model: str, name: str) -> str:
    """The difference and its interval, where it is surely better or worse, and may be too small to act on."""
    detail = look.detail(model, name)
    if detail not in (SURELY_BETTER, SURELY_WORSE):
        return ""
    parts = (DETAILED[detail].words.split(",")[0], look.difference(model, name), look.difference_interval(model, name))
    return f"({'; '.join(filter(None, parts))})"


FINDS = {
    "the two laws of satisfaction disagree": laws_apart,
    "undecided": undecided,
    DEPENDS: on_assumptions,
    "surely better or worse, perhaps too little to matter": small,
}
"""What may overturn a verdict, and what finds it: a text for a staffing model of which it is true, else empty."""


def left_out(look: Lookup) -> Section:
    """What the answer does not know."""
    results = look.results
    items = [("Cost", "what staff and an assistant cost. Refunds, fares, messages and hotels are not in it")]
    if look.is_known("ordinary_answered"):
        items.append(("Ordinary customers", "they wait at the same desks, and rate nobody"))
    if look.is_known("csat"):
        items.append(
            ("The level of satisfaction", "trust differences between staffing models more than a value by itself")
        )
    items.append(("One crisis", "the answer is an average over possible crises; a single one may go another way"))
    items += lines_left_out(results.experiment)
    items += [("", line[:1].upper() + line[1:]) for line in warnings_after(results)]
    return Section("What is left out", [Items(items)])


def _paid(look: Lookup) -> list[str]:
    """The metrics that tell who pays."""
    return [name for name in ("cost", *ORDINARY, "bad_answers", *OF_STAFF) if look.is_known(name)]


def _is_counted(row: Any) -> bool:
    """Is it known in how many worlds it is better?"""
    return bool(getattr(row, "worlds_better", -1) >= 0)


def _said(look: Lookup, word: str, names: list[str]) -> bool:
    return any(look.detail(model, name) == word for model in look.others for name in names)


def _level(look: Lookup) -> str:
    return level(look.results.experiment.study.confidence.value)


def _share(value: float) -> str:
    return "" if math.isnan(value) else f"{100 * value:.0f} %"


def _span(row: Any) -> str:
    low, high = row.worlds_better_low, row.worlds_better_high
    return "" if math.isnan(low + high) else f"{100 * low:.0f}–{100 * high:.0f} %"
