"""M/M/c+M in LINE's own words, for its engine: `python line_model.py FILE RATE SERVERS SERVICE PATIENCE`.

Runs in a Python that has the package line-solver, and needs nothing else. Writes the model to FILE, and one line of
JSON: where the compiled engine lies, and its version.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from pathlib import Path

import line_solver as line
from line_solver.io.linemodel_io import save_model

WRITTEN, READ = '"reneging"', '"RENEGING"'
"""What the package writes for a caller who gives up, and what its engine accepts (3.0.8)."""


def main(file: Path, rate: float, servers: int, service: float, patience: float) -> None:
    model = line.Network("M/M/c+M")
    source = line.Source(model, "arrivals")
    queue = line.Queue(model, "desk", line.SchedStrategy.FCFS)
    sink = line.Sink(model, "gone")
    callers = line.OpenClass(model, "callers")
    queue.set_number_of_servers(servers)
    source.set_arrival(callers, line.Exp(rate))
    queue.set_service(callers, line.Exp(1 / service))
    queue.set_patience(callers, line.Exp(1 / patience))
    model.link(line.Network.serial_routing(source, queue, sink))
    save_model(model, str(file))
    file.write_text(file.read_text(encoding="utf-8").replace(WRITTEN, READ), encoding="utf-8")
    engine = Path(line.__file__).parent / "bin" / "ldes"
    print(json.dumps({"engine": str(engine), "version": version("line-solver")}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), *map(float, sys.argv[4:6]))
