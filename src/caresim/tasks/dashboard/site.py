"""What the live view answers: Solara's page behind a gate, without the parts that this page does not use."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

from caresim.config.experiment import Experiment
from caresim.tasks.dashboard.address import Address
from caresim.tasks.dashboard.gate import Gate

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

PAGE = "caresim.tasks.dashboard.window"
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


def site(experiment: Experiment, address: Address) -> Gate:
    """The application that shows an experiment."""
    os.environ.update(SETTINGS)  # read when solara is first imported
    from solara.server import app, settings, starlette
    from starlette.applications import Starlette

    page = importlib.import_module(PAGE)
    page.SERVED[:] = [experiment]
    app.apps["__default__"] = script = app.AppScript(f"{PAGE}:Page")
    script.init()
    # Left out, the first request decides on them.
    settings.main.root_path = address.proxy.path if address.proxy else ""
    settings.main.base_url = f"{address.proxy.origin}{address.proxy.path}" if address.proxy else address.url
    settings.assets.extra_locations = []
    return Gate(Starlette(routes=routes(), lifespan=starlette.lifespan), address)


def routes() -> list[BaseRoute]:
    """Solara's own for the page and its windows. Files come from folders alone.

    Solara's own route to its assets fetches what is missing, and deletes a folder that is asked for.
    """
    from solara.server import server, settings, starlette
    from starlette.routing import Mount, Route, WebSocketRoute
    from starlette.staticfiles import StaticFiles

    return [
        Route("/", endpoint=starlette.root),
        Route("/resourcez", endpoint=starlette.resourcez),
        WebSocketRoute("/jupyter/api/kernels/{kernel_id}/{name}", endpoint=starlette.kernel_connection),
        Route("/_solara/api/close/{kernel_id}", endpoint=starlette.close, methods=["POST"]),
        Mount("/_solara/cdn", app=StaticFiles(directory=settings.assets.proxy_cache_dir)),
        Mount("/static/assets", app=starlette.StaticAssets()),
        Mount("/jupyter/nbextensions", app=starlette.StaticNbFiles()),
        Mount("/static", app=StaticFiles(directory=server.solara_static)),
    ]
