"""What is allowed and can hardly be meant: one line each, said once the experiment is loaded; no result changes.

What only a run shows is in tasks/compare/after_run.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from caresim.config.warnings import handling, patience, people, posts, questions, seats

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

KINDS = (
    people.scaled,
    people.unheard,
    people.idle,
    seats.without,
    questions.untold,
    questions.unanswerable,
    posts.old,
    handling.taken_over,
    patience.contradicted,
)
"""Each gives its lines about an experiment."""


def warnings_of(experiment: Experiment) -> Iterator[str]:
    """The lines, in the order of `KINDS`; none of an experiment that says what it means."""
    return chain.from_iterable(lines(experiment) for lines in KINDS)
