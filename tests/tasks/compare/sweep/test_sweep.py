"""A sweep: every combination, gathered from the files of those that succeeded."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from caresim.__main__ import command
from caresim.config.errors import BadInput
from caresim.run import output_dir
from caresim.run.claim import Claim, lock_of, machine
from caresim.run.folder import origin, write
from caresim.run.output_dir import AT_WORK, clear_up, put_at
from caresim.run.refusal import RefusedError
from caresim.run.store import Store
from caresim.tasks import request as asking
from caresim.tasks.combinations import combinations
from caresim.tasks.compare.compare import compare
from caresim.tasks.compare.sweep import going_on, sweep
from caresim.tasks.job import Job
from caresim.tasks.jobs import Jobs, jobs_of

PAGE = ("report.html", "results.xlsx")


@pytest.fixture
def folder(tokyo: Any, tmp_path: Path, without_engine: ModuleType) -> tuple[Path, list[Job], list[Job]]:
    """A sweep over three seeds of which the second fails: its folder, its jobs, those that failed."""
    asked = [
        Job(number, tokyo.model_copy(update={"seed": 10 - number}), {"seed": str(10 - number)}) for number in range(3)
    ]
    with sweep.begun(asked, tmp_path, "this") as (place, _):
        pass

    def run(job: Job) -> None:
        if job.number == 1:
            raise RuntimeError("out of luck")
        write(compare(job.experiment, Store(tmp_path)), place, job=job.manifest_entry())

    reported: list[str] = []
    losers, _ = sweep.run_all(asked, run, lambda job, _, trace: reported.append(f"{job}: {trace}"), lambda *_: None)
    assert len(reported) == 1
    assert reported[0].startswith("seed=9: Traceback")
    assert "out of luck" in reported[0]
    return place, asked, losers


def test_one_failure_does_not_lose_the_others(folder: tuple[Path, list[Job], list[Job]]) -> None:
    place, asked, losers = folder
    assert losers == [asked[1]]
    table = sweep.finish(place)
    assert list(dict.fromkeys(table["seed"])) == [10, 8]
    pd.testing.assert_frame_equal(pd.read_csv(place / "sweep.csv"), table, check_dtype=False, rtol=1e-9)


def test_a_table_that_cannot_be_written_leaves_none(
    folder: tuple[Path, list[Job], list[Job]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor half of one, and one that was there stays as it was."""
    place = folder[0]

    def half(table: pd.DataFrame, path: Path) -> None:
        path.write_text("half a table")
        raise OSError(28, "No space left on device")

    before = sorted(place.iterdir())
    monkeypatch.setattr(sweep, "write_csv", half)
    with pytest.raises(RefusedError):
        sweep.finish(place)
    assert sorted(place.iterdir()) == before


def test_a_sweep_is_somebodys_until_its_figures_are_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, without_engine: ModuleType
) -> None:
    seen: dict[str, set[str]] = {}

    def look(table: pd.DataFrame, beside: Path, *_: Any) -> None:
        (beside / "sweep.png").write_bytes(b"a figure")
        seen["hidden"] = {path.name for path in tmp_path.iterdir() if path.name.startswith(".2")}
        seen["written"] = {path.name for path in beside.parent.iterdir() if path.is_file()}

    monkeypatch.setattr("caresim.tasks.compare.sweep.cells.save", look)
    assert (
        command(["-m", "seed=1,2", "experiment=tokyo", "replications=2", "figures=none", f"output_dir={tmp_path}"]) == 0
    )
    (place,) = tmp_path.glob("2*")
    assert seen["hidden"] == {f".{place.name}.lock"}
    assert seen["written"] >= {"sweep.csv"}
    assert "sweep.png" not in seen["written"]
    assert {path.name for path in place.iterdir() if path.is_file()} == {"sweep.csv", "sweep.png", *PAGE}
    assert not list(place.glob(".*"))


def test_the_table_has_the_summary_and_the_verdicts(folder: tuple[Path, list[Job], list[Job]]) -> None:
    table = sweep.gather(folder[0])
    assert {
        "job",
        "seed",
        "staffing",
        "metric",
        "unit",
        "mean",
        "ci_low",
        "ci_high",
        "headline",
        "difference",
        "verdict",
    } <= set(table.columns)
    assert not table.duplicated(["job", "staffing", "metric"]).any()
    base = table["staffing"] == "social_team"
    assert table.loc[base, "verdict"].isna().all()
    assert table.loc[~base & table["headline"], "verdict"].notna().all()
    assert set(table.loc[table["headline"], "metric"]) == {
        "useful_60",
        "csat_all",
        "resolved_in_time",
        "ordinary_answered",
    }
    run = folder[0] / table["job"].iloc[0]
    summary = pd.read_csv(run / "summary.csv")
    assert list(table["mean"][: len(summary)].dropna()) == list(summary["mean"].dropna())


def test_a_sweep_of_failures_gives_an_empty_table(tmp_path: Path) -> None:
    assert len(sweep.finish(tmp_path)) == 0


