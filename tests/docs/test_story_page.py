"""The example on the page about stories is what the command above it writes."""

from __future__ import annotations

import re
import shlex
import textwrap

from pages import page

import caresim


def test_the_example_is_what_the_command_tells() -> None:
    example = page("story.md").split("## An example\n\n")[1]
    command, intro, told = re.split(r"\n\n(?=\S)|(?<=:)\n\n", example, maxsplit=2)
    words = shlex.split(command)[3:]
    passenger = next(word.removeprefix("passenger=") for word in words if word.startswith("passenger="))
    wanted = [word for word in words if word.split("=")[0] not in ("task", "passenger")]
    story = caresim.story(caresim.load(*wanted), passenger)
    assert intro.startswith("Two of the six staffing models")
    assert textwrap.dedent(told.split("\n\nOne affront")[0]).strip() == story.text.strip()
