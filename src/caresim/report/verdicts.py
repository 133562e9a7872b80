"""What stands for a verdict in tables: a sign, words, a colour of the terminal. Figures: style.py."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caresim.inference import observation_check, verdict
from caresim.model.codes import LAWS
from caresim.report.page.document import BETTER, OPEN, SAME, WORSE


@dataclass(frozen=True)
class Look:
    """What a verdict looks like in a table."""

    mark: str
    words: str
    colour: str
    """A colour that the terminal knows by name."""

    @property
    def text(self) -> str:
        return f"{self.mark} {self.words}"


VERDICTS = {
    verdict.BETTER: Look("✔", "better", "green"),
    verdict.WORSE: Look("✘", "worse", "red"),
    verdict.SAME: Look("=", "no difference", "bright_black"),
    verdict.UNDECIDED: Look("?", "undecided", "yellow"),
}
"""Verdicts on a difference between two staffing models."""
LOOKS = {verdict.BETTER: BETTER, verdict.WORSE: WORSE, verdict.SAME: SAME, verdict.UNDECIDED: OPEN}
"""What a page marks them as."""
DETAILED = {
    verdict.BETTER: VERDICTS[verdict.BETTER],
    verdict.WORSE: VERDICTS[verdict.WORSE],
    verdict.SURELY_BETTER: Look("(✔)", "surely better, perhaps too little", "green"),
    verdict.SURELY_WORSE: Look("(✘)", "surely worse, perhaps too little", "red"),
    verdict.SAME: VERDICTS[verdict.SAME],
    verdict.DEPENDS: Look("±", verdict.DEPENDS, "yellow"),
    verdict.UNDECIDED: VERDICTS[verdict.UNDECIDED],
}
"""The finer verdicts, the clear-cut first."""
MEANINGS = {
    verdict.BETTER: "surely better, and by enough to matter",
    verdict.WORSE: "surely worse, and by enough to matter",
    verdict.SURELY_BETTER: "surely better; whether by enough to matter is not sure",
    verdict.SURELY_WORSE: "surely worse; whether by enough to matter is not sure",
    verdict.SAME: "whatever difference there is, it is too small to matter",
    verdict.DEPENDS: "better by enough to matter in some possible worlds, worse in others",
    verdict.UNDECIDED: "the runs do not tell; more of them, or a surer assumption, would",
}
"""What each of them means."""
NARROW = {name: look.text for name, look in DETAILED.items()} | {
    verdict.SAME: "= same",
    verdict.UNDECIDED: "undecided",
    verdict.SURELY_BETTER: "(✔) better,\nmaybe too little",
    verdict.SURELY_WORSE: "(✘) worse,\nmaybe too little",
}
"""The same where room is short."""
BRIEF = {name: look.words.partition(",")[0] for name, look in DETAILED.items()}
"""The same in a word or two."""
WORDY = 20
"""Characters below which a cell has no room for the words of the finer verdicts."""
LONGEST = max(len(look.text) for look in VERDICTS.values())
"""Characters of the longest verdict on a difference, with its mark."""
OBSERVED = {
    observation_check.INSIDE: Look("✔", "inside", "green"),
    observation_check.PARTLY: Look("?", "partly", "yellow"),
    observation_check.OUTSIDE: Look("✘", "outside", "red"),
    observation_check.NOT_COMPUTED: Look("–", "not computed", "bright_black"),
}
"""Verdicts on what was observed in a crisis and what was simulated."""
PUT_IN = "°"
"""Behind an observation that a parameter was set to."""


def counted_worlds(row: Any) -> tuple[int, int, int] | None:
    """Of a row of the comparison: better in so many worlds, of so many, by enough to matter in so many; None where
    nothing is assumed or the worlds are too few.
    """
    if math.isnan(row.worlds_better):
        return None
    better, matter = (round(share * row.worlds) for share in (row.worlds_better, row.worlds_matter))
    return better, int(row.worlds), matter


def by_either_law(name: str, own: str, verdicts: Mapping[str, str]) -> str:
    """Of a finer verdict on satisfaction that has fallen, `own`: do both laws say the same? Empty for anything else.

    `verdicts`, finer ones too, of one staffing model, by metric. Those by each law are of that metric alone; that of a
    headline metric is of all of them together. Begins with a new line.
    """
    laws = {law: verdicts[f"{name}_{law}"] for law in LAWS if f"{name}_{law}" in verdicts}
    if own == verdict.UNDECIDED or len(laws) < len(LAWS):
        return ""
    other = [f"\n{law}: {BRIEF[found]}" for law, found in laws.items() if found != own]
    return "".join(other) or "\nboth laws"
