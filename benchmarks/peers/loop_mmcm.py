"""M/M/10+M in plain Python: `python benchmarks/peers/loop_mmcm.py --callers 50000`.

The reference of tests/peers, a heap of events and nothing else: what a framework costs is the distance to it.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "peers"))
import loop_peer
from mmcm import measure

if __name__ == "__main__":
    measure("plain Python", loop_peer.run)
