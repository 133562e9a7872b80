"""Hydra's own settings (`hydra.run.dir`, `hydra/launcher`, ...): what each does here, or what to type instead of it.

The command line, `--hydra-help`, `--cfg hydra`, completion and the table of `docs/hydra.md` go by SETTINGS alone. A
setting without a row, as a later Hydra may have one, is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from caresim.config.errors import MISSING, BadInput, choice

OF_HYDRA = re.compile(r"(?:^|@)hydra\b")
"""A key or a place among Hydra's own settings."""
SETS = re.compile(r"\+{0,2}(?P<key>hydra[\w./]*)=(?P<value>.*)", re.DOTALL)
"""A word that sets one of them."""
LEAVE = "leave it out"


class Setting(NamedTuple):
    """One of Hydra's settings, with all that lies below it."""

    key: str
    """As it is typed: `hydra/launcher` chooses a file, `hydra.launcher` holds what such a file sets."""
    does: str
    """What it does here; empty: it is refused."""
    instead: str
    """What to type where it, or its value, is refused."""
    values: tuple[str, ...] = ()
    """The only values that are taken; none: any."""
    example: str = ""
    """A value, for help and completion."""
    is_list: bool = False


NO_LOG = "caresim writes no log file; 2>run.log keeps what it says on the way"
FILLED_IN = "is filled in by Hydra and cannot be set; leave it out"
ONE_BY_ONE = "runs go one after another, each on all cores or on a cluster; type workers=4 or cluster=tcp://HOST:8786"
SWEEPS = "a sweep (-m) goes through all combinations of the values; type KEY=1,2,4"
HELP = "is a part of Hydra's help; --help and --hydra-help have texts of their own: leave it out"
BY_SHELL = "type it before the command: NAME=value python -m caresim ..."

SETTINGS = (
    Setting("hydra.mode", "RUN: one run; MULTIRUN: a sweep, as -m", "allowed: RUN, MULTIRUN", ("RUN", "MULTIRUN")),
    Setting(
        "hydra.run.dir",
        "the path of the run's folder, which must be new or empty; without it, `output_dir` gets a folder with a name "
        "made of the time, the experiment and a hash. No `latest` is made",
        "",
        example="outputs/mine",
    ),
    Setting("hydra.sweep.dir", "with -m: the same of the sweep's folder", "", example="outputs/my_sweep"),
    Setting(
        "hydra.sweep.subdir",
        "with -m: the name of each run's folder in it",
        "",
        example="${hydra.job.override_dirname}",
    ),
    Setting(
        "hydra.job.config.override_dirname.kv_sep",
        "between key and value in `${hydra.job.override_dirname}`; Hydra has =",
        "",
        example="'='",
    ),
    Setting(
        "hydra.job.config.override_dirname.item_sep",
        "between two of them; Hydra has ,",
        "",
        example="','",
    ),
    Setting(
        "hydra.job.config.override_dirname.exclude_keys",
        "a list of keys that are left out of it",
        "",
        example="[seed]",
        is_list=True,
    ),
    Setting(
        "hydra.job.chdir",
        "says what holds in any case: caresim stays in the folder in which it is started",
        f"caresim stays in the folder in which it is started; {LEAVE}, and name your files from there",
        ("false", "null"),
    ),
    Setting(
        "hydra.output_subdir",
        "says what holds in any case: there is no folder .hydra",
        f"there is no folder .hydra: manifest.json in the run's folder has the configuration; {LEAVE}",
        ("null",),
    ),
    Setting(
        "hydra.verbose",
        "says what holds in any case: caresim keeps no log",
        "caresim keeps no log; --info all says how the configuration is put together",
        ("false",),
    ),
    Setting("hydra/job_logging", "says what holds in any case: no log file", NO_LOG, ("none", "disabled")),
    Setting("hydra/hydra_logging", "says what holds in any case: no log of Hydra's", NO_LOG, ("none", "disabled")),
    Setting("hydra.job_logging", "", NO_LOG),
    Setting("hydra.hydra_logging", "", NO_LOG),
    Setting("hydra/launcher", "says what holds in any case: one run after another", ONE_BY_ONE, ("basic",)),
    Setting("hydra.launcher", "", ONE_BY_ONE),
    Setting("hydra/sweeper", "says what holds in any case: all combinations, in order", SWEEPS, ("basic",)),
    Setting("hydra.sweeper", "", SWEEPS),
    Setting("hydra.searchpath", "", "files of your own are in a folder that --config-dir DIR names"),
    Setting("hydra/callbacks", "", f"nothing is called on the way: {LEAVE}; a routing rule comes with --plugin MODULE"),
    Setting("hydra.callbacks", "", f"nothing is called on the way: {LEAVE}; a routing rule comes with --plugin MODULE"),
    Setting("hydra.job.env_set", "", BY_SHELL),
    Setting("hydra.job.env_copy", "", f"workers have the environment of the command; {LEAVE}"),
    Setting(
        "hydra.job.name", "", f"it names a log file, and there is none; {LEAVE}, or name a folder by hydra.run.dir"
    ),
    Setting("hydra.job.config_name", "", "an experiment is chosen by experiment=NAME"),
    Setting("hydra.job.override_dirname", "", FILLED_IN),
    Setting("hydra.job.id", "", FILLED_IN),
    Setting("hydra.job.num", "", FILLED_IN),
    Setting("hydra.overrides", "", FILLED_IN),
    Setting("hydra.runtime", "", FILLED_IN),
    Setting("hydra.help", "", HELP),
    Setting("hydra/help", "", HELP),
    Setting("hydra.hydra_help", "", HELP),
    Setting("hydra/hydra_help", "", HELP),
    Setting("hydra/output", "", "folders are named by hydra.run.dir, hydra.sweep.dir and hydra.sweep.subdir"),
    Setting("hydra/env", "", BY_SHELL),
)
"""Every flag of Hydra's is in tasks/flags.py."""
WORK = tuple(setting for setting in SETTINGS if setting.does)


