"""Compiled code is taken from where nobody else can write, if it fits the sources, Numba, Python and the processor."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from caresim.model import code_files, compilation
from caresim.model.code_files import MODEL, Code, caches, find, keep, packed, source_hash, unpacked

CODE = Code(("a.law",), tuple(sorted(code_files.abilities())[:2]), b"machine code" * 100)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A cache of this test's own, with nothing in it, and no other."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "first"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "second"))
    monkeypatch.setenv("HOME", str(tmp_path / "third"))
    monkeypatch.setenv(code_files.TEMPORARY, "")  # so that it is taken away again after the test
    monkeypatch.delenv(code_files.TEMPORARY)
    return tmp_path


def own_file() -> Path:
    return next(caches()) / "x.code"


def test_what_is_kept_is_found(home):
    assert find("x.code") is None
    assert keep("x.code", CODE) == ""
    assert find("x.code") == CODE
    assert [path.name for path in own_file().parent.iterdir()] == ["x.code"]
    assert own_file().parent.stat().st_mode & 0o777 == 0o700


def test_a_second_environment_of_the_same_version_finds_it(home):
    """The folder goes by the content of the sources, not by where they lie."""
    elsewhere = shutil.copytree(MODEL.parent, home / "elsewhere" / "caresim", ignore=shutil.ignore_patterns("__pyc*"))
    keep("x.code", CODE)
    script = "from caresim.model import code_files; print(code_files.__file__, code_files.find('x.code') is not None)"
    said = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(elsewhere.parent)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.split() == [str(elsewhere / "model" / "code_files.py"), "True"]


# --- what does not fit ---


def with_head(**other: object) -> bytes:
    """A file as a whole one is, but for what its head says."""
    head, _, content = packed(CODE).partition(b"\n")[2].partition(b"\n")
    whole = json.dumps({**json.loads(head), **other}).encode() + b"\n" + content
    return hashlib.sha256(whole).hexdigest().encode() + b"\n" + whole


@pytest.mark.parametrize("key", list(code_files.origin()))
def test_code_of_another_origin_is_none(key):
    assert unpacked(with_head()) == CODE
    assert unpacked(with_head(**{key: "another"})) is None


def test_code_for_a_processor_that_can_do_more_is_none():
    assert unpacked(packed(Code(("a.law",), ("no-such-instruction",), b"code"))) is None


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda whole: b"", id="empty"),
        pytest.param(lambda whole: whole[:-1], id="truncated"),
        pytest.param(lambda whole: whole[: whole.index(b"\n")], id="head-alone"),
        pytest.param(lambda whole: whole[:-9] + b"?" + whole[-8:], id="changed"),
        pytest.param(lambda whole: b"[]\n" + whole.partition(b"\n")[2], id="no-digest"),
        pytest.param(lambda whole: b"\xff\xfe" + whole, id="no-text"),
        pytest.param(lambda whole: whole.replace(b'"features": [', b'"features": ["", '), id="head-changed"),
        pytest.param(lambda whole: with_head(laws=7), id="laws-are-a-number"),
        pytest.param(lambda whole: with_head(features=None), id="features-are-none"),
    ],
)
def test_damaged_code_is_none_and_is_replaced(damage, home):
    keep("x.code", CODE)
    own_file().write_bytes(damage(packed(CODE)))
    assert find("x.code") is None
    keep("x.code", CODE)
    assert find("x.code") == CODE


# --- whom it belongs to ---


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o722])
def test_code_in_a_folder_where_others_may_write_is_not_taken(mode, home):
    keep("x.code", CODE)
    own_file().parent.chmod(mode)
    assert find("x.code") is None


def test_code_that_others_may_write_to_is_not_taken(home):
    keep("x.code", CODE)
    own_file().chmod(0o666)
    assert find("x.code") is None


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give a file to somebody else")
@pytest.mark.parametrize("part", ["file", "folder"])
def test_code_of_somebody_else_is_not_taken(part, home):
    keep("x.code", CODE)
    os.chown(own_file() if part == "file" else own_file().parent, 12345, 12345)
    assert find("x.code") is None


def test_code_is_not_kept_in_a_folder_that_somebody_else_made_first(home):
    """A folder where others may write is left as it is, and the next one is taken."""
    first, second, *_ = caches()
    first.mkdir(parents=True)
    first.chmod(0o777)
    assert keep("x.code", CODE) == ""
    assert not (first / "x.code").exists()
    assert (second / "x.code").exists()
    assert find("x.code") == CODE


def test_code_of_sources_that_have_changed_since_is_not_kept(home, monkeypatch):
    """What runs in this process is not what the files say now."""
    monkeypatch.setattr(code_files, "source_hash", lambda: "another")
    assert "have changed" in keep("x.code", CODE)
    assert find("x.code") is None


def test_no_shared_temporary_folder_is_looked_at(home, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(home / "tmp"))
    assert all(str(home / "tmp") not in str(folder) for folder in caches())


# --- where it cannot be kept ---


def test_where_the_first_choice_cannot_be_made_the_next_is_taken(home):
    (home / "first").write_text("a file, no folder")
    assert keep("x.code", CODE) == ""
    assert [path.relative_to(home).parts[0] for path in home.rglob("x.code")] == ["second"]
    assert find("x.code") == CODE


def test_where_none_can_be_made_every_one_is_blamed(home, monkeypatch):
    for name in ("first", "second"):
        (home / name).write_text("a file, no folder")
    monkeypatch.setenv("HOME", str(home / "first"))
    reason = keep("x.code", CODE)
    assert reason.count("Not a directory") == 3
    assert str(home / "second") in reason


def test_without_a_home_it_is_said_what_to_do(home, monkeypatch):
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(code_files, "_home_cache", lambda: None)
    assert keep("x.code", CODE) == "there is no home folder; set XDG_CACHE_HOME to a folder of your own"


def test_a_full_disk_leaves_nothing_half_written(home, monkeypatch):
    """What fails in one folder is tried in the next."""
    real, first = os.replace, next(caches())

    def replace(source, target):
        if Path(target).parent == first:
            raise OSError(28, "No space left on device")
        real(source, target)

    monkeypatch.setattr(os, "replace", replace)
    assert keep("x.code", CODE) == ""
    assert list(first.iterdir()) == []
    assert find("x.code") == CODE


def test_a_model_that_cannot_keep_its_code_runs_all_the_same(home):
    """Nowhere to write: one warning, and the run goes on."""
    script = """
