"""One look for every figure: its colours, type, the page it stands on, and how it is written to a file."""

from __future__ import annotations

import functools
import io
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, ParamSpec

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from caresim.config.labels import spoken_of
from caresim.inference import verdict

P = ParamSpec("P")

BLACK, BLUE, VERMILLION, GREEN, ORANGE, PURPLE, SKY = (
    "#000000", "#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9",
)  # fmt: skip
"""Okabe and Ito (2008): colour-blind readers can tell them apart."""
PALETTE = (
    BLACK,  # the first staffing model is as a rule the baseline
    BLUE,
    VERMILLION,
    GREEN,
    ORANGE,
    PURPLE,
    SKY,
    "#7A3B69",
    "#8C8C8C",
    "#A6961F",  # Okabe and Ito's yellow, darkened: theirs cannot be read on white
)
"""The colours of staffing models, in the order of the experiment. A medium has its colour in its row (model/media.py).

In one figure a colour means a staffing model or a medium, never both.
"""

BETTER, WORSE, SAME, OPEN = "#00795A", "#C04A00", "#6E6E6E", BLACK
VERDICT_COLOURS = {verdict.BETTER: BETTER, verdict.WORSE: WORSE, verdict.SAME: SAME, verdict.UNDECIDED: OPEN}
"""The colour of a verdict; the word always stands beside the colour."""
DETAIL_COLOURS = VERDICT_COLOURS | {
    verdict.SURELY_BETTER: BETTER,
    verdict.SURELY_WORSE: WORSE,
    verdict.DEPENDS: OPEN,
}
"""The colour of a finer verdict."""
INSIDE, PARTLY, OUTSIDE = BETTER, "#8A6D00", WORSE
"""The colour of an observation: inside its band, partly inside, outside."""
SCORES = {1: "#B24300", 2: "#EFA06A", 3: "#E4E4E4", 4: "#86BCE0", 5: "#0063A0"}
"""From dissatisfied to satisfied: vermillion to blue, told apart by colour-blind readers and in grey."""

INK, QUIET, FAINT, NIGHT = "#1A1A1A", "#5A5A5A", "#D9D9D9", "#EEF0F5"
MARGIN, NO_DIFFERENCE = "#EDEDED", "#808080"
"""Where a difference is too small to matter, and the line of no difference."""
GAVE_UP, WAITING = "#9A9A9A", "#EFEFEF"
"""What became of a request that was not answered."""
TAKEN, LEFT_EMPTY = BLUE, "#C9C9C9"
"""What became of a free seat."""
TOLERATED, EVERY_OTHER_ROW, BETWEEN_ROWS = "#E3E7EC", "#F7F7F7", "#E8E8E8"
"""The band around an observation; what leads the eye along the rows of a figure."""
PALE_BLUE = "#A9CDE4"
"""Waiting in a story, beside work in blue."""
SOON = ("#0B4A5C", "#3C839B", "#93BFCC", "#D3E5EA")
"""How soon somebody is answered, the sooner the darker: of no staffing model and of no medium."""
MUCH = ("#F4F6F7", "#C9DCE2", "#8FB8C6", "#4C8CA3", "#1B5F78", "#082F3D")
"""From none to many people, on duty or waiting: the ends and what lies between."""
TITLE_LINE = 0.36
"""Inches that a further line of a figure's title takes."""
WIDTH = 13.33
"""Inches: the width of a 16:9 slide."""
FILE_DPI, NOTEBOOK_DPI = 150, 96
KINDS = ("png", "svg")
"""A picture and a drawing: what every figure is written as."""

RULES = {
    "font.family": "DejaVu Sans",  # ships with matplotlib: the same letters on every machine
    "font.size": 12,
    "text.parse_math": False,  # a dollar in somebody's label is a dollar
    "axes.titlesize": 13,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 12,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "xtick.labelsize": 11,
    "ytick.labelsize": 11,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "lines.linewidth": 2.0,
    "lines.solid_capstyle": "round",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.hashsalt": "caresim",
    "svg.fonttype": "path",
    "path.simplify": True,
    "path.simplify_threshold": 0.3,
    "timezone": "UTC",
}

_drawing = threading.RLock()


