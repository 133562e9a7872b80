"""Studies of a queue in which one number decides between two staffing models by construction."""

from __future__ import annotations

import copy
import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from tests.support.on_axes import drawn_on_axes
from tests.support.read_page import Read

import caresim
from caresim.config.compose import validate
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.report.page.document import PAGE
from caresim.run.folder import digest
from caresim.run.store import Store
from caresim.tasks.job import Job
from caresim.tasks.request import Request
from caresim.tasks.sensitivity import answer, figure, page, terminal
from caresim.tasks.sensitivity.assumptions import LAW, LUCK, OTHERS, assumptions_of, label, three_figures
from caresim.tasks.sensitivity.command import run, write
from caresim.tasks.sensitivity.design import rows_of
from caresim.tasks.sensitivity.result import TOGETHER, Sensitivity
from caresim.tasks.sensitivity.runs import Runs
from caresim.tasks.sensitivity.study import Asker, study

WORDS = (
    "experiment=queue",
    "queue.customers=100",
    "study.headline=[phone_service_level,phone_abandonment]",
    "replications=4",
)
HEADS = "staffing.*.desks.desk.headcount"
KEY = "staffing.other.desks.desk.headcount"
GAP = "behaviour.phone.busy_gap"
RATE = "population.cohorts.customers.onset.per_hour"


def queue(place: Path, **settings: object) -> Experiment:
    """Ten servers against six to fourteen: which is better is decided by how many these are, and by nothing else.

    How many call moves both alike; the gap between redials moves nothing, as nobody redials.
    """
    raw = copy.deepcopy(caresim.load(*WORDS, f"output_dir={place}").as_text())
    other = copy.deepcopy(raw["staffing"]["servers"])
    other["differs"] = "Six to fourteen servers"
    other["desks"]["desk"]["headcount"] = ranged("10 people", "6 people", "14 people")
    raw["staffing"]["other"] = other
    raw["queue"] = None
    raw["population"]["cohorts"]["customers"]["onset"]["per_hour"] = ranged("9 /min", "8.5 /min", "9.5 /min")
    raw["behaviour"]["phone"]["busy_gap"] = ranged("5 min", "4 min", "8 min")
    raw["sensitivity"] = {"rows": 16, **settings}
    return validate(raw)


def ranged(value: str, low: str, high: str) -> dict[str, object]:
    return {"value": value, "range": [low, high], "source": "assumption"}


@pytest.fixture(scope="module")
def tokyo() -> Experiment:
    return caresim.load("experiment=tokyo")


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    return queue(tmp_path_factory.mktemp("queue"))


@pytest.fixture(scope="module")
def told(experiment: Experiment) -> Sensitivity:
    return caresim.sensitivity(experiment, workers=1)


def test_what_decides_by_construction_is_to_be_measured_first(told: Sensitivity) -> None:
    assert [one.name for one in told.assumptions] == [GAP, RATE, HEADS]
    assert told.screening is None, "three assumptions need no screening"
    table = told.knowing().set_index("assumption")
    assert table.index[0] == HEADS
    assert table.loc[HEADS, "held_out_low"] > 0
    assert table.loc[GAP, "worth"] == 0.0
    changes_at = math.log(10 / 6) / math.log(14 / 6)  # heads are drawn evenly in the logarithm
    assert table.loc[HEADS, "changes"] == pytest.approx(1 - changes_at, abs=0.15)
    assert table.loc[TOGETHER, "worth"] >= table.loc[HEADS, "worth"] - 0.02
    first = told.text.splitlines()[1]
    assert first.startswith(f"Measure this first: {HEADS} (6 to 14)")
    best, then = (one.best for one in told.stretches(HEADS))
    assert (best, then) == ("servers", "other")
    assert f"{label('Servers')} is best below" in first


