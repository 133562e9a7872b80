"""Configuration is data: a value may refer to another value, and looks up nothing else.

Whoever shares a file must not get what is nobody's business, such as a token among the environment variables, into the
results of others. So OmegaConf's resolvers (`${oc.env:HOME}`) are refused; `${now:...}` is left, which names folders.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from caresim.config.errors import BadInput

REFERENCE = re.compile(r"\$\{(?:[^${}:]*|now:[^${}]*)\}")
"""Another value by its key, or the time of the day."""
ALLOWED = "looks something up; type the value itself, or the key of another value, such as ${replay.timezone}"


def refuse(node: Any, path: str = "", within: str = "") -> None:
    """BadInput about the first text or key in plain mappings and lists that looks something up.

    `path` is where in the configuration the node stands, `within` what comes before it in the message: a file.
    """
    if isinstance(node, Mapping):
        for name, member in node.items():
            inner = f"{path}.{name}" if path else str(name)
            refuse(str(name), inner, within)
            refuse(member, inner, within)
    elif isinstance(node, str):
        if _looks_up(node):
            raise BadInput(within + path, node, ALLOWED)
    elif isinstance(node, Sequence):
        for place, member in enumerate(node):
            refuse(member, f"{path}[{place}]", within)


def _looks_up(text: str) -> bool:
    """Is anything left when references are taken out, from the innermost outwards (one may be part of another)?"""
    before = ""
    while "${" in text and text != before:
        before, text = text, REFERENCE.sub("reference", text)
    return "${" in text
