"""Values that nobody means, and some that somebody might: what a key is set to when a case spoils it."""

from __future__ import annotations

from random import Random
from typing import Any

LARGEST = 1e5
"""The largest size that is drawn. Raise it to 1e12 once every large request is refused, or done within its limits."""
WORDS = (
    "", " ", "x", "0", "no", "yes", "on", "null", "~", "true", "nan", "inf", "-inf", "none", "all", "first", "a/b",
    "..",
    ".", "CON", "con.txt", "nul.", "a\nb", "a\tb", "\0", "\x1b[31m", "\ud800", "\ufffe", "é" * 100, "x" * 300,
    "x" * 10_000,
    "日本", "\u202egnp", "a b", "-", "_", "A", "1a", "${seed}", "${nowhere}", "${oc.env:HOME}", "${.x}", "${", "}",
    "same_as", "value", "[key]", "&a", "*a", "!!python/name:os.system", "<<", "{}", "[]", "%s", "%(x)s", "{0}", "$x$",
    "_target_", "__class__", "__proto__", "/dev/zero", "/dev/null/x", "/proc/self/mem", "/", "~", "C:\\x", "file:///x",
    "2011-03-11", "2011-02-30", "0000-01-01", "9999-12-31", "10000-01-01", "262144-01-01 00:00 UTC",
    "9999-12-31 23:59 UTC", "0001-01-01 00:00 Asia/Tokyo", "2011-03-27 02:30 Europe/Paris", "2011-03-11T05:46Z",
    "2011-03-11 05:46 UTC", "2011-03-11 05:46", "UTC", "Europe/Paris", "Europe/Pari", "../UTC", "localtime",
    "posixrules",
    "08:00", "24:00", "25:00", "08:60", "8:00", "08:00+1", "24:00+1", "00:00", "٠٨:٠٠", "-1:00", "mon", "daily",
    "weekend",
)  # fmt: skip
NUMBERS = (
    *(0, 1, -1, 2, 3, 0.5, -0.0, 1e-300, 1e-9, 5e-324, 1e308, -1e308, 2**31, 2**53, 2**63, 2**64, 10**30, 10**400),
    *(
        float("nan"),
        float("inf"),
        float("-inf"),
        True,
        False,
        480,
        28800,
        8,
        1000,
        1e3,
        0.1 + 0.2,
        1 - 1e-16,
        1 + 1e-16,
    ),
)
LARGE = (2**31, 2**53, 2**63, 2**64, 10**30, 10**400, 1e308)
UNITS = (
    *("s", "min", "h", "d", "%", "x", "people", "seats", "lines", "posts/h", "calls/h", "/min", "/day", "EUR", "EUR/h"),
    *("points", "logit", "sd", "followers", "kg", "", "µs", "Min", "h/min", "/", "%%", "contacts", "share"),
)
FIGURES = (
    *(
        "0",
        "1",
        "-1",
        "0.5",
        "1e-12",
        "1e5",
        "1e400",
        "-0",
        "007",
        "1_000",
        ".5",
        "5.",
        "1e",
        "+2",
        "٣",
        "½",
        "1,5",
        "1 000",
    ),
    *("100", "99.999999999", "100.0000001", "0x10", "1e-400", "3.7", "24", "60"),
)


def size(luck: Random) -> float:
    """A size, by its order of magnitude."""
    return float(f"{10 ** luck.uniform(-3, len(f'{LARGEST:.0f}') - 1):.3g}")


def scalar(luck: Random) -> Any:
    """Text or a number."""
    kind = luck.randrange(6)
    if kind == 0:
        return luck.choice(
            [number for number in NUMBERS if number not in LARGE or LARGEST > 1e9 or luck.random() < 0.3]
        )
    if kind == 1:
        return size(luck)
    if kind == 2:
        return f"{luck.choice(FIGURES)} {luck.choice(UNITS)}"
    if kind == 3:
        return f"{size(luck):g} {luck.choice(UNITS)}"
    return luck.choice(WORDS) if kind == 4 else luck.choice((None, None, True, False, [], {}, ""))


def value(luck: Random, depth: int = 0) -> Any:
    """Anything; as JSON has it."""
    kind = luck.randrange(10)
    if kind < 7 or depth > 3:
        return scalar(luck)
    if kind == 7:
        return [value(luck, depth + 1) for _ in range(luck.randrange(4))]
    if kind == 8:
        return {str(luck.choice(WORDS)): value(luck, depth + 1) for _ in range(luck.randrange(3))}
    low, high = scalar(luck), scalar(luck)
    return {"value": scalar(luck), "range": luck.choice(([low, high], None, [low], "x")), "source": luck.choice(WORDS)}
