"""Where Hydra finds a user's own files: a folder whose YAML files are looked at before Hydra makes anything of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from math import fsum
from pathlib import Path
from typing import Any

from hydra._internal.core_plugins.file_config_source import FileConfigSource
from hydra.core.plugins import Plugins
from hydra.plugins.config_source import ConfigResult, ConfigSource
from omegaconf import OmegaConf

from caresim.config import lookups, yaml_file
from caresim.config.errors import MISSING, BadInput
from caresim.config.paths import is_file

SCHEME = "caresim"
EXPERIMENT = "experiment"
PACKAGE_LINE = "# @package _global_"
PACKAGE = re.compile(r"#\s*@package\s+_global_\s*")
HYDRA = "hydra"
NO_FILE_SETS = "is about Hydra's own settings, which no file sets; caresim --hydra-help says what to type instead"
MOST_FILES = 1000
"""That one file builds on, each as often as it is named."""


class YamlSource(FileConfigSource):
    """Hydra's files of a folder, with our messages about those that cannot be used."""

    @staticmethod
    def scheme() -> str:
        return SCHEME

    def load_config(self, config_path: str) -> ConfigResult:
        """One file, by its path below the folder, with or without `.yaml`."""
        file = self._file(config_path)
        text, content = _read(file, file.stat().st_mtime_ns)
        _check_content(file, text, content, config_path.split("/")[0] == EXPERIMENT)
        lookups.refuse(content, within=f"{file}: ")
        _Builds(self).on(config_path.removesuffix(".yaml"))
        try:
            header = ConfigSource._get_header_dict(text[:512])
        except ValueError as error:
            raise BadInput(f"{file}, line 1", MISSING, f"{error}; write {PACKAGE_LINE}") from None
        if str(header.get("package") or "").split(".")[0] == HYDRA:
            raise BadInput(f"{file}, line 1", header["package"], NO_FILE_SETS)
        return ConfigResult(
            provider=self.provider, path=self.full_path(), config=OmegaConf.create(content), header=header
        )

    def builds_on(self, config_path: str) -> list[str]:
        """The files of this folder that the `defaults` of one of them name."""
        file = self._file(config_path)
        if not is_file(file):
            return []
        _, content = _read(file, file.stat().st_mtime_ns)
        defaults = content.get("defaults") if isinstance(content, dict) else None
        folder = config_path.rpartition("/")[0]
        return list(_named(defaults if isinstance(defaults, list) else [], folder))

    def _file(self, config_path: str) -> Path:
        return Path(self.path) / self._normalize_file_name(config_path)


def search_path(folder: str | Path) -> str:
    """The override that makes Hydra look for files in `folder`, too."""
    Plugins.instance().register(YamlSource)
    quoted = str(Path(folder).resolve()).replace("\\", "\\\\").replace("'", "\\'")
    return f"hydra.searchpath=['{SCHEME}://{quoted}']"


@lru_cache(maxsize=256)
def _read(file: Path, changed: int) -> tuple[str, Any]:
    return yaml_file.read(file)


def _check_content(file: Path, text: str, content: Any, is_experiment: bool) -> None:
    if content is None:
        raise BadInput(str(file), MISSING, "is empty; allowed: a YAML file with keys such as `name: ...`")
    if not isinstance(content, dict):
        raise BadInput(str(file), content, "must be a table of keys, such as `name: ...`")
    _refuse_hydras(file, content)
    for key in content:
        if not isinstance(key, str):
            name = "null" if key is None else str(key).lower()
            raise BadInput(f"{file}: {name}", content[key], f"is no name of a key; write '{name}' in quotes")
    if is_experiment and not any(PACKAGE.fullmatch(line) for line in _head(text)):
        raise BadInput(f"{file}, line 1", MISSING, f"an experiment begins with the line {PACKAGE_LINE}; write it there")


def _refuse_hydras(file: Path, content: dict[Any, Any]) -> None:
    """BadInput where a file says something of Hydra's own settings, which would be without effect here."""
    if HYDRA in content:
        raise BadInput(f"{file}: {HYDRA}", content[HYDRA], NO_FILE_SETS)
    defaults = content.get("defaults")
    for entry in defaults if isinstance(defaults, list) else []:
        for text in entry if isinstance(entry, dict) else [entry]:
            if re.search(rf"(?:^|\s|@)/?{HYDRA}\b", str(text)):
                raise BadInput(f"{file}: defaults", text, NO_FILE_SETS)


def _head(text: str) -> Iterator[str]:
    """The lines that Hydra looks for a package in: the first ones, as long as each is such a sign or empty."""
    for line in text[:512].splitlines():
        if line.strip() and not re.match(r"\s*#\s*@", line):
            return
        yield line.strip()


def _named(defaults: list[Any], folder: str) -> Iterator[str]:
    """Paths of files, without `.yaml`, that a list of defaults names; those that it computes are left out."""
    for entry in defaults:
        pairs = entry.items() if isinstance(entry, dict) else [("", entry)]
        for key, value in pairs:
            group = str(key).rpartition(" ")[2].partition("@")[0]
            names = value if isinstance(value, list) else [value]
            for name in (name.partition("@")[0] for name in names if isinstance(name, str)):
                if name == "_self_" or "${" in group + name or str(key).startswith("override "):
                    continue
                path = "/".join(part for part in (group, name) if part)
                yield path.lstrip("/") if path.startswith("/") else "/".join(filter(None, (folder, path)))


class _Builds:
    """Counts the files that a file builds on. BadInput where they are too many, or lead back to where they began."""

    def __init__(self, source: YamlSource) -> None:
        self.source = source
        self.sizes: dict[str, int] = {}

    def on(self, path: str, way: tuple[str, ...] = ()) -> int:
        """So many, itself included."""
        if path in way:
            circle = " -> ".join((*way[way.index(path) :], path))
            key = str(self.source._file(path))
            raise BadInput(f"{key}: defaults", MISSING, f"lead back to themselves ({circle}); take one of these out")
        if path not in self.sizes:
            members = [] if len(way) > MOST_FILES else self.source.builds_on(path)
            self.sizes[path] = 1 + int(fsum(self.on(member, (*way, path)) for member in members))
        if self.sizes[path] > MOST_FILES:
            key = str(self.source._file(path))
            raise BadInput(f"{key}: defaults", MISSING, f"name more than {MOST_FILES:,} files; allowed: fewer")
        return self.sizes[path]
