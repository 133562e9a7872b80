"""What may run code, start programs or read what runs code is named here, each with its reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULES = {
    *("pickle", "cPickle", "_pickle", "dill", "cloudpickle", "marshal", "shelve", "dbm", "joblib", "runpy", "code"),
    *("codeop", "ctypes", "cffi", "imp", "zipimport", "pty", "subprocess"),
    *("nbformat", "nbclient", "jsonpickle", "tables", "h5py"),
}
"""Modules whose files are programs, that begin programs, or that reach into memory."""
PARTS = {"logging.config", "hydra.utils", "hydra.core.hydra_config", "importlib.machinery", "numba.pycc"}
"""Parts of harmless modules that turn names in data into functions."""
BUILT_IN = {"eval", "exec", "compile", "__import__"}
ATTRIBUTES = {
    *("read_pickle", "to_pickle", "read_hdf", "HDFStore", "unpickle", "dictConfig", "fileConfig", "instantiate"),
    *("get_class", "get_method", "get_object", "register_new_resolver", "register_resolver", "literal_eval"),
    *("unsafe_load", "unsafe_load_all", "full_load", "full_load_all", "UnsafeLoader", "FullLoader", "add_constructor"),
    *("enable_caching", "fromregex", "deserialize_pandas", "PyExtensionType", "query", "spawnv", "find_spec"),
    *("spec_from_file_location", "exec_module", "load_module", "resolve_name"),
}
"""Functions and classes, by whichever module."""
OF_A_MODULE = {
    *("yaml.load", "yaml.load_all", "yaml.Loader", "pd.eval", "pandas.eval", "np.load", "numpy.load", "np.save"),
    *("os.system", "os.popen", "os.startfile", "os.execv", "os.execvp", "os.spawnl", "pa.deserialize"),
}
WORDS = {"_target_", "module://", "pkg://", "shell=True"}
"""Parts of texts that others understand as the name of something to run."""

ALLOWED = {
    ("run/processes.py", "pickle"): "an end of the pipe between a process and a worker that it has started itself",
    ("run/serving.py", "pickle"): "the other end of it",
    ("run/processes.py", "subprocess"): "starts workers: this Python, by a list of words",
    ("model/compilation.py", "subprocess"): "starts processes that lower laws: this Python, by a list of words",
    ("run/workers.py", "joblib"): "threads; a cluster, where the user names one",
    ("model/by_the_book.py", "enable_caching"): "Numba's pickles, in a folder of this user alone (tests/security)",
    ("model/by_the_book.py", "compile"): "Numba compiles a law",
    ("model/numba_parts.py", "compile"): "what Numba calls to compile a law",
    ("run/plugins.py", "import_module"): "a module that the user names on the command line",
    ("tasks/request.py", "import_module"): "a task: one of the folders in tasks/ (TASKS)",
    ("tasks/registry.py", "import_module"): "the folders in tasks/",
    ("tasks/compare/figures/__init__.py", "import_module"): "the files beside it",
    ("model/laws.py", "import_module"): "the files beside it",
    ("model/engine.py", "import_module"): "a file beside it, named in the table of events",
    ("__init__.py", "import_module"): "two rooms of the package, by name",
    ("tasks/dashboard/address.py", "query"): "the query of an address, which a proxy's must not have",
    ("tasks/dashboard/loop.py", "ctypes"): "asks the C library of the process to give memory back",
    ("tasks/dashboard/server.py", "find_spec"): "is a package of a constant list installed?",
}
"""What a file of the package uses of these, and why nothing that lies on a disk decides what runs."""


def risks(tree: ast.Module) -> Iterator[str]:
    """What of the above a source uses, whichever way it is imported."""
    constants = set(_constants(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_module(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield _module(node.module)
            yield from (_module(f"{node.module}.{alias.name}") for alias in node.names)
            yield from (alias.name for alias in node.names if alias.name in ATTRIBUTES)
        elif isinstance(node, ast.Name) and node.id in BUILT_IN | ATTRIBUTES:
            yield node.id
        elif isinstance(node, ast.Attribute):
            whole = ast.unparse(node)
            yield node.attr if node.attr in ATTRIBUTES else whole if whole in OF_A_MODULE else ""
            yield "compile" if node.attr == "compile" and whole != "re.compile" else ""
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield next((word for word in WORDS if word in node.value), "")
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            constant = node.args and (isinstance(node.args[0], ast.Constant) or ast.unparse(node.args[0]) in constants)
            yield "import_module" if name == "import_module" and not constant else ""
            yield from (_keyword(keyword) for keyword in node.keywords)


def _module(name: str) -> str:
    if name in PARTS | OF_A_MODULE:
        return name
    return top if (top := name.split(".")[0]) in MODULES else ""


def _constants(tree: ast.Module) -> Iterator[str]:
    """Names at the top of a file that stand for texts written there."""
    for node in tree.body:
        for target, value in _assigned(node):
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and target.id.isupper():
                yield target.id


def _assigned(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        (target,) = node.targets
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=True)
        else:
            yield target, node.value


def _keyword(keyword: ast.keyword) -> str:
    """Arrays of objects, a shell, Numba's pickles: arguments that are let be only where they say no."""
    if keyword.arg not in {"allow_pickle", "shell", "cache"}:
        return ""
    return "" if isinstance(keyword.value, ast.Constant) and keyword.value.value is False else keyword.arg


