"""The page about verification: its commands exist, and its tables are what was measured."""

from __future__ import annotations

import re
import shlex

import pytest
import verification
import verification_page
from tests.support.pages import ROOT, page
from tests.support.properties import invariants

TEXT = page("verification.md")
COMMAND = re.compile(r"^    (?:[A-Z_]+=\w+ )?((?:pytest|python|bash) .+)$", flags=re.M)
SECTIONS = {part.partition("\n")[0]: part for part in TEXT.split("\n## ")[1:]}
UNPROVED = "What was not verified"


def test_every_claim_leads_to_its_section():
    """A row of the table at the top for each section, in their order."""
    claims = re.findall(r"^\|.+\| \[(.+)\]\(#.+\) \|$", TEXT.partition("\n## ")[0], flags=re.M)
    assert [*claims, UNPROVED] == list(SECTIONS)


@pytest.mark.parametrize("section", [name for name in SECTIONS if name != UNPROVED])
def test_every_section_has_a_command(section):
    assert COMMAND.search(SECTIONS[section])


@pytest.mark.parametrize("command", sorted(set(COMMAND.findall(TEXT))))
def test_commands_name_what_exists(command):
    _, *words = shlex.split(command)
    assert words
    if words[0] == "-m":
        words = [f"{words[1].replace('.', '/')}.py"]
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


def test_the_gain_of_pairing_at_the_top_is_that_of_the_table():
    shown = TEXT.split("<!-- luck -->\n")[1].split("<!-- end of luck -->")[0]
    gain = re.search(r"^\| abandonment \| ([\d.]+) .*?\| ([\d.]+) ", shown, flags=re.M)
    assert gain
    assert f"abandonment: {gain[1]} (9 against 10 people) and {gain[2]} (10 against 11)" in TEXT.partition("\n## ")[0]


def test_every_law_of_the_random_worlds_is_listed():
    told = " ".join(SECTIONS["Invariants"].lower().split())
    laws = [*invariants.ALL, invariants.outcomes_fit_their_times]
    assert [law.__name__ for law in laws if law.__name__.replace("_", " ") not in told] == []


def test_the_picture_shows_what_was_measured():
    assert verification.FIGURE.exists()
    assert verification.SHOWN.read_text(encoding="utf-8").strip() == verification.digest()
