"""differences: margins, verdicts, ordinary customers, and what both laws of satisfaction say."""

from __future__ import annotations

import numpy as np
import pandas as pd
from tests.support.figure_words import visible_panels, words

from caresim.tasks.compare.figures import FIGURES


def test_differences_shade_the_margin_and_write_each_verdict(results):
    figure = FIGURES["differences"].draw(results)
    table = results.comparison()
    table = table[table["headline"]]
    panels = visible_panels(figure)
    assert len(panels) == table["metric"].nunique() == 4
    for axes in panels:
        (margin,) = [patch for patch in axes.patches if patch.get_label() == "_margin"]
        assert margin.get_width() > 0
    said = words(figure)
    assert set(table["verdict"]) <= {
        word for word in ("better", "worse", "no difference that matters", "undecided") if word in said
    }


def test_differences_show_ordinary_customers_wherever_there_are_any(make_results):
    made = make_results(staffings=3, replications=8)
    rows = made.rows["comparison"]
    assert "Ordinary customers" not in words(FIGURES["differences"].draw(made))
    theirs = rows[rows["metric"] == "resolved"].assign(metric="ordinary_answered", headline=False)
    made.rows["comparison"] = pd.concat([theirs, rows], ignore_index=True)
    figure = FIGURES["differences"].draw(made)
    assert visible_panels(figure)[-1].get_title(loc="left") == "Ordinary customers: answered °"
    assert "simultaneous over all headline rows (° by itself)" in words(figure)
    made.rows["comparison"].loc[: len(theirs) - 1, "difference"] = np.nan
    assert "Ordinary customers" not in words(FIGURES["differences"].draw(made))


def test_undecided_names_the_pairs_it_would_take(make_results):
    made = make_results(staffings=2, replications=4)
    rows = made.rows["comparison"]
    rows.loc[rows["metric"] == "csat", ["verdict", "verdict_detail", "pairs_needed"]] = ["undecided"] * 2 + [1240.0]
    assert "? undecided 1 240 pairs needed" in words(FIGURES["differences"].draw(made))


def test_a_verdict_on_satisfaction_says_what_the_other_law_says(make_results):
    made = make_results(staffings=2, replications=8)
    rows = made.rows["comparison"]
    rows = rows[~rows["metric"].str.startswith("csat_")]
    rows.loc[rows["metric"] == "csat", ["verdict", "verdict_detail"]] = "better"
    mine = rows[rows["metric"] == "csat"]
    for justice, said in (("better", "✔ better both laws"), ("undecided", "✔ better justice: undecided")):
        by_law = [
            mine.assign(metric=f"csat_{law}", verdict=verdict, verdict_detail=verdict, headline=False)
            for law, verdict in (("additive", "better"), ("justice", justice))
        ]
        made.rows["comparison"] = pd.concat([rows, *by_law], ignore_index=True)
        assert said in words(FIGURES["differences"].draw(made))
        assert words(FIGURES["differences"].draw(made)).count("laws") == (justice == "better")
