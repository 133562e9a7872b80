"""A plan from beginning to end: it keeps to its rules, what it writes runs, and an interrupted one goes on."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

import caresim
from caresim.config.errors import BadInput
from caresim.run.store import Store
from caresim.run.uncertain import drawn
from caresim.scenario.roster import build, in_whole_people, paid_hours
from caresim.scenario.run import run
from caresim.tasks.plan.judging import BEFORE, PLAN
from caresim.tasks.plan.measures import condition_of
from caresim.tasks.plan.planning import plan
from caresim.tasks.plan.rules import every_four_hours, rules_of
from caresim.tasks.plan.runs import Roster, with_rosters
from caresim.tasks.plan.settings import PlanSettings

FLAT = ("experiment=tokyo", "+staffing/tokyo@staffing.flat=call_center_24_7_flat", "plan.staffing=flat")
SHORT = ("population.scale=0.05", "plan.demand_runs=2", "plan.search_runs=2", "plan.judging_runs=4")
RULES = ("plan.most_people=30", "plan.changes_from='2011-03-11 14:30 Europe/Paris'")
QUICK = (*FLAT, *SHORT, *RULES, "plan.frontier=false", "plan.price_rules=false")


@lru_cache(maxsize=1)
def loaded():
    return caresim.load(*QUICK)


def load(folder: Path, **keys):
    """The small tokyo, with these keys of the plan."""
    experiment = loaded()
    settings = PlanSettings.model_validate({**experiment.as_text()["plan"], **keys})
    return experiment.model_copy(update={"plan": settings, "output_dir": str(folder)})


@pytest.fixture(scope="module")
def rules():
    return rules_of(loaded(), loaded().setting("plan"))


@pytest.fixture(scope="module")
def planned(tmp_path_factory):
    return caresim.plan(load(tmp_path_factory.mktemp("plan")), workers=1)


def test_the_desk_is_as_it_was_until_it_is_planned(rules):
    """In whole people at central values: as many hours as the staffing model has, to half a person of a shift."""
    template = rules.template
    paid = dict(zip(rules.experiment.staffing["flat"].desks, build(rules.experiment, "flat"), strict=True))
    hours = paid_hours(rules.experiment, in_whole_people(paid["contact_center"]))
    assert float(template.paid @ template.before) == pytest.approx(hours)


def test_the_people_of_a_plan_are_the_same_in_every_world(rules):
    """Neither the reinforcement nor the share of the night multiplies them."""
    template = rules.template
    worlds = [drawn(rules.experiment, replication) for replication in (0, 2)]
    assert worlds[0].reinforcement.value != worlds[1].reinforcement.value
    rosters = [build(with_rosters(world, {"p": Roster(template, template.before)}), "p")[2] for world in worlds]
    assert rosters[0] == rosters[1]
    assert all(shift.heads == round(shift.heads) for shift in rosters[0])


def test_rosters_of_one_plan_share_their_people(rules):
    """Somebody is a seat of a shift: of two rosters the smaller one's people are all among the larger one's."""
    template = rules.template
    more = template.before + template.free
    world = with_rosters(rules.experiment, {"a": Roster(template, template.before), "b": Roster(template, more)})
    from caresim.scenario.build import build as world_of

    few, many = (
        {name for name in world_of(world, staffing, 0)[1].staff if name.startswith("contact_center/")}
        for staffing in ("a", "b")
    )
    assert few < many
    as_configured = set(world_of(rules.experiment, "flat", 0)[1].staff)
    assert few <= as_configured | {name for name in few if int(name.split("/")[2]) > 20}


def test_a_plan_keeps_to_its_rules(planned):
    rules, people = planned.rules, planned.choice.roster.people
    template = rules.template
    held = ~template.free
    assert (people[held] == template.before[held]).all()
    assert all(
        slot.start >= rules.changes_from for slot, free in zip(template.slots, template.free, strict=True) if free
    )
    assert all(slot.end <= rules.experiment.window.value for slot in np.array(template.slots)[template.free])
    assert rules.at_once(people) <= 30
    assert template.paid @ people <= template.paid @ template.before
    there = template.present(rules.edges) > 0.5
    changed = there[:, template.free].any(axis=1)
    least = np.minimum(2, there @ template.before)
    assert (there @ people >= least)[changed].all()
    assert (people != template.before).any()


def test_its_figures_are_from_runs_that_chose_nothing(planned):
    searched, judged = (set(frame["draw"]) for frame in (planned.choice.searched, planned.judged))
    assert searched
    assert judged
    assert not searched & judged


def test_what_is_written_runs_as_it_was_judged(planned, tmp_path):
    """The file alone, read back as a staffing model: the same numbers to the bit."""
    from caresim.measure.metrics import measure

    place = tmp_path / "staffing" / "tokyo"
    place.mkdir(parents=True)
    (place / "plan.yaml").write_text(planned.text, encoding="utf-8")
    again = caresim.load(
        "experiment=tokyo", "population.scale=0.05", "+staffing/tokyo@staffing.planned=plan", config_dir=tmp_path
    )
    rows = planned.judged[planned.judged["staffing"] == PLAN].set_index("replication")
    replication = int(rows.index[0])
    metrics = measure(run(drawn(again, replication), "planned", replication))
    assert metrics["useful_60"] == rows.loc[replication, "useful_60"]
    assert metrics["cost"] == rows.loc[replication, "cost"]
    assert metrics["paid_hours"] == rows.loc[replication, "paid_hours"]


def test_a_plan_is_the_same_on_two_workers(planned, tmp_path):
    again = caresim.plan(load(tmp_path), workers=2)
    assert (again.choice.roster.people == planned.choice.roster.people).all()
    pd.testing.assert_frame_equal(again.judged, planned.judged)
    pd.testing.assert_frame_equal(again.days(), planned.days())
    assert again.text == planned.text


def test_a_plan_that_was_killed_goes_on_where_it_was(planned, tmp_path, monkeypatch):
    experiment = load(tmp_path).model_copy(update={"workers": 1})
    kept = Store.keep
    left = [3]

    def killed(self, name, finished):
        kept(self, name, finished)
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt

    monkeypatch.setattr(Store, "keep", killed)
    with pytest.raises(KeyboardInterrupt):
        plan(experiment, Store(tmp_path))
    monkeypatch.setattr(Store, "keep", kept)

    class Watch:
        resumed = 0

        def compiling(self): ...
        def compiled(self, seconds): ...
        def expect(self, replications, staffings=(), passengers=0): ...
        def done(self, replications, resumed, staffing=""):
            self.resumed += replications if resumed else 0

    watch = Watch()
    again = plan(experiment, Store(tmp_path), watch)
    assert watch.resumed > 0
    pd.testing.assert_frame_equal(again.judged, planned.judged)
    pd.testing.assert_frame_equal(again.days(), planned.days())


def test_each_day_is_planned_from_what_was_seen_by_then(tmp_path):
    experiment = load(tmp_path, hindsight="each_day")
    found = caresim.plan(experiment, workers=2)
    template = found.rules.template
    people = found.choice.roster.people
    assert found.choice.searched is None
    assert template.paid @ people <= template.paid @ template.before
    assert found.rules.at_once(people) <= 30
    # What comes after the last decision changes nothing: the first day is planned before any later one is seen.
    demand = found.demand.foreseen(found.rules.changes_from, 0.2)
    later = demand.edges[1:] > found.rules.changes_from
    told = found.demand.crisis.copy()
    found.demand.crisis[later] *= 10.0
    assert np.array_equal(found.demand.foreseen(found.rules.changes_from, 0.2).crisis, demand.crisis)
    found.demand.crisis[:] = told


def test_the_cheapest_roster_that_keeps_what_must_hold(tmp_path):
    """At a twentieth of the passengers, far fewer people do."""
    experiment = load(tmp_path, hours="cheapest", must=["ordinary_answered >= 50 %"])
    found = caresim.plan(experiment, workers=2)
    template = found.rules.template
    assert found.choice.reached
    assert found.choice.times < 0.5
    spent = template.rates[template.free] @ found.choice.roster.people[template.free]
    assert spent <= found.choice.times * (template.rates[template.free] @ template.before[template.free])


def test_the_command_says_what_is_bought_and_writes_it(tmp_path, capsys):
    from caresim.__main__ import command

    words = [*FLAT, *SHORT, *RULES, "plan.beside=call_center_24_7", "task=plan", f"output_dir={tmp_path}"]
    assert command(words) == 0
    printed = capsys.readouterr().out
    place = Path(printed.rstrip().rsplit("\n", 1)[1])
    assert {file.name for file in place.iterdir()} == {
        *("conf", "plan.csv", "shifts.csv", "days.csv", "half_hours.csv", "figures.csv"),
        *("frontier.csv", "judged.parquet", "searched.parquet", "manifest.json"),
        *("figures", "report.html", "results.xlsx"),
    }
    assert (tmp_path / "latest").resolve() == place.resolve()
    assert (place / "conf" / "staffing" / "tokyo" / "plan.yaml").is_file()
    assert {file.name for file in (place / "figures").glob("*.png")} == {"plan.png", "frontier.png"}
    for words_of_it in (
        "Changes from Fri 11 March 14:30",
        "At most 30 people",
        "gap to",
        "6 more people at once (36)",
    ):
        assert words_of_it in printed
    assert not list(tmp_path.glob(".blocks/*"))
    frontier = pd.read_csv(place / "frontier.csv")
    hours = frontier[frontier["measure"] == "paid_hours"].set_index("roster")["mean"]
    # A twentieth of the passengers give work for few: from some hours on more are worth nothing, and are not taken.
    assert hours["hours_0.8"] <= hours["hours_0.9"] <= hours[PLAN] <= hours[BEFORE]
    assert hours["hours_0.8"] < hours[BEFORE]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"shift_starts": []}, "at least one start"),
        ({"shift_starts": ["24:00"]}, "must be between '00:00' and '23:59'"),
        ({"shift_length": "25 h"}, "must be at most 24 h"),
        ({"hours": "cheapest"}, r"needs plan\.must"),
        ({"hours": "cheapest", "must": ["x"], "hindsight": "each_day"}, "with hindsight alone"),
        ({"judging_runs": 2}, "judging_runs"),
        ({"starts": []}, "unknown key"),
    ],
)
def test_a_key_that_fits_nothing_is_refused(keys, told):
    with pytest.raises(ValidationError, match=told):
        PlanSettings.model_validate(keys)


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"staffing": "nobody"}, r"plan\.staffing = 'nobody': unknown staffing model"),
        ({"desk": "cellar"}, r"plan\.desk = 'cellar': unknown desk"),
        ({"beside": "nobody"}, r"plan\.beside = 'nobody': unknown staffing model"),
        ({"at_least": 31}, r"plan\.at_least = '31'.*must not be more than plan\.most_people \(30\)"),
        ({"changes_from": "2012-01-01 00:00 UTC"}, r"plan\.changes_from.*must begin between"),
        ({"must": ["useful_60 > 60 %"]}, r"plan\.must.*write a measure"),
        ({"must": ["usefull_60 >= 60 %"]}, r"plan\.must.*unknown measure, did you mean useful_60"),
        ({"must": ["useful_60 >= 60"]}, r"plan\.must.*such as 60 %"),
        ({"beside": "social_team"}, r"plan\.beside = 'social_team': has no desk contact_center"),
    ],
)
def test_rules_that_no_roster_keeps_are_refused_in_one_line(rules, keys, told, tmp_path):
    settings = PlanSettings.model_validate({"staffing": "flat", "most_people": 30, **keys})
    experiment = rules.experiment.model_copy(update={"plan": settings, "output_dir": str(tmp_path)})
    with pytest.raises(BadInput, match=told):
        caresim.plan(experiment)
    assert not list(tmp_path.iterdir())


def test_starts_are_every_four_hours_where_none_are_named():
    from caresim.config.clock import Clock

    assert every_four_hours(Clock("06:30")) == ("02:30", "06:30", "10:30", "14:30", "18:30", "22:30")


def test_a_condition_is_read_with_its_unit():
    condition = condition_of("useful_60>=60 %")
    assert (condition.measure, condition.at_least, condition.value) == ("useful_60", True, 0.6)
    assert condition_of("csat_all >= 3.4").value == 3.4
    assert condition_of("ordinary_minute >= before").value is None
    assert not condition_of("ordinary_wait <= 90").holds(float("nan"), 0.0)
