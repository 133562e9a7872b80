"""Ctrl-C ends the live view in one sentence, whatever is going on. tests/browser does it by SIGTERM, in mid-run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.support.raw_windows import RawWindow
from tests.support.waiting import PATIENCE_S
from tests.support.windows import free_port

from caresim.run.stop_signals import SHELL, numbers
from caresim.tasks.dashboard.ending import EndedError, heard


@pytest.fixture
def view() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The command line's own server, small, and its port."""
    port = free_port()
    words = ["experiment=tokyo", "task=dashboard", "population.scale=0.05", "dashboard.open_browser=false"]
    command = [sys.executable, "-m", "caresim", *words, f"dashboard.port={port}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process, port
        process.kill()


def says(process: subprocess.Popen[str], words: str) -> None:
    """Wait for a line."""
    while words not in (line := process.stderr.readline()):
        assert line, f"ended without saying {words!r}"


def test_ctrl_c_while_the_world_is_being_set_up(view):
    process, _ = view
    says(process, "setting up the world")
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=PATIENCE_S)
    assert (out, told, process.returncode) == ("", "\nthe live view was closed before it was open\n", 130)


def test_a_second_ctrl_c_ends_it_at_once(view):
    process, port = view
    says(process, "the live view is at")
    window = RawWindow(port)
    assert window.answer == "HTTP/1.1 101 Switching Protocols"
    window.start()
    assert window.socket.recv(10)
    process.send_signal(signal.SIGINT)
    says(process, "the live view is closed")
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=PATIENCE_S)
    assert (out, told, process.returncode) == ("", "", 130)
    window.close()


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_a_terminal_that_is_closed_ends_it():
    """It has the status of a hang-up, although nothing can be said any more."""
    import fcntl
    import termios

    terminal, end = os.openpty()
    words = ["experiment=tokyo", "task=dashboard", "population.scale=0.05", "dashboard.open_browser=false"]
    command = [sys.executable, "-m", "caresim", *words, f"dashboard.port={free_port()}"]
    with subprocess.Popen(
        command, stdin=end, stdout=end, stderr=end, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    ) as process:  # fmt: skip
        os.close(end)
        told = b""
        while b"the live view is at" not in told:
            told += os.read(terminal, 1000)
        os.close(terminal)
        assert process.wait(PATIENCE_S) == 128 + signal.SIGHUP


def test_a_signal_before_it_is_open_interrupts_and_one_after_does_not():
    before = signal.getsignal(signal.SIGTERM)
    with heard() as ending:
        with pytest.raises(EndedError):
            signal.raise_signal(signal.SIGTERM)
        assert ending.status == 143
    with heard() as ending:
        looked = []

        def goes_on() -> bool:
            looked.append(signal.raise_signal(signal.SIGINT))
            return True

        ending.wait(goes_on)
        assert (len(looked), ending.status) == (1, 130)
    assert signal.getsignal(signal.SIGTERM) is before


def test_whatever_asks_a_command_to_end_asks_the_view():
    for number in numbers():
        with heard() as ending:
            with pytest.raises(EndedError):
                signal.raise_signal(number)
            assert ending.status == SHELL + number


def test_what_was_to_be_ignored_stays_ignored():
    """`nohup`, or a shell that runs it in the background."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with heard() as ending:
            signal.raise_signal(signal.SIGINT)
            assert ending.number is None
    finally:
        signal.signal(signal.SIGINT, before)
