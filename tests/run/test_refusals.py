"""What the system refuses while results are written: one line, nothing half-written, what was finished is kept."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
import pytest

from caresim.config.errors import BadInput
from caresim.run import folder
from caresim.run.attempt import KEPT, attempt
from caresim.run.output_dir import unfinished
from caresim.run.probe import probe
from caresim.run.refusal import RefusedError, is_full
from caresim.run.results import Results
from caresim.run.store import Store
from caresim.tasks.compare.compare import compare

NOBODY = 65534
STAGES = ("write_parquet", "write_csv", "write_manifest", "draw")


@pytest.fixture
def small(tokyo: Any, without_engine: ModuleType, tmp_path: Path) -> Any:
    return tokyo.model_copy(update={"replications": 2, "workers": 1, "output_dir": str(tmp_path / "outputs")})


@contextmanager
def kept_and_told(output_dir: str, words: str) -> Iterator[Store]:
    """The work in the block ends in one line with these words; its blocks are there, and nothing else is."""
    with pytest.raises(RefusedError) as caught, attempt(output_dir) as store:
        yield store
    assert "\n" not in str(caught.value.strerror)
    assert words in str(caught.value.strerror)
    del store
    left = list(Path(output_dir).iterdir())
    assert [path.name for path in left] == [".blocks"]
    assert str(caught.value.strerror).endswith(KEPT)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS], ids=["full", "read_only"])
@pytest.mark.parametrize("stage", STAGES)
def test_whatever_is_being_written(small: Any, monkeypatch: pytest.MonkeyPatch, stage: str, number: int) -> None:
    def refused(*words: Any) -> None:
        raise OSError(number, os.strerror(number), str(words[-1]))

    draw: Callable[[Results, Path], None] = refused if stage == "draw" else lambda results, place: None
    if stage != "draw":
        monkeypatch.setattr(folder, stage, refused)
    with kept_and_told(small.output_dir, os.strerror(number)) as store:
        folder.write(compare(small, store), small.output_dir, draw)
    monkeypatch.undo()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no disk that is always full")
@pytest.mark.parametrize("write", [folder.write_parquet, folder.write_csv])
def test_every_library_says_in_the_same_way_that_there_is_no_room(write: Callable[..., None], tmp_path: Path) -> None:
    # By another name: Arrow removes what it could not write to the end.
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as caught:
        write(pd.DataFrame({"x": range(100_000)}), tmp_path / "full")
    assert is_full(caught.value)


def test_a_folder_that_is_removed_between_blocks_is_made_again(small: Any, tmp_path: Path) -> None:
    whole = compare(small, Store(tmp_path / "elsewhere"))
    store = Store(small.output_dir)
    compare(small.model_copy(update={"replications": 1}), store)
    shutil.rmtree(small.output_dir)
    results = compare(small, store)
    run = folder.write(results, small.output_dir)
    store.forget()
    assert list(Path(small.output_dir).iterdir()) == [run]
    pd.testing.assert_frame_equal(Results.load(run).replications, whole.replications)


def test_a_folder_that_is_removed_while_results_are_written_is_told(small: Any) -> None:
    with (
        pytest.raises(RefusedError, match=r"No such file.*somebody has removed it"),
        attempt(small.output_dir) as store,
    ):
        folder.write(compare(small, store), small.output_dir, lambda *_: shutil.rmtree(small.output_dir))
    with attempt(small.output_dir) as again:
        assert folder.write(compare(small, again), small.output_dir).is_dir()


def test_what_a_big_study_has_let_go_and_somebody_removes_is_told(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("caresim.run.store.HELD", 0)

    class Unlucky(Store):
        def place(self) -> Path:
            shutil.rmtree(small.output_dir)
            return super().place()

    monkeypatch.setattr("caresim.run.store.Store", Unlucky)
    with pytest.raises(RefusedError, match="somebody has removed it"), attempt(small.output_dir) as store:
        compare(small, store)


@pytest.fixture
def as_nobody() -> Callable[[], Any]:
    """Within the block, this process is a user without rights; and folders that such a user can see."""
    if not hasattr(os, "getresuid") or os.getuid() != 0:
        pytest.skip("only root can be somebody else for a while")

    @contextmanager
    def somebody_else() -> Iterator[None]:
        os.setresuid(NOBODY, NOBODY, 0)
        try:
            yield
        finally:
            os.setresuid(0, 0, 0)

    return somebody_else


@pytest.mark.parametrize("mode", [0o755, 0o700], ids=["to_be_read", "not_to_be_seen"])
@pytest.mark.parametrize("inner", ["", "outputs", ".blocks"])
def test_the_folder_of_another_user_is_refused_before_any_work(
    as_nobody: Callable[[], Any], mode: int, inner: str
) -> None:
    """Itself, one to be made in it, or the one for blocks in a folder that all may write to."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o777 if inner == ".blocks" else mode)
        if inner == ".blocks":
            (Path(place) / inner).mkdir()
            (Path(place) / inner).chmod(mode)
        output_dir = Path(place) / ("" if inner == ".blocks" else inner)
        before = sorted(Path(place).rglob("*"))
        with as_nobody(), pytest.raises(BadInput, match=r"output_dir = .*must be a folder that can be written to"):
            Store(output_dir)
        if inner != ".blocks":
            with as_nobody(), pytest.raises(BadInput, match="output_dir"):
                probe(output_dir)
        assert sorted(Path(place).rglob("*")) == before


def test_what_another_user_has_left_stays_and_disturbs_nobody(as_nobody: Callable[[], Any]) -> None:
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o777)
        theirs = Path(place, ".2011-03-11_06-46-00_tokyo_abc")
        theirs.mkdir()
        os.utime(theirs, (0, 0))
        (theirs / "half").write_text("half")
        with as_nobody(), unfinished(Path(place), "tokyo", "def") as mine:
            (mine / "half").write_text("half")
        assert theirs.exists()
        assert len(list(Path(place).iterdir())) == 2
