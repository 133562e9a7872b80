"""What a file looks like: the format in which it could be read, with what speaks for it and what is in doubt."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from caresim.config.errors import BadInput
from caresim.config.exports.file_format import Format
from caresim.config.exports.looks import find_columns, find_dates, find_numbers, find_units
from caresim.config.exports.sample import look_at
from caresim.config.exports.unknown_words import find_desk, find_words
from caresim.config.exports.vocabulary import OF_HISTORY

SWALLOWED_WORDS = ("y", "n", "yes", "no", "on", "off", "true", "false", "null")
"""Words that YAML may take for something else."""


@dataclass(frozen=True)
class Proposal:
    """A format for a file, and why."""

    format: Format
    takes: dict[str, str]
    """Our column, by the file's name of it."""
    rules: list[str]
    doubts: list[str]
    """What could be otherwise, in sentences."""
    questions: list[str]
    """Members of the format that nobody but the user can know."""


def with_way_out(problem: BadInput, kind: str, path: str, form: Format, attempt: Callable[[Format], Any]) -> BadInput:
    """The refusal, and behind it the format by which the file would be read, or read further, ready to paste.

    `attempt` reads the file in a format: what is proposed has been tried.
    """
    proposed = propose(kind, path, form)
    words = pasted(proposed.format, form) if proposed is not None else ""
    if kind == "staff" and changes(form) and proposed is None:
        return BadInput(problem.key, problem.value, read_like_contacts(problem, path, form))
    if proposed is None or not (words or proposed.doubts):
        return problem
    doubts = f" ({' '.join(proposed.doubts)})" if proposed.doubts else ""
    stop = "" if problem.allowed.endswith((".", "?")) else "."
    if not words:
        return BadInput(problem.key, problem.value, f"{problem.allowed}{doubts}")
    how = "To read it as it looks"
    try:
        attempt(proposed.format)
    except BadInput as other:
        if (other.key, other.value) == (problem.key, problem.value):
            return problem
        how = "To read it further"
    return BadInput(problem.key, problem.value, f"{problem.allowed}{stop} {how}, add {words}{doubts}")


def read_like_contacts(problem: BadInput, path: str, form: Format) -> str:
    """Of a staff plan that the format of the contacts does not fit: what it is read as, and the way out."""
    way = "import each of the two files first (task=import import=FILE), and leave replay.format out"
    if propose("staff", path, Format()) is None:
        return f"{problem.allowed}. A staff plan is read in the format of the contacts, replay.format; or {way}"
    shape = {key: value for key, value in changes(form).items() if key not in ("columns", "medium", "desk")}
    read_as = f" ({', '.join(f'{key} {value}' for key, value in shape.items())})" if shape else ""
    return (
        f"is read in the format of the contacts, replay.format{read_as}, and is written in another one; save it in the"
        f" same one, or {way}"
    )


def pasted(proposed: Format, given: Format) -> str:
    """The proposed format as one word of the command line, quoted for a shell; empty where nothing is new."""
    new, old = changes(proposed), changes(given)
    if new == old:
        return ""
    return f"'replay.format={_inline(new)}'"


def changes(form: Format) -> dict[str, Any]:
    """What differs from the plain format, as plain mappings and lists."""
    given = form.model_dump(mode="json", exclude_defaults=True)
    return {key: _unwrapped(value) for key, value in given.items() if value not in (None, {}, [])}


def _unwrapped(value: Any) -> Any:
    """Lists of one word as the word."""
    if isinstance(value, Mapping):
        return {key: _unwrapped(inner) for key, inner in value.items()}
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _inline(value: Any) -> str:
    """The value in the syntax that YAML and the command line share."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(_inline(inner) for inner in value) + "]"
    text = str(value)
    plain = re.fullmatch(r"[A-Za-z][\w-]*", text) and text.lower() not in SWALLOWED_WORDS
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def propose(kind: str, path: str, form: Format) -> Proposal | None:
    """How a file of this kind looks, starting from what is known of its format; None where it shows no table."""
    try:
        look = look_at(kind, path, changes(form))
        if look is None:
            return None
        for find in (find_columns, find_dates, find_numbers, find_units, find_words, find_desk):
            find(look)
        return Proposal(Format.model_validate(look.known), look.takes, look.rules, look.doubts, look.questions)
    except (BadInput, ValidationError, OSError):
        return None  # Nothing to propose: the refusal itself says what is wrong.


def answer_to(proposal: Proposal, member: str) -> str:
    """A member of a proposed format as a word of the command line, quoted for a shell."""
    return f"'format.{member}={_inline(changes(proposal.format)[member])}'"


def unread(kind: str, path: str, form: Format, ignored: Sequence[str]) -> str:
    """What columns that are left alone look like, in a sentence; empty where they look like nothing that is read."""
    proposal = propose(kind, path, form)
    takes = {} if proposal is None else {name: proposal.takes[name] for name in ignored if name in proposal.takes}
    if kind == "contacts":
        takes = {name: column for name, column in takes.items() if column not in OF_HISTORY}
    if not takes or proposal is None:
        return ""
    which = ", ".join(f"{name} may be {column}" for name, column in takes.items())
    return f"{which}: to read it so, add {pasted(proposal.format, form)}"
