"""The load of ten million, a thousandth of it: nobody travels on what does not fly."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.model.codes import Outcome
from caresim.model.media import Medium
from caresim.scenario.run import Run, run

THOUSANDTH = (
    "experiment=ash_cloud",
    "population.scale=0.001",
    "reinforcement=0.001",
    "operators.european_airlines.channels.phone.lines=10",
    "operators.european_airlines.flights.cancelled.a_day=14",
    "operators.european_airlines.flights.resumed.a_day=10",
)


@pytest.fixture(scope="module", params=["enough_people", "saturated"])
def load(request: pytest.FixtureRequest) -> Run:
    return run(compose(THOUSANDTH), request.param, 0)


def test_nobody_is_given_a_seat_on_a_cancelled_flight(load: Run) -> None:
    flights, seats = load.world.flights, load.world.passengers["seat"]
    given = seats[seats >= 0]
    assert len(given) > 30
    assert not flights["cancelled"][given].any()
    assert not flights["free"][flights["cancelled"] != 0].any()


def test_no_more_seats_are_taken_than_there_were(load: Run) -> None:
    flights = load.world.flights
    flies = flights["cancelled"] == 0
    resumed = load.experiment.operators["european_airlines"].flights["resumed"]
    there_were = int(flies.sum()) * int(resumed.capacity.value * resumed.free.value + 0.5)
    assert int((flights["taken"] + flights["free"])[flies].sum()) == there_were


def test_enough_people_answer_and_a_sixteenth_of_them_cannot(load: Run) -> None:
    world = load.world
    calls = world.contacts[: int(world.clock[0].contacts)]
    calls = calls[calls["medium"] == Medium.PHONE]
    busy = float(np.mean(calls["outcome"] == Outcome.BLOCKED))
    if load.staffing == "enough_people":
        # Eight people have more bad luck than 8,000: at a hundredth, 5 % hear a busy tone (7.6 events each).
        assert busy < 0.2
        assert load.events < 8 * len(world.passengers)
    else:
        assert busy > 0.5


def test_what_does_not_fly_has_no_free_seats() -> None:
    with pytest.raises(BadInput, match=r"flights\.cancelled\.free = '5 %': must be 0 % where cancelled is true"):
        compose([*THOUSANDTH, "operators.european_airlines.flights.cancelled.free='5 %'"])
