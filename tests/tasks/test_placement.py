"""Folders that `hydra.run.dir`, `hydra.sweep.dir` and `hydra.sweep.subdir` name."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from caresim.__main__ import command
from caresim.config.errors import BadInput
from caresim.run.output_dir import LATEST, final_path, mark_latest, put_at, unfinished
from caresim.run.refusal import RefusedError
from caresim.tasks import request as asking
from caresim.tasks.compare import command as comparing
from caresim.tasks.compare.sweep.sweep import FAILURES
from caresim.tasks.placement import Placement, check_free, resolved

SMALL = (
    *("experiment=queue", "queue.arrival_rate=1", "queue.service_mean=1", "queue.servers=2", "queue.customers=50"),
    *("replications=2", "record=none", "figures=none", "page=none", "workers=1"),
)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_run_goes_where_its_user_says(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = [*SMALL, "seed=7", "hydra.run.dir=mine/seed ${seed} of ${name}"]
    assert command(words) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "mine/seed 7 of queue"
    assert json.loads((here / "mine" / "seed 7 of queue" / "manifest.json").read_text())["seed"] == 7
    assert [path.name for path in (here / "mine").iterdir()] == ["seed 7 of queue"]
    assert command(words) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_sweep_goes_where_its_user_says(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["hydra.mode=MULTIRUN", "seed=1,2", "baseline=null", "hydra.sweep.dir=swept"]
    subdir = "hydra.sweep.subdir='${hydra:job.num} ${hydra.job.override_dirname}'"
    assert command([*SMALL, *words, subdir, "hydra.job.config.override_dirname.kv_sep=_"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "swept"
    runs = {path.parent.name for path in (here / "swept").glob("*/manifest.json")}
    assert runs == {"0 seed_1", "1 seed_2"}
    assert [path.name for path in here.iterdir()] == ["swept"]


def test_a_name_that_is_taken_is_refused_before_its_run(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[int] = []
    compute = comparing.computed
    monkeypatch.setattr(comparing, "computed", lambda job, store: (computed.append(job.number), compute(job, store))[1])
    words = ["-m", "seed=1,2", "baseline=null", "hydra.sweep.dir=swept"]
    subdir = "hydra.sweep.subdir='all${hydra.job.override_dirname}'"
    assert command([*SMALL, *words, subdir, "hydra.job.config.override_dirname.exclude_keys=[seed]"]) != 0
    assert computed == [0]
    assert "is there already" in (here / "swept" / FAILURES).read_text()


CONTRADICTIONS = {
    "a run in a sweep": (["-m", "seed=1,2", "hydra.run.dir=x"], "type hydra.sweep.dir"),
    "a sweep in a run": (["hydra.sweep.dir=x"], "type hydra.run.dir"),
    "a name within none": (["hydra.sweep.subdir=x"], "type hydra.run.dir"),
    "two modes": (["-m", "hydra.mode=RUN", "seed=1,2"], "contradict each other"),
    "one run of many": (["-r", "hydra.mode=MULTIRUN", "seed=1,2"], "contradict each other"),
    "of no effect": (["-m", "seed=1,2", "hydra.job.config.override_dirname.kv_sep=_"], "changes nothing without"),
    "two places": (["output_dir=y", "hydra.run.dir=x"], "leave one of them out"),
    "one folder of many": (["-m", "seed=1,2", "hydra.sweep.subdir=x"], "is the same for all runs"),
    "a long name above": ([f"hydra.run.dir={'x' * 300}/y"], "cannot be looked at"),
    "a secret": (["hydra.run.dir=${oc.env:HOME}"], "looks something up"),
    "nothing there": (
        ["experiment=queue", "hydra.run.dir=x-${sed}"],
        "has ${sed}, which is not there; allowed: ${now:",
    ),
    "the name of a log": (
        ["experiment=queue", "hydra.run.dir=${hydra.job.name}"],
        "has ${hydra.job.name}, which is not there",
    ),
    "nowhere": (["hydra.run.dir=."], "must be the path of a new folder"),
    "above": (["hydra.run.dir=x/.."], "must be the path of a new folder"),
    "of no folder": (["task=dashboard", "hydra.run.dir=x"], "the live view leaves none"),
    "hidden": (["hydra.run.dir=.x"], "without a dot at its start"),
    "a file": (["hydra.run.dir=there"], "is there already"),
}


@pytest.mark.parametrize("what", CONTRADICTIONS)
def test_words_that_contradict_each_other_are_refused(what: str, here: Path) -> None:
    (here / "there").write_text("mine")
    words, told = CONTRADICTIONS[what]
    with pytest.raises(BadInput) as refused:
        asking.placed(asking.parse(words))
    assert told in str(refused.value)


def test_the_time_is_that_of_the_run() -> None:
    before = datetime.now().year
    assert before <= int(resolved("${now:%Y}", "hydra.run.dir", dict, {})) <= datetime.now().year
    assert resolved("no reference", "hydra.run.dir", dict, {}) == "no reference"


def test_names_within_a_sweep_are_those_of_hydra(tokyo) -> None:
    dirname = "hydra.job.config.override_dirname."
    said = {"hydra.sweep.subdir": "${hydra.job.override_dirname}"}
    overrides = {"seed": "2", "record": "none"}
    assert Placement(said).name_of_job(0, overrides, tokyo) == "record=none,seed=2"
    said |= {f"{dirname}item_sep": "_", f"{dirname}kv_sep": "-", f"{dirname}exclude_keys": ["record"]}
    assert Placement(said).name_of_job(0, overrides, tokyo) == "seed-2"
    assert Placement({"hydra.sweep.subdir": "${replications} ${hydra.job.num}"}).name_of_job(3, {}, tokyo) == "4 3"
    kappa = "${behaviour.anger.kappa}"
    assert Placement({"hydra.sweep.subdir": kappa}).name_of_job(0, {}, tokyo) == "0.25 x"
    assert Placement({}).name_of_job(0, overrides, tokyo) is None
    with pytest.raises(BadInput, match="the name of one folder"):
        Placement({"hydra.sweep.subdir": "a/${hydra.job.num}"}).name_of_job(0, {}, tokyo)


def test_the_command_that_gives_the_same_has_no_folder() -> None:
    assert asking.parse(["seed=1", "hydra.run.dir=x"]).command == "python -m caresim seed=1"
    request, folder = asking.placed(asking.parse(["seed=1", 'hydra.run.dir="it\'s/a"']))
    assert request.overrides == ("seed=1", 'output_dir="it\'s"')
    assert folder == Path("it's/a")
    assert request.command == "python -m caresim seed=1"


def test_only_the_next_folder_is_put_there(here: Path) -> None:
    (here / "wanted").mkdir()
    check_free(here / "wanted", "hydra.run.dir")
    with put_at(here / "wanted"):
        with unfinished(here, "tokyo", "abc") as place:
            (place / "table").write_text("1")
        with unfinished(here, "tokyo", "abc") as other:
            pass
    assert final_path(place) == here / "wanted"
    assert (here / "wanted" / "table").read_text() == "1"
    assert final_path(other).is_dir()
    mark_latest(here / "wanted")
    assert not (here / LATEST).exists()


def test_what_others_have_put_there_meanwhile_stays(here: Path) -> None:
    def late() -> None:
        with put_at(here / "wanted"), unfinished(here, "tokyo", "abc"):
            (here / "wanted").mkdir()
            (here / "wanted" / "theirs").write_text("2")

    with pytest.raises(RefusedError, match="meanwhile"):
        late()
    assert [path.name for path in here.iterdir()] == ["wanted"]
    assert (here / "wanted" / "theirs").read_text() == "2"
