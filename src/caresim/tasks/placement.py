"""Where the folder of a run or of a sweep goes, if `hydra.run.dir`, `hydra.sweep.dir` or `hydra.sweep.subdir` say so.

Their values are those of Hydra: `${now:%Y-%m-%d}`, keys of the experiment (`${seed}`), and in a sweep
`${hydra.job.num}` and `${hydra.job.override_dirname}`. Nothing else is looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.config.errors import BadInput
from caresim.run.output_dir import AT_WORK

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

REFERENCE = re.compile(r"\$\{(?:now:(?P<form>[^${}]*)|(?P<path>[\w.]+))\}")
"""The time, or another value by its dotted path."""
RUN, SWEEP, SUBDIR = "hydra.run.dir", "hydra.sweep.dir", "hydra.sweep.subdir"
MOST_BYTES = 180
"""Of the name of a folder, in UTF-8: file systems take 255, and while it is written there is more to it."""
ALLOWED = "allowed: ${now:%Y-%m-%d}, keys of the experiment such as ${seed}, and in a sweep ${hydra.job.num} and"
ALLOWED += " ${hydra.job.override_dirname}"
OVERRIDE_DIRNAME = "hydra.job.config.override_dirname."


@dataclass(frozen=True)
class Placement:
    """What the words of a command line say of folders; their references are not resolved yet."""

    said: Mapping[str, Any]
    """Values by the key of Hydra's setting."""

    def of(self, key: str, experiment: Callable[[], Mapping[str, Any]]) -> Path:
        """The folder that RUN or SWEEP names. BadInput where it cannot be made, or is in use.

        `experiment` gives its keys, where one of them is asked for.
        """
        path = Path(resolved(str(self.said[key]), key, experiment, {}))
        check_free(path, key)
        return path

    def name_of_job(self, number: int, overrides: Mapping[str, str], experiment: Experiment) -> str | None:
        """The name of the folder of one run within that of its sweep; None: a name of its own."""
        text = self.said.get(SUBDIR)
        if text is None:
            return None
        job = {"num": number, "override_dirname": self._dirname(overrides)}
        name = resolved(str(text), SUBDIR, experiment.as_text, job)
        if {"/", "\\"} & set(name) or name.startswith(".") or not name or len(name.encode()) > MOST_BYTES:
            allowed = f"must be the name of one folder: no / and no dot at its start, at most {MOST_BYTES} bytes"
            raise BadInput(SUBDIR, name, allowed)
        return name

    def _dirname(self, overrides: Mapping[str, str]) -> str:
        """As Hydra makes `${hydra.job.override_dirname}`: the swept keys with their values, sorted."""
        get = self.said.get
        left_out = get(f"{OVERRIDE_DIRNAME}exclude_keys") or []
        between, after = get(f"{OVERRIDE_DIRNAME}kv_sep", "="), get(f"{OVERRIDE_DIRNAME}item_sep", ",")
        return str(after).join(f"{key}{between}{overrides[key]}" for key in sorted(overrides) if key not in left_out)


NOWHERE = Placement({})
"""Every folder has a name of its own."""


def check_free(path: Path, key: str) -> None:
    """BadInput unless a new folder can be put at the path: nothing is there, or an empty folder, or for a sweep the
    folder of one that has not come to its end.
    """
    if not path.name or path.name == "..":
        raise BadInput(key, str(path), "must be the path of a new folder, such as outputs/mine")
    if path.name.startswith(".") or len(path.name.encode()) > MOST_BYTES:
        raise BadInput(key, str(path), f"must end in a name without a dot at its start, of at most {MOST_BYTES} bytes")
    try:
        is_free = not path.is_symlink() and (not path.exists() or (path.is_dir() and not any(path.iterdir())))
    except OSError as problem:  # a name above it is too long, or it may not be looked into
        raise BadInput(key, str(path), f"cannot be looked at ({problem.strerror}); name another one") from None
    if key == SWEEP and (path / AT_WORK).is_file():
        return  # a sweep that has not come to its end: the same command goes on there
    if not is_free:
        raise BadInput(key, str(path), "is there already, and is no empty folder; name another one, or remove it")


def resolved(text: str, key: str, experiment: Callable[[], Mapping[str, Any]], job: Mapping[str, Any]) -> str:
    """The text with its references replaced. BadInput where one leads nowhere, or looks something up.

    `experiment` gives its keys, where one of them is asked for.
    """
    moment = datetime.now()

    def value(reference: re.Match[str]) -> str:
        if (form := reference["form"]) is not None:
            return moment.strftime(form)
        node: Any = {"hydra": {"job": job}} if reference["path"].startswith("hydra.") else experiment()
        for step in reference["path"].split("."):
            node = node.get(step) if isinstance(node, Mapping) else None
        node = node.get("value") if isinstance(node, Mapping) else node
        if not isinstance(node, str | int | float):
            raise BadInput(key, text, f"has {reference[0]}, which is not there; {ALLOWED}")
        return str(node)

    written = REFERENCE.sub(value, text.replace("${hydra:", "${hydra."))
    if "${" in written:
        raise BadInput(key, text, f"looks something up; {ALLOWED}")
    return written
