"""Days on which nobody is at one of the desks: they have one desk for all, and every output says so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import loaded

import caresim
from caresim.run.progress import Nobody
from caresim.tasks.calibrate.calibrate import Calibrated, calibrate
from caresim.tasks.calibrate.carried import AT_ONE_DESK, GIVEN, ROSTER, Carried, thirds
from caresim.tasks.calibrate.command import lines, write
from caresim.tasks.calibrate.desks import Desk, overflows
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.given import score_of, write_given
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.calibrate.settings import Calibrate
from caresim.tasks.nowcast.nowcast import nowcast
from caresim.tasks.nowcast.settings import from_values
from caresim.tasks.nowcast.words import caution

TWO = (Desk(("a",)), Desk(("c",), 0, 2.0))
MONDAY = date(2026, 3, 2)
DAYS = 9


@pytest.fixture(scope="module")
def settings(tmp_path_factory) -> Calibrate:
    """Cid takes calls of kind c on two days, Ann after two minutes; then Cid is gone."""
    rows = []
    for day in range(DAYS):
        at = MONDAY + timedelta(days=day)
        rows += [f"{at} 09:{n:02d}:00,a,Ann,0,answered,40" for n in range(40)]
        rows += [f"{at} 10:{n:02d}:00,c,Ann,150,answered,40" for n in range(20)]
        rows += [f"{at} 09:{n:02d}:30,c,Cid,0,answered,40" for n in range(40) if day < 2]
    folder = tmp_path_factory.mktemp("one_desk")
    path = folder / "history.csv"
    path.write_text("arrival,kind,agent,wait_s,outcome,service_s\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return Calibrate(contacts=str(path), draws=20, choosing=2, workers=1, output_dir=str(folder / "outputs"))


@pytest.fixture(scope="module")
def whole(settings):
    return loaded(settings.contacts)


def test_a_candidate_that_is_scored_without_its_overflow_is_marked_and_counted(settings, whole) -> None:
    found, _ = calibrate(settings)
    marked = found.candidates[found.candidates[AT_ONE_DESK]]
    assert len(marked) > 0
    assert marked["rules"].str.contains("take c after 2 min").all()
    count = f"{len(marked)} candidates were" if len(marked) > 1 else "1 candidate was"
    assert any(line.startswith(f"{count} scored at one desk for all") for line in found.notes)
    early, late = whole.between(MONDAY, MONDAY + timedelta(days=5)), whole.between(date(2026, 3, 8), date(2026, 3, 10))
    assert score_of(early, late, Rules(desks=TWO), settings, Nobody()).at_one_desk
    assert not score_of(early, late, Rules(), settings, Nobody()).at_one_desk
    assert not score_of(early, early, Rules(desks=TWO), settings, Nobody()).at_one_desk


def calibrated(settings, history, rules, candidates=()):
    """A calibration with these rules, whoever chose them."""
    columns = ["rules", ROSTER, "crps_wait_s", "hours", "chosen"]
    table = pd.DataFrame(list(candidates), columns=columns)
    return Calibrated(settings, fit(history, rules, 0), Carried(rules.rest_min, False), table, {})


def test_found_txt_and_the_terminal_name_the_experiment_that_has_one_desk(settings, whole) -> None:
    rules = Rules(desks=TWO)
    found = calibrated(settings, whole, rules)
    place = write(found)
    said = [line for line in lines(found, place) if "has one desk for all" in line]
    assert said == [
        "experiment=calibrated_next_week has one desk for all, without the overflow: one of the desks that help each "
        "other out has no contact there, or nobody while its contacts come; those who would help out late do so from "
        "the start."
    ]
    assert said[0] in (place / "found.txt").read_text(encoding="utf-8").splitlines()
    desks = {
        name: list(caresim.load(f"experiment={name}", config_dir=place).staffing["as_given"].desks)
        for name in ("calibrated", "calibrated_next_week")
    }
    assert desks == {"calibrated": ["calls_a", "calls_c"], "calibrated_next_week": ["calls"]}


def test_there_they_help_out_from_the_start(settings, whole, tmp_path) -> None:
    early, late = whole.between(MONDAY, MONDAY + timedelta(days=5)), whole.between(date(2026, 3, 8), date(2026, 3, 10))
    write_given(tmp_path, tmp_path, "late", fit(early, Rules(desks=TWO), 0), late, 20, 0)
    staff = pd.read_csv(tmp_path / "staff.csv", keep_default_na=False)
    assert set(zip(staff["agent"], staff["skills"], strict=True)) == {("Ann", "")}
    contacts = caresim.simulate(caresim.load("experiment=late", config_dir=tmp_path)).contacts
    assert np.count_nonzero((contacts["channel"] == "c") & (contacts["outcome"] == "answered")) == 60


def test_a_kind_that_comes_in_the_last_third_alone_is_said_to_be_at_a_desk_by_guess(settings, tmp_path) -> None:
    text = Path(settings.contacts).read_text(encoding="utf-8")
    new = "".join(f"2026-03-10 12:{n:02d}:00,zebra,Ann,0,answered,40\n" for n in range(12))
    (tmp_path / "history.csv").write_text(text + new, encoding="utf-8")
    told = loaded(tmp_path / "history.csv")
    (desks,) = overflows(thirds(told)[0], ())
    assert desks[0].kinds == ("a", "zebra")
    found = calibrated(settings, told, Rules(desks=desks))
    assert [line for line in lines(found) if "guess" in line] == [
        "Desks are told from the first two thirds of the training days, in which no agent had zebra: at desk calls_a "
        "by guess."
    ]
    found = calibrated(settings, told, Rules())
    assert not [line for line in lines(found) if "guess" in line]


def test_a_nowcast_says_so_too(settings, whole) -> None:
    """On Sunday nobody expects Cid; on Tuesday, who worked on the last one, they may still come."""
    rules = Rules(desks=TWO)
    place = write(
        calibrated(settings, whole.between(MONDAY, date(2026, 3, 7)), rules, [(rules.text, GIVEN, 1.0, 1, True)])
    )
    said = {}
    for now in ("2026-03-08T09:10", "2026-03-10T09:10"):
        values = {"contacts": settings.contacts, "now": now, "calibration": str(place), "hours": 2, "draws": 20}
        found = nowcast(from_values({**values, "replications": 20, "workers": 1, "page": "none"}))
        said[now] = [line for line in caution(found) if "one desk for all" in line]
    assert [len(some) for some in said.values()] == [1, 0]
    assert said["2026-03-08T09:10"][0].startswith("The hours ahead have one desk for all, without the overflow: ")
