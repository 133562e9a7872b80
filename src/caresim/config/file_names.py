"""Names that become part of a file's name, and paths of files and folders, as a configuration gives them."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from caresim.config.base import SWALLOWED
from caresim.config.errors import complaint

LONGEST = 80
"""Characters of a name. With the date and a hash beside it, its file fits any file system, in any script."""
FILE_NAME = re.compile(rf"[^\W_](?:[\w .-]{{0,{LONGEST - 2}}}[^\W_])?")
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, with any ending."""
MOST_BYTES = 180
"""Of a name in UTF-8: file systems take 255 for all of a file's name."""


def _file_name(raw: Any) -> str:
    """A name that every file system takes, in any script."""
    allowed = "must be letters, digits, blanks and . _ - between, beginning and ending with a letter or digit"
    if isinstance(raw, bool):
        raise complaint(SWALLOWED)
    if not isinstance(raw, str) or not raw.strip():
        raise complaint("must be text")
    name = raw.strip()
    if len(name) > LONGEST or len(name.encode(errors="replace")) > MOST_BYTES:
        raise complaint(f"stands in names of files; allowed: at most {LONGEST} characters ({MOST_BYTES} bytes)")
    if not FILE_NAME.fullmatch(name):
        raise complaint(f"stands in names of files; it {allowed}")
    if RESERVED.fullmatch(name):
        raise complaint("stands in names of files, and Windows keeps this one for a device; allowed: another name")
    return name


def _path(raw: Any) -> str:
    """A path, character by character as it is given."""
    if not isinstance(raw, str) or not raw.strip():
        raise complaint("must be a path, in text")
    return raw


FileName = Annotated[str, BeforeValidator(_file_name)]
"""Stands in names of files and folders."""
PathText = Annotated[str, BeforeValidator(_path)]
"""Of a file or a folder. Blanks in it are kept: `Text` would make one of several."""
