"""Where the code chooses by a word of the model, every word is met: one that a chain forgets fails here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import IntEnum

import pytest

from caresim.model import codes
from caresim.model.codes import Callback, EndOfDuty, Handling, Onset, Patience, ReplayInput, ReplayPatience, SeatRule

CHOICES: tuple[type[IntEnum], ...] = (
    *(Callback, EndOfDuty, Handling, Onset, Patience, ReplayInput, ReplayPatience, SeatRule),
)
"""Words that decide which way is taken. (Media, needs, events, results and rules are tables.)"""

OTHERWISE: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {
    ("conversation.reply", "Callback"): {
        "somebody was reached": ("NONE", "WAITED_FOR", "RETURNED", "MESSAGE"),
    },
    ("conversation.write_back", "EndOfDuty"): {"the conversation goes back to the queue": ("FINISH", "HAND_OVER")},
    ("desk.empty_queue", "Callback"): {
        "waits on the line, and is sent away (a message does not)": ("NONE", "RETURNED", "NOT_REACHED", "MESSAGE"),
    },
    ("desk.send_away", "Callback"): {
        "has been called back already, and is sent away": ("WAITED_FOR", "RETURNED", "NOT_REACHED", "MESSAGE"),
    },
    ("contact.waits_on_the_spot", "Callback"): {
        "among callers and visitors": ("NONE", "WAITED_FOR", "RETURNED", "NOT_REACHED"),
    },
    ("seat.claim", "SeatRule"): {"equal claims go by order of arrival": ("ORDER_OF_ARRIVAL",)},
    ("staff.handling_draw", "Handling"): {"the mean itself": ("DETERMINISTIC",)},
    ("staff.handling_time", "ReplayInput"): {"drawn by the behaviour": ("NOTHING",)},
    ("staff.start_handling", "Callback"): {"is on the line, or has been reached": ("NONE", "RETURNED")},
    ("staff.ring", "Callback"): {"the desk offered it": ("NONE", "WAITED_FOR", "RETURNED", "NOT_REACHED")},
    ("staff.picks_up", "Callback"): {"the desk offered it": ("NONE", "WAITED_FOR", "RETURNED", "NOT_REACHED")},
    ("staff.hand_back", "EndOfDuty"): {"the desk's own queue": ("FINISH", "DROP")},
    ("staff.let_off", "EndOfDuty"): {"the conversation goes back to the queue": ("FINISH", "HAND_OVER")},
    ("staff.stop", "EndOfDuty"): {"what is in hand is broken off": ("DROP", "HAND_OVER")},
    ("traits.draw_onset", "Onset"): {"the stream says when (traits.draw_stream)": ("ORDINARY", "POISSON", "GIVEN")},
    ("waiting.patience", "Patience"): {"the scale of the channel, infinite if endless": ("DETERMINISTIC", "ENDLESS")},
    ("waiting.patience", "ReplayPatience"): {"drawn by the behaviour": ("NOTHING",)},
    ("waiting.plan_patience", "Callback"): {"somebody waits on the line": ("NONE", "RETURNED", "NOT_REACHED")},
}
"""Members that a function leaves to what stands after its chain, by what happens to them there."""


def compared(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(enum, member) of every comparison with a member of an enum."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for side in (node.left, *node.comparators):
                if isinstance(side, ast.Attribute) and isinstance(side.value, ast.Name):
                    yield side.value.id, side.attr


def chains(sources) -> dict[tuple[str, str], set[str]]:
    """The members that each function of model/ compares with, by function and enum."""
    names = {choice.__name__ for choice in CHOICES}
    found: dict[tuple[str, str], set[str]] = {}
    for source in sources:
        if source.layer != "model":
            continue
        for function in (node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)):
            for enum, member in compared(function):
                if enum in names:
                    place = f"{source.name.removeprefix('model/').removesuffix('.py')}.{function.name}"
                    found.setdefault((place, enum), set()).add(member)
    return found


def test_every_word_is_met_in_every_chain(sources):
    wrong = []
    for (function, enum), members in chains(sources).items():
        named = {member for left in OTHERWISE.get((function, enum), {}).values() for member in left}
        every = {member.name for member in getattr(codes, enum)}
        if lacking := every - members - named:
            wrong.append(f"{function} says nothing of {enum}.{', '.join(sorted(lacking))}")
        if twice := (members & named) | (named - every):
            wrong.append(
                f"{function} meets {enum}.{', '.join(sorted(twice))}, or there is none: take it out of OTHERWISE"
            )
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_in_the_list(sources):
    assert set(OTHERWISE) <= set(chains(sources))


def test_a_forgotten_word_is_found(sources, monkeypatch):
    """A law of handling times that nobody looks at would be taken for the mean itself."""
    more = IntEnum("Handling", [*(law.name for law in Handling), "GAMMA"], start=0)
    monkeypatch.setattr(codes, "Handling", more)
    with pytest.raises(AssertionError, match=r"staff\.handling_draw says nothing of Handling\.GAMMA"):
        test_every_word_is_met_in_every_chain(sources)
