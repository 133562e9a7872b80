"""The page about verification: its commands exist, and its tables are what was measured."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from pages import ROOT, page

sys.path[:0] = [str(ROOT / "benchmarks"), str(ROOT / "tests" / "theory")]
import verification  # noqa: E402  the path comes first
import verification_page  # noqa: E402

TEXT = page("verification.md")
COMMANDS = re.findall(r"^    ((?:pytest|python) .+)$", TEXT, flags=re.M)


def test_every_section_has_a_command():
    sections = ["Theory", "Other simulators", "Invariants", "Determinism", "Same luck", "Generator"]
    for section in sections:
        assert re.search(r"^    (pytest|python) ", TEXT.split(f"\n## {section}\n")[1].split("\n## ")[0], flags=re.M), (
            section
        )


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_name_what_exists(command):
    _, *words = shlex.split(command)
    assert words
    for word in words:
        assert (ROOT / word).exists(), word


def test_files_in_the_text_exist():
    named = re.findall(r"`((?:tests|benchmarks|docs|conf)/[\w/.]*)`", TEXT)
    assert named
    for name in named:
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("marker", verification_page.TABLES)
def test_tables_are_what_was_measured(marker):
    """Made again from benchmarks/verification.csv, they are the same text."""
    shown = TEXT.split(f"<!-- {marker} -->\n")[1].split(f"<!-- end of {marker} -->")[0]
    assert shown == verification_page.TABLES[marker](verification.read())


def test_the_measured_numbers_are_of_the_present_cases():
    """Whoever changes a case measures again."""
    found = [(line.verdict.case, line.verdict.measure) for line in verification.read()]
    known = verification.cases.all_cases()
    assert found == [(case.name, measure) for case in known for measure in case.theory]
    theory = [value for case in known for value in case.theory.values()]
    # The file has eight digits.
    assert [line.verdict.theory for line in verification.read()] == pytest.approx(theory, rel=1e-7, abs=1e-12)


def test_nothing_measured_contradicts_theory():
    assert [str(line.verdict) for line in verification.read() if not line.verdict.agrees] == []


def test_the_gain_of_pairing_is_shown():
    shown = TEXT.split("<!-- luck -->\n")[1].split("<!-- end of luck -->")[0]
    gain = re.search(r"^\| abandonment \| ([\d.]+) ", shown, flags=re.M)
    assert gain
    assert float(gain[1]) >= 7.8


def test_picture_exists():
    assert Path(ROOT / "docs" / "figures" / "verification.png").stat().st_size > 10_000
