"""Laws have code for one signature each: made once, for all of them together, and taken from where it was kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from caresim.model import numba_parts

ROOT = Path(__file__).parents[2]
PREAMBLE = """
import caresim.scenario.run
from caresim.model import compilation
from caresim.model.jit import compiled_before, entry, prepare, specialisations
"""


def in_a_process(script: str, home: Path | None = None, before: str = "") -> str:
    """What a script says that runs in a process of its own; `home`: with no compiled code but what is there."""
    homes = ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME") if home else ()
    environment = {**os.environ, **dict.fromkeys(homes, str(home))}
    said = subprocess.run(
        [sys.executable, "-c", before + PREAMBLE + script],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    return said.stdout.strip()


def test_a_run_needs_no_law_but_those_that_are_made_together():
    script = """
from caresim.config.compose import compose
from caresim.scenario.run import run
before = compilation.code_of_one
compilation.code_of_one = None
run(compose(["experiment=tokyo", "population.scale=0.05"]), "hybrid", 0)
found = specialisations()
print(len(found) > 200, found["run"], max(found.values()), found["happens"])
"""
    assert in_a_process(script) == "True 1 1 0"


def test_python_may_call_a_law_with_other_types_than_it_is_made_for():
    script = """
from caresim.model.exact import exp, log
assert log(1) == 0.0 and exp(True) == exp(1.0) and log(2.0) > 0.69
try:
    log("two")
except TypeError as error:
    print("refused")
"""
    assert in_a_process(script) == "refused"


def test_python_may_call_any_law():
    """One that is not made with the others is compiled by itself, with all that it calls, and is the same law."""
    script = """
from caresim.model.draws import exponential, uniform
from caresim.model.exact import log
assert specialisations()["exponential"] == 0
print(exponential(2.0, 5, 7, 3, 0) == -2.0 * log(uniform(5, 7, 3, 0)), specialisations()["exponential"])
"""
    assert in_a_process(script) == "True 1"


def test_code_that_is_there_is_loaded_not_made(tmp_path):
    first = in_a_process("print(compiled_before()); prepare(); print(compiled_before())", tmp_path)
    script = """
compilation.whole = None
print(compiled_before()); prepare(); print(specialisations()["run"])
"""
    assert first.split() == ["False", "True"]
    assert in_a_process(script, tmp_path).split() == ["True", "1"]


def test_kept_code_that_does_not_do_what_it_should_is_made_again(tmp_path):
    """It is not only passed over: the next process has good code."""
    in_a_process("prepare()", tmp_path)
    script = """
from caresim.model import numba_parts
real, calls = numba_parts.loaded, []
def loaded(*all):
    calls.append(1)
    return dict.fromkeys(real(*all), lambda *_: 0.0) if len(calls) == 1 else real(*all)
numba_parts.loaded = loaded
prepare()
print(len(calls), specialisations()["run"])
"""
    assert in_a_process(script, tmp_path) == "2 1"
    assert in_a_process("compilation.whole = None; prepare(); print(1)", tmp_path) == "1"


def test_several_threads_may_be_the_first_to_call(tmp_path):
    script = """
from concurrent.futures import ThreadPoolExecutor
from caresim.model.exact import exp
made = []
whole = compilation.whole
compilation.whole = lambda *processor: made.append(1) or whole(*processor)
with ThreadPoolExecutor(8) as threads:
    assert all(value == 1.0 for value in threads.map(exp, [0, 0.0, False] * 20))
print(len(made))
"""
    assert in_a_process(script, tmp_path) == "1"


def test_it_does_not_matter_which_files_of_the_model_have_been_imported():
    """Code is of all laws; a program may know few of them. (No warning either: the script would fail.)"""
    script = """
import warnings
warnings.simplefilter("error")
from caresim.model.exact import exp
print(exp(0.0))
"""
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() == "1.0"


def test_an_error_within_compiled_code_reaches_python():
    script = """
