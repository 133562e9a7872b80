"""docs/nowcast.md says what was measured: its tables are those of the scores beside it."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from benchmarks import nowcast as benchmark
from benchmarks import nowcast_desks, nowcast_roster
from benchmarks.nowcast import ALL_DAY, FULL, LEVEL_ONLY, WEEK_BEFORE, WITHOUT, YESTERDAY, score

from caresim.tasks.nowcast.ahead import CONTACTS, WAIT
from caresim.tasks.nowcast.desk.ahead import FIRST, REPLIES, WAITING
from caresim.tasks.nowcast.desk.settings import NowcastOfDesk
from caresim.tasks.nowcast.level import HOUR, KEEPS, NOTHING
from caresim.tasks.nowcast.mood import anger_of
from caresim.tasks.nowcast.people import HOLDS_MIN
from caresim.tasks.nowcast.settings import Nowcast

TEXT = benchmark.PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    return pd.read_csv(benchmark.CALLS)


def test_the_tables_of_the_page_are_those_of_the_files(monkeypatch, tmp_path) -> None:
    copy = tmp_path / "nowcast.md"
    copy.write_text(TEXT, encoding="utf-8")
    for each in (benchmark, nowcast_desks, nowcast_roster):
        monkeypatch.setattr(each, "PAGE", copy)
        each.page()
    assert copy.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("other", [WITHOUT, YESTERDAY, WEEK_BEFORE])
def test_todays_hours_tell_how_many_come(scores, other) -> None:
    assert score(scores, CONTACTS, FULL, "all") < 0.9 * score(scores, CONTACTS, other, "all")


def test_what_is_said_of_the_misses_is_so(scores) -> None:
    text = " ".join(TEXT.split())

    def better(lead: str, other: str, quantity: str = WAIT) -> bool:
        return score(scores, quantity, FULL, lead) < score(scores, quantity, other, lead)

    assert "told better than without it over all twelve hours" in text
    assert all(better("all", WITHOUT, quantity) for quantity in benchmark.NAMES)
    assert score(scores, WAIT, ALL_DAY, "all") < score(scores, WAIT, WITHOUT, "all")
    assert "*Today's level alone* does as well for waits" in text
    assert score(scores, WAIT, LEVEL_ONLY, "all") == pytest.approx(score(scores, WAIT, FULL, "all"), rel=0.03)
    assert "on the test days waits are told better there with today's roster as it is" in text
    assert [better(lead, ALL_DAY) for lead in benchmark.LEADS] == [False, False, True, True]
    assert "in the first hour the state as a whole is worse than none for waits" in text
    assert [better(lead, WITHOUT) for lead in benchmark.LEADS] == [False, True, True, True]
    assert scores["nows"].iloc[0] == len(benchmark.DAYS) * len(benchmark.CLOCK)


def test_counts_of_posts_are_told_better_than_without_today_and_than_yesterdays() -> None:
    counts = pd.read_csv(benchmark.COUNTS)
    crps = counts[counts["width"] == "hour"].pivot_table(index="desk", columns="model", values="crps")
    better = [(crps[HOUR] < crps[other]).sum() for other in (NOTHING, YESTERDAY)]
    assert f"better than nothing of today on {better[0]} of 6, than yesterday on {better[1]} of 6" in " ".join(
        TEXT.split()
    )


def test_keys_and_numbers_of_the_page_are_those_of_the_code() -> None:
    for key in {**Nowcast.model_fields, **NowcastOfDesk.model_fields}:
        if key not in ("contacts", "name"):
            assert f"`{key}`" in TEXT, key
    assert f"keeps {100 * KEEPS:.0f} % of itself" in TEXT
    assert f"| `hours` | {Nowcast.model_fields['hours'].default} |" in TEXT


def test_no_row_of_a_history_is_kept(scores) -> None:
    assert tuple(scores) == benchmark.COLUMNS
    assert scores["cells"].min() > 10


def test_how_long_todays_roster_holds_is_what_training_days_chose() -> None:
    table = pd.read_csv(nowcast_roster.TABLE)
    waits = table[(table["quantity"] == WAIT) & (table["lead"] == "all")].set_index("holds_h")["crps"]
    assert 60.0 * waits.idxmin() == HOLDS_MIN
    assert max(nowcast_roster.DAYS) <= benchmark.TRAIN_TO < min(benchmark.DAYS)
    assert f"holds for {HOLDS_MIN / 60.0:g} hours on average" in " ".join(TEXT.split())


def test_every_desk_of_the_file_is_in_the_table() -> None:
    table = pd.read_csv(nowcast_desks.TABLE)
    assert sorted(table["desk"].unique()) == ["British Airways", "KLM", "Qantas", "Ryanair", "Virgin Atlantic"]
    assert (table["nows"] > 0).all()


def test_what_is_said_of_written_desks_is_so() -> None:
    table = pd.read_csv(nowcast_desks.TABLE)
    crps = table[table["lead"] == "all"].pivot_table(index=["quantity", "desk"], columns="model", values="crps")
    text = " ".join(TEXT.split())

    def worse(quantity: str, other: str) -> set[str]:
        of = crps.loc[quantity]
        return set(of.index[of[nowcast_desks.FULL] >= of[other]])

    assert "the number of posts without a reply is told better with the state on every desk" in text
    assert worse(WAITING, nowcast_desks.WITHOUT) == set()
    assert "For replies given the state is worth nothing" in text
    assert len(worse(REPLIES, nowcast_desks.WITHOUT)) == 5
    of = crps.loc[REPLIES]
    away = (100.0 * (of[nowcast_desks.FULL] / of[nowcast_desks.WITHOUT] - 1.0)).round().astype(int)
    ba, klm, qantas, ryanair, virgin = (away[desk] for desk in sorted(away.index))
    assert f"with both it is {ba}, {klm}, {qantas} and {virgin} % worse, and {ryanair} % on Ryanair" in text
    assert "for the first response it changes less than 2 % either way" in text
    first = crps.loc[FIRST]
    assert (abs(first[nowcast_desks.FULL] / first[nowcast_desks.WITHOUT] - 1.0) < 0.02).all()
    assert "The first response of Ryanair, KLM and Qantas is told better by yesterday's replies" in text
    assert worse(FIRST, nowcast_desks.YESTERDAY) == {"Ryanair", "KLM", "Qantas"}


def test_the_banks_waits_are_as_said() -> None:
    """Where the history lies in the folder that CARESIM_HISTORIES names: no row of it is in the repository."""
    file = Path(os.environ.get("CARESIM_HISTORIES", "")) / "bank_calls_1999_01.csv"
    if not file.is_file():
        pytest.skip("CARESIM_HISTORIES names no folder with bank_calls_1999_01.csv")
    waits = pd.read_csv(file, usecols=["wait_s"])["wait_s"].dropna()
    longer = 100.0 * (waits > 60.0 * anger_of("phone").expected_min).mean()
    assert f"{longer:.1f} % waited longer, and the mean was {waits.mean():.0f} s" in " ".join(TEXT.split())
