"""Stylised facts to hold simulated desks against: what was observed, where, and which runs and measure show it."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, StrictBool, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from caresim.config import paths, yaml_file
from caresim.config.base import NAME, Frozen, Named, Text, one_of
from caresim.config.clock import CLOCK, Clock
from caresim.config.errors import MISSING, BadInput, choice, complaint
from caresim.config.file_names import FileName, PathText
from caresim.config.own_words import parted, validated
from caresim.config.quantity import COUNTS, TIMES, Dimension, Quantity, plain
from caresim.config.raw import check_raw
from caresim.tasks.task import Key, Task

GROUP = "backtest"
HISTORY = "history"
"""What is held against days of a list of contacts, and against no list of facts."""
UNITS = {
    "min": Dimension("duration", TIMES, minimum=0),
    "share": Dimension("share", {"%": 0.01, "share": 1.0}, minimum=0, maximum=1),
    "points": Dimension("number", {"points": 0.01}, bare=True, minimum=-1, maximum=1),
    "number": Dimension("number", {"x": 1.0, "posts": 1.0, "calls": 1.0}, bare=True),
}
"""What a fact is measured in, and how its numbers are written; points are of a difference between two shares."""
SETTING = Dimension("duration", TIMES | {"%": 0.01} | dict.fromkeys(COUNTS, 1.0))
"""A number among the settings of a measure: a duration, a share or a count, always with its unit."""
BASELINE, ALL = "baseline", "all"
SETTINGS = ("replications", "seed", "workers", "i_have_time", "page", "output_dir")
NONE, FULL = "none", "full"
"""What the command line may set."""


def argument(raw: Any) -> float | str:
    """`07:00` in minutes after midnight, `60 min`, `10 %`, `20 calls` as a number, anything else as a word."""
    if isinstance(raw, str) and CLOCK.fullmatch(raw):
        return float(Clock.read(raw).minutes)
    if isinstance(raw, str) and not re.fullmatch(r"[\d.]+\s*[A-Za-z%]+", raw):
        return raw
    return SETTING.number(raw)


def _setting(raw: Any) -> str:
    argument(raw)
    return str(raw)


def _staffing(raw: Any) -> tuple[str, ...]:
    names = [raw] if isinstance(raw, str) else raw
    if not isinstance(names, list | tuple) or not names or not all(isinstance(name, str) for name in names):
        raise complaint(f"must be {BASELINE}, {ALL}, or a list of staffing models")
    return tuple(names)


class Fact(Frozen):
    """One thing that is known about real desks.

    `observed` holds the value, its source and, as its range, the band within which a simulated value is taken to agree.
    """

    what: Text
    target: Text
    """Where it stands in the list of targets, or the name of the case."""
    unit: one_of(*UNITS)  # type: ignore[valid-type]
    observed: Annotated[Quantity, PlainSerializer(plain)]
    or_more: StrictBool = False
    """The band has no upper end."""
    band_from: Text = ""
    """Where the band comes from."""
    given: StrictBool = False
    """A parameter was set to this observation, or with it in view: that it comes out again is no evidence."""
    theorem: Text | None = None
    """Why it follows from what was put in, whatever else the model does: that it comes out is no evidence either."""
    experiment: Text | None = None
    overrides: tuple[Text, ...] = ()
    staffing: Annotated[tuple[str, ...], BeforeValidator(_staffing)] = (BASELINE,)
    measure: Text | None = None
    settings: dict[str, Annotated[str, BeforeValidator(_setting)]] = Field(default_factory=dict)
    """Of the measure, as written."""
    over_runs: one_of("spread", "mean", "pooled") = "spread"  # type: ignore[valid-type]
    """spread: median and range of the replications. mean: mean of a share with its interval (a run has it or not).
    pooled: share of all persons of all replications, of the measure `observed`."""
    why_not: Text | None = None
    """The likely reason where it does not fit; shown only then."""
    not_computed: Text | None = None
    """Why nothing in the simulation corresponds to it."""

    @model_validator(mode="before")
    @classmethod
    def _in_its_unit(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping) or raw.get("unit") not in UNITS or "observed" not in raw:
            return raw
        observed = raw["observed"]
        if not isinstance(observed, Mapping) or not observed.get("source"):
            raise complaint("must be {value, range, source}", observed, "observed")
        try:
            return {**raw, "observed": UNITS[raw["unit"]].read(observed)}
        except PydanticCustomError as problem:
            context = problem.context or {}
            key = ".".join(filter(None, ("observed", context["key"])))
            raise complaint(context["allowed"], context["value"] if context["has_value"] else observed, key) from None

    @model_validator(mode="after")
    def _complete(self) -> Fact:
        if self.not_computed is not None:
            return self
        for key in ("experiment", "measure"):
            if getattr(self, key) is None:
                raise complaint("is required (or not_computed, with the reason)", None, key)
        if self.over_runs == "pooled" and self.measure != "observed":
            raise complaint("is of persons, whom only the measure observed counts", self.over_runs, "over_runs")
        if self.observed.low is None:
            raise complaint("is required: the band within which a simulated value agrees", None, "observed.range")
        if not self.band_from:
            raise complaint("is required: where the band comes from", None, "band_from")
        return self

    @property
    def put_in(self) -> bool:
        """Was a parameter set to it, or does it follow from what was put in? Then that it comes out is no evidence."""
        return self.given or self.theorem is not None

    @property
    def arguments(self) -> dict[str, float | str]:
        """The settings in canonical units: durations in minutes, shares 0-1, clock times in minutes after midnight."""
        return {name: argument(value) for name, value in self.settings.items()}

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest value that agree with what was observed (canonical units); NaN where there is no band."""
        if self.observed.low is None or self.observed.high is None:
            return math.nan, math.nan
        return self.observed.low, math.inf if self.or_more else self.observed.high


