"""M/M/10+M through every engine, each in a process of its own, one after the other, again and again.

What is timed, in seconds of the processor (see peers/mmcm.py), one thread, warm (the first playing does not count):

- a peer: the whole of its program, from arrays of arrivals, services and patience to arrays of waits and fates; drawing
  these costs it nothing;
- caresim and the loop in C++, `run`: from the first event to the last; both draw services and patience in it;
- caresim, `whole`: building the world (all arrivals and traits are drawn there) and the run, from the validated
  experiment to the tables.

Every playing is checked against the same waits before its time counts.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from figure import Measured, ratios

from parts.effort import Effort

PEERS = Path(__file__).parents[1] / "peers"
sys.path.insert(0, str(PEERS))


@dataclass(frozen=True)
class Engine:
    """`callers` is how many of the traffic it plays: the first so many; the slow engines fewer."""

    name: str
    program: str
    needs: str
    callers: int
    words: tuple[str, ...] = ()


ENGINES = (
    Engine("caresim", "caresim", "caresim", 100_000),
    Engine("cpp", "caresim", "caresim", 100_000, ("--native",)),
    Engine("cimba", "cimba", "cimba", 100_000),
    Engine("loop", "loop", "numpy", 50_000),
    Engine("simpy", "simpy", "simpy", 20_000),
    Engine("ciw", "ciw", "ciw", 20_000),
    Engine("mesa", "mesa", "mesa", 20_000),
    Engine("salabim", "salabim", "salabim", 2_000),
)


@dataclass
class Seen:
    """What an engine said of its playings."""

    callers: int
    run: list[float] = field(default_factory=list)
    building: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)
    peak_gb: list[float] = field(default_factory=list)
    kept_waiting: list[float] = field(default_factory=list)
    """Share of the time on the wall in which the processor did something else."""

    def add(self, line: str) -> None:
        told = json.loads(line)
        self.callers = told["callers"]
        self.whole.append(told["seconds"]["whole"])
        if "run" in told["seconds"]:
            self.run.append(told["seconds"]["run"])
            self.building.append(told["seconds"]["building"])
            self.events.append(told["events"])
        self.peak_gb.append(told["peak_gb"])
        self.kept_waiting.append(told["idle"])

    def speed(self, seconds: Sequence[float]) -> list[float]:
        return [self.callers / each for each in seconds]


def missing(engine: Engine) -> str | None:
    """Why an engine cannot be measured here."""
    import native

    if engine.name == "cpp" and native.compiler() is None:
        return "no C++ compiler"
    return None if importlib.util.find_spec(engine.needs) else "not installed"


def measure(effort: Effort) -> list[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "traffic.npz"
        callers = effort.of(20_000, 100_000)
        program = str(PEERS / "caresim_mmcm.py")
        subprocess.run([sys.executable, program, "--write", str(file), "--callers", str(callers)], check=True)
        return figures(interleaved(file, effort, callers / 100_000))


def interleaved(file: Path, effort: Effort, share: float) -> dict[str, Seen]:
    """What every engine that is here says of the same traffic, the first playing of each left out."""
    seen: dict[str, Seen] = {}
    with ExitStack() as stack:
        programs = {}
        for engine in ENGINES:
            if (reason := missing(engine)) is not None:
                print(f"{engine.name}: {reason}", file=sys.stderr)
                continue
            programs[engine.name] = stack.enter_context(serving(engine, file, int(engine.callers * share)))
            seen[engine.name] = Seen(engine.callers)
        for _ in range(effort.repeats):
            for name, program in programs.items():
                seen[name].add(ask(program, name))
    return seen


@contextmanager
def serving(engine: Engine, file: Path, callers: int) -> Iterator[subprocess.Popen]:
    """The engine's program, warm and waiting."""
    command = [sys.executable, str(PEERS / f"{engine.program}_mmcm.py"), "--serve", str(file)]
    own = engine.program == "caresim"
    words = [*engine.words, *([] if own else ["--callers", str(callers)])]
    with subprocess.Popen([*command, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        answered(program, engine.name)
        yield program
        program.stdin.close()


def ask(program: subprocess.Popen, name: str) -> str:
    program.stdin.write("go\n")
    program.stdin.flush()
    return answered(program, name)


def answered(program: subprocess.Popen, name: str) -> str:
    line = program.stdout.readline()
    if not line:
        raise RuntimeError(f"{name} gave up: its waits differ, or see above")
    return line


def figures(seen: dict[str, Seen]) -> list[Measured]:
    ours = seen["caresim"]
    whole, run = ours.speed(ours.whole), ours.speed(ours.run)
    found = [
        Measured("caresim_callers", "callers/s", whole),
        Measured("caresim_callers_run", "callers/s", run),
        Measured("caresim_event_ns", "ns", [1e9 * s / n for s, n in zip(ours.run, ours.events, strict=True)]),
        Measured("caresim_events_a_caller", "events", [n / ours.callers for n in ours.events]),
        Measured("caresim_gb", "GB", ours.peak_gb),
        Measured("caresim_played", "callers", [ours.callers]),
        Measured("kept_waiting", "share", [share for each in seen.values() for share in each.kept_waiting]),
    ]
    for name, other in seen.items():
        if name == "caresim":
            continue
        theirs = other.speed(other.whole)
        found += [Measured(f"{name}_callers", "callers/s", theirs), Measured(f"{name}_gb", "GB", other.peak_gb)]
        found.append(Measured(f"{name}_played", "callers", [other.callers]))
        if name != "cpp":
            found += [ratios(f"times_{name}", whole, theirs), ratios(f"times_{name}_run", run, theirs)]
            continue
        found += [
            Measured("cpp_callers_run", "callers/s", other.speed(other.run)),
            Measured("cpp_events_a_caller", "events", [n / other.callers for n in other.events]),
            ratios("speed_of_cpp", run, other.speed(other.run)),
        ]
    return found
