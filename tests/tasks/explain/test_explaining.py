"""An explanation: every combination on the same luck, shares that add up, the same bytes however it was computed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.__main__ import command
from caresim.config.errors import BadInput
from caresim.run.folder import digest
from caresim.run.store import Store
from caresim.tasks.explain.credit import divided
from caresim.tasks.explain.design import FactorialDesign
from caresim.tasks.explain.explanation import explain

SMALL = ("population.scale=0.03", "replications=4", "explain.other=hybrid")
ROUNDING = 1e-9
"""Of sums of averages of some thirty numbers."""
DESIGN = FactorialDesign("here", "there", ("hours", "heads", "seats"), 2.0)


@pytest.fixture(scope="module")
def explained(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return caresim.explain(caresim.load(*SMALL, f"output_dir={tmp_path_factory.mktemp('out')}"), workers=1)


def made(replications: int = 16, **worth: Any) -> pd.DataFrame:
    """Combinations of the three factors of DESIGN in which each metric is `worth(levels, luck)`."""
    luck = np.random.default_rng(7).normal(size=replications)
    rows = []
    for combination in range(8):
        levels = {factor: combination >> bit & 1 for bit, factor in enumerate(DESIGN.factors)}
        for replication in range(replications):
            key = {"combination": combination, "replication": replication, "draw": replication // 2}
            metrics = {name: formula(**levels, luck=luck[replication]) for name, formula in worth.items()}
            rows.append({**key, **levels, **metrics})
    return pd.DataFrame(rows)


def shares(table: pd.DataFrame, game: str, metric: str, kind: str = "share") -> dict[str, pd.Series]:
    rows = table[(table["game"] == game) & (table["metric"] == metric) & (table["kind"] == kind)]
    return {row["factor"]: row for _, row in rows.iterrows()}


def test_known_shares_come_out_with_their_intervals(tokyo):
    """Luck moves what heads do from one replication to the next, and hours do the same in all."""
    table = divided(
        made(
            csat=lambda hours, heads, seats, luck: 2 + 0.3 * hours + heads * (0.2 + 0.05 * luck) + 0.1 * heads * seats
        ),
        DESIGN,
        tokyo.study,
    )
    alone = shares(table, "staffing", "csat")
    assert list(alone) == ["hours", "heads"]
    assert alone["hours"]["value"] == pytest.approx(0.3, abs=ROUNDING)
    assert alone["hours"]["ci_high"] - alone["hours"]["ci_low"] == pytest.approx(0, abs=ROUNDING)
    assert alone["heads"]["ci_low"] < 0.2 < alone["heads"]["ci_high"]
    assert alone["hours"]["verdict"] == "better"
    whole = shares(table, "staffing and seats", "csat")
    # What heads and seats do together is halved between them.
    assert whole["seats"]["value"] == pytest.approx(0.05, abs=ROUNDING)
    assert whole["heads"]["value"] - alone["heads"]["value"] == pytest.approx(0.05, abs=ROUNDING)
    pairs = shares(table, "staffing and seats", "csat", "interaction")
    assert pairs["heads x seats"]["value"] == pytest.approx(0.1, abs=ROUNDING)
    assert pairs["hours x heads"]["value"] == pytest.approx(0, abs=ROUNDING)
    total = shares(table, "staffing and seats", "csat", "total")["all"]
    assert sum(row["of_total"] for row in whole.values()) == pytest.approx(1, abs=ROUNDING)
    assert total["of_total"] == 1


def test_an_interval_ends_where_a_difference_of_the_metric_does(tokyo):
    """Two draws that disagree: satisfaction from 1 to 5 cannot differ by more than 4."""
    table = divided(made(4, csat=lambda hours, heads, seats, luck: 3 + luck * (hours + heads)), DESIGN, tokyo.study)
    rows = table[table["kind"].isin(("share", "total"))]
    assert (rows["ci_low"].min(), rows["ci_high"].max()) == (-4.0, 4.0)


def test_ratios_are_divided_in_logarithms(tokyo):
    """Hours halve the mood and heads take a tenth off: the factors' ratios multiply to the total's."""
    table = divided(
        made(mood_area=lambda hours, heads, seats, luck: np.exp(luck) * 0.5**hours * 0.9**heads), DESIGN, tokyo.study
    )
    found = shares(table, "staffing", "mood_area")
    assert np.exp(found["hours"]["value"]) == pytest.approx(0.5, abs=ROUNDING)
    assert np.exp(found["heads"]["value"]) == pytest.approx(0.9, abs=ROUNDING)
    assert found["hours"]["unit"] == "log ratio"


def test_only_replications_with_a_value_in_every_combination_count(tokyo):
    table = divided(
        made(
            csat=lambda hours, heads, seats, luck: np.nan if hours and luck > 0 else 3.0 + heads,
            median_first_response=lambda hours, heads, seats, luck: np.inf if hours else 60.0,
        ),
        DESIGN,
        tokyo.study,
    )
    assert set(table["metric"]) == {"csat"}
    defined = int((np.random.default_rng(7).normal(size=16) <= 0).sum())
    assert 0 < defined < 16
    assert set(table["replications"]) == {defined}


def test_without_a_sure_total_no_part_of_it_is_told(tokyo):
    table = divided(made(csat=lambda hours, heads, seats, luck: 3 + hours * luck), DESIGN, tokyo.study)
    total = shares(table, "staffing", "csat", "total")["all"]
    assert total["ci_low"] < 0 < total["ci_high"]
    assert table["of_total"].isna().all()


def test_shares_sum_to_the_difference_of_the_two_models(explained, tmp_path):
    """The total is what a comparison of the two says, metric by metric."""
    table = explained.table()
    sums = table[table["kind"] == "share"].groupby(["game", "metric"])["value"].sum()
    totals = table[table["kind"] == "total"].set_index(["game", "metric"])["value"]
    assert sums.sub(totals).abs().max() < ROUNDING * totals.abs().max()
    compared = caresim.compare(caresim.load(*SMALL, f"output_dir={tmp_path}")).comparison()
    compared = compared[compared["staffing"] == "hybrid"].set_index("metric")["difference"]
    for metric in ("csat", "answered_60", "resolved"):
        assert totals["staffing", metric] == pytest.approx(compared[metric], abs=ROUNDING)
    assert np.exp(totals["staffing", "mood_area"]) == pytest.approx(compared["mood_area"], rel=ROUNDING)


def test_the_ends_are_the_two_models(explained):
    rows = explained.combinations
    experiment = explained.experiment
    last = (1 << len(explained.design.staffing)) - 1
    for number, model in ((0, "social_team"), (last, "hybrid")):
        row = rows[(rows["combination"] == number) & (rows["replication"] == 3)].iloc[0]
        metrics = caresim.simulate(experiment, model, 3).metrics
        assert {name: row[name] for name in metrics} == {
            name: pytest.approx(v, abs=0, nan_ok=True) for name, v in metrics.items()
        }


def test_every_combination_is_there_once_a_replication(explained):
    rows, factors = explained.combinations, list(explained.factors)
    assert factors == ["organisation", "hours", "heads", "skills", "seats"]
    assert len(rows) == 4 * 2**5 == len(rows.drop_duplicates(["combination", "replication"]))
    for bit, factor in enumerate(factors):
        assert (rows[factor] == rows["combination"] // 2**bit % 2).all()


def test_what_was_finished_is_taken_up_and_other_workers_give_the_same_bytes(explained, tmp_path):
    """A study of half the length leaves its blocks; the whole one starts from them."""
    told = []
    watch = SimpleNamespace(
        compiling=lambda: None,
        compiled=lambda seconds: None,
        expect=told.append,
        done=lambda runs, resumed, staffing: told.append((runs, resumed)),
    )
    half = caresim.load(*SMALL, "replications=2", f"output_dir={tmp_path}")
    explain(half, Store(tmp_path), watch)
    assert told == [64, (64, False)]
    again = explain(caresim.load(*SMALL, f"output_dir={tmp_path}", "workers=2"), Store(tmp_path), watch)
    assert told[2:] == [128, (64, True), (64, False)]
    assert digest(again.combinations) == digest(explained.combinations)


def test_the_other_model_is_the_best_where_none_is_named(tmp_path):
    experiment = caresim.load(
        "population.scale=0.02", "replications=2", "explain.seats=null", f"output_dir={tmp_path}",
        "~staffing.hybrid", "~staffing.call_center_24_7", "~staffing.call_center_24_7_funded",
    )  # fmt: skip
    mean = (
        caresim.compare(experiment)
        .summary()
        .query(f"metric == '{experiment.study.headline[0]}'")
        .set_index("staffing")["mean"]
    )
    explanation = caresim.explain(experiment)
    assert explanation.other == mean.drop("social_team").idxmax()
    assert explanation.one == "social_team"
    assert set(explanation.table()["game"]) == {"staffing"}


def test_the_command_line_leaves_table_figure_and_manifest(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = [
        "task=explain",
        "explain.other=notice_and_waiver_friday",
        "population.scale=0.02",
        "replications=4",
        "workers=1",
    ]
    assert command(words) == 0
    said = capsys.readouterr()
    folder = Path(said.out.splitlines()[-1])
    assert re.fullmatch(r"outputs/[\d_-]+_tokyo_explain_[0-9a-f]{6}", str(folder))
    assert sorted(path.name for path in folder.iterdir()) == [
        "combinations.parquet", "explain.csv", "figures", "manifest.json",
    ]  # fmt: skip
    assert sorted(path.name for path in (folder / "figures").iterdir()) == ["explain.png", "explain.svg"]
    assert {path.name for path in Path("outputs").iterdir()} == {folder.name, "latest"}
    told = json.loads((folder / "manifest.json").read_text())
    assert told["explain"]["factors"] == ["notice", "dates", "seats"]
    table = pd.read_csv(folder / "explain.csv")
    assert {"share", "total", "main effect", "interaction"} == set(table["kind"])
    assert "Notice" in said.out
    assert "Satisfaction" in said.out


BAD = [
    (["explain.one=hybrit"], r"explain.one = 'hybrit': unknown staffing model.*did you mean hybrid"),
    (["explain.other=hybrit"], r"explain.other = 'hybrit': unknown staffing model"),
    (["explain.other=social_team"], r"explain.other = 'social_team': must be another model"),
    (["explain.seats=0"], r"explain.seats = 0: must be more than 0"),
    (["explain.places=2"], r"explain.places = 2: unknown key"),
    (["precision=0.1"], r"precision = 0.1: is of task=compare"),
    (["-m", "seed=1,2"], r"-m = 'task=explain': cannot be swept"),
    (["experiment=queue"], r"staffing = \['servers'\]: must hold two staffing models"),
    (["+staffing/tokyo@staffing.twin=social_team", "explain.other=twin"], r"explain.other = 'twin': does not differ"),
]


@pytest.mark.parametrize(("words", "told"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_input_is_one_message(words, told, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert command(["task=explain", *words]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert re.search(told, lines[0])
    assert not list(tmp_path.iterdir())


def test_seats_need_flights(tmp_path):
    experiment = caresim.load(f"output_dir={tmp_path}", "explain.other=hybrid")
    grounded = {name: operator.model_copy(update={"flights": {}}) for name, operator in experiment.operators.items()}
    with pytest.raises(BadInput, match=r"explain\.seats = '2 x': needs flights"):
        caresim.explain(experiment.model_copy(update={"operators": grounded}))
