"""What is written in the cells of a map, and what it means: differences and their finer verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from caresim.inference import verdict
from caresim.report.number_format import effect_text
from caresim.report.verdicts import DETAILED, MEANINGS
from caresim.tasks.compare.sweep.cells import is_ratio
from caresim.tasks.compare.sweep.choice import metric_of

LARGEST, SMALLEST, PLAIN = 11.5, 8.5, 9.0
"""Points: letters of a cell with its verdict in words, and of one that has no room for them."""
LETTER, LINE = 0.62 / 72, 1.25 / 72
"""Inches that a bold letter and a line take for each point of their size."""
UNBROKEN = "\N{NO-BREAK SPACE}"
"""Between a sign and what it means."""
ENOUGH = "Better, worse: surely so, and by enough to matter."
SURELY = "Surely better or worse, perhaps too little: the sign is sure; whether it is enough to matter is not."
MEANT = {
    verdict.BETTER: ENOUGH,
    verdict.WORSE: ENOUGH,
    verdict.SURELY_BETTER: SURELY,
    verdict.SURELY_WORSE: SURELY,
    verdict.SAME: f"No difference: {MEANINGS[verdict.SAME]}.",
    verdict.DEPENDS: f"Depends on the assumptions: {MEANINGS[verdict.DEPENDS]}.",
    verdict.UNDECIDED: f"Undecided: {MEANINGS[verdict.UNDECIDED].partition(';')[0]}.",
}
"""What a finer verdict means, as the head of a map says it: better and worse in one line, which colours tell apart."""


def written(cells: pd.DataFrame, wide: float, tall: float) -> tuple[list[str], float]:
    """The text of each cell of so many inches, and the size of its letters: verdicts in words where all of them fit,
    else by their signs.
    """
    rows = list(cells.itertuples(index=False))
    texts = [_text(row, in_words=True) for row in rows]
    lines = [line for text in texts for line in text.split("\n")]
    most = max((text.count("\n") + 1 for text in texts), default=1)
    size = min(LARGEST, 0.86 * wide / (LETTER * max(map(len, lines), default=1)), 0.95 * tall / (LINE * most))
    if size >= SMALLEST:
        return texts, size
    return [_text(row, in_words=False) for row in rows], PLAIN


def _text(row: Any, in_words: bool) -> str:
    text = effect_text(row.difference, metric_of(row.metric).unit, is_ratio(row.metric))
    look = DETAILED.get(row.verdict_detail)
    if look is None:
        return text
    words = look.words.replace(", ", ",\n").replace(" on the ", " on the\n") if in_words else look.mark
    return f"{text}\n{words}"


def meanings(cells: pd.DataFrame) -> list[str]:
    """Of each verdict that stands in a cell its sign and what it means."""
    found = set(cells["verdict_detail"])
    marks: dict[str, list[str]] = {}
    for word, text in MEANT.items():
        if word in found:
            marks.setdefault(text, []).append(DETAILED[word].mark)
    return [f"{', '.join(signs)} {text}" for text, signs in marks.items()]


def key(cells: pd.DataFrame, texts: Sequence[str], better: str, with_line: bool) -> str:
    """What colours, bold letters, thick lines and signs mean, of those that stand on a map alone: its cells' texts."""
    good, bad = ("higher", "lower") if better == "neither" else ("better", "worse")
    found = {text.rpartition("\n")[2] for text in texts}
    marks = [f"{look.mark}{UNBROKEN}{look.words}" for look in DETAILED.values() if look.mark in found]
    said = [
        f"Orange: {good}; purple: {bad}.",
        "Bold: the sign is sure." if cells["sign"].any() else "",
        "Thick line: the estimate changes sign." if with_line else "",
        f"{'; '.join(marks)}." if marks else "",
    ]
    return " ".join(filter(None, said))
