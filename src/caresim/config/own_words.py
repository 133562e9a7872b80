"""What tasks with a configuration of their own have in common: how their words are read, checked and printed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from caresim.config import yaml_file
from caresim.config.errors import BadInput, choice, from_validation
from caresim.config.raw import check_word

Settings = TypeVar("Settings", bound=BaseModel)


def parted(overrides: Sequence[str], example: str) -> Iterator[tuple[str, str]]:
    """Key and text of each word. BadInput, with an `example` of what to type, for one that is not key=value."""
    for word in overrides:
        key, equals, text = word.partition("=")
        if not equals or not text:
            raise BadInput("command line", word, f"must be key=value, such as {example}")
        check_word(word)
        yield key, text


def read(overrides: Sequence[str], keys: Sequence[str], as_typed: Collection[str], example: str) -> dict[str, Any]:
    """Values by key, `task` left out; those of `as_typed`, such as paths, as they are typed, others read as YAML."""
    values: dict[str, Any] = {}
    for key, text in parted(overrides, example):
        if key not in (*keys, "task"):
            raise BadInput(key, text, f"unknown key, {choice(keys, key)}")
        values[key] = text if key in as_typed else yaml_file.loads(text, key)
    values.pop("task", None)
    return values


def validated(schema: type[Settings], values: Any) -> Settings:
    """The settings with these values. BadInput says what is allowed."""
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        raise from_validation(error) from None


def as_yaml(settings: BaseModel) -> str:
    """What --cfg job prints: the settings that would hold."""
    return yaml.safe_dump(settings.model_dump(mode="json"), sort_keys=False, allow_unicode=True)
