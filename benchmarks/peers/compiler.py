"""The C++ compiler of this machine."""

from __future__ import annotations

import shutil
import subprocess


def compiler() -> str | None:
    """None: there is none."""
    return next((path for name in ("c++", "g++", "clang++") if (path := shutil.which(name))), None)


def version() -> str:
    """What it says of itself; empty: there is none."""
    path = compiler()
    if path is None:
        return ""
    return subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
