"""A backtest end to end on small runs: facts measured, judged, left out with a reason, the same for any workers."""

from __future__ import annotations

import html
import json
from dataclasses import replace

import pandas as pd
import pytest
import yaml

from caresim.__main__ import command
from caresim.config.errors import BadInput
from caresim.tasks.backtest.backtest import COLUMNS, backtest, counts, scenes_of, table_of
from caresim.tasks.backtest.command import as_yaml
from caresim.tasks.backtest.settings import Backtest, load
from caresim.tasks.backtest.stylised import MEASURES

SMALL = ("queue.customers='2000 people'",)
SOME = (
    "open_median",
    "closed_within_60",
    "longer_evening",
    "abandonment_linear_bank",
    "sncf_first_reply",
    "reasons_of_complaints",
)


def chosen(replications: int = 4, workers: int = 1, **changes) -> Backtest:
    """A few facts of the packaged list, on runs cut down; `changes` are of the first."""
    whole = load("stylised_facts", {"replications": replications, "workers": workers})
    facts = {name: whole.facts[name] for name in SOME}
    queue = facts["abandonment_linear_bank"]
    kept = tuple(word for word in queue.overrides if not word.startswith("queue.customers"))
    facts["abandonment_linear_bank"] = queue.model_copy(update={"overrides": kept + SMALL})
    facts["open_median"] = facts["open_median"].model_copy(update=changes)
    return whole.model_copy(update={"facts": facts})


@pytest.fixture(scope="module")
def tested():
    return backtest(chosen())


def test_there_is_a_row_a_fact_in_the_order_of_the_list(tested) -> None:
    assert tuple(tested.table.columns) == COLUMNS
    assert list(tested.table["fact"]) == list(SOME)


def test_what_can_be_measured_is_measured_in_every_replication(tested) -> None:
    many = tested.table.set_index("fact")["replications"]
    assert many[["open_median", "closed_within_60", "longer_evening", "abandonment_linear_bank"]].tolist() == [4] * 4
    computed = (tested.table["verdict"] != "not computed").sum()
    assert tested.values["model"].value_counts().to_dict() == {"ours": 4 * computed, "wrong": 4 * computed}


def test_each_fact_says_whether_it_would_notice_a_wrong_model(tested) -> None:
    table = tested.table.set_index("fact")
    assert table.loc["reasons_of_complaints", "wrong_noticed"] == ""
    computed = table[table["verdict"] != "not computed"]
    within = (computed["wrong_simulated"] >= computed["band_low"]) & (
        computed["wrong_simulated"] <= computed["band_high"]
    )
    assert (computed["wrong_noticed"] == within.map({True: "not noticed", False: "noticed"})).all()
    assert table.loc["open_median", "wrong_noticed"] == "noticed"  # twelve people answer in less than 2.6 minutes


def test_a_fact_of_an_experiment_that_does_not_exist_is_left_out_with_the_reason() -> None:
    fact = load("stylised_facts").facts["sncf_first_reply"].model_copy(update={"experiment": "atlantis"})
    found = backtest(chosen().model_copy(update={"facts": {"lost": fact}}))
    assert found.table.loc[0, "verdict"] == "not computed"
    assert found.table.loc[0, "reason"] == "there is no experiment atlantis in this version"


def test_what_has_no_counterpart_says_why(tested) -> None:
    row = tested.table.set_index("fact").loc["reasons_of_complaints"]
    assert row["verdict"] == "not computed"
    assert "not a text" in row["reason"]


def test_the_same_comes_out_for_any_number_of_workers(tested) -> None:
    again = backtest(chosen(workers=2))
    pd.testing.assert_frame_equal(tested.values, again.values, check_exact=True)
    pd.testing.assert_frame_equal(tested.table, again.table, check_exact=True)


def test_another_seed_is_other_luck(tested) -> None:
    other = backtest(chosen().model_copy(update={"seed": 7}))
    assert (other.table["simulated"].dropna() != tested.table["simulated"].dropna()).all()


def test_runs_that_facts_share_are_run_once() -> None:
    scenes, reasons = scenes_of(load("stylised_facts"))
    assert len({(scene.experiment.name, id(scene)) for scene in scenes}) == len(scenes)
    for model in ("ours", "wrong"):
        names = [scene.experiment.name for scene in scenes if scene.model == model]
        assert names.count("tokyo") == names.count("desks") == names.count("queue") == 1
    assert set(reasons) | {name for scene in scenes for name in scene.facts} == set(load("stylised_facts").facts)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"measure": "response_quantil"}, "facts.open_median.measure.*did you mean response_quantile"),
        ({"staffing": ("ryanair",)}, "facts.open_median.staffing = 'ryanair': unknown staffing model"),
        ({"settings": {}}, "facts.open_median.settings.at: is required"),
        ({"settings": {"at": "50 %", "then": "1 min"}}, "facts.open_median.settings.then"),
        ({"settings": {"at": "half"}}, "facts.open_median.settings.at = 'half': must be a number"),
        ({"settings": {"at": "50 %", "when": "never"}}, "facts.open_median.settings.when = 'never'"),
    ],
)
def test_a_fact_that_asks_for_what_there_is_not_is_refused(changes, told) -> None:
    with pytest.raises(BadInput, match=told):
        backtest(chosen(**changes))


