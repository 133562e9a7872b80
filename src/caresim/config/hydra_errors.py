"""What Hydra and OmegaConf refuse, in our words: the key, its value, and what would be right."""

from __future__ import annotations

import re
from collections.abc import Sequence

from caresim.config.errors import MISSING, BadInput, choice


def from_hydra(error: Exception, words: Sequence[str] = ()) -> BadInput:
    """Their complaint about the `words` of a command line. Anything else is no bad input and is raised as it is."""
    from hydra.core.override_parser.overrides_parser import OverrideParseException
    from hydra.errors import HydraException
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    if isinstance(error, BadInput):
        return error
    text = " ".join(str(error).split()).split(" See https")[0]
    if missing := re.search(r"Could not find '([^']+)/([^/']+)'", text):
        group, name = missing.groups()
        options = re.search(r"Available options in '[^']*': (.*?) (?:Config search path|$)", text)
        return BadInput(group, name, f"no such file, {choice(options[1].split() if options else (), name)}")
    if isinstance(error, OverrideParseException):
        return BadInput("command line", str(error.override).removeprefix("++"), f"cannot be read: {text}")
    if isinstance(error, OmegaConfBaseException):
        return BadInput(error.full_key or "configuration", MISSING, str(error.msg or text).splitlines()[0])
    if isinstance(error, HydraException | YAMLError | ValueError):
        return about_a_choice(text, words) or BadInput("configuration", MISSING, text)
    raise error


def about_a_choice(text: str, words: Sequence[str]) -> BadInput | None:
    """A file that was chosen for a place that has none, or has one; None where the complaint is about another thing."""
    if found := re.match(r"Could not override '([^']+)'\.", text):
        return _no_such_place(found[1], value_of(found[1], words), text)
    if found := re.match(r"Multiple values for ([^ ]+)\. ", text):
        taken = "is there already; leave out the + to put this one in its place, or give it a name of its own"
        return BadInput(found[1], value_of(found[1], words), taken)
    if found := re.match(r"force-add of config groups is not supported: '\+\+([^=]+)=(.*)'", text):
        folders = f"is a folder of files; write +{found[1]}/FOLDER@{found[1]}.NAME=FILE to add one of them"
        return BadInput(found[1], found[2], folders)
    if found := re.match(r"Could not delete from config\. '([^']+)' does not exist", text):
        return BadInput(found[1], MISSING, "is not there, so that it cannot be taken out")
    return None


def _no_such_place(key: str, value: str, text: str) -> BadInput:
    there = re.search(r"Did you mean to override one of ([^?]+)\?|Did you mean to override ([^?]+)\?", text)
    places = (there[1] or there[2]).split(", ") if there else []
    has = f"the experiment has {', '.join(places)}" if places else "the experiment has none such"
    if "@" not in key:
        return BadInput(key, value, f"does not say where it belongs; write {key}@PLACE={value}; {has}")
    return BadInput(key, value, f"is not there to be replaced; to add it, write +{key}={value}; {has}")


def value_of(key: str, words: Sequence[str]) -> str:
    """What a word of the command line gives to `key`."""
    return next((value for word in words for left, _, value in [word.partition("=")] if left.lstrip("+~") == key), "")
