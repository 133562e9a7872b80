"""Imports point one way, and each library is used in its own place."""

from __future__ import annotations

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter

import pytest
from tests.style.conftest import PACKAGE

BELOW = {
    "config": {"settings", "words", "rules", "cores", "owners"},
    "words": set(),
    "cores": set(),
    "owners": set(),
    "rules": {"model"},
    "settings": {"config"},
    "model": set(),
    "theory": {"config"},
    "scenario": {"config", "model"},
    "measure": {"config", "model", "scenario"},
    "inference": set(),
    "run": {"config", "model", "scenario", "measure", "inference"},
    "agents": {"config", "model", "scenario", "measure", "run"},
    "report": {"config", "model", "scenario", "measure", "inference", "run"},
    "tasks": {"config", "model", "scenario", "measure", "inference", "run", "report", "agents", "theory"},
    "caresim": {
        *("config", "model", "scenario", "measure", "inference", "run", "report", "tasks", "agents", "theory"),
    },
}
"""What each folder of src/caresim may import besides itself; 'caresim' stands for the files above the folders.

'words' are the media, needs, codes and numbers of the model, which configuration speaks, too; 'rules' knows which
routing rules there are; 'cores' counts those of this machine, by which work is priced; 'owners' says who could have
written a file, before what is kept in a cache is believed. 'settings' are the files of
tasks/ that say what a task can be asked for: they are part of the configuration, and stand in the folder of their task.
"""
ROOMS = {
    "settings": re.compile(r"tasks[./](?:(?:registry|task)\b|\w+[./]settings\b)"),
    "rules": re.compile(r"model[./]own_rules\b"),
    "cores": re.compile(r"model[./]cores\b"),
    "owners": re.compile(r"model[./]ownership\b"),
    "words": re.compile(r"model[./](?:media|needs|codes|behaviour)\b"),
}


def room(name: str) -> str:
    """What a file or a module belongs to, by its path or name within the package."""
    return next((room for room, files in ROOMS.items() if files.match(name)), re.split("[./]", name)[0])


PART_OF = {"settings": "tasks", "words": "model", "rules": "model", "cores": "model", "owners": "model"}
"""Rooms that lie in the folder of another: whoever may import that may import them."""

BUILDS_ON = {
    ("gather", "compare"): "it gathers what the runs of a sweep have left, as the sweep does at its end",
    ("explain", "compare"): "it compares the two staffing models, and combinations of them, in the same replications",
    ("backtest", "calibrate"): "it calibrates on the days before those that it predicts",
    ("nowcast", "calibrate"): "it fits to the days before now as a calibration does",
    ("nowcast", "backtest"): "a written desk is the one that backtest=desks fits",
    ("dashboard", "story"): "it tells the life of the passenger who was clicked",
}
"""Tasks that import from the folder of another, and why. What several tasks show belongs into report/."""

PLACES = {
    "seaborn": {"report", "tasks"},
    "matplotlib": {"report", "tasks"},
    "rich": {"report", "tasks", "run"},
    "hydra": {"config", "tasks"},
    "omegaconf": {"config", "tasks"},
    "numba": {"model"},
}
"""Libraries that belong to some folders alone."""


PART_OF_ANOTHER = {"llvmlite", "pydantic_core", "solara", "solara_assets"}
"""Libraries that a declared one brings along in the one version that fits it, and documents for use."""


USED_BY_OTHERS = {
    "tzdata": "the standard library's zoneinfo reads it where the system has no time zones",
}
"""Declared libraries that no source imports, and why they are needed all the same."""


def test_imports_point_one_way(sources):
    wrong = []
    for source in sources:
        for line, name in source.imports():
            package, _, rest = name.partition(".")
            target = room(rest)
            layer = room(source.name) if "/" in source.name else "caresim"
            if package != "caresim" or target == layer or PART_OF.get(target) in {layer, *BELOW[layer]}:
                continue
            if target in BELOW:
                if target not in BELOW[layer]:
                    wrong.append(f"{source.name}:{line} imports {name}")
            elif layer != "caresim" and target != "__version__":
                wrong.append(f"{source.name}:{line} imports {name} from above the folders")
    assert not wrong, "\n".join(wrong)


def module_of(source) -> str:
    """The module that a file is."""
    return ".".join(("caresim/" + source.name).removesuffix(".py").removesuffix("/__init__").split("/"))


