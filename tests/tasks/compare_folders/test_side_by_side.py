"""Two finished runs side by side: in pairs where the luck is the same, and a warning where luck or worlds differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.__main__ import command
from caresim.config.errors import BadInput
from caresim.inference import two_samples
from caresim.inference.interval_width import quantile_t
from caresim.inference.variance_components import mean_of

QUEUE = ("experiment=queue", "queue.customers=200", "queue.warm_up=0 %", "replications=6", "record=none")
THREE_MORE = 'staffing.servers.extra=[{start: "00:00", end: "04:00", headcount: 3}]'


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., caresim.Results]:
    place = tmp_path_factory.mktemp("runs")
    known: dict[tuple[str, ...], caresim.Results] = {}

    def run(*words: str) -> caresim.Results:
        if words not in known:
            experiment = caresim.load(*QUEUE, *words, f"output_dir={place}")
            folder = caresim.compare(experiment, workers=1).save(place / f"run {len(known)}")
            known[words] = caresim.Results.load(folder)
        return known[words]

    return run


def test_runs_of_one_seed_are_compared_in_pairs(ran: Callable[..., caresim.Results]) -> None:
    one, other = ran(), ran(THREE_MORE)
    both = caresim.compare_folders(one, other)
    assert both.paired
    assert both.warnings == []
    assert list(both.differs()["key"]) == ["staffing.servers.desks.desk.extra"]
    assert both.answer()[0] == "The runs differ in staffing.servers.desks.desk.extra."
    assert caresim.compare_folders(one, one).answer()[1:] == ["Servers: the same in both runs."]
    row = both.table().set_index("metric").loc["phone_service_level"]
    gains = other.replications["phone_service_level"] - one.replications["phone_service_level"]
    assert row["difference"] == pytest.approx(gains.mean(), rel=1e-12)
    assert row["verdict"] in ("better", "undecided")
    assert (row["one"], row["other"]) == tuple(
        run.summary().set_index("metric").loc["phone_service_level", "mean"] for run in (one, other)
    )


def test_intervals_allow_for_looks_at_either_run(ran: Callable[..., caresim.Results]) -> None:
    one, other = ran(), ran(THREE_MORE)
    usual, looked_at = (caresim.compare_folders(one, replace(other, looks=looks)).table() for looks in (None, 2))
    wider = (looked_at["ci_high"] - looked_at["ci_low"] > usual["ci_high"] - usual["ci_low"])[usual["ci_high"].notna()]
    assert wider[usual["metric"] == "occupancy"].item()


def test_other_luck_is_no_pair_and_is_told(ran: Callable[..., caresim.Results]) -> None:
    both = caresim.compare_folders(ran(), ran("seed=7"))
    assert not both.paired
    assert [line for line in both.warnings if "the luck differs (seed=0 and seed=7)" in line]
    paired = caresim.compare_folders(ran(), ran(THREE_MORE)).table()
    widths = [
        (table["ci_high"] - table["ci_low"])[table["metric"] == "occupancy"].item() for table in (paired, both.table())
    ]
    assert widths[1] > widths[0]


def test_other_worlds_are_told(ran: Callable[..., caresim.Results]) -> None:
    (line,) = caresim.compare_folders(ran(), ran("queue.service_mean=1.1 min")).warnings
    assert "the worlds differ in" in line
    assert "queue.service_mean" in line


def test_runs_without_a_staffing_model_in_common_are_refused(ran: Callable[..., caresim.Results]) -> None:
    small = ("experiment=tokyo", "only=[hybrid]", "population.scale=0.01", "replications=2", "record=none")
    with pytest.raises(BadInput, match="runs of different experiments"):
        caresim.compare_folders(ran(), caresim.compare(caresim.load(*small), workers=1))


def test_the_command_line_prints_and_writes_the_same(
    ran: Callable[..., caresim.Results], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = ran(), ran("seed=7")
    words = [f"one={one.folder}", f"other={other.folder}", "metrics=[cost,occupancy]", f"output_dir={tmp_path}"]
    assert command(["task=compare_folders", *words]) == 0
    told = capsys.readouterr()
    assert "the luck differs" in told.err
    assert "seed: 0 → 7" in told.out
    assert "Occupancy" in told.out
    place = Path(told.out.splitlines()[-1])
    tables = {"comparison.csv", "differs.csv", "manifest.json"}
    assert {file.name for file in place.iterdir()} == {*tables, "report.html", "results.xlsx"}
    page = (place / "report.html").read_text(encoding="utf-8")
    assert "The luck differs (seed=0 and seed=7)" in page
    assert "The runs differ in seed." in page
    assert all(f">{label}<" in page for label in ("Occupancy", "Cost"))
    written = pd.read_csv(place / "comparison.csv")
    np.testing.assert_allclose(written["difference"], caresim.compare_folders(one, other).table()["difference"], 1e-9)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["one=a"], "other: is required|other = .*is required"),
        (["one=nowhere", "other=nowhere"], "must be the folder of a finished run"),
        (["on=a"], "did you mean one"),
    ],
)
def test_bad_words_are_refused(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    import re

    assert command(["task=compare_folders", *words]) == 2
    assert re.search(told, capsys.readouterr().err)


def test_the_interval_of_two_samples_is_welchs() -> None:
    """Draws of one replication each: the textbook's interval (here 5 and 9 values)."""
    luck = np.random.default_rng(7)
    samples = [luck.normal(size=(5, 1)), luck.normal(0.5, 2.0, size=(9, 1))]
    found = two_samples.difference(*(mean_of(sample, 0.95) for sample in samples), 0.95)
    squares = [sample.var(ddof=1) / len(sample) for sample in samples]
    degrees = sum(squares) ** 2 / (squares[0] ** 2 / 4 + squares[1] ** 2 / 8)
    half = quantile_t(0.95, degrees) * np.sqrt(sum(squares))
    assert found.value == pytest.approx(samples[1].mean() - samples[0].mean(), rel=1e-12)
    assert (found.low, found.high) == pytest.approx((found.value - half, found.value + half), rel=1e-9)


def test_two_samples_cover_the_true_difference() -> None:
    """Of 400 pairs of studies 95 % hold it, within the 99.9 % band of a binomial (3.6 points)."""
    luck = np.random.default_rng(11)
    held = 0
    for _ in range(400):
        worlds = [luck.normal(size=(draws, 1)) * spread for draws, spread in ((8, 0.5), (16, 1.0))]
        samples = [world + luck.normal(size=(len(world), 2)) * 0.5 for world in worlds]
        found = two_samples.difference(*(mean_of(sample, 0.95) for sample in samples), 0.95)
        held += found.low <= 0 <= found.high
    assert abs(held / 400 - 0.95) < 0.036
