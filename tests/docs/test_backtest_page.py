"""The page of the backtest lists every fact that can be computed, with what was observed, and counts them rightly."""

from __future__ import annotations

import re

from benchmarks import facts as benchmark
from tests.support.pages import page, table

from caresim.config.paths import experiments
from caresim.report.verdicts import PUT_IN
from caresim.tasks.backtest.settings import load
from caresim.tasks.backtest.terminal import FOLLOWS, FREE, range_text, value_text

KNOWN = {name for name, _ in experiments()}
BLIND = [
    "90 % quantile over median of the first reply, desk around the clock",
    "Spread of the logarithm of the first reply, desk around the clock",
    "Desk around the clock: all requests answered within 60 min",
    "Public posts of anybody, jokes included, that get a reply, desk around the clock",
]
"""The facts that the page says would be inside with twelve people at the desk as well."""
WRITTEN = {"tokyo", "queue", "desks", "compiegne", "activism"}
"""The experiments that the page's table is about."""


def told() -> list[list[str]]:
    return table(page("backtest.md"), "facts")


def test_every_fact_is_listed_with_what_was_observed() -> None:
    facts = [fact for fact in load("stylised_facts").facts.values() if fact.experiment in WRITTEN & KNOWN]
    wanted = [
        (
            fact.what + (f" {PUT_IN}" if fact.put_in else ""),
            fact.target,
            f"{value_text(fact.observed.value, fact.unit)} ({range_text(*fact.band, fact.unit)})",
        )
        for fact in facts
    ]
    assert [tuple(row[:3]) for row in told()] == wanted


def test_the_counts_are_those_of_the_table() -> None:
    text = " ".join(page("backtest.md").split())
    for mark, words in ((False, FREE), (True, FOLLOWS)):
        mine = [row[4].strip("*") for row in told() if row[0].endswith(PUT_IN) == mark]
        counts = ", ".join(f"{mine.count(word)} {word}" for word in ("inside", "partly", "outside"))
        assert f"{len(mine)} {words}: {counts}" in text
    inside = [row for row in told() if row[4] == "inside" and not row[0].endswith(PUT_IN)]
    noticed = [row for row in inside if row[5] == "noticed"]
    assert (
        f"Of the {len(inside)} facts inside that nothing was set to, {len(noticed)} would notice a wrong model" in text
    )


def test_what_does_not_fit_has_its_likely_reason() -> None:
    reasons = {fact.what: fact.why_not for fact in load("stylised_facts").facts.values()}
    misfits = [re.sub(f" {PUT_IN}$", "", row[0]) for row in told() if row[4] != "inside"]
    assert misfits
    assert [what for what in misfits if not reasons[what]] == []


def test_the_table_is_that_of_the_benchmark(monkeypatch, tmp_path) -> None:
    copy = tmp_path / "backtest.md"
    written = benchmark.PAGE.read_text(encoding="utf-8")
    copy.write_text(written, encoding="utf-8")
    monkeypatch.setattr(benchmark, "PAGE", copy)
    benchmark.page(benchmark.read())
    assert copy.read_text(encoding="utf-8") == written


def test_the_words_below_the_table_hold() -> None:
    text = " ".join(page("backtest.md").split())
    facts = benchmark.read().set_index("fact")["simulated"]
    ours = [row for row in told() if row[4] == "inside" and not row[0].endswith(PUT_IN)]
    blind = [row[0] for row in ours if row[5] == "not noticed"]
    assert (blind, len(ours)) == (BLIND, 11)
    assert "Four of the eleven facts that are inside" in text
    assert f"({facts['overload_of_requests']:.2g} times what they can do" in text
    assert f"({facts['redial']:.0%} instead of 42 %)".replace("%", " %", 1) in text
