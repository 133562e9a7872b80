"""What Hydra has composed is found again by the next command: the same values, or nothing at all."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from caresim.config import composed_files, composition, paths
from caresim.config.composer import Composer

WORDS = ("experiment=queue",)
UNUSUAL = {
    "keys": {1: "one", "1": [{2.5: None}, {True: False}], "": {"": 1}, "text": {}},
    "numbers": [1, 1.0, True, -0.0, 1e-310, 0.1, float("inf"), 10**20],
    "words": "Zürich \u2028 \x7f",
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "caresim" / "composed"


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What Hydra is asked to compose."""
    calls: list[tuple[str, ...]] = []
    real = composition.composed_by_hydra
    monkeypatch.setattr(
        composition, "composed_by_hydra", lambda words, folder: calls.append(tuple(words)) or real(words, folder)
    )
    return calls


def exact(value: Any) -> str:
    """With the types and the order of everything."""
    if isinstance(value, dict):
        return repr([(exact(key), exact(item)) for key, item in value.items()])
    return repr([exact(item) for item in value]) if isinstance(value, list) else f"{type(value).__name__} {value!r}"


@pytest.mark.parametrize("experiment", sorted(file.stem for file in (paths.conf() / "experiment").glob("*.yaml")))
def test_the_next_command_finds_what_hydra_composed(experiment: str, cache: Path, composed: list) -> None:
    words = [f"experiment={experiment}"]
    first, second = Composer().of(words), Composer().of(words)
    assert first is not None or experiment not in ("tokyo", "queue")
    assert len(composed) == (1 if first is not None else 2)
    assert exact(first) == exact(second)


def test_a_value_changes_nothing_of_what_is_kept(cache: Path, composed: list) -> None:
    for seed in (1, 2):
        found = Composer().of([*WORDS, f"seed={seed}"])
        assert found is not None
        assert found["seed"] == seed
    assert composed == [WORDS]


@pytest.mark.usefixtures("cache")
def test_whatever_json_can_say_comes_back_exactly() -> None:
    composed_files.keep("name", UNUSUAL)
    assert exact(composed_files.find("name")) == exact(UNUSUAL)


@pytest.mark.parametrize("value", [b"bytes", Path("a"), float("nan")])
def test_what_it_cannot_say_is_not_kept(value: Any, cache: Path) -> None:
    composed_files.keep("name", {"key": value})
    assert not cache.exists()


def test_another_file_another_library_or_other_sources_are_composed_anew(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, composed: list
) -> None:
    shutil.copytree(paths.conf(), tmp_path / "conf")
    monkeypatch.setattr(paths, "conf", lambda: tmp_path / "conf")
    Composer().of(WORDS)
    Composer().of(WORDS)
    assert len(composed) == 1
    (tmp_path / "conf" / "config.yaml").write_bytes((tmp_path / "conf" / "config.yaml").read_bytes() + b"# more\n")
    Composer().of(WORDS)
    assert len(composed) == 2
    for part, other in (("LIBRARIES", ("another Hydra",)), ("SOURCES", "other sources")):
        monkeypatch.setattr(composed_files, part, other)
        Composer().of(WORDS)
    assert len(composed) == 4


def test_what_was_composed_while_a_file_changed_is_not_kept(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(paths.conf(), tmp_path / "conf")
    monkeypatch.setattr(paths, "conf", lambda: tmp_path / "conf")
    real = composition.composed_by_hydra

    def slowly(words, folder):
        made = real(words, folder)
        (tmp_path / "conf" / "config.yaml").write_bytes((tmp_path / "conf" / "config.yaml").read_bytes() + b"# more\n")
        return made

    monkeypatch.setattr(composition, "composed_by_hydra", slowly)
    assert Composer().of(WORDS) is not None
    assert not cache.exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"0" * 64 + b"\n{}", b"\xff\xfe"])
def test_a_damaged_file_is_composed_anew_and_replaced(content: bytes, cache: Path, composed: list) -> None:
    whole = Composer().of(WORDS)
    (file,) = cache.iterdir()
    file.write_bytes(content)
    for _ in range(2):
        assert Composer().of(WORDS) == whole
    assert len(composed) == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_what_somebody_else_could_have_written_is_not_taken(cache: Path, composed: list) -> None:
    Composer().of(WORDS)
    (file,) = cache.iterdir()
    head = json.dumps({"seed": 666}).encode()
    file.write_bytes(composed_files.hashlib.sha256(head).hexdigest().encode() + b"\n" + head)
    assert Composer().of(WORDS) == {"seed": 666}  # this user's own file is believed
    file.chmod(0o666)
    assert Composer().of(WORDS)["seed"] != 666
    file.unlink()
    cache.chmod(0o777)
    assert Composer().of(WORDS)["seed"] != 666
    assert list(cache.iterdir()) == []


def test_without_a_place_to_keep_it_hydra_composes_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, composed: list
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert Composer().of(WORDS) == Composer().of(WORDS)
    assert len(composed) == 2


def test_of_a_users_own_folder_nothing_is_kept(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    assert Composer(tmp_path / "mine").of(WORDS) is not None
    assert not cache.exists()


@pytest.mark.usefixtures("composed")
def test_older_ones_give_way(cache: Path) -> None:
    for number in range(composed_files.MOST_KEPT + 3):
        composed_files.keep(str(number), {"seed": number})
    assert len(list(cache.iterdir())) == composed_files.MOST_KEPT
    assert composed_files.find(str(number)) == {"seed": number}
