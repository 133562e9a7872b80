"""Items for workers: what a worker can be asked to do, and what can befall it."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd

from caresim.config.errors import BadInput
from caresim.model import own_rules
from caresim.run.block import Finished
from caresim.scenario.recent import Recent
from tests.support.waiting import wait_for


def times(shared: int, item: int) -> int:
    return shared * item


def whose(shared: None, item: int) -> int:
    """The process that computed the item."""
    return os.getpid()


def in_company(folder: Path, count: int) -> int:
    """The process, once so many are at work in the folder."""
    (folder / f"at_work_{os.getpid()}").touch()
    wait_for(lambda: len(list(folder.glob("at_work_*"))) >= count, "company", pause_s=0.01)
    return os.getpid()


def rules_in_company(folder: Path, count: int) -> tuple[int, list[str]]:
    """The process, and the modules of the user's own rules that it has, once so many are at work in the folder."""
    return in_company(folder, count), own_rules.modules()


def kills_once(folder: Path, item: int) -> int:
    """Item 3 kills the first worker that computes it."""
    if item == 3 and not (folder / "killed").exists():
        (folder / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def kills(shared: None, item: int) -> int:
    """Item 3 kills every worker that computes it."""
    if item == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def talks(shared: None, item: int) -> int:
    """Prints, and reads, where requests and replies go."""
    print("said", item)
    sys.stdout.flush()
    os.write(1, b"written\n")
    assert sys.stdin.read() == ""
    return item


def fails(shared: str, item: int) -> object:
    if shared == "stays":
        return lambda: item  # cannot be pickled
    if shared == "input":
        raise BadInput("key", item, "must be another")
    if shared == "strange":
        raise StrangeError(item, item)
    raise ZeroDivisionError("as it was told to")


class StrangeError(Exception):
    """Cannot be unpickled."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(f"strange {one}")


def the_first_never_ends(folder: Path, item: int) -> None:
    """The others end when it is at work."""
    if item == 0:
        (folder / f"at_work_{os.getpid()}").touch()
        threading.Event().wait()
    wait_for(lambda: any(folder.glob("at_work_*")), "the first item to begin", pause_s=0.01)


def is_one_by_one(shared: None, item: int) -> bool:
    """Does this process keep no more than one block after the other takes?"""
    return Recent.one_by_one


def finished(rows: int, item: int) -> Finished:
    """A block's results."""
    frame = pd.DataFrame({"x": np.arange(rows) + item})
    return Finished(rows=[{"replication": item}], curves=[frame], events=[item])
