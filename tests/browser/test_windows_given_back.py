"""What a closed window leaves behind: nothing. Threads, open files and memory of the server, as the system sees them.

docs/live.md has what was measured over fifty windows.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.support.waiting import wait_for

MOST_MB = 120.0
"""Of six windows. Windows that were not given back took 34 MB each at this size, 204 MB together."""
WINDOWS = 6


def books(served) -> tuple[int, int, float]:
    """Threads, open files, and MB in memory."""
    folder = Path(f"/proc/{served.process.pid}")
    lines = dict(line.split(":", 1) for line in (folder / "status").read_text(encoding="utf-8").splitlines())
    return int(lines["Threads"]), len(list((folder / "fd").iterdir())), int(lines["VmRSS"].split()[0]) / 1024


def close_in_mid_run(window, served, others: int) -> None:
    leaves = window()
    assert served.windows() == others + 1
    leaves.find("speed").select_option("720")
    leaves.do(lambda: leaves.find("play").click())
    leaves.page.close(run_before_unload=True)
    wait_for(lambda: served.windows() == others, "the closed window's models to be freed")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_windows_that_are_closed_in_mid_run_leave_nothing_behind(window, served):
    """A leak leaves a thread, a file or 34 MB for each window; the server's pool may gain one or two at any time."""
    wait_for(lambda: served.windows() == 0, "earlier windows to go")
    stays = window()
    for _ in range(3):  # the pool fills, and what is shared is kept
        close_in_mid_run(window, served, 1)
    threads, files, memory = books(served)
    for _ in range(WINDOWS):
        close_in_mid_run(window, served, 1)
    wait_for(lambda: books(served)[0] < threads + 3, "their threads to end")
    wait_for(lambda: books(served)[1] < files + 3, "their connections to be closed")
    wait_for(lambda: books(served)[2] < memory + MOST_MB, "their memory to be given back")
    stays.do(lambda: stays.find("step").click())
    assert stays.clock.startswith("16:56 Friday")
