"""Compiled once for one signature each, kept in a folder of its own, wherever one can be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caresim.config.compose import compose
from caresim.model import jit
from caresim.model.jit import FOLDER, source_hash
from caresim.scenario.run import run


def in_a_process(script: str, **environment: str) -> str:
    """What a script says that runs in a process of its own."""
    said = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return said.stdout.strip()


def test_every_law_is_compiled_for_one_signature_even_after_a_run():
    script = """
from caresim.config.compose import compose
from caresim.model.jit import specialisations
from caresim.scenario.run import run
run(compose(["experiment=tokyo", "population.scale=0.05"]), "hybrid", 0)
found = specialisations()
print(len(found) > 100, found["run"], max(found.values()))
"""
    assert in_a_process(script) == "True 1 1"


def test_python_may_call_a_law_with_other_types_than_it_is_made_for():
    script = """
from caresim.model.exact import exp, log
from caresim.model.jit import specialisations
assert log(1) == 0.0 and exp(True) == exp(1.0) and log(2.0) > 0.69
print(specialisations()["log"], specialisations()["exp"])
"""
    assert in_a_process(script) == "1 1"


def test_what_was_compiled_before_is_loaded_when_it_is_called():
    script = """
import caresim.scenario.run
from caresim.model.anger import anger_now
from caresim.model.jit import compiled_before, entry, prepare, specialisations
assert compiled_before()
prepare()
print(sum(specialisations().values()))
entry(anger_now)
print(specialisations()["anger_now"], sum(specialisations().values()))
"""
    run(compose(["experiment=tokyo", "population.scale=0.01"]), "hybrid", 0)
    assert in_a_process(script).split() == ["0", "1", "1"]


def test_a_piece_that_has_gone_is_compiled_again(tmp_path):
    """Half a cache, as a broken attempt or a tidy system leaves it, is none."""
    script = """
from caresim.model.exact import exp, log
from caresim.model.jit import FOLDER, compiled_before, prepare
from pathlib import Path
before = compiled_before()
prepare()
print(before, compiled_before())
pieces = sorted(Path(FOLDER).rglob("*.nbc"))
pieces[0].unlink()
print(compiled_before())
"""
    first, second = (in_a_process(script, NUMBA_CACHE_DIR=str(tmp_path)) for _ in range(2))
    assert first.split() == ["False", "True", "False"]
    assert second.split() == ["False", "True", "False"]


MODEL = Path(jit.__file__).parent


def test_another_place_of_install_has_code_of_its_own(tmp_path):
    """Numba tells the same sources in two folders apart: what was compiled for one is nothing to the other."""
    script = """
from caresim.model.exact import exp
from caresim.model.jit import compiled_before
print(compiled_before())
exp(1)
print(compiled_before())
"""
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(Path(jit.__file__).parents[1], elsewhere / "caresim", ignore=shutil.ignore_patterns("__pycache__"))
    cache = str(tmp_path / "cache")
    assert in_a_process(script, NUMBA_CACHE_DIR=cache).split() == ["False", "True"]
    assert in_a_process(script, NUMBA_CACHE_DIR=cache, PYTHONPATH=str(elsewhere)).split() == ["False", "True"]


def test_the_folder_is_named_by_the_sources():
    assert Path(FOLDER).name == source_hash() == source_hash(MODEL)


@pytest.mark.parametrize("name", sorted(path.name for path in MODEL.glob("*.py")))
def test_another_content_of_any_source_is_another_hash(name, tmp_path):
    copy = shutil.copytree(MODEL, tmp_path / "model", ignore=shutil.ignore_patterns("__pycache__"))
    assert source_hash(copy) == source_hash()
    with (copy / name).open("a") as file:
        file.write("#")
    assert source_hash(copy) != source_hash()


def test_sources_that_swap_names_and_one_more_are_another_hash(tmp_path):
    copy = shutil.copytree(MODEL, tmp_path / "model", ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "queue.py").rename(copy / "swapped")
    (copy / "exact.py").rename(copy / "queue.py")
    (copy / "swapped").rename(copy / "exact.py")
    swapped = source_hash(copy)
    assert swapped != source_hash()
    (copy / "more.py").write_text("")
    assert source_hash(copy) not in (swapped, source_hash())


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


def test_several_threads_may_be_the_first_to_call(tmp_path):
    script = """
from concurrent.futures import ThreadPoolExecutor
from caresim.model.exact import exp
from caresim.model.jit import compiled_before, specialisations
assert not compiled_before()
with ThreadPoolExecutor(8) as threads:
    assert all(value == 1.0 for value in threads.map(exp, [0, 0.0, False] * 20))
print(specialisations()["exp"])
"""
    assert in_a_process(script, NUMBA_CACHE_DIR=str(tmp_path)) == "1"
