"""Claims about a run: an AssertionError with a sentence where one does not hold."""

from __future__ import annotations


def holds(condition: object, sentence: str) -> None:
    if not condition:
        raise AssertionError(sentence)


def none(found: list[str], sentence: str) -> None:
    holds(not found, f"{sentence}: {len(found)} times, first {found[:1]}")
