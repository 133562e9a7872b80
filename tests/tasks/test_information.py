"""What `--cfg`, `--info`, `--hydra-help` and `--version` print."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from caresim.__main__ import command
from caresim.config.composer import Composer
from caresim.config.hydra_settings import SETTINGS
from caresim.tasks.flags import FLAGS

CASE = """# @package _global_
defaults: [queue, _self_]
baseline: servers
name: ${baseline}_of_mine
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(CASE)
    return str(tmp_path)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]):
    """What a command prints, and its exit status."""

    def of(*words: str) -> tuple[str, int]:
        status = command(words)
        streams = capsys.readouterr()
        return streams.out or streams.err, status

    return of


def test_references_are_printed_as_they_are_written_or_replaced(mine: str, said) -> None:
    words = ("--config-dir", mine, "experiment=mine", "--cfg", "job", "-p")
    assert said(*words, "name") == ("${baseline}_of_mine\n", 0)
    assert said(*words, "name", "--resolve") == ("servers_of_mine\n", 0)
    told, status = said(*words, "queue.server")
    assert (status, "did you mean servers" in told) == (2, True)


def test_hydras_own_settings_are_printed_as_they_stand(said) -> None:
    words = ("experiment=queue", "hydra.run.dir=x", "seed=3")
    whole = yaml.safe_load(said(*words, "--cfg", "all")[0])
    assert (whole["hydra"]["run"], whole["seed"]) == ({"dir": "x"}, 3)
    assert said(*words, "--cfg", "hydra", "-p", "hydra.run")[0] == "# @package hydra.run\ndir: x\n"


def test_information_says_which_files_are_read(mine: str, said) -> None:
    whole = said("--config-dir", mine, "experiment=mine", "--info")[0]
    titles = ("Versions", "Plugins of Hydra", "Search path", "Defaults tree", "Defaults list", "Configuration")
    parts = re.split("|".join(rf"^{title}\n" for title in titles), whole, flags=re.M)[1:]
    _, plugins, path, tree, listed, configuration = parts
    assert "BasicSweeper" in plugins
    assert f"caresim://{mine}" in path
    lines = tree.splitlines()
    assert lines.index("  config") < lines.index("    experiment: mine") < lines.index("      experiment/queue")
    assert "experiment/mine" in listed
    assert "hydra/" not in tree + listed
    assert yaml.safe_load(configuration)["name"] == "${baseline}_of_mine"
    told, status = said("experiment=min", "--info", "defaults")
    assert (status, "no such file" in told) == (2, True)


def test_help_names_each_flag_and_each_setting(said) -> None:
    told, status = said("--hydra-help")
    assert status == 0
    for row in (*FLAGS, *SETTINGS):
        assert (row.name if hasattr(row, "name") else row.key) in told
    for flag in FLAGS:
        assert (flag.typed in said("--help")[0]) == bool(flag.does)


def test_a_task_with_words_of_its_own_has_one_flag_for_them(said) -> None:
    for flag in (["--info"], ["--cfg", "all"], ["--cfg", "job", "--resolve"], ["--cfg", "job", "-p", "name"]):
        told, status = said("task=backtest", "backtest=stylised_facts", *flag)
        assert (status, "--cfg job" in told) == (2, True)


def test_versions_are_told(said) -> None:
    told, status = said("--version")
    assert status == 0
    assert told.startswith("caresim ")
    assert ", Hydra 1." in told


@pytest.mark.parametrize("words", [[], ["seed=3"], ["seed=${replications}"], ["staffing.social_team.label='A: b'"]])
def test_what_is_kept_is_printed_as_what_is_composed(words: list[str], said, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["experiment=tokyo", "--cfg", "job", *words]
    quick, status = said(*words)
    assert status == 0
    monkeypatch.setattr(Composer, "of", lambda *_: None)
    assert said(*words) == (quick, 0)
