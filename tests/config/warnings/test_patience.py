"""A mean patience is held against the waits and hang-ups of the file that is replayed."""

from __future__ import annotations

import copy

import pytest

from caresim.config.compose import validate
from caresim.config.composition import resolved
from caresim.config.warnings.patience import ENOUGH, contradicted

HEAD = "interval_start,offered,answered,abandoned,aht_s,asa_s\n"


def calls(wait_s: float, hang_ups: int = ENOUGH) -> str:
    """A hundred calls that waited so long, some of whom hung up."""
    rows = (f"{n},{wait_s},{'abandoned' if n < hang_ups else 'answered'}" for n in range(100))
    return "arrival,wait_s,outcome\n" + "\n".join(rows) + "\n"


@pytest.fixture
def told(tmp_path):
    """What is said of a file's text with a mean patience."""
    raw = resolved(["experiment=replay"])

    def of(name: str, text: str, patience: str) -> list[str]:
        whole = copy.deepcopy(raw)
        (tmp_path / "file.csv").write_text(text, encoding="utf-8")
        whole["replay"] |= {name: str(tmp_path / "file.csv"), "patience_mean": patience}
        if name == "intervals":
            whole["replay"] |= {"format": {"medium": "phone", "desk": "phones"}, "servers": "9 people"}
        return list(contradicted(validate(whole)))

    return of


@pytest.mark.parametrize(("patience", "lines"), [("2 min", 1), ("3 min", 0), ("9 min", 0), ("10 min", 1)])
def test_a_list_of_calls_speaks_for_the_waits_of_all_for_each_who_hung_up(told, patience, lines):
    """A hundred waits of a minute, twenty hang-ups: five minutes."""
    found = told("contacts", calls(60.0), patience)
    assert len(found) == lines
    assert all("hang-ups speak for 5.0 min (all waiting / who hung up)" in line for line in found)


def test_few_hang_ups_say_nothing(told):
    assert told("contacts", calls(60.0, ENOUGH - 1), "60 min") == []


@pytest.mark.parametrize(("patience", "lines"), [("2 min", 1), ("60 min", 0)])
def test_an_interval_report_speaks_for_so_much_at_least(told, patience, lines):
    """Of those who hung up it has no waits: a longer patience contradicts nothing."""
    text = HEAD + "2026-03-02T08:00,100,75,25,240,100\n2026-03-02T08:30,100,75,25,240,100\n"
    found = told("intervals", text, patience)
    assert len(found) == lines
    assert all("speak for at least 5.0 min (all waiting of the answered / who hung up)" in line for line in found)
