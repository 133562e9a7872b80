"""What a notebook asks of a figure of a comparison: some staffing models, a metric, axes of its own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.config.arguments import names_of, one_name
from caresim.config.errors import BadInput, choice
from caresim.report.style import colours
from caresim.tasks.compare.figure import ComparisonFigure

MODEL, METRIC = "staffing model", "metric"
OF_MODELS = (
    "`models`: the staffing models that are shown, by name (None: all). Their intervals, verdicts and colours stay."
)
ON_AXES = "`ax`: Matplotlib's axes, which get one panel ({panel}) and are returned. None: all panels on a page."
OF_ITS_OWN = "It has a page of its own, and takes no `ax`."


class Chosen:
    """Some results, seen with some of their staffing models alone. Tables are those of all."""

    def __init__(self, results: Any, staffings: Iterable[str]) -> None:
        self.whole, self.staffings = results, list(staffings)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole, name)


def palette_of(results: Any) -> dict[str, str]:
    """The colour of every staffing model by its place in the experiment, whichever are shown."""
    return colours((results.whole if isinstance(results, Chosen) else results).staffings)


def rivals(results: Any) -> list[str]:
    """The staffing models that are shown, without the baseline. BadInput where the baseline alone was asked for."""
    names = [name for name in results.staffings if name != results.baseline]
    if not names and isinstance(results, Chosen):
        raise BadInput("models", results.staffings, f"leaves nothing to compare with the baseline; {_others(results)}")
    return names


def _others(results: Chosen) -> str:
    return choice(name for name in results.whole.staffings if name != results.baseline)


def asked_metrics(metric: str | Iterable[str] | None, there: Iterable[str], otherwise: Iterable[str]) -> list[str]:
    """The metrics that are asked for, of those `there`; where none is, the others."""
    return list(otherwise) if metric is None else names_of(METRIC, metric, there, METRIC)


def plotting(figure: ComparisonFigure, results: Any) -> Callable[..., Figure | Axes]:
    """What `results.plot` has by the figure's name: a function with a signature of its own.

    It takes what `figure.draw` takes behind the results, then `models` and, where the figure has a panel for them,
    `ax`.
    """
    signature = signature_of(figure)

    @functools.wraps(figure.draw)
    def plot(*args: Any, **options: Any) -> Figure | Axes:
        asked = signature.bind(*args, **options).arguments
        models, axes = asked.pop("models", None), asked.pop("ax", None)
        if axes is None or figure.panel is None:
            return figure.draw(_seen(results, models), **asked)
        if not figure.of_one:
            return figure.panel(axes, _seen(results, models), **asked)
        name = results.baseline if models is None else one_name("models", models, results.staffings, MODEL)
        return figure.panel(axes, Chosen(results, [name]), **asked)

    plot.__signature__ = signature  # type: ignore[attr-defined]
    about_axes = ON_AXES.format(panel=_first_line(figure.panel)) if figure.panel else OF_ITS_OWN
    plot.__doc__ = f"{inspect.getdoc(figure.draw)}\n\n{OF_MODELS}\n{about_axes}"
    return plot


def signature_of(figure: ComparisonFigure) -> inspect.Signature:
    """What `figure.draw` takes but the results, then what every figure takes."""
    _, *own = inspect.signature(figure.draw).parameters.values()
    more = [("models", "str | Sequence[str] | None"), *([("ax", "Axes | None")] if figure.panel else [])]
    common = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind) for name, kind in more
    ]
    return inspect.Signature([*own, *common], return_annotation="Figure | Axes" if figure.panel else "Figure")


def _seen(results: Any, models: Any) -> Any:
    """The results with the staffing models asked for."""
    return results if models is None else Chosen(results, names_of("models", models, results.staffings, MODEL))


def _first_line(function: Any) -> str:
    line: str = (inspect.getdoc(function) or "").split("\n")[0]
    return f"{line[0].lower()}{line[1:]}".rstrip(".")
