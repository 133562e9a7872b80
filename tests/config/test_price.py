"""A request has a price before it starts: too much memory is refused, too much time unless it is asked for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import caresim
from caresim.config import counts as counting
from caresim.config import machine, price
from caresim.config.amounts import in_memory, in_number, in_time, rounded_down
from caresim.config.counts import counts_of
from caresim.config.errors import BadInput
from caresim.model import cores
from caresim.scenario import build

GB = 10**9
QUEUE, TOKYO = "experiment=queue", "experiment=tokyo"


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with 16 GB and two cores, whatever the one that runs the tests has."""
    monkeypatch.setattr(price, "memory", lambda: 16 * GB)
    monkeypatch.setattr(price, "cores", lambda: 2)


def refused(*words: str) -> BadInput:
    with pytest.raises(BadInput) as problem:
        caresim.load(*words)
    return problem.value


TOO_MUCH = {
    "replications": (TOKYO, "replications=1000000000"),
    "queue.customers": (QUEUE, "queue.customers=1000000000000"),
    "queue.servers": (QUEUE, "queue.servers=1000000000"),
    "staffing.hybrid.desks.social.headcount": (TOKYO, "staffing.hybrid.desks.social.headcount=1000000000"),
    "population.scale": ("experiment=insourcing", "population.scale=1000000"),
    "window": (TOKYO, "window='1000000 d'"),
    "bin": (TOKYO, "bin='0.0001 s'"),
}
"""The key that is named, and words that ask for far too much by it."""


EXTRA = "{headcount: 1000000000, start: '08:00', end: '12:00'}"
ON_TOP = {
    "staffing.servers.desks.desk.extra[0].headcount": (QUEUE, f"+staffing.servers.desks.desk.extra=[{EXTRA}]"),
    "staffing.hybrid.desks.social.extra[0].headcount": (TOKYO, f"+staffing.hybrid.desks.social.extra=[{EXTRA}]"),
    "replay.extra[1].headcount": (
        "experiment=replay", "replay.contacts=experiments/replay/contacts.csv", "replay.default_servers=5",
        f"replay.extra=[{EXTRA.replace('1000000000', '2')},{EXTRA}]",
    ),
}  # fmt: skip
"""The key that is named, and words that ask for far too many people on top of a roster by it."""


@pytest.mark.parametrize("key", ON_TOP)
def test_people_on_top_of_a_roster_have_their_price(key: str) -> None:
    problem = refused(*ON_TOP[key])
    assert problem.key == key
    assert re.search(r"needs about [\d,.]+ TB of memory.*allowed: at most [\d,]+ people", str(problem))


@pytest.mark.parametrize("key", ON_TOP)
def test_people_on_top_are_whole(key: str) -> None:
    words = [word.replace("1000000000", "1.5") for word in ON_TOP[key]]
    assert str(refused(*words)) == f"{key} = '1.5': must be a whole number"


def price_in(*words: str) -> price.Price:
    return price.price_of(caresim.load(*words, "i_have_time=true"))


TEN_MILLION = (QUEUE, "queue.customers=10000000", "workers=2")


def test_whoever_keeps_no_rows_pays_for_what_is_open() -> None:
    """Ten million customers took 0.44 GB in a run without rows, and 3.7 GB in one with them."""
    sizes = {record: price_in(*TEN_MILLION, f"record={record}").bytes for record in ("none", "first", "all")}
    one = price_in(*TEN_MILLION, "record=none", "workers=1").bytes
    assert 0.44 * GB < one < 3 * 0.44 * GB
    assert sizes["none"] < 3 * 0.44 * GB
    assert 3.7 * GB < sizes["first"] < sizes["all"] < 3 * 2 * 3.7 * GB
    assert caresim.load(QUEUE, "queue.customers=300000000", "record=none", "i_have_time=true")