def test_no_files_import_each_other_in_a_circle(sources):
    """Neither when they run nor for their types alone: whoever reads a file has read all below it, or can."""
    modules = {module_of(source): source for source in sources}

    def file_of(name: str) -> str:
        while name and name not in modules:
            name = name.rpartition(".")[0]
        return name

    imports = {module: {file_of(name) for _, name in source.imports()} for module, source in modules.items()}
    graph = {module: {other for other in others if other not in ("", module)} for module, others in imports.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def task_of(name: str) -> str | None:
    """The task whose folder holds a file or a module, by its path or name within the package."""
    folder = re.match(r"tasks/(\w+)/|tasks\.(\w+)\.", name)
    return next(filter(None, folder.groups())) if folder else None


def test_a_task_imports_another_only_where_it_builds_on_it(sources):
    """Settings are part of the configuration, which knows the tasks in any case."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for source in sources:
        if (task := task_of(source.name)) is None:
            continue
        for line, name in source.imports():
            other = task_of(name.removeprefix("caresim."))
            if other not in (None, task) and (PACKAGE / "tasks" / other).is_dir():
                pairs.setdefault((task, other), []).append(f"{source.name}:{line} imports {name}")
    strays = [line for pair, lines in pairs.items() if pair not in BUILDS_ON for line in lines]
    assert not strays, "\n".join(strays)
    assert set(pairs) == set(BUILDS_ON), "a line that nothing needs any more"


def test_every_folder_has_its_place(sources):
    assert {source.layer for source in sources} <= set(BELOW)


def test_the_formulas_stand_alone(sources):
    """What runs are checked by takes nothing from what runs, except how it refuses bad input."""
    taken = {name for source in sources if source.layer == "theory" for _, name in source.imports()}
    ours = {name for name in taken if name.startswith("caresim.") and not name.startswith("caresim.theory")}
    assert ours == {"caresim.config.errors.BadInput"}


def test_the_model_needs_numpy_and_numba_only(sources):
    allowed = {"caresim", "numpy", "numba", "llvmlite", "__future__"} | set(sys.stdlib_module_names)
    foreign = [
        f"{source.name}:{line} imports {name}"
        for source in sources
        if source.layer == "model"
        for line, name in source.imports()
        if name.split(".")[0] not in allowed
    ]
    assert not foreign, "\n".join(foreign)


@pytest.mark.parametrize("library", sorted(PLACES))
def test_a_library_stays_in_its_place(sources, library):
    strays = [
        f"{source.name}:{line} imports {name}"
        for source in sources
        if source.layer not in PLACES[library]
        for line, name in source.imports()
        if name.split(".")[0] == library
    ]
    assert not strays, "\n".join(strays)


def test_every_library_is_declared(sources, root):
    """What the sources import is named in pyproject.toml, with a lower bound."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["cluster"], *extras["live"]]
    declared = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in wanted}
    assert all(">=" in line for line in wanted)
    owners = importlib.metadata.packages_distributions()
    missing = set()
    for source in sources:
        for line, name in source.imports():
            module = name.split(".")[0]
            if module == "caresim" or module in sys.stdlib_module_names:
                continue
            owner = {owner.lower() for owner in owners.get(module, [module])}
            if not owner & declared and module not in PART_OF_ANOTHER:
                missing.add(f"{source.name}:{line} imports {module}")
    assert not missing, "\n".join(sorted(missing))


def test_every_declared_library_is_used(sources, root):
    """What a user has to install is imported somewhere, or there is a reason for it."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    owners = importlib.metadata.packages_distributions()
    used = {
        owner.lower()
        for source in sources
        for _, name in source.imports()
        for owner in owners.get(name.split(".")[0], [name.split(".")[0]])
    }
    declared = {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in project["dependencies"]}
    assert declared - used == set(USED_BY_OTHERS)


def loaded_by(*arguments: str) -> set[str]:
    """Top-level names of all modules that a fresh interpreter loads."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True, timeout=120
    )
    return {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines() if "|" in line}


def test_importing_caresim_is_light():
    heavy = {"matplotlib", "seaborn", "numba", "scipy", "pandas", "hydra", "pydantic", "rich", "mesa"}
    assert not loaded_by("-c", "import caresim") & heavy


def test_help_is_light():
    heavy = {"matplotlib", "seaborn", "numba", "scipy", "pandas", "pyarrow", "joblib", "mesa"}
    assert not loaded_by("-m", "caresim", "--help") & heavy
