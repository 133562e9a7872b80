"""caresim.sweep, and what task=gather makes of a sweep's folder: tables, answer, figures, points without results."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.support.figure_words import words

import caresim
from caresim.__main__ import command
from caresim.config.errors import BadInput
from caresim.tasks import request as asking
from caresim.tasks.compare.sweep import choice, going_on, sweep
from caresim.tasks.jobs import jobs_of

QUEUE = ("experiment=queue", "queue.customers=300", "queue.warm_up=0 %", "replications=4")
SERVERS = {"as given": 10, "two more": 12, "none": 0, "two fewer": 8}


@pytest.fixture(scope="module")
def swept() -> caresim.Sweep:
    return caresim.sweep(caresim.load(*QUEUE), {"queue.servers": SERVERS}, metrics=["phone_asa", "cost"])


def test_a_point_has_the_metrics_of_its_comparison(swept: caresim.Sweep, tmp_path: Path) -> None:
    """Small points are reduced to some metrics in this process; the numbers are those of `compare`."""
    alone = caresim.compare(caresim.load(*QUEUE, "queue.servers=12", f"output_dir={tmp_path}"), workers=1).summary()
    rows = swept.table[swept.table["job"] == "point 2"].set_index("metric")
    alone = alone.set_index("metric").loc[rows.index]
    columns = ["mean", "ci_low", "ci_high", "luck_low", "luck_high"]
    np.testing.assert_array_equal(rows[columns].to_numpy(), alone[columns].to_numpy())


def test_one_staffing_model_is_compared_with_the_first_point_in_pairs(swept: caresim.Sweep) -> None:
    gains = swept.differences("phone_asa").set_index("queue.servers")
    assert list(gains.index) == ["two more", "two fewer"]
    assert set(gains["against"]) == {choice.FIRST_POINT}
    assert gains.loc["two more", "difference"] < 1 < gains.loc["two fewer", "difference"]
    experiments = [caresim.load(*QUEUE, f"queue.servers={servers}") for servers in (10, 12)]
    pairs = [[caresim.simulate(each, None, n).metrics["phone_asa"] for n in range(4)] for each in experiments]
    ratio = np.exp(np.mean(np.log(np.array(pairs[1]) / np.array(pairs[0]))))
    assert gains.loc["two more", "difference"] == pytest.approx(ratio, rel=1e-12)


def test_a_point_that_does_not_fit_is_listed_with_its_error(swept: caresim.Sweep) -> None:
    (failure,) = swept.failed
    assert failure == ("queue.servers=none", "refused", "queue.servers = 0: must be more than 0")
    assert swept.points == ["as given", "two more", "two fewer"]
    assert swept.answer()[-1].startswith("1 point has no results: queue.servers=none (refused: ")


def test_without_any_results_it_says_so(swept: caresim.Sweep) -> None:
    nothing = replace(swept, table=swept.table.head(0))
    assert nothing.answer()[-1].startswith("1 point has no results")
    for asked in (nothing.differences, nothing.levels, nothing.tidy, nothing.plot.levels, nothing.plot.differences):
        with pytest.raises(caresim.BadInput, match=r"no point has results \(1 failed, the first with: .* more than 0"):
            asked()


def test_the_answer_names_the_best_point_only_where_a_verdict_says_so(swept: caresim.Sweep) -> None:
    first, second, *_ = swept.answer()
    assert first == "No other point is shown to be better for “Phone: average speed of answer” than as given."
    assert second.startswith("Against as given: undecided at each of 2 points")
    first, *_ = replace(swept, metrics=("cost",)).answer()
    assert first.startswith("“Cost” is best with two fewer: ")
    assert first.endswith(" against as given.")


def test_the_table_is_long_for_seaborn(swept: caresim.Sweep) -> None:
    long = swept.tidy()
    assert list(long.columns[-3:]) == ["value", "low", "high"]
    assert long.duplicated(["job", "staffing", "metric"]).sum() == 0
    assert list(swept.levels("cost").columns) == ["servers"]
    assert set(swept.differences(["cost", "phone_asa"])["metric"]) == {"cost", "phone_asa"}


def test_what_is_shown_fits_a_screen(swept: caresim.Sweep) -> None:
    assert repr(swept) == (
        "Sweep(queue over queue.servers (as given, two more, two fewer): 3 points, 1 without results, "
        "1 staffing model, 4 replications a point)"
    )
    many = pd.concat([swept.table.assign(**{"queue.servers": n, "job": f"{n}"}) for n in range(9)])
    assert "over queue.servers (9 values): 9 points" in repr(replace(swept, table=many))
    assert len(swept._repr_html_()) < 4000
    assert "as given" in swept._repr_html_()


def test_figures_show_the_metrics_that_are_asked_for(swept: caresim.Sweep) -> None:
    assert "Cost" in words(swept.plot.differences("cost"))
    said = words(swept.plot.differences())
    assert "What changes against as given, by queue servers?" in said
    assert "two fewer" in said
    assert "Phone: average speed of answer" in words(swept.plot.levels())
    with pytest.raises(BadInput, match="metric = 'csatt': unknown metric"):
        swept.plot.levels("csatt")
    with pytest.raises(ValueError, match="two keys"):
        swept.plot.map()


def test_several_staffing_models_are_compared_with_their_baseline() -> None:
    models = ["experiment=tokyo", "only=[social_team,hybrid]", "population.scale=0.02", "replications=4"]
    found = caresim.sweep(caresim.load(*models), {"seed": [1, 2]}, metrics=["useful_60"])
    assert set(found.differences()["against"]) == {"social_team"}
    assert set(found.differences()["staffing"]) == {"hybrid"}
    assert any(sentence.startswith("Hybrid against Social team: ") for sentence in found.answer())
    assert "too few for intervals" in words(found.plot.differences())
    assert "seed 1" in words(found.plot.differences())


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, "must hold a key with its values"),
        ({"queue.servers": 3}, "must be a list of values"),
        ({"queue.servers": []}, "must be a list of values"),
        ({"queue.serverss": [3]}, "unknown key, did you mean servers"),
        ({"workers": [1, 2]}, "no result depends on it"),
        ({"staffing/tokyo@staffing.a": ["hybrid", "surge"]}, "-m staffing/tokyo@staffing.a=hybrid,surge"),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_says_what_to_type(values: dict[str, object], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        caresim.sweep(caresim.load(*QUEUE), values)  # type: ignore[arg-type]


def test_a_sweep_is_gathered_later_from_what_is_on_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Killed before its last run: what is missing is listed; a metric of one's own is chosen then."""
    words_of = [*QUEUE, "figures=none", "record=none", "queue.servers=9,10,12", f"output_dir={tmp_path}"]
    assert command(["-m", *words_of]) == 0
    told = capsys.readouterr().out
    place = Path(told.splitlines()[-1])
    assert "What changes with queue servers?" in told
    assert "against the first" in told
    whole = (place / "sweep.csv").read_bytes()
    assert command(["task=gather", f"gather={place}", "figures=none", "page=none"]) == 0
    assert (place / "sweep.csv").read_bytes() == whole
    (last,) = pd.read_csv(place / "sweep.csv").query("`queue.servers` == 12")["job"].unique()
    shutil.rmtree(place / last)
    capsys.readouterr()
    assert command(["task=gather", f"gather={place}", "sweep_metrics=[cost]"]) == 0
    told = capsys.readouterr().out
    assert "1 point has no results: queue.servers=12 (missing: the sweep was ended before it)" in told
    assert "“Cost” is best with servers 9: " in told
    assert {file.name for file in place.iterdir() if file.is_file()} >= {"sweep.png", "differences.png", "report.html"}
    again = caresim.Sweep.load(place, ["cost"])
    assert again.answer()[0] in " ".join(told.split())


