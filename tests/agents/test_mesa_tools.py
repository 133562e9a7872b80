"""What Mesa's users expect works: AgentSet, DataCollector, batch_run, own agents; and nothing is left behind."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

import pandas as pd
import pytest
from tests.support.small_runs import finished, model_of, small

import caresim
from caresim.agents import Assistant, CareModel, CommunityManager, Passenger
from caresim.agents.framework import Agent, DataCollector, mesa
from caresim.config.errors import BadInput
from caresim.model.codes import Status
from caresim.model.needs import Need

TINY = "experiment=tokyo population.scale=0.01"


class Reporting(CareModel):
    """Keeps a metric of the end, and the anger of everybody who seeks."""

    def __init__(self, *arguments, **keywords):
        super().__init__(*arguments, **keywords)
        self.datacollector = DataCollector(
            model_reporters={"csat": lambda model: model.metric("csat"), "backlog": "backlog", "now": "now"}
        )


def test_select_groupby_agg_and_do_see_the_present():
    model = model_of(until=3000)
    seekers = model.passengers.select(lambda passenger: passenger.status == Status.SEEKING)
    assert len(seekers) == (model.columns["passengers"]["status"] == Status.SEEKING).sum() > 20
    assert 0.0 < seekers.agg("anger", max) <= 1.0
    counts = model.passengers.groupby("need").count()
    assert {Need.INFORMATION, Need.REBOOKING} < set(counts) <= set(Need)
    assert sum(counts.values()) == len(model.passengers)
    seekers.do("miss_deadline")
    assert set(seekers.get("status")) == {Status.MISSED}
    assert model.passengers.select(at_most=3).get("row") == [0, 1, 2]


def test_agents_are_numbered_whatever_is_looked_at_first():
    one, other = model_of(), model_of()
    late = one.passenger(700).unique_id
    numbers = [agent.unique_id for agent in other.agents]
    assert numbers == list(range(1, len(numbers) + 1))
    assert other.passenger(700).unique_id == late
    assert one.passenger(700) is list(one.passengers)[700]
    assert Passenger in one.agent_types
    assert len(one.agents_by_type[CommunityManager]) == 2


def test_an_agent_of_ones_own_lives_among_them():
    class Executive(Agent):
        def __init__(self, model):
            super().__init__(model)
            self.seen = 0

        def look(self):
            self.seen += 1

    model = model_of()
    of_the_world = len(model.world.passengers) + len(model.world.staff)
    first, second = Executive(model), Executive(model)
    assert second.unique_id == first.unique_id + 1 > of_the_world
    model.agents_by_type[Executive].do("look")
    assert (first.seen, second.seen) == (1, 1)
    assert list(model.agents)[-2:] == [first, second]
    third = Executive(model)
    assert third.unique_id == second.unique_id + 1
    third.remove()
    second.remove()
    assert second not in model.agents
    assert first.rng is model.rng


def test_people_and_machines_are_sets_apart():
    model = model_of(until=3000, staffing="assistant_first")
    assert model.staff.agg("is_on_duty", sum) == model.on_duty
    assert model.staff.agg("is_busy", sum) == model.busy
    assert {type(one) for one in model.assistants} == {Assistant}
    assert model.assistants.agg("contacts", sum) > 0
    assert len(model.staff) + len(model.assistants) == len(model.world.staff)


def test_an_own_agent_alone_enters_nobody_else():
    model = model_of()
    Agent(model)
    assert not model.cast.views["passengers"]


def test_agents_of_the_world_cannot_be_removed():
    with pytest.raises(TypeError, match="belongs to the world"):
        model_of().passenger(0).remove()


def test_mesas_own_luck_follows_seed_and_replication():
    def draws(model):
        return model.random.random(), model.rng.random()

    assert draws(model_of()) == draws(model_of())
    assert draws(model_of()) != draws(model_of(replication=1))


def test_data_are_collected_step_by_step():
    model = model_of(step_length=600)
    for _ in range(4):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 4
    assert frame.time.tolist() == [-840.0, -240.0, 360.0, 960.0]
    assert frame.posts.is_monotonic_increasing
    assert frame.answered.iloc[-1] == model.answered > 0


def test_agent_reporters_work():
    model = model_of(step_length=2000)
    model.datacollector = DataCollector(
        agenttype_reporters={Passenger: {"status": lambda agent: agent.status.name, "anger": "anger"}}
    )
    model.step()
    model.step()
    frame = model.datacollector.get_agenttype_vars_dataframe(Passenger)
    assert len(frame) == 2 * len(model.passengers)
    now = frame[frame.index.get_level_values(0) == frame.index.get_level_values(0).max()]
    assert (now.status == "SEEKING").sum() == sum(p.status == Status.SEEKING for p in model.passengers)


def test_batch_run_gives_the_metrics_of_compare():
    parameters = {"experiment": TINY, "staffing": ["social_team", "hybrid"], "replication": [0, 1]}
    rows = pd.DataFrame(mesa.batch_run(Reporting, parameters, display_progress=False))
    assert len(rows) == 4
    experiment = caresim.load(*TINY.split())
    for row in rows.itertuples():
        expected = caresim.simulate(experiment, row.staffing, row.replication)
        assert row.csat == expected.metrics["csat"]
    assert rows.csat.nunique() == 4


@pytest.mark.skipif(mesa.__version__ < "3.5", reason="Mesa gives batch_run this parameter in 3.4")
def test_batch_runs_luck_is_the_replication():
    rows = pd.DataFrame(mesa.batch_run(Reporting, {"experiment": TINY}, rng=[0, 1], display_progress=False))
    experiment = caresim.load(*TINY.split())
    assert rows.csat.tolist() == [caresim.simulate(experiment, None, number).metrics["csat"] for number in (0, 1)]


def test_the_luck_is_given_once():
    with pytest.raises(BadInput, match="give one of the two"):
        CareModel(TINY, replication=1, rng=1)
    assert CareModel(TINY, rng=3).replication == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"experiment": "tokio"}, {"staffing": "nobody"}, {"replication": -1}, {"replication": 1.5}, {"rng": "seed"},
        {"step_length": 0},
    ],
)  # fmt: skip
def test_bad_input_is_refused(wrong):
    with pytest.raises(BadInput):
        CareModel(**{"experiment": TINY, **wrong})


def test_an_experiment_by_name_by_words_or_loaded():
    assert CareModel("queue").experiment.name == "queue"
    assert CareModel(TINY.split()).experiment == CareModel(TINY).experiment
    assert CareModel(small()).names.desks == model_of().names.desks


def test_the_outcome_waits_for_the_end():
    model = model_of(until=100)
    with pytest.raises(BadInput, match="the run ends at"):
        model.outcome()
    assert model.metric("csat") != model.metric("csat")  # NaN as long as it runs
    with pytest.raises(BadInput, match="did you mean csat"):
        finished().metric("csatt")


def test_models_are_forgotten_when_nobody_needs_them():
    class Own(Agent):
        pass

    class Watching(Passenger):
        def seek(self):
            super().seek()

    def look_at(it):
        return lambda: it.mood

    model = model_of(Watching, until=1000)
    Own(model)
    model.schedule_recurring(look_at(model), caresim.agents.Schedule(interval=60))
    model.step()
    assert len(model.agents) > 100
    model.passengers.select(lambda passenger: passenger.is_waiting).agg("anger", max)
    trace, passenger = weakref.ref(model), weakref.ref(model.passenger(0))
    del model
    gc.collect()
    assert trace() is None
    assert passenger() is None


def test_importing_caresim_changes_nothing_about_processes():
    script = """
import multiprocessing, sys
before = multiprocessing.get_start_method(allow_none=True)
import caresim
assert "mesa" not in sys.modules
caresim.CareModel
assert "mesa" in sys.modules
assert multiprocessing.get_start_method(allow_none=True) == before, multiprocessing.get_start_method()
"""
    subprocess.run([sys.executable, "-c", script], check=True)
    kept = "import multiprocessing; multiprocessing.set_start_method('forkserver'); import caresim.agents; "
    kept += "assert multiprocessing.get_start_method() == 'forkserver'"
    subprocess.run([sys.executable, "-c", kept], check=True)


def test_a_model_shows_itself():
    model = model_of(until="2011-03-12 18:00")
    assert repr(model) == ("<CareModel tokyo, social_team, replication 0: Sat 12 Mar 2011 18:00 (2114 min), running>")
    html = model._repr_html_()
    assert html.startswith("<table>")
    assert f"<td>{model.resolved:,}</td>" in html
