"""The loop in C++ does what caresim does: every record of every call and caller ends with the same bits."""

from __future__ import annotations

import caresim_mmcm
import native
import numpy as np
import pytest

from caresim.model.engine import advance
from caresim.scenario.build import build

CALLERS = 3_000
ITS_OWN = {
    "passengers": set(),
    "cases": set(),
    "medium_experience": set(),
    "contacts": {"staff", "child", "sibling"},
    "channels": set(),
    "desks": {"synchronous_queue", "free_head", "free_tail"},
    "operators": set(),
    "ticks": set(),
    "desk_ticks": set(),
}
"""Fields that may differ: a line that is a list is threaded otherwise, and people who never go home queue otherwise."""


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    """(caresim's world, that of C++) at the end of the same run."""
    if native.compiler() is None:
        pytest.skip("no C++ compiler")
    whole = caresim_mmcm.experiment(CALLERS)
    ours, _ = build(whole, caresim_mmcm.STAFFING, 1)
    theirs, _ = build(whole, caresim_mmcm.STAFFING, 1)
    advance(ours, whole.ends)
    native.advance(native.built(str(tmp_path_factory.mktemp("cpp"))), theirs, whole.ends)
    return ours, theirs


def used(world, table):
    """Rows that mean something: room for contacts is not blank before a contact is made."""
    return int(world.clock[0].contacts) if table == "contacts" else len(getattr(world, table))


@pytest.mark.parametrize("table", ITS_OWN)
def test_every_record_is_the_same(worlds, table):
    ours, theirs = (getattr(world, table)[: used(world, table)] for world in worlds)
    assert len(ours) == len(theirs) > 0
    differ = [
        name
        for name in set(ours.dtype.names) - ITS_OWN[table]
        if not np.array_equal(ours[name], theirs[name], equal_nan=ours[name].dtype.kind == "f")
    ]
    assert differ == []


def test_it_takes_the_same_hops(worlds):
    """As many events, but for the changes of shift, of which ten people have three kinds a day."""
    ours, theirs = (int(world.clock[0].events) for world in worlds)
    assert 0 <= ours - theirs <= 50
    assert theirs > 7 * CALLERS


def test_something_happened(worlds):
    waits, fates = caresim_mmcm.outcome(worlds[1])
    assert np.nanmax(waits) > 1.0
    assert worlds[0].clock[0].medium_experiences == worlds[1].clock[0].medium_experiences > 0
    assert 0.01 < (fates == "abandoned").mean() < 0.2


def test_the_records_in_cpp_are_all_of_caresims():
    text = native.header()
    for table in native.DTYPES:
        assert f"struct {native.struct_of(table)} {{" in text
