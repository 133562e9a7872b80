"""The files of a replay: what is read from them, and how each mistake is told."""

from __future__ import annotations

import math

import pytest

from caresim.config import replay_files
from caresim.config.errors import BadInput
from caresim.config.traffic import Crew, seats


@pytest.fixture
def read(tmp_path):
    """Traffic from the texts of files."""

    def made(contacts=None, intervals=None, staff=None, zone="UTC", staffing=None, written="{}"):
        paths = {}
        for name, text in (("contacts", contacts), ("intervals", intervals), ("staff", staff)):
            if text is not None:
                file = tmp_path / f"{name}.csv"
                file.write_bytes(text if isinstance(text, bytes) else text.encode())
                paths[name] = str(file)
        digest = replay_files.digest(*paths.values())
        found = (paths.get(name) for name in ("contacts", "intervals", "staff"))
        return replay_files.read(*found, zone, staffing, digest, written)

    return made


def arrivals(found):
    return [row.arrival for row in found.rows]


def test_minutes_are_taken_as_they_are_in_any_order_and_twice(read):
    found = read("arrival\n5\n0\n2.5\n5\n")
    assert arrivals(found) == [5, 0, 2.5, 5]
    assert [row.line for row in found.rows] == [0, 1, 2, 3]
    assert found.start is None


def test_dates_count_from_midnight_of_the_first_day_in_the_zone(read):
    found = read("arrival\n2026-03-02T08:00:00+01:00\n2026-03-02 08:00Z\n2026-03-02T09:30\n", zone="Europe/Paris")
    assert found.start.isoformat() == "2026-03-02T00:00:00+01:00"
    assert arrivals(found) == [480, 540, 570]


def test_hours_that_a_change_of_clock_takes_or_gives_are_counted(read):
    spring = read("arrival\n2026-03-29T01:30\n2026-03-29T03:30\n", zone="Europe/Paris")
    assert arrivals(spring) == [90, 150]
    autumn = read("arrival\n2026-10-25T01:30\n2026-10-25T03:30\n2026-10-25T02:30+01:00\n", zone="Europe/Paris")
    assert arrivals(autumn) == [90, 270, 210]


def test_spreadsheet_habits_are_read_a_byte_order_mark_quotes_empty_lines_and_short_rows(read):
    text = '\ufeffarrival,need,note,service_s\r\n\r\n"5","refund","said ""now"",\r\ntwice",\r\n,,,\r\n7\r\n'
    found = read(text)
    assert [(row.arrival, row.need) for row in found.rows] == [(5, "refund"), (7, "acknowledgement")]
    assert all(math.isnan(row.service) for row in found.rows)


def test_a_staff_plan_in_another_format_than_the_contacts_is_refused_in_one_message(read):
    """The first line has the column: what is wrong is the format, and that is what the message says."""
    contacts = "Datum;Zeit\n02.11.2026;06:00\n"
    written = '{"separator": "semicolon", "dates": "day_first", "columns": {"arrival": ["Datum", "Zeit"]}}'
    with pytest.raises(BadInput) as refused:
        read(contacts, staff="start,end,headcount\n2026-11-02 06:00,2026-11-02 14:00,3\n", written=written)
    told = str(refused.value)
    assert "is read in the format of the contacts, replay.format (separator semicolon, dates day_first)" in told
    assert "save it in the same one, or import each of the two files first (task=import import=FILE)" in told
    assert "must have a column" not in told


def test_given_seconds_become_minutes_and_missing_ones_stay_missing(read):
    first, second = read("arrival,service_s,patience_s,priority\n1,90,inf,-2\n2,,,\n").rows
    assert (first.service, first.patience, first.priority) == (1.5, math.inf, -2)
    assert [math.isnan(value) for value in (second.service, second.patience, second.priority)] == [True] * 3


def test_a_channel_is_a_medium_of_its_name_at_a_desk_of_its_name_unless_told(read):
    rows = read("arrival,channel\n1,email\n2,\n").rows
    assert [(row.channel, row.medium, row.desk) for row in rows] == [("email",) * 3, ("phone",) * 3]
    rows = read("arrival,channel,medium,desk\n1,Hotline,phone,First\n2,mail,email,\n").rows
    assert [(row.channel, row.medium, row.desk) for row in rows] == [
        ("hotline", "phone", "first"),
        ("mail", "email", "mail"),
    ]


