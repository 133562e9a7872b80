"""`caresim.simulate` of M/M/10+M, from the experiment to the metrics, in pairs with another program.

- LINE: a process of its own each time, from its start to its end. caresim (and the loop in C++ on the world that
  caresim builds) in a fresh process each time, from the validated experiment on, its compiled code loaded
  (programs/simulated.py).
- SimPy, from arrays of arrivals to arrays of waits: both warm, in processes that stay, with the same traffic.

Seconds of the processor, one thread, the two sides in turn. LINE draws for itself; its means must be those of theory.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from figure import HERE, Measured, ratios

from parts.effort import Effort
from parts.engines import Engine, ask, serving

PROGRAM = HERE / "programs" / "simulated.py"
SIZES = {"": 100_000, "_million": 1_000_000}
"""Callers, by what is added to the name of a figure."""
QUICK = {"": 20_000, "_million": 50_000}
SEED = 23_000
"""LINE's own first seed; the others follow."""


@dataclass
class Pairs:
    """Callers a second, repeat by repeat."""

    line: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    cpp: list[float] = field(default_factory=list)
    ours_whole: list[float] = field(default_factory=list)
    """Those of our whole process, from its start on."""
    ours_gb: list[float] = field(default_factory=list)


def measure(effort: Effort) -> list[Measured]:
    return against_line(effort) + against_simpy(effort)


def against_line(effort: Effort) -> list[Measured]:
    import line_mmcm
    import native

    if (reason := line_mmcm.missing(effort.line)) is not None:
        print(f"line: {reason}", file=sys.stderr)
        return []
    found = []
    with tempfile.TemporaryDirectory() as folder:
        line = line_mmcm.Line.written(str(effort.line), Path(folder))
        library = native.compiled(folder) if native.compiler() else None
        for suffix, callers in (QUICK if effort.quick else SIZES).items():
            pairs = Pairs()
            for repeat in range(effort.of(1, 9)):
                one_pair(pairs, line, callers, SEED + repeat, library)
            found += figures(pairs, suffix)
    return found


def one_pair(pairs: Pairs, line, callers: int, seed: int, library: Path | None) -> None:
    means = line.play(callers, seed)
    means.check()
    pairs.line.append(means.callers / means.seconds)
    with simulating(callers) as program:
        told = json.loads(ask(program, "caresim"))
    pairs.ours.append(told["callers"] / told["seconds"])
    pairs.ours_whole.append(told["callers"] / told["process_s"])
    pairs.ours_gb.append(told["peak_gb"])
    if library is not None:
        with simulating(callers, "--native", str(library)) as program:
            told = json.loads(ask(program, "the loop in C++"))
        pairs.cpp.append(told["callers"] / told["seconds"])


def figures(pairs: Pairs, suffix: str) -> list[Measured]:
    found = [
        Measured(f"line_callers{suffix}", "callers/s", pairs.line),
        Measured(f"simulated_callers{suffix}", "callers/s", pairs.ours),
        Measured(f"simulated_gb{suffix}", "GB", pairs.ours_gb),
        ratios(f"times_line{suffix}", pairs.ours, pairs.line),
        ratios(f"times_line_with_start{suffix}", pairs.ours_whole, pairs.line),
    ]
    if pairs.cpp:
        found.append(Measured(f"cpp_built_callers{suffix}", "callers/s", pairs.cpp))
        found.append(ratios(f"cpp_times_line{suffix}", pairs.cpp, pairs.line))
    return found


def against_simpy(effort: Effort) -> list[Measured]:
    """Pairs of the same number of callers."""
    callers = effort.of(2_000, 100_000)
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "traffic.npz"
        traffic = [sys.executable, str(HERE / "peers" / "caresim_mmcm.py"), "--write", str(file)]
        subprocess.run([*traffic, "--callers", str(callers)], check=True)
        simpy = Engine("simpy", "simpy", "simpy", callers)
        with simulating(callers) as program, serving(simpy, file, callers) as peer:
            ask(program, "caresim")  # warm
            for _ in range(5):
                told, other = json.loads(ask(program, "caresim")), json.loads(ask(peer, "SimPy"))
                ours.append(told["callers"] / told["seconds"])
                theirs.append(other["callers"] / other["seconds"]["whole"])
    return [Measured("simulated_warm_callers", "callers/s", ours), ratios("simulate_times_simpy", ours, theirs)]


@contextmanager
def simulating(callers: int, *words: str) -> Iterator[subprocess.Popen]:
    """A fresh process that plays so many once for every line."""
    command = [sys.executable, str(PROGRAM), "--callers", str(callers), *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        yield program
        program.stdin.close()