@pytest.mark.parametrize(
    "words",
    [
        ("queue.patience_mean=null", "queue.servers=5"),
        ("queue.patience_mean=1000000",),
    ],
)
def test_whoever_waits_is_open(words: tuple[str, ...]) -> None:
    """Half of them wait when the last has come, or nearly, in tables that grow by being copied."""
    crowded = price_in(*TEN_MILLION, "record=none", "workers=1", "queue.servers=5", *words).bytes
    assert price_in(*TEN_MILLION, "record=none", "workers=1").bytes < crowded / 2
    assert crowded < 2 * price_in(*TEN_MILLION, "record=all", "workers=1").bytes


def test_what_is_too_small_to_be_forgotten_costs_the_same_whatever_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    words = (QUEUE, "queue.customers=200000")
    assert len({price_in(*words, f"record={record}").bytes for record in ("none", "first", "all")}) == 1
    monkeypatch.setattr(price, "CONTACTS_IN_MEMORY", 10_000)
    monkeypatch.setattr(price, "BYTES_OF_THE_PAST", 0.0)
    assert price_in(*words, "record=none").bytes < price_in(*words, "record=all").bytes


def test_price_and_run_agree_from_where_on_rows_are_used_again() -> None:
    assert (build.CONTACTS_EACH, build.FEW) == (price.CONTACTS_A_PERSON, price.CONTACTS_IN_MEMORY)


def test_a_refusal_says_what_else_helps() -> None:
    """Fewer workers, or no rows; both do."""
    words = (QUEUE, "queue.customers=30000000", "i_have_time=true", "record=all", "workers=2")
    assert str(refused(*words)).endswith(", or workers=1, or record=none")
    for remedy in ("workers=1", "record=none"):
        assert caresim.load(*words, remedy)
    assert "workers" not in str(refused(QUEUE, "queue.customers=100000000", "i_have_time=true", "record=all"))


