"""The table in the terminal: readable by a manager, at any width, with and without colour."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from tests.support.figure_words import words

import caresim
from caresim.measure.metrics import REGISTRY
from caresim.report.console import Printer
from caresim.report.verdicts import DETAILED, MEANINGS
from caresim.tasks.compare.comparison_table import Sheet
from caresim.tasks.compare.figures import FIGURES
from caresim.tasks.compare.page.lookup import Lookup
from caresim.tasks.compare.terminal import show
from caresim.tasks.compare.what_matters import MOST_ROWS, ORDINARY, metrics_that_matter

SATISFACTION = "csat_all"
"""Of the headline metrics of tokyo and compiegne: `csat_all` once it is there."""
HEADLINES = {
    "tokyo": ("useful_60", SATISFACTION, "resolved_in_time", "ordinary_answered"),
    "compiegne": (SATISFACTION, "informed_30", "useful_60", "resolved_in_time"),
    "insourcing": ("csat", "useful_60", "bad_answers"),
    "activism": ("mood_area", "mood_peak"),
    "ash_cloud": ("useful_60", "csat", "resolved_in_time"),
    "messenger": ("useful_60", "csat", "resolved_in_time", "ordinary_answered"),
    "desks": ("median_first_response", "useful_60", "csat"),
}


def printed(made, width=120, table="short", **options):
    stream = io.StringIO()
    made.experiment.setting = {"figures": "all", "table": table}.get
    show(made, Console(file=stream, width=width, highlight=False, **options))
    return stream.getvalue()


def line_with(text, start):
    return next(line for line in text.splitlines() if line.strip().startswith(start))


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("staffings", [1, 2, 6, 10])
def test_no_line_is_wider_than_the_terminal(make_results, width, staffings):
    text = printed(make_results(staffings=staffings, replications=4), width)
    assert max(len(line) for line in text.splitlines()) <= width


def test_staffing_models_stand_side_by_side_with_the_baseline_named(results):
    text = printed(results)
    heading = next(line for line in text.splitlines() if "baseline" in line)
    assert "Hybrid" in heading
    assert "Assistant first" in heading
    assert "24/7 funded" in text


def test_a_headline_metric_shows_value_interval_and_verdict(results):
    rows = results.summary().set_index(["staffing", "metric"])
    csat = rows.loc[("social_team", "csat")]
    text = printed(results)
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.strip().startswith("Satisfaction, all"))
    assert f"{csat['mean']:.2f}" in lines[first]
    assert f"{csat['ci_low']:.2f}–{csat['ci_high']:.2f}" in lines[first + 1]
    for verdict in ("✘ worse", "✔ better", "= no difference"):
        assert verdict in lines[first + 2]


def test_the_best_is_starred_once_and_ties_share_it(results):
    text = printed(results)
    assert line_with(text, "Satisfaction, all").count("★") == 1
    assert "★ 3.04" in line_with(text, "Satisfaction, all")
    assert line_with(text, "Cost").count("★ € 315 k") == 4  # equal paid hours, equal cost
    assert "★" not in line_with(text, "Paid hours")  # neither way is better


def test_undecided_is_said_with_the_pairs_it_takes(make_results):
    """Replications are the business of who computes: the short table says only that more would tell."""
    made = make_results(staffings=2, replications=8)
    rows = made.rows["comparison"]
    rows.loc[rows["metric"] == "csat", ["verdict", "verdict_detail", "pairs_needed"]] = ["undecided"] * 2 + [312.0]
    full, short = printed(made, table="full"), printed(made)
    assert "? undecided" in full
    assert "312 pairs needed" in full
    assert "? undecided" in short
    assert "more of them, or a surer assumption, would" in " ".join(short.split())
    assert "pairs needed" not in short


def test_a_median_not_reached_is_said_and_explained(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    rows.loc[(rows["metric"] == "median_first_response") & (rows["staffing"] == "social_team"), "mean"] = np.inf
    text = printed(made, table="full")
    assert "not reached" in line_with(text, "Median first response")
    assert "not reached" not in printed(made)
    assert "fewer than half of the requests were ever answered" in " ".join(text.split())


def test_a_headline_metric_not_reached_is_explained(make_results):
    made = make_results(staffings=2, replications=4)
    made.experiment.study.headline = ("csat", "median_first_response")
    rows = made.rows["summary"]
    rows.loc[rows["metric"] == "median_first_response", "mean"] = 60.0
    assert "fewer than half" not in printed(made)
    rows.loc[rows["metric"] == "median_first_response", "mean"] = np.inf
    assert "fewer than half of the requests were ever answered" in " ".join(printed(made).split())


def test_intervals_are_called_by_the_studys_confidence(make_results):
    made = make_results(staffings=2, replications=16)
    made.experiment.study.confidence.value = 0.9
    assert "90 % interval" in printed(made)
    assert "95 %" not in printed(made)


def test_unknown_is_said_not_zero(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    one = rows["staffing"] == rows["staffing"].iloc[0]
    rows.loc[one & (rows["metric"] == "overload_social"), ["mean", "ci_low", "ci_high"]] = np.nan
    assert line_with(printed(made, table="full"), "Overload, desks").count("not known") == 1


def test_what_no_staffing_model_knows_is_left_out(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    assert "Overload, desks" in printed(made, table="full")
    rows.loc[(rows["metric"] == "overload_social"), ["mean", "ci_low", "ci_high"]] = np.nan
    assert "Overload, desks" not in printed(made, table="full")


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_customers_have_a_row_wherever_there_are_any(make_results, name):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    assert name not in Sheet(made, Printer(), full=True).metrics
    theirs = rows[rows["metric"] == "answered_15"].assign(metric=name, unit=REGISTRY[name].unit)
    made.rows["summary"] = pd.concat([rows, theirs], ignore_index=True)
    sheet = Sheet(made, Printer(), full=True)
    assert name in sheet.more
    assert str(sheet.heading_of(name)).startswith(f"{REGISTRY[name].label} °")
    made.rows["summary"].loc[made.rows["summary"]["metric"] == name, "mean"] = np.nan
    assert name not in Sheet(made, Printer(), full=True).metrics


@pytest.mark.parametrize(("drain", "said"), [("12 h", True), ("24 h", False)])
def test_a_day_that_was_not_observed_to_its_end_is_said_to_be_missing(make_results, drain, said):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    made.experiment.drain = SimpleNamespace(value=60.0 * float(drain[:2]), text=drain)
    day = rows[rows["metric"] == "answered_15"].assign(metric="resolved_24h", mean=np.nan)
    made.rows["summary"] = pd.concat([rows, day], ignore_index=True)
    assert ("Resolved within 24 h is missing" in " ".join(printed(made, table="full").split())) is said
    assert ("(drain: 12 h)" in " ".join(printed(made, table="full").split())) is said


@pytest.mark.parametrize("name", sorted(HEADLINES))
def test_every_experiment_asks_at_most_four_things_and_mood_where_there_is_a_campaign(name):
    headline = caresim.load(f"experiment={name}").study.headline
    assert headline == HEADLINES[name]
    assert len(headline) <= 4


def test_exploratory_metrics_are_flagged(results):
    text = printed(results)
    assert "Cost °" in text
    assert "Answered within 60 min °" not in text
    assert "° one at a time" in text


def test_footnotes_say_what_the_intervals_rest_on(results, make_results):
    text = " ".join(printed(results).split())
    assert "32 paired replications" in text
    assert "16 draws of the assumptions" in text
    assert "95 % interval, luck and assumptions" in text
    few = " ".join(printed(make_results(staffings=2, replications=8)).split())
    assert "4 draws of the assumptions give intervals so wide that none is shown" in few
    assert "Take at least 16 replications" in few
    assert "Second line" not in few
    two = " ".join(printed(make_results(staffings=2, replications=2)).split())
    assert "only one draw of the assumptions: no interval and no verdict" in two
    single = " ".join(printed(make_results(staffings=2, replications=1)).split())
    assert "1 replication: no interval and no verdict" in single


def test_what_the_same_luck_saves_is_said_for_headline_metrics_over_staffing_models(make_results):
    made = make_results(staffings=3, replications=4)
    rows = made.rows["comparison"]
    rows.loc[(rows["metric"] == "csat") & (rows["staffing"] == "call_center_24_7_funded"), "pairing_gain"] = 0.84
    text = " ".join(printed(made, table="full").split())
    assert "Satisfaction, all affected with a need 0.8–7.8 ×; Negative mood, area 42 × (least" in text
    assert "Answered within 60 min nan" not in text


def test_nothing_is_said_of_the_same_luck_where_it_cannot_be_told(make_results):
    made = make_results(staffings=2, replications=4)
    made.rows["comparison"]["pairing_gain"] = np.nan
    assert "same luck for all" not in " ".join(printed(made, table="full").split())
    assert "same luck for all" not in " ".join(printed(make_results(staffings=1, replications=4), table="full").split())


def test_a_difference_without_luck_saves_more_than_can_be_said(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["comparison"]
    rows.loc[rows["metric"] == "csat", "pairing_gain"] = np.inf
    assert "with a need more than 100 ×" in " ".join(printed(made, table="full").split())


def test_what_differs_is_named(make_results):
    made = make_results(staffings=2, replications=4)
    made.experiment.staffing = {
        "social_team": SimpleNamespace(differs="as it was"),
        "call_center_24_7": SimpleNamespace(differs="phone and social blended, around the clock"),
    }
    text = printed(made)
    assert "Call centre 24/7: phone and social blended, around the clock" in text


def test_colour_only_in_a_terminal(results):
    assert "\x1b[" not in printed(results)
    assert "\x1b[" in printed(results, force_terminal=True, color_system="standard")


def test_a_terminal_that_knows_ascii_only_gets_ascii(make_results):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    show(make_results(staffings=3, replications=4), Console(file=stream, width=120, highlight=False))
    stream.flush()
    text = raw.getvalue().decode("ascii")
    assert "+ better" in text


def test_more_than_six_staffing_models_become_rows(make_results):
    text = printed(make_results(staffings=10, replications=4))
    assert line_with(text, "Volunteers")
    assert "Overflow partner" in text


def test_without_a_console_the_output_is_120_columns_wide(make_results, capsys):
    show(make_results(staffings=6, replications=4))
    text = capsys.readouterr().out
    assert 100 < max(len(line) for line in text.splitlines()) <= 120


@pytest.mark.parametrize(
    ("effort", "line"),
    [
        ({"events": 62_000_000, "processor_s": 14.3, "peak_memory_bytes": 9e8},
         "62 million events in 6 runs, 14 CPU seconds, 900 MB of memory at most."),
        ({"events": 1_540_000, "processor_s": 0.31}, "1.5 million events in 6 runs, 0.3 CPU seconds."),
        ({"events": 8_100, "processor_s": 1234.0, "peak_memory_bytes": 3.2e9},
         "8,100 events in 6 runs, 1,234 CPU seconds, 3.2 GB of memory at most."),
        ({}, None),
    ],
)  # fmt: skip
def test_the_last_line_says_what_it_took(make_results, effort, line):
    made = make_results(staffings=3, replications=2)
    made.effort = effort
    assert ("events in" in printed(made)) is (line is not None)
    assert line is None or line in printed(made)


def test_by_default_six_rows_that_matter_are_printed(results):
    """The headline metrics, then what they are paid with; the rest is asked for, or in the files."""
    sheet = Sheet(results, Printer())
    assert sheet.metrics == ["csat", "answered_60", "resolved", "mood_area", "paid_hours", "cost"]
    assert len(sheet.metrics) == MOST_ROWS
    assert "Overload, desks" not in printed(results)
    assert "table=full" in printed(results)
    assert len(Sheet(results, Printer(), full=True).metrics) > MOST_ROWS


def test_headline_metrics_are_all_printed_however_many_they_are(make_results):
    made = make_results(staffings=2, replications=4)
    made.experiment.study.headline = ("csat", "csat_all", "answered_15", "answered_60", "resolved", "overload", "cost")
    assert metrics_that_matter(made) == list(made.experiment.study.headline)


@pytest.mark.parametrize(("staffings", "said"), [(2, "better in 14 of 16 worlds, by enough to matter in 7"),
                                                 (8, "14 of 16 worlds enough in 7")])  # fmt: skip
def test_worlds_are_counted_in_words(make_results, staffings, said):
    made = make_results(staffings=staffings, replications=32)
    rows = made.rows["comparison"]
    rows[["worlds", "worlds_better", "worlds_matter"]] = [16, 14 / 16, 7 / 16]
    rows.loc[rows["staffing"] != "call_center_24_7", "worlds_better"] = np.nan
    sheet = Sheet(made, Printer())
    assert " ".join(sheet.worlds("call_center_24_7", "csat", 47 if staffings == 2 else 16).split()) == said
    assert "14 of 16" in printed(made)


@pytest.mark.parametrize(
    ("detail", "wide", "narrow"),
    [
        ("better", "✔ better", "✔ better"),
        ("surely better, perhaps too little to matter", "(✔) surely better, perhaps too little",
         "(✔) better, maybe too little"),
        ("surely worse, perhaps too little to matter", "(✘) surely worse, perhaps too little",
         "(✘) worse, maybe too little"),
        ("depends on the assumptions", "± depends on the assumptions", "± depends on the assumptions"),
    ],
)  # fmt: skip
def test_the_finer_verdict_is_said_and_explained(make_results, detail, wide, narrow):
    made = make_results(staffings=2, replications=16)
    made.rows["comparison"]["verdict_detail"] = detail
    for width, expected in ((40, wide), (16, narrow)):
        told, _ = Sheet(made, Printer()).told("call_center_24_7", "answered_60", width)
        assert " ".join(told.split()) == expected
    assert f"{DETAILED[detail].mark} {MEANINGS[detail]}" in " ".join(printed(made).split())
    assert MEANINGS["undecided"] not in " ".join(printed(made).split())


def test_what_a_run_prints_fits_a_screen_and_a_half(make_results):
    """Eight staffing models, each with verdict and worlds in every headline metric, in 120 columns."""
    assert len(printed(make_results(staffings=8, replications=32)).splitlines()) <= 90


def test_a_ratio_to_zero_is_said_in_words(make_results):
    made = make_results(staffings=3, replications=16)
    rows = made.rows["comparison"]
    mine = (rows["metric"] == "mood_area") & (rows["staffing"] == "call_center_24_7")
    rows.loc[mine, ["difference", "ci_low", "ci_high"]] = [0.0, 0.0, 0.4]
    look = Lookup(made)
    assert look.difference("call_center_24_7", "mood_area") == "to zero"
    assert look.difference_interval("call_center_24_7", "mood_area") == "too few replications"
    assert "to zero" in words(FIGURES["headline"].draw(made))