def found(tree: ast.Module) -> set[str]:
    return set(risks(tree)) - {""}


def test_what_may_run_code_is_named_with_its_reason(sources) -> None:
    used = {(source.name, risk) for source in sources for risk in found(source.tree)}
    assert used - set(ALLOWED) == set(), "say why in ALLOWED, or do without"
    assert set(ALLOWED) - used == set(), "a line that nothing needs any more"


def test_no_configuration_of_ours_names_anything_to_run(root: Path) -> None:
    """No tag, no target, nothing that is looked up, and no setting of Hydra's own."""
    files = [*(root / "conf").rglob("*.yaml"), *(root / "experiments").rglob("*.yaml")]
    assert files
    wrong = [
        (file.name, word)
        for file in files
        for word in ("!!", "_target_", "hydra", "${oc", "pkg://")
        if word in file.read_text(encoding="utf-8")
    ]
    assert wrong == []


def test_the_build_starts_nothing_but_this_python(root: Path) -> None:
    tree = ast.parse((root / "hatch_build.py").read_text(encoding="utf-8"))
    assert found(tree) == {"subprocess"}


@pytest.mark.parametrize(
    ("source", "risk"),
    [
        ("import pickle as p", "pickle"),
        ("from pickle import load", "pickle"),
        ("def late():\n    import marshal", "marshal"),
        ("import shelve", "shelve"),
        ("import os, ctypes.util", "ctypes"),
        ("from logging import config", "logging.config"),
        ("import logging.config", "logging.config"),
        ("logging.config.dictConfig(told)", "dictConfig"),
        ("pd.read_pickle(path)", "read_pickle"),
        ("read = pandas.read_pickle", "read_pickle"),
        ("np.load(path)", "np.load"),
        ("numpy.lib.format.read_array(file, allow_pickle=True)", "allow_pickle"),
        ("open_array(path, allow_pickle=told)", "allow_pickle"),
        ("from joblib import load", "joblib"),
        ("yaml.load(text, Loader=yaml.SafeLoader)", "yaml.load"),
        ("from yaml import unsafe_load", "unsafe_load"),
        ("from yaml import load", "yaml.load"),
        ("eval(text)", "eval"),
        ("exec(text)", "exec"),
        ("run = compile(text, '', 'exec')", "compile"),
        ("__import__(name)", "__import__"),
        ("frame.query('a > b')", "query"),
        ("importlib.import_module(name)", "import_module"),
        ("def f(NAME):\n    import_module(NAME)", "import_module"),
        ("hydra.utils.instantiate(told)", "instantiate"),
        ("from hydra.utils import get_class", "get_class"),
        ("told = {'_target_': name}", "_target_"),
        ("OmegaConf.register_new_resolver('x', f)", "register_new_resolver"),
        ("subprocess.run(words, shell=True)", "shell"),
        ("os.system(words)", "os.system"),
        ("njit(cache=True)(f)", "cache"),
        ("importlib.util.spec_from_file_location('a', path)", "spec_from_file_location"),
    ],
)
def test_what_may_run_code_is_noticed(source: str, risk: str) -> None:
    assert risk in found(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "np_load(path, allow_pickle=False)",
        "yaml.safe_load(text)",
        "re.compile(text)",
        "frame.eval('a + b')",
        "'import pickle'",
        "importlib.import_module('caresim.report')",
        "FIGURE = 'caresim.report'\nimport_module(FIGURE)",
        "from importlib import import_module",
        "from . import code_files",
        "from .code import x",
    ],
)
def test_what_runs_nothing_is_let_be(source: str) -> None:
    assert found(ast.parse(source)) == set()