def test_values_with_a_space_are_written_as_they_are_typed_and_found_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words_of = [*QUEUE, "record=none", "queue.patience_mean=2 min,4 min", f"output_dir={tmp_path}"]
    assert command(["-m", *words_of]) == 0
    told = capsys.readouterr().out
    place = Path(told.splitlines()[-1])
    assert "2 min" in told
    table = pd.read_csv(place / "sweep.csv")
    assert list(table["queue.patience_mean"].unique()) == ["2 min", "4 min"]
    for text in (told, (place / "sweep.csv").read_text(), *(file.read_text() for file in place.glob("*.svg"))):
        assert "\\ min" not in text
    (last,) = table.query("`queue.patience_mean` == '4 min'")["job"].unique()
    shutil.rmtree(place / last)
    assert [failure.point for failure in caresim.Sweep.load(place).failed] == ["queue.patience_mean=4 min"]
    request = asking.parse(["-m", *words_of])
    jobs = jobs_of(request)
    going_on.mark(place, going_on.asked_for(request, jobs))
    with sweep.begun(jobs, tmp_path, going_on.asked_for(request, jobs)) as (folder, done):
        assert folder == place
        assert done == {0}
    (manifest,) = place.glob("*/manifest.json")
    told_of = json.loads(manifest.read_text())
    told_of["job"]["overrides"] = {"queue.patience_mean": "2\\ min"}  # as in folders of earlier versions
    manifest.write_text(json.dumps(told_of))
    assert [failure.point for failure in caresim.Sweep.load(place).failed] == ["queue.patience_mean=4 min"]


@pytest.mark.parametrize(
    ("words_of", "told"),
    [
        (["task=gather"], "gather: is required|gather = .*is required"),
        (["task=gather", "gather=nowhere"], "no such folder"),
        (["task=gather", "gather=.", "sweep_metrics=[costt]"], "unknown metric"),
        (["task=gather", "gather=.", "figure=none"], "did you mean figures"),
        (["task=gather", "gather=."], "at least one finished run"),
    ],
)
def test_a_folder_that_holds_no_sweep_is_refused(
    words_of: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command(words_of) == 2
    assert re.search(told, capsys.readouterr().err)