import warnings
from caresim.model import compilation
from caresim.model.exact import exp
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    assert exp(0.0) == 1.0
print(told[0].message)
"""
    (home / "file").write_text("")
    nowhere = {name: str(home / "file" / name) for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME")}
    said = subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **nowhere}, capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("compiled code could not be kept, the next run compiles again: ")


def test_a_file_that_another_process_is_writing_is_whole_or_absent(home):
    """Many keep, many look: nobody ever sees a part."""
    script = """
import sys
from caresim.model.code_files import Code, find, keep
code = Code(("a.law",), (), bytes(range(256)) * 20_000)
for _ in range(40):
    assert keep("x.code", code) == ""
    assert find("x.code") == code
"""
    writers = [subprocess.Popen([sys.executable, "-c", script], stderr=subprocess.PIPE) for _ in range(3)]
    assert [writer.communicate()[1] for writer in writers] == [b""] * 3


# --- the name of the folder, and old ones ---


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


def folders_of_age(place: Path, name: str, age: float) -> list[Path]:
    folders = [place / f"{name}{number}" for number in range(6)]
    for number, folder in enumerate(folders):
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - age + number,) * 2)
    return folders


def test_a_folder_whose_code_is_found_is_in_use(home):
    keep("x.code", CODE)
    os.utime(own_file().parent, (0, 0))
    find("x.code")
    assert own_file().parent.stat().st_mtime > time.time() - 600


def test_folders_in_use_are_kept_and_old_ones_go(home):
    """Of programs that began within a day, however many; of the others the last four."""
    place = next(caches()).parent
    old, recent = folders_of_age(place, "old", 3 * 86400), folders_of_age(place, "recent", 3600)
    keep("x.code", CODE)
    assert all(folder.is_dir() for folder in recent)
    assert not any(folder.exists() for folder in old)


def test_the_last_few_folders_stay_however_old(home):
    folders = folders_of_age(next(caches()).parent, "old", 9 * 86400)
    keep("x.code", CODE)
    assert [folder.exists() for folder in folders] == [False, False, True, True, True, True]


# --- what a wheel brings along ---


def test_code_from_the_package_is_taken_first(home, monkeypatch, tmp_path):
    shipped = tmp_path / "compiled"
    shipped.mkdir(mode=0o755)
    monkeypatch.setattr(code_files, "SHIPPED", shipped)
    (shipped / "model-somewhere.code").write_bytes(packed(CODE))
    (shipped / "model-elsewhere.code").write_bytes(packed(Code(("a.law",), ("no-such-instruction",), b"code")))
    assert find("x.code", shipped=True) == CODE
    assert find("x.code") is None
    (shipped / "model-somewhere.code").chmod(0o666)
    assert find("x.code", shipped=True) is None


def test_what_is_made_for_many_processors_asks_for_avx2_and_no_more():
    name, features = compilation.PORTABLE["x86_64"]
    assert name == "x86-64-v3"
    assert "avx2" in code_files.needed(features)
    assert not any(word.startswith("avx512") for word in code_files.needed(features))
    assert code_files.needed("+b,-c,+a") == ("a", "b")
