"""The task: wired like the others, refused in one line where something is missing."""

from __future__ import annotations

import socket
import sys

import pytest

from caresim.__main__ import BAD_INPUT, command
from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.tasks.dashboard import server
from caresim.tasks.dashboard.address import Address
from caresim.tasks.dashboard.server import announced
from caresim.tasks.jobs import jobs_of
from caresim.tasks.request import parse

WORDS = ["experiment=tokyo", "task=dashboard"]


def test_it_is_a_task_of_one_experiment():
    (job,) = jobs_of(parse(WORDS))
    assert job.experiment.task == "dashboard"
    with pytest.raises(BadInput, match="shows one experiment"):
        jobs_of(parse(["-m", *WORDS, "seed=1,2"]))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("dashboard.left=nobody", "unknown staffing model"),
        ("dashboard.port=99999", "at most 65535"),
        ("dashboard.port=-1", "at least 0"),
        ("dashboard.port=1e3", "whole number"),
        ("dashboard.host=192.0.2.7", "is no address of this machine"),
        ("dashboard.proxy=hub.example", "must be the address that the browser shows"),
        ("dashboard.opens_at=400d", "within the run"),
        ("dashboard.open_browser=maybe", "true or false"),
        ("dashboard.colour=red", "unknown key"),
    ],
)
def test_what_it_cannot_show_is_refused(word, said, capsys):
    assert command([*WORDS, word]) == BAD_INPUT
    assert said in capsys.readouterr().err


def test_a_missing_package_is_one_clear_error(monkeypatch):
    monkeypatch.setitem(sys.modules, "solara_assets", None)
    with pytest.raises(BadInput, match=r"pip install 'caresim\[live\]'"):
        server.check_packages()


def test_a_port_that_is_taken_is_one_clear_error(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert command([*WORDS, f"dashboard.port={port}"]) == BAD_INPUT
    said = f"caresim: dashboard.port = {port}: is in use by another program; dashboard.port=0 takes any that is free\n"
    assert capsys.readouterr().err == said


def test_who_else_can_see_it_is_told():
    assert announced(Address("localhost", ("127.0.0.1", "::1"), 80)) == [
        "the live view is at http://127.0.0.1:80 (Ctrl-C ends it)"
    ]
    (_, warning) = announced(Address("0.0.0.0", ("0.0.0.0",), 80))
    assert "everybody who can reach this machine can see the live view" in warning


def test_what_is_shown_does_not_change_what_is_computed():
    from caresim.run.block import content_hash

    assert content_hash(compose(["experiment=tokyo", "dashboard.port=0"])) == content_hash(
        compose(["experiment=tokyo"])
    )
