"""The live view in a real browser: a server of its own, Debian's Chromium, and an eye on all that goes wrong.

CARESIM_SCREENSHOTS names a folder for the pictures; left out, they go to pytest's own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

import pytest
from tests.support.waiting import PATIENCE_S, wait_for
from tests.support.windows import LAPTOP, Window, answers, free_port

CHROMIUM = shutil.which("chromium")
"""The system's own: none that Playwright has fetched."""
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP *.example 127.0.0.1",  # what somebody with a name server of their own can do, too
]


COLOURS = """() => [...document.querySelectorAll('.stage canvas')].map((each) => {
  const pixels = each.getContext('2d').getImageData(0, 0, each.width, each.height).data;
  return new Set(new Uint32Array(pixels.buffer)).size;
})"""
"""How many colours each drawing has."""


class Served(NamedTuple):
    url: str
    process: subprocess.Popen
    port: int
    log: Path

    def resources(self) -> dict:
        """What the server says of its windows."""
        with urlopen(self.url + "resourcez", timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def windows(self) -> int:
        """How many windows have models here."""
        return self.resources()["kernels"]["total"]


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    """The command line's own server, at full size: 20,000 passengers and more."""
    port = free_port()
    words = ["experiment=tokyo", "task=dashboard", "population.scale=1.25"]
    words += [f"dashboard.port={port}", "dashboard.open_browser=false"]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with log.open("w") as told:
        process = subprocess.Popen([sys.executable, "-m", "caresim", *words], stdout=told, stderr=told)
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_for(lambda: answers(url) or process.poll() is not None, "the server")
        assert process.poll() is None, log.read_text()
        yield Served(url, process, port, log)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
    assert "Traceback" not in log.read_text(), log.read_text()


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on the path")
        pytest.skip("no Chromium on the path: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def window(browser, served):
    """Opens windows; at the end none of them may have complained about anything."""
    opened: list[Window] = []

    def window(size: dict = LAPTOP, scheme: str = "light") -> Window:
        opened.append(Window(browser, served.url, size, scheme))
        return opened[-1]

    yield window
    wrong = [each for one in opened for each in one.wrong]
    for one in opened:
        one.context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def picture(tmp_path_factory):
    """Write a picture of a window, and see that there is something on it."""
    folder = Path(os.environ.get("CARESIM_SCREENSHOTS") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)

    def picture(window: Window, name: str) -> None:
        wait_for(lambda: min(window.page.evaluate(COLOURS)) > 5, "every drawing to have something on it")
        window.page.screenshot(path=folder / f"{name}.png")

    return picture
