"""What `--help` prints; loads nothing heavy, so that it answers at once."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from caresim.config.paths import experiments
from caresim.tasks.flags import FLAGS
from caresim.tasks.registry import DEFAULT, TASKS
from caresim.tasks.task import Key

USAGE = """\
caresim: which staffing model serves passengers best when everything breaks down at once?

python -m caresim experiment=NAME [key=value ...]     (the same as the command caresim)
"""
KEYS = (
    Key("experiment", "a scenario and the staffing models to compare on it, see below", "tokyo"),
    Key("task", "what to do, see below", DEFAULT),
    Key("seed", "non-negative integer; everything random follows from it", "0"),
    Key("replications", "paired replications of every staffing model", "32"),
    Key("precision", "go on until the headline intervals are this narrow (relative, such as 0.05)", "off"),
    Key("baseline", "the staffing model the others are compared with", "the experiment's first"),
    Key("only", "the staffing models that are run, such as [social_team,hybrid]", "all"),
    Key("workers", "how many compute side by side", "one for each core"),
    Key("cluster", "address of a Dask scheduler; overrides workers (needs caresim[cluster])", "none"),
    Key("i_have_time", "true: it may take longer than a day; what does not fit into memory is refused anyway", "false"),
    Key("record", "which replications keep full rows: none, first, all", "first"),
    Key("population.scale", "factor on the size of every cohort, for quick trials", "1"),
    Key("output_dir", "where the run's folder goes", "outputs"),
)
"""Those of every experiment. Tasks add theirs."""
SWEEP = "-m staffing.social_team.desks.social.headcount=1,2,4,8"
EXIT_STATUS = """\
Exit status: 0 done, 2 bad input, 130 Ctrl-C, 143 SIGTERM (the same command goes on),
141 done, and nobody read the output to its end, 1 anything else.
"""


def text(config_dir: str | Path | None = None) -> str:
    """The whole help, with the experiments there are (those in `config_dir` included)."""
    examples = ["experiment=tokyo", *(task.example for task in TASKS.values()), SWEEP]
    sections = (
        USAGE,
        "Experiments\n" + _listed(experiments(config_dir)),
        "Tasks\n" + _listed((name, task.meaning) for name, task in TASKS.items()),
        "Keys (default)\n" + _listed((key.name, f"{key.meaning} ({key.default})") for key in keys()),
        "Any number of the experiment is a key, too: --cfg job shows them all.\n",
        "Options\n"
        + _listed((", ".join(filter(None, (flag.short, flag.typed))), flag.does) for flag in FLAGS if flag.does),
        "Examples\n" + "".join(f"  python -m caresim {words}\n" for words in examples),
        EXIT_STATUS,
    )
    return "\n".join(sections)


def keys() -> list[Key]:
    """The keys of every experiment, then those of each task, with its name."""
    own = [key._replace(meaning=f"task={name}: {key.meaning}") for name, task in TASKS.items() for key in task.keys]
    return [*KEYS, *own]


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    rows = list(pairs)
    width = max((len(name) for name, _ in rows), default=0) + 2
    return "".join(
        textwrap.fill(meaning, 100, initial_indent=f"  {name:<{width}}", subsequent_indent=" " * (width + 2)) + "\n"
        for name, meaning in rows
    )
