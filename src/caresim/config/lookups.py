"""Configuration is data: a value may refer to another value, and looks up nothing else.

Whoever shares a file must not get what is nobody's business, such as a token among the environment variables, into the
results of others. So OmegaConf's resolvers (`${oc.env:HOME}`) are refused; `${now:...}` is left, which names folders.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigResult, ConfigSource
from omegaconf import OmegaConf

from caresim.config.errors import BadInput

REFERENCE = re.compile(r"\$\{(?:[^${}:]*|now:[^${}]*)\}")
"""Another value by its key, or the time of the day."""
ALLOWED = "looks something up; type the value itself, or the key of another value, such as ${replay.timezone}"
SCHEME = "caresim"


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


class UserFiles(ConfigSource):
    """A folder with files of a user, as Hydra reads it: what they look up is refused before any of it is used.

    Their `defaults` are gone when all is composed, so that looking at the outcome would be too late for these.
    """

    @staticmethod
    def scheme() -> str:
        return SCHEME

    def load_config(self, config_path: str) -> ConfigResult:
        file = self._file(config_path)
        try:
            config = OmegaConf.load(file)
            text = file.read_text(encoding="utf-8")
            refuse(yaml.safe_load(text), within=f"{file}: ")
        except RecursionError:
            raise BadInput("--config-dir", str(file), "contains itself; take out the alias that does so") from None
        return ConfigResult(self.provider, self.full_path(), config, self._get_header_dict(text[:512]))

    def available(self) -> bool:
        return self.is_group("")

    def is_group(self, config_path: str) -> bool:
        return Path(self.path, config_path).is_dir()

    def is_config(self, config_path: str) -> bool:
        return self._file(config_path).is_file()

    def list(self, config_path: str, results_filter: Any) -> Any:
        """The names of files and groups in a group, for messages."""
        found: list[str] = []
        for name in os.listdir(Path(self.path, config_path)):
            self._list_add_result(found, os.path.join(config_path, name), name, results_filter)
        return sorted(set(found))

    def _file(self, config_path: str) -> Path:
        return Path(self.path, self._normalize_file_name(config_path))


def search_path(folder: str | Path) -> str:
    """The override that makes Hydra look for files in `folder`, too."""
    Plugins.instance().register(UserFiles)
    quoted = str(Path(folder).resolve()).replace("\\", "\\\\").replace("'", "\\'")
    return f"hydra.searchpath=['{SCHEME}://{quoted}']"