@contextmanager
def look() -> Iterator[None]:
    """The project's rules for the length of a block. Matplotlib's rules are global, so one thread draws at a time."""
    with _drawing, matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(RULES)
        yield


def drawn(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """`draw` with the project's look, whatever rules the caller has set; these stay as they were.

    Names are those of the experiment of what is drawn; a table has none, and leaves them as they are.
    """

    @functools.wraps(draw)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with look(), named_by(*args[:1]):
            return draw(*args, **kwargs)

    return wrapper


def named_by(subject: object = None) -> AbstractContextManager[None]:
    """For the length of a block, names are those that the experiment of what is drawn gives, if it has one."""
    experiment = getattr(subject, "experiment", None)
    return spoken_of(experiment) if hasattr(experiment, "staffing") else nullcontext()


def colours(staffings: Sequence[str]) -> dict[str, str]:
    """A colour for every staffing model, by its place in the experiment."""
    return {name: PALETTE[place % len(PALETTE)] for place, name in enumerate(staffings)}


class Page(Figure):
    """A figure that a notebook shows by itself: it belongs to no window, so `%matplotlib inline` is not needed."""

    def _repr_png_(self) -> bytes:
        return _bytes(self, "png", NOTEBOOK_DPI, {})


def page(title: str, subtitle: str, width: float = WIDTH, height: float = 7.5) -> Figure:
    """An empty figure of `width` x `height` inches with its title and one or two quiet lines below it.

    Each line of the title beyond the first takes TITLE_LINE inches more.
    """
    figure = Page(figsize=(width, height))
    FigureCanvasAgg(figure)
    figure.text(0.35 / width, 1 - 0.22 / height, title, size=20, weight="bold", va="top")
    figure.text(
        0.35 / width,
        1 - (0.66 + TITLE_LINE * title.count("\n")) / height,
        subtitle,
        size=12,
        color=QUIET,
        va="top",
        linespacing=1.35,
    )
    return figure


def panels(
    figure: Figure,
    rows: int,
    columns: int,
    *,
    left: float = 1.0,
    right: float = 0.4,
    top: float = 1.4,
    bottom: float = 0.8,
    across: float = 0.4,
    down: float = 0.7,
    heights: Sequence[float] | None = None,
    widths: Sequence[float] | None = None,
    **shared: Any,
) -> np.ndarray:
    """Axes of shape (rows, columns). Margins and gaps between panels are in inches, so that text always fits."""
    width, height = figure.get_size_inches()
    room = (width - left - right - across * (columns - 1)) / columns
    rise = (height - top - bottom - down * (rows - 1)) / rows
    grid = figure.add_gridspec(
        rows,
        columns,
        left=left / width,
        right=1 - right / width,
        top=1 - top / height,
        bottom=bottom / height,
        wspace=across / room,
        hspace=down / rise,
        height_ratios=heights,
        width_ratios=widths,
    )
    return grid.subplots(squeeze=False, **shared)


def quiet_grid(axes: Axes, axis: str = "y") -> None:
    """Faint lines to read values off."""
    axes.grid(True, axis=axis, color=FAINT, linewidth=0.7)  # type: ignore[arg-type]


def save(figure: Figure, path: Path) -> Path:
    """Write a PNG (150 dots per inch) or an SVG.

    The bytes depend on the figure and the version of matplotlib alone. Nobody ever sees half a file.
    """
    part = path.with_name(f".{path.name}.part")
    kind = path.suffix.lstrip(".")
    undated = {"Date": None, "Creator": "caresim"} if kind == "svg" else {"Software": "caresim"}
    part.write_bytes(_bytes(figure, kind, FILE_DPI, undated))
    os.replace(part, path)
    return path


def save_both(figure: Figure, folder: str | Path, name: str) -> list[Path]:
    """Write the figure to `folder` as a picture (name.png) and as a drawing (name.svg); returns both paths."""
    return [save(figure, Path(folder) / f"{name}.{kind}") for kind in KINDS]


def _bytes(figure: Figure, kind: str, dpi: int, metadata: dict[str, str | None]) -> bytes:
    drawing = io.BytesIO()
    with look():
        options = {} if kind == "svg" else {"pil_kwargs": {"compress_level": 3}}
        figure.savefig(drawing, format=kind, dpi=dpi, metadata=metadata, **options)
    return drawing.getvalue()