def test_a_cluster_pays_with_its_own_memory_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes back has to fit in here."""
    words = (QUEUE, "queue.customers=30000000", "record=all", "workers=2", "cluster=tcp://there:8786")
    assert price_in(*words).bytes < 2 * GB
    assert caresim.load("experiment=ash_cloud", "replications=5000", "cluster=tcp://there:8786")
    problem = refused(TOKYO, "replications=1000000000", "cluster=tcp://there:8786")
    assert problem.key == "replications"
    assert "memory" in str(problem)
    assert "workers" not in str(problem)
    assert "cores" not in str(problem)


@pytest.mark.parametrize("name", TOO_MUCH)
def test_the_message_names_the_key_its_cost_and_what_fits(name: str) -> None:
    key, words = name, TOO_MUCH[name]
    problem = refused(*words)
    assert problem.key == key
    assert re.search(r"needs about [\d,.]+ [MGTP]B of memory, of which 16 GB can be had here", str(problem))
    assert "i_have_time" not in str(problem), "time buys no memory"
    limit = re.search(r"; allowed: at (?:most|least) ([\d.,e+-]+)(?: (\S+))?$", str(problem))
    assert limit, str(problem)
    value, unit = limit[1].replace(",", ""), limit[2] or ""
    experiment = caresim.load(words[0], f"{key}='{value} {unit}'" if unit and unit != "people" else f"{key}={value}")
    assert price.price_of(experiment).bytes > 3 * GB, "much less than what fits"


def test_seats_are_scarcer_than_memory() -> None:
    """Of two limits the smaller one is told."""
    assert "seats sold; allowed: at most 1.2" in str(refused(TOKYO, "population.scale=1000000"))


def test_no_time_buys_memory() -> None:
    assert "memory" in str(refused(QUEUE, "queue.customers=1e12", "i_have_time=true"))


def test_what_takes_longer_than_a_day_is_refused_unless_there_is_time() -> None:
    problem = refused("experiment=ash_cloud", "replications=5000", "workers=2")
    assert problem.key == "replications"
    assert re.search(r"takes about [\d.]+ days \([\d.]+ \w+ events on 2 cores\); allowed: at most", str(problem))
    assert str(problem).endswith("which takes a day, or i_have_time=true")
    assert caresim.load("experiment=ash_cloud", "replications=5000", "i_have_time=true").i_have_time


def test_the_time_that_may_be_taken_changes_no_result() -> None:
    from caresim.run.block import content_hash

    assert content_hash(caresim.load(QUEUE)) == content_hash(caresim.load(QUEUE, "i_have_time=true"))


@pytest.mark.parametrize("number", ["1" + "0" * 400, "1000000000000000000000"])
def test_numbers_beyond_arithmetic_are_refused_as_well(number: str) -> None:
    assert refused(QUEUE, f"replications={number}").key == "replications"
    assert refused(QUEUE, "queue.customers=1e300").key == "queue.customers"


def test_no_run_leaves_the_calendar() -> None:
    words = ("population.scale=1", "window='4000000 d'")
    assert re.search(r"needs about|beyond the years", str(refused(TOKYO, *words)))
    experiment = caresim.load(QUEUE)
    far = experiment.model_copy(update={"drain": experiment.drain.at(9000 * 365 * 1440.0)})
    with pytest.raises(BadInput, match=r"drain = .*leads beyond the years 2 to 9,990"):
        price.check_dates(far)


def test_workers_beyond_any_machine_are_refused() -> None:
    assert str(refused("workers=1000000")).startswith("workers = 1000000: must be at most 1,000; ")


def test_python_asks_the_same_price(tmp_path: Path) -> None:
    """Of experiments that were changed after they had been loaded, too."""
    experiment: Any = caresim.load(QUEUE, f"output_dir={tmp_path}")
    many = experiment.model_copy(update={"replications": 10**9})
    with pytest.raises(BadInput, match="replications = 1000000000: needs about"):
        caresim.compare(many)
    crowd = experiment.queue.customers.at(1e12)
    onset = experiment.population.cohorts["customers"].onset
    huge = experiment.with_values({"population.cohorts.customers.onset.per_hour": onset.per_hour.value * 1e9})
    assert crowd.value == 1e12
    for ask in (caresim.simulate, caresim.CareModel, caresim.story):
        with pytest.raises(BadInput, match="memory"):
            ask(huge)
    with pytest.raises(BadInput, match="workers = 5000"):
        caresim.compare(experiment, workers=5000)
    assert list(tmp_path.iterdir()) == []


def test_a_story_costs_one_run_of_each_staffing_model() -> None:
    """It may be told of any replication of a long study."""
    words = ("experiment=ash_cloud", "replications=5000")
    assert caresim.load(*words, "task=story").replications == 5000
    refused(*words, "task=compare")


def test_more_precision_has_its_price_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round of `precision` is as long as the last one at most doubled: that is asked for before it begins."""
    monkeypatch.setattr("caresim.tasks.compare.compare.next_total", lambda experiment, replications, look: 10**9)
    words = (QUEUE, "queue.customers=100", "replications=2", "precision=0.001", f"output_dir={tmp_path}")
    with pytest.raises(BadInput, match="replications = 1000000000: needs"):
        caresim.compare(caresim.load(*words))


def test_paid_hours_that_follow_another_models_have_their_price() -> None:
    problem = refused(TOKYO, "++staffing.call_center_24_7.paid_hours.factor=10000000")
    assert problem.key == "staffing.call_center_24_7.paid_hours.factor"


def test_flights_are_few_enough_to_be_looked_through() -> None:
    key = "operators.european_airlines.flights.cancelled.a_day"
    problem = refused("experiment=ash_cloud", f"{key}=1000000000")
    assert problem.key == key
    assert str(problem).endswith("with those of other series; allowed: at most 500,000 in all")


