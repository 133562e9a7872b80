"""Progress in a notebook: a bar that moves, and one line at its end; anywhere else nothing."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

import caresim
from caresim.run import notebook_progress, progress
from caresim.run.notebook_progress import InNotebook, watching
from caresim.run.progress import Nobody


class Page:
    """What a notebook's page shows, and what was there before."""

    def __init__(self) -> None:
        self.shown: list[dict[str, str]] = []
        self.displays = 0

    def display(self, content: dict[str, str], raw: bool, display_id: bool) -> Page:
        assert raw
        assert display_id
        self.displays += 1
        self.shown.append(content)
        return self

    def update(self, content: dict[str, str], raw: bool) -> None:
        assert raw
        self.shown.append(content)

    @property
    def lines(self) -> list[str]:
        return [content["text/plain"] for content in self.shown]


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    """A page of a notebook, in which this process runs."""
    shown = Page()
    shell = SimpleNamespace(kernel=object())
    jupyter = SimpleNamespace(get_ipython=lambda: shell, display=SimpleNamespace(display=shown.display))
    monkeypatch.setitem(sys.modules, "IPython", jupyter)
    return shown


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    time = [0.0]
    for module in (progress, notebook_progress):
        monkeypatch.setattr(module.time, "monotonic", lambda: time[0])
    return time


def test_a_bar_moves_and_gives_way_to_one_line(page: Page, now: list[float]) -> None:
    with watching("runs") as watch:
        watch.expect(1200)
        for second in (1.0, 2.0, 3.0):
            now[0] = second
            watch.done(400, resumed=False)
    assert page.displays == 1
    assert page.lines == [
        "0 of 1,200 runs",
        "400 of 1,200 runs, 400.0 runs/s, 2 s left",
        "800 of 1,200 runs, 400.0 runs/s, 1 s left",
        "1,200 of 1,200 runs, 400.0 runs/s",
        "1,200 runs",
    ]
    assert '<progress value="400" max="1200"></progress>' in page.shown[1]["text/html"]
    assert "<progress" not in page.shown[-1]["text/html"]


def test_it_does_not_move_more_often_than_is_seen(page: Page, now: list[float]) -> None:
    with watching() as watch:
        watch.expect(1000)
        for step in range(1000):
            now[0] = step / 1000
            watch.done(1, resumed=False)
    assert len(page.shown) < 10


def test_points_are_counted_as_points(page: Page, now: list[float]) -> None:
    with watching("points") as watch:
        watch.expect(4)
        now[0] = 2.0
        watch.done(1, resumed=False)
        now[0] = 10.0
        watch.done(1, resumed=False)
    assert page.lines[1:3] == ["1 of 4 points, 0.5 points/s, 6 s left", "2 of 4 points, 5 s a point, 10 s left"]


def test_an_error_is_said(page: Page) -> None:
    def interrupted() -> None:
        with watching("runs") as watch:
            watch.expect(10)
            watch.done(4, resumed=False)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert page.lines[-1] == "4 runs, then KeyboardInterrupt"


def test_compiling_is_said_while_it_lasts(page: Page) -> None:
    with watching("runs") as watch:
        watch.compiling()
        watch.compiled(9.0)
        watch.expect(2)
        watch.done(2, resumed=True)
    assert "compiling the model" in page.lines[0]
    assert page.lines[-1] == "2 runs"
    assert page.displays == 1


def test_nothing_is_shown_where_nothing_runs(page: Page) -> None:
    with watching():
        pass
    assert not page.shown


def test_outside_a_notebook_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    with watching() as watch:
        assert isinstance(watch, Nobody)
    terminal = SimpleNamespace(get_ipython=lambda: SimpleNamespace())
    monkeypatch.setitem(sys.modules, "IPython", terminal)
    with watching() as watch:
        assert isinstance(watch, Nobody)
    assert issubclass(InNotebook, progress.Progress)


def test_what_takes_long_tells_the_page(page: Page, tmp_path: Any) -> None:
    experiment = caresim.load(
        "experiment=queue", "queue.customers=200", "replications=4", f"output_dir={tmp_path}", "record=none"
    )
    caresim.compare(experiment, workers=1)
    assert page.lines[-1] == "4 runs (staffing models x replications)"
    caresim.sweep(experiment, {"queue.servers": [10, 0, 12]}, ["phone_asa"])
    assert page.lines[-1] == "3 points"
