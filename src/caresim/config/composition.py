"""What Hydra composes of command-line words and YAML files, as plain mappings and lists."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from caresim.config import hydra_settings, paths
from caresim.config.errors import BadInput
from caresim.config.hydra_errors import from_hydra
from caresim.config.interpolation import check_references
from caresim.config.raw import check_word
from caresim.tasks.registry import TASKS

KEY = re.compile(r"(?P<sign>\+\+|\+|~)?(?P<key>[\w./@-]+)")


def resolved(overrides: Sequence[str] = (), config_dir: str | Path | None = None) -> dict[str, Any]:
    """What Hydra composes, as plain mappings and lists."""
    return written_and_resolved(overrides, config_dir)[1]


def written_and_resolved(
    overrides: Sequence[str] = (), config_dir: str | Path | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same, with references to other values as they are written, and replaced by what they refer to."""
    from omegaconf import OmegaConf

    composed = composed_by_hydra(overrides, config_dir)
    written: dict[str, Any] = OmegaConf.to_container(composed, resolve=False)  # type: ignore[assignment]
    try:
        check_references(written)
        return written, OmegaConf.to_container(composed, resolve=True)  # type: ignore[return-value]
    except Exception as error:
        raise from_hydra(error, relaxed(overrides, config_dir)) from None


def composed_by_hydra(overrides: Sequence[str], config_dir: str | Path | None) -> Any:
    """What Hydra composes, as its own object. BadInput where it cannot."""
    from hydra import compose as hydra_compose

    try:
        with reading(overrides, config_dir) as (words, _):
            composed = hydra_compose("config", words)
            _check_reach(composed, overrides)
            return composed
    except Exception as error:
        raise from_hydra(error, relaxed(overrides, config_dir)) from None


@contextmanager
def reading(overrides: Sequence[str], config_dir: str | Path | None) -> Iterator[tuple[list[str], Any]]:
    """Hydra, with our folder and the user's: the words as it gets them, and what loads configurations for it."""
    from hydra import initialize_config_dir
    from hydra.core.global_hydra import GlobalHydra

    from caresim.config import lookups, yaml_source  # late: one of them loads Hydra

    words = relaxed(overrides, config_dir)
    for word in overrides:
        key, _, value = word.partition("=")
        lookups.refuse(value, key.lstrip("+~"))
    if config_dir is not None:
        refuse_shadows(config_dir)
        words.append(yaml_source.search_path(config_dir))
    outer = GlobalHydra.instance().hydra
    GlobalHydra.instance().hydra = None
    try:
        with initialize_config_dir(str(paths.conf()), version_base="1.3"):
            yield words, GlobalHydra.instance().config_loader()
    finally:
        GlobalHydra.instance().hydra = outer


def _check_reach(composed: Any, overrides: Sequence[str]) -> None:
    """Refuse what files must not do: look up what is no value of theirs, or choose who computes.

    The scheduler of a cluster can run any code here, so that a user names it, and no file.
    """
    from omegaconf import OmegaConf

    from caresim.config import lookups

    lookups.refuse(OmegaConf.to_container(composed, resolve=False))
    named = any(word.partition("=")[0].strip("+ ") == "cluster" for word in overrides)
    if composed.get("cluster") is not None and not named:
        allowed = "is set by a file; a cluster can run code here, so name it on the command line"
        raise BadInput("cluster", composed.cluster, f"{allowed}: cluster=tcp://host:8786")


def relaxed(overrides: Sequence[str], config_dir: str | Path | None = None) -> list[str]:
    """The overrides with `key=value` written `++key=value` where the key is no group.

    So a key that has a default in the schema but no line in a file can be set as any other, and an unknown one gets our
    message, with what it may have meant, instead of Hydra's advice to append it.
    """
    folders = [paths.conf()] + ([Path(config_dir)] if config_dir else [])
    return [_relaxed(word, folders) for word in overrides]


def _relaxed(word: str, folders: Sequence[Path]) -> str:
    check_word(word)
    key, equals, value = word.partition("=")
    if not KEY.fullmatch(key.strip()) or (not equals and not key.startswith("~")):
        raise BadInput("command line", word, "must be key=value, such as replications=64")
    task = key.lstrip("+~")
    if hydra_settings.is_hydras(word):
        raise hydra_settings.refusal(word)
    if task in TASKS and TASKS[task].own_configuration:
        raise BadInput(task, value, f"is a choice of task={task}; write task={task} {task}={value}")
    group = any(paths.is_folder(folder / key) and next((folder / key).glob("*.yaml"), None) for folder in folders)
    if key[0] in "+~" or "/" in key or "@" in key or group:
        return word
    return f"++{word}"


def refuse_shadows(config_dir: str | Path) -> None:
    """Refuse a user's file with the path of a packaged one, which would win in silence (unless they are equal)."""
    mine, ours = Path(config_dir), paths.conf()
    if not paths.is_folder(mine):
        raise BadInput("--config-dir", str(config_dir), "must be an existing folder")
    for packaged in sorted(ours.rglob("*.yaml")):
        file = mine / packaged.relative_to(ours)
        if paths.is_file(file) and packaged.read_bytes() != file.read_bytes():
            allowed = "has the name of a packaged file, which would be used instead of it; give yours another name"
            raise BadInput("--config-dir", str(file), allowed)