def test_what_was_observed_is_kept_row_by_row(read):
    found = read("arrival,wait_s,outcome\n1,12.5,Answered\n2,,\n")
    assert list(found.columns["outcome"]) == ["answered", None]
    assert found.columns["wait_s"][0] == 12.5
    assert math.isnan(found.columns["wait_s"][1])


def test_an_interval_offers_its_contacts_over_the_shortest_step_with_its_mean_and_staff(read):
    found = read(intervals="interval_start,offered,aht_s,staff\n60,2,300,2.6\n0,1,,1\n30,0,120,0\n")
    assert [(row.line, row.arrival, row.width) for row in found.rows] == [(1, 0, 30), (0, 60, 30), (0, 60, 30)]
    assert [row.service_is_mean for row in found.rows] == [True, True, True]
    assert [row.service for row in found.rows] == [5, 5, 5]  # the first has the mean of the others
    crews = [Crew("phone", 0, 30, 1), Crew("phone", 60, 90, 2), Crew("phone", 60, pytest.approx(78), 1)]
    assert sorted(found.crews, key=lambda crew: (crew.start, -crew.headcount)) == crews
    assert read(intervals="interval_start,offered\n0,1\n").rows[0].width == 30


def test_of_several_channels_at_one_desk_the_largest_number_of_staff_counts(read):
    head = "interval_start,offered,channel,medium,desk,staff\n"
    found = read(intervals=head + "0,1,a,phone,d,3\n0,1,b,email,d,4\n")
    assert found.crews == (Crew("d", 0, 30, 4),)


def test_one_staffing_model_of_a_report_is_chosen_by_name_in_its_first_replication(read):
    report = "interval_start,offered,staffing,replication\n0,1,a,0\n0,2,b,0\n0,4,b,1\n"
    assert len(read(intervals=report, staffing="b").rows) == 2
    with pytest.raises(BadInput, match=r"replay\.staffing = None: is required.*allowed: a, b"):
        read(intervals=report)
    with pytest.raises(BadInput, match=r"replay\.staffing = 'c': allowed: a, b"):
        read(intervals=report, staffing="c")


def test_spells_that_overlap_add_up_and_gaps_stay_gaps(read):
    staff = "start,end,desk,headcount\n0,60,phone,3\n30,90,phone,2\n120,200,phone,1\n200,240,phone,\n"
    found = read("arrival\n5\n", staff=staff)
    spells = [seat.spells for seat in seats(found.crews, "phone")]
    assert spells == [[(0, 90), (120, 240)], [(0, 90)], [(0, 60)], [(30, 60)], [(30, 60)]]
    heads = [sum(start <= t < end for seat in spells for start, end in seat) for t in (10, 40, 70, 100, 150, 239, 240)]
    assert heads == [3, 5, 2, 0, 1, 1, 0]


def test_a_plan_goes_before_the_staff_of_a_report(read):
    report = "interval_start,offered,staff\n0,1,5\n"
    assert read(intervals=report, staff="start,end\n0,30\n").crews == (Crew("phone", 0, 30, 1),)


CONTACTS = [
    ("arrival;need\n5;refund\n", "parted by semicolons; allowed: commas"),
    ("arrival\tneed\n5\trefund\n", "parted by tabs"),
    ("", "must have a column arrival"),
    ("time\n5\n", "must have a column arrival"),
    ("Arrival\n5\n", "did you mean Arrival?"),
    ("arrival\n", "has no row"),
    ("arrival,service\n1,60\n", "line 1) = 'service': unknown column, .*did you mean service_s"),
    ("arrival,need,need\n1,refund,refund\n", "line 1) = 'need': stands there twice"),
    ("arrival,need\n1,refund,x\n", "line 2) = '1,refund,x': has 3 cells"),
    ('arrival,need\n1,refund\n2,"refund\n', "from line 3"),
    (b"arrival,need\n1,\xe9\n", "UTF-8"),
    ("arrival\n\n1\n\nx\n", "line 5, arrival) = 'x': must be minutes or a date"),
    ("arrival\n-1\n", "line 2, arrival) = '-1': must be a number of minutes, 0 or more"),
    ("arrival\nnan\n", "must be minutes or a date and time"),
    ("arrival,need\n,refund\n", "line 2, arrival) = ''"),
    ("arrival\n1\n2026-03-02T08:00\n", "line 3, arrival) = '2026-03-02T08:00': must be a number of minutes"),
    ("arrival\n2026-03-02T08:00\n1\n", "line 3, arrival) = '1': must be a date and time"),
    ("arrival\n1772438400\n", "ten years"),
    ("arrival\n02.03.2026 08:00\n", "must be minutes or a date and time"),
    ("arrival,service_s\n1,-3\n", "line 2, service_s) = '-3': must be a number of at least 0"),
    ("arrival,service_s\n1,inf\n", "line 2, service_s) = 'inf'"),
    ("arrival,priority\n1,high\n", "line 2, priority) = 'high': must be a number, or empty"),
    ("arrival,need\n1,refunds\n", "line 2, need) = 'refunds': .*did you mean refund"),
    ("arrival,channel\n1,hotline\n", "line 2, channel) = 'hotline': allowed: phone"),
    ("arrival,channel,medium\n1,site,web\n", "line 2, medium) = 'web'"),
    ("arrival,desk\n1,!\n", "line 2, desk) = '!': must have a letter or a digit"),
    ("arrival,channel,desk\n1,phone,a\n2,phone,b\n", "line 3, desk) = 'b': must be a, as in the first row"),
]


