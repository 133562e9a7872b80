"""Files of a user with their bytes spoiled: YAML in a folder of their own, and the CSV files of a replay."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from caresim.config.composition import resolved
from caresim.config.paths import conf
from tests.fuzz.case import Step, byte_steps, spoiled

SHIPPED = {
    "experiment/queue": ("experiment/mine", ["experiment=mine"]),
    "experiment/desks": ("experiment/mine", ["experiment=mine", "window=1 d"]),
    "staffing/desks/daily_09_17": ("staffing/desks/mine", ["experiment=desks", "+staffing/desks@staffing.mine=mine"]),
    "staffing/desks/weekdays_09_18": (
        "staffing/desks/mine",
        ["experiment=desks", "+staffing/desks@staffing.mine=mine"],
    ),
    "disruption/messenger": ("disruption/mine", ["experiment=messenger", "disruption=mine", "population.scale=0.02"]),
    "population/activism": ("population/mine", ["experiment=activism", "population=mine", "population.scale=0.05"]),
    "behaviour/switched_off": ("behaviour/mine", ["experiment=queue", "behaviour=mine"]),
    "study/default": ("study/mine", ["experiment=queue", "study=mine"]),
}
"""By shipped file: where its copy goes in the user's folder, and the words that choose it."""
IN_YAML = (
    *(
        "\n",
        " ",
        "\t",
        ":",
        ": ",
        "- ",
        "? ",
        "#",
        "&a ",
        "*a",
        "&a [*a]",
        "&a {x: *a}",
        "<<: *a",
        "<<: {a: b}",
        "|",
        ">",
        "%",
    ),
    *(
        "[",
        "{",
        "]",
        "}",
        "!!binary x",
        "!!set {a}",
        "!!python/object/apply:os.system [ls]",
        "!!float nan",
        "!a",
        "---\n",
    ),
    *(
        "...\n",
        "\0",
        "\x85",
        "\xff",
        "\xc3\xa9",
        "\xed\xa0\x80",
        "'",
        '"',
        "010",
        "12:30",
        "08:00",
        "no",
        "1_000",
        "1e3",
    ),
    *(
        "0x1F",
        "1:30.5",
        ".inf",
        "~",
        "null",
        "${seed}",
        "${.x}",
        "${",
        "@package",
        "# @package x\n",
        "defaults:\n  - mine\n",
    ),
    *(
        "a: 1\na: 2\n",
        "\r",
        "\r\n",
        "\x1b",
        "9" * 400,
        "2011-03-11",
        "=",
        "`",
        "@",
        "{a: {a: {a: ",
        "_self_",
        "override ",
    ),
)
IN_CSV = (
    *(
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        '"',
        "'",
        "\0",
        "\xff",
        "\xc3\xa9",
        "nan",
        "inf",
        "-inf",
        "-1",
        "1e300",
        "1_000",
        "010",
        "0",
    ),
    *(
        "2026-01-05T08:00",
        "2026-13-01",
        "0001-01-01",
        "9999-12-31T23:59:59",
        "2026-03-29T02:30",
        "10:00",
        "1e-300",
        " ",
        "",
    ),
    *(
        "phone",
        "fax",
        "refund",
        "channel",
        "arrival",
        "arrival,arrival",
        "a/b",
        "CON",
        "x" * 300,
        "=1+1",
        "#",
        "answered",
    ),
    *(
        "2026-01-05T08:00:00+23:59",
        "99999999999999999999",
        "0.1",
        "3.5",
        "\xef\xbb\xbf",
        '"a\nb"',
        "desk",
        "cohort",
        "wait_s",
    ),
)
REPLAYS = {
    "contacts": (
        "contacts",
        "arrival,channel,need,cohort,service_s,patience_s,priority\n"
        "2026-01-05T08:00:00,phone,refund,gold,300,60,1\n2026-01-05T08:01:00,email,,,120,,0\n"
        "2026-01-05T08:01:30,phone,information,,90,inf,2\n2026-01-05T09:10:00,private,refund,gold,,30,\n",
    ),
    "minutes": (
        "contacts",
        "arrival,wait_s,outcome\n0,5,answered\n1.5,10,abandoned\n3,0,answered\n3,,\n70,600,abandoned\n",
    ),
    "service_times": (
        "service_times",
        "service_s,channel,need,hour\n" + "300,phone,refund,8\n240,email,,9\n90,private,refund,\n" * 40,
    ),
    "patience_times": (
        "patience_times",
        "patience_s,censored,channel,hour\n" + "60,no,phone,8\n30,yes,phone,9\ninf,,phone,\n" * 40,
    ),
    "intervals": (
        "intervals",
        "interval_start,offered,aht_s,staff,desk,channel\n"
        "2026-01-05T08:00,5,300,2,a,phone\n2026-01-05T08:30,7,280,3,a,phone\n2026-01-05T09:00,2,310,1,a,phone\n",
    ),
}
PLAN = (
    "start,end,desk,headcount,agent,speed,skills\n2026-01-05T08:00,2026-01-05T12:00,phone,2,,1.2,phone\n"
    "2026-01-05T08:00,2026-01-05T18:00,email,1,Ann,,\n2026-01-05T08:00,2026-01-05T18:00,private,,Bo,0.9,private\n"
)


def draw_yaml(luck: Random) -> tuple[str, tuple[Step, ...]]:
    return luck.choice(list(SHIPPED)), byte_steps(luck, IN_YAML)


def draw_replay(luck: Random) -> tuple[str, tuple[Step, ...]]:
    base = luck.choice((*REPLAYS, "contacts and plan", "plan"))
    return base, byte_steps(luck, IN_CSV)


def written_yaml(base: str, steps: tuple[Step, ...], folder: Path) -> list[str]:
    """Put the file into a user's folder; returns the words that ask for it."""
    place, words = SHIPPED[base]
    file = folder / f"{place}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(spoiled((conf() / f"{base}.yaml").read_bytes(), steps))
    return words


@lru_cache(maxsize=1)
def _replay() -> dict[str, Any]:
    # Hydra wants no file, only its name.
    return resolved(["experiment=replay", "replay.contacts=x"])


def written_replay(base: str, steps: tuple[Step, ...], folder: Path) -> dict[str, Any]:
    """Put the files into a folder; returns the configuration that asks for them."""
    whole = deepcopy(_replay())
    kind, text = REPLAYS["contacts" if "plan" in base else base]
    contents = {kind: text.encode()}
    if kind.endswith("_times"):
        contents["contacts"] = REPLAYS["contacts"][1].encode()
        whole["replay"][kind.removesuffix("_times")] = "empirical"
    if "plan" in base:
        contents["staff"] = PLAN.encode()
    target = "staff" if base == "plan" else kind
    contents[target] = spoiled(contents[target], steps)
    whole["replay"]["contacts"] = None
    for key, content in contents.items():
        file = folder / f"{key}.csv"
        file.write_bytes(content)
        whole["replay"][key] = str(file)
    return whole
