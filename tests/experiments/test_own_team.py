"""The example of a user's own staffing model: its command, word for word, and the one of CONTRIBUTING."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path

import pandas as pd
import pytest

import caresim
from caresim.__main__ import command

ROOT = Path(__file__).parents[2]
OWN = ROOT / "experiments" / "own_team"
EVENING = "+staffing/tokyo@staffing.evening_team=evening_team"


def told() -> list[str]:
    """The words of the command that experiments/README.md gives, behind `python -m caresim`."""
    readme = (ROOT / "experiments" / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^ {4}python -m caresim (.*--config-dir.*)$", readme, flags=re.MULTILINE)
    assert len(lines) == 1
    return shlex.split(lines[0])


def test_the_team_differs_from_the_baseline_in_its_shifts_alone() -> None:
    staffing = caresim.load("experiment=tokyo", EVENING, config_dir=OWN).staffing
    team, base = (staffing[name].model_dump(exclude={"differs"}) for name in ("evening_team", "social_team"))
    shifts, before = (model["desks"]["social"].pop("shifts") for model in (team, base))
    assert team == base
    assert [(shift["start"], shift["end"], len(shift["days"])) for shift in before] == [("09:00", "18:00", 5)]
    assert [(shift["start"], shift["end"], len(shift["days"])) for shift in shifts] == [
        ("09:00", "16:00", 7),
        ("16:00", "23:00", 7),
    ]


def test_its_first_line_says_what_differs() -> None:
    first = (OWN / "staffing" / "tokyo" / "evening_team.yaml").read_text(encoding="utf-8").splitlines()[0]
    team = caresim.load("experiment=tokyo", EVENING, config_dir=OWN).staffing["evening_team"]
    assert first == f"# {team.differs}."


def test_its_command_compares_it_with_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    small = ("replications=2", "population.scale=0.01", "workers=1", f"output_dir={tmp_path}")
    assert command([*told(), *small]) == 0
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    table = pd.read_csv(folder / "comparison.csv").set_index(["staffing", "metric"])
    six = caresim.load("experiment=tokyo").staffing
    assert list(table.index.unique("staffing")) == [*list(six)[1:], "evening_team"]
    # Every day from 9 to 23 is more than Monday to Friday from 9 to 18.
    assert table.loc[("evening_team", "paid_hours"), "difference"] > 1


def test_the_example_of_contributing_works(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    example = re.search(r"(?:^ {4}.*\n|^\n)*^ {4}differs:.*\n(?:^ {4}.*\n)+", text, flags=re.MULTILINE)
    named = re.search(r"`- /(staffing/tokyo)@staffing\.(\w+): \2`", text)
    assert example
    assert named
    folder = tmp_path / named[1]
    folder.mkdir(parents=True)
    (folder / f"{named[2]}.yaml").write_text(textwrap.dedent(example.group()).lstrip(), encoding="utf-8")
    word = f"+{named[1]}@staffing.{named[2]}={named[2]}"
    mine = caresim.load("experiment=tokyo", word, config_dir=tmp_path).staffing[named[2]]
    assert mine.desks["social"].headcount.value == 4
