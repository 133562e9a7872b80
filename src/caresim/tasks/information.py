"""What `--cfg`, `--info`, `--hydra-help` and `--version` print: how a run would be configured, and from what."""

from __future__ import annotations

import platform
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from caresim.config import hydra_settings
from caresim.config.errors import BadInput, choice
from caresim.tasks import flags

if TYPE_CHECKING:
    from caresim.tasks.request import Request

SELF = "_self_"
"""In a list of defaults: the file itself."""
WHOLE = "_global_"
"""The package that is everything."""


def versions() -> str:
    """A line."""
    from caresim.run.block import package_version  # late: --help does without it

    return f"caresim {package_version()}, Hydra {version('hydra-core')}, Python {platform.python_version()}"


def configuration(request: Request) -> str:
    """The configuration that would run, Hydra's own settings, or both, as YAML, once the former has proved to be good.

    BadInput where `package` names nothing in it.
    """
    from omegaconf import OmegaConf

    from caresim.config.compose import validate

    written, resolved = _configured(request)
    validate(resolved)
    mapping = resolved if request.resolving else written
    hydras = hydra_settings.as_they_stand(request.settings)
    whole = {flags.JOB: mapping, flags.HYDRA: hydras, flags.ALL: {**hydras, **mapping}}[request.printing]
    if request.package in (None, WHOLE):
        return OmegaConf.to_yaml(OmegaConf.create(whole))
    part: Any = whole
    for step in str(request.package).split("."):
        if not isinstance(part, Mapping) or step not in part:
            known = part if isinstance(part, Mapping) else ()
            raise BadInput("--package", request.package, f"there is no {step}, {choice(known, step)}")
        part = part[step]
    if not isinstance(part, Mapping | list):
        return f"{part}\n"
    return f"# @package {request.package}\n{OmegaConf.to_yaml(OmegaConf.create(part))}"


def _configured(request: Request) -> tuple[dict[str, Any], dict[str, Any]]:
    """As it is written, and with references replaced; composed anew where it does not follow from what is kept."""
    from caresim.config.composer import kept
    from caresim.config.composition import written_and_resolved

    plain = kept().of(request.overrides) if request.config_dir is None else None
    return written_and_resolved(request.overrides, request.config_dir) if plain is None else (plain, plain)


def told(request: Request) -> str:
    """What `--info` was asked for."""
    parts = MADE_OF[request.info]
    return "\n".join(f"{title}\n{TOLD[title](request)}" for title in parts)


def _search_path(request: Request) -> str:
    from hydra import compose

    from caresim.config.composition import reading

    with reading(request.overrides, request.config_dir) as (words, _):
        sources = compose("config", words, return_hydra_config=True).hydra.runtime.config_sources
    return _table(
        ["Provider", "Search path"], [[source.provider, f"{source.schema}://{source.path}"] for source in sources]
    )


def _defaults(request: Request) -> Any:
    from hydra.types import RunMode

    from caresim.config.composition import reading, relaxed
    from caresim.config.hydra_errors import from_hydra

    try:
        with reading(request.overrides, request.config_dir) as (words, loader):
            return loader.compute_defaults_list("config", words, RunMode.RUN)
    except Exception as error:
        raise from_hydra(error, relaxed(request.overrides, request.config_dir)) from None


def _defaults_list(request: Request) -> str:
    rows = [
        [entry.config_path or "", entry.package or "", "yes" if entry.is_self else "", entry.parent or ""]
        for entry in _defaults(request).defaults
        if not str(entry.config_path).startswith("hydra/")
    ]
    return _table(["Config path", "Package", "_self_", "Parent"], rows)


def _defaults_tree(request: Request) -> str:
    tree = _defaults(request).defaults_tree
    return "".join(line for child in tree.children for line in _branch(child, 1))


def _branch(tree: Any, level: int) -> Iterable[str]:
    """A line for each file, indented below the one that names it; Hydra's own files are left out."""
    from hydra.core.default_element import GroupDefault

    node = getattr(tree, "node", tree)
    path = node.get_config_path()
    if path.startswith("hydra/"):
        return
    path = SELF if path.rpartition("/")[2] == SELF else path
    text = f"{node.get_override_key()}: {node.get_name()}" if isinstance(node, GroupDefault) else path
    yield f"{'  ' * level}{text}\n"
    for child in getattr(tree, "children", None) or ():
        yield from _branch(child, level + 1)


def _plugins(request: Request) -> str:
    from hydra.core.plugins import Plugins

    found = sorted(Plugins.instance().discover(), key=lambda plugin: plugin.__name__)
    return _table(["Plugin", "Module"], [[plugin.__name__, plugin.__module__] for plugin in found])


def _configuration(request: Request) -> str:
    from dataclasses import replace

    return configuration(replace(request, printing=flags.ALL))


TOLD: Mapping[str, Callable[[Request], str]] = {
    "Versions": lambda request: f"  {versions()}\n",
    "Plugins of Hydra": _plugins,
    "Search path": _search_path,
    "Defaults tree": _defaults_tree,
    "Defaults list": _defaults_list,
    "Configuration": _configuration,
}
"""The parts of `--info`, by their title."""
MADE_OF: Mapping[str, Sequence[str]] = {
    "all": tuple(TOLD),
    "config": ("Search path", "Defaults tree", "Defaults list", "Configuration"),
    "defaults": ("Defaults list",),
    "defaults-tree": ("Defaults tree",),
    "plugins": ("Plugins of Hydra",),
    "searchpath": ("Search path",),
}
"""By what `--info` is asked for."""


def hydra_help() -> str:
    """Every flag and every setting of Hydra's: what it does here, or what to type instead."""
    typed = [(", ".join(filter(None, (flag.typed, flag.short))), flag.does, flag.instead) for flag in flags.FLAGS]
    rows = hydra_settings.SETTINGS
    settings = [
        (" or ".join(f"{row.key}={value}" for value in row.values) or row.key, row.does, row.instead) for row in rows
    ]
    return "\n".join(
        f"{title}\n{_listed(pairs)}"
        for title, pairs in (
            (f"Hydra {version('hydra-core')} in caresim: docs/hydra.md says more\n\nFlags that work", _work(typed)),
            ("Settings that work", _work(settings)),
            (
                "Refused: what to type instead",
                [(name, instead) for name, does, instead in (*typed, *settings) if not does],
            ),
        )
    )


def _work(rows: Iterable[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(name, does) for name, does, _ in rows if does]


def _listed(pairs: Iterable[tuple[str, str]]) -> str:
    """Names in lines of their own, what they mean below them."""
    return "".join(
        f"  {name}\n{textwrap.fill(meaning, 100, initial_indent='      ', subsequent_indent='      ')}\n"
        for name, meaning in pairs
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(str(row[place])) for row in (head, *rows)) for place in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "".join(
        "  " + "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"
        for row in lines
    )
