"""A backtest: the runs that stylised facts ask for, each fact measured on them, and whether it comes out."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.config import price
from caresim.config.arguments import must_be_run
from caresim.config.compose import compose
from caresim.config.errors import BadInput, choice
from caresim.config.paths import experiments
from caresim.inference.observation_check import (
    INSIDE,
    NOT_COMPUTED,
    OUTSIDE,
    PARTLY,
    VERDICTS,
    Spread,
    average,
    pooled,
    spread,
    verdict,
)
from caresim.run.block import Finished, content_hash
from caresim.run.progress import Nobody, Watch
from caresim.run.resume import each_given, prepare
from caresim.run.uncertain import draw_of, drawn
from caresim.tasks.backtest.settings import ALL, BASELINE, Backtest, Fact, check_settings

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.measure.sample import Sample

Row = tuple[str, str, int, float, float]
"""Of a fact, by a model (OURS or WRONG) in a replication: its value, and of how many persons it is (NaN: of none)."""
OURS, WRONG = "ours", "wrong"
NOTICED, MISSED = "noticed", "not noticed"
"""Would a fact have noticed that its model is wrong: is the wrong model's value outside the band, or is there none?"""
COLUMNS = (
    *("fact", "what", "target", "source", "unit", "observed", "band_low", "band_high", "band_from"),
    *("given", "theorem", "put_in", "experiment", "overrides", "staffing", "replications"),
    *("simulated", "low", "high", "verdict", "reason"),
    *("wrong_model", "wrong_simulated", "wrong_low", "wrong_high", "wrong_noticed"),
)


VALUES = ("fact", "model", "replication", "value", "persons")


@dataclass
class Scene:
    """The runs that some facts share: an experiment with its overrides."""

    experiment: Experiment
    model: str = OURS
    facts: dict[str, Fact] = field(default_factory=dict)
    staffings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The staffing models of each fact, in its order."""

    @property
    def needed(self) -> list[str]:
        """Every staffing model that some fact looks at, in the order of the experiment."""
        wanted = {name for names in self.staffings.values() for name in names}
        return [name for name in self.experiment.compared if name in wanted]


@dataclass(frozen=True)
class Backtested:
    """What came out: `values` has a row per fact and replication, `table` a row per fact (COLUMNS)."""

    backtest: Backtest
    values: pd.DataFrame
    table: pd.DataFrame
    durations: dict[str, float]


def backtest(settings: Backtest, config_dir: str | Path | None = None, watch: Watch | None = None) -> Backtested:
    """Run everything that the facts ask for and measure them; facts whose experiment does not exist are left out,
    with the reason in the table. BadInput for a fact that cannot be read.
    """
    watch = watch or Nobody()
    started = time.perf_counter()
    scenes, reasons = scenes_of(settings, config_dir)
    if scenes:
        check_price(settings, scenes)
        prepare(scenes[0].experiment, watch)
    prepared = time.perf_counter()
    values = pd.DataFrame(list(measured(settings, scenes, watch)), columns=list(VALUES))
    values = values.sort_values(["fact", "model", "replication"], kind="stable", ignore_index=True)
    durations = {"prepare_s": prepared - started, "simulate_s": time.perf_counter() - prepared}
    return Backtested(settings, values, table_of(settings, values, scenes, reasons), durations)


def check_price(settings: Backtest, scenes: Sequence[Scene]) -> None:
    """BadInput where all runs are more than this machine has memory or, unless asked for, a day for."""
    price.check_workers(settings.workers)
    parts = []
    for scene in scenes:
        experiment = scene.experiment.model_copy(update={"workers": settings.workers})
        parts.append(price.price_of(experiment, float(min(settings.replications, price.MOST)) * len(scene.needed)))
    price.check_total(
        price.together(parts), settings.i_have_time, "replications", settings.replications, settings.replications, ""
    )


def scenes_of(settings: Backtest, config_dir: str | Path | None = None) -> tuple[list[Scene], dict[str, str]]:
    """The experiments to run, each once, and for each fact that cannot be computed the reason."""
    from caresim.tasks.backtest.stylised import MEASURES

    names = [name for name, _ in experiments(config_dir)]
    scenes: dict[tuple[str, ...], Scene] = {}
    reasons: dict[str, str] = {}
    for name, fact in settings.facts.items():
        if fact.not_computed is not None:
            reasons[name] = fact.not_computed
            continue
        assert fact.measure is not None
        if fact.measure not in MEASURES:
            raise BadInput(f"facts.{name}.measure", fact.measure, choice(MEASURES, fact.measure))
        check_settings(f"facts.{name}", MEASURES[fact.measure], fact.arguments)
        if fact.experiment not in names:
            reasons[name] = f"there is no experiment {fact.experiment} in this version"
            continue
        assert fact.experiment is not None
        wrong = settings.wrong.get(fact.experiment)
        for model, more in ((OURS, ()), *([(WRONG, wrong.overrides)] if wrong else [])):
            key = (model, fact.experiment, *fact.overrides)
            if key not in scenes:
                words = [f"experiment={fact.experiment}", *fact.overrides, *more, f"seed={settings.seed}"]
                scenes[key] = Scene(compose(words, config_dir), model)
            scene = scenes[key]
            scene.facts[name] = fact
            scene.staffings[name] = _staffings(f"facts.{name}.staffing", fact, scene.experiment)
            if len(scene.facts) == 1:
                check_price(settings, [scene])  # before the others are composed, which takes a while
    return list(scenes.values()), reasons


def _staffings(key: str, fact: Fact, experiment: Experiment) -> tuple[str, ...]:
    if fact.staffing == (ALL,):
        return experiment.compared
    names = (experiment.baseline,) if fact.staffing == (BASELINE,) else fact.staffing
    for name in names:
        must_be_run(experiment, name, key)
    return names


def measured(settings: Backtest, scenes: Sequence[Scene], watch: Watch) -> Iterator[Row]:
    """(fact, replication, value, persons) of every fact that can be computed, in the order of finished runs."""
    watch.expect(settings.replications * sum(len(scene.needed) for scene in scenes))
    # The longest runs first, so that no core waits for the last of them.
    order = sorted(scenes, key=lambda scene: -len(scene.experiment.population.cohorts))
    hashes = [_scene_hash(scene) for scene in order]
    names = {(place, number): f"{hashes[place]}{number:08x}"
             for place in range(len(order)) for number in range(settings.replications)}  # fmt: skip

    def in_words(job: tuple[int, int]) -> str:
        scene = order[job[0]]
        return f"{scene.experiment.name} ({scene.model}), replication {job[1]}"

    with closing(each_given(_replicate, order, names, settings.workers, in_words)) as each:
        for (place, _), (finished, resumed) in each:
            watch.done(len(order[place].needed), resumed)
            for row in finished.rows:
                yield row["fact"], row["model"], row["replication"], row["value"], row["persons"]


def _scene_hash(scene: Scene) -> str:
    """Of all that the values of a scene are computed from and by: 24 characters."""
    facts = {name: fact.model_dump(mode="json") for name, fact in scene.facts.items()}
    told = json.dumps([content_hash(scene.experiment), scene.model, facts, scene.staffings, _code()])
    return hashlib.sha256(told.encode()).hexdigest()[:24]


@lru_cache(maxsize=1)
def _code() -> str:
    """Of the files that measure facts."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.rglob("*.py")))