def test_the_largest_cohort_is_named() -> None:
    key = "population.cohorts.callers"
    experiment = caresim.load("experiment=insourcing")
    onset = experiment.population.cohorts["callers"].onset
    words = f"{key}.people=1e12" if onset.per_hour is None else f"{key}.onset.per_hour='1e12 /h'"
    assert refused("experiment=insourcing", words).key == words.partition("=")[0]


def test_a_shorter_window_is_no_remedy_for_a_crowd_of_given_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price, "memory", lambda: 3 * GB)
    assert refused("experiment=ash_cloud").key == "population.cohorts.at_home.people"


def test_more_workers_need_more_memory() -> None:
    one, many = (
        price.price_of(caresim.load("experiment=ash_cloud", "replications=64", f"workers={n}")) for n in (1, 4)
    )
    assert many.bytes > 3 * one.bytes
    assert many.events == one.events


def test_a_container_has_less_than_its_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of both versions of control groups; what is cached of files counts as free."""
    monkeypatch.setattr(cores, "CGROUPS", tmp_path)
    monkeypatch.setattr(cores, "MINE", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "MEMINFO", tmp_path / "meminfo")
    (tmp_path / "meminfo").write_text("MemTotal: 64000000 kB\nMemAvailable: 32000000 kB\n")
    assert machine.memory() <= 32_000_000 * 1024
    (tmp_path / "cgroup").write_text("0::/mine\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "memory.max").write_text("3000000000\n")
    (tmp_path / "mine" / "memory.current").write_text("1000000000\n")
    (tmp_path / "mine" / "memory.stat").write_text("anon 400000000\ninactive_file 600000000\n")
    assert machine.memory() == 2_600_000_000
    (tmp_path / "mine" / "memory.max").write_text("max\n")
    assert machine.memory() > 2_600_000_000
    (tmp_path / "cgroup").write_text("4:memory:/theirs\n")
    theirs = tmp_path / "memory" / "theirs"
    theirs.mkdir(parents=True)
    (theirs / "memory.limit_in_bytes").write_text("2000000000\n")
    (theirs / "memory.usage_in_bytes").write_text("500000000\n")
    assert machine.memory() == 1_500_000_000


def test_amounts_read_well() -> None:
    assert [in_memory(size) for size in (1e5, 44e6, 9.96e9, 2.34e12)] == ["less than 1 MB", "44 MB", "10 GB", "2.3 TB"]
    assert [in_time(s) for s in (7.1, 150, 86_400, 1e9, 1e20)] == [
        "7.1 s", "2.5 min", "24 h", "32 years", "more than a million years",
    ]  # fmt: skip
    assert [in_number(n) for n in (2784, 6.2e7, 4.5e12, 3e20)] == ["2,784", "62 million", "4.5 trillion", "3e+20"]
    assert [rounded_down(v) for v in (1299, 0.0199, -0.00151)] == [1200, 0.019, pytest.approx(-0.0016)]


def test_people_of_a_report_are_counted_once_however_many_intervals_they_work(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("interval_start,offered,staff\n" + "".join(f"{30 * n},10,{5 + n % 2}\n" for n in range(40)))
    counts = counts_of(caresim.load("experiment=replay", f"replay.intervals={file}"), 1)
    assert counts.seats == 6
    assert counts.duties == 5 + 20


@pytest.mark.parametrize(("record", "times"), [("none", 0), ("first", 1), ("all", 4)])
def test_rows_of_a_replay_that_stay_in_memory_are_counted(
    record: str, times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "calls.csv").write_text("arrival\n" + "1\n" * 50)
    words = ("experiment=replay", f"replay.contacts={tmp_path / 'calls.csv'}", "replications=4", f"record={record}")
    experiment = caresim.load(*words)
    assert counts_of(experiment, 4).kept_rows == times * 50
    monkeypatch.setattr(counting, "MOST_IN_MEMORY", 49)
    assert counts_of(experiment, 4).kept_rows == 0
