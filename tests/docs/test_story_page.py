"""The example on the page about stories is what the command above it writes."""

from __future__ import annotations

import re
import shlex
import textwrap

from tests.support.pages import page

import caresim
from caresim.tasks.story.story import Story

WORDS = ("two", "three", "four", "five", "six", "seven", "eight")
"""Numbers as the page writes them, from two on."""


def parts() -> tuple[list[str], str, str]:
    """The words of the command, the sentence below it, and the story, all of the section."""
    section = page("story.md").split("## An example\n\n")[1].split("\n## ")[0]
    command, intro, rest = section.split("\n\n", maxsplit=2)
    told = re.split(r"\n\n(?=\S)", rest)[0]
    return shlex.split(command)[3:], intro, textwrap.dedent(told).strip()


def story(words: list[str]) -> Story:
    passenger = next(word.removeprefix("passenger=") for word in words if word.startswith("passenger="))
    wanted = [word for word in words if word.split("=")[0] not in ("task", "passenger")]
    return caresim.story(caresim.load(*wanted), passenger)


def test_the_example_is_what_the_command_tells() -> None:
    words, _, told = parts()
    assert "task=story" in words
    assert told == story(words).text.strip()


def test_the_sentence_below_the_command_counts_the_staffing_models() -> None:
    words, intro, _ = parts()
    experiment = next(word for word in words if word.startswith("experiment="))
    shown, all_of_them = (
        len(caresim.load(*given).staffing) for given in ([experiment, *switched_off(words)], [experiment])
    )
    assert intro.startswith(f"{WORDS[shown - 2].capitalize()} of the {WORDS[all_of_them - 2]} staffing models")


def switched_off(words: list[str]) -> list[str]:
    return [word for word in words if word.startswith("staffing.") and word.endswith("=null")]
