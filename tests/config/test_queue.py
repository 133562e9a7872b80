"""`experiment=queue`: what each key says in the sections that every experiment has, and what is refused."""

from __future__ import annotations

import copy

import pytest

from caresim.config.compose import validate
from caresim.config.composition import resolved
from caresim.config.errors import BadInput

LN2 = 0.6931471805599453


@pytest.fixture(scope="module")
def plain():
    return resolved(["experiment=queue"])


@pytest.fixture
def queue(plain):
    """The validated experiment with these members of `queue`."""

    def made(**members):
        raw = copy.deepcopy(plain)
        raw["queue"] |= members
        return validate(raw)

    return made


def cohort(experiment):
    return experiment.population.cohorts["customers"]


def desk(experiment):
    return experiment.staffing["servers"].desks["desk"]


def test_the_stream_comes_at_the_rate_and_in_the_wave_that_are_given(queue):
    onset = cohort(queue(arrival_rate="30 /h", arrival_swing=0.5, arrival_cycle="2 h")).onset
    assert (onset.kind, onset.per_hour.value, onset.swing.value, onset.cycle.value) == ("poisson", 0.5, 0.5, 120)
    assert cohort(queue()).onset.swing.value == 0


def test_bare_numbers_are_minutes_and_a_minutes(queue):
    told = queue(arrival_rate=4, service_mean=2, patience_mean=3, redial_share=0.1, redial_gap=7).queue
    numbers = told.arrival_rate, told.service_mean, told.patience_mean, told.redial_gap
    assert [number.value for number in numbers] == [4, 2, 3, 7]


def test_servers_are_people_around_the_clock(queue):
    found = desk(queue(servers=7))
    assert found.headcount.value == 7
    assert [(shift.start.minutes, shift.end.minutes) for shift in found.shifts] == [(0, 1440)]


def test_capacity_is_the_number_of_lines_and_without_it_there_is_no_limit(queue):
    lines = [queue(capacity=limit).operators["centre"].channels["phone"].lines.value for limit in (12, None)]
    assert lines[0] == 12
    assert lines[1] >= 1e9


@pytest.mark.parametrize(
    ("law", "cv"), [("exponential", None), ("deterministic", None), ("lognormal", 0.5), ("hyperexponential", 2)]
)
def test_service_has_the_law_mean_and_variation_that_are_given(queue, law, cv):
    handling = queue(service=law, service_cv=cv, service_mean="90 s").behaviour.handling
    assert handling.law == law
    assert {mean.value for mean in handling.phone.values()} == {1.5}
    assert (handling.cv.value if handling.cv else None) == cv


def test_patience_has_the_law_and_mean_that_are_given(queue):
    phone = queue(patience_mean=4, patience="deterministic").behaviour.phone
    assert (phone.patience_law, {mean.value for mean in phone.patience.values()}) == ("deterministic", {4})
    phone = queue(patience_mean=4, patience="exponential").behaviour.phone
    assert (phone.patience_law, phone.patience_shape.value) == ("weibull", 1)
    assert queue(patience_mean=None).behaviour.phone.patience_law == "endless"


def test_redials_follow_hang_ups_and_busy_tones_alike(queue):
    phone = queue(redial_share="40 %", redial_gap="6 min").behaviour.phone
    assert (phone.busy_redial.value, phone.abandon_redial.value) == (0.4, 0.4)
    assert phone.busy_gap.value == 6
    assert phone.abandon_gap.value == pytest.approx(6 * LN2, rel=1e-15)  # a median there, of the same exponential


def test_lengths_follow_from_customers_and_rate(queue):
    made = queue(customers=5000, arrival_rate=10, warm_up=0.2)
    assert (made.window.value, made.warm_up.value, made.drain.value, made.bin.value) == (500, 100, 100, 30)


def test_a_long_run_has_wider_bins_and_never_more_than_the_page_holds(queue):
    made = queue(customers=10_000_000, arrival_rate=1)
    assert (made.window.value + made.warm_up.value + made.drain.value) / made.bin.value == pytest.approx(2000)


@pytest.mark.parametrize(
    ("members", "key", "words"),
    [
        ({"arrival_rate": 0}, "queue.arrival_rate", "more than 0"),
        ({"arrival_rate": "9 min"}, "queue.arrival_rate", "wrong unit"),
        ({"servers": 0}, "queue.servers", "more than 0"),
        ({"customers": None}, "queue.customers", "must be"),
        ({"service": "gamma"}, "queue.service", "hyperexponential"),
        ({"service": "lognormal"}, "queue.service_cv", "is required where service is lognormal"),
        ({"service_cv": 1}, "queue.service_cv", "left out where service is exponential"),
        ({"service": "hyperexponential", "service_cv": 0.5}, "queue.service_cv", "at least 1"),
        ({"patience": "weibull"}, "queue.patience", "exponential, deterministic"),
        ({"arrival_swing": 0.5}, "queue.arrival_cycle", "is required"),
        ({"redial_share": 0.5}, "queue.redial_gap", "is required"),
        ({"redial_share": 1, "redial_gap": 1}, "queue.redial_share", "below 1"),
        ({"servers": 10, "capacity": 9}, "queue.capacity", "at least servers"),
        ({"warm_up": 2}, "queue.warm_up", "between 0 % and 100 %"),
        ({"service_mean": {"value": "2 min", "range": ["1 min", "3 min"]}}, "queue.service_mean", "has a range"),
        ({"rate": 3}, "queue.rate", "unknown key"),
    ],
)
def test_what_cannot_be_is_refused_by_its_key(queue, members, key, words):
    with pytest.raises(BadInput) as refusal:
        queue(**members)
    assert refusal.value.key == key
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("window", "8 d"),
        ("drain", "1 h"),
        ("population.cohorts.customers.onset.per_hour", "5 /h"),
        ("staffing.servers.desks.desk.headcount", 12),
        ("operators.centre.channels.phone.lines", "12 lines"),
    ],
)
def test_what_follows_from_the_queue_cannot_be_set_beside_it(plain, path, value):
    raw = copy.deepcopy(plain)
    *way, last = path.split(".")
    node = raw
    for step in way:
        node = node[step]
    node[last] = value
    with pytest.raises(BadInput, match="follows from queue") as refusal:
        validate(raw)
    assert (refusal.value.key, refusal.value.value) == (path, value)


@pytest.mark.parametrize("members", [{}, {"capacity": 20, "redial_share": 0.3, "redial_gap": "90 s"}])
def test_what_is_written_reads_back_equal(queue, members):
    made = queue(**members)
    assert validate(made.as_text()) == made