def test_the_difference_varies_with_what_decides_and_levels_with_what_calls(told: Sensitivity) -> None:
    table = told.table().set_index(["of", "staffing", "metric", "assumption"])["total"].sort_index()
    pairs = told.table()[["of", "staffing", "against"]].drop_duplicates()
    assert pairs.to_numpy().tolist() == [
        ["level", "servers", ""], ["level", "other", ""], ["difference", "other", "servers"],
    ]  # fmt: skip
    decides = table["difference", "other", "phone_service_level"]
    assert decides[HEADS] > 0.5
    assert decides[GAP] == 0.0
    assert table["level", "servers", "phone_service_level"][HEADS] == 0.0
    assert set(decides.index) == {GAP, RATE, HEADS, LUCK}


def test_the_law_of_satisfaction_is_an_assumption_that_takes_no_run(tokyo: Experiment) -> None:
    """Marks by one law are a point above those by the other. Half of the worlds follow each; nothing else varies."""
    assumptions = tuple(assumptions_of(tokyo))
    names = [one.name for one in assumptions]
    chosen = names.index("reinforcement")
    rows = rows_of(0, names, (chosen,), 64)
    model, other = "social_team", "hybrid"
    place = rows.points().places[:, chosen]
    columns = {"csat_all": 3.0, "csat_all_additive": 3.0, "csat_all_justice": 4.0, "useful_60": place, "cost": 1.0}
    runs = pd.concat([
        pd.DataFrame({"point": range(len(place)), "staffing": name, **columns}) for name in (model, other)
    ])  # fmt: skip
    inputs = ("reinforcement", OTHERS, LUCK, LAW)
    told = Sensitivity(tokyo, assumptions, (model, other), ("useful_60", "csat_all"), rows, inputs, runs)
    table = told.table().set_index(["metric", "of", "staffing", "assumption"]).sort_index()
    marks = table.loc[("csat_all", "level", model)]
    assert marks.loc[LAW, "total_low"] < 1.0 < marks.loc[LAW, "total_high"]
    assert marks.loc["reinforcement", "total"] == marks.loc[OTHERS, "total"] == marks.loc[LUCK, "total"] == 0.0
    assert table.loc[("useful_60", "level", model, LAW), "total"] == 0.0, "a law moves no share of people helped"
    assert table.loc[("csat_all", "difference", other), "total"].isna().all(), "both models gain alike"
    assert told.named == ["reinforcement"], "the metric that decides follows no law"


def test_what_matters_is_counted_as_worth_is(told: Sensitivity, tmp_path: Path) -> None:
    assert answer.matters(told) == told.estimands["phone_service_level"].margin == 0.05
    paid = caresim.sensitivity(queue(tmp_path, worth="500 EUR", assumptions=[KEY]), workers=1)
    assert answer.matters(paid) == pytest.approx(5 * 500)
    waits = caresim.sensitivity(queue(tmp_path, metric="phone_asa", assumptions=[KEY]), workers=1)
    one, mean = waits.estimands["phone_asa"], waits.mean_of(waits.ranked[0])
    assert (one.compare, one.better) == ("ratio", "lower")
    assert mean / (mean - answer.matters(waits)) == pytest.approx(one.margin)


def test_row_n_begins_in_world_n_of_a_comparison(told: Sensitivity, experiment: Experiment) -> None:
    results = caresim.compare(experiment, workers=1)
    points = told.points()
    first = points[(points["input"] == "A") & (points["row"] == 1)].iloc[0]
    drawn = results.draws.set_index("draw").loc[1]
    assert {key: first[key] for key in drawn.index} == drawn.to_dict()
    runs = told.runs[told.runs["point"] == first["point"]].set_index("staffing")
    rows = results.replications[results.replications["replication"] == 2].set_index("staffing")
    for model in told.models:
        assert runs.loc[model, "phone_service_level"] == rows.loc[model, "phone_service_level"]


