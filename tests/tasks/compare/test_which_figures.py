"""`figures=none|few|all`: which figures a comparison leaves."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

import caresim
from caresim.config.errors import BadInput
from caresim.measure.metrics import FILES
from caresim.tasks.compare.figure import MOST_OF_FEW, ComparisonFigure, few, slides
from caresim.tasks.compare.figures import FIGURES, chosen, save_all

QUEUE = ("experiment=queue", "queue.customers=200 people", "queue.warm_up=0 %", "replications=2")


def names(headline: list[str], figures: Iterable[ComparisonFigure] | None = None) -> list[str]:
    return [figure.name for figure in few(FIGURES.values() if figures is None else figures, headline)]


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        (["csat", "answered_60", "resolved"], ["differences", "satisfaction", "resolution", "waits"]),
        (["mood_area", "csat", "answered_60"], ["differences", "satisfaction", "mood", "waits"]),
        (["cost"], ["differences", "satisfaction", "cost", "headline"]),
        (["phone_asa", "occupancy"], ["differences", "waits", "waiting", "duty"]),
    ],
)
def test_few_are_those_of_the_headline_metrics(headline: list[str], expected: list[str]) -> None:
    assert names(headline) == expected


def test_few_are_four_at_most_and_those_that_there_are() -> None:
    assert len(names(["csat", "answered_60", "resolved", "mood_area", "cost"])) == MOST_OF_FEW
    assert names(["cost"], [FIGURES["cost"]]) == ["cost"]


def test_what_a_figure_is_about_is_a_file_of_metrics() -> None:
    files = {file.__name__.rpartition(".")[2] for file in FILES}
    assert set().union(*(figure.about for figure in FIGURES.values())) == files


def test_every_word_is_followed(make_results: Any, tmp_path: Path) -> None:
    made = make_results(staffings=3, replications=4)
    counts = {}
    for word in ("none", "few", "slides", "all"):
        made.experiment.setting = {"figures": word}.get
        counts[word] = len(chosen(made))
    assert counts == {
        "none": 0,
        "few": MOST_OF_FEW,
        "slides": counts["all"] - 2,
        "all": len([each for each in FIGURES.values() if each.applies(made)]),
    }
    made.experiment.setting = {"figures": "few"}.__getitem__
    assert len(save_all(made, tmp_path)) == 2 * MOST_OF_FEW


def test_another_word_is_refused() -> None:
    with pytest.raises(BadInput, match=r"figures.*some.*none, few, slides, all"):
        caresim.load("figures=some")


def test_by_default_those_are_drawn_that_say_one_thing_each() -> None:
    """The crowded ones on request; that of the public mood where it is asked for."""
    assert caresim.load().setting("figures") == "slides"
    mine = [figure.name for figure in slides(FIGURES.values(), ["useful_60", "csat_all", "ordinary_answered"])]
    assert set(FIGURES) - set(mine) == {"latency", "backlog", "mood"}
    assert "mood" in [figure.name for figure in slides(FIGURES.values(), ["mood_area"])]


def run(words: list[str], place: Path, matplotlib: bool) -> Path:
    """The command line in a process of its own; where it must not draw, Matplotlib cannot be loaded."""
    forbid = "" if matplotlib else "import sys; sys.modules['matplotlib'] = None; "
    code = f"{forbid}from caresim.__main__ import command; import sys; sys.exit(command(sys.argv[1:]))"
    whole = [sys.executable, "-c", code, *QUEUE, f"output_dir={place}", *words]
    done = subprocess.run(whole, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.splitlines()[-1])


def test_none_draws_nothing_and_does_not_even_load_matplotlib(tmp_path: Path) -> None:
    folder = run(["figures=none"], tmp_path, matplotlib=False)
    files = {file.name for file in folder.iterdir()}
    assert "figures" not in files
    assert {"summary.csv", "comparison.csv", "curves.parquet", "manifest.json"} < files
    loaded = caresim.Results.load(folder)
    assert loaded.experiment.setting("figures") == "none"
    assert loaded.plot.latency() is not None


def test_a_sweep_without_figures_leaves_its_tables(tmp_path: Path) -> None:
    folder = run(["-m", "figures=none", "queue.servers=9,10"], tmp_path, matplotlib=False)
    assert {file.name for file in folder.iterdir() if file.is_file()} == {"sweep.csv", "report.html", "results.xlsx"}
    assert not [run for run in folder.iterdir() if (run / "report.html").exists()]  # one for all of them
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "queue.servers=9,10" in page
    assert "<img" not in page
