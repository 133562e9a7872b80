"""From a request to jobs: composed by Hydra, and priced before any work starts.

A sweep begins with its first run: before that its price is known and each value has been tried once, with the first
values of the other keys (of very many values 200, the first and the last among them). Every run is composed when its
turn comes; one that is refused then, because its values do not fit each other, stops no other.

Hydra's `compose` is used and not `hydra.main`; docs/hydra.md says why, with figures.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, overload

from caresim.config import price
from caresim.config.compose import compose
from caresim.config.composer import Composer
from caresim.config.errors import BadInput
from caresim.config.warnings import warnings_of
from caresim.model.cores import cores
from caresim.run.cluster import connected
from caresim.tasks.combinations import Choice, Combinations, choices_of, name, plain_value, spread
from caresim.tasks.job import Job
from caresim.tasks.placement import Placement
from caresim.tasks.registry import TASKS
from caresim.tasks.request import check_sweepable

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.tasks.request import Request


MOST_TRIED = 200
"""Values of each key that are tried before a sweep begins: three seconds in tokyo. More are those of a range, of which
the ends say whether the others are good.
"""


class Jobs(Sequence[Job]):
    """The runs of a sweep, each made when it is asked for, and not kept."""

    def __init__(self, words: Combinations, keys: Sequence[str], composer: Composer, placement: Placement) -> None:
        self._words, self._keys, self._composer, self._placement = words, tuple(keys), composer, placement

    def __len__(self) -> int:
        return len(self._words)

    @property
    def neighbours(self) -> list[int]:
        """The numbers of the runs that differ from the first in one key alone."""
        return self._words.neighbours

    @overload
    def __getitem__(self, number: int) -> Job: ...
    @overload
    def __getitem__(self, number: slice) -> list[Job]: ...
    def __getitem__(self, number: int | slice) -> Job | list[Job]:
        if isinstance(number, slice):
            return [self[n] for n in range(*number.indices(len(self)))]
        words = self._words[number]
        overrides = {name(word): plain_value(word) for word in words if name(word) in self._keys}
        source = partial(_composed, words, self._composer)
        return Job(number, source, overrides, self._placement)


def jobs_of(request: Request) -> Sequence[Job]:
    """The runs asked for, in order: one, or in a sweep every combination of the values of the swept keys."""
    if request.sweeping:
        return _swept(request)
    experiment = _of_experiments(compose(request.overrides, request.config_dir))
    _check_machines(experiment)
    _warn(experiment)
    return [Job(0, experiment, {})]


def _swept(request: Request) -> Jobs:
    """The runs of a sweep, once its price is known and its values have been tried."""
    choices = choices_of(request.overrides)
    keys = [name(choice.word) for choice in choices if choice.swept]
    _check_swept(keys, request.overrides)
    composer = Composer(request.config_dir)
    firsts = [choice.first for choice in choices]
    first = _sweepable(compose(firsts, composer=composer))
    count = math.prod(choice.count for choice in choices)
    _check_total(first, count, 1.0, choices)
    _check_machines(first)
    _warn(first)
    forms = [choice.words() for choice in choices]
    dearer, base = 1.0, price.price_of(first).seconds
    for place, words in enumerate(forms):
        tried = [words[n] for n in spread(len(words), MOST_TRIED)] if len(words) > 1 else []
        lists = [[*firsts[:place], word, *firsts[place + 1 :]] for word in tried]
        experiments = [_sweepable(compose(words, composer=composer)) for words in lists]
        for experiment in experiments:
            if experiment.cluster != first.cluster:
                _check_machines(experiment)
        if experiments:
            seconds = math.fsum(price.price_of(experiment).seconds for experiment in experiments)
            dearer *= seconds / len(experiments) / base
    _check_total(first, count, dearer, choices)
    return Jobs(Combinations(forms), keys, composer, Placement(request.settings))


def _check_total(first: Experiment, count: int, dearer: float, choices: Sequence[Choice]) -> None:
    """BadInput for a sweep of too many runs, which take `dearer` times what the first of them takes."""
    whole = price.of_sweep(first, count, dearer)
    words = " ".join(choice.word for choice in choices if choice.swept)
    price.check_total(whole, first.i_have_time, "-m", words, count, "runs", f"makes {count:,} runs, ")


def _of_experiments(experiment: Experiment) -> Experiment:
    """The experiment, unless its task goes its own way."""
    if TASKS[experiment.task].own_configuration:
        allowed = f"goes its own way; write task={experiment.task} on the command line"
        raise BadInput("task", experiment.task, allowed)
    return experiment


def _composed(words: Sequence[str], composer: Composer) -> Experiment:
    return _sweepable(compose(words, composer=composer))


def _sweepable(experiment: Experiment) -> Experiment:
    """The experiment, unless its task cannot be swept."""
    check_sweepable(_of_experiments(experiment).task)
    return experiment


def _check_machines(experiment: Experiment) -> None:
    """BadInput where there is no such cluster; a line where workers have no core of their own."""
    if experiment.cluster is not None:
        connected(experiment.cluster).close()
    else:
        warn_of(experiment.workers)


def _warn(experiment: Experiment) -> None:
    """A line on the error stream for whatever can hardly be meant."""
    for line in warnings_of(experiment):
        print(f"caresim: {line}", file=sys.stderr)


def warn_of(workers: int | None) -> None:
    """A line on the error stream for more workers than cores."""
    if workers is not None and workers > cores():
        there = f"{cores()} core{'s' if cores() > 1 else ''}"
        print(f"caresim: workers={workers} is more than the {there} here, which does not help", file=sys.stderr)


def _check_swept(keys: Sequence[str], overrides: Sequence[str]) -> None:
    if not keys:
        words = " ".join(overrides) or "no key"
        raise BadInput(
            "-m", words, "a sweep needs a key with several values, such as seed=1,2; for one run leave out -m"
        )
    if "output_dir" in keys:
        raise BadInput("output_dir", "several values", "cannot be swept: all runs of a sweep go into one folder")
    if "task" in keys:
        raise BadInput("task", "several values", "cannot be swept: all runs of a sweep are of one task")
