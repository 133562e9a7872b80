"""The analysis of real, cut-down runs: what it says must agree with what the engine itself has counted."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.config.compose import compose
from caresim.measure import curves, interval_report, tables, workload
from caresim.measure.metrics import REGISTRY, measure
from caresim.measure.sample import Sample
from caresim.model.codes import LAWS, Callback, Kind
from caresim.scenario.run import Run, run

STAFFINGS = ("social_team", "call_center_24_7", "hybrid", "assistant_first")


@pytest.fixture(scope="module", params=STAFFINGS)
def real(request: pytest.FixtureRequest) -> Run:
    return run(compose(["experiment=tokyo", "population.scale=0.1"]), request.param, 0)


def test_every_metric_may_be_a_headline_metric() -> None:
    words = f"study.headline=[{','.join(REGISTRY)}]"
    assert compose(["experiment=tokyo", words]).study.headline == tuple(REGISTRY)


def test_metrics_lie_within_their_bounds(real: Run) -> None:
    for name, value in measure(real).items():
        low, high = REGISTRY[name].bounds
        if name not in ("occupancy", "warm_up_occupancy"):  # overtime is worked but not rostered
            assert np.isnan(value) or low <= value <= high, name


def test_minutes_on_duty_and_in_use_are_those_of_the_staff_records(real: Run) -> None:
    sample = Sample(real)
    people = sample.staff[sample.staff["kind"] != Kind.ASSISTANT]
    rostered = workload.on_duty(sample).minutes(-np.inf, np.inf)
    # A break that a long touch has eaten into is taken in full: some of the roster is lost to late returns.
    assert 0.97 * rostered < people["duty_minutes"].sum() <= rostered * (1 + 1e-9)
    # What is in hand when the run ends is counted as busy by the records, and has not been handled yet; nor is a call
    # back that rings and reaches nobody the handling of a contact.
    busy = people["busy_minutes"].sum() - unreached(real)
    assert workload.in_use(sample).minutes(-np.inf, np.inf) == pytest.approx(busy, rel=1e-3)


def unreached(real: Run) -> float:
    """Minutes of ringing that reached nobody."""
    contacts = real.world.contacts[: real.world.clock[0].contacts]
    return float(contacts["handle"][contacts["callback"] == Callback.NOT_REACHED].sum())


def test_paid_hours_and_cost_are_the_sums_over_the_staff(real: Run) -> None:
    staff, found = tables.staff(real), measure(real)
    # Sums of hundreds of floats in another order.
    assert staff["paid_min"].sum() / 60 == pytest.approx(found["paid_hours"], rel=1e-12)
    assert staff["cost"].sum() == pytest.approx(found["cost"], rel=1e-12)
    assert staff["overtime_min"].sum() > 0, "no overtime: the test has no power"


def test_first_responses_are_replies_to_those_who_still_wanted_one(real: Run) -> None:
    contacts, people = tables.contacts(real), tables.passengers(real)
    heard = contacts[(contacts["outcome"] != "too_late") & (contacts["medium"] != "web")]
    first = heard.groupby(["passenger", "operator"], observed=True)["reply_min"].min().dropna()
    stated = people.set_index(["passenger", "operator"])["first_response_min"].dropna()
    assert len(first) > 100
    assert dict(first) == dict(stated)


def test_everything_that_landed_is_offered_and_ends_once(real: Run) -> None:
    report, contacts = interval_report.report(real), tables.contacts(real)
    assert report["offered"].sum() == (contacts["medium"] != "web").sum()
    ends = report[["answered", "abandoned", "blocked", "dropped", "unanswered"]]
    assert (ends.sum(axis=1) == report["offered"]).all()
    assert (ends >= 0).all(axis=None)


def test_staff_on_duty_in_the_report_is_that_of_the_roster(real: Run) -> None:
    report, sample = interval_report.report(real), Sample(real)
    by_desk = (
        report.drop_duplicates(["interval_start", "desk"]).groupby("desk", observed=True)["staff"].sum()
        * interval_report.WIDTH
    )
    roster = workload.on_duty(sample)
    for row, name in enumerate(real.names.desks):
        minutes = roster.at(np.arange(len(real.names.desks)) == row).minutes(-np.inf, np.inf)
        assert by_desk[name] == pytest.approx(minutes, rel=1e-9)


def test_the_timeline_counts_what_the_contacts_say(real: Run) -> None:
    timeline, contacts = tables.timeline(real), tables.contacts(real)
    contacts = contacts[contacts["arrival_min"] <= timeline["time_min"].iloc[-1]]  # a last bin cut short is not written
    assert timeline["calls"].sum() == (contacts["medium"] == "phone").sum()
    assert timeline["visits"].sum() == (contacts["medium"] == "counter").sum()
    assert timeline["web_visits"].sum() == (contacts["medium"] == "web").sum()
    assert timeline["private_messages"].sum() == (contacts["medium"] == "private").sum()


def test_curves_end_at_the_metrics(real: Run) -> None:
    table, found = curves.latency(real), measure(real)
    marks = table.set_index(["group", "minutes"])
    for group, metric in (("all", "answered"), ("social", "social_answered"), ("phone", "phone_answered")):
        if f"{metric}_60" in found:
            np.testing.assert_equal(marks.loc[(group, 60.0), "answered"], found[f"{metric}_60"])
    np.testing.assert_allclose(table[["answered", "gave_up", "waiting"]].sum(axis=1), 1.0, atol=1e-9)
    assert len(curves.course(real)) == len(tables.timeline(real))


def test_passengers_give_back_satisfaction_and_resolution(real: Run) -> None:
    people, found = tables.passengers(real), measure(real)
    counted = people[people["counted"]]
    assert counted["satisfaction"].mean() == pytest.approx(found["csat_all"], rel=1e-12)
    needy = counted[counted["outcome"] != "no_need"]
    for law in LAWS:
        assert needy[f"satisfaction_{law}"].mean() == pytest.approx(found[f"csat_{law}"], rel=1e-12)
    assert needy["satisfaction"].equals(needy["satisfaction_additive"])
    assert (needy["outcome"] == "resolved").mean() == pytest.approx(found["resolved"], rel=1e-12)