from caresim.model.anger import anger_now
from caresim.model.world import World
world = World()
for law in (anger_now, entry(anger_now)):
    try:
        law(world, 10**9)
    except IndexError as error:
        print(error)
"""
    assert in_a_process(script).splitlines() == ["no such row of passengers"] * 2


def test_a_function_of_somebody_else_may_call_laws():
    """As a user's routing rule does: Numba compiles it in its own way, and links what it calls."""
    script = """
import numba
from caresim.model.draws import lognormal_mean, mix
@numba.njit
def theirs(x):
    return lognormal_mean(3.0, 0.5, mix(x), 1, 2, 0)
print(theirs(12) == lognormal_mean(3.0, 0.5, mix(12), 1, 2, 0), 0 < theirs(12) < 100)
"""
    assert in_a_process(script) == "True True"


def test_every_law_that_python_calls_most_is_marked():
    """What agents and stories ask is made with the rest, so that no run waits for a second compilation."""
    script = """
from caresim.agents.model import CareModel
from caresim.config.compose import compose
compilation.code_of_one = None
model = CareModel(compose(["experiment=tokyo", "population.scale=0.02"]), "hybrid")
model.run_for(48 * 60)
print(model.contacts_made > 0)
"""
    assert in_a_process(script) == "True"


# --- when private parts of Numba are not what they were ---

RUN = """
import hashlib, json
from tests.support import golden_file
found = {name: golden_file.computed(name) for name in ("compiegne", "messenger", "queue", "tokyo")}
print(hashlib.sha256(json.dumps(found).encode()).hexdigest())
"""
"""Rows, metrics and comparisons of experiments that have been cut down."""


@pytest.fixture(scope="module")
def usual():
    return in_a_process(RUN)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A home in which Numba keeps what is compiled by the book."""
    return tmp_path_factory.mktemp("book")


def test_another_numba_compiles_by_the_book(usual, book):
    """A version with which the short way has not been tried: no private part is touched, the bytes are the same.

    It is called by its own name afterwards, so that what Numba keeps serves the tests below as well.
    """
    other = """
import numba
known, numba.__version__ = numba.__version__, '9.9.9'
from caresim.model import numba_parts
numba.__version__ = known
"""
    said = "from caresim.model import numba_parts; assert not numba_parts.SUITS\n"
    assert in_a_process(said + RUN, book, before=other) == usual
    assert not list(book.rglob("*.code"))
    assert list(book.rglob("*.nbc"))


@pytest.mark.skipif(not numba_parts.SUITS, reason="this Numba is compiled with by the book anyway")
@pytest.mark.parametrize(
    "broken",
    [
        pytest.param("def no(*_, **__): raise AttributeError('no such part')\nnumba_parts.emitted = no", id="it-fails"),
        pytest.param(
            "real = numba_parts.loaded\nnumba_parts.loaded = lambda *all: dict.fromkeys(real(*all), lambda *_: 0.0)",
            id="its-code-is-wrong",
        ),
    ],
)
def test_laws_are_compiled_by_the_book_where_the_short_way_fails(broken, book):
    """One warning, and the run goes on."""
    script = f"""
import warnings
from caresim.model import numba_parts
{broken}
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    prepare()
print(told[0].message)
from caresim.config.compose import compose
from caresim.scenario.run import run
print(run(compose(["experiment=tokyo", "population.scale=0.02"]), "hybrid", 0).events > 1000)
"""
    told, ran = in_a_process(script, book).splitlines()
    assert told.startswith("laws are compiled one by one, which takes longer (")
    assert ran == "True"


def test_a_law_that_cannot_be_compiled_says_so(tmp_path):
    """A mistake in a law is not taken for a change of Numba's."""
    script = """
from caresim.model.jit import compiled, float64
@compiled(float64(float64))
def wrong(x):
    return x.no_such_thing
try:
    wrong(1.0)
except Exception as error:
    print(type(error).__name__, "no_such_thing" in str(error))
"""
    assert in_a_process(script) == "TypingError True"