def _replicate(scenes: Sequence[Scene], job: tuple[int, int]) -> Finished:
    """Run a replication of every staffing model that a scene needs, and measure all its facts; `job`: the scene's place
    and the replication. A row a fact, with the columns of `Row`.
    """
    from caresim.measure.sample import Sample
    from caresim.scenario.run import run
    from caresim.tasks.backtest.stylised import MEASURES, persons_of

    place, replication = job
    scene = scenes[place]
    values = drawn(scene.experiment, replication)
    samples: dict[str, Sample] = {name: Sample(run(values, name, replication)) for name in scene.needed}
    finished = Finished()
    for name, fact in scene.facts.items():
        looked_at = [samples[staffing] for staffing in scene.staffings[name]]
        try:
            value = MEASURES[str(fact.measure)](looked_at, **fact.arguments)
        except BadInput as problem:
            raise BadInput(f"facts.{name}.settings.{problem.key}", problem.value, problem.allowed) from None
        persons = persons_of(looked_at, str(fact.arguments["name"])) if fact.over_runs == "pooled" else float("nan")
        row = (name, scene.model, replication, value, persons)
        finished.rows.append(dict(zip(VALUES, row, strict=True)))
    return finished


def table_of(
    settings: Backtest, values: pd.DataFrame, scenes: Sequence[Scene], reasons: dict[str, str]
) -> pd.DataFrame:
    """A row per fact, in the order of the list: what was observed, what comes out, and whether that agrees."""
    staffings = {name: names for scene in scenes for name, names in scene.staffings.items()}
    by_fact = dict(iter(values.groupby(["fact", "model"])))
    rows = []
    for name, fact in settings.facts.items():
        runs, others = (by_fact.get((name, model), values[:0]) for model in (OURS, WRONG))
        simulated, low, high = _over_runs(fact, runs)
        wrong = settings.wrong.get(fact.experiment or "") if len(others) else None
        elsewhere = _over_runs(fact, others)
        word = verdict(simulated, low, high, fact.band)
        reason = reasons.get(name, "its runs have nothing to measure" if word == NOT_COMPUTED else "")
        if word in (PARTLY, OUTSIDE):
            reason = fact.why_not or ""
        rows.append(
            {
                "fact": name,
                "what": fact.what,
                "target": fact.target,
                "source": fact.observed.source,
                "unit": fact.unit,
                "observed": fact.observed.value,
                "band_low": fact.band[0],
                "band_high": fact.band[1],
                "band_from": fact.band_from,
                "given": fact.given,
                "theorem": fact.theorem or "",
                "put_in": fact.put_in,
                "experiment": fact.experiment or "",
                "overrides": " ".join(fact.overrides),
                "staffing": " ".join(staffings.get(name, ())),
                "replications": int(runs["value"].notna().sum()),
                "simulated": simulated,
                "low": low,
                "high": high,
                "verdict": word,
                "reason": reason,
                "wrong_model": wrong.what if wrong else "",
                "wrong_simulated": elsewhere[0],
                "wrong_low": elsewhere[1],
                "wrong_high": elsewhere[2],
                "wrong_noticed": (NOTICED if verdict(*elsewhere, fact.band) != INSIDE else MISSED) if wrong else "",
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _over_runs(fact: Fact, runs: pd.DataFrame) -> Spread:
    """A fact's value over the replications of a model, which are numbered from 0, with its range."""
    values, persons = (runs[column].to_numpy(dtype=np.float64) for column in ("value", "persons"))
    draw = np.array([draw_of(replication) for replication in range(len(values))], dtype=np.int64)
    if fact.over_runs == "pooled":
        return pooled(values * persons, persons, draw)
    return average(values, draw) if fact.over_runs == "mean" else spread(values)


def counts(table: pd.DataFrame) -> dict[str, int]:
    """How many facts have each verdict, those that were put in left out; in the order of VERDICTS."""
    free = table[~table["put_in"].astype(bool)]
    return {word: int((free["verdict"] == word).sum()) for word in VERDICTS}