def test_evenings_are_averaged_and_their_mean_is_judged() -> None:
    """Seen in one run of two: half of them, with an interval that stays among shares; not the median of 0 and 1."""
    fact = load("stylised_facts").facts["sncf_broken_promise"]
    assert fact.over_runs == "mean"
    values = pd.DataFrame({"replication": range(8), "value": [1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]})
    values = values.assign(fact="seen", model="ours")
    values["persons"] = [1.0, 1.0, 4.0, 4.0, 2.0, 1.0, 1.0, 2.0]
    for over_runs, simulated in (("mean", 3 / 8), ("pooled", 4 / 16), ("spread", 0.0)):
        told = chosen().model_copy(update={"facts": {"seen": fact.model_copy(update={"over_runs": over_runs})}})
        (found,) = table_of(told, values, [], {}).to_dict("records")
        assert found["simulated"] == simulated
        assert 0.0 <= found["low"] <= found["high"] <= 1.0


def test_reasons_are_given_where_a_fact_does_not_fit_and_only_there() -> None:
    nowhere = replace(chosen().facts["open_median"].observed, value=1e5, low=9e4, high=2e5)
    misfit = backtest(chosen(observed=nowhere, why_not="far too long")).table.set_index("fact")
    assert misfit.loc["open_median", ["verdict", "reason"]].tolist() == ["outside", "far too long"]
    fits = backtest(chosen(why_not="far too long")).table.set_index("fact")
    assert fits.loc["open_median", ["verdict", "reason"]].tolist() == ["inside", ""]


def test_facts_that_were_put_in_do_not_count(tested) -> None:
    table = tested.table.assign(put_in=True)
    assert counts(tested.table.assign(put_in=False))["inside"] >= 2
    assert set(counts(table).values()) == {0}


def test_every_measure_is_used_or_named_by_a_test_of_its_own() -> None:
    used = {fact.measure for fact in load("stylised_facts").facts.values()}
    assert set(MEASURES) - used == set()


@pytest.fixture
def few(tmp_path):
    """A user's folder with a backtest of two facts."""
    whole = load("stylised_facts")
    kept = {name: whole.facts[name] for name in ("closed_within_60", "sncf_first_reply")}
    told = as_yaml(whole.model_copy(update={"facts": kept, "name": "few"}))
    (tmp_path / "backtest").mkdir()
    (tmp_path / "backtest" / "few.yaml").write_text(told, encoding="utf-8")
    return tmp_path


def test_the_command_leaves_a_table_a_figure_and_a_manifest(few, capsys) -> None:
    out = few / "out"
    words = ["task=backtest", "backtest=few", f"--config-dir={few}", "replications=2", f"output_dir={out}"]
    assert command(words) == 0
    shown = capsys.readouterr().out
    (folder,) = out.glob("2*")
    assert (out / "latest").resolve() == folder.resolve()
    assert shown.splitlines()[-1] == str(folder)
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.*")) == sorted(
        [
            *("facts.csv", "values.csv", "manifest.json", "figures/backtest.png", "figures/backtest.svg"),
            *("report.html", "results.xlsx"),
        ]
    )
    page = html.unescape((folder / "report.html").read_text(encoding="utf-8"))
    assert all(fact.what in page for fact in load("few", config_dir=few).facts.values())
    assert page.count("<img") == 1
    assert list(pd.read_csv(folder / "facts.csv")["fact"]) == ["closed_within_60", "sncf_first_reply"]
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["replications"] == 2
    assert "replies within 60 min" in shown


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["backtest=nothing"], "backtest = 'nothing': no such file, allowed: desks, monthly, signers, stylised_facts"),
        ([], "backtest: is required: backtest=stylised_facts"),
        (["backtest=stylised_facts", "replications=none"], "replications = 'none': must be a whole number"),
        (["backtest=stylised_facts", "experiment=tokyo"], "experiment = 'tokyo': is set by each fact"),
        (["backtest=stylised_facts", "-m"], "-m = 'task=backtest': a backtest is no sweep"),
    ],
)
def test_bad_words_are_one_line_and_status_2(words, told, capsys) -> None:
    assert command(["task=backtest", *words]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"caresim: {told}")
    assert error.count("\n") == 1


def test_the_configuration_can_be_printed(capsys) -> None:
    assert command(["task=backtest", "backtest=stylised_facts", "seed=3", "--cfg", "job"]) == 0
    told = capsys.readouterr().out
    assert "\nseed: 3\n" in told
    assert Backtest.model_validate(yaml.safe_load(told)) == load("stylised_facts", {"seed": 3})
