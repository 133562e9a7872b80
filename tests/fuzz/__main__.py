"""Many cases: `python -m tests.fuzz --count 20000 --seed 1`. Finds go to a folder, as small as they can be made.

Exit status 1 where anything was found. A find that has been mended belongs into tests/fuzz/corpus.
"""

from __future__ import annotations

import argparse
import faulthandler
import resource
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.fuzz.case import Case, luck_of
from tests.fuzz.judge import KINDS, LONGEST_S, Outcome, judged
from tests.fuzz.words import words_of

SHARE = ("configuration",) * 3 + ("replay",) * 3 + ("words", "yaml")
"""Kinds of cases, in turn: a case of the last two takes ten times as long as one of the others."""
EVERY = 500
"""Every so many cases of words, one is a process of its own."""
MEMORY = 12 << 30
"""Bytes of addresses that the fuzzer may have at all, so that a find cannot take the machine with it."""


def case_of(seed: int, number: int, kind: str = "") -> Case:
    """One case; the same for the same seed and number."""
    luck = luck_of(seed, number)
    kind = kind or SHARE[number % len(SHARE)]
    return Case(kind, *KINDS[kind](luck))


def shrunk(case: Case, why: str) -> Case:
    """The smallest case that goes wrong in the same way (by the last line of its trace)."""
    sign = _sign(why)
    for smaller in case.smaller():
        outcome = judged(smaller)
        if outcome.sort == "find" and _sign(outcome.why) == sign:
            return shrunk(smaller, outcome.why)
    return replace(case, why=sign)


def _sign(why: str) -> str:
    """Where it went wrong and how, without what varies."""
    lines = [line.strip() for line in why.strip().splitlines()]
    places = [line.partition(", in ")[2] for line in lines if line.startswith("File ") and "caresim" in line]
    return f"{(places or [''])[-1]}: {(lines or [''])[-1][:120]}"


def as_process(case: Case) -> Outcome:
    """The command line in earnest: exit status 0, 2 or, where its task has nothing to read, none of a trace."""
    with tempfile.TemporaryDirectory() as folder:
        line = [word for word in words_of(case.base, case.steps) if "\0" not in word]
        command = [sys.executable, "-m", "caresim", *line, "--cfg", "job"]
        try:
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=LONGEST_S, check=False)
        except (ValueError, UnicodeEncodeError):
            return Outcome("refused", "no process can be given such words")
        except subprocess.TimeoutExpired:
            return Outcome("find", f"more than {LONGEST_S} s")
    said = done.stderr.decode(errors="replace")
    if done.returncode in (0, 2) and "Traceback" not in said and len(said.splitlines()) <= 1:
        return Outcome("shown" if done.returncode == 0 else "refused", said)
    return Outcome("find", f"exit status {done.returncode}: {said}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="cases")
    parser.add_argument("--seed", type=int, default=0, help="other cases for another seed")
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--kind", choices=list(KINDS), default="", help="cases of this kind only")
    parser.add_argument("--finds", type=Path, default=Path("outputs/fuzz"), help="folder for what goes wrong")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    warnings.simplefilter("ignore")
    sorts: Counter[tuple[str, str]] = Counter()
    signs: Counter[str] = Counter()
    asked.finds.mkdir(parents=True, exist_ok=True)
    current = asked.finds / "current.json"
    slowest = 0.0
    for number in range(asked.first, asked.first + asked.count):
        case = case_of(asked.seed, number, asked.kind)
        case.write(current)  # what hangs in machine code cannot be stopped from within: the file says what it was
        faulthandler.dump_traceback_later(4 * LONGEST_S, exit=True)
        outcome = judged(case)
        if case.kind == "words" and number % EVERY < len(SHARE) and outcome.sort != "find":
            sorts["process", as_process(case).sort] += 1
        slowest = max(slowest, outcome.seconds)
        sorts[case.kind, outcome.sort] += 1
        if outcome.sort == "find":
            sign = _sign(outcome.why)
            signs[sign] += 1
            if signs[sign] == 1:
                faulthandler.dump_traceback_later(20 * LONGEST_S, exit=True)
                place = asked.finds / f"{case.kind}-{asked.seed}-{number}.json"
                shrunk(case, outcome.why).write(place)
                print(f"{place}: {sign}", flush=True)
        if (number + 1) % 500 == 0:
            print(f"{number + 1 - asked.first} cases, {sum(signs.values())} finds", file=sys.stderr, flush=True)
    faulthandler.cancel_dump_traceback_later()
    current.unlink()
    for (kind, sort), count in sorted(sorts.items()):
        print(f"{kind:14} {sort:8} {count:7,}")
    print(f"the slowest case took {slowest:.1f} s")
    for sign, count in signs.most_common():
        print(f"{count:5} x {sign}")
    return 1 if signs else 0


if __name__ == "__main__":
    sys.exit(main())
