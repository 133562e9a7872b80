"""A case: a good input, and the steps that spoil it. It is a function of a seed, and a small file once it is a find."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

Step = list[Any]
"""What is done, and to what; as JSON has it."""


@dataclass(frozen=True)
class Case:
    """`kind` says who reads it (KINDS of judge.py), `base` which good input it begins with."""

    kind: str
    base: str
    steps: tuple[Step, ...]
    why: str = ""
    """Of a find: what went wrong when it was found."""

    def smaller(self) -> Iterator[Case]:
        """The case without one of its steps, for each of them, the last one first."""
        for place in reversed(range(len(self.steps))):
            yield replace(self, steps=self.steps[:place] + self.steps[place + 1 :])

    def write(self, file: Path) -> None:
        text = json.dumps({"kind": self.kind, "base": self.base, "why": self.why, "steps": list(self.steps)}, indent=1)
        file.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, file: Path) -> Case:
        plain = json.loads(file.read_text(encoding="utf-8"))
        return cls(plain["kind"], plain["base"], tuple(plain["steps"]), plain["why"])


def luck_of(seed: int, number: int) -> Random:
    """The luck of one case: others may be left out without changing it."""
    return Random(f"{seed} {number}")


def spoiled(content: bytes, steps: tuple[Step, ...]) -> bytes:
    """Bytes after steps `[what, where (0 to 1), how much, text]`; the text has a character a byte."""
    for what, where, much, text in steps:
        at = int(where * len(content))
        if what == "insert":
            content = content[:at] + text.encode("latin-1") * much + content[at:]
        elif what == "delete":
            content = content[:at] + content[at + much :]
        elif what == "flip":
            content = content[:at] + bytes(byte ^ 1 << much % 8 for byte in content[at : at + 1]) + content[at + 1 :]
        elif what == "cut":
            content = content[:at]
        elif what == "double":
            content = content[: at + much] + content[at : at + much] + content[at + much :]
        elif what == "encode":
            content = content.decode("utf-8", "replace").encode(text)
        else:
            # A word of the file by another one: the word that begins next to the place.
            start = next((k for k in range(at, len(content)) if content[k : k + 1] in b" ,:\n"), len(content)) + 1
            end = next((k for k in range(start, len(content)) if content[k : k + 1] in b" ,:\n"), len(content))
            content = content[:start] + text.encode("latin-1") + content[end:]
    return content


def byte_steps(luck: Random, tokens: tuple[str, ...]) -> tuple[Step, ...]:
    """One step or a few."""
    steps: list[Step] = []
    if luck.random() < 0.3:
        # Small enough to be meant: a number, or a letter more or less.
        return ([luck.choice(("word", "insert", "delete")), luck.random(), 1, luck.choice("0123456789 x")],)
    for _ in range(luck.choice((1, 1, 2, 3, 6))):
        what = luck.choice(("insert", "insert", "delete", "flip", "cut", "double", "word", "word", "word", "encode"))
        if what == "encode" and luck.random() < 0.8:
            what = "word"
        much = luck.choice((1, 1, 1, 2, 10, 100, 3000)) if what in ("insert", "double", "delete") else luck.randrange(8)
        text = luck.choice(("utf-16", "utf-8-sig", "utf-32", "latin-1")) if what == "encode" else luck.choice(tokens)
        if what == "encode" and text == "latin-1":
            text = "utf-16-be"
        steps.append([what, luck.random(), much, text])
    return tuple(steps)
