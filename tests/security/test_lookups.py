"""A configuration looks nothing up: a shared file copies no token of whoever runs it into results."""

from __future__ import annotations

from pathlib import Path

import pytest

from caresim.__main__ import command
from caresim.config import lookups
from caresim.config.compose import compose
from caresim.config.errors import BadInput

SECRET = "a-token-of-mine"


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", SECRET)


def written(folder: Path, text: str, defaults: str = "[queue, _self_]") -> Path:
    """A folder of a user with one experiment, `mine`."""
    (folder / "experiment").mkdir()
    text = f"# @package _global_\ndefaults: {defaults}\n{text}\n"
    (folder / "experiment" / "mine.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "text",
    [
        "${oc.env:TOKEN}",
        "${oc.env:TOKEN,nothing}",
        "a ${oc.env:TOKEN} in the middle",
        "${oc.decode:${oc.env:TOKEN}}",
        "${oc.${half}:TOKEN}",
        "${now:${oc.env:TOKEN}}",
        "${oc.create:{a: 1}}",
        "${oc.select:seed}",
        "${hydra:runtime.cwd}",
        "${python_version:}",
        "\\${oc.env:TOKEN}",
        "${ oc.env : TOKEN }",
    ],
)
def test_what_looks_something_up_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="looks something up; type the value itself"):
        lookups.refuse({"a": [{"b": text}]})


@pytest.mark.parametrize(
    "text",
    ["${replay.timezone}", "${a.b[0]}", "${.near}", "${..above}", "${a.${b}}", "${now:%Y-%m-%d}", "$5 {x: y}", "a: b"],
)
def test_references_and_the_time_of_the_day_are_no_lookups(text: str) -> None:
    lookups.refuse({"a": text})


def test_the_message_names_the_file_and_the_key_and_not_the_secret(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path, "question: 'Whose ${oc.env:TOKEN}?'")
    assert command(["--config-dir", str(folder), "experiment=mine"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"caresim: {folder / 'experiment' / 'mine.yaml'}: question = 'Whose ${{oc.env:TOKEN}}?': looks something up; "
        "type the value itself, or the key of another value, such as ${replay.timezone}"
    )
    assert list(tmp_path.iterdir()) == [tmp_path / "experiment"]


@pytest.mark.parametrize(
    "defaults",
    ["[queue, _self_, '/staffing/${oc.env:TOKEN}']", "[queue, _self_, {/staff/unevenness@x: '${oc.env:TOKEN}'}]"],
)
def test_the_list_of_files_looks_nothing_up_either(defaults: str, tmp_path: Path) -> None:
    """It is gone when all is composed."""
    with pytest.raises(BadInput, match=r"mine\.yaml: defaults\[2\].*looks something up") as caught:
        compose(["experiment=mine"], written(tmp_path, "", defaults))
    assert SECRET not in str(caught.value)


def test_a_file_outside_the_folder_looks_nothing_up_either(tmp_path: Path) -> None:
    """Hydra finds files above its own folders, too; such a file is not ours to name, but its key is."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.yaml").write_text("# @package _global_\nquestion: ${oc.env:TOKEN}\n")
    (tmp_path / "mine").mkdir()
    up = "../" * 20
    folder = written(tmp_path / "mine", "", f"[queue, '/{up}{tmp_path}/elsewhere/secret', _self_]")
    with pytest.raises(BadInput, match=r"^question = .*looks something up"):
        compose(["experiment=mine"], folder)


@pytest.mark.parametrize(
    "word", ["operators=${oc.env:TOKEN}", "study.question='${oc.env:TOKEN}'", "+a=${hydra:runtime.cwd}"]
)
def test_the_command_line_looks_nothing_up(word: str) -> None:
    """The shell has its own way: question="$TOKEN"."""
    with pytest.raises(BadInput, match=f"{word.partition('=')[0].lstrip('+')} = .*looks something up"):
        compose(["experiment=tokyo", word])


def test_a_value_may_refer_to_another(tmp_path: Path) -> None:
    folder = written(tmp_path, "question: 'Seed ${seed}, at ${now:%H} hours'", "[compiegne, _self_]")
    assert compose(["experiment=mine", "seed=7"], folder).question.startswith("Seed 7, at ")


def test_a_file_that_contains_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"mine\.yaml.*contains itself"):
        compose(["experiment=mine"], written(tmp_path, "study: &study {margins: *study}"))
