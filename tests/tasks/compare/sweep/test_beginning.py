"""A sweep is priced, tries each value once, and begins; a run whose values do not fit each other loses no other."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from caresim.__main__ import command
from caresim.config import price
from caresim.config.composer import Composer
from caresim.config.errors import BadInput
from caresim.tasks import jobs
from caresim.tasks import request as asking
from caresim.tasks.combinations import Combinations, choices_of, combinations, plain_value, spread
from caresim.tasks.jobs import MOST_TRIED, jobs_of

QUEUE = ("experiment=queue", "queue.customers=500", "replications=2")
QUICK = (*QUEUE, "figures=none", "record=none")


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The words of every composition that is asked for."""
    asked: list[list[str]] = []
    real = Composer.of

    def of(self: Composer, words: list[str]) -> object:
        asked.append(list(words))
        return real(self, words)

    monkeypatch.setattr(Composer, "of", of)
    return asked


def test_each_value_is_tried_once_and_no_combination(composed: list[list[str]]) -> None:
    words = [*QUEUE, "queue.servers=range(10,20)", "seed=range(0,30)"]
    jobs = jobs_of(asking.parse(["-m", *words]))
    assert len(jobs) == 300
    assert len(composed) == 1 + 10 + 30
    assert jobs[299].overrides == {"queue.servers": "19", "seed": "29"}
    assert len(composed) == 41, "a job is composed when its experiment is asked for"
    assert jobs[299].experiment.seed == 29
    assert [job.number for job in jobs[10:12]] == [10, 11]


def test_of_very_many_values_some_are_tried_with_both_ends(composed: list[list[str]]) -> None:
    jobs = jobs_of(asking.parse(["-m", *QUEUE, "seed=range(0,5000)", "i_have_time=true"]))
    assert len(jobs) == 5000
    assert len(composed) == 1 + MOST_TRIED
    assert {composed[1][3], composed[-1][3]} == {"seed=0", "seed=4999"}
    assert list(spread(5, 200)) == [0, 1, 2, 3, 4]
    with pytest.raises(BadInput, match="seed = -1"):
        jobs_of(asking.parse(["-m", *QUEUE, "seed=range(4000,-2,-1)"]))


def test_the_values_of_a_sweep_too_large_are_not_even_listed(
    composed: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("caresim.tasks.combinations.Choice.words", lambda choice: pytest.fail("listed"))
    for words, count in (
        (("seed=range(0,10000000)",), "10,000,000"),
        (("seed=range(0,1000000)", "replications=range(1,1000001)"), "1,000,000,000,000"),
        (("seed=shuffle(range(0,1000000000))",), "1,000,000,000"),
        (("queue.arrival_rate=range(1.0,9.0,0.0000001)",), "80,000,000"),
    ):
        with pytest.raises(BadInput, match=rf"-m = '.*': makes {count} runs, .*; allowed: at most [\d,]+ runs"):
            jobs_of(asking.parse(["-m", "experiment=queue", *words]))
    assert len(composed) == 4


def test_a_sweep_of_more_than_a_day_begins_where_there_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price, "LONGEST_S", 1.0)
    words = ["-m", *QUICK, "seed=range(0,100)"]
    with pytest.raises(BadInput, match=r"makes 100 runs, takes about [\d.]+ s .*at most \d+ runs.*i_have_time=true"):
        jobs_of(asking.parse(words))
    assert len(jobs_of(asking.parse([*words, "i_have_time=true"]))) == 100


