"""Runs too large for memory: contacts in a file, metrics part by part, rows on disk; the results are the same."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.measure import incidence, interval_report, metrics, sample
from caresim.measure.curves import latency
from caresim.model import spill
from caresim.run import block, long_table, results
from caresim.run.folder import digest, write
from caresim.run.long_table import LongTable
from caresim.scenario import build
from caresim.scenario.run import run

WORDS = ("experiment=tokyo", "population.scale=0.15", "replications=2")
MODELS = ("social_team", "call_center_24_7")


@pytest.fixture
def experiment(tmp_path):
    whole = caresim.load(*WORDS, f"output_dir={tmp_path}")
    few = {name: whole.staffing[name] for name in MODELS}
    return whole.model_copy(update={"staffing": few, "output_dir": str(tmp_path)})


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is small counts as large: a contact table is in a file after 1,024 rows, a part is 700 contacts."""
    monkeypatch.setattr(spill, "FROM", 1024)
    monkeypatch.setattr(spill, "STEP", 4096)
    monkeypatch.setattr(build, "FROM", 1024)
    monkeypatch.setattr(sample, "PART", 700)
    monkeypatch.setattr(long_table, "LONG", 700)


def test_contacts_in_a_file_are_the_same_contacts(experiment, large):
    of = run(experiment, MODELS[0], 0)
    count = int(of.world.clock[0].contacts)
    assert "contacts" in of.world.spilled
    assert count > 1024
    kept = np.asarray(of.world.contacts)[:count].tobytes()
    of.world.spilled["contacts"].evict(0, count)
    assert np.asarray(of.world.contacts)[:count].tobytes() == kept


def test_a_run_in_a_file_and_in_parts_gives_the_same_results(experiment, large, monkeypatch):
    parts = run(experiment, MODELS[0], 0)
    told, curve, report = metrics.measure(parts), latency(parts), interval_report.report(parts)
    assert len(list(sample.Sample(parts).parts())) > 3
    monkeypatch.undo()
    whole = run(experiment, MODELS[0], 0)
    assert "contacts" not in whole.world.spilled
    count = int(whole.world.clock[0].contacts)
    assert np.asarray(parts.world.contacts)[:count].tobytes() == np.asarray(whole.world.contacts)[:count].tobytes()
    for name, value in metrics.measure(whole).items():
        assert told[name] == pytest.approx(value, rel=1e-12, abs=1e-12, nan_ok=True), name
    pd.testing.assert_frame_equal(curve, latency(whole), rtol=1e-12)
    pd.testing.assert_frame_equal(report, interval_report.report(whole), rtol=1e-12)


def test_counted_waits_give_shares_exactly_and_medians_within_a_thousandth(experiment, monkeypatch):
    of = run(experiment, MODELS[1], 0)
    told, curve = metrics.measure(of), latency(of)
    monkeypatch.setattr(incidence, "MOST_EXACT", 100)
    counted, binned = metrics.measure(of), latency(of)
    assert counted != told  # or nothing was counted
    for name, metric in metrics.REGISTRY.items():
        within = 1.0 + 2.0**-10 if metric.average == "median" else 1.0 + 1e-12
        assert counted[name] == told[name] or math.isnan(told[name]) or (
            told[name] / within <= counted[name] <= told[name] * within
        ), name  # fmt: skip
    exact = curve["minutes"].isin([15.0, 60.0, 1440.0])
    pd.testing.assert_frame_equal(curve[exact], binned[exact], rtol=1e-12)


def test_cut_off_waits_are_counted_as_the_estimator_has_it():
    rng = np.random.default_rng(1)
    wait = np.exp(rng.normal(3.0, 1.5, 5000))
    spells = incidence.Spells(wait, rng.integers(0, 3, 5000).astype(np.int8))
    one_by_one, counted = incidence.Waits(), incidence.Waits()
    one_by_one.add(spells)
    for part in range(0, 5000, 900):
        counted.add(incidence.Spells(wait[part : part + 900], spells.fate[part : part + 900]))
    counted_incidence = incidence._of_counts(
        np.stack(
            [np.bincount(incidence._bin(wait[spells.fate == fate]), minlength=incidence.BINS) for fate in range(3)]
        )
    )
    assert one_by_one.incidence.within(30.0) == counted.incidence.within(30.0)
    for minutes in (15.0, 60.0, 240.0):
        assert counted_incidence.within(minutes) == pytest.approx(one_by_one.incidence.within(minutes), abs=1e-3)


def test_rows_on_disk_are_those_in_memory_whatever_the_workers(experiment, large, monkeypatch, tmp_path):
    long = [caresim.compare(experiment, workers=workers) for workers in (1, 2)]
    assert all(isinstance(table, LongTable) for each in long for table in (each.contacts, each.passengers))
    folders = [write(each, tmp_path / f"{n}") for n, each in enumerate(long)]
    monkeypatch.undo()
    short = caresim.compare(experiment, workers=1)
    for table in ("contacts", "passengers"):
        here = getattr(short, table)
        for each, folder in zip(long, folders, strict=True):
            there = getattr(each, table)
            assert len(there) == len(here)
            assert digest(there) == digest(here)
            pd.testing.assert_frame_equal(pd.read_parquet(folder / f"{table}.parquet"), here)
        assert (folders[0] / f"{table}.parquet").read_bytes() == (folders[1] / f"{table}.parquet").read_bytes()
    assert not (tmp_path / block.FOLDER).exists()


def test_long_tables_give_columns_and_say_so(experiment, large, monkeypatch, tmp_path):
    folder = write(caresim.compare(experiment, workers=1), tmp_path)
    monkeypatch.setattr(long_table, "MOST_AT_ONCE", 100)
    monkeypatch.setattr(results, "read", long_table.read)
    loaded = caresim.Results.load(folder)
    assert isinstance(loaded.contacts, LongTable)
    assert isinstance(loaded.replications, pd.DataFrame)
    whole = pd.read_parquet(folder / "contacts.parquet")
    pd.testing.assert_series_equal(loaded.contacts["wait_min"], whole["wait_min"])
    pd.testing.assert_frame_equal(loaded.contacts[["staffing", "counted"]], whole[["staffing", "counted"]])
    assert sum(len(piece) for piece in loaded.contacts.pieces()) == len(whole)
    with pytest.raises(AttributeError, match="take columns of it"):
        loaded.contacts.groupby("staffing")
    with pytest.raises(TypeError, match="take columns of it"):
        loaded.contacts[loaded.contacts["counted"]]
    with pytest.raises(KeyError, match="no column waited; there are staffing"):
        loaded.contacts["waited"]
    assert loaded.plot.satisfaction() is not None


def test_a_block_whose_rows_are_gone_is_computed_again(experiment, large, tmp_path):
    from caresim.run.store import Store

    first = block.cut(experiment, 0, 1)[0]
    name = next(block.block_hashes(experiment, [first]))
    store = Store(tmp_path)
    store.keep(name, block.compute(experiment, first))
    assert store.find(name) is not None
    next((tmp_path / block.FOLDER).glob(f"{name}-0-contacts.parquet")).unlink()
    assert store.find(name) is None
    store.forget()
