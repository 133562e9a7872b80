"""What `--cfg`, `--info`, `--hydra-help` and `--version` print."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from caresim.__main__ import command
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
    words = ("--config-dir", mine, "experiment=mine", "--cfg", "job")
    assert said(*words, "-p", "name") == ("${baseline}_of_mine\n", 0)
    assert said(*words, "-p", "name", "--resolve") == ("servers_of_mine\n", 0)
    assert said(*words, "-p", "queue.servers")[0].startswith("# @package queue.servers\nvalue: ")
    told, status = said(*words, "-p", "queue.server")
    assert (status, "did you mean servers?" in told) == (2, True)


def test_hydras_own_settings_are_printed_as_they_stand(mine: str, said) -> None:
    words = ("experiment=queue", "hydra.run.dir=x", "seed=3")
    hydras = yaml.safe_load(said(*words, "--cfg", "hydra")[0])
    assert hydras["hydra"]["run"] == {"dir": "x"}
    whole = yaml.safe_load(said(*words, "--cfg", "all")[0])
    assert (whole["hydra"], whole["seed"]) == (hydras["hydra"], 3)


def test_information_says_which_files_are_read(mine: str, said) -> None:
    words = ("--config-dir", mine, "experiment=mine")
    tree = said(*words, "--info", "defaults-tree")[0].splitlines()
    assert tree.index("  config") < tree.index("    experiment: mine") < tree.index("      experiment/queue")
    listed = said(*words, "--info", "defaults")[0]
    assert "experiment/mine" in listed
    assert "hydra/" not in tree + listed.splitlines()
    assert f"caresim://{mine}" in said(*words, "--info", "searchpath")[0]
    assert "BasicSweeper" in said("-i", "plugins")[0]
    whole = said(*words, "--info")[0]
    for title in ("Versions", "Search path", "Defaults tree", "Defaults list", "Plugins of Hydra", "Configuration"):
        assert f"{title}\n" in whole
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
