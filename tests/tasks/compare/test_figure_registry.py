"""A figure of a comparison is one file: found by its name, in its place, refused when something is missing."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from caresim.report.style import page
from caresim.run.results import Figures
from caresim.tasks.compare import figures
from caresim.tasks.compare.figure import always, comparison_figure, in_order
from caresim.tasks.compare.figures import FIGURES


def file_with(name: str, place: int) -> ModuleType:
    """A file that draws an empty figure."""

    def draw(results: object) -> object:
        return page(name, "")

    draw.__name__ = name
    module = ModuleType(f"figures.{name}")
    setattr(module, name, comparison_figure(place=place, applies=always)(draw))
    return module


def test_every_file_of_the_folder_is_a_figure():
    files = {file.stem for file in Path(figures.__file__).parent.glob("[a-z]*.py")}
    assert files == set(FIGURES)


SLIDES = ["waits", "waiting", "duty", "headline"]


def test_the_most_telling_stands_first():
    assert list(FIGURES) == ["differences", "latency", "satisfaction", "backlog", "mood", "resolution", "cost", *SLIDES]
    found = in_order({name: file_with(name, place) for name, place in (("late", 20), ("early", 10))})
    assert list(found) == ["early", "late"]


def test_results_plot_lists_and_draws_them(make_results):
    plot = Figures(make_results(staffings=2, replications=2))
    assert dir(plot) == sorted(FIGURES)
    assert plot.backlog().axes
    with pytest.raises(AttributeError, match="there is no figure scatter; there are backlog, cost"):
        _ = plot.scatter


@pytest.mark.parametrize("inside", ["nothing", "a plain function"])
def test_a_file_without_its_figure_is_refused(inside):
    module = ModuleType("figures.heat")
    if inside != "nothing":
        module.heat = lambda results: page("", "")  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r"figures.heat needs a function heat below @comparison_figure"):
        in_order({"heat": module})


def test_a_figure_without_its_condition_is_refused():
    with pytest.raises(TypeError, match="applies"):
        comparison_figure(place=10)  # type: ignore[call-arg]


def test_a_place_that_another_figure_has_is_refused():
    with pytest.raises(TypeError, match=r"figures.second: first has the place 10 already"):
        in_order({name: file_with(name, 10) for name in ("first", "second")})
