"""Kill a small study many times, each at a random moment, start it again, and compare it with an undisturbed one.

    python -m tests.faults --count 100 [--seed 0]

By turns with threads and with processes as workers. Prints what was wrong, and how many were killed at which stage.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.faults.killing import Trial, clear, killed, load, undisturbed

from caresim.run.workers import KINDS


def main(words: list[str]) -> int:
    """The exit status: 1 where anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args(words)
    moments = random.Random(asked.seed)
    stages: Counter[str] = Counter()
    load()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        whole = {kind: undisturbed(Path(folder, kind), kind) for kind in KINDS}
        for number in range(asked.count):
            place, kind = Path(folder, str(number)), KINDS[number % len(KINDS)]
            expected, seconds = whole[kind]
            trial = killed(place, kind, moments.uniform(0, 1.1 * seconds), expected)
            stages[stage(trial)] += 1
            if trial.wrong:
                wrong += 1
                print(f"killed after {trial.after_s:.2f} s ({stage(trial)}): {'; '.join(trial.wrong)}", flush=True)
            clear(place)
    took = " and ".join(f"{seconds:.1f} s with {kind}" for kind, (_, seconds) in whole.items())
    print(f"{asked.count} studies ({took} when undisturbed), seed {asked.seed}: {wrong} not as they should be")
    for name, count in stages.most_common():
        print(f"  {count} {name}")
    return 1 if wrong else 0


def stage(trial: Trial) -> str:
    """How far a study had come, by what it left behind."""
    if trial.was_over:
        return "over before it could be killed"
    if any(name.startswith("outputs/2") for name in trial.left):
        return "killed when its folder was in place"
    if any(name.startswith("outputs/.2") for name in trial.left):
        return "killed while its folder was written or its figures were drawn"
    blocks = sum(name.startswith("outputs/.blocks/") and "unfinished" not in name for name in trial.left)
    return f"killed with {blocks} of its 3 blocks finished" if blocks else "killed before a block was finished"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
