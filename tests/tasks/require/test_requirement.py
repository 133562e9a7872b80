"""`task=require` and `caresim.staff_needed`: what is shown and written, and what is refused in one line."""

from __future__ import annotations

import json
from math import log
from pathlib import Path

import pandas as pd
import pytest
from tests.support.on_axes import drawn_on_axes

import caresim
from caresim.__main__ import command
from caresim.config.errors import BadInput
from caresim.tasks.require import page

ROOT = Path(__file__).parents[3]
REPORT = ROOT / "experiments" / "require" / "report.csv"
POOL = ("replay.format.medium=phone", "replay.format.desk=phone")
WORDS = ("task=require", "experiment=replay", f"replay.intervals={REPORT}", *POOL, "replay.patience_mean=6 min")


KINDS = ("png", "svg")


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """The folder of one requirement."""
    place = tmp_path_factory.mktemp("done")
    assert command([*WORDS, f"output_dir={place}"]) == 0
    (folder,) = [path for path in place.iterdir() if path.is_dir() and not path.is_symlink()]
    return folder


def test_the_folder_holds_the_table_the_heat_map_the_page_and_a_manifest(done):
    names = {"requirement.csv", "figures", "manifest.json", "report.html", "results.xlsx"}
    assert {path.name for path in done.iterdir()} == names
    assert {path.name for path in (done / "figures").iterdir()} == {"people_needed.png", "people_needed.svg"}
    manifest = json.loads((done / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["desks"] == {"phone": "theory"}
    assert manifest["configuration"]["require"]["target"] == "service_level"


def test_a_row_is_a_half_hour_of_a_desk(done):
    table = pd.read_csv(done / "requirement.csv", parse_dates=["start", "end"])
    assert len(table) == 48
    assert ((table["end"] - table["start"]) == pd.Timedelta("30min")).all()
    assert table["attempts"].sum() == pytest.approx(pd.read_csv(REPORT)["offered"].sum(), rel=1e-3)
    assert table["load"].to_numpy() == pytest.approx(table["load_refunds"] + table["load_rebooking"])
    assert table["people_now"].isna().all()
    assert (table["people"] > table["load"]).all()


def test_the_same_command_gives_the_same_bytes(done, tmp_path):
    assert command([*WORDS, f"output_dir={tmp_path}"]) == 0
    again = (tmp_path / "latest").resolve()
    for name in (
        "requirement.csv",
        "results.xlsx",
        "report.html",
        *(f"figures/people_needed.{kind}" for kind in KINDS),
    ):
        assert (again / name).read_bytes() == (done / name).read_bytes()


def test_python_gives_what_the_command_line_gives(done):
    needed = caresim.staff_needed(caresim.load(*WORDS[1:]))
    written = pd.read_csv(done / "requirement.csv")
    assert needed.table()["people"].tolist() == written["people"].tolist()
    assert "Phone (by theory)" in needed.text
    assert max(map(len, needed.text.splitlines()[:12])) <= 120
    assert needed.plot().get_size_inches()[1] < 6


def test_a_path_is_read_as_a_replay_and_settings_are_overruled(tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(
        "interval_start,offered,aht_s\n2026-03-02T08:00,60,300\n2026-03-02T08:30,70,300\n", encoding="utf-8"
    )
    easy = caresim.staff_needed(path, "service_level", 0.7, "60 s", "60 %")
    hard = caresim.staff_needed(str(path), level="95 %", within="10 s", probability=0.95)
    assert easy.table()["people"].sum() < hard.table()["people"].sum()
    assert (hard.settings.share, hard.settings.within.value, hard.settings.probability.value) == pytest.approx(
        (0.95, 1 / 6, 0.95)
    )
    lost = caresim.staff_needed(caresim.load("experiment=replay", f"replay.intervals={path}", "require.within=9 s",
                                             "replay.patience_mean=3"), "abandonment")  # fmt: skip
    assert lost.settings.share == 0.05


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["require.target=answered"], "require.target = 'answered': "),
        (["require.level=120 %"], "require.level = '120 %': must be between 0 % and 100 %"),
        (["require.level=100 %"], "require.level = '100 %': must be above 0 % and below 100 %"),
        (["require.within=20"], "require.within = 20: needs a unit"),
        (["require.target=wait"], "require.within = None: is required where the target is wait"),
        (["require.target=wait", "require.within=1 min", "require.level=80 %"], "require.level = '80 %': is left out"),
        (["require.target=abandonment", "require.within=1 min"], "require.within = '1 min': is left out"),
        (["require.interval=25 min"], "require.interval = '25 min': must be a whole part of an hour"),
        (["require.block=45 min"], "require.block = '45 min': must be whole intervals"),
        (["require.least=1.5"], "require.least = '1.5': must be a whole number"),
        (["require.shrinkage=100 %"], "require.shrinkage = '100 %': must be below 100 %"),
        (["require.day_cv={value: 10 %, range: [5 %, 20 %]}"], "require.day_cv = '10 %': has a range"),
        (["require.desk=fone"], "require.desk = 'fone': unknown desk of as_given"),
        (["require.staffing=nobody"], "require.staffing = 'nobody': unknown staffing model"),
        (["require.target=useful_60"], "replications = 1: tell no probability of 90 %"),
        (["-m", "seed=1,2"], "-m = 'task=require': finds one requirement"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(words, message, tmp_path, capsys):
    assert command([*WORDS, f"output_dir={tmp_path}", *words]) == 2
    lines = [
        line for line in capsys.readouterr().err.splitlines() if not line.startswith("caresim: population.cohorts")
    ]
    assert len(lines) == 1
    assert lines[0].startswith(f"caresim: {message}")
    assert not [path for path in tmp_path.iterdir() if path.is_dir()]


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file"), ("a,b\n1,2\n", "is no interval report")],
)
def test_a_source_that_says_nothing_of_what_comes_is_refused(content, message, tmp_path):
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        caresim.staff_needed(path)


@pytest.mark.parametrize("method", ["theory", "simulation"])
def test_a_desk_that_nobody_turns_to_in_the_window_is_refused_in_one_line(tmp_path, capsys, method):
    calls = tmp_path / "calls.csv"
    lasted = [round(-200 * log((place + 0.5) / 60)) for place in range(60)]
    rows = [f"2026-03-02 08:{place:02d}:00,phone,one,a,30,answered,{lasted[place]}" for place in range(60)]
    rows += [f"2026-03-03 12:{place:02d}:00,phone,two,b,30,answered,{lasted[place]}" for place in range(60)]
    calls.write_text("\n".join(["arrival,medium,channel,desk,wait_s,outcome,service_s", *rows]))
    words = ("task=require", "experiment=replay", f"replay.contacts={calls}", "replay.servers=5", "require.desk=b")
    words = (*words, "window=1 h", f"require.method={method}", "replications=16")
    assert command([*words, f"output_dir={tmp_path / 'out'}"]) == 2
    told = capsys.readouterr().err
    assert "in the window" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_names_are_those_of_the_labels_wherever_it_is_asked(tmp_path):
    labelled = caresim.load(
        *WORDS[1:], "staffing.as_given.label='The day shift'", "staffing.as_given.desks.phone.label='Hotline <1>'"
    )
    needed = caresim.staff_needed(labelled)
    assert "Hotline <1>" in needed.text
    page.save(needed, tmp_path, "python -m caresim")
    written = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "The day shift" in written
    assert "Hotline &lt;1&gt;" in written
    assert "Hotline <1>" not in written


def test_a_desk_is_drawn_on_axes():
    needed = caresim.staff_needed(caresim.load(*WORDS[1:]))
    assert drawn_on_axes(needed.plot).get_title(loc="left").endswith("(by theory): people on duty")
    (desk, *_) = [needs.desk for needs in needed.desks]
    assert len(needed.plot(desk).axes) == 1
    for wrong, allowed in (({"desk": "nobody"}, "unknown desk that is open"), ({"ax": 3}, "must be one Axes")):
        with pytest.raises(BadInput, match=allowed):
            needed.plot(**wrong)
