"""Compiled once for one signature each, kept in a folder of its own, wherever one can be written."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from caresim.config.compose import compose
from caresim.model.jit import FOLDER, source_hash, specialisations
from caresim.scenario.run import run


def test_every_law_is_compiled_for_one_signature_even_after_a_run():
    run(compose(["experiment=tokyo", "population.scale=0.05"]), "hybrid", 0)
    found = specialisations()
    assert len(found) > 100
    assert {name: count for name, count in found.items() if count != 1} == {}


def test_the_folder_is_named_by_the_content_of_the_sources():
    assert Path(FOLDER).name == source_hash()


def test_folders_in_use_are_kept_and_old_ones_go(tmp_path):
    """Of programs that began within a day, however many; of the others the last four."""
    old, recent = ([tmp_path / "caresim" / f"{name}{number}" for number in range(6)] for name in ("old", "recent"))
    for age, folders in ((3 * 86400, old), (3600, recent)):
        for number, folder in enumerate(folders):
            folder.mkdir(parents=True)
            os.utime(folder, (time.time() - age + number,) * 2)
    mine = tmp_path / "caresim" / source_hash()
    mine.mkdir()
    os.utime(mine, (0, 0))
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", "import caresim.model.jit"], env=environment, check=True)
    assert all(folder.is_dir() for folder in recent)
    assert not any(folder.exists() for folder in old)
    assert mine.stat().st_mtime > time.time() - 600


def test_the_last_few_folders_stay_however_old(tmp_path):
    folders = [tmp_path / "caresim" / f"old{number}" for number in range(6)]
    for number, folder in enumerate(folders):
        folder.mkdir(parents=True)
        os.utime(folder, (number, number))
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", "import caresim.model.jit"], env=environment, check=True)
    assert [folder.exists() for folder in folders] == [False, False, True, True, True, True]


def test_where_the_first_choice_cannot_be_written_to_the_next_is_taken(tmp_path):
    blocked = tmp_path / "a file, no folder"
    blocked.write_text("")
    script = "from caresim.model.jit import FOLDER; print(FOLDER)"
    home = tmp_path / "home"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(blocked), "XDG_CACHE_HOME": str(home)}
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip().startswith(str(home))


def test_several_threads_may_be_the_first_to_run():
    script = """
from concurrent.futures import ThreadPoolExecutor
import caresim.scenario.build
from caresim.model.jit import prepare, specialisations
with ThreadPoolExecutor(4) as threads:
    list(threads.map(lambda _: prepare(), range(4)))
assert set(specialisations().values()) == {1}
"""
    subprocess.run([sys.executable, "-c", script], check=True)
