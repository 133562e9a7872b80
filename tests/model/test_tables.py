"""The tables of the model: their numbers are kept; what a row lacks or contradicts is refused at import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from caresim.model import media
from caresim.model.codes import Result
from caresim.model.draws import Purpose, name_key
from caresim.model.events import Event
from caresim.model.media import Medium
from caresim.model.needs import Need

KEPT = {
    Event: "NOTHING LEARN PUBLISH INSTRUCT CHECK_IN DEPART OFFER CLOSE OPEN END_DUTY START_DUTY DISMISS STOP AFFECT"
    " MEET READ SEEK DEADLINE KEPT PROMISED ADMIT ABANDON REMIND CUSTOMER_REPLY SERVE REPLY RECEIVE LEFT DISPATCH"
    " SPONTANEOUS_POST POST_ABOUT FOLLOW_ON_POST TICK FINISH SETTLE OVERFLOW FOUND_OUT NEWS_DUE REPLAN CALL GROW",
    Medium: "PHONE COUNTER PUBLIC PRIVATE EMAIL WEB MESSENGER",
    Need: "INFORMATION REBOOKING ASSISTANCE REFUND ACKNOWLEDGEMENT",
    Result: "NONE SOLVED INFORMED WAITLISTED ACKNOWLEDGED EMPTY HANDED_OVER WRONG UNKNOWN PARTLY NOT_YET REFUSED",
}
"""In the order of their numbers: ties of time are broken by the events', records keep the others'."""
DRAWN_FOR = {
    "CHOICE": 1, "PATIENCE": 2, "HANDLING": 3, "REDIAL": 4, "REMIND": 7, "TURN_GAP": 9, "NOTICE": 11, "PROMISE": 14,
    "ARRIVAL_GAP": 41, "POST_ABOUT": 47, "USUAL_POST": 54,
}  # fmt: skip
"""Purposes, some of them renamed since: the number is what luck hangs on."""


@pytest.mark.parametrize("table", KEPT, ids=lambda table: table.__name__)
def test_numbers_are_kept(table):
    assert [member.name for member in table] == KEPT[table].split()
    assert [int(member) for member in table] == list(range(len(table)))


def test_purposes_keep_their_luck():
    assert {name: int(Purpose[name]) for name in DRAWN_FOR} == DRAWN_FOR


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (("staff/social/0/1",), 3155009328636418651),
        (("reserve", "social"), 17949073225283930679),
        (("channel", "air_france", "twitter"), 18400536168079676520),
    ],
)
def test_keys_of_names_are_kept(names, key):
    assert int(name_key(*names)) == key


def broken(tmp_path: Path, file: str, old: str, new: str) -> str:
    """What importing the engine says when a line of a table is another one."""
    import shutil

    package = tmp_path / "caresim"
    shutil.copytree(Path(media.__file__).parents[1], package, ignore=shutil.ignore_patterns("__pycache__"))
    place = package / "model" / file
    text = place.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    place.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = subprocess.run(
        [sys.executable, "-c", "import caresim.model.engine"],
        env={"PYTHONPATH": str(tmp_path), "NUMBA_DISABLE_JIT": "1", "PATH": ""},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("events.py", '"flights", "seat.depart", "flights", "depart"', '"flights", "", "flights", "depart"',
         "DEPART: a kind of event needs a transition"),
        ("events.py", "seat.depart", "seat.take_off", "there is no transition seat.take_off"),
        ("events.py", "DEPART = 5", "DEPART = 50", "numbers are 0, 1, 2, ... in the order of the rows"),
        ("media.py", 'label_short="phone", ', "", "missing 1 required keyword-only argument: 'label_short'"),
        ("media.py", 'colour="#E69F00"', 'colour="#0072B2"', "two media have the same colour"),
        ("needs.py", "REPLY = 4", 'REPLY = 4\n    VOUCHER = 5', "say in needs.POWERS and conversation.act"),
        ("routing.py", '    """Whoever came first is next."""', "    pass", "first_come needs a docstring"),
    ],
)  # fmt: skip
def test_a_row_that_lacks_something_is_refused_when_the_program_starts(tmp_path, file, old, new, message):
    assert message in broken(tmp_path, file, old, new)
