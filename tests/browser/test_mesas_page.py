"""Mesa's own page of the documentation, in a real browser: our component beside Mesa's, Mesa's controls."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.support.waiting import PATIENCE_S, wait_for
from tests.support.windows import Window, answers, free_port

DOCS = Path(__file__).parents[2] / "docs" / "live.md"


def test_the_snippet_shows_a_model_that_mesa_drives(browser, tmp_path, picture):
    (snippet,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), flags=re.DOTALL)
    app, port = tmp_path / "app.py", free_port()
    app.write_text(
        snippet.replace('"experiment=tokyo"', '"experiment=tokyo", "population.scale=0.05"'), encoding="utf-8"
    )
    command = [sys.executable, "-m", "solara", "run", str(app), f"--port={port}", "--host=127.0.0.1", "--no-open"]
    quiet = {"SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False"}
    with (tmp_path / "log.txt").open("w") as told:
        server = subprocess.Popen(command, stdout=told, stderr=told, env=os.environ | quiet)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/"), "Mesa's page")
        window = Window(browser, f"http://127.0.0.1:{port}/", {"width": 1366, "height": 900}, "light")
        before = window.clock
        window.do(lambda: window.page.get_by_text("Step", exact=True).first.click(timeout=PATIENCE_S * 1000))
        window.page.wait_for_function(
            "before => !before.startsWith(document.querySelector('.hour').innerText)", arg=before
        )
        picture(window, "mesas_page")
        assert window.wrong == []
        window.context.close()
    finally:
        server.terminate()
        server.wait(PATIENCE_S)
