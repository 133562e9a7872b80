"""`task=dashboard`: the live view, served on this machine alone until Ctrl-C."""

from __future__ import annotations

import importlib
import importlib.util
import os
import socket
import sys
import warnings
import webbrowser
from typing import TYPE_CHECKING

from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.tasks.dashboard.settings import Dashboard

if TYPE_CHECKING:
    from solara.server.starlette import ServerStarlette

HOST = "127.0.0.1"
PAGE = "caresim.tasks.dashboard.window"
NEEDED = ("solara", "solara_assets", "starlette", "ipyvue", "ipyvuetify")
SETTINGS = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9/",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_KERNEL_CULL_TIMEOUT": "20s",
}
"""Nothing leaves this machine: what the page needs is installed. A window that has lost its connection
is freed soon.
"""


def serve(experiment: Experiment) -> None:
    """Serve until interrupted. BadInput where a package is missing or the port is taken."""
    server = started(experiment)
    print(f"the live view is at {server.base_url} (Ctrl-C ends it)", file=sys.stderr, flush=True)
    settings: Dashboard = experiment.setting("dashboard")
    if settings.open_browser:
        webbrowser.open(server.base_url)
    try:
        while server.is_alive():
            server.join(1.0)
    except KeyboardInterrupt:
        print("\nthe live view is closed", file=sys.stderr)
    finally:
        server.stop_serving()


def started(experiment: Experiment) -> ServerStarlette:
    """The server, answering; it runs in a thread of its own."""
    os.environ.update(SETTINGS)  # read when solara is first imported
    check_packages()
    settings: Dashboard = experiment.setting("dashboard")
    port = settings.port
    check_port(port)
    from solara.server import app
    from solara.server.starlette import ServerStarlette

    from caresim.tasks.dashboard import show

    # The warning is about pages that are shown within others, which this one is not.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    print("setting up the world ...", file=sys.stderr, flush=True)
    show.Show(experiment)  # errors show here, and the model is compiled before anybody waits for it
    page = importlib.import_module(PAGE)
    page.SERVED[:] = [experiment]
    app.apps["__default__"] = script = app.AppScript(f"{PAGE}:Page")
    script.init()
    # Within one machine, compressing a frame takes longer than sending it.
    server = ServerStarlette(port, HOST, log_level="warning", ws_per_message_deflate=False)
    server.serve_threaded()
    server.wait_until_serving()
    return server


def check_packages() -> None:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        problem = f"needs packages that are not installed ({', '.join(missing)}): pip install 'caresim[live]'"
        raise BadInput("task", "dashboard", problem)


def check_port(port: int) -> None:
    if port == 0:
        return
    with socket.socket() as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((HOST, port))
        except OSError as problem:
            allowed = f"cannot be had ({problem.strerror}); dashboard.port=0 takes any that is free"
            raise BadInput("dashboard.port", port, allowed) from None
