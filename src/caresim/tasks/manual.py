"""What `--help` prints; loads nothing heavy, so that it answers at once."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from caresim.config.paths import experiments

USAGE = """\
caresim: which staffing model serves passengers best when everything breaks down at once?

python -m caresim experiment=NAME [key=value ...]     (the same as the command caresim)
"""
KEYS = (
    ("experiment", "a scenario and the staffing models to compare on it, see below", "tokyo"),
    (
        "task",
        "compare, explain (which difference does how much), story (of one passenger), dashboard (live), or backtest",
        "compare",
    ),
    ("seed", "non-negative integer; everything random follows from it", "0"),
    ("replications", "paired replications of every staffing model", "32"),
    ("precision", "go on until the headline intervals are this narrow (relative, such as 0.05)", "off"),
    ("baseline", "the staffing model the others are compared with", "the experiment's first"),
    ("workers", "local threads", "all cores"),
    ("cluster", "address of a Dask scheduler; overrides workers (needs caresim[cluster])", "none"),
    ("record", "which replications keep full rows: none, first, all", "first"),
    ("population.scale", "factor on the size of every cohort, for quick trials", "1"),
    ("passenger", "task=story: a row, a name, or median, worst, most_changed", "median"),
    ("explain.one", "task=explain: from this staffing model", "the baseline"),
    ("explain.other", "task=explain: to this one", "the best of the others by the first headline metric"),
    ("explain.seats", "task=explain: times the free seats, as one more difference", "the experiment's, or no factor"),
    ("backtest", "task=backtest: the list of facts, stylised_facts or one of your own", "none"),
    ("output_dir", "where the run's folder goes", "outputs"),
)
FLAGS = (
    ("-m", "sweep: comma lists or range(1,9) for any key, one run each, one table and figure"),
    ("--config-dir DIR", "a folder with experiments, staffing models, ... of your own"),
    ("--plugin MODULE", "a Python module of your own with routing rules (docs/plugins.md); may be given several times"),
    ("--cfg job", "print the configuration that would run, and stop"),
    ("--help", "this text"),
)
EXAMPLES = """\
Examples
  python -m caresim experiment=tokyo
  python -m caresim experiment=tokyo replications=8 population.scale=0.1
  python -m caresim task=explain explain.one=social_team explain.other=hybrid replications=16
  python -m caresim task=dashboard experiment=tokyo
  python -m caresim task=backtest backtest=stylised_facts
  python -m caresim -m staffing.social_team.desks.social.headcount=1,2,4,8

Exit status: 0 done, 2 bad input, 130 interrupted (the same command goes on), 1 anything else.
"""


def text(config_dir: str | Path | None = None) -> str:
    """The whole help, with the experiments there are (those in `config_dir` included)."""
    sections = (
        USAGE,
        "Experiments\n" + _listed(experiments(config_dir)),
        "Keys (default)\n" + _listed((name, f"{meaning} ({default})") for name, meaning, default in KEYS),
        "Any number of the experiment is a key, too: --cfg job shows them all.\n",
        "Options\n" + _listed(FLAGS),
        EXAMPLES,
    )
    return "\n".join(sections)


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    rows = list(pairs)
    width = max((len(name) for name, _ in rows), default=0) + 2
    return "".join(
        textwrap.fill(meaning, 100, initial_indent=f"  {name:<{width}}", subsequent_indent=" " * (width + 2)) + "\n"
        for name, meaning in rows
    )