def test_points_of_a_row_differ_by_one_input_and_share_luck(told: Sensitivity) -> None:
    points = told.points()
    keys = [KEY, RATE, GAP]
    row = points[points["row"] == 3].set_index("input")
    for name, key in ((HEADS, KEY), (RATE, RATE), (GAP, GAP)):
        differs = [each for each in keys if row.loc[name, each] != row.loc["A", each]]
        assert differs == [key]
        assert row.loc[name, key] == row.loc["B", key]
        assert row.loc[name, "luck"] == row.loc["A", "luck"]
    assert row.loc[LUCK, "luck"] == row.loc["B", "luck"] != row.loc["A", "luck"]
    assert (row.loc[LUCK, keys] == row.loc["A", keys]).all()


def test_a_killed_study_goes_on_from_its_blocks_with_equal_bytes(told: Sensitivity, tmp_path: Path) -> None:
    class Struck(Exception):
        pass

    class Watch:
        def __init__(self, blocks: int) -> None:
            self.left, self.resumed = blocks, 0

        def compiling(self) -> None: ...

        def compiled(self, seconds: float) -> None: ...

        def expect(self, replications: int, staffings=(), passengers: float = 0) -> None:
            self.expected = replications

        def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
            self.resumed += replications * resumed
            self.left -= 1
            if not self.left:
                raise Struck

    again = queue(tmp_path).model_copy(update={"workers": 2})
    with pytest.raises(Struck):
        study(again, Store(tmp_path), Watch(4))
    watch = Watch(10**9)
    found = study(again, Store(tmp_path), watch)
    assert watch.resumed >= 3 * 12 * 2
    assert len(found.runs) == watch.expected
    assert digest(found.runs) == digest(told.runs)
    for name in ("table", "knowing", "tornado"):
        pd.testing.assert_frame_equal(getattr(found, name)(), getattr(told, name)(), check_exact=True)


def test_a_screening_passes_on_what_moves_something(tmp_path: Path) -> None:
    asked = queue(tmp_path, most=1, trajectories=2)
    found = caresim.sensitivity(asked, workers=1)
    assert found.rows.chosen == (2,)
    assert found.screening is not None
    sizes = found.screening.set_index(["of", "staffing", "metric", "assumption"])["size"].sort_index()
    assert sizes["difference", "other", "phone_service_level"].idxmax() == HEADS
    assert sizes["difference", "other", "phone_service_level"][GAP] == 0.0
    assert OTHERS in found.inputs
    assert found.others == 2
    assert found.text.splitlines()[2].count("the other 2 numbers together")


def test_money_counts_where_a_point_has_a_worth(told: Sensitivity, tmp_path: Path) -> None:
    """Six to fourteen people cost less or more than ten: with a point worth nothing, money alone decides."""
    asked = queue(tmp_path, worth="0 EUR", assumptions=[KEY])
    found = caresim.sensitivity(asked, workers=1)
    assert found.unit == "EUR"
    best = [one.best for one in found.stretches(HEADS)]
    assert best == ["other", "servers"], "fewer people are cheaper, and the service level is worth nothing"
    assert "is worth € " in found.text.splitlines()[1]
    assert answer.worth_head(found, "Held out") == "Held out, EUR"
    assert "€" not in "".join(answer.worth_of(found, found.knowing().iloc[0], "worth"))


def test_without_rows_nothing_is_said_to_be_best(told: Sensitivity) -> None:
    """A metric that no run of one staffing model has: the order of the models would be that of the file."""
    runs = told.runs.assign(
        phone_service_level=told.runs["phone_service_level"].where(told.runs["staffing"] != "other")
    )
    nothing = replace(told, runs=runs)
    said = answer.sentences(nothing)
    assert all("cannot be told" in sentence for sentence in said)
    terminal.show(nothing)
    assert page.document(nothing, Path(), "").answer == said


