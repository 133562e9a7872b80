"""report.html of a comparison: what stands on it, that it needs nothing else, and that nothing on it is code."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from tests.support.read_page import Read, differing_lines

import caresim
from caresim.__main__ import command
from caresim.measure.metrics import REGISTRY
from caresim.report.page.document import PAGE
from caresim.report.wording import readable
from caresim.run.results import Results
from caresim.run.spreadsheet import WORKBOOK
from caresim.tasks.compare.page import evening, manager, page, workbook
from caresim.tasks.compare.page.lookup import Lookup
from caresim.tasks.request import parse
from caresim.tasks.story.story import story

WORDS = ("experiment=tokyo", "population.scale=0.02", "replications=4", "figures=none")
MODELS = "only=[social_team,hybrid,notice_and_waiver_friday]"
COMMAND = "python -m caresim experiment=tokyo"
HEADINGS = [
    *("The answer", "What differs, and what each costs", "The table", "One passenger's evening", "Who pays for it"),
    *("What would overturn it", "What is left out", "How to reproduce it", "For the analyst"),
]
EVIL = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def results() -> Results:
    return caresim.compare(caresim.load(*WORDS, MODELS), workers=1)


@pytest.fixture(scope="module")
def text(results, tmp_path_factory) -> str:
    place = tmp_path_factory.mktemp("page")
    page.save(results, place, COMMAND)
    return (place / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def read(text) -> Read:
    return Read(text)


def test_it_says_what_a_manager_asks(read, results):
    assert read.headings[0] == (1, str(results.experiment.question))
    told = [words for level, words in read.headings if level == 2]
    assert told == HEADINGS
    for model in results.staffings:
        assert str(results.experiment.staffing[model].differs) in read.words
    for name in (*results.experiment.study.headline, "bad_answers"):
        assert REGISTRY[name].formula.replace("`", "") in read.words
    assert COMMAND in read.words


def test_worlds_are_counted_where_there_are_enough(make_results):
    rows = make_results(staffings=3, replications=32)
    section = manager.worlds(Lookup(rows))
    assert section is not None
    assert section.title == "In how many worlds?"
    assert manager.worlds(Lookup(make_results(staffings=3, replications=4))) is None


def test_headings_skip_no_level(read):
    assert read.is_well_ordered()


def test_tables_say_what_their_rows_and_columns_are(read):
    assert read.all("html") == [{"lang": "en"}]
    assert read.all("table")
    assert all(table["aria-label"] for table in read.all("table"))
    assert {head.get("scope") for head in read.all("th")} == {"row", "col"}


def test_it_asks_for_nothing_from_elsewhere(read, text):
    assert read.outside(text) == []


def test_equal_runs_give_equal_bytes_but_for_one_line(results, text, tmp_path):
    page.save(Results(**fields(results), durations={"simulate_s": 99.0}), tmp_path, COMMAND)
    again = (tmp_path / PAGE).read_text(encoding="utf-8")
    differs = differing_lines(text, again)
    assert len(differs) == 1
    assert all("<!-- durations -->" in line for line in differs[0])


def test_words_from_files_are_words(results, tmp_path):
    experiment = results.experiment
    model = experiment.staffing["hybrid"].model_copy(update={"differs": EVIL})
    evil = experiment.model_copy(
        update={"question": EVIL, "name": EVIL, "staffing": {**experiment.staffing, "hybrid": model}}
    )
    page.save(Results(**{**fields(results), "experiment": evil}), tmp_path, f"{COMMAND} {EVIL}")
    read = Read((tmp_path / PAGE).read_text(encoding="utf-8"))
    assert read.headings[0] == (1, EVIL)
    assert read.words.count(EVIL) >= 4
    assert not read.all("script")
    assert not read.all("img")
    assert not [name for _, carried in read.tags for name in carried if name.startswith("on")]


def fields(results: Results) -> dict:
    names = (
        "experiment",
        "replications",
        "contacts",
        "passengers",
        "staff",
        "timeline",
        "curves",
        "courses",
        "intervals",
    )
    return {name: getattr(results, name) for name in names}


def test_the_passenger_is_the_one_that_the_story_tells_of(results, read):
    found = evening.median(evening.people(results, results.baseline))
    assert found is not None
    key, row = found
    assert f"{COMMAND} task=story passenger={row}" in read.words
    experiment = results.experiment.model_copy(update={"only": (results.baseline,)})
    told = story(experiment, row)
    assert told.person == key
    assert told.row == row


def test_without_recorded_rows_there_is_no_evening(results):
    nobody = {"contacts": results.contacts.head(0), "passengers": results.passengers.head(0)}
    bare = Results(**fields(results) | nobody)
    assert evening.evening(bare, "hybrid", COMMAND) is None


class Told:
    """The results with another comparison table."""

    def __init__(self, results: Results, table: pd.DataFrame) -> None:
        self._results, self._table = results, table

    def __getattr__(self, name: str):
        return getattr(self._results, name)

    def comparison(self) -> pd.DataFrame:
        return self._table


def test_worlds_are_told_where_they_were_counted(results):
    table = results.comparison()
    plain = table.drop(columns=[name for name in table if name.startswith(("worlds", "crisis"))])
    assert manager.worlds(Lookup(Told(results, plain))) is None
    counted = plain.assign(
        worlds=50, worlds_better=0.94, worlds_better_low=0.88, worlds_better_high=0.99, worlds_matter=0.7,
        worlds_worse_matter=0.02, crisis_better=0.81,
    )  # fmt: skip
    section = manager.worlds(Lookup(Told(results, counted)))
    assert section is not None
    shown, meant, folded = section.parts
    assert meant.text.endswith("50 of 50 means 93–100 % of all possible ones.")
    assert "50 possible worlds" in shown.caption
    assert [row[0] for row in shown.rows] == ["Hybrid", "Notice and waiver Friday"]
    assert len(shown.heads) == 1 + len(results.experiment.study.headline)
    cell = shown.rows[0][1]
    assert (cell.text, cell.note, cell.share) == ("47 of 50", "enough in 35", 0.94)
    one_by_one = folded.parts[0].rows[0]
    assert one_by_one[0] == "Hybrid: Helped within 60 min"
    assert [getattr(each, "text", each) for each in one_by_one[1:]] == ["94 %", "70 %", "2 %", "81 %"]
    assert manager.worlds(Lookup(Told(results, counted.assign(worlds_better=float("nan"))))) is None


def test_what_would_overturn_it_is_told_metric_by_metric(results):
    table = results.comparison().assign(verdict="better", ci_low=0.2, ci_high=0.3, verdict_detail="better")
    calm = manager.overturned(Lookup(Told(results, table)))
    assert calm.parts[0].text == "Nothing that was tried here."
    of = lambda model, metric: (table["staffing"] == model) & (table["metric"] == metric)  # noqa: E731
    table.loc[of("hybrid", "csat_all_justice"), ["verdict", "verdict_detail"]] = "no difference that matters"
    table.loc[of("hybrid", "resolved_in_time"), ["verdict", "verdict_detail", "pairs_needed"]] = [
        *["undecided"] * 2,
        226.0,
    ]
    finer = "surely better, perhaps too little to matter"
    table.loc[of("notice_and_waiver_friday", "useful_60"), ["verdict", "verdict_detail"]] = ["undecided", finer]
    told = dict(manager.overturned(Lookup(Told(results, table))).parts[0].items)
    assert told["Satisfaction, everybody affected, the two laws of satisfaction disagree"] == (
        "Hybrid (better by the additive law, no difference by the justice law)"
    )
    assert told["Resolved in time, undecided"].endswith("226 pairs of replications)")
    small = told["Helped within 60 min, surely better or worse, perhaps too little to matter"]
    assert small.startswith("Notice and waiver Friday (surely better; ")
    assert len(told) == 3  # what is surely better is not among what is undecided


def test_it_is_told_who_is_best_in_how_many_worlds(make_results):
    made = make_results(staffings=3, replications=32)
    name = made.experiment.study.headline[0]
    first, second, third = made.staffings
    best = dict.fromkeys(range(16), first) | {3: third, 5: third, 7: second}
    rows = made.replications
    rows[name] = [0.5 + 0.1 * (best[draw] == model) for draw, model in zip(rows["draw"], rows["staffing"], strict=True)]
    told = dict(manager.overturned(Lookup(made)).parts[0].items)
    assert told[f"{Lookup(made).label(name)}, the best in each world"] == (
        f"{readable(first)} in 13, {readable(third)} in 2 and {readable(second)} in 1 of 16"
    )


def test_the_workbook_has_a_sheet_for_each_thing(results, tmp_path):
    workbook.save(results, tmp_path)
    sheets = pd.read_excel(tmp_path / WORKBOOK, sheet_name=None)
    assert list(sheets) == ["summary", "comparison", "roster", "intervals", "assumptions"]
    assert len(sheets["comparison"]) == len(results.comparison())
    assert len(sheets["assumptions"]) == len(results.experiment.uncertain())
    assert sheets["intervals"]["offered"].sum() == results.intervals["offered"].sum()
    shifts = sheets["roster"]
    social = shifts[(shifts["staffing"] == "social_team") & (shifts["desk"] == "social")]
    assert set(social["people"]) == {2}
    assert set(social["start"].dt.hour) == {9}


def test_a_long_report_is_summed_up_by_more_hours(results, monkeypatch):
    by_hour = workbook.intervals(results)
    assert set(by_hour["hours"]) == {1}
    monkeypatch.setattr(workbook, "MOST_INTERVALS", len(by_hour) - 1)
    longer = workbook.intervals(results)
    assert set(longer["hours"]) == {2}
    assert longer["offered"].sum() == by_hour["offered"].sum()


def test_the_command_is_told_without_words_of_the_machine():
    words = [
        "experiment=tokyo",
        "output_dir=/somewhere",
        "workers=2",
        'name="a b"',
        "--plugin",
        "rules",
        "-m",
        "seed=1,2",
    ]
    assert parse(words).command == "python -m caresim -m --plugin rules experiment=tokyo 'name=\"a b\"' seed=1,2"


@pytest.mark.parametrize("wanted", ["full", "none"])
def test_a_run_has_its_page_unless_it_is_not_wanted(wanted, tmp_path, capsys):
    """With pictures: each is in the page, with its words."""
    words = ["experiment=queue", "queue.customers=400 people", "replications=2", "queue.warm_up=0 %", "figures=few"]
    assert command([*words, f"page={wanted}", f"output_dir={tmp_path}"]) == 0
    folder = (tmp_path / "latest").resolve()
    assert str(folder) == str(Path(capsys.readouterr().out.splitlines()[-1]).resolve())
    assert {path.name for path in folder.iterdir()}.isdisjoint({PAGE, WORKBOOK}) == (wanted == "none")
    if wanted == "full":
        read = Read((folder / PAGE).read_text(encoding="utf-8"))
        assert len(read.all("img")) == len(read.all("figcaption")) == 3
        assert all(len(image["alt"] or "") > 30 for image in read.all("img"))
        assert "'queue.customers=400 people'" in read.words
