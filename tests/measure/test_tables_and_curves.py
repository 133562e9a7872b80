"""Tables, curves and the interval report of small worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caresim.measure import curves, interval_report, tables
from caresim.measure.metrics import measure
from caresim.model.codes import Outcome, Status
from caresim.model.media import Medium
from caresim.model.records import DTYPES

PROMISED = {
    "contacts": "contact case passenger operator channel desk staff_member arrival_min arrival wait_min handle_min "
    "closed_min turns outcome in_hours",
    "passengers": "passenger operator cohort need affected_min deadline_min contacts first_response_min "
    "first_useful_min first_help_min first_news_min resolved_min anger_peak anger_end satisfaction outcome",
    "staff": "staff_member desk kind",
    "timeline": "time_min time posts requests passenger_posts bystander_posts calls visits private_messages web_visits "
    "answered resolved mood seats_free unresolved backlog_phone backlog_counter backlog_public backlog_private "
    "backlog_email waiting waiting_ordinary waiting_bystanders expired waiting_phone waiting_counter waiting_public "
    "waiting_private waiting_email staff_on_duty staff_busy on_duty_phone",
}


@pytest.fixture
def busy(small):
    """A day with something of everything."""
    one, two, three = (
        small.passenger(contacts=2, status=Status.RESOLVED, resolved=95.0),
        small.passenger(contacts=1),
        small.passenger(ordinary=True),
    )
    caller, writer = small.person(0, -60, 500), small.person(2, 0, 60)
    small.contact(one, 0.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=12.0)
    small.contact(one, 40.0, Medium.PHONE, reply=40.2, handle=6.0, closed=46.2, staff=caller, exchanges=1, in_hours=1)
    small.contact(two, 3.0, Medium.PUBLIC, outcome=Outcome.NEVER_ANSWERED, closed=400.0)
    small.contact(three, 5.0, Medium.PHONE, reply=7.0, handle=4.0, closed=11.0, staff=caller, exchanges=1)
    small.contact(-1, 6.0, Medium.PUBLIC, closed=10.0, handle=0.25, staff=writer)
    small.contact(-1, 8.0, Medium.PUBLIC, posts=0)
    small.contact(two, 700.0, Medium.WEB, outcome=Outcome.ABANDONED, closed=704.0)
    for k in range(-2, 6):
        small.ticks.append({"time": 30.0 * (k + 1), "mood": 1.0, "posts": k + 2})
    return small.run()


@pytest.mark.parametrize("name", PROMISED)
def test_tables_start_with_the_promised_columns(busy, name: str) -> None:
    table = getattr(tables, name)(busy)
    assert list(table.columns[:2]) == ["staffing", "replication"]
    assert set(PROMISED[name].split()) <= set(table.columns)
    assert (table["staffing"] == "as_it_was").all()
    assert (table["replication"] == 3).all()


@pytest.mark.parametrize("record", tables.FIELDS)
def test_columns_with_another_name_show_a_field_of_the_record(record: str) -> None:
    assert set(tables.FIELDS[record].values()) <= set(DTYPES[record].names)


@pytest.mark.parametrize("name", tables.STAMPS)
def test_every_moment_in_minutes_has_its_time_stamp_beside_it(busy, name: str) -> None:
    table, columns = getattr(tables, name)(busy), []
    for minutes in tables.STAMPS[name]:
        stamp = minutes.removesuffix("_min")
        columns.append(minutes)
        assert list(table.columns)[list(table.columns).index(minutes) + 1] == stamp
        assert str(table[stamp].dt.tz) == busy.experiment.timezone
        since = (table[stamp] - pd.Timestamp(busy.experiment.start)) / pd.Timedelta(minutes=1)
        np.testing.assert_allclose(since, table[minutes], rtol=0, atol=1e-6)
        assert (table[stamp].isna() == table[minutes].isna()).all()
    lengths = {"wait_min", "handle_min"}
    assert {column for column in table if column.endswith("_min")} - lengths == set(columns)


def test_what_is_missing_is_missing(busy) -> None:
    table = tables.contacts(busy).set_index("contact")
    assert pd.isna(table.loc[4, "passenger"])
    assert pd.isna(table.loc[0, "staff_member"])
    assert pd.isna(table.loc[0, "handle_min"])
    assert pd.isna(table.loc[6, "desk"])
    people = tables.passengers(busy)
    assert people["deadline_min"].isna().all()
    assert people["seat"].isna().all()
    for column in people.select_dtypes("number"):
        assert not (people[column] == -1).any(), column


def test_a_post_never_written_is_no_contact(busy) -> None:
    assert list(tables.contacts(busy)["contact"]) == [0, 1, 2, 3, 4, 6]


def test_waits_run_to_the_reply_or_to_the_end_of_patience(busy) -> None:
    table = tables.contacts(busy).set_index("contact")
    assert list(table.loc[[0, 1, 2], "wait_min"]) == [12.0, pytest.approx(0.2), 397.0]
    assert pd.isna(table.loc[4, "wait_min"])


def test_arrivals_carry_the_local_time(busy) -> None:
    assert tables.contacts(busy).loc[0, "arrival"] == pd.Timestamp("2011-03-11 06:46", tz="Europe/Paris")


def test_rows_that_count_give_back_the_metrics(busy) -> None:
    table, found = tables.contacts(busy), measure(busy)
    counted = table[table["counted"]]
    assert len(counted) == 3
    assert (counted["outcome"] == "answered").mean() == pytest.approx(found["response_rate_contact"])
    people = tables.passengers(busy)
    assert (people.loc[people["counted"], "outcome"] == "resolved").mean() == found["resolved"]


def test_curves_add_up_to_one_and_meet_the_headline_on_the_mark(busy) -> None:
    table, found = curves.latency(busy), measure(busy)
    some = table[table["group"] != "counter"]
    np.testing.assert_allclose(some["answered"] + some["gave_up"] + some["waiting"], 1.0, atol=1e-12)
    assert table.loc[table["group"] == "counter", "answered"].isna().all()
    marks = table.set_index(["group", "minutes"])["answered"]
    assert marks["all", 60.0] == found["answered_60"]
    assert marks["all", 15.0] == found["answered_15"]
    assert marks["social", 60.0] == found["social_answered_60"]
    assert marks["phone", 60.0] == found["phone_answered_60"]
    assert {1.0, 5.0, 360.0, 1440.0, 7200.0, 14_400.0} <= set(table["minutes"])


def test_course_adds_up_counts_and_keeps_levels(busy) -> None:
    busy.experiment.bin.value = 15.0  # the same rows, read as quarters of an hour
    busy.world.ticks["time"] = 15.0 * np.arange(-1, 7)
    busy.world.ticks["mood"] = np.arange(8.0)
    table, halves = tables.timeline(busy), curves.course(busy)
    assert list(halves["time_min"]) == [0.0, 30.0, 60.0, 90.0]
    assert list(halves["mood"]) == [1.0, 3.0, 5.0, 7.0]
    assert halves["posts"].sum() == table["posts"].sum()
    assert list(halves["posts"]) == [0 + 1, 2 + 3, 4 + 5, 6 + 7]


# --- the interval report ---


@pytest.fixture
def report(busy) -> pd.DataFrame:
    return interval_report.report(busy)


def test_intervals_are_the_half_hours_of_the_local_clock(report) -> None:
    starts = report["interval_start"].drop_duplicates()
    assert set(starts.dt.minute) == {0, 30}
    assert starts.iloc[0] == pd.Timestamp("2011-03-11 05:30", tz="Europe/Paris")  # an hour of warm-up from 05:46 on
    assert (starts.diff().dropna() == pd.Timedelta(minutes=30)).all()
    assert not report.duplicated(["interval_start", "operator", "desk", "channel"]).any()


def test_everything_offered_has_one_end(report) -> None:
    ends = report[["answered", "abandoned", "blocked", "dropped", "unanswered"]].sum(axis=1)
    assert (report["offered"] == ends).all()
    assert report["offered"].sum() == 5  # all but the web visit and the post never written
    assert (report[["answered", "unanswered", "within_target"]] >= 0).all(axis=None)


def test_an_interval_of_the_phone_as_a_contact_centre_prints_it(report) -> None:
    first = report[(report["channel"] == "phone") & (report["offered"] > 0)].iloc[0]
    assert str(first["interval_start"]) == "2011-03-11 06:30:00+01:00"
    assert (first["offered"], first["answered"], first["abandoned"], first["within_target"]) == (2, 1, 1, 0)
    assert (first["service_level"], first["asa_s"], first["aht_s"]) == (0.0, 120.0, 240.0)
    assert first["staff"] == 1.0
    assert first["occupancy"] == pytest.approx(4 / 30, abs=1e-12)


def test_short_abandonments_are_left_out_of_the_service_level_but_counted(small) -> None:
    for closed in (0.05, 3.0):
        small.contact(small.passenger(), 0.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=closed)
    small.contact(small.passenger(), 0.0, Medium.PHONE, reply=0.1, handle=3.0)
    table = interval_report.report(small.run())
    first = table[table["offered"] > 0].iloc[0]
    assert (first["abandoned"], first["service_level"]) == (2, 0.5)


def test_staff_is_the_mean_over_the_interval(report) -> None:
    social = report[report["channel"] == "twitter"].set_index("interval_start")["staff"]
    assert list(social[social > 0]) == pytest.approx([14 / 30, 1.0, 16 / 30], abs=1e-12)  # 06:46 to 07:46
    assert report.loc[report["staff"] == 0, "occupancy"].isna().all()
