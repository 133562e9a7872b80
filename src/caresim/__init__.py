"""caresim: crisis customer care, simulated passenger by passenger, to compare staffing models fairly.

experiment = caresim.load("experiment=tokyo", "replications=64")
results = caresim.compare(experiment, workers=2)
results.summary(); results.comparison(); results.plot.latency()
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caresim import agents, theory
    from caresim.agents import CareModel
    from caresim.config.errors import BadInput
    from caresim.config.experiment import Experiment
    from caresim.model.own_rules import routing_rule
    from caresim.run.outcome import Outcome
    from caresim.run.results import Results
    from caresim.tasks.compare.sweep.result import Sweep
    from caresim.tasks.compare_folders.side_by_side import SideBySide
    from caresim.tasks.explain.explanation import Explanation
    from caresim.tasks.nowcast.desk.nowcast import NowcastedDesk
    from caresim.tasks.nowcast.nowcast import Nowcasted
    from caresim.tasks.plan.result import Plan
    from caresim.tasks.require.requirement import StaffNeeded
    from caresim.tasks.roster.planned import Plan as PlannedRoster
    from caresim.tasks.sensitivity.result import Sensitivity
    from caresim.tasks.story.story import Story

__all__ = [
    "BadInput", "CareModel", "Results", "Sweep", "agents", "calibrate", "compare", "compare_folders", "explain",
    "load", "nowcast", "plan", "plan_roster", "routing_rule", "sensitivity", "simulate", "staff_needed", "story",
    "sweep", "theory",
]  # fmt: skip


def load(*overrides: str, config_dir: str | Path | None = None) -> Experiment:
    """The experiment that `overrides` ask for ("experiment=tokyo", "replications=64"): composed, validated, frozen.

    `config_dir` adds a folder with experiments, staffing models, ... of your own. BadInput (a ValueError) names the
    key, the value and what is allowed.
    """
    from caresim.config.compose import compose

    return compose(overrides, config_dir)


def compare(experiment: Experiment, workers: int | None = None, cluster: str | None = None) -> Results:
    """Run all staffing models of the experiment through the same replications.

    `workers` (up to four are threads, more are processes) and `cluster` (address of a Dask scheduler) overrule the
    experiment's. Finished parts are kept below its `output_dir` while the work goes on, so that a call that was
    interrupted goes on when it is repeated.
    """
    from caresim.run.notebook_progress import study
    from caresim.tasks.compare.compare import compare as run_all
    from caresim.tasks.compare.compare import on

    with study(experiment.output_dir) as (store, watch):
        return run_all(on(experiment, workers, cluster), store, watch)


def explain(
    experiment: Experiment, one: str | None = None, other: str | None = None, workers: int | None = None
) -> Explanation:
    """Which way in which two staffing models differ makes how much of the difference: `.table()`, `.plot()`.

    `one` and `other` overrule the experiment's `explain.one` (else: the baseline) and `explain.other` (else: the best
    of the others). `explain.seats` of the experiment adds the free seats as a factor.
    """
    from caresim.run.notebook_progress import study
    from caresim.tasks.compare.compare import on
    from caresim.tasks.explain.explanation import explain as run
    from caresim.tasks.explain.settings import Explain

    settings: Explain = experiment.setting("explain")
    models = {key: name for key, name in (("one", one), ("other", other)) if name is not None}
    overruled = experiment.model_copy(update={"explain": settings.model_copy(update=models)})
    with study(experiment.output_dir, "runs") as (store, watch):
        return run(on(overruled, workers, None), store, watch)


def plan(
    experiment: Experiment, staffing: str | None = None, desk: str | None = None, workers: int | None = None
) -> Plan:
    """Which hours to staff, and what that buys: `.text` (a staffing model), `.table()`, `.figures()`, `.plot()`.

    `staffing` and `desk` overrule the experiment's `plan.staffing` (else: the baseline) and `plan.desk` (else: the desk
    with the most paid hours); the rules are those of its key `plan`. BadInput says what is allowed.
    """
    from caresim.run.notebook_progress import study
    from caresim.tasks.compare.compare import on
    from caresim.tasks.plan.planning import plan as run
    from caresim.tasks.plan.settings import check

    names = {key: name for key, name in (("staffing", staffing), ("desk", desk)) if name is not None}
    overruled = experiment.model_copy(update={"plan": experiment.setting("plan").model_copy(update=names)})
    check(overruled)
    with study(experiment.output_dir, "runs") as (store, watch):
        return run(on(overruled, workers, None), store, watch)


def plan_roster(experiment: Experiment, staffing: str | None = None, desk: str | None = None) -> PlannedRoster:
    """A roster by the demand of each shift, within the paid hours of a desk: `.table()` and `.text`, the YAML of it.

    `staffing` and `desk` overrule the experiment's `roster.staffing` (else: the first staffing model with a desk that
    scales with paid hours) and `roster.desk` (else: that desk). BadInput says what is allowed.
    """
    from caresim.tasks.roster.planned import plan
    from caresim.tasks.roster.settings import check

    names = {key: name for key, name in (("staffing", staffing), ("desk", desk)) if name is not None}
    overruled = experiment.model_copy(update={"roster": experiment.setting("roster").model_copy(update=names)})
    check(overruled)
    return plan(overruled, overruled.setting("roster"))


def sensitivity(
    experiment: Experiment,
    metric: str | None = None,
    assumptions: Sequence[str] | None = None,
    workers: int | None = None,
) -> Sensitivity:
    """Which assumption decides, and what it is worth to know it: `.text`, `.knowing()`, `.tornado()`, `.plot()`.

    `.table()` has Sobol' indices with intervals, `.screening` the effects of all assumptions.

    `metric` and `assumptions` (keys with a range) overrule the experiment's `sensitivity`. BadInput says what is
    allowed.
    """
    from caresim.run.notebook_progress import study
    from caresim.tasks.compare.compare import on
    from caresim.tasks.sensitivity.settings import check
    from caresim.tasks.sensitivity.study import study as find

    asked = {"metric": metric, "assumptions": None if assumptions is None else tuple(assumptions)}
    given = {key: value for key, value in asked.items() if value is not None}
    overruled = experiment.model_copy(
        update={"sensitivity": experiment.setting("sensitivity").model_copy(update=given)}
    )
    check(overruled)
    with study(experiment.output_dir, "runs") as (store, watch):
        return find(on(overruled, workers, None), store, watch)


def calibrate(
    contacts: str | Path, train_from: str | None = None, train_to: str | None = None, **settings: Any
) -> Path:
    """Fit a configuration to a list of contacts, or to an interval report: the folder, which is the `config_dir` of its
    experiment.

    `train_from` and `train_to` are the first and the last day that may be looked at; other settings are those of
    `task=calibrate`, such as `timezone` and `output_dir`. BadInput says what is allowed.
    """
    from caresim.run.notebook_progress import watching
    from caresim.tasks.calibrate.calibrate import calibrate as fitted
    from caresim.tasks.calibrate.command import write
    from caresim.tasks.calibrate.intervals import command as of_report
    from caresim.tasks.calibrate.intervals.report import is_report
    from caresim.tasks.calibrate.settings import from_values

    asked = from_values({"contacts": str(contacts), "train_from": train_from, "train_to": train_to, **settings})
    if is_report(asked.contacts, asked.format):
        with watching("runs") as watch:
            return of_report.write(of_report.calibrated(asked), watch)[0]
    with watching("runs") as watch:
        found, _ = fitted(asked, watch)
    return write(found)


def nowcast(contacts: str | Path, now: str, hours: int | None = None, **settings: Any) -> Nowcasted | NowcastedDesk:
    """The hours ahead, from what a list of contacts says until `now`: `.table`, `.known`, `.open_contacts`.

    A list of posts with columns posted and replied is one of a written desk: `.table`, `.known`, `.open_posts`.
    Other settings are those of `task=nowcast`, such as `timezone`, `desk`, `alternatives` and `calibration`.
    BadInput says what is allowed.
    """
    from caresim.run.notebook_progress import watching
    from caresim.tasks.nowcast.desk.nowcast import nowcast as of_desk
    from caresim.tasks.nowcast.desk.settings import NowcastOfDesk, asked
    from caresim.tasks.nowcast.nowcast import nowcast as of_calls

    wanted = asked({"contacts": str(contacts), "now": now, "hours": hours, **settings})
    if isinstance(wanted, NowcastOfDesk):
        return of_desk(wanted)
    with watching("runs") as watch:
        return of_calls(wanted, watch)


def simulate(experiment: Experiment, staffing: str | None = None, replication: int = 0) -> Outcome:
    """Run one staffing model (None: the baseline) through one replication: `.metrics` and the four row tables."""
    from caresim.run.outcome import simulate as run

    return run(experiment, staffing, replication)


def staff_needed(
    source: Experiment | str | Path,
    target: str | None = None,
    level: float | str | None = None,
    within: str | None = None,
    probability: float | str | None = None,
    workers: int | None = None,
) -> StaffNeeded:
    """How many people each desk needs in each half hour: `.table()`, `.text` and `.plot()`.

    `source` is an experiment, or the path of an interval report or a list of contacts, which is read as
    `experiment=replay` reads it. `target` ("service_level", "wait", "abandonment", "useful_60"), `level` ("80 %" or
    0.8), `within` ("20 s") and `probability` ("90 %") overrule the experiment's `require`. BadInput says what is
    allowed.
    """
    from caresim.run.notebook_progress import watching
    from caresim.tasks.compare.compare import on
    from caresim.tasks.require.requirement import staff_needed as find
    from caresim.tasks.require.source import asked, opened

    experiment = opened(source) if isinstance(source, str | Path) else source
    wanted = {"target": target, "level": level, "within": within, "probability": probability}
    with watching("runs") as watch:
        return find(on(asked(experiment, wanted), workers, None), watch)


def story(experiment: Experiment, passenger: int | str | None = None, replication: int = 0) -> Story:
    """What happened to one passenger under each staffing model: `.text`, `.table` and `.plot()`.

    `passenger` is a row of the baseline's passengers, the name of a named cohort, "median", "worst" or "most_changed"
    (None: what the experiment says, which is "median" unless set). BadInput says what is allowed.
    """
    from caresim.tasks.story.story import story as tell

    return tell(experiment, passenger, replication)


def sweep(
    experiment: Experiment,
    values: Mapping[str, Sequence[Any] | Mapping[str, Any]],
    metrics: Sequence[str] = (),
    workers: int | None = None,
) -> Sweep:
    """Every combination of the values of the keys: `.table`, `.differences()`, `.answer()`, `.plot`, `.save(folder)`.

    `values` are lists by dotted key ({"seed": [1, 2]}), or tables that name each value ({"as given": [], "three more":
    [{...}]}). `metrics` are shown instead of the headline metrics. A point that fails is in `.failed`. In a script
    a line on the error stream says how far it is when a point ends, every ten seconds at most. BadInput where the first
    values do not fit.
    """
    from caresim.run.notebook_progress import watching
    from caresim.run.script_progress import InScript
    from caresim.tasks.compare.compare import on
    from caresim.tasks.compare.sweep.in_process import run

    with watching("points", InScript("points")) as watch:
        return run(on(experiment, workers, None), values, metrics, watch)


def compare_folders(one: str | Path | Results, other: str | Path | Results) -> SideBySide:
    """Two finished runs side by side: `.table()`, `.differs()`, `.warnings`, `.paired`.

    Differences are other less one, in pairs of replications where the seed is the same. BadInput where they have no
    staffing model in common.
    """
    from caresim.tasks.compare_folders.side_by_side import SideBySide

    return SideBySide.of(one, other)


def __dir__() -> list[str]:
    """The functions and classes that are for use."""
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    # Late, so that importing caresim takes no pandas, no SciPy and no Mesa.
    if name == "CareModel":
        from caresim.agents import CareModel

        return CareModel
    if name == "Results":
        from caresim.run.results import Results

        return Results
    if name == "Sweep":
        from caresim.tasks.compare.sweep.result import Sweep

        return Sweep
    if name == "routing_rule":
        from caresim.model.own_rules import routing_rule

        return routing_rule
    if name == "BadInput":
        from caresim.config.errors import BadInput

        return BadInput
    if name in ("agents", "theory"):
        return importlib.import_module(f"caresim.{name}")
    raise AttributeError(f"module caresim has no attribute {name}")
