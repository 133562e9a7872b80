"""What a model is made from: an experiment in any of its forms, a staffing model, a replication."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from functools import lru_cache

from caresim.config.arguments import replication_of
from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.run.uncertain import drawn


def experiment_of(given: Experiment | str | Sequence[str], replication: int) -> Experiment:
    """The experiment with the values of this replication's draw."""
    if not isinstance(given, Experiment):
        words = shlex.split(given) if isinstance(given, str) else list(given)
        if len(words) == 1 and "=" not in words[0]:
            words = [f"experiment={words[0]}"]
        given = _composed(tuple(words))
    return drawn(given, replication)


@lru_cache(maxsize=8)
def _composed(words: tuple[str, ...]) -> Experiment:
    return compose(words)


def replication_given(given: int | None, rng: int | None) -> int:
    """The replication, under our name for it or Mesa's."""
    if given is not None and rng is not None:
        raise BadInput("rng", rng, "is Mesa's word for the replication: give one of the two")
    if rng is not None:
        return replication_of(rng, "rng")
    return replication_of(0 if given is None else given)
