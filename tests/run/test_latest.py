"""`latest` beside the runs leads to the newest: a link, or a file with its name; replaced in one step."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from caresim.run.attempt import complete, incomplete
from caresim.run.output_dir import LATEST, mark_latest


def runs(place: Path, *names: str) -> list[Path]:
    for name in names:
        (place / name).mkdir()
    return [place / name for name in names]


def test_it_leads_to_the_last_that_ended(tmp_path):
    for run in runs(tmp_path, "one", "two"):
        mark_latest(run)
        assert (tmp_path / LATEST).resolve() == run.resolve()
    assert (tmp_path / LATEST).readlink() == Path("two")  # so that the whole folder can be moved
    assert sorted(path.name for path in tmp_path.iterdir()) == [LATEST, "one", "two"]


@pytest.mark.parametrize("end", [complete, incomplete])
def test_every_task_marks_it_where_it_says_that_it_is_done(tmp_path, capsys, end):
    (run,) = runs(tmp_path, "one")
    end(run)
    assert (tmp_path / LATEST).resolve() == run.resolve()
    assert capsys.readouterr().out == f"{run}\n"


def test_where_links_cannot_be_made_a_file_has_the_name(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    for run in runs(tmp_path, "one", "two"):
        mark_latest(run)
        assert (tmp_path / LATEST).read_text(encoding="utf-8") == f"{run.name}\n"
    assert not list(tmp_path.glob(".*"))


def test_what_a_killed_command_left_is_removed(tmp_path):
    (run,) = runs(tmp_path, "one")
    for name, age_s in (("old", 3600.0), ("young", 0.0)):
        part = tmp_path / f".{LATEST}-{name}"
        part.write_text("one\n")
        os.utime(part, (time.time() - age_s,) * 2)
    mark_latest(run)
    assert [path.name for path in tmp_path.glob(".*")] == [f".{LATEST}-young"]


def test_somebodys_own_folder_of_that_name_is_left_alone(tmp_path):
    run, mine = runs(tmp_path, "one", LATEST)
    (mine / "notes.txt").write_text("mine")
    mark_latest(run)
    assert (mine / "notes.txt").read_text() == "mine"
    assert not list(tmp_path.glob(".*"))


def test_runs_that_end_at_once_never_leave_it_broken(tmp_path):
    places = runs(tmp_path, *(f"run_{number}" for number in range(8)))
    mark_latest(places[0])
    wrong: list[str] = []

    def end(run: Path) -> None:
        for _ in range(50):
            mark_latest(run)
            if not (tmp_path / LATEST).is_dir():
                wrong.append(run.name)

    threads = [threading.Thread(target=end, args=(run,)) for run in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert (tmp_path / LATEST).resolve() in [run.resolve() for run in places]
    assert not list(tmp_path.glob(".*"))
