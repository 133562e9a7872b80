"""Files are short, speak of the project alone, and the README's commands are those that are checked."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

LONGEST = 400
MACHINE = re.compile(
    r"(?<![\w.])/(?:root|work|home/\w+|Users/\w+|opt/wheels)/|[A-Za-z]:\\Users\\"  # somebody's folders
    r"|pypi[.]org|pythonhosted[.]org|registry[.]npmjs|anaconda[.]org|deb[.]debian[.]org"  # where packages lie
    r"|--(?:extra-)?index[-]url|--find[-]links"
)
GENERATED = {".png", ".svg", ".parquet", ".gz"}


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
