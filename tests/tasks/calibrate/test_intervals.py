"""A calibration to an interval report: it finds patience, handling and people of a centre whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import history_of, report_of, some_truth

import caresim
from caresim.config.errors import BadInput
from caresim.config.exports.file_format import Format
from caresim.tasks.calibrate.arrivals import to_come
from caresim.tasks.calibrate.intervals.at_work import Mix, line_of, servers_of
from caresim.tasks.calibrate.intervals.command import calibrated, lines, write
from caresim.tasks.calibrate.intervals.fit import fit
from caresim.tasks.calibrate.intervals.report import is_report, read
from caresim.tasks.calibrate.settings import Calibrate
from caresim.theory import erlang_a

FORM = Format.model_validate({"medium": "phone", "desk": "phones"})
PEOPLE = 6


def centre(seed: int, path, days: int = 9):
    """A report of half hours, and the truth behind it."""
    luck = np.random.default_rng([7, seed])
    truth = some_truth(luck, days=days)
    report_of(history_of(truth, luck)).to_csv(path, index=False)
    return truth


@pytest.fixture(scope="module")
def fits(tmp_path_factory):
    path = tmp_path_factory.mktemp("reports") / "report.csv"
    found = []
    for seed in range(8):
        truth = centre(seed, path)
        found.append((truth, fit(read("calibrate", str(path), "UTC", FORM))))
    return found


def test_nine_tenths_of_the_intervals_of_patience_and_handling_hold_the_truth(fits) -> None:
    """32 intervals: three standard errors of a share of 0.9 are 0.16."""
    held = []
    for truth, found in fits:
        held += (np.abs(np.log(found.patience.mean / truth.patience_min)) <= 1.645 * found.patience.sd).tolist()
        handling = truth.handling_min * truth.hours.mean() * truth.speeds.mean()
        held += (
            np.abs(np.log(found.handling.mean / handling)) <= 1.645 * np.hypot(found.handling.mean_sd, 0.04)
        ).tolist()
    assert len(held) == 32
    assert np.mean(held) >= 0.74


def test_people_at_work_are_found_within_a_tenth(fits) -> None:
    for _, found in fits:
        people = found.people
        mean = (people["people"] * people["width"]).sum() / people["width"].sum()
        assert mean == pytest.approx(PEOPLE, rel=0.1)


def test_the_next_day_lies_in_the_bands_of_its_hours(fits) -> None:
    held = []
    for number, (_, found) in enumerate(fits):
        history = found.history
        *before, last = history.days
        _, counts = to_come(history.between(before[0], before[-1]), [last], 200, np.random.default_rng(number))
        low, high = np.quantile(counts.groupby("draw")["value"].sum(), [0.05, 0.95])
        held.append(low <= int((history.day == last.toordinal()).sum()) <= high)
    assert np.mean(held) >= 0.58  # three standard errors of 0.9 with 8 days


def test_sums_over_customers_are_erlang_a() -> None:
    for rate, service, servers, patience in ((2.0, 3.0, 5, 4.0), (2.0, 3.0, 8, 4.0), (0.1, 3.0, 1, 30.0)):
        line = erlang_a(rate, service, servers, patience)
        expected = 1 - line.abandonment, line.asa * (1 - line.abandonment), line.mean_wait
        assert line_of(rate, service, servers, patience) == pytest.approx(expected, rel=1e-9)


def test_a_wait_that_is_rounded_to_zero_takes_no_more_people_than_half_a_second() -> None:
    mix = Mix((1.0,), (1,), 5.0, 5.0)  # 5 erlangs
    most, _ = servers_of(mix, 0.0)
    assert most == servers_of(mix, 0.5 / 60.0)[0]
    assert servers_of(mix, 2.0 / 60.0)[0] < most < 12


def test_the_folder_runs_and_what_is_played_again_is_near_the_report(tmp_path) -> None:
    path = tmp_path / "report.csv"
    centre(2, path, days=3)
    settings = Calibrate(
        contacts=str(path), format=FORM, draws=20, choosing=4, output_dir=str(tmp_path / "out"), workers=1
    )
    place, said = write(calibrated(settings))
    assert (place / "experiment" / "calibrated_next_week.yaml").is_file()
    words = said[-1].replace("%", "").replace(";", "").split()
    numbers = [float(word) for word in words if word.replace(".", "").isdigit()]
    assert said[-1].startswith("Played again")
    assert numbers[0] == pytest.approx(numbers[2], abs=4.0)  # points of hang-ups; 2,000 calls and 4 runs
    experiment = caresim.load("experiment=calibrated", config_dir=place)
    assert len(caresim.simulate(experiment).contacts) == int(pd.read_csv(path)["offered"].sum())


def test_staff_of_the_report_is_taken_as_it_is(tmp_path) -> None:
    path = tmp_path / "report.csv"
    centre(1, path, days=2)
    pd.read_csv(path).assign(staff=4.5).to_csv(path, index=False)
    found = fit(read("calibrate", str(path), "UTC", FORM))
    assert set(found.people["people"]) == {4.5}
    assert set(found.staff()["headcount"]) == {4, 1}


def test_what_the_report_lacks_keeps_its_prior_in_one_line(tmp_path) -> None:
    path = tmp_path / "report.csv"
    centre(1, path, days=2)
    pd.read_csv(path)[["interval_start", "channel", "offered"]].to_csv(path, index=False)
    said = lines(calibrated(Calibrate(contacts=str(path), format=FORM)))
    for start in (
        "Handling times keep their prior",
        "Patience keeps its prior (nobody hangs up): no column asa_s, abandoned, aht_s",
        "NO ROSTER",
        "An interval report does not tell",
    ):
        assert len([line for line in said if line.startswith(start)]) == 1


def test_a_report_is_told_from_a_list_of_contacts_by_its_columns(tmp_path) -> None:
    path = tmp_path / "file.csv"
    for header, expected in (("interval_start,offered", True), ("arrival,wait_s", False), ("arrival,answered", False)):
        path.write_text(f"{header}\n2026-03-02 09:00,5\n", encoding="utf-8")
        assert is_report(str(path), Format()) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("interval_start,offered,medium\n2026-03-02 09:00,5,email\n", "has no channel on which customers wait"),
        ("interval_start,offered\n2026-03-02 09:00,0\n", "offers no contact"),
        ("interval_start,offered\n0,5\n30,4\n", "has plain minutes"),
        (
            "interval_start,offered,channel,medium,desk\n2026-03-02 09:00,5,a,phone,x\n2026-03-02 09:00,5,b,phone,y\n",
            "has the desks x, y; allowed: the rows of one desk",
        ),
    ],
)
def test_reports_that_do_not_fit(tmp_path, text, said) -> None:
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read("calibrate", str(path), "UTC", Format())
