"""The page of a planner's questions: every command is composed, and every answer is what its command prints."""

from __future__ import annotations

import shlex

import pytest
from tests.support.how_to import BOX, COMMAND, PAGE, answered

from caresim.tasks import request as asking
from caresim.tasks.jobs import jobs_of

TEXT = PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMAND.findall(TEXT))
def test_every_command_is_composed(command: str) -> None:
    request = asking.parse(shlex.split(command))
    if asking.own_task(request) is None:
        assert len(jobs_of(request)) > int(request.sweeping)


@pytest.mark.parametrize(("command", "box"), BOX.findall(TEXT))
def test_every_answer_is_what_the_command_prints(command: str, box: str) -> None:
    assert box == answered(command)
