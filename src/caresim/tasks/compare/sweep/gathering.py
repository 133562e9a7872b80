"""A sweep from what is on disk, whether it was finished, killed, or has failed in part."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from caresim.config.errors import BadInput
from caresim.run.results import Results
from caresim.tasks.combinations import Combinations, choices_of, name, plain_value, value
from caresim.tasks.compare.sweep import sweep
from caresim.tasks.compare.sweep.sweep import Failure
from caresim.tasks.request import parse

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment

NO_SWEEP = "must be the folder of a sweep (-m) with at least one finished run in it"


class Gathered(NamedTuple):
    """What the folder of a sweep holds, in the order of the fields of `Sweep`."""

    experiment: Experiment
    table: pd.DataFrame
    failed: tuple[Failure, ...]
    metrics: tuple[str, ...]
    command: str
    folder: Path


def read(folder: str | Path, metrics: Sequence[str] = ()) -> Gathered:
    """The sweep in a folder. BadInput where no run of a sweep is finished there."""
    place = Path(folder)
    manifests = []
    for file in place.glob("*/manifest.json"):
        try:
            manifests.append((file.parent, json.loads(file.read_text(encoding="utf-8"))))
        except (OSError, ValueError) as error:
            raise BadInput("folder", str(file.parent), f"cannot be read ({error}); remove it") from error
    runs = [(run, manifest) for run, manifest in manifests if isinstance(manifest.get("job"), dict)]
    if not runs:
        what = "is the folder of a single run; it " if (place / "replications.parquet").exists() else ""
        raise BadInput("folder", str(folder), f"{what}{NO_SWEEP}")
    first, manifest = min(runs, key=lambda pair: int(pair[1]["job"]["number"]))
    experiment = Results.load(first).experiment
    chosen = tuple(metrics) or tuple(experiment.setting("sweep_metrics")) or experiment.study.headline
    noted = sweep.failures(place)
    command = str(manifest["job"].get("command", ""))
    there = {json.dumps(each["job"]["overrides"], sort_keys=True) for _, each in runs}
    lost = (*noted, *_missing(command, there, {failure.point for failure in noted}))
    return Gathered(experiment, sweep.gather(place, chosen), lost, chosen, command, place)


def _missing(command: str, there: set[str], noted: set[str]) -> list[Failure]:
    """The points that the sweep's command asks for and that neither have results nor are listed as failed."""
    words = shlex.split(command)
    at = next((place for place, word in enumerate(words) if Path(word).name == "caresim"), None)
    if at is None or "-m" not in words[at:]:  # not typed, or by another program that says nothing of its points
        return []
    choices = choices_of(parse(words[at + 1 :]).overrides)
    swept = {name(choice.word) for choice in choices if choice.swept}
    lost = []
    for chosen in Combinations([choice.words() for choice in choices]):
        overrides, as_typed = (
            {name(word): read(word) for word in chosen if name(word) in swept} for read in (plain_value, value)
        )  # folders of earlier versions have them as typed
        words_of = ", ".join(f"{key}={text}" for key, text in overrides.items())
        forms = {json.dumps(form, sort_keys=True) for form in (overrides, as_typed)}
        if not forms & there and words_of not in noted:
            lost.append(Failure(words_of, sweep.MISSING, "the sweep was ended before it"))
    return lost
