"""The flags of the command line: those of Hydra's and our own, what each does, or what to type instead of it.

The parser, `--help`, `--hydra-help`, completion and the table of `docs/hydra.md` go by FLAGS alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

from caresim.config.errors import MISSING, BadInput

RUN, SWEEP = "RUN", "MULTIRUN"
JOB, HYDRA, ALL = "job", "hydra", "all"
INFO = (ALL, "config", "defaults", "defaults-tree", "plugins", "searchpath")
"""What `--info` can be asked for; by itself it is asked for all."""


class Flag(NamedTuple):
    """One flag."""

    name: str
    short: str
    takes: str
    """What follows it, as help shows it; empty: nothing does."""
    does: str
    """Empty: it is refused."""
    instead: str = ""
    """What to type, where it is refused."""
    choices: tuple[str, ...] = ()
    ours: bool = False
    """Hydra has no such flag."""

    @property
    def typed(self) -> str:
        """As it is typed: `--config-dir DIR`."""
        return f"{self.name} {self.takes}".strip()


FLAGS = (
    Flag("--multirun", "-m", "", "sweep: comma lists or range(1,9) for any key, one run each, one table and figure"),
    Flag("--run", "-r", "", "one run, which is also what happens without it"),
    Flag("--config-dir", "-cd", "DIR", "a folder with experiments, staffing models, ... of your own"),
    Flag(
        "--plugin",
        "",
        "MODULE",
        "a Python module of your own with routing rules (docs/routing.md); may be given several times",
        ours=True,
    ),
    Flag(
        "--cfg",
        "-c",
        "|".join((JOB, HYDRA, ALL)),
        "print the configuration that would run (job), Hydra's own settings (hydra) or both, and stop",
        choices=(JOB, HYDRA, ALL),
    ),
    Flag("--resolve", "", "", "with --cfg: references such as ${replay.timezone} are replaced by what they refer to"),
    Flag("--package", "-p", "KEY", "with --cfg: print what is below this key alone, such as staffing.hybrid"),
    Flag(
        "--info",
        "-i",
        "|".join(INFO),
        "print how the configuration is put together, from which files and folders, and stop",
        choices=INFO,
    ),
    Flag(
        "--shell-completion",
        "-sc",
        "install=SHELL",
        "print what completes words in bash, zsh or fish (docs/hydra.md); uninstall=SHELL takes it away",
    ),
    Flag("--help", "-h", "", "this text"),
    Flag("--hydra-help", "", "", "which of Hydra's flags and settings work, and what to type instead of the others"),
    Flag("--version", "", "", "the versions of caresim, Hydra and Python"),
    Flag("--config-name", "-cn", "NAME", "", "an experiment is chosen by experiment=NAME"),
    Flag(
        "--config-path",
        "-cp",
        "DIR",
        "",
        "caresim's own files are always read; a folder of yours comes by --config-dir DIR",
    ),
    Flag(
        "--experimental-rerun",
        "",
        "FILE",
        "",
        "a pickle can run any code; report.html in a run's folder has the command that computes it again",
    ),
)
"""Every flag of Hydra's, and `--plugin`. Hydra's own settings are in config/hydra_settings.py."""
BY_NAME = {name: flag for flag in FLAGS for name in (flag.name, flag.short) if name}
ONE_OF = ("multirun", "run", "cfg", "info")
"""Each of these says what the command does."""
TEXTS = ("help", "hydra_help", "version")
"""With one of these nothing else is done."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadInput("command line", message, "caresim --help tells what there is")


def parsed(words: Sequence[str]) -> argparse.Namespace:
    """The flags, at any place between the overrides; BadInput for those that do not exist, or contradict each other."""
    for word in words:
        flag = BY_NAME.get(word.partition("=")[0])
        if flag is not None and not flag.does:
            raise BadInput(word, MISSING, flag.instead)
    parser = _Parser(prog="caresim", add_help=False, allow_abbrev=False)
    parser.add_argument("overrides", nargs="*")
    for flag in FLAGS:
        names = [name for name in (flag.name, flag.short) if name]
        if flag.name == "--plugin":
            parser.add_argument(*names, action="append", default=[])
        elif flag.choices or flag.takes in ("DIR", "KEY"):
            parser.add_argument(*names, choices=flag.choices or None)
        elif flag.does:
            parser.add_argument(*names, action="store_true")
    args = parser.parse_intermixed_args(_with_choice(words))
    if any(getattr(args, name) for name in TEXTS):
        return args
    if args.shell_completion:
        raise BadInput("--shell-completion", MISSING, "comes first: caresim --shell-completion install=bash")
    if args.multirun and args.cfg:
        raise BadInput("--cfg", args.cfg, "prints one configuration: leave out -m and give every key one value")
    asked = [name for name in ONE_OF if getattr(args, name)]
    if len(asked) > 1:
        names = [f"--{name.replace('_', '-')}" for name in asked]
        raise BadInput(names[0], MISSING, f"and {names[1]} cannot be asked for together; allowed: one of the two")
    for name in ("resolve", "package"):
        if getattr(args, name) and not args.cfg:
            raise BadInput(f"--{name}", MISSING, f"belongs to --cfg; type --cfg job --{name}")
    return args


def _with_choice(words: Sequence[str]) -> list[str]:
    """The words, with `--info all` for an `--info` that stands alone."""
    whole: list[str] = []
    for word, following in zip(words, [*words[1:], ""], strict=True):
        whole.append(word)
        if word in ("--info", "-i") and (not following or "=" in following or following.startswith("-")):
            whole.append(ALL)
    return whole