def is_hydras(word: str) -> bool:
    """Is the word of a command line about Hydra's own settings?"""
    return OF_HYDRA.search(word.partition("=")[0].lstrip("+~")) is not None


def setting_of(key: str) -> Setting | None:
    """The row of a key: the one that is most of it."""
    rows = [row for row in SETTINGS if key == row.key or key.startswith((f"{row.key}.", f"{row.key}/"))]
    return max(rows, key=lambda row: len(row.key), default=None)


def refusal(word: str) -> BadInput:
    """Why a word about Hydra's own settings is refused where no folder is written: from Python, in a file."""
    key, _, value = word.partition("=")
    name = key.lstrip("+~")
    row = setting_of(name)
    if row is not None and row.does and not row.values:
        return BadInput(name, value, "is of the command line; from Python, type output_dir=DIR")
    return BadInput(name, value, _advice(name, row))


def _advice(key: str, row: Setting | None) -> str:
    if row is None:
        known = sorted({row.key for row in WORK})
        return f"is a setting of Hydra's own that caresim does not use; {LEAVE}, {choice(known, key)}"
    return row.instead


def taken(words: Sequence[str]) -> dict[str, Any]:
    """The values of Hydra's own settings in the words of a command line, by key.

    BadInput for those that are refused here, and for one that is set twice.
    """
    values: dict[str, Any] = {}
    for word in words:
        key, value = _read(word)
        if key in values:
            raise BadInput(key, value, "is given twice; allowed: one of the two")
        values[key] = value
    return values


def _read(word: str) -> tuple[str, Any]:
    from hydra.core.override_parser.overrides_parser import OverridesParser

    from caresim.config.hydra_errors import from_hydra

    said = SETS.fullmatch(word)
    if said is None:
        name, _, given = word.lstrip("+~").partition("=")
        raise BadInput(name, given or MISSING, f"takes out, or fills in, a part of Hydra's own settings; {LEAVE}")
    key = said["key"]
    row = setting_of(key)
    if row is None or not row.does or key != row.key:
        raise BadInput(key, said["value"], _advice(key, row))
    try:
        (override,) = OverridesParser.create().parse_overrides([word])
    except Exception as error:
        raise from_hydra(error) from None
    if override.is_sweep_override():
        raise BadInput(key, said["value"], "takes one value; put a value with a comma in quotes: '\"a,b\"'")
    value: Any = override.value()
    value = getattr(value, "text", value)
    if row.values:
        if _as_typed(value) not in row.values:
            raise BadInput(key, said["value"], row.instead)
        return key, value
    if isinstance(value, int | float):
        value = said["value"]  # a name made of digits, or one that is called true
    if not isinstance(value, list if row.is_list else str):
        raise BadInput(key, said["value"], f"takes {'a list' if row.is_list else 'text'}, such as {row.example}")
    return key, value


def _as_typed(value: Any) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def as_they_stand(values: Mapping[str, Any]) -> dict[str, Any]:
    """What holds of Hydra's settings in a run with these `values`, as nested tables: what `--cfg hydra` prints.

    A setting that does nothing here is not in it.
    """
    held: dict[str, Any] = {
        "hydra.mode": "RUN",
        "hydra.job.chdir": False,
        "hydra.output_subdir": None,
        "hydra.verbose": False,
        **{key: value for key, value in values.items() if "/" not in key},
    }
    nested: dict[str, Any] = {}
    for key, value in held.items():
        *above, last = key.split(".")
        node = nested
        for step in above:
            node = node.setdefault(step, {})
        node[last] = value
    return nested
