"""An attempt at some work: one that is interrupted, or that the system refuses, loses nothing that was finished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from caresim.run.refusal import RefusedError, in_words

if TYPE_CHECKING:
    from caresim.run.store import Store

DONE, FAILED, BAD_INPUT, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses of the command line. What the system refuses is BAD_INPUT: another `output_dir` helps."""
KEPT = "what was finished is kept, and the same command goes on from there"
NOTHING = "nothing was finished yet, and the same command begins again"
COMPLETE = "the results are complete"
_at_work: list[Store] = []
_ended: list[str] = []
"""How the command ends for whoever interrupts it from here on."""


class WorkerLostError(RuntimeError):
    """Worker processes were killed again and again while they computed the same."""


class ClusterLostError(WorkerLostError):
    """Nobody is left who could compute anything: not this, and nothing else."""


@contextmanager
def attempt(output_dir: str | Path) -> Iterator[Store]:
    """A store of finished blocks in `output_dir`; the caller forgets them when the results are safe.

    KeyboardInterrupt, WorkerLostError and RefusedError say on their way out whether anything is kept.
    """
    from caresim.run.store import Store

    begin_anew()
    store = Store(output_dir)
    _at_work.append(store)
    try:
        yield store
    except KeyboardInterrupt:
        raise KeyboardInterrupt(*[KEPT] if store.holds else []) from None
    except WorkerLostError as lost:
        raise WorkerLostError(*[f"{lost}; {KEPT}"] if store.holds else lost.args) from None
    except OSError as problem:
        if (words := in_words(problem, output_dir)) is None:
            raise
        raise RefusedError(problem.errno, f"{words}; {KEPT}" if store.holds else words) from problem
    finally:
        _at_work.remove(store)


def store_at_work() -> Store | None:
    """Where the attempt at work keeps what is finished; None outside an attempt: nothing is kept."""
    return _at_work[-1] if _at_work else None


def complete(place: Path, store: Store | None = None) -> None:
    """The results are safe at `place`: `latest` leads to it, it is printed, then the blocks are forgotten.

    Whoever interrupts from here on is told that all is complete.
    """
    _ended.append(f"{COMPLETE}: {place}")
    _shown(place)
    if store is not None:
        store.forget()


def incomplete(place: Path) -> None:
    """Some runs have failed, and the others' results are safe at `place`: the same, but the blocks are kept."""
    _ended.append(KEPT)
    _shown(place)


def _shown(place: Path) -> None:
    """Let `latest` lead to a finished folder, and print its path."""
    from caresim.run.output_dir import mark_latest  # late: this file is loaded before Ctrl-C is looked after

    mark_latest(place)
    print(place, flush=True)


def begin_anew() -> None:
    """What an earlier command of this process has completed is not spoken of any more."""
    _ended.clear()


def interrupted(kept: str = "") -> str:
    """What is said of a command that was asked to end; `kept` is what an attempt has said on its way out, if any."""
    if _ended:
        return f"interrupted; {_ended[-1]}"
    return f"interrupted; {kept or (KEPT if any(store.holds for store in _at_work) else NOTHING)}"