def test_what_decides_nothing_is_said_of_what_was_asked_about(told: Sensitivity, tmp_path: Path) -> None:
    found = caresim.sensitivity(queue(tmp_path, assumptions=[GAP]), workers=1)
    assert found.text.splitlines()[1] == (
        f"The one assumption asked about does not need to be measured first: {label('Servers')} is best at every value"
        " of it, as far as 16 rows can tell; the other 2 were not asked about."
    )


def test_too_few_rows_are_said_where_an_interval_says_nothing(told: Sensitivity) -> None:
    row = told.knowing().set_index("assumption").loc[GAP]
    assert (row["worth_low"], row["worth_high"]) == (0.0, 0.0)
    assert answer.worth_of(told, row, "worth") == ("too few rows", "")
    wide = {"first": 1.89, "first_low": 0.4, "first_high": 2.9, "total": 0.5, "total_low": 0.1, "total_high": 0.9}
    assert answer.index(wide, "first") == page.share(wide, "first").text == "too few rows"
    assert answer.index(wide, "total") == page.share(wide, "total").text == "50 %"
    shares = told.table().set_index("assumption")
    assert shares.loc[LUCK, "of_mean"].isna().all()
    assert answer.scaled(told) == []


def test_a_lead_within_the_margin_is_said(told: Sensitivity) -> None:
    first, second = told.ranked[:2]
    rows = told.tornado()
    lead = abs(rows[(rows["staffing"] == first) & (rows["against"] == second)].iloc[0]["mean"])
    said = ", within the margin of " in answer.best(told)
    assert said == (lead <= told.estimands[told.metric].effect_margin)
    near = told.tornado().assign(mean=0.01)
    object.__setattr__(one := replace(told), "_tornado", near)
    assert answer.best(one).endswith("(+1.0 pp, within the margin of 5 percentage points).")


def test_all_stays_within_what_was_said_it_takes(told: Sensitivity, experiment: Experiment, tmp_path: Path) -> None:
    runs = Runs(experiment, tuple(assumptions_of(experiment)), Store(tmp_path), None)
    assert Asker(experiment, runs).most == len(told.runs)


def test_a_printed_name_can_be_asked_for(told: Sensitivity, tmp_path: Path) -> None:
    by_name = caresim.sensitivity(queue(tmp_path / "name", assumptions=[HEADS]), workers=1)
    by_key = caresim.sensitivity(queue(tmp_path / "key", assumptions=[KEY]), workers=1)
    assert by_name.named == by_key.named == [HEADS]
    assert digest(by_name.runs) == digest(by_key.runs)


def test_a_metric_of_which_neither_way_is_better_decides_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="neither more nor less of it is better"):
        caresim.sensitivity(queue(tmp_path), metric="stars_3")


def test_rows_are_the_same_whatever_else_is_asked(experiment: Experiment) -> None:
    names = [one.name for one in assumptions_of(experiment)]
    few, many = rows_of(0, names, (0,), 3), rows_of(0, names, (0, 1, 2), 3)
    assert np.array_equal(few.first, many.first)
    assert np.array_equal(few.second, many.second)
    assert (few.width, many.width) == (5, 6)


@pytest.fixture(scope="module")
def folder(told: Sensitivity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("written")
    return write(told, place, figure.save, lambda one, where: page.save(one, where, "python -m caresim"))


def test_the_folder_holds_what_is_promised(folder: Path, told: Sensitivity) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "sensitivity.csv", "knowing.csv", "tornado.csv", "points.parquet", "runs.parquet", "figures", "report.html",
        "results.xlsx", "manifest.json",
    }  # fmt: skip
    assert sorted(path.name for path in (folder / "figures").iterdir()) == [
        "indices.png", "indices.svg", "tornado.png", "tornado.svg",
    ]  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["inputs"] == list(told.inputs)
    assert manifest["digests"]["runs"] == digest(told.runs)
    knowing = pd.read_csv(folder / "knowing.csv")
    assert knowing["assumption"].tolist() == told.knowing()["assumption"].tolist()


