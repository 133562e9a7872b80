"""What README says of speed, made of what was measured last."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"
MARKER = "speed"
WIDTH = 120
PEERS = {"SimPy": "times_simpy", "Mesa": "times_mesa", "Ciw": "times_ciw", "Cimba": "times_cimba"}

Known = Mapping[str, Mapping[str, str]]


def paragraph(known: Known) -> str:
    """In tokyo, beside other engines, and beside C++; KeyError for a figure that was never measured."""

    def value(name: str) -> str:
        return f"{float(format(float(known[name]['median']), '.2g')):g}"

    study = float(known["tokyo_default_s"]["median"])
    times = ", ".join(f"{value(name)} times as fast as {peer}" for peer, name in PEERS.items())
    told = (
        "The model goes from event to event, in compiled code. In tokyo one thread makes "
        f"{value('tokyo_events')} million events per second, {value('tokyo_events_whole')} million when the building "
        "of the worlds is counted in. The whole command of the table above, with tables, figures and page, takes "
        f"{study:.0f} s on two cores. One queue of the textbooks, its building counted in, runs {times}; its run alone "
        f"has {value('speed_of_cpp')} of the speed of a loop in C++ written for it. With all its metrics, it has "
        f"{value('times_line')} times the speed of LINE's engine in C++ at 100,000 customers, and "
        f"{value('times_line_million')} times at a million."
    )
    return textwrap.fill(told, WIDTH, break_long_words=False) + "\n"
