"""Figures on axes of one's own: of some staffing models, of one metric; what there is not is refused."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from tests.support.figure_words import visible_panels, words
from tests.support.made_results import MODELS, build
from tests.support.on_axes import artists, drawn_on_a_part, drawn_on_axes

from caresim.config.errors import BadInput
from caresim.report.style import PALETTE
from caresim.tasks.compare.figures import FIGURES, plots

ON_AXES = [name for name, figure in FIGURES.items() if figure.panel]
OF_ALL = [name for name in ON_AXES if not FIGURES[name].of_one]
OF_ONE = [name for name in ON_AXES if FIGURES[name].of_one]


@pytest.fixture(scope="module")
def plot() -> dict[str, Any]:
    return plots(build(staffings=3, replications=8))


def test_all_figures_but_the_one_of_several_metrics_can_be_drawn_on_axes() -> None:
    assert set(FIGURES) - set(ON_AXES) == {"headline"}
    assert set(OF_ONE) == {"backlog", "duty"}


@pytest.mark.parametrize("name", ON_AXES)
def test_what_is_drawn_is_on_the_axes_given_and_nowhere_else(plot: dict[str, Any], name: str) -> None:
    drawn_on_axes(plot[name])


@pytest.mark.parametrize("name", ON_AXES)
def test_axes_of_a_part_of_a_figure_do(plot: dict[str, Any], name: str) -> None:
    drawn_on_a_part(plot[name])


@pytest.mark.parametrize("name", FIGURES)
def test_without_axes_it_is_a_page(plot: dict[str, Any], name: str) -> None:
    assert isinstance(plot[name](), Figure)


@pytest.mark.parametrize("name", FIGURES)
def test_signatures_are_real(plot: dict[str, Any], name: str) -> None:
    parameters = inspect.signature(plot[name]).parameters
    assert list(parameters)[-2:] == ["models", "ax"] if name in ON_AXES else list(parameters)[-1] == "models"
    assert all(one.kind is not one.VAR_POSITIONAL for one in parameters.values())
    assert "`models`" in plot[name].__doc__
    assert plot[name].__name__ == name
    with pytest.raises(TypeError, match="colour"):
        plot[name](colour="red")


def texts(axes: Axes) -> str:
    return " ".join(text.get_text() for text in axes.texts).replace("\n", " ")


@pytest.mark.parametrize("name", OF_ALL)
def test_the_staffing_models_asked_for_are_shown(plot: dict[str, Any], name: str) -> None:
    assert "Hybrid" not in words(plot[name]())
    said = texts(drawn_on_axes(lambda ax: plot[name](models=MODELS[1], ax=ax)))
    assert "Call centre 24/7" in said
    assert "Social team" not in said
    assert "funded" not in said


@pytest.mark.parametrize("name", OF_ONE)
def test_a_figure_of_one_staffing_model_shows_the_baseline_unless_another_is_named(
    plot: dict[str, Any], name: str
) -> None:
    assert drawn_on_axes(plot[name]).get_title(loc="left").startswith("Social team")
    other = drawn_on_axes(lambda ax: plot[name](models=MODELS[1], ax=ax))
    assert other.get_title(loc="left").startswith("Call centre 24/7")
    with pytest.raises(BadInput, match="must name one staffing model"):
        plot[name](models=MODELS[:2], ax=Figure().subplots())


@pytest.mark.parametrize("name", FIGURES)
def test_a_page_shows_the_staffing_models_asked_for(plot: dict[str, Any], name: str) -> None:
    said = words(plot[name](models=[MODELS[2], MODELS[0]]))
    assert "24/7 funded" in said
    assert "Call centre 24/7 " not in said.replace("24/7 funded", "")


def test_colours_and_verdicts_are_those_of_all(plot: dict[str, Any]) -> None:
    alone = drawn_on_axes(lambda ax: plot["differences"](models=MODELS[2], ax=ax))
    among = drawn_on_axes(plot["differences"])
    (name,) = [text for text in alone.texts if "funded" in text.get_text()]
    assert name.get_color() == PALETTE[2]
    assert [text.get_text() for text in alone.texts if "better" in text.get_text()] == [
        text.get_text() for text in among.texts if "better" in text.get_text()
    ]


def test_a_metric_is_chosen(plot: dict[str, Any]) -> None:
    assert drawn_on_axes(plot["differences"]).get_title(loc="left") == "Satisfaction, all affected with a need"
    cost = drawn_on_axes(lambda ax: plot["differences"]("cost", ax=ax))
    assert cost.get_title(loc="left") == "Cost °"
    assert len(visible_panels(plot["differences"](["cost", "csat", "paid_hours"]))) == 3
    assert len(visible_panels(plot["headline"](["cost", "csat"]))) == 2
    assert len(visible_panels(plot["mood"](["posts", "mood"]))) == 2
    assert len(visible_panels(plot["waits"]("phone"))) == 1
    posts = drawn_on_axes(lambda ax: plot["mood"]("posts", ax=ax))
    assert posts.get_title(loc="left") == "All public posts"
    for name in ("waits", "latency"):
        phone = drawn_on_axes(lambda ax, name=name: plot[name](group="phone", ax=ax))
        assert phone.get_title(loc="left").startswith("Phone")


def test_what_was_on_the_axes_stays(plot: dict[str, Any]) -> None:
    axes = Figure().subplots()
    mine = axes.axvspan(0, 60)
    plot["waiting"](ax=axes)
    assert mine in artists(axes)


REFUSED = {
    "a metric near another": (
        "differences",
        {"metric": "csatt"},
        "metric = 'csatt': unknown metric, did you mean csat",
    ),
    "no metric": ("differences", {"metric": []}, "must name at least one metric"),
    "no name": ("differences", {"metric": 3}, "must be the name of a metric, or a list of such names"),
    "five metrics": ("headline", {"metric": ["cost", "csat", "resolved", "paid_hours", "overload"]}, "at most 4"),
    "a model near another": ("waits", {"models": "social_tean"}, "unknown staffing model, did you mean social_team"),
    "the baseline alone": ("differences", {"models": "social_team"}, "leaves nothing to compare"),
    "a group that nobody used": ("waits", {"group": "fax"}, "group = 'fax': unknown group of media"),
    "a series": ("mood", {"series": "post"}, "did you mean posts"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_there_is_not_is_refused(plot: dict[str, Any], what: str) -> None:
    name, asked, told = REFUSED[what]
    with pytest.raises(BadInput, match=told):
        plot[name](**asked)


@pytest.mark.parametrize("name", ON_AXES)
def test_what_is_no_axes_is_refused(plot: dict[str, Any], name: str) -> None:
    for wrong in (Figure(), Figure().subplots(1, 2), "first"):
        with pytest.raises(BadInput, match="must be one Axes of Matplotlib"):
            plot[name](ax=wrong)


def test_two_metrics_have_no_room_on_one_axes(plot: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="must name one metric"):
        plot["differences"](["cost", "csat"], ax=Figure().subplots())
