"""What is built has all that a run needs: the sources and every file of conf/."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONF = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "conf").rglob("*.yaml"))
SOURCES = sorted(path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py"))


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """A folder with a wheel and a source distribution of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)], cwd=ROOT, check=True, timeout=120
    )
    return folder


@pytest.fixture(scope="session")
def wheel(built) -> set[str]:
    (path,) = built.glob("*.whl")
    return set(zipfile.ZipFile(path).namelist())


@pytest.fixture(scope="session")
def sdist(built) -> set[str]:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_there_is_a_configuration_to_ship():
    assert "conf/config.yaml" in CONF
    assert "conf/experiment/tokyo.yaml" in CONF


def test_the_wheel_has_every_configuration_file(wheel):
    assert {f"caresim/{name}" for name in CONF} <= wheel


def test_the_wheel_has_every_source_and_nothing_else(wheel):
    rest = {name for name in wheel if ".dist-info/" not in name and not name.startswith("caresim/conf/")}
    assert set(SOURCES) <= rest
    assert {name.split("/")[0] for name in rest} == {"caresim"}


def test_the_wheel_has_the_licence(wheel):
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel)


def test_the_source_distribution_builds_and_tests_the_same(sdist):
    own_tests = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    pages = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "constraints.txt"}
    assert {*CONF, *(f"src/{name}" for name in SOURCES), *own_tests, *pages} <= sdist


def test_the_command_is_installed(built):
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        assert "caresim = caresim.__main__:main" in archive.read(name).decode()


def test_the_licence_is_apache_2(wheel):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    first = (ROOT / "LICENSE").read_text(encoding="utf-8").split("\n\n")[0].strip()
    assert project["license"] == "Apache-2.0"
    assert first.startswith("Apache License\n")
