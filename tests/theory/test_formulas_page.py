"""The page about the formulas prints what they give, and names each of them."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

from caresim import theory

PAGE = (Path(__file__).parents[2] / "docs" / "theory.md").read_text(encoding="utf-8")


def test_examples_give_what_is_printed():
    code = "\n".join(re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL))
    examples = doctest.DocTestParser().get_doctest(code, {}, "docs/theory.md", "docs/theory.md", 0)
    report: list[str] = []
    failed, tried = doctest.DocTestRunner(verbose=False).run(examples, out=report.append)
    assert tried > 15
    assert not failed, "".join(report)


def test_every_formula_is_on_the_page():
    formulas = {name for name in theory.__all__ if name[0].islower()} - {"square_root_beta"}
    assert formulas <= set(re.findall(r"`(\w+)`", PAGE))


def test_every_name_of_a_result_is_there():
    section = PAGE.split("## What a result tells")[1].split("## ")[0]
    names = {
        name for row in re.findall(r"^\| (`.+?) \|", section, flags=re.MULTILINE) for name in re.findall(r"`(\w+)", row)
    }
    assert names
    for line in (theory.erlang_c(3, 1, 5), theory.erlang_a(3, 1, 5, 1), theory.mmck(3, 1, 5, 9)):
        assert not {name for name in names if not hasattr(line, name)}
