"""No file that is read runs code: configuration, finished blocks, tables, settings of libraries in the current folder.

Each test plants a trap, has the file read in the usual way, and looks whether the trap has sprung.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from pyarrow import parquet
from tests.support.traps import MARK, MODULE, Trap, sprung

from caresim.config.compose import compose
from caresim.config.errors import BadInput
from caresim.model import own_rules
from caresim.run.block import Finished
from caresim.run.block_file import NAMES, NotABlock, decoded, encoded
from caresim.run.folder import write
from caresim.run.long_table import read
from caresim.run.plugins import load
from caresim.run.results import Results
from caresim.run.store import Store
from caresim.tasks import request as asking
from caresim.tasks.compare.compare import compare
from caresim.tasks.jobs import jobs_of

TRAP = pickle.dumps(Trap(), protocol=5)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The current folder: modules that spring, and at the end of the test nothing may have."""
    for name in ("evil", "evil_plugins"):
        (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    yield tmp_path
    assert not sprung(tmp_path)


@pytest.fixture
def on_path(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder is one where Python looks for modules, as in a notebook."""
    monkeypatch.syspath_prepend(here)
    return here


def test_the_traps_are_traps(on_path: Path) -> None:
    pickle.loads(TRAP)
    assert sprung(on_path)
    yaml.unsafe_load(f"!!python/object/apply:os.mkdir [{MARK}]")
    assert sprung(on_path)
    importlib.import_module("evil").trap()
    assert sprung(on_path)
    del sys.modules["evil"]


# --- configuration ---

IN_A_FILE = {
    "an-object-of-python": f"name: !!python/object/apply:os.mkdir [{MARK}]",
    "a-new-object-of-python": "name: !!python/object/new:evil.Trap []",
    "a-name-of-python": "name: !!python/name:evil.trap",
    "a-module-of-python": "name: !!python/module:evil",
    "a-tag-of-its-own": "name: !evil.trap {}",
    "a-target": "population: {_target_: evil.trap}",
    "a-target-with-arguments": "study: {_target_: evil.trap, _args_: [1], _partial_: false}",
    "a-callback": "hydra: {callbacks: {mine: {_target_: evil.Trap}}}",
    "a-launcher": "hydra: {launcher: {_target_: evil.Trap}}",
    "a-sweeper": "hydra: {sweeper: {_target_: evil.Trap}}",
    "a-handler-of-logs": "hydra: {job_logging: {version: 1, handlers: {mine: {(): evil.trap}}}}",
    "a-search-path": "hydra: {searchpath: ['pkg://evil']}",
    "a-resolver": "name: ${evil.trap:1}",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in IN_A_FILE.items()])
def test_a_configuration_file_runs_nothing(text: str, on_path: Path) -> None:
    """It is refused."""
    (on_path / "experiment").mkdir()
    head = "# @package _global_\ndefaults: [tokyo, _self_]\n"
    (on_path / "experiment" / "mine.yaml").write_text(f"{head}{text}\n")
    sweep = ["-m", "seed=1,2"] if "sweeper" in text else []
    asked = asking.parse(["--config-dir", str(on_path), "experiment=mine", *sweep])
    with pytest.raises(BadInput, match="no file sets" if text.startswith("hydra:") else None):
        jobs_of(asked)


@pytest.mark.parametrize(
    "word",
    [
        "hydra/launcher=evil",
        "hydra.launcher._target_=evil.Trap",
        "+hydra.callbacks.mine._target_=evil.Trap",
        "++hydra.sweeper._target_=evil.Trap",
        "hydra.searchpath=[pkg://evil]",
        "hydra.job_logging={version: 1, handlers: {mine: {(): evil.trap}}}",
        "+staffing/tokyo@hydra.launcher=hybrid",
        "~hydra.launcher",
    ],
)
def test_settings_of_hydras_own_are_refused(word: str, on_path: Path) -> None:
    """Some of them import modules; a module of the user's is named by --plugin."""
    with pytest.raises(BadInput):
        compose(["experiment=tokyo", word])
    with pytest.raises(BadInput):
        asking.parse(["experiment=tokyo", word])


def test_a_group_of_hydras_own_in_a_folder_of_a_user_runs_nothing(on_path: Path) -> None:
    (on_path / "hydra" / "launcher").mkdir(parents=True)
    (on_path / "hydra" / "launcher" / "evil.yaml").write_text("_target_: evil.Trap\n")
    (on_path / "experiment").mkdir()
    file = on_path / "experiment" / "mine.yaml"
    for chosen in ("override /hydra/launcher: evil", "/hydra/launcher: evil", "/staffing/tokyo@hydra.launcher: hybrid"):
        file.write_text(f"# @package _global_\ndefaults: [tokyo, _self_, {{{chosen}}}]\n")
        with pytest.raises(BadInput, match="no file sets"):
            compose(["experiment=mine"], on_path)
    (on_path / "staffing" / "tokyo").mkdir(parents=True)
    (on_path / "staffing" / "tokyo" / "evil.yaml").write_text("# @package hydra.launcher\n_target_: evil.Trap\n")
    file.write_text("# @package _global_\ndefaults: [tokyo, {/staffing/tokyo: evil}, _self_]\n")
    with pytest.raises(BadInput, match="no file sets"):
        compose(["experiment=mine"], on_path)


def test_a_file_cannot_choose_who_computes(here: Path) -> None:
    """The scheduler of a cluster may send any code."""
    (here / "experiment").mkdir()
    text = "# @package _global_\ndefaults: [tokyo, _self_]\ncluster: tcp://127.0.0.1:9\n"
    (here / "experiment" / "mine.yaml").write_text(text)
    with pytest.raises(BadInput, match=r"cluster = 'tcp://127\.0\.0\.1:9': is set by a file; .*on the command line"):
        compose(["experiment=mine"], here)
    assert compose(["experiment=mine", "cluster=tcp://host:1"], here).cluster == "tcp://host:1"


def test_a_backtest_runs_nothing(on_path: Path) -> None:
    (on_path / "backtest").mkdir()
    (on_path / "backtest" / "mine.yaml").write_text(f"name: !!python/object/apply:os.mkdir [{MARK}]\n")
    with pytest.raises(BadInput):
        asking.command_of("backtest")(
            asking.parse(["--config-dir", str(on_path), "task=backtest", "backtest=mine"]), []
        )


# --- finished blocks and tables ---


def crafted(schema: pa.Schema, columns: list[pa.Array]) -> pa.Table:
    return pa.Table.from_arrays(columns, schema=schema)


def pandas_says(**more: Any) -> dict[bytes, bytes]:
    column = {"name": "x", "field_name": "x", "pandas_type": "object", "numpy_type": "object", "metadata": None, **more}
    about = {"columns": [column], "index_columns": ["x"], "column_indexes": [column], "pandas_version": "3.0"}
    return {b"pandas": json.dumps(about).encode()}


TABLES = {
    "an-extension-type-of-python": crafted(
        pa.schema(
            [
                pa.field(
                    "x",
                    pa.int64(),
                    metadata={
                        "ARROW:extension:name": "arrow.py_extension_type",
                        "ARROW:extension:metadata": TRAP,
                    },
                )
            ]
        ),
        [pa.array([1, 2])],
    ),
    "an-extension-type-that-nobody-knows": crafted(
        pa.schema(
            [
                pa.field(
                    "x", pa.int64(), metadata={"ARROW:extension:name": "evil.Trap", "ARROW:extension:metadata": TRAP}
                )
            ]
        ),
        [pa.array([1, 2])],
    ),
    "pickles-in-a-column-of-objects": crafted(
        pa.schema([pa.field("x", pa.binary())], metadata=pandas_says(pandas_type="bytes")), [pa.array([TRAP, TRAP])]
    ),
    "a-type-of-pandas-in-a-module": crafted(
        pa.schema([pa.field("x", pa.int64())], metadata=pandas_says(numpy_type="evil.Trap", pandas_type="evil.trap")),
        [pa.array([1, 2])],
    ),
    "a-name-that-is-an-expression": crafted(
        pa.schema(
            [pa.field("x", pa.int64())],
            metadata=pandas_says(name=f"__import__('os').mkdir({MARK!r})", pandas_type="unicode"),
        ),
        [pa.array([1, 2])],
    ),
}
"""Arrow tables whose schemas try to have something run by who reads them."""


def block_of(table: pa.Table) -> bytes:
    """A finished block that is whole but for one frame, which is this table."""
    from caresim.run import block_file

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    stream = bytes(sink.getvalue())
    frames: dict[str, list[Any]] = {name: [] for name in NAMES}
    frames["curves"] = [{"at": 0, "size": len(stream), "rows": len(table), "columns": 1}]
    return sealed({"rows": [], "events": [], "processor_s": 0.0, "frames": frames}, stream, block_file)


def sealed(told: Any, stream: bytes, block_file: Any) -> bytes:
    import hashlib

    text = json.dumps(told).encode()
    body = len(text).to_bytes(block_file._LENGTH, "little") + text + stream
    return bytes(block_file.MAGIC + hashlib.sha256(body).digest() + body)


@pytest.mark.parametrize("name", list(TABLES))
def test_a_block_runs_nothing(name: str, on_path: Path) -> None:
    """Its frame is data, whatever its schema says, or it is no block."""
    try:
        (frame,) = decoded(block_of(TABLES[name])).pieces("curves")
    except NotABlock:
        return
    assert len(frame) == 2


@pytest.mark.parametrize("name", list(TABLES))
def test_a_table_runs_nothing(name: str, on_path: Path) -> None:
    parquet.write_table(TABLES[name], on_path / "table.parquet")
    try:
        table = read(on_path / "table.parquet")
    except (ValueError, TypeError, KeyError, NotImplementedError):
        return
    assert len(table) == 2


@pytest.mark.parametrize(
    "row",
    [
        {"py/object": "evil.Trap"},
        {"py/reduce": [{"py/function": "os.mkdir"}, {"py/tuple": [MARK]}]},
        {"__reduce__": f"os.mkdir({MARK!r})"},
        {"_target_": "evil.trap"},
    ],
)
def test_the_numbers_of_a_block_are_data(row: dict[str, Any], on_path: Path) -> None:
    assert decoded(encoded(Finished(rows=[row]))).rows == [row]


def test_a_pickle_is_no_block(on_path: Path) -> None:
    with pytest.raises(NotABlock):
        decoded(TRAP)


def test_the_folder_of_a_run_runs_nothing(
    on_path: Path, tmp_path_factory: pytest.TempPathFactory, tokyo: Any, without_engine: Any
) -> None:
    """Nor does it say who computes what is asked of its experiment next."""
    place = tmp_path_factory.mktemp("outputs")
    folder = write(compare(tokyo, Store(place / "work")), place)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["configuration"]["cluster"] = "tcp://127.0.0.1:9"
    manifest |= {"_target_": "evil.trap", "durations": {"py/object": "evil.Trap"}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "contacts.pkl").write_bytes(TRAP)
    for name, table in TABLES.items():
        parquet.write_table(table, folder / "contacts.parquet")
        try:
            loaded = Results.load(folder)
        except BadInput:
            continue
        assert loaded.experiment.cluster is None, name
        assert len(loaded.contacts) == 2


# --- the current folder ---

LIBRARIES = (
    *("altair", "distributed", "hydra", "ipyvue", "joblib", "llvmlite", "matplotlib", "mesa", "networkx", "numba"),
    *("numpy", "omegaconf", "pandas", "pyarrow", "pydantic", "rich", "scipy", "seaborn", "sitecustomize", "solara"),
    *("usercustomize", "yaml", "csv", "json", "decimal", "zipfile", "antlr4", "PIL"),
)


@pytest.mark.skipif(sys.flags.safe_path, reason="this Python leaves the current folder out by itself")
def test_a_run_in_a_folder_full_of_traps_springs_none(here: Path) -> None:
    """Modules named like libraries, plugins of Hydra, a backend of Matplotlib, settings of Numba."""
    for name in LIBRARIES:
        (here / f"{name}.py").write_text(MODULE)
    (here / "hydra_plugins").mkdir()
    (here / "hydra_plugins" / "evil.py").write_text(MODULE)
    (here / "matplotlibrc").write_text("backend: module://evil\naxes.prop_cycle: evil.trap()\n")
    (here / ".numba_config.yaml").write_text("cache_locator_classes: evil.Trap\n")
    (here / "setup.cfg").write_text("[options]\n")
    words = ("experiment=queue", "queue.arrival_rate=1", "queue.service_mean=1", "queue.servers=2", "replications=2")
    done = started("-m", "caresim", *words)
    assert done.returncode == 0, done.stderr
    assert list((here / "outputs").glob("*/figures/*.png"))
    assert not sprung(here)


def started(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.skipif(sys.flags.safe_path, reason="this Python leaves the current folder out by itself")
def test_python_itself_takes_a_file_that_is_named_like_the_program(here: Path) -> None:
    """What is trusted, and cannot be otherwise: `python -m` looks here first, before a line of ours runs."""
    (here / "caresim.py").write_text(MODULE)
    started("-m", "caresim", "--help")
    assert sprung(here)
    assert started("-P", "-m", "caresim", "--help").stdout.startswith("caresim")
    assert not sprung(here)


def test_a_plugin_is_the_one_module_that_is_taken_from_here(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its neighbours are not looked at once it is loaded."""
    monkeypatch.setattr(own_rules, "OWN", {})
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    rule = "@caresim.routing_rule\ndef by_row(world, contact):\n    '''The first row is next.'''\n    return contact\n"
    (here / "rules_of_a_test.py").write_text(f"import caresim\n{textwrap.dedent(rule)}")
    load(["rules_of_a_test"])
    assert list(own_rules.OWN) == ["by_row"]
    assert importlib.util.find_spec("evil_plugins") is None
    del sys.modules["rules_of_a_test"]
