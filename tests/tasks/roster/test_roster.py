"""A planned roster: by demand that could be known, within the hours there are, with the people there are."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

import caresim
from caresim.config.errors import BadInput
from caresim.scenario.build import build
from caresim.scenario.patterns import EXTRA
from caresim.scenario.roster import build as rosters_of
from caresim.scenario.roster import paid_hours
from caresim.tasks.roster.planned import plan
from caresim.tasks.roster.rule import PlannedShift, as_seen, cost, kept, with_hindsight
from caresim.tasks.roster.settings import Planning

FLAT = ("experiment=tokyo", "+staffing/tokyo@staffing.flat=call_center_24_7_flat")
ON_DUTY = 0.7
DAYS = "[mon, tue, wed, thu, fri, sat, sun]"


@pytest.fixture(scope="module")
def tokyo():
    return caresim.load(*FLAT)


@pytest.fixture(scope="module")
def planned(tokyo):
    return plan(tokyo, Planning(staffing="flat"))


def course(*crisis: float, ordinary: float = 4.0) -> list[PlannedShift]:
    """One shift of ten hours a day, with so much crisis work (erlangs) on each."""
    return [
        PlannedShift(
            shift=0, day=date(2011, 3, 12) + timedelta(days=n), start=n * 1440.0, end=n * 1440.0 + 600.0, paid=10.0,
            ordinary=ordinary, crisis=load, seen=crisis[n - 1] if n else 0.0, before=8.0,
        )
        for n, load in enumerate(crisis)
    ]  # fmt: skip


def heads(shifts) -> list[float]:
    return [shift.people for shift in shifts]


def test_the_committed_roster_is_what_the_task_plans(tokyo, planned):
    committed = tokyo.staffing["call_center_24_7"].desks["contact_center"].shifts
    rows = yaml.safe_load(planned.text)["desks"]["contact_center"]["shifts"]
    assert len(rows) == len(committed)
    for row, shift in zip(rows, committed, strict=True):
        assert (row["start"], row["end"]) == (str(shift.start), str(shift.end))
        assert (row.get("first"), row.get("last")) == (shift.first, shift.last)
        assert float(row["share"]["value"].removesuffix(" x")) == shift.share.value


def test_the_planned_roster_takes_the_hours_of_the_roster_it_was_planned_from(planned):
    before = cost(planned.shifts, lambda shift: shift.before)
    assert cost(planned.shifts, lambda shift: shift.people) == pytest.approx(before, rel=1e-9)


def test_nothing_differs_from_any_other_day_before_the_reinforcement(tokyo, planned):
    reinforced = tokyo.minutes(tokyo.staffing["flat"].desks["contact_center"].reinforced_from)
    early = [shift for shift in planned.shifts if shift.start < reinforced]
    assert early
    assert [shift.people for shift in early] == [shift.before for shift in early]


def test_a_quiet_day_is_planned_by_the_square_root_of_its_load():
    (first, *_) = as_seen(course(0.0, 0.0), 1e3, ON_DUTY, weight=2.0, floor=1.0)
    assert first.people >= (4.0 + 2.0 * 2.0) / ON_DUTY
    (scarce, *_) = as_seen(course(0.0, 0.0), 2 * 10.0 * (4.0 + 4.0) / ON_DUTY, ON_DUTY, weight=2.0, floor=1.0)
    assert scarce.people == pytest.approx((4.0 + 2.0 * 2.0) / ON_DUTY)


def test_what_comes_later_changes_no_earlier_day():
    left = 1200.0
    calm = as_seen(course(9.0, 6.0, 3.0, 1.0, 0.0), left, ON_DUTY, weight=2.0, floor=1.0)
    worse = as_seen(course(9.0, 6.0, 30.0, 20.0, 0.0), left, ON_DUTY, weight=2.0, floor=1.0)
    assert heads(calm)[:3] == heads(worse)[:3]  # the third is planned from the second
    assert heads(calm)[3] != heads(worse)[3]


@pytest.mark.parametrize("left", [500.0, 900.0, 3000.0])
def test_all_hours_are_spent_and_ordinary_days_are_always_paid_for(left):
    done = as_seen(course(9.0, 25.0, 16.0, 4.0, 1.0), left, ON_DUTY, weight=2.0, floor=1.0)
    assert math.fsum(shift.people * shift.paid for shift in done) == pytest.approx(left)
    assert all(shift.people >= kept(shift, 1.0, ON_DUTY) - 1e-9 for shift in done)


def test_with_hindsight_every_shift_has_as_many_roots_and_the_hours_are_met():
    roots, done = with_hindsight(course(9.0, 25.0, 16.0, 4.0, 1.0), 1500.0, ON_DUTY)
    assert math.fsum(shift.people * shift.paid for shift in done) == pytest.approx(1500.0)
    for shift in done:
        load = shift.ordinary + shift.crisis
        assert shift.people * ON_DUTY == pytest.approx(load + roots * math.sqrt(load))


def test_hours_that_do_not_pay_for_ordinary_days_are_refused(tokyo):
    with pytest.raises(BadInput, match=r"roster\.floor.*do not pay for ordinary days"):
        plan(tokyo, Planning(staffing="flat", floor="9 x"))


def test_a_roster_that_is_dated_already_is_no_starting_point(tokyo):
    with pytest.raises(BadInput, match=r"dated already"):
        plan(tokyo, Planning(staffing="call_center_24_7"))


def test_shifts_that_overlap_are_refused(tokyo):
    """Each would be planned for all the work of its hours."""
    with pytest.raises(BadInput, match=r"paris_phone\.shifts = '5 h': the shifts of a day overlap by so much"):
        plan(tokyo, Planning(staffing="social_team", desk="paris_phone"))


def test_what_is_printed_takes_the_hours_that_were_planned_weekdays_included(tmp_path):
    """Loaded back as a staffing model, to the rounding of the shares."""
    insourcing = caresim.load("experiment=insourcing")
    planned = plan(insourcing, Planning(staffing="social_team", desk="social"))
    folder = tmp_path / "staffing" / "insourcing"
    folder.mkdir(parents=True)
    head = 'defaults: [social_team, _self_]\ndiffers: "The social team, planned by demand"\n'
    (folder / "planned.yaml").write_text(head + planned.text, encoding="utf-8")
    words = ("experiment=insourcing", "+staffing/insourcing@staffing.planned=planned")
    again = caresim.load(*words, config_dir=tmp_path)
    rosters = dict(zip(again.staffing["planned"].desks, rosters_of(again, "planned"), strict=True))
    assert paid_hours(again, rosters["social"]) == pytest.approx(planned.hours, rel=0.01)
    assert all(shift.people >= 0 for shift in planned.shifts)


def test_the_same_people_work_a_roster_that_is_written_date_by_date(tokyo):
    """So the comparison of two rosters is one of hours, and not of who happened to be hired."""
    flat, dated = (set(build(tokyo, model, 0)[1].staff) for model in ("flat", "call_center_24_7"))
    of_the_desk = {name for name in flat if name.startswith("contact_center/")}
    assert of_the_desk
    fewest = {name for name in dated if name.startswith("contact_center/")}
    assert len(of_the_desk & fewest) >= 0.9 * len(of_the_desk)


def test_a_roster_in_other_rows_is_planned_alike(tokyo, planned):
    """Weekdays apart and a quarter of the heads in a row of its own: the same people in the same shifts."""
    model = tokyo.staffing["flat"]
    desk = model.desks["contact_center"]
    rows = tuple(
        shift.model_copy(update={"days": days, "share": shift.share.at(shift.share.value * part)})
        for shift in reversed(desk.shifts)
        for days in ((5, 6), (0, 1, 2, 3, 4))
        for part in (0.25, 0.75)
    )
    desks = {**model.desks, "contact_center": desk.model_copy(update={"shifts": rows})}
    flat = model.model_copy(update={"desks": desks})
    again = plan(tokyo.model_copy(update={"staffing": {**tokyo.staffing, "flat": flat}}), Planning(staffing="flat"))
    assert [(s.start, s.day) for s in again.shifts] == [(s.start, s.day) for s in planned.shifts]
    assert heads(again.shifts) == pytest.approx(heads(planned.shifts), rel=1e-9)
    assert by_day(again) == {key: pytest.approx(share, abs=0.011) for key, share in by_day(planned).items()}


def test_people_on_top_stay_as_they_are_and_the_shifts_share_what_they_leave(planned):
    more = 'staffing.flat.desks.contact_center.extra=[{start: "08:00", end: "12:00", headcount: 2}]'
    experiment = caresim.load(*FLAT, more)
    again = plan(experiment, Planning(staffing="flat"))
    assert [(shift.start, shift.end) for shift in again.shifts] == [
        (shift.start, shift.end) for shift in planned.shifts
    ]
    rosters = dict(zip(experiment.staffing["flat"].desks, rosters_of(experiment, "flat"), strict=True))
    on_top = [shift for shift in rosters["contact_center"] if shift.pattern >= EXTRA]
    left = paid_hours(experiment, rosters["contact_center"]) - paid_hours(experiment, on_top)
    assert again.hours == pytest.approx(left)
    assert again.hours < planned.hours
    assert cost(again.shifts, lambda shift: shift.people) == pytest.approx(left)


def test_a_desk_whose_people_a_replay_gives_has_no_shifts_to_plan(tmp_path):
    (tmp_path / "contacts.csv").write_text("arrival,service_s\n480,600\n")
    (tmp_path / "staff.csv").write_text("start,end,headcount\n480,960,2\n")
    files = (f"replay.contacts={tmp_path / 'contacts.csv'}", f"replay.staff={tmp_path / 'staff.csv'}")
    replay = caresim.load("experiment=replay", *files)
    (desk,) = replay.staffing["as_given"].desks
    with pytest.raises(BadInput, match=r"roster\.staffing.*are given by the replay's files"):
        plan(replay, Planning(staffing="as_given", desk=desk))


def by_day(planned) -> dict[tuple[date, str], float]:
    """Share of the headcount by day of the window and start that the rows of a plan have between them."""
    found: dict[tuple[date, str], float] = {}
    for day in {shift.day for shift in planned.shifts if shift.paid > 0}:
        for row in planned.rows():
            if row.get("first", day) <= day <= row.get("last", day) and f"{day:%a}".lower() in row.get("days", DAYS):
                found[day, row["start"]] = found.get((day, row["start"]), 0.0) + row["share"]
    return found


def test_the_table_says_what_the_roster_was_planned_from(planned):
    table = planned.table()
    assert list(table["people"]) == [shift.people for shift in planned.shifts]
    assert (table["ordinary_load"] >= 0).all()
    assert table["crisis_load"].iloc[:3].sum() == 0  # nothing before the earthquake


def test_the_command_prints_and_writes_what_a_staffing_model_says(tmp_path, capsys):
    from caresim.__main__ import command

    words = [*FLAT, "task=roster", "roster.staffing=flat", f"output_dir={tmp_path}", "population.scale=0.05"]
    assert command(words) == 0
    printed, folder = capsys.readouterr().out.rstrip("\n").rsplit("\n", 1)
    assert {file.name for file in Path(folder).iterdir()} == {"roster.yaml", "demand.csv", "manifest.json"}
    assert (Path(folder) / "roster.yaml").read_text() == printed + "\n"
    assert "contact_center" in yaml.safe_load(printed)["desks"]
