"""Files are short, speak of the project alone, and the README's commands are those that are checked."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from tests.support.quick import SLOW

LONGEST = 400
SHORTEST = 40
SHORT = {
    "run/script_progress.py": "how a script is told how far a study is, as notebook_progress.py does in a notebook",
    "report/on_axes.py": "a panel on axes of the user's: what the figures of all tasks stand under",
    "inference/two_samples.py": "the only interval that rests on no pairs",
    "tasks/nowcast/folder.py": "the folder that nowcasts of calls and of written desks leave behind alike",
    "tasks/nowcast/mood.py": "how angry a wait makes, by the law of the crisis experiments",
    "config/replanning.py": "how tomorrow's roster follows today: a group of keys of a desk",
    "config/premium.py": "what nights and Sundays cost: a group of keys that kinds of staff and desks share",
    "scenario/recent.py": "what runs of one draw share: for tables of worlds, and for blocks",
    "model/question.py": "which kind of question somebody has: the lowest file that knows of facts",
    "scenario/operators.py": "the operators as a table: a file a table of the world",
    "agents/columns.py": "the columns of a world as arrays: the lowest file of the driver, which all others read",
    "agents/numbers.py": "the numbers by which Mesa knows agents",
    "model/room.py": "rooms: the lowest file that knows of them, which four others ask",
    "config/sharing.py": "who is told what: the keys, below the experiment; shares.py is above it",
    "config/turnover.py": "what it costs that people leave: a file a group of keys",
    "config/warnings/posts.py": "a file a kind of warning",
    "config/warnings/__init__.py": "the list of all warnings of an experiment",
    "config/references.py": "what names in one section refer to in another, for all files of checks",
    "tasks/compare/what_matters.py": "the one list of the metrics that a manager is shown",
    "tasks/dashboard/command.py": "what runs a task: a file a task",
    "tasks/explain/command.py": "what runs a task: a file a task",
    "tasks/roster/command.py": "what runs a task: a file a task",
    "tasks/story/command.py": "what runs a task: a file a task",
    "tasks/backtest/history/predict.py": "the two tracks of a history backtest, and nothing of how each is made",
    "agents/__init__.py": "what `caresim.agents` offers",
    "measure/clock.py": "minutes as times of day, for tables and figures",
    "tasks/backtest/signers/settings.py": "what a backtest can be asked for: a file a backtest",
    "tasks/backtest/stylised/__init__.py": "the registry of stylised facts",
    "tasks/dashboard/panel.py": "the component for pages of Mesa, which `caresim.agents` users import",
}
"""Files below 40 lines that are a thing of their own, and what each is. Others belong into what they are part of."""
MACHINE = re.compile(
    r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+|opt/wheels)/|[A-Za-z]:\\Users\\"  # somebody's folders
    r"|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|anaconda[.]org|deb[.]debian[.]org"  # where packages lie
    r"|--(?:extra-)?index[-]url|--find[-]links"
)
GENERATED = {".png", ".svg", ".parquet", ".gz", ".block"}


@pytest.fixture(scope="session")
def tracked(root) -> list[Path]:
    """Every file that is in git or would be with the next commit."""
    if not (root / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [path for name in sorted(set(listing.split("\0")) - {""}) if (path := root / name).is_file()]


def test_no_file_holds_two_things(sources):
    long = {source.name: lines for source in sources if (lines := len(source.text.splitlines())) > LONGEST}
    assert not long, f"split these files of more than {LONGEST} lines: {long}"


def test_a_short_file_is_a_thing_of_its_own(sources):
    """A file that has grown or gone leaves the list; the `__init__.py` of a folder may be its docstring alone."""
    short = {source.name for source in sources if len(source.text.splitlines()) < SHORTEST and not is_a_sign(source)}
    new, gone = short - set(SHORT), set(SHORT) - short
    assert not new, f"fold these into what they belong to, or say in SHORT what they are: {sorted(new)}"
    assert not gone, f"take these out of SHORT, they are not short any more: {sorted(gone)}"


def is_a_sign(source) -> bool:
    """Is it an `__init__.py` with nothing but a docstring, which says what the folder is for?"""
    return source.name.endswith("__init__.py") and all(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in source.tree.body
    )


def test_no_file_names_a_machine_or_a_registry(tracked, root):
    wrong = []
    for path in tracked:
        if path.suffix in GENERATED:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if match := MACHINE.search(line):
                wrong.append(f"{path.relative_to(root)}:{number} {match.group()}")
    assert not wrong, "\n".join(wrong)


def test_constraints_are_versions_alone(root):
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert pinned
    form = re.compile(r'[a-z0-9.-]+==[0-9][0-9a-z.]*(?:; python_version (?:<|>=) "3\.\d+")?')
    assert [line for line in pinned if not form.fullmatch(line)] == []


def test_every_requirement_is_pinned(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    pinned = {line.partition("==")[0] for line in (root / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    assert {re.split(r"[\[<>=]", line)[0] for line in wanted} <= pinned


@pytest.mark.parametrize("name", ["main_job", "run_tests"])
def test_the_readme_says_what_is_checked(root, name):
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    command = re.search(rf"^{name}='(.+)'$", script, flags=re.MULTILINE)
    assert command, f".ci/run has no line {name}='...'"
    readme = (root / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in readme if line.strip() == command.group(1)], f"README.md has no line {command.group(1)!r}"
    assert f'"${name}"' in script.replace(command.group(0), ""), f".ci/run does not run ${name}"


@pytest.mark.parametrize("entry", sorted(SLOW))
def test_what_is_listed_as_slow_is_there(root, entry):
    path, _, name = entry.partition("::")
    assert (root / path).exists()
    assert not name or f"def {name.partition('[')[0]}(" in (root / path).read_text(encoding="utf-8")
