"""What happened to one passenger under each staffing model: the same traveller, the same luck."""

from __future__ import annotations

import importlib
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caresim.config import price
from caresim.config.arguments import replication_of
from caresim.config.errors import BadInput
from caresim.run.uncertain import drawn

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.tasks.story.tale import Tale

FIGURE = "caresim.tasks.story.figure"
WIDTH = 100
"""Characters per line of the text."""
MARGIN = 9
COLUMNS = ("staffing", "time_min", "time", "operator", "channel", "desk", "event", "sentence", "anger")


@dataclass(frozen=True)
class Story:
    """One passenger's story: a tale for each staffing model, in the experiment's order.

    `passenger` is what was asked for, `who` a sentence on who it is, `person` their key, `row` their place in the
    baseline's passengers table; `times` says of which place the clock times are.
    """

    experiment: Experiment
    passenger: int | str
    replication: int
    person: int
    row: int
    who: str
    times: str
    tales: tuple[Tale, ...]

    @property
    def lead(self) -> str:
        """Who it is, how they were chosen, and what is equal."""
        is_chosen = isinstance(self.passenger, str) and self.passenger not in self.experiment.named
        how = f"{CHOSEN[str(self.passenger)]}. " if is_chosen else ""
        return f"{self.who}. {how}The same passenger and the same luck under every staffing model. {self.times}."

    @cached_property
    def text(self) -> str:
        """The tales one below the other, for a slide, a mail or a note; the same text every time."""
        parts = [f"{self.experiment.name}: what happened to one passenger", _filled(self.lead, "", "")]
        for tale in self.tales:
            lines = [tale.called, *(_filled(part, "", "  ") for part in tale.lead.split("\n"))]
            for line in tale.lines:
                if line.day:
                    lines.append(f"  {line.day}")
                lines.append(_filled(line.sentence, f"  {line.clock:<5}  ", " " * MARGIN))
            parts.append("\n".join(lines))
        return "\n\n".join(parts) + "\n"

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each event: staffing, time_min, time, operator, channel, desk, event, sentence, anger (0 to 1)."""
        import pandas as pd

        from caresim.measure.clock import wall_clock

        frame = pd.DataFrame([row for tale in self.tales for row in tale.rows], columns=list(COLUMNS))
        return frame.assign(time=wall_clock(self.experiment, frame["time_min"].astype(float)))

    def plot(self) -> Any:
        """The figure: lanes by operator and channel, anger above, a panel for each staffing model.

        It has a page of its own, and takes no axes: each panel is two that share their time.
        """
        # By name and at the last moment: Matplotlib takes seconds to load.
        return importlib.import_module(FIGURE).story(self)

    def __repr__(self) -> str:
        return f"Story({self.experiment.name}: {self.who}; {', '.join(tale.staffing for tale in self.tales)})"


CHOSEN = {
    "median": "Nearest the medians of satisfaction and of the wait for a first answer under the baseline",
    "worst": "The least satisfied under the baseline",
    "most_changed": "Whose satisfaction differs most between the baseline and another staffing model",
}


def story(experiment: Experiment, passenger: int | str | None = None, replication: int = 0) -> Story:
    """Choose the passenger, and follow them through one replication of every staffing model.

    `passenger`: a row of the baseline's passengers, the name of a named cohort, or a wish (None: the experiment's).
    BadInput says what is allowed.
    """
    from caresim.tasks.story.choose import introduction, key_of, row_of
    from caresim.tasks.story.tale import tale
    from caresim.tasks.story.vocabulary import Vocabulary
    from caresim.tasks.story.watch import watch

    replication = replication_of(replication)
    if replication >= experiment.replications:
        last = experiment.replications - 1
        raise BadInput("replication", replication, f"must be at most {last}: there are {last + 1} replications, from 0")
    passenger = experiment.setting("passenger") if passenger is None else passenger
    price.check(experiment, runs=len(experiment.compared))
    values = drawn(experiment, replication)
    person = key_of(values, passenger, replication)
    row, who, times, tales = 0, "", "", []
    for name in sorted(experiment.compared, key=lambda name: name != experiment.baseline):
        course, world, names = watch(values, name, replication, person)
        words = Vocabulary(values, names, world)
        if name == experiment.baseline:
            row, who, times = row_of(words, person), introduction(words, person), words.times
        tales.append(tale(name, course, words))
    return Story(experiment, passenger, replication, person, row, who, times, tuple(tales))


def write(story: Story, output_dir: str | Path, draw: Callable[[Story, Path], Any] | None = None) -> Path:
    """Write story.txt, story.csv, manifest.json and, when `draw` is given, figures/; returns the folder's path."""
    from caresim.run.block import content_hash
    from caresim.run.folder import origin, write_csv, write_manifest
    from caresim.run.output_dir import final_path, unfinished

    short = content_hash(story.experiment)[:6]
    with unfinished(Path(output_dir), f"{story.experiment.name}_story", short) as place:
        (place / "story.txt").write_text(story.text, encoding="utf-8")
        write_csv(story.table, place / "story.csv")
        if draw is not None:
            (place / "figures").mkdir()
            draw(story, place / "figures")
        told = {"passenger": story.passenger, "person": story.person, "row": story.row}
        write_manifest({**origin(story.experiment), **told, "replication": story.replication}, place)
        return final_path(place)


def _filled(text: str, first: str, rest: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False)
