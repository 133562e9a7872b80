"""M/M/10+M in Ciw: `python benchmarks/peers/ciw_mmcm.py --callers 50000`.

The program is that of tests/peers: one node, `reneging_time_distributions`, each customer's own figures.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "peers"))
import ciw_peer
from mmcm import measure

if __name__ == "__main__":
    measure("Ciw", ciw_peer.run)