class Wrong(Frozen):
    """A model that is wrong on purpose: what a fact says of it shows whether the fact can notice anything."""

    what: Text
    overrides: tuple[Text, ...]


class Backtest(Frozen):
    """A list of facts, and how often the runs that show them are repeated."""

    name: FileName
    question: Text
    replications: Annotated[StrictInt, Field(ge=2)]
    seed: Annotated[StrictInt, Field(ge=0)] = 0
    workers: Annotated[StrictInt, Field(ge=1)] | None = None
    i_have_time: StrictBool = False
    page: one_of(NONE, FULL) = FULL  # type: ignore[valid-type]
    """full: report.html and results.xlsx are written; none: they are left out."""
    output_dir: PathText = "outputs"
    wrong: Annotated[dict[str, Wrong], Named] = Field(default_factory=dict)
    """By experiment."""
    facts: Annotated[dict[str, Fact], Named]


def load(name: str, settings: Mapping[str, Any] | None = None, config_dir: str | Path | None = None) -> Backtest:
    """The backtest conf/backtest/NAME.yaml with other `settings`; BadInput says what is wrong with either."""
    file = found(name, config_dir)
    for key, value in (settings or {}).items():
        if key not in SETTINGS:
            raise BadInput(key, value, f"is set by each fact of a backtest; {choice(SETTINGS, key)}")
    _, content = yaml_file.read(file)
    check_raw(content)
    return validated(Backtest, {**content, **(settings or {})} if isinstance(content, Mapping) else content)


def found(name: str, config_dir: str | Path | None) -> Path:
    """The file conf/backtest/NAME.yaml, or that of the folder which `--config-dir` names. BadInput: there is none."""
    folders = [Path(folder) / GROUP for folder in (config_dir, paths.conf()) if folder is not None]
    files = {file.stem: file for folder in reversed(folders) for file in sorted(folder.glob("*.yaml"))}
    if not NAME.fullmatch(name) or name not in files:
        raise BadInput(GROUP, name, f"no such file, {choice((*files, HISTORY), name)}")
    return files[name]


def check_settings(key: str, measure: Callable[..., float], settings: Mapping[str, Any]) -> None:
    """BadInput where the settings are not those that the measure takes; `key` is the fact's path."""
    parameters = list(inspect.signature(measure).parameters.values())[1:]
    names = [parameter.name for parameter in parameters]
    for name in settings:
        if name not in names:
            raise BadInput(f"{key}.settings.{name}", settings[name], choice(names, name))
    for parameter in parameters:
        path, is_word = f"{key}.settings.{parameter.name}", parameter.annotation in (str, "str")
        if parameter.name not in settings:
            if parameter.default is inspect.Parameter.empty:
                raise BadInput(path, MISSING, "is required by this measure")
        elif isinstance(settings[parameter.name], str) != is_word:
            wanted = "a word" if is_word else "a number with its unit, such as '60 min'"
            raise BadInput(path, settings[parameter.name], f"must be {wanted}")


def words(overrides: Sequence[str]) -> dict[str, Any]:
    """`key=value` words of the command line as a mapping, values read as YAML."""
    values = {}
    for key, value in parted(overrides, "replications=8"):
        try:
            values[key] = yaml_file.loads(value, key)
        except BadInput as problem:
            raise BadInput("command line", f"{key}={value}", f"cannot be read: {problem.allowed}") from None
    return values


TASK = Task(
    meaning="hold the simulated desks against what is known of real ones",
    example="task=backtest backtest=stylised_facts",
    keys=(
        Key(GROUP, "stylised_facts or a list of facts of your own; history, desks, signers or monthly: a file", "none"),
        Key("contacts", "the file of history, desks, signers or monthly: a CSV file or a workbook", "none"),
        Key("train, test", "until when, or how long, a file is fitted and then predicted", "as its file says"),
        Key("test_from", "history: the first day that is predicted", "the day after train"),
    ),
    no_sweep="a backtest is no sweep: leave out -m",
    own_configuration=True,
)
