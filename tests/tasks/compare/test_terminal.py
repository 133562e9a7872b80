"""The table in the terminal: readable by a manager, at any width, with and without colour."""

from __future__ import annotations

import io
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

import caresim
from caresim.measure.metrics import REGISTRY
from caresim.report.console import Printer
from caresim.tasks.compare.comparison_table import ORDINARY, Sheet
from caresim.tasks.compare.terminal import show

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


def printed(made, width=120, **options):
    stream = io.StringIO()
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
    made = make_results(staffings=2, replications=8)
    rows = made.rows["comparison"]
    rows.loc[rows["metric"] == "csat", ["verdict", "pairs_needed"]] = ["undecided", 312.0]
    text = printed(made)
    assert "? undecided" in text
    assert "312 pairs needed" in text


def test_a_median_not_reached_is_said_and_explained(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    rows.loc[(rows["metric"] == "median_first_response") & (rows["staffing"] == "social_team"), "mean"] = np.inf
    text = printed(made)
    assert "not reached" in line_with(text, "Median first response")
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
    made = make_results(staffings=2, replications=8)
    made.experiment.study.confidence.value = 0.9
    assert "90 % interval" in printed(made)
    assert "95 %" not in printed(made)


def test_unknown_is_said_not_zero(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    one = rows["staffing"] == rows["staffing"].iloc[0]
    rows.loc[one & (rows["metric"] == "overload_social"), ["mean", "ci_low", "ci_high"]] = np.nan
    assert line_with(printed(made), "Overload, desks").count("not known") == 1


def test_what_no_staffing_model_knows_is_left_out(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    assert "Overload, desks" in printed(made)
    rows.loc[(rows["metric"] == "overload_social"), ["mean", "ci_low", "ci_high"]] = np.nan
    assert "Overload, desks" not in printed(made)


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_customers_have_a_row_wherever_there_are_any(make_results, name):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    assert name not in Sheet(made, Printer()).metrics
    theirs = rows[rows["metric"] == "answered_15"].assign(metric=name, unit=REGISTRY[name].unit)
    made.rows["summary"] = pd.concat([rows, theirs], ignore_index=True)
    sheet = Sheet(made, Printer())
    assert name in sheet.more
    assert str(sheet.label(name)).startswith(f"{REGISTRY[name].label} °")
    made.rows["summary"].loc[made.rows["summary"]["metric"] == name, "mean"] = np.nan
    assert name not in Sheet(made, Printer()).metrics


@pytest.mark.parametrize(("drain", "said"), [("12 h", True), ("24 h", False)])
def test_a_day_that_was_not_observed_to_its_end_is_said_to_be_missing(make_results, drain, said):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["summary"]
    made.experiment.drain = SimpleNamespace(value=60.0 * float(drain[:2]), text=drain)
    day = rows[rows["metric"] == "answered_15"].assign(metric="resolved_24h", mean=np.nan)
    made.rows["summary"] = pd.concat([rows, day], ignore_index=True)
    assert ("Resolved within 24 h is missing" in " ".join(printed(made).split())) is said
    assert ("(drain: 12 h)" in " ".join(printed(made).split())) is said


@pytest.mark.parametrize("name", sorted(HEADLINES))
def test_every_experiment_asks_at_most_four_things_and_mood_where_there_is_a_campaign(name):
    headline = caresim.load(f"experiment={name}").study.headline
    assert headline == HEADLINES[name]
    assert len(headline) <= 4


def test_exploratory_metrics_are_flagged(results):
    text = printed(results)
    assert "Cost °" in text
    assert "Answered within 60 min °" not in text
    assert "° exploratory" in text


def test_footnotes_say_what_the_intervals_rest_on(results, make_results):
    text = " ".join(printed(results).split())
    assert "32 paired replications" in text
    assert "16 draws of the assumptions" in text
    assert "95 % interval, luck and assumptions" in text
    two = " ".join(printed(make_results(staffings=2, replications=2)).split())
    assert "only one draw of the assumptions: no interval and no verdict" in two
    single = " ".join(printed(make_results(staffings=2, replications=1)).split())
    assert "1 replication: no interval and no verdict" in single


def test_what_the_same_luck_saves_is_said_for_headline_metrics_over_staffing_models(make_results):
    made = make_results(staffings=3, replications=4)
    rows = made.rows["comparison"]
    rows.loc[(rows["metric"] == "csat") & (rows["staffing"] == "call_center_24_7_funded"), "pairing_gain"] = 0.84
    text = " ".join(printed(made).split())
    assert "Satisfaction, all affected with a need 0.8–7.8 ×; Negative mood, area 42 × (least" in text
    assert "Answered within 60 min nan" not in text


def test_nothing_is_said_of_the_same_luck_where_it_cannot_be_told(make_results):
    made = make_results(staffings=2, replications=4)
    made.rows["comparison"]["pairing_gain"] = np.nan
    assert "same luck for all" not in " ".join(printed(made).split())
    assert "same luck for all" not in " ".join(printed(make_results(staffings=1, replications=4)).split())


def test_a_difference_without_luck_saves_more_than_can_be_said(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["comparison"]
    rows.loc[rows["metric"] == "csat", "pairing_gain"] = np.inf
    assert "with a need more than 100 ×" in " ".join(printed(made).split())


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
