"""The model computes the same bits everywhere: + - * / sqrt in 64 bits, nothing a library may round its own way."""

from __future__ import annotations

import ast

import pytest

EXACT_HERE = ("model",)
FEEDS_THE_MODEL = ("config", "model", "scenario")
LIBRARY_ROUNDED = {
    *("exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "logaddexp", "pow", "power", "float_power"),
    *("sin", "cos", "tan", "arcsin", "arccos", "arctan", "arctan2", "asin", "acos", "atan", "atan2"),
    *("sinh", "cosh", "tanh", "arcsinh", "arccosh", "arctanh", "asinh", "acosh", "atanh"),
    *("hypot", "cbrt", "erf", "erfc", "gamma", "lgamma", "sinc", "geomspace", "logspace"),
}
"""Functions of `math` and NumPy whose last bit depends on the C library, the processor or the version."""
ORDER_DEPENDENT = {"dot", "vdot", "inner", "matmul", "einsum", "tensordot"}
NARROW = {"float16", "float32", "half", "single", "longdouble", "f2", "f4", "<f4", "g"}
OTHER_LUCK = {"random"}


@pytest.fixture(scope="session")
def exact(sources):
    return [source for source in sources if source.layer in EXACT_HERE]


def refuse(sources, matches) -> None:
    """Fail with file and line of every node that `matches`."""
    found = [
        f"{source.name}:{node.lineno} {ast.unparse(node)[:80]}"
        for source in sources
        for node in ast.walk(source.tree)
        if matches(node)
    ]
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def of_a_library(node: ast.AST, names: set[str]) -> bool:
    """math.NAME, np.NAME, numpy.NAME, or NAME imported from one of them."""
    if isinstance(node, ast.Attribute):
        return node.attr in names and isinstance(node.value, ast.Name) and node.value.id in {"math", "np", "numpy"}
    if isinstance(node, ast.ImportFrom):
        return node.module in {"math", "numpy"} and any(alias.name in names for alias in node.names)
    return False


@pytest.fixture(scope="session")
def feeding(sources):
    return [source for source in sources if source.layer in FEEDS_THE_MODEL]


def test_no_powers(exact):
    def power(node: ast.AST) -> bool:
        built_in = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "pow"
        return built_in or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow))

    refuse(exact, power)


def test_no_transcendental_functions_of_a_library(exact):
    refuse(exact, lambda node: of_a_library(node, LIBRARY_ROUNDED))


def test_no_sums_in_an_order_of_the_library(exact):
    def product(node: ast.AST) -> bool:
        return of_a_library(node, ORDER_DEPENDENT) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult))

    refuse(exact, product)


def test_no_relaxed_arithmetic(exact):
    def relaxed(node: ast.AST) -> bool:
        keyword = isinstance(node, ast.keyword) and node.arg == "fastmath"
        return keyword or (isinstance(node, ast.Constant) and node.value == "fastmath")

    refuse(exact, relaxed)


def test_floats_have_64_bits(exact):
    def narrow(node: ast.AST) -> bool:
        text = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in NARROW
        return text or of_a_library(node, NARROW)

    refuse(exact, narrow)


def test_floats_are_summed_the_same_in_every_python(feeding):
    """Python 3.12 began to compensate rounding in `sum` of floats: math.fsum is the same everywhere."""

    def whole(element: ast.AST) -> bool:
        if isinstance(element, ast.Call):
            return isinstance(element.func, ast.Name) and element.func.id in {"int", "len"}
        shift = isinstance(element, ast.BinOp) and isinstance(element.op, ast.LShift)
        return shift or (isinstance(element, ast.Constant) and isinstance(element.value, int))

    def float_sum(node: ast.AST) -> bool:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum"):
            return False
        over = node.args[0]
        return not (isinstance(over, ast.GeneratorExp | ast.ListComp) and whole(over.elt))

    refuse(feeding, float_sum)


def test_sorts_are_stable(exact):
    def unstable(node: ast.AST) -> bool:
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return False
        if not (node.func.attr == "argsort" or of_a_library(node.func, {"sort"})):
            return False
        return not any(word.arg == "kind" and ast.unparse(word.value) == "'stable'" for word in node.keywords)

    refuse(exact, unstable)


def test_no_luck_but_counted_draws(exact):
    def luck(node: ast.AST) -> bool:
        standard = isinstance(node, ast.Import) and any(alias.name == "random" for alias in node.names)
        return standard or of_a_library(node, OTHER_LUCK)

    refuse(exact, luck)
