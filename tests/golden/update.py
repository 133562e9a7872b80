"""Compute the golden values anew, print what moved and by how much, and keep them.

python -m tests.golden.update [NAME ...]     all experiments without a name
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.support import golden_file


def update(name: str) -> None:
    """Bring one experiment's golden file up to date."""
    old, new = golden_file.kept(name), golden_file.computed(name)
    values = len(golden_file.flat(new))
    if old is None:
        print(f"{name}: new, {values} values")
        golden_file.keep(name, new)
        return
    moves = golden_file.moved(old, new)
    if not moves:
        # The file stays as it is, even if it rounds otherwise here: there is nothing to see in such a change.
        print(f"{name}: nothing moved")
        return
    for line in golden_file.told(moves):
        print(line)
    print(f"{name}: {len(moves)} of {values} values moved")
    golden_file.keep(name, new)


def main(words: Sequence[str] | None = None) -> int:
    allowed = golden_file.names()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"experiments: {', '.join(allowed)}")
    asked = parser.parse_args(words).names
    for name in asked:
        if name not in allowed:
            parser.error(f"no experiment {name!r}, allowed: {', '.join(allowed)}")
    for name in asked or allowed:
        update(name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
