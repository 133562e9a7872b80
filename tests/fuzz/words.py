"""Words of the command line: good ones put together, with keys, signs and values spoiled."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from tests.fuzz.case import Step
from tests.fuzz.values import FIGURES, UNITS, WORDS, scalar, value

EXPERIMENTS = ("tokyo", "queue", "queue", "queue", "compiegne", "desks", "replay", "activism")
KEYS = (
    *(
        "seed",
        "replications",
        "precision",
        "baseline",
        "only",
        "workers",
        "cluster",
        "record",
        "output_dir",
        "passenger",
    ),
    *("name", "question", "start", "timezone", "window", "warm_up", "drain", "bin", "population", "population.scale"),
    *("population.cohorts.customers.people", "population.cohorts.customers.need", "behaviour", "behaviour.anger.kappa"),
    *("behaviour.anger.kappa.range", "behaviour.handling.phone", "staff", "staffing", "staffing.servers.desks.desk"),
    *("staffing.servers.desks.desk.headcount", "staffing.servers.desks.desk.shifts", "operators.centre.channels.phone"),
    *("queue", "queue.servers", "queue.customers", "queue.arrival_rate", "queue.service", "queue.patience_mean"),
    *("queue.capacity", "queue.redial_share", "queue.warm_up", "replay", "replay.contacts", "replay.timezone"),
    *("study.headline", "study.margins.csat", "study.confidence", "disruption", "disruption.facts", "observations"),
    *("figures", "explain.one", "explain.seats", "dashboard.left", "task", "backtest", "hydra.run.dir", "defaults"),
    *("staff/unevenness@staff.call_center_agent", "staffing/tokyo@staffing.hybrid", "staffing.hybrid", "experiment"),
)
MEANT = (
    *("seed=7", "replications=2", "record=all", "workers=1", "figures=none", "population.scale=0.01", "window=3 d"),
    *("queue.customers=150", "queue.servers=3", "queue.patience_mean=null", "queue.redial_share=0 %", "drain=12 h"),
    *("queue.capacity=12", "queue.service=deterministic", "bin=1 h", "name=mine", "timezone=Asia/Tokyo", "--cfg=job"),
)
"""Words that fit some experiments."""
SIGNS = ("", "", "", "", "+", "++", "~", "+++", "-", "--", "@", "/", ".")
FLAGS = (
    "-m",
    "--multirun",
    "--cfg",
    "job",
    "-c",
    "--config-dir",
    ".",
    "/nowhere",
    "--help",
    "--",
    "-x",
    "-",
    "--seed",
    "-mm",
)
GRAMMAR = (
    "${",
    "}",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    ",",
    ":",
    "=",
    "\\",
    "range(1,3)",
    "choice(1,2)",
    "glob(*)",
    "int(",
    ")",
)


def draw(luck: Random) -> tuple[str, tuple[Step, ...]]:
    """An experiment, and a word a step."""
    return luck.choice(EXPERIMENTS), tuple(["word", word(luck)] for _ in range(luck.choice((1, 1, 2, 3))))


def word(luck: Random) -> str:
    if luck.random() < 0.35:
        return luck.choice(MEANT)
    kind = luck.randrange(12)
    if kind == 0:
        return luck.choice(FLAGS)
    key = luck.choice(KEYS)
    if kind == 1:
        key = spoiled(luck, key)
    if kind == 2:
        return f"{luck.choice(SIGNS)}{key}"
    text = as_text(value(luck)) if kind > 4 else luck.choice((*WORDS, *GRAMMAR, *FIGURES))
    if kind == 5:
        text = f"{luck.choice(FIGURES)} {luck.choice(UNITS)}"
    if kind == 6:
        text = luck.choice(GRAMMAR) * luck.choice((1, 2, 10, 3000)) + text
    if kind == 7:
        text = f"{as_text(scalar(luck))},{as_text(scalar(luck))}"
    return f"{luck.choice(SIGNS) if kind < 9 else ''}{key}={text}"


def spoiled(luck: Random, key: str) -> str:
    """A key with a slip of the pen."""
    at = luck.randrange(len(key))
    return (
        key[:at]
        + luck.choice(("", key[at] * 2, ".", "..", "[0]", " ", "é", "\0", "@", "/", "${x}", "x" * 5000))
        + key[at + 1 :]
    )


def as_text(thing: Any) -> str:
    """As Hydra's words have it, more or less."""
    if isinstance(thing, dict):
        return "{" + ",".join(f"{key}:{as_text(member)}" for key, member in thing.items()) + "}"
    if isinstance(thing, list):
        return "[" + ",".join(map(as_text, thing)) + "]"
    if thing is None or isinstance(thing, bool):
        return str(thing).lower().replace("none", "null")
    text = repr(thing) if isinstance(thing, float) else str(thing)
    return text if re.fullmatch(r"[\w .%/:+-]*", text) else "'" + text.replace("'", "\\'") + "'"


def words_of(base: str, steps: tuple[Step, ...]) -> list[str]:
    """The command line, as `sys.argv` would have it."""
    return [f"experiment={base}", *(step[1] for step in steps)]
