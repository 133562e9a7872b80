"""What every page says of its experiment: the numbers that are not certain, what it leaves out, how to get it again."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING

from caresim.config.directions import lines_about_routes
from caresim.config.quantity import CANONICAL, Quantity
from caresim.config.values import numbers_drawn
from caresim.config.warnings.questions import lines_about
from caresim.report.page.document import Paragraph, Section, Table, Words
from caresim.run.block import code_hash, content_hash, package_version

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment

COLUMNS = ("key", "value", "range_from", "range_to", "unit", "source")


def assumptions(experiment: Experiment, drawn: str = "each pair of replications") -> Section | None:
    """The numbers that are not certain; None where all are. `drawn`: what draws one value from each range."""
    uncertain = experiment.uncertain()
    if not uncertain:
        return None
    rows = [[path, quantity.text, span(quantity), quantity.source] for path, quantity in uncertain]
    count = numbers_drawn(uncertain)
    caption = f"Every number that has a range; {drawn} draws one value from it."
    if count < len(rows):
        caption += f" {len(rows)} keys: numbers that several staffing models share are drawn once, and stand under a"
        caption += " key of each."
    table = Table(caption, ["Key", "Value", "Range", "Source"], rows)
    return Section(f"The {count} numbers that are not certain", [table])


def span(quantity: Quantity) -> str:
    """The range in the number's own units."""
    assert quantity.low is not None
    assert quantity.high is not None
    unit = CANONICAL[quantity.dimension]
    return f"{quantity.low:.6g} to {quantity.high:.6g} {unit}".strip()


def assumptions_table(experiment: Experiment) -> pd.DataFrame:
    """The same for a workbook: in canonical units, with the source."""
    import pandas as pd

    rows = [
        (path, one.value, one.low, one.high, CANONICAL[one.dimension], one.source)
        for path, one in experiment.uncertain()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def lines_left_out(experiment: Experiment) -> list[tuple[str, str]]:
    """What the experiment itself leaves open, as items of a list: questions that nobody can answer, ways not told."""
    lines = [*lines_about_routes(experiment), *lines_about(experiment)]
    return [("", line[:1].upper() + line[1:]) for line in lines]


def reproduced(experiment: Experiment, command: str) -> Section:
    """How to get the same numbers again."""
    return Section(
        "How to reproduce it",
        [
            Paragraph(
                "The same command, version and seed give the same tables on any machine, and with the same "
                "libraries this same page."
            ),
            Words(command),
            Paragraph(
                f"caresim {package_version()}, Python {platform.python_version()}, seed {experiment.seed}. "
                f"Inputs of its runs: {content_hash(experiment)[:12]}; code: {code_hash()[:12]}."
            ),
        ],
    )


def durations(seconds: Mapping[str, float], processor_s: float = 0.0) -> str:
    """What it took, in a line: all that differs between equal runs. Seconds by name, which ends in `_s`."""
    parts = [f"{name.removesuffix('_s')} {spent:.1f} s" for name, spent in seconds.items()]
    if processor_s:
        parts.append(f"{processor_s:.1f} CPU seconds")
    return f"It took: {', '.join(parts)}." if parts else ""