def test_the_page_says_what_the_rows_say(folder: Path, told: Sensitivity) -> None:
    text = (folder / PAGE).read_text(encoding="utf-8")
    read = Read(text)
    for sentence in answer.sentences(told):
        assert sentence in read.words
    assert [words for depth, words in read.headings if depth == 2][:4] == [
        "The answer", "Which assumption moves the answer", "What it is worth to know", "What makes it vary",
    ]  # fmt: skip
    assert read.outside(text) == []
    assert read.is_well_ordered()
    assert len(read.all("img")) == 2


def test_first_orders_above_their_totals_are_counted_below_the_figure(told: Sensitivity, folder: Path) -> None:
    table = told.table().query("metric == 'phone_service_level' and first == first")
    above = (table["first"] > table["total"]).sum()
    assert above == 1
    said = page.indices_words(told)
    assert f"here one point of {len(table)} is, which is the error of estimates" in said
    assert said in Read((folder / PAGE).read_text(encoding="utf-8")).words
    exact = told.table().assign(first=0.0, total=1.0)
    object.__setattr__(one := replace(told), "_indices", exact)
    assert page.indices_words(one).endswith("never above its total, nor is one here.")


def test_labels_and_numbers_are_whole() -> None:
    long = label("staffing.*.desks.narita_counter.reserve.call_in.waiting")
    assert figure.short(long).replace("\n", " ") == long
    assert max(len(line) for line in figure.short(long).splitlines()) <= figure.LETTERS
    assert [three_figures(value) for value in (2574, 999.9, 14, 0.1234, 1e-5)] == [
        "2,570", "1,000", "14", "0.123", "0.00001",
    ]  # fmt: skip


def test_units_of_worth_stand_in_the_heads_alone(told: Sensitivity) -> None:
    """Cells that repeat them are wider than a laptop's page."""
    (table,) = page.knowing(told)
    assert table.heads[2:4] == ["Worth knowing, percentage points", "Held out, percentage points"]
    heads = next(row for row in table.rows if row[0].note == HEADS)
    assert heads[2].text == f"{100 * told.knowing().iloc[0]['worth']:.2f}"


def test_the_command_asks_in_sentences(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = queue(tmp_path, assumptions=[KEY])
    assert run(Request(overrides=("task=sensitivity",)), [Job(0, asked, {})]) == 0
    done = capsys.readouterr()
    assert "queue: which assumption decides?" in done.out
    assert f"Measure this first: {HEADS}" in done.out
    assert "160 of 160 runs" in done.err
    place = Path(done.out.splitlines()[-1])
    assert (tmp_path / "latest").resolve() == place.resolve()
    assert (place / PAGE).exists()
    assert not (tmp_path / ".blocks").exists()


def test_figures_are_drawn_on_axes(told: Sensitivity) -> None:
    tornado = drawn_on_axes(told.plot)
    assert tornado.get_title(loc="left").startswith("Servers against Other: ")
    level = drawn_on_axes(lambda ax: told.plot_indices("level", models="other", ax=ax))
    assert level.get_title(loc="left") == "Other"
    assert [text.get_text() for text in level.get_legend().get_texts()] == ["first order", "total"]
    difference = drawn_on_axes(lambda ax: told.plot_indices(ax=ax))
    assert difference.get_title(loc="left") == "Other\nless Servers"
    assert len(told.plot(models=["other"]).axes) == 1
    assert len([axes for axes in told.plot_indices(models="servers").axes if axes.get_visible()]) == 1
    for wrong, allowed in (({"models": "othr"}, "did you mean other"), ({"ax": 3}, "must be one Axes")):
        for plot in (told.plot, told.plot_indices):
            with pytest.raises(BadInput, match=allowed):
                plot(**wrong)
    with pytest.raises(BadInput, match="unknown kind of output"):
        told.plot_indices("differenz", ax=Figure().subplots())
