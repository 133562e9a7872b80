"""The price of a run and what it took agree within a factor of 3: its events, and the bytes of its world's tables.

Seconds are not tested against a clock, which a busy machine would stretch.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import caresim
from caresim.config import price
from caresim.config.counts import counts_of
from caresim.model.records import DTYPES
from caresim.run.uncertain import drawn
from caresim.scenario.run import run

CLOSE = 3.0
REQUESTS = {
    "tokyo": ["experiment=tokyo"],
    "tokyo, a tenth": ["experiment=tokyo", "population.scale=0.1"],
    "a queue": ["experiment=queue"],
    "a queue of many servers": ["experiment=queue", "queue.servers=2000", "queue.customers=2000"],
    "an evening": ["experiment=compiegne"],
    "a wave of posts": ["experiment=activism"],
    "two organisations": ["experiment=insourcing"],
    "messages": ["experiment=messenger"],
    "many flights": ["experiment=ash_cloud", "population.scale=0.005", "reinforcement=0.01"],
    "a file": [
        "experiment=replay",
        "replay.contacts=experiments/replay/contacts.csv",
        "replay.staff=experiments/replay/staff.csv",
    ],
}


@pytest.mark.parametrize("what", REQUESTS)
def test_price_and_reality_agree(what: str) -> None:
    experiment = caresim.load(*REQUESTS[what])
    counts = counts_of(experiment, len(experiment.compared))
    events, largest = 0, 0
    for name in experiment.compared:
        done = run(drawn(experiment, 0), name, 0)
        events += done.events
        largest = max(largest, sum(getattr(done.world, table).nbytes for table in DTYPES))
    assert events / CLOSE < price.priced(counts, 1).events < events * CLOSE
    assert largest / CLOSE < price.bytes_of_world(counts) < largest * CLOSE


MANY_MORE = "\"[{headcount: 1000000000, start: '08:00', end: '12:00'}]\""
HUGE = (
    "replications=1000000000",
    "experiment=queue queue.customers=1000000000000",
    "experiment=queue queue.servers=1000000000",
    "experiment=replay replay.intervals=calls.csv",
    "-m seed=range(0,10000000)",
    "-m seed=range(0,1000000) replications=range(1,1000000)",
    "staffing.hybrid.desks.social.headcount=1000000000",
    "workers=1000000",
    f"+staffing.hybrid.desks.social.extra={MANY_MORE}",
    f"experiment=replay replay.contacts=calls_alone.csv replay.extra={MANY_MORE}",
    "population.scale=1000000",
    "experiment=replay replay.contacts=columns.csv",
    "experiment=replay replay.contacts=shift.csv replay.staff=staff.csv",
    "window=1000000d",
    "bin=0.0001s",
    "experiment=ash_cloud operators.european_airlines.flights.cancelled.a_day=10000000000",
    "task=explain replications=1000000000",
    "task=backtest backtest=stylised_facts replications=1000000000",
    "task=dashboard window=1000000d",
    "task=story window=1000000d",
)
"""Requests that would eat any machine."""
ASK = """
import json, os, sys
from caresim.__main__ import command
for line in sys.stdin:
    before = sum(os.times()[:4])
    status = command(json.loads(line))
    print(json.dumps([status, sum(os.times()[:4]) - before]), flush=True)
    print("--", file=sys.stderr, flush=True)
from caresim.run.effort import peak_memory
print(json.dumps(peak_memory()))
"""


def test_no_request_eats_the_machine(tmp_path: Path) -> None:
    """Each is answered by one message and exit status 2, at once, in little memory, and nothing is written."""
    (tmp_path / "calls.csv").write_text("interval_start,offered\n0,1000000000\n")
    wide = [f"c{n}" for n in range(10_000)]
    (tmp_path / "columns.csv").write_text(f"arrival,{','.join(wide)}\n1{',' * len(wide)}\n")
    (tmp_path / "calls_alone.csv").write_text("arrival,channel\n1,phone\n")
    (tmp_path / "shift.csv").write_text("arrival\n1\n")
    (tmp_path / "staff.csv").write_text("start,end,headcount\n" + "0,60,10000\n" * 20_000)
    before = sorted(tmp_path.iterdir())
    asked = "".join(json.dumps(shlex.split(words)) + "\n" for words in HUGE)
    done = subprocess.run(
        [sys.executable, "-c", ASK], input=asked, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=True
    )
    *answers, peak = map(json.loads, done.stdout.splitlines())
    told = done.stderr.split("--\n")
    for words, (status, seconds), message in zip(HUGE, answers, told, strict=False):
        lines = message.splitlines()
        assert status == 2, words
        assert len(lines) == 1, message
        assert lines[0].startswith("caresim: "), message
        assert "at most" in message or "at least" in message, message
        # CPU seconds, which a busy machine stretches little; the first pays for loading.
        assert seconds < 10, words
    assert len(answers) == len(HUGE)
    assert peak < 500e6
    assert sorted(tmp_path.iterdir()) == before


FORGETFUL = """
import json, sys
import caresim
from caresim.config import price
from caresim.run.block import compute, cut
from caresim.run.effort import peak_memory
experiment = caresim.load("experiment=queue", "record=none", "workers=1", *sys.argv[1:])
compute(experiment, cut(experiment, 0, 1)[0])
print(json.dumps([peak_memory(), price.price_of(experiment).bytes]))
"""


@pytest.mark.parametrize("words", [(), ("queue.servers=5", "queue.patience_mean=null")], ids=["calm", "overrun"])
def test_a_run_that_forgets_keeps_within_the_memory_it_asks_for(words: tuple[str, ...], tmp_path: Path) -> None:
    program = [sys.executable, "-c", FORGETFUL, "queue.customers=300000", *words]
    done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=True)
    took, asked = json.loads(done.stdout)
    assert asked / CLOSE < took < asked


ROWS = 100_000
"""Of a list of contacts; 3,000,000 are replayed by benchmarks/large_replay.py."""
PLAY = """
import json, sys
from caresim import load
from caresim.__main__ import command
from caresim.config import price
from caresim.run.effort import peak_memory
before = peak_memory()
words = ["experiment=replay", f"replay.contacts={sys.argv[1]}", "replay.servers=400", "replications=1"]
assert command([*words, "figures=none"]) == 0
print(json.dumps([peak_memory() - before, price.price_of(load(*words)).bytes]))
"""


def replayed(folder: Path, count: int) -> tuple[float, float]:
    """Bytes by which a command's memory grew until its folder was written, and bytes that were asked for."""
    words = ("answered", "abandoned")
    rows = (
        f"2026-03-{1 + n * 20 // count:02d} {n // 60 % 24:02d}:{n % 60:02d}:{n % 59:02d},phone,{n * 7919 % 300}.5,"
        f"{n % 91},{words[n % 20 == 0]}\n"
        for n in range(count)
    )
    (folder / "long.csv").write_text("arrival,channel,service_s,wait_s,outcome\n" + "".join(rows))
    line = [sys.executable, "-c", PLAY, "long.csv"]
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=600, check=True)
    took, asked = json.loads(done.stdout.splitlines()[-1])
    return took, asked


def test_a_long_list_of_contacts_keeps_within_the_memory_it_asks_for(tmp_path: Path) -> None:
    """From the file to the written folder, in all and for each row more."""
    took, asked = replayed(tmp_path, ROWS)
    assert asked / CLOSE < took < asked
    took_by_few, asked_for_few = replayed(tmp_path, 100)
    assert took - took_by_few < asked - asked_for_few
