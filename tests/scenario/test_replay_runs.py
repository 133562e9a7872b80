"""A replay as it runs: given times as they are, missing ones drawn, rows in the file's order, reports in equal out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.config.errors import BadInput


@pytest.fixture
def run(replayed):
    """Results of a replay of these files, given as their text."""
    return lambda *words, **files: caresim.compare(replayed(*words, **files), workers=1)


def waits(results):
    return results.replayed()["wait_s"].tolist()


PLAN = "start,end\n0,600\n"  # one person from minute 0 to 600


def test_given_times_are_used_as_they_are(run):
    # By hand: one server. 0 is served 0-10; 1 waits until 10 and is served until 12; 2 gives up at 5; 3 need not wait.
    text = "arrival,service_s,patience_s\n0,600,\n1,120,inf\n2,60,180\n20,30,\n"
    table = run(contacts=text, staff=PLAN).replayed()
    assert table["outcome"].tolist() == ["answered", "answered", "abandoned", "answered"]
    # Wall clocks in minutes of at most 20, times 60: a few roundings of 1e-15 each.
    assert table["wait_s"].tolist() == pytest.approx([0, 540, 180, 0], abs=1e-9)
    assert table["handle_s"].dropna()[[0, 1, 3]].tolist() == pytest.approx([600, 120, 30], abs=1e-9)


def test_rows_keep_the_order_and_index_of_the_file_whatever_the_order_of_time(run):
    table = run(contacts="arrival,service_s\n50,60\n\n10,60\n30,60\n10,60\n", staff=PLAN).replayed()
    assert table["row"].tolist() == [0, 1, 2, 3]
    assert table["arrival_min"].tolist() == [50, 10, 30, 10]
    assert table["wait_s"].tolist() == pytest.approx([0, 0, 0, 60], abs=1e-9)  # of two at once, the upper row first


def test_redials_are_in_the_contacts_and_not_in_the_replay(run):
    words = ("behaviour.phone.abandon_redial=1", "behaviour.phone.abandon_gap='1 min'")
    results = run(*words, contacts="arrival,service_s,patience_s\n0,3600,\n1,60,60\n2,60,60\n", staff=PLAN)
    assert len(results.contacts) > 3
    assert results.replayed()["row"].tolist() == [0, 1, 2]
    assert results.contacts["row"].notna().sum() == 3


def test_a_redial_has_the_patience_and_the_handling_time_of_its_row(run):
    words = ("behaviour.phone.abandon_redial='100 %'", "behaviour.phone.abandon_gap='1 min'", "replay.servers=1")
    results = run(*words, contacts="arrival,service_s,patience_s\n0,3600,\n1,77,60\n")
    redials = results.contacts[results.contacts["passenger"] == 1].iloc[1:]
    assert len(redials) > 10
    given_up = redials[redials["outcome"] == "abandoned"]
    assert given_up["wait_min"].to_numpy() == pytest.approx(np.full(len(given_up), 1.0), abs=1e-9)
    assert 60 * redials.loc[redials["outcome"] == "answered", "handle_min"].item() == pytest.approx(77)


def test_priority_comes_first_and_nobody_is_interrupted(run):
    text = "arrival,service_s,priority\n0,600,0\n1,60,1\n2,60,5\n"
    assert waits(run(contacts=text, staff=PLAN)) == pytest.approx([0, 10 * 60, 8 * 60], abs=1e-9)


def test_who_comes_after_the_staff_have_gone_waits_to_the_end(run):
    table = run("drain='2 h'", contacts="arrival,service_s\n0,60\n15,60\n", staff="start,end\n0,10\n").replayed()
    assert table["outcome"].tolist() == ["answered", "waiting"]
    assert np.isnan(table["wait_s"].iloc[1])


def test_in_a_gap_of_the_plan_callers_wait_for_the_next_spell(run):
    found = waits(run(contacts="arrival,service_s\n15,60\n", staff="start,end\n0,10\n40,50\n"))
    assert found == pytest.approx([25 * 60], abs=1e-9)


def test_missing_handling_times_are_drawn_about_their_mean(run):
    # An exponential of mean 5 min: the mean of n = 2000 lies within 3.29 / sqrt(n) = 7.4 % of it at 99.9 %.
    rows = "".join(f"{5 * n},\n" for n in range(2000))
    results = run("replay.service_mean=5", "replay.servers=50", contacts=f"arrival,service_s\n{rows}")
    mean = results.replayed()["handle_s"].mean()
    assert mean == pytest.approx(300, rel=3.29 / 2000**0.5)


def test_given_patience_and_drawn_patience_stand_side_by_side(run):
    # Nobody is there before the last caller: all others give up, 1,000 after the given 30 s, 1,000 after an exponential
    # of mean 4 min (within 3.29 / sqrt(1000) of its mean at 99.9 %).
    rows = "".join(f"{n},{30 if n % 2 else ''}\n" for n in range(2000))
    table = run(
        "replay.patience_mean=4", contacts=f"arrival,patience_s\n{rows}5005,60\n", staff="start,end\n5000,5010\n"
    ).replayed()[:2000]
    given = table[table["row"] % 2 == 1]["wait_s"]
    assert given.to_numpy() == pytest.approx(np.full(1000, 30.0), abs=1e-9)
    assert table[table["row"] % 2 == 0]["wait_s"].mean() == pytest.approx(240, rel=3.29 / 1000**0.5)


REPORT = """interval_start,offered,channel,aht_s,staff
2026-03-28T23:30:00+01:00,7,phone,240,2
2026-03-29T00:00:00+01:00,0,phone,,2
2026-03-29T01:30:00+01:00,11,phone,120,3
2026-03-29T03:00:00+02:00,5,phone,60,3
2026-03-29T03:00:00+02:00,4,email,600,1
2026-03-29T03:30:00+02:00,9,phone,90,0
"""


HALF_HOURS = "replay.format.interval='30 min'"  # rows of the night are left out


def test_a_report_that_comes_in_goes_out_interval_by_interval(run):
    out = run("replay.timezone=Europe/Paris", HALF_HOURS, intervals=REPORT).intervals
    told = pd.read_csv(pd.io.common.StringIO(REPORT))
    told["at"] = pd.to_datetime(told["interval_start"], utc=True)
    out["at"] = pd.to_datetime(out["interval_start"], utc=True)
    wanted = told[told["offered"] > 0].set_index(["at", "channel"])["offered"]
    found = out[out["offered"] > 0].set_index(["at", "channel"])["offered"]
    assert found.sort_index().to_dict() == wanted.sort_index().to_dict()


def test_the_report_lists_the_channels_of_the_file_and_no_others(run):
    assert set(run("replay.timezone=Europe/Paris", HALF_HOURS, intervals=REPORT).intervals["channel"]) == {
        "phone",
        "email",
    }


def test_the_staff_of_a_report_are_on_duty_in_its_intervals(run):
    staff = run("replay.timezone=Europe/Paris", HALF_HOURS, intervals=REPORT).staff
    assert staff["desk"].value_counts().to_dict() == {"phone": 3, "email": 1}
    # On the phone two people for an hour, later three for an hour: across the change of clock 01:30 and 03:00 are next
    # to each other.
    assert staff.groupby("desk")["paid_min"].sum().to_dict() == {"phone": 2 * 60 + 3 * 60, "email": 30}


def test_handling_times_follow_the_mean_of_their_interval(run):
    # 1,500 exponentials each: their mean lies within 3.29 / sqrt(1500) of the interval's at 99.9 %.
    report = "interval_start,offered,aht_s\n0,1500,60\n30,1500,600\n"
    table = run("replay.servers=5000", intervals=report).replayed()
    for row, mean in ((0, 60), (1, 600)):
        found = table[table["row"] == row]
        assert len(found) == 1500
        assert found["handle_s"].mean() == pytest.approx(mean, rel=3.29 / 1500**0.5)
        assert found["arrival_min"].between(30 * row, 30 * row + 30).all()


def test_a_folder_whose_file_has_moved_or_changed_is_told_in_one_line(run, tmp_path):
    from caresim.run.folder import write

    results = run(contacts="arrival,service_s\n0,60\n", staff=PLAN)
    folder = write(results, tmp_path / "runs", draw=lambda results, place: None)
    pd.testing.assert_frame_equal(caresim.Results.load(folder).replayed(), results.replayed())
    (tmp_path / "contacts.csv").write_text("arrival,service_s\n0,61\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"replay\.contacts = .*has changed since"):
        caresim.Results.load(folder)
    (tmp_path / "contacts.csv").unlink()
    with pytest.raises(BadInput, match=r"replay\.contacts = .*is no file"):
        caresim.Results.load(folder)


def test_without_recorded_rows_there_is_no_row_to_tell_of(run):
    assert len(run("record=none", contacts="arrival,service_s\n0,60\n", staff=PLAN).replayed()) == 0


def test_a_contact_more_anywhere_in_the_file_changes_nobody_elses_luck(run):
    rows = ["1,information", "30,information", "60,information", "90,information"]
    before = run(contacts="\n".join(["arrival,need", *rows]), staff=PLAN).replayed()
    more = [rows[0], "2,information", *rows[1:], "95,refund"]
    after = run(contacts="\n".join(["arrival,need", *more]), staff=PLAN).replayed()
    assert after["handle_s"][[0, 2, 3, 4]].tolist() == before["handle_s"].tolist()


def test_a_call_more_in_one_interval_changes_nobody_elses_luck(run):
    before = run(intervals="interval_start,offered\n0,2\n30,2\n").replayed()
    after = run(intervals="interval_start,offered\n0,3\n30,2\n").replayed()
    assert set(before["handle_s"]) < set(after["handle_s"])
    assert set(before["arrival_min"]) < set(after["arrival_min"])


def test_who_was_seen_to_hang_up_had_that_much_patience(run):
    text = "arrival,service_s,wait_s,outcome\n0,600,0,answered\n1,,90,abandoned\n"
    table = run(contacts=text, staff=PLAN).replayed()
    assert table["outcome"].tolist() == ["answered", "abandoned"]
    assert table["wait_s"].tolist() == pytest.approx([0, 90], abs=1e-9)
