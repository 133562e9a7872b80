"""What is built has all that a run needs: the sources and every file of conf/."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONF = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "conf").rglob("*.yaml"))
KINDS = {".py", ".html", ".css"}
SOURCES = sorted(
    path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.*") if path.suffix in KINDS
)


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


# --- with and without compiled code ---


def test_a_plain_wheel_is_for_every_system_and_brings_no_code(built, wheel):
    (path,) = built.glob("*.whl")
    assert path.name.endswith("-py3-none-any.whl")
    assert not any(name.startswith("caresim/compiled/") for name in wheel)


@pytest.fixture(scope="session")
def compiled_wheel(tmp_path_factory) -> Path:
    """A wheel that brings compiled code along, by the one command that builds it."""
    folder = tmp_path_factory.mktemp("compiled")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-build-isolation", "--no-deps",
         "--wheel-dir", str(folder), str(ROOT)],
        env={**os.environ, "CARESIM_COMPILED": "1"}, check=True, timeout=300,
    )  # fmt: skip
    (path,) = folder.glob("*.whl")
    return path


def test_a_wheel_with_compiled_code_is_for_one_python_and_one_system(compiled_wheel):
    python = f"cp{sys.version_info.major}{sys.version_info.minor}"
    *_, interpreter, abi, system = compiled_wheel.stem.split("-")
    assert (interpreter, abi) == (python, python)
    assert system == sysconfig.get_platform().replace("-", "_").replace(".", "_")
    with zipfile.ZipFile(compiled_wheel) as archive:
        (code,) = (name for name in archive.namelist() if name.startswith("caresim/compiled/"))
        assert archive.getinfo(code).external_attr >> 16 & 0o022 == 0
        assert "Root-Is-Purelib: false" in next(
            archive.read(name).decode() for name in archive.namelist() if name.endswith("/WHEEL")
        )


def test_its_code_is_taken_without_compiling_and_gives_the_same_bytes(compiled_wheel, tmp_path):
    """Unpacked where only its owner may write, with no other code within reach, against code for this processor."""
    with zipfile.ZipFile(compiled_wheel) as archive:
        archive.extractall(tmp_path / "installed")
    for path in (tmp_path / "installed").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    script = """
import json
import caresim
from caresim.model import compilation
from tests.support import golden_file
if "installed" in caresim.__file__:
    compilation.compile_whole = None
print(json.dumps([caresim.__file__, *map(golden_file.computed, ("compiegne", "messenger", "queue", "tokyo"))]))
"""
    homes = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR"), str(tmp_path / "home"))
    paths = os.pathsep.join([str(tmp_path / "installed"), str(ROOT)])
    said = [
        subprocess.run(
            [sys.executable, "-P", "-c", script], env={**os.environ, **more}, cwd=tmp_path, capture_output=True,
            text=True, check=True,
        ).stdout
        for more in ({**homes, "PYTHONPATH": paths}, {"PYTHONPATH": str(ROOT)})
    ]  # fmt: skip
    (installed, *shipped), (here, *own) = map(json.loads, said)
    assert installed.startswith(str(tmp_path / "installed"))
    assert not here.startswith(str(tmp_path))
    assert shipped == own