def test_every_combination_of_the_swept_keys() -> None:
    words, keys = combinations(["experiment=tokyo", "seed=1,2", "++replications=range(2,7,2)"])
    assert keys == ["seed", "replications"]
    assert words[0] == ["experiment=tokyo", "seed=1", "++replications=2"]
    assert len({tuple(each) for each in words}) == 6


def test_quoted_words_and_lists_are_no_sweep() -> None:
    words, keys = combinations(["study.headline=[csat,resolved]", "name='a,b'"])
    assert keys == []
    assert words == [["study.headline=[csat,resolved]", "name='a,b'"]]


@pytest.mark.parametrize("word", ["seed=interval(0,1)", "experiment=glob(*)", "seed=range(1"])
def test_what_cannot_be_swept(word: str) -> None:
    with pytest.raises(BadInput):
        combinations([word])


def test_a_swept_key_called_like_a_column_of_the_summary(
    tokyo: Any, tmp_path: Path, without_engine: ModuleType
) -> None:
    for number, replications in enumerate((2, 4)):
        experiment = tokyo.model_copy(update={"replications": replications})
        job = Job(number, experiment, {"replications": str(replications)})
        write(compare(experiment, Store(tmp_path / "work")), tmp_path / "sweep", job=job.manifest_entry())
    table = sweep.gather(tmp_path / "sweep")
    assert list(table.columns[:3]) == ["job", "swept_replications", "staffing"]
    assert list(dict.fromkeys(table["swept_replications"])) == [2, 4]
    assert list(table["replications"]) == list(table["swept_replications"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-m", "replications=2"], r"-m = 'replications=2': a sweep needs a key with several values.*leave out -m"),
        (["-m"], r"-m = 'no key': a sweep needs"),
        (["-m", "output_dir=oa,ob"], r"output_dir = 'several values': cannot be swept"),
        (["-m", "task=compare,story"], r"task = 'several values': cannot be swept"),
        (["-m", "task=story", "seed=1,2"], r"-m = 'task=story': tells one story: leave out -m"),
    ],
)
def test_a_sweep_that_is_none(words: list[str], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        jobs_of(asking.parse(words))


def test_an_interrupted_sweep_leaves_a_folder_only_if_a_run_is_in_it(tokyo: Any, tmp_path: Path) -> None:
    asked = [Job(0, tokyo, {})]
    with pytest.raises(KeyboardInterrupt), sweep.begun(asked, tmp_path, "this"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with suppress(KeyboardInterrupt), sweep.begun(asked, tmp_path, "this") as (place, _):
        (place / "a run").mkdir()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == [place]


def test_two_sweeps_at_once_do_not_collide(tokyo: Any, tmp_path: Path) -> None:
    asked = [Job(0, tokyo, {})]
    with (
        sweep.begun(asked, tmp_path, "this") as (one, _),
        sweep.begun(asked, tmp_path, "this") as (two, _),
        sweep.begun(asked, tmp_path, "this") as (three, _),
    ):
        assert len({one, two, three}) == 3


def test_nobody_goes_on_where_somebody_is_at_work(tokyo: Any, tmp_path: Path) -> None:
    """The folder is marked, and whoever asks for the same begins anew until its owner has ended."""
    asked = [Job(0, tokyo, {})]
    with sweep.begun(asked, tmp_path, "this") as (one, _):
        going_on.mark(one, "this")
        with sweep.begun(asked, tmp_path, "this") as (two, done):
            assert two != one
            assert done == frozenset()
    with sweep.begun(asked, tmp_path, "that") as (three, _):
        assert three != one
    with sweep.begun(asked, tmp_path, "this") as (four, _):
        assert four == one


def test_runs_of_another_configuration_are_not_gone_on_with(tokyo: Any, tmp_path: Path) -> None:
    """A title changes no block, and yet what the run's folder says."""
    job = Job(0, tokyo, {"seed": "0"})
    with sweep.begun([job], tmp_path, "this") as (place, _):
        run = place / "a run"
        run.mkdir()
        told = {"job": job.manifest_entry(), **origin(tokyo)}
        (run / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
        going_on.mark(place, "this")
    other = Job(0, tokyo.model_copy(update={"question": "Another one?"}), {"seed": "0"})
    for asked, folder, done in ((other, False, set()), (job, True, {0})):
        with sweep.begun([asked], tmp_path, "this") as (found, finished):
            assert (found == place) is folder
            assert finished == done


def test_nobody_goes_on_in_a_named_folder_where_somebody_is_at_work(tokyo: Any, tmp_path: Path) -> None:
    """From its beginning on, before any run is finished in it, too; a claim that a dead one left is no hindrance."""
    asked, mine = [Job(0, tokyo, {})], tmp_path / "mine"

    def second() -> None:
        with put_at(mine), sweep.begun(asked, tmp_path, "this"):
            pass

    with put_at(mine), sweep.begun(asked, tmp_path, "this") as (one, _):
        assert one == mine
        with pytest.raises(BadInput, match=r"mine.*has another sweep at work in it"):
            second()
        going_on.mark(one, "this")
        with pytest.raises(BadInput, match=r"mine.*has another sweep at work in it"):
            second()
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    lock_of(output_dir._claimed_as(mine)).write_text(machine())
    clear_up(tmp_path)
    with put_at(mine), sweep.begun(asked, tmp_path, "this") as (four, done):
        assert (four, done) == (mine, frozenset())


def marked(place: Path, job: Job, number: int = 0) -> None:
    """A sweep's folder with a finished run in it, that may be gone on with."""
    run = place / f"run {number}"
    run.mkdir(parents=True)
    told = {"job": job.manifest_entry(), **origin(job.experiment)}
    (run / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    going_on.mark(place, "this")


def test_what_is_finished_is_read_when_nobody_else_can_finish_more(
    tokyo: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it is claimed, its owner finishes another run of it, or all."""
    asked, place = [Job(number, tokyo, {"seed": str(number)}) for number in range(2)], tmp_path / "theirs"
    marked(place, asked[0])
    take = going_on.taken_up

    def late(folder: Path) -> Claim | None:
        marked(place, asked[1], 1)
        return take(folder)

    monkeypatch.setattr(going_on, "taken_up", late)
    found = going_on.earlier(asked, tmp_path, "this")
    assert found is not None
    assert found.done == {0, 1}
    found.claim.release()

    def completed(folder: Path) -> Claim | None:
        going_on.unmark(folder)
        return take(folder)

    monkeypatch.setattr(going_on, "taken_up", completed)
    assert going_on.earlier(asked, tmp_path, "this") is None
    assert [path.name for path in tmp_path.iterdir()] == ["theirs"]


def test_a_folder_that_is_not_gone_on_with_is_let_go(tokyo: Any, tmp_path: Path) -> None:
    """A run of a longer sweep is in it; the claim is released, and the place that the user has named is kept."""
    asked = [Job(number, tokyo, {"seed": str(number)}) for number in range(2)]
    marked(tmp_path / "theirs", asked[1])
    with put_at(tmp_path / "mine"), sweep.begun(asked[:1], tmp_path, "this") as (place, done):
        assert (place, done) == (tmp_path / "mine", frozenset())
    assert not list(tmp_path.glob("*.lock"))
    claim = output_dir.taken_up(tmp_path / "theirs")
    assert claim is not None
    claim.release()


def test_what_is_no_run_of_the_sweep_is_told(tokyo: Any, tmp_path: Path) -> None:
    job = Job(0, tokyo, {})
    marked(tmp_path / "mine", job)
    other = tmp_path / "mine" / "z"
    other.mkdir()
    (other / "manifest.json").write_text(json.dumps({"job": None, **origin(tokyo)}), encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine/z.*is no run of a sweep: move it out"):
        going_on.earlier([job], tmp_path, "this")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_folder_that_cannot_be_read_stops_no_sweep(tokyo: Any, tmp_path: Path) -> None:
    """It is somebody else's: here the mark cannot be read, as it is a folder."""
    (tmp_path / "theirs" / AT_WORK).mkdir(parents=True)
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / AT_WORK).write_bytes(b"\xff")
    with sweep.begun([Job(0, tokyo, {})], tmp_path, "this") as (_, done):
        assert done == frozenset()


def test_what_a_sweep_is_asked_for_is_in_its_words_but_for_the_machine() -> None:
    def digest(*words: str) -> str:
        request = asking.parse(["-m", "experiment=queue", *words])
        return going_on.asked_for(request, jobs_of(request))

    same = digest("seed=1,2")
    assert digest("seed=1,2", "workers=1", "output_dir=elsewhere", "i_have_time=true") == same
    others = ("seed=1,2,3",), ("seed=1,2", "replications=4"), ("seed=1,2", "figures=none"), ("seed=1,2", "record=none")
    assert len({same, *(digest(*words) for words in others)}) == 1 + len(others)


def test_blocks_are_kept_where_other_runs_need_them() -> None:
    for words, shared in ((["replications=2,4", "seed=1,2"], True), (["seed=1,2"], False)):
        asked = jobs_of(asking.parse(["-m", "experiment=queue", *words]))
        assert isinstance(asked, Jobs)
        assert going_on.blocks_are_shared(asked, asked.neighbours) is shared


def test_all_jobs_are_validated_before_any_starts() -> None:
    request = asking.parse(["-m", "seed=1,2,-3"])
    with pytest.raises(BadInput, match="seed = -3"):
        jobs_of(request)


def test_flags_may_stand_between_the_keys() -> None:
    request = asking.parse(["experiment=tokyo", "-m", "seed=1,2", "--config-dir", "mine", "replications=2"])
    assert request.overrides == ("experiment=tokyo", "seed=1,2", "replications=2")
    assert request.sweeping
    assert request.config_dir == "mine"
