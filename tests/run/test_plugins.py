"""Routing rules of a user: named explicitly, compiled or interpreted, known to every worker, and never from a file."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tests.support.tokyo_runs import digest

import caresim
from caresim.config.errors import BadInput
from caresim.model import own_rules
from caresim.run import cluster as far
from caresim.run.block import code_hash, content_hash, library_versions
from caresim.run.plugins import load
from caresim.scenario.run import run

SMALL = ("population.scale=0.02", "window='5 d'", "drain='2 h'", "warm_up='6 h'", "replications=2")
RULE = """
    import caresim

    @caresim.routing_rule
    def latest_word(world, contact):
        '''What was posted last is next.'''
        return -world.contacts[contact].posted
"""
FAILING = """
    import caresim

    @caresim.routing_rule
    def failing(world, contact):
        '''Looks at a passenger where there is none.'''
        return world.passengers[-1].anger
"""


@pytest.fixture(autouse=True)
def no_rules_left(monkeypatch):
    """Each test with rules and modules of its own."""
    monkeypatch.setattr(own_rules, "OWN", {})
    monkeypatch.setattr(own_rules, "_addresses", {})
    monkeypatch.setattr(own_rules, "_sources", {})
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if name.startswith("rules_"):
            del sys.modules[name]


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Write a module into the current folder: its name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")

    def written(text: str, name: str = "rules_of_mine") -> str:
        (tmp_path / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        return name

    return written


def tokyo(routing: str, *more: str):
    return caresim.load("experiment=tokyo", *SMALL, f"staffing.social_team.desks.social.routing={routing}", *more)


def command(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "caresim", *words], capture_output=True, text=True, check=False)


def test_a_rule_written_by_a_user_is_the_rule_of_ours_that_says_the_same(module):
    load([module(RULE)])
    mine, ours = (run(tokyo(routing), "social_team", 0) for routing in ("latest_word", "newest"))
    assert digest(mine) == digest(ours)
    assert digest(mine) != digest(run(tokyo("first_come"), "social_team", 0))


def test_interpreted_it_gives_the_same_bytes(module):
    name = module(RULE)
    load([name])
    script = (
        "import caresim; from caresim.run.plugins import load; from caresim.scenario.run import run;"
        f"from tests.support.tokyo_runs import digest; load([{name!r}]);"
        f"print(digest(run(caresim.load('experiment=tokyo', *{SMALL!r}, 'population.scale=0.004',"
        "'staffing.social_team.desks.social.routing=latest_word'), 'social_team', 1)))"
    )
    root = str(Path(__file__).parents[2])
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": path}
    found = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == digest(run(tokyo("latest_word", "population.scale=0.004"), "social_team", 1))


def test_the_command_line_takes_a_module_by_name(module, tmp_path):
    words = ("experiment=tokyo", *SMALL, "staffing.social_team.desks.social.routing=latest_word")
    done = command("--plugin", module(RULE), *words)
    assert done.returncode == 0, done.stderr
    refused = command(*words)
    assert refused.returncode == 2
    assert "allowed: first_come, newest" in refused.stderr
    assert "--plugin" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_rule_that_fails_is_named_with_its_desk(module):
    """Of two desks with rules of the user's, the one where it failed; in a run, a story and a Mesa model alike."""
    load([module(RULE), module(FAILING, "rules_that_fail")])
    social = "staffing.social_team.desks.social.routing"
    experiment = tokyo("failing", "staffing.social_team.desks.paris_phone.routing=latest_word")
    for attempt in (
        lambda: caresim.simulate(experiment),
        lambda: caresim.story(experiment, passenger=0),
        lambda: caresim.CareModel(experiment, "social_team").run_until(experiment.ends),
    ):
        with pytest.raises(BadInput, match=f"{social} = 'failing': failed, or returned NaN"):
            attempt()


def test_the_command_line_names_it_too(module):
    done = command(
        *("--plugin", module(FAILING), "experiment=tokyo", *SMALL),
        "staffing.social_team.desks.social.routing=failing",
    )
    assert done.returncode == 2
    assert "staffing.social_team.desks.social.routing = 'failing': failed, or returned NaN" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "registers no routing rule"),
        ("import caresim.nothing_of_the_kind", "cannot be imported"),
        ("1 / 0", "ZeroDivisionError"),
        (RULE.replace("latest_word", "newest"), "caresim has a routing rule newest"),
        (RULE.replace("'''What was posted last is next.'''", "pass"), "needs a docstring"),
        (RULE.replace("-world.contacts[contact].posted", "open(contact)"), "latest_word cannot be compiled"),
        (RULE.replace(".posted", ".postd"), "latest_word cannot be compiled: KeyError: 'postd'"),
    ],
)
def test_a_module_that_cannot_be_used_is_refused(module, text, message):
    name = module(text, f"rules_{abs(hash(message))}")
    with pytest.raises(BadInput, match=message):
        load([name])


@pytest.mark.parametrize("name", ["no_such_module_here", "../rules", "my rules", "rules.py"])
def test_a_name_that_leads_to_no_module_is_refused(name):
    with pytest.raises(BadInput, match="--plugin"):
        load([name])


def test_configuration_cannot_name_a_module():
    for key in ("plugin", "plugins"):
        with pytest.raises(BadInput, match="unknown key"):
            caresim.load("experiment=tokyo", f"{key}=my_rules")


def test_blocks_of_another_version_of_a_rule_are_not_taken(module):
    """What names a block is the rule that runs: a file that is edited and not imported anew changes nothing."""
    load([module(RULE)])
    before = content_hash(tokyo("latest_word"))
    name = module(RULE.replace("-world", "-2.0 * world"))
    assert content_hash(tokyo("latest_word")) == before
    importlib.reload(sys.modules[name])
    assert content_hash(tokyo("latest_word")) != before


def test_a_worker_with_another_version_is_refused(module):
    load([module(RULE)])
    with pytest.raises(BadInput, match="restart the workers"):
        far._check(far.Expected(code_hash(), library_versions(), tuple(own_rules.modules()), "another digest"))


def test_two_modules_with_a_rule_of_one_name_are_refused(module):
    load([module(RULE)])
    with pytest.raises(BadInput, match="rules_of_mine has a routing rule latest_word"):
        load([module(RULE, "rules_of_others")])


def test_a_rule_without_a_source_is_refused():
    space: dict[str, object] = {"__name__": "rules_typed_in"}
    exec(textwrap.dedent(RULE).replace("@caresim.routing_rule\n", ""), space)
    with pytest.raises(TypeError, match="put it into a module"):
        caresim.routing_rule(space["latest_word"])


def test_workers_in_other_processes_know_the_rule(module, tmp_path):
    distributed = pytest.importorskip("distributed")
    load([module(RULE)])
    one = {"output_dir": str(tmp_path / "near")}
    experiment = tokyo("latest_word", "record=all", f"output_dir={one['output_dir']}")
    near = caresim.compare(experiment)
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        away = experiment.model_copy(update={"output_dir": str(tmp_path / "far")})
        far = caresim.compare(away, cluster=cluster.scheduler_address)
    assert far.contacts.equals(near.contacts)
