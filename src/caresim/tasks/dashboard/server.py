"""`task=dashboard`: the live view, served until Ctrl-C."""

from __future__ import annotations

import importlib.util
import logging
import socket
import sys
import threading
import warnings
import webbrowser
from collections.abc import Sequence
from typing import TYPE_CHECKING

from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.run.attempt import FAILED
from caresim.tasks.dashboard.address import Address, address_of, listen, proxy_of
from caresim.tasks.dashboard.ending import EndedError, heard
from caresim.tasks.dashboard.gate import LARGEST_ASK
from caresim.tasks.dashboard.settings import Dashboard

if TYPE_CHECKING:
    from caresim.tasks.dashboard.gate import Gate

NEEDED = ("solara", "solara_assets", "starlette", "uvicorn", "ipyvue", "ipyvuetify")
LEAVE_S = 2
"""Open windows have so long to take their leave."""


def serve(experiment: Experiment) -> int:
    """Serve until interrupted; returns the exit status. BadInput where a package is missing or the port is taken."""
    check_packages()
    settings: Dashboard = experiment.setting("dashboard")
    proxy = proxy_of(settings.proxy)
    with heard() as ending:
        try:
            sockets = listen(settings.host, settings.port)
            address = address_of(sockets, settings.host, proxy)
            server = Server(opened(experiment, address), sockets)
            server.start()
            for line in announced(address):
                print(line, file=sys.stderr, flush=True)
            if settings.open_browser:
                webbrowser.open(address.shown)
        except EndedError:
            print("\nthe live view was closed before it was open", file=sys.stderr)
            return ending.status
        ending.wait(server.is_alive)
        if ending.number is None:
            print("the live view has ended: its server failed", file=sys.stderr)
            return FAILED
        print("\nthe live view is closed", file=sys.stderr, flush=True)
        server.close()
        return ending.status


def announced(address: Address) -> list[str]:
    """Where it is, and who else can see it."""
    lines = [f"the live view is at {address.shown} (Ctrl-C ends it)"]
    if not address.is_local:
        lines.append(
            "caresim: everybody who can reach this machine can see the live view, because it asks for no password"
        )
    return lines


def opened(experiment: Experiment, address: Address) -> Gate:
    """What the server answers with. Errors show here, and the model is compiled before anybody waits for it."""
    from caresim.tasks.dashboard import show
    from caresim.tasks.dashboard.site import site

    # The warning is about pages that are shown within others, which this one is not.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    print("setting up the world ...", file=sys.stderr, flush=True)
    show.Show(experiment)
    return site(experiment, address)


class Server:
    """Answers in a thread of its own."""

    def __init__(self, app: Gate, sockets: Sequence[socket.socket]) -> None:
        import uvicorn

        # Within one machine, compressing a frame takes longer than sending it.
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, loop="asyncio", server_header=False,
            ws_per_message_deflate=False, ws_max_size=LARGEST_ASK, timeout_graceful_shutdown=LEAVE_S,
        )  # fmt: skip
        logging.getLogger("uvicorn.error").addFilter(in_a_line)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": list(sockets)}, name="caresim live view's server", daemon=True
        )

    def start(self) -> None:
        """Returns when it answers."""
        self.thread.start()
        while self.is_alive() and not self.server.started:
            self.thread.join(0.02)

    def is_alive(self) -> bool:
        return self.thread.is_alive()

    def close(self) -> None:
        """Say goodbye to every window, and stop their models."""
        self.server.should_exit = True
        self.thread.join(2 * LEAVE_S)


def in_a_line(record: logging.LogRecord) -> bool:
    """What a window sends may be no text at all: that is no fault of this program, and needs no traceback."""
    if str(record.msg).startswith("Invalid UTF-8"):
        record.exc_info = None
    return True


def check_packages() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        problem = f"needs packages that are not installed ({', '.join(missing)}): pip install 'caresim[live]'"
        raise BadInput("task", "dashboard", problem)
