"""What the build does beyond packing files: with CARESIM_COMPILED=1, the wheel brings compiled code along.

    CARESIM_COMPILED=1 pip wheel --no-build-isolation --no-deps --wheel-dir dist .

Needs caresim's dependencies, and hatchling, where it is built: the code is for the very versions of Numba and NumPy
that are installed there, for this Python and this system, and for all processors with AVX2 (on ARM: NEON). With
anything else, an installed caresim compiles for itself, as it does from a wheel without code; and so it does where pip
installs files that others than their owner may write (umask 002): such code is not taken.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIP = (
    "import sys; from pathlib import Path; from caresim.model import compilation as c; print(c.ship(Path(sys.argv[1])))"
)


class CompiledCode(BuildHookInterface):
    """Compiles into a temporary folder and lays the file into the wheel, which is then tagged as for one platform."""

    scratch: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or os.environ.get("CARESIM_COMPILED") != "1":
            return
        environment = {**os.environ, "PYTHONPATH": str(Path(self.root, "src"))}
        self.scratch = TemporaryDirectory()
        command = [sys.executable, "-m", "caresim.model.compilation", self.scratch.name]
        made = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        path = Path(made.stdout.strip())
        build_data["force_include"][str(path)] = f"caresim/compiled/{path.name}"
        build_data["pure_python"], build_data["infer_tag"] = False, True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if self.scratch:
            self.scratch.cleanup()
