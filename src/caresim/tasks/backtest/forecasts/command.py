"""Which backtest of a forecast a command line asks for, and how it is run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import yaml

from caresim.config import yaml_file
from caresim.config.errors import BadInput, choice
from caresim.run.attempt import DONE, complete
from caresim.run.probe import probe
from caresim.tasks.backtest.settings import GROUP, found, words

if TYPE_CHECKING:
    from caresim.tasks.request import Request

KINDS = ("desks", "signers", "monthly")
"""What the `kind` of a file of conf/backtest/ may be."""


def asked_for(request: Request) -> bool:
    """Is it about a forecast of a history? What has no `kind` is a list of facts."""
    return kind_of(words(request.overrides), request.config_dir) is not None


def kind_of(settings: dict[str, Any], config_dir: str | None) -> str | None:
    """The kind of a backtest; None where its file names none. BadInput for one that does not exist."""
    if GROUP not in settings:
        return None
    content = yaml_file.read(found(str(settings[GROUP]), config_dir))[1]
    kind = content.get("kind") if isinstance(content, dict) else None
    if kind is not None and kind not in KINDS:
        raise BadInput("kind", kind, choice(KINDS, str(kind)))
    return kind


def parts_of(kind: str) -> tuple[type[Any], Callable[[Any], Any]]:
    """What a kind can be asked for, and what runs it."""
    if kind == "desks":
        from caresim.tasks.backtest.desks import backtest as desks

        return desks.Desks, desks.run
    if kind == "signers":
        from caresim.tasks.backtest.signers import backtest as signers

        return signers.Signers, signers.run
    from caresim.tasks.backtest.monthly import backtest as monthly

    return monthly.Monthly, monthly.run


def run(request: Request) -> int:
    """Fit and predict, show and write; the last line that is printed names the folder."""
    from caresim.tasks.backtest.forecasts.settings import load

    values = words(request.overrides)
    values.pop("task")
    kind = kind_of(values, request.config_dir)
    assert kind is not None
    schema, backtest = parts_of(kind)
    settings = load(schema, found(str(values.pop(GROUP)), request.config_dir), values)
    if request.printing:
        content = settings.model_dump(mode="json", exclude_defaults=True)
        print(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120), end="")
        return DONE
    probe(settings.output_dir)
    outcome = backtest(settings)
    from caresim.tasks.backtest.forecasts.outcome import show, write

    show(outcome)
    print("drawing the figures ...", file=sys.stderr)
    place = write(outcome, request.command)
    complete(place)
    return DONE
