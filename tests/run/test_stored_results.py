"""Results of released versions: this version opens each, with all tables and with the numbers that it had."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest
from tests.stored import make

import caresim
from caresim.measure.metrics import REGISTRY
from caresim.run.block import block_hashes, compute, cut, package_version
from caresim.run.block_file import NotABlock, decoded
from caresim.run.folder import digest
from caresim.run.results import FRAMES, Results, measured
from caresim.run.store import Store
from caresim.tasks.compare.compare import compare

VERSIONS = sorted(path.name for path in make.HERE.iterdir() if path.is_dir() and (path / make.RUN).exists())


def test_every_minor_version_has_left_one() -> None:
    minor = package_version().split(".")[:2]
    assert any(version.split(".")[:2] == minor for version in VERSIONS), "python -m tests.stored.make VERSION"


@pytest.mark.parametrize("version", VERSIONS)
def test_its_tables_are_those_that_were_written(version: str) -> None:
    place = make.HERE / version / make.RUN
    results = Results.load(place)
    digests = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["digests"]
    assert set(digests) <= set(FRAMES)
    assert {name: digest(getattr(results, name)) for name in digests} == digests
    assert len(results.contacts) > 0
    assert len(results.intervals) > 0


@pytest.mark.parametrize("version", VERSIONS)
def test_it_says_what_it_said(version: str) -> None:
    """Of every metric that there still is, to the digits that are written down."""
    results = Results.load(make.HERE / version / make.RUN)
    before = json.loads((make.HERE / version / make.SAID).read_text(encoding="utf-8"))
    now = make.said(results)
    assert set(now) == set(before)
    for staffing, metrics in before.items():
        for metric in metrics.keys() & REGISTRY.keys():
            for old, new in zip(metrics[metric], now[staffing][metric], strict=True):
                assert new == pytest.approx(old, rel=1e-9, nan_ok=True) or (math.isinf(old) and new == old), metric


@pytest.mark.parametrize("version", VERSIONS)
def test_its_finished_block_is_used_or_computed_again(version: str, tmp_path: Path) -> None:
    """Under the name of a block that is wanted now, as if its content had not changed."""
    experiment = caresim.load(*make.WORDS, f"output_dir={tmp_path}")
    (block,) = cut(experiment, 0, experiment.replications)
    content = (make.HERE / version / make.BLOCK).read_bytes()
    store = Store(tmp_path)
    store.folder.mkdir(parents=True)
    (store.folder / next(block_hashes(experiment, [block]))).write_bytes(content)
    results = compare(experiment, store)
    try:
        used = decoded(content)
    except NotABlock:
        used = compute(experiment, block)
    pd.testing.assert_frame_equal(results.replications, measured([(block, used)]))