@pytest.mark.parametrize(("text", "words"), CONTACTS)
def test_a_list_of_contacts_that_cannot_be_used_is_told_in_one_line(read, text, words):
    with pytest.raises(BadInput, match=words.replace(")", r"\)").replace("?", r"\?")) as refusal:
        read(text)
    assert "contacts.csv" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("staff", "words"),
    [
        ("start,end\n60,60\n", r"line 2, end\) = '60': must be after the start"),
        ("start,desk\n0,phone\n", "must have a column end"),
        ("start,end,headcount\n0,60,1.5\n", r"line 2, headcount\) = '1.5': must be a whole number"),
        ("start,end,headcount\n0,60,-1\n", r"line 2, headcount\) = '-1'"),
        ("start,end,headcount\n0,60,2000000000\n", "must be at most 10,000"),
        ("start,end\n2026-03-02T08:00,2026-03-02T09:00\n", r"line 2, start\).*as the first arrival is"),
    ],
)
def test_a_staff_plan_that_cannot_be_used_is_told_in_one_line(read, staff, words):
    with pytest.raises(BadInput, match=words):
        read("arrival\n5\n", staff=staff)


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ("interval_start\n0\n", "must have a column offered"),
        ("interval_start,offered\n0,3.5\n", r"line 2, offered\) = '3.5': must be a whole number"),
        ("interval_start,offered\n0,three\n", r"line 2, offered\) = 'three'"),
        ("interval_start,offered\n0,0\n", "offers no contact"),
        ("interval_start,offered\n0,1\n30,1\n0,1\n", "in line 2 already"),
        ("interval_start,offered\n0,1\n15,1\n75,1\n135,1\n", "15 and 60 min apart"),
        ("interval_start,interval_end,offered\n60,60,1\n", "must be after the start"),
        ("interval_start,offered,staff\n0,1,2\n30,1,\n", r"line 3, staff\)"),
        ("interval_start,offered,staff\n0,1,0\n30,1,0\n", "has nobody in its column staff"),
    ],
)
def test_an_interval_report_that_cannot_be_used_is_told_in_one_line(read, report, words):
    with pytest.raises(BadInput, match=words):
        read(intervals=report)


@pytest.mark.parametrize(("moment", "told"), [("2026-03-29T02:30", "is left out"), ("2026-10-25T02:30", "comes twice")])
def test_a_time_that_the_clock_leaves_out_or_shows_twice_needs_its_offset(read, moment, told):
    with pytest.raises(BadInput, match=f"{told} in Europe/Paris"):
        read(f"arrival\n{moment}\n", zone="Europe/Paris")


def test_intervals_of_any_length_are_told_by_their_end(read):
    found = read(intervals="interval_start,interval_end,offered,staff\n0,15,1,2\n15,75,1,1\n")
    assert [row.width for row in found.rows] == [15, 60]
    assert [(crew.start, crew.end) for crew in found.crews] == [(0, 15), (15, 75)]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T00:00:00"])
def test_a_time_that_stands_for_no_time_is_refused(read, moment):
    with pytest.raises(BadInput, match="in our time"):
        read(f"arrival\n{moment}\n", zone="Europe/Paris")
