"""The command line as a stranger uses it: from any folder, with the real engine on a world cut down."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

import caresim
from caresim.__main__ import command
from caresim.run.block import content_hash
from caresim.run.folder import digest, write
from caresim.run.results import FRAMES
from caresim.tasks.manual import keys
from caresim.tasks.registry import TASKS

SMALL = ("replications=2", "population.scale=0.01", "workers=2")

OF_NO_EXPERIMENT = tuple(f"task={name}: " for name, task in TASKS.items() if task.own_configuration)
"""How the meaning begins of keys that are about no single experiment."""


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "caresim", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One real run, in a folder with blanks in its name."""
    place = tmp_path_factory.mktemp("any folder")
    done = run(place, "experiment=tokyo", *SMALL)
    assert done.returncode == 0, done.stderr
    return done, place / done.stdout.splitlines()[-1]


def test_a_run_shows_its_table_and_its_folder_last(finished: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    done, folder = finished
    assert folder.is_dir()
    assert re.fullmatch(r"outputs/\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_tokyo_[0-9a-f]{6}", done.stdout.splitlines()[-1])
    assert "Satisfaction" in done.stdout
    runs = 2 * len(caresim.load().staffing)
    assert f"{runs} of {runs} runs" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_leaves_the_promised_files_and_no_others(finished: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    _, folder = finished
    tables = ["replications", "contacts", "passengers", "staff", "timeline", "curves", "courses", "draws"]
    text = [
        "report.html",
        "results.xlsx",
        "summary.csv",
        "comparison.csv",
        "pairs.csv",
        "ranking.csv",
        "intervals.csv",
        "manifest.json",
    ]
    assert {path.name for path in folder.iterdir()} == {f"{name}.parquet" for name in tables} | {*text, "figures"}
    figures = [
        "cost",
        "duty",
        "headline",
        "waiting",
        "waits",
        "differences",
        "resolution",
        "satisfaction",
    ]
    assert sorted(path.name for path in (folder / "figures").iterdir()) == sorted(
        f"{name}.{kind}" for name in figures for kind in ("png", "svg")
    )
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, "latest"]
    assert [path.name for path in folder.parent.parent.iterdir()] == ["outputs"]


def test_the_tables_have_the_promised_columns(finished: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    promised = {
        "contacts": "contact case passenger operator channel desk staff_member arrival_min arrival wait_min handle_min "
        "closed_min closed turns outcome in_hours",
        "passengers": "passenger operator cohort need affected_min affected deadline_min deadline contacts "
        "first_response_min first_response first_useful_min first_useful first_help_min first_help first_news_min "
        "first_news resolved_min resolved anger_peak anger_end satisfaction satisfaction_additive satisfaction_justice "
        "outcome",
        "timeline": "time_min time",
    }
    for name, columns in promised.items():
        table = pd.read_parquet(finished[1] / f"{name}.parquet")
        assert list(table.columns[: len(columns.split()) + 2]) == ["staffing", "replication", *columns.split()]
        assert set(table["replication"]) == {0}
        assert list(table["staffing"].unique()) == list(caresim.load().staffing)


def test_the_results_do_not_depend_on_the_workers_or_the_folder(
    finished: tuple[subprocess.CompletedProcess[str], Path], tmp_path: Path
) -> None:
    told = json.loads((finished[1] / "manifest.json").read_text())
    again = caresim.compare(caresim.load(*SMALL, f"output_dir={tmp_path}"), workers=1)
    assert {name: digest(getattr(again, name)) for name in told["digests"]} == told["digests"]
    assert content_hash(again.experiment) == told["content_hash"]


def test_a_single_run_gives_the_figures_of_the_comparison(
    finished: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    results = caresim.Results.load(finished[1])
    outcome = caresim.simulate(caresim.load(*SMALL), "hybrid", replication=1)
    row = results.replications.query("staffing == 'hybrid' and replication == 1").iloc[0]
    assert outcome.metrics == {name: pytest.approx(row[name], rel=0, abs=0, nan_ok=True) for name in outcome.metrics}
    assert len(outcome.contacts) > 0
    assert set(outcome.passengers["staffing"]) == {"hybrid"}


def test_help_answers_within_a_second(tmp_path: Path) -> None:
    before = os.times()
    done = run(tmp_path, "--help")
    after = os.times()
    # CPU seconds, which a busy machine stretches little: two, where a third of a second is usual.
    assert after.children_user + after.children_system - before.children_user - before.children_system < 2
    assert done.returncode == 0
    assert "tokyo" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_help_states_the_defaults_there_are() -> None:
    experiment = caresim.load()
    for name, meaning, default in keys():
        if meaning.startswith(OF_NO_EXPERIMENT):
            continue  # tests/tasks holds what these say
        if name == "experiment":
            assert default == experiment.name
        elif name == "i_have_time":
            assert default == str(experiment.i_have_time).lower()
        elif name == "population.scale":
            assert float(default) == experiment.population.scale.value
        elif name in ("seed", "replications", "task", "record", "output_dir", "passenger"):
            assert default == str(getattr(experiment, name))
        elif name in ("figures", "point_figures", "table", "page"):
            assert default == experiment.setting(name)
        elif name == "sweep_metrics":
            assert (default, experiment.setting(name)) == ("headline metrics", ())
        elif name == "baseline":
            assert experiment.baseline == next(iter(experiment.staffing))
        elif name in ("explain.seats", "dashboard.left", "dashboard.right"):
            assert default.startswith("the experiment's, or ")
        elif name.startswith("roster."):
            chosen = getattr(experiment.setting("roster"), name.removeprefix("roster."))
            assert (chosen is None) == default.startswith("the first ")
            assert chosen is None or default == str(getattr(chosen, "text", chosen)).removesuffix(" x")
        elif name.startswith(("plan.", "require.", "sensitivity.")):  # docs/configuration.md has the values
            assert hasattr(experiment.setting(name.partition(".")[0]), name.partition(".")[2])
        elif name.startswith("explain."):
            assert getattr(experiment.explain, name.removeprefix("explain.")) is None
        else:
            assert getattr(experiment, name) is None


def test_cfg_prints_what_would_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["--cfg", "job", "seed=7"]) == 0
    assert yaml.safe_load(capsys.readouterr().out)["seed"] == 7


BAD = [
    (["experiment=tokio"], r"experiment = 'tokio': .*did you mean tokyo"),
    (["replication=3"], r"replication = 3: unknown key.*did you mean replications"),
    (["seed=-1"], r"seed = -1: "),
    (["-m", "seed=1,x"], r"seed = 'x': "),
    (["seed=1,2"], r"seed"),
    (["task=forecast"], r"task = 'forecast': .*compare"),
    (["replications=1", "explain.one=foo"], r"explain.one = 'foo': unknown staffing model"),
    (["backtest=stylised_facts"], r"backtest = 'stylised_facts': .*task=backtest"),
    (["-m", "seed=1"], r"-m = 'seed=1': a sweep needs a key with several values"),
    (["-m", "output_dir=one,two"], r"output_dir = .*: cannot be swept"),
    (["--nonsense"], r"command line.*--nonsense.*--help"),
    (["-m", "--cfg", "job"], r"--cfg = 'job': .*leave out -m"),
    (["--config-dir", "nowhere"], r"--config-dir = 'nowhere': must be an existing folder"),
    (["output_dir=/dev/null/there"], r"output_dir = '/dev/null/there': must be a folder that can be written to"),
    (["cluster=tcp://127.0.0.1:9"], r"cluster = 'tcp://127.0.0.1:9': "),
]


@pytest.mark.parametrize(("words", "told"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_bad_input_is_one_message(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command(words) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len([line for line in lines if line.startswith("caresim: ")]) == 1
    assert re.fullmatch(f"caresim: .*{told}.*", lines[-1])
    assert not list(tmp_path.iterdir())


def test_bad_input_exits_with_2_and_no_traceback(tmp_path: Path) -> None:
    done = run(tmp_path, "seed=-1")
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_an_own_staffing_model_joins_from_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine" / "staffing" / "tokyo"
    mine.mkdir(parents=True)
    text = "defaults: [social_team, _self_]\ndiffers: four people on social media\ndesks: {social: {headcount: 4}}\n"
    (mine / "four_people.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert command(["--config-dir", "mine", "+staffing/tokyo@staffing.four_people=four_people", "--cfg", "job"]) == 0
    staffing = yaml.safe_load(capsys.readouterr().out)["staffing"]
    assert list(staffing)[-1] == "four_people"
    assert staffing["four_people"]["desks"]["social"]["headcount"] == 4


def test_a_run_reads_back_as_it_was(tmp_path: Path) -> None:
    results = caresim.compare(caresim.load(*SMALL, f"output_dir={tmp_path}"))
    loaded = caresim.Results.load(write(results, tmp_path))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(results, name), check_exact=True)
    # A text file with ten digits.
    pd.testing.assert_frame_equal(loaded.intervals, results.intervals, check_exact=False, rtol=1e-9, atol=0)


def test_interrupted_while_it_starts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def pressed(words: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("caresim.tasks.request.parse", pressed)
    assert command([]) == 130
    assert (
        capsys.readouterr().err
        == "\ncaresim: interrupted; nothing was finished yet, and the same command begins again\n"
    )


def test_nothing_heavy_is_loaded_before_interruptions_are_looked_after() -> None:
    """Importing the command line takes no longer than Python itself: Ctrl-C in it would show a traceback."""
    code = "import sys, caresim.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {
        name for name in done.stdout.split() if name.startswith(("caresim", "pydantic", "numpy", "numba", "hydra"))
    }
    light = {"attempt", "reader_gone", "refusal", "stop_signals"}
    assert loaded == {"caresim", "caresim.__main__", "caresim.run", *(f"caresim.run.{name}" for name in light)}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["--no-such-flag"]])
def test_help_is_answered_before_anything_is_loaded_that_computes(words: list[str]) -> None:
    code = f"import sys, caresim.__main__ as it; it.command({words!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pandas", "numba", "hydra", "caresim.config.experiment"}
    assert heavy.isdisjoint(done.stderr.splitlines()[-1].split())
