"""What Hydra and OmegaConf refuse, as BadInput: told by the type of their error, and by the words that were given.

Hydra has one type (ConfigCompositionException) for several mistakes in its lists of defaults. Which of them it is
stands in the error's text alone; `SAID` is the one place that reads it, and `tests/config/test_hydra_errors.py` has
the installed Hydra make each of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from caresim.config import paths
from caresim.config.errors import MISSING, BadInput, choice

READERS = {"hydra", "omegaconf", "antlr4", "yaml"}
"""The libraries that read words and files."""
SAID = {
    "no such place": re.compile(r"Could not override '(?P<key>[^']+)'\."),
    "there already": re.compile(r"Multiple values for (?P<key>[^ ]+)\. "),
    "not there": re.compile(r"Could not delete (?:from config\. )?'(?P<key>[^'=]+)(?:=[^']*)?'"),
}
"""How the text of a ConfigCompositionException begins, by what is wrong."""
PLACES = re.compile(r"Did you mean to override (?:one of )?([^?]+)\?")
"""Where a file that was chosen could have gone, in the same text."""
SEVERAL = "has several values; type -m before it for a run of each, or {key}=[...] where a list is meant"
A_FOLDER = "is a folder of files; write +{key}/FOLDER@{key}.NAME=FILE to add one of them"
THERE = "is there already; leave out the + to put this one in its place, or give it a name of its own"
NOT_THERE = "is not there, so that it cannot be taken out"


def from_hydra(error: Exception, words: Sequence[str] = ()) -> BadInput:
    """Their error about the `words` of a command line. Anything else is no bad input and is raised as it is."""
    from hydra.core.override_parser.overrides_parser import OverrideParseException
    from hydra.errors import ConfigCompositionException, HydraException, MissingConfigException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    if isinstance(error, BadInput):
        return error
    if isinstance(error, ConfigCompositionException) and isinstance(error.__cause__, OmegaConfBaseException):
        error = error if str(error) else error.__cause__
    text = " ".join(str(error).split()).split(" See https")[0]
    if isinstance(error, MissingConfigException) and error.missing_cfg_file:
        return _no_such_file(error.missing_cfg_file, error.options)
    if isinstance(error, OverrideParseException):
        return BadInput("command line", str(error.override).removeprefix("++"), f"cannot be read: {text}")
    if isinstance(error, OmegaConfBaseException):
        return BadInput(error.full_key or "configuration", MISSING, (str(error.msg or text).splitlines() or [text])[0])
    if isinstance(error, ConfigCompositionException):
        return about_a_word(words) or about_a_choice(text, words) or BadInput("configuration", MISSING, text)
    if isinstance(error, HydraException | YAMLError | ValueError):
        return BadInput("configuration", MISSING, text)
    if isinstance(error, RecursionError):
        return BadInput("configuration", MISSING, "is nested too deeply, or contains itself; allowed: fewer levels")
    if _is_theirs(error):
        return BadInput("configuration", MISSING, f"cannot be composed ({type(error).__name__}: {text})")
    raise error


def _is_theirs(error: Exception) -> bool:
    """Was it raised in a library that reads words and files, or below it, and so about them?"""
    frame, theirs = error.__traceback__, False
    while frame is not None:
        package = str(frame.tb_frame.f_globals.get("__name__")).partition(".")[0]
        if package in (*READERS, "caresim"):
            theirs = package != "caresim"
        frame = frame.tb_next
    return theirs


def _no_such_file(path: str, options: Sequence[str] | None) -> BadInput:
    """A file that a word or a list of defaults names, and that nobody has. `options`: the files that are there."""
    group, _, name = path.rpartition("/")
    if options is None:
        options = [file.stem for file in sorted((paths.conf() / group).glob("*.yaml"))]
    return BadInput(group or "configuration", name, f"no such file, {choice(options, name)}")


def about_a_word(words: Sequence[str]) -> BadInput | None:
    """The first word that cannot be composed whatever the files are; None where each could be."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    for override in OverridesParser.create().parse_overrides(list(words)):
        key = override.get_key_element().lstrip("+~")
        value = str(override.input_line).partition("=")[2]
        if override.is_sweep_override():
            return BadInput(key, value, SEVERAL.format(key=key))
        if override.is_force_add() and paths.is_folder(paths.conf() / key):
            return BadInput(key, value, A_FOLDER.format(key=key))
    return None


def about_a_choice(text: str, words: Sequence[str]) -> BadInput | None:
    """A file that was chosen for a place that has none, or has one; None where the error is about another thing."""
    for what, form in SAID.items():
        if (said := form.match(text)) is None:
            continue
        key = said["key"]
        if what == "no such place":
            return _no_such_place(key, value_of(key, words), text)
        return (
            BadInput(key, value_of(key, words), THERE) if what == "there already" else BadInput(key, MISSING, NOT_THERE)
        )
    return None


def _no_such_place(key: str, value: str, text: str) -> BadInput:
    hint = PLACES.search(text)
    places = hint[1].split(", ") if hint else []
    has = f"the experiment has {', '.join(places)}" if places else "the experiment has none such"
    if "@" not in key:
        return BadInput(key, value, f"does not say where it belongs; write {key}@PLACE={value}; {has}")
    return BadInput(key, value, f"is not there to be replaced; to add it, write +{key}={value}; {has}")


def value_of(key: str, words: Sequence[str]) -> str:
    """What a word of the command line gives to `key`."""
    return next((value for word in words for left, _, value in [word.partition("=")] if left.lstrip("+~") == key), "")
