"""M/M/10+M in SimPy: `python benchmarks/peers/simpy_mmcm.py --callers 50000`.

The program is the PriorityResource of tests/peers, the way SimPy's documentation models a queue with reneging.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "peers"))
from mmcm import measure
from simpy_peer import Resource

if __name__ == "__main__":
    measure("SimPy", Resource.run)