def test_dear_values_make_a_sweep_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first value says nothing of the last one."""
    monkeypatch.setattr(price, "LONGEST_S", 6.0)
    with pytest.raises(BadInput, match="makes 3 runs, takes about"):
        jobs_of(asking.parse(["-m", "experiment=queue", "queue.customers=1000,1000000,1100000", "replications=4"]))


def test_combinations_are_those_of_nested_loops() -> None:
    made, keys = combinations(["a=1,2", "b=3", "c=range(5,8)"])
    assert keys == ["a", "c"]
    assert list(made) == [[f"a={a}", "b=3", f"c={c}"] for a in (1, 2) for c in (5, 6, 7)]
    assert made[-1] == ["a=2", "b=3", "c=7"]
    assert len(Combinations([["x"] * 1000] * 4)) == 10**12


@pytest.mark.parametrize(
    "word", ["a=range(5)", "a=range(1,9,3)", "a=range(9,1,-2)", "a=range(1.5,9.5,0.5)", "a=choice(x,y)", "a=4"]
)
def test_values_are_counted_as_they_are_listed(word: str) -> None:
    (choice,) = choices_of([word])
    assert choice.count == len(choice.words())
    assert choice.first == choice.words()[0]


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("a=2500 people,3250 people", ["2500 people", "3250 people"]),
        ("a=82 %,90 %", ["82 %", "90 %"]),
        ("a='x, y','z'", ["x, y", "z"]),
        ("a=[2500 people],[]", ['["2500 people"]', "[]"]),
        ("a=[{start:'06:30'}],null", ["[{start:'06:30'}]", "null"]),
        ("a=range(1,3)", ["1", "2"]),
        (r"a=b\,c,d\\e", ["b,c", r"d\e"]),
    ],
)
def test_values_are_named_without_the_backslashes_of_the_grammar(word: str, plain: list[str]) -> None:
    (choice,) = choices_of([word])
    assert [plain_value(each) for each in choice.words()] == plain


def test_a_value_with_a_space_is_composed_and_named_as_it_is_typed() -> None:
    jobs = jobs_of(asking.parse(["-m", *QUEUE, "queue.patience_mean=2 min,4 min"]))
    assert [job.overrides for job in jobs] == [{"queue.patience_mean": "2 min"}, {"queue.patience_mean": "4 min"}]
    assert [f"{job}" for job in jobs] == ["queue.patience_mean=2 min", "queue.patience_mean=4 min"]
    first, second = (job.experiment.as_text()["queue"]["patience_mean"] for job in jobs)
    assert first != second


@pytest.mark.parametrize("word", ["a=range(5,1)", "a=range(1,5,0)", "a=range(1.0,2.0,0.0)"])
def test_a_range_without_values_is_refused(word: str) -> None:
    with pytest.raises(BadInput, match="allowed: "):
        choices_of([word])


def test_a_combination_that_does_not_fit_is_told_at_the_end_and_loses_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], without_engine: ModuleType
) -> None:
    """Each value is good with the first of the others; servers=30 with room for 20 is not."""
    monkeypatch.chdir(tmp_path)
    status = command(["-m", *QUICK, "queue.servers=10,30", "queue.capacity=40,20"])
    told = capsys.readouterr()
    assert status == 2
    assert "Traceback" not in told.err
    assert "queue.capacity = '20': must be at least servers (30) (the run with" in told.err
    lines = [line for line in told.err.splitlines() if line.startswith("caresim: ")]
    assert lines[-1] == "caresim: 1 of 4 runs were refused: queue.servers=30, queue.capacity=20"
    table = pd.read_csv(Path(told.out.splitlines()[-1]) / "sweep.csv")
    assert set(zip(table["queue.servers"], table["queue.capacity"], strict=True)) == {(10, 40), (10, 20), (30, 40)}


@pytest.mark.parametrize("words", [("figures=none,few",), ("seed=1,2",), ("seed=range(1,4)",)])
def test_several_values_without_m_are_told_what_to_type(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command([*QUEUE, *words]) == 2
    key, _, values = words[0].partition("=")
    start = f"caresim: {key} = {values!r}: has several values; type -m before it for a run of each"
    assert capsys.readouterr().err.startswith(start)


def test_more_workers_than_cores_are_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(jobs, "cores", lambda: 2)
    jobs_of(asking.parse([*QUEUE, "workers=6"]))
    assert capsys.readouterr().err == "caresim: workers=6 is more than the 2 cores here, which does not help\n"
    jobs_of(asking.parse([*QUEUE, "workers=2"]))
    assert capsys.readouterr().err == ""
