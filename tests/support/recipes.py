"""A copy of the package in which a recipe of CONTRIBUTING.md is carried out, and what a small run of it gives."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import caresim
from caresim.config.paths import conf
from tests.support.waiting import PATIENCE_S

SMALL = ("experiment=insourcing", "window=12 h", "drain=8 h", "population.scale=0.05", "replications=2")
"""A day and a half at one company with a telephone and an account: some hundred contacts."""
PRINTS = """
import json
import caresim
{code}
print(json.dumps(said))
"""


class Recipe:
    """A copy of src/ and conf/ in a folder of its own, and the files that were changed in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.touched: set[str] = set()
        package = Path(caresim.__file__).parent
        shutil.copytree(package, folder / "src" / "caresim", ignore=shutil.ignore_patterns("__pycache__", "conf"))
        shutil.copytree(conf(), folder / "conf")

    def write(self, name: str, text: str) -> None:
        """A new file."""
        path = self.folder / name
        assert not path.exists(), f"{name} is there already"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.touched.add(name)

    def insert(self, name: str, after: str, text: str) -> None:
        """Lines after the one line, or the one passage, that the pattern `after` matches whole."""
        path = self.folder / name
        whole = path.read_text(encoding="utf-8")
        (match,) = re.finditer(rf"^(?:{after})\n", whole, flags=re.MULTILINE)
        path.write_text(whole[: match.end()] + text + whole[match.end() :], encoding="utf-8")
        self.touched.add(name)

    def passage(self, name: str, pattern: str) -> str:
        """What the one match of `pattern` reads."""
        (match,) = re.finditer(
            rf"^(?:{pattern})\n", (self.folder / name).read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        return match[0]

    def run(self, code: str) -> Any:
        """What `code`, a program with the copy as caresim, leaves in `said`; interpreted, so that nothing compiles."""
        environment = os.environ | {"PYTHONPATH": str(self.folder / "src"), "NUMBA_DISABLE_JIT": "1"}
        done = subprocess.run(
            [sys.executable, "-c", PRINTS.format(code=code)],
            cwd=self.folder, env=environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])
