"""M/M/10+M in LINE's compiled engine: `python benchmarks/peers/line_mmcm.py --python PYTHON --callers 100000`.

PYTHON is that of an environment with the package line-solver, which wants an older pandas than caresim. The model is
written as LINE's manual says (a source, a queue with patience, a sink) and played by its engine, a process a run, with
the engine's own settings: it draws for itself, cuts off the warm-up and estimates intervals. It keeps no caller, so
that waits cannot be compared one by one; its means must be those of Erlang A, within what it says itself of its error.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mmcm import PATIENCE, PEOPLE, RATE, SERVICE

from caresim.theory import erlang_a

MODEL = Path(__file__).parent / "line_model.py"
SURE = 3
"""Half-widths of LINE's intervals within which its means must lie. Over 60 runs of 100,000 callers a half-width was 1.5
standard errors of the number at the desk and 1.8 of those served a minute: a right engine fails once in 100,000."""
DESK = 1
"""The place of the queue among LINE's stations; 0 is the source."""


@dataclass(frozen=True)
class Line:
    """A model that has been written, and what plays it."""

    engine: str
    version: str
    model: Path

    @staticmethod
    def written(python: str, folder: Path) -> Line:
        """The model in `folder`, by the Python of the environment that has line-solver."""
        file = folder / "model.json"
        numbers = [str(number) for number in (RATE, PEOPLE, SERVICE, PATIENCE)]
        command = [python, str(MODEL), str(file), *numbers]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        return Line(told["engine"], told["version"], file)

    def play(self, callers: int, seed: int) -> Means:
        """About `callers` in a process of their own, from its start to its end."""
        served = round(callers * (1 - erlang_a(RATE, SERVICE, PEOPLE, PATIENCE).abandonment))
        result = self.model.with_name("result.json")
        command = [self.engine, "solve", str(self.model), "-o", str(result), "-s", str(served), "--seed", str(seed)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as program:
            said = program.stderr.read().decode()
            _, status, used = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
        if program.returncode:
            raise RuntimeError(f"LINE: {said}")
        return Means.read(result, served, used.ru_utime + used.ru_stime)


@dataclass(frozen=True)
class Means:
    """What LINE says of a run: callers at the desk on average, callers served a minute, each with a half-width."""

    callers: int
    seconds: float
    """Of the processor, the start of the process included."""
    present: tuple[float, float]
    served: tuple[float, float]

    @staticmethod
    def read(file: Path, served: int, seconds: float) -> Means:
        told = json.loads(file.read_text(encoding="utf-8"))
        means, halves = told["metrics"], told["confidenceIntervals"]
        callers = served + told["impatience"]["renegedCustomers"][DESK][0]
        present, rate = ((means[name][DESK][0], halves[f"{name}CI"][DESK][0]) for name in ("QN", "TN"))
        return Means(callers, seconds, present, rate)

    @property
    def wait(self) -> float:
        """Minutes on average, of all callers (Little's law)."""
        return (self.present[0] - self.served[0] * SERVICE) / RATE

    @property
    def lost(self) -> float:
        """Share of callers who gave up."""
        return 1 - self.served[0] / RATE

    def check(self) -> None:
        """AssertionError where these are not the means of Erlang A: those that wait and loss are made of."""
        theory = erlang_a(RATE, SERVICE, PEOPLE, PATIENCE)
        known = {"number at the desk": theory.number_in_system, "served a minute": theory.served_rate}
        for (what, expected), (mean, half) in zip(known.items(), (self.present, self.served), strict=True):
            assert 0 < half < 0.05 * expected, f"LINE: {what} has no useful interval: {mean} +- {half}"
            assert abs(mean - expected) < SURE * half, f"LINE: {what} is {mean} +- {half}, in theory {expected}"


def missing(python: str | None) -> str | None:
    """Why LINE cannot be played here."""
    if not python:
        return "left out, because --line names no Python that has line-solver"
    return None if version(python) else f"left out, because {python} cannot be run or has no line-solver"


def version(python: str | None) -> str:
    """Of line-solver in another environment; empty: there is none, or no such Python."""
    if not python or shutil.which(python) is None:
        return ""
    program = "from importlib.metadata import version; print(version('line-solver'))"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description="M/M/10+M in LINE")
    parser.add_argument("--python", required=True, help="the Python of an environment that has line-solver")
    parser.add_argument("--callers", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if (reason := missing(asked.python)) is not None:
        sys.exit(reason)
    with tempfile.TemporaryDirectory() as folder:
        line = Line.written(asked.python, Path(folder))
        means = line.play(asked.callers, asked.seed)
    means.check()
    print(
        f"LINE {line.version}: {means.callers} callers in {means.seconds:.3f} CPU s, "
        f"{means.callers / means.seconds:,.0f} callers a second, {means.lost:.2%} gave up, "
        f"mean wait {means.wait:.4f} min"
    )


if __name__ == "__main__":
    main()
