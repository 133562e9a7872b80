"""Golden values: what each experiment, cut down, gives now; as digests of its rows and as readable numbers."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

import caresim
from caresim.config.paths import experiments
from caresim.measure.tables import STAMPS
from caresim.run.block import TABLES
from caresim.run.folder import digest

HERE = Path(__file__).parents[1] / "golden"
STATISTICS = 1e-12
"""How far a derived number may be off, relative to it or to 1: sums in another order, as processors differ in."""
COMPARED = ("difference", "ci_low", "ci_high", "luck_low", "luck_high", "pairing_gain", "pairs_needed", "verdict")

Golden = dict[str, Any]


def names() -> list[str]:
    """Every experiment that ships."""
    return [name for name, _ in experiments()]


def inputs() -> dict[str, list[str]]:
    """The overrides that cut experiments down, by name; `every` is for all of them."""
    return yaml.safe_load((HERE / "inputs.yaml").read_text(encoding="utf-8"))


def overrides(name: str) -> list[str]:
    """What cuts the experiment down, as on the command line."""
    told = inputs()
    words = [*told["every"], *told.get(name, [])]
    return [f"experiment={name}", *(word.replace("{here}", str(HERE)) for word in words)]


def file_of(name: str) -> Path:
    return HERE / f"{name}.json"


def kept(name: str) -> Golden | None:
    """The golden values of an experiment; None if it has none yet."""
    file = file_of(name)
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else None


def keep(name: str, golden: Golden) -> None:
    text = json.dumps(golden, indent=1, ensure_ascii=False)
    # A metric a line: what moved can be read in a diff.
    text = re.sub(r"\[[^\]]+\]", lambda values: " ".join(values[0].split()), text)
    file_of(name).write_text(text + "\n", encoding="utf-8")


def computed(name: str) -> Golden:
    """The golden values of an experiment as the code stands.

    By staffing model: `rows`, number and digest of the rows of each table of the first replication; `metrics`, every
    metric by replication; `comparison`, what is said of the headline metrics. Floats as the shortest text that reads
    back to them.
    """
    with TemporaryDirectory() as folder:
        experiment = caresim.load(*overrides(name), f"output_dir={folder}", "record=none")
        results = caresim.compare(experiment, workers=1)
    metrics = results.replications.set_index(["staffing", "replication"]).drop(columns="draw")
    comparison = results.comparison()
    headline = comparison[comparison["headline"]].set_index(["staffing", "metric"])[list(COMPARED)]
    return {
        staffing: {
            "rows": _rows(caresim.simulate(experiment, staffing, 0)),
            "metrics": {
                metric: [written(value) for value in values]
                for metric, values in metrics.loc[staffing].to_dict("list").items()
            },
            "comparison": {
                metric: {column: written(value) for column, value in row.items()}
                for (which, metric), row in headline.to_dict("index").items()
                if which == staffing
            },
        }
        for staffing in results.staffings
    }


def _rows(outcome: Any) -> dict[str, str]:
    tables = {name: getattr(outcome, name) for name in TABLES}
    return {name: f"{len(table)} rows {digest(without_stamps(name, table))}" for name, table in tables.items()}


def without_stamps(name: str, table: Any) -> Any:
    """The table without the time stamps that only say again what minutes say, but those that it always had."""
    again = [minutes.removesuffix("_min") for minutes in STAMPS.get(name, ())]
    return table.drop(columns=[column for column in again if column not in ("arrival", "time")])


def written(value: Any) -> str:
    return repr(float(value)) if isinstance(value, float | int) else str(value)


def flat(golden: Golden) -> dict[str, str]:
    """Every value by its dotted path."""
    return dict(_leaves(golden, ""))


def _leaves(tree: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        yield path, tree
        return
    for key, branch in tree.items() if isinstance(tree, dict) else enumerate(tree):
        yield from _leaves(branch, f"{path}.{key}" if path else str(key))


def moved(old: Golden, new: Golden) -> dict[str, tuple[str | None, str | None]]:
    """(old, new) by path of what is not the same: rows to the bit, numbers within STATISTICS; None: not there."""
    before, after = flat(old), flat(new)
    paths = [*before, *(path for path in after if path not in before)]
    pairs = {path: (before.get(path), after.get(path)) for path in paths}
    return {path: pair for path, pair in pairs.items() if not same(*pair, is_gain=path.endswith(".pairing_gain"))}


def same(old: str | None, new: str | None, is_gain: bool = False) -> bool:
    """A gain is of differences that are smaller than their terms by its square root: rounding counts that much more."""
    if old == new:
        return True
    one, other = number(old), number(new)
    if one is None or other is None or not (math.isfinite(one) and math.isfinite(other)):
        return False
    room = STATISTICS * max(1.0, abs(one))
    return abs(one - other) <= (room * math.sqrt(max(1.0, one)) if is_gain else room)


def number(text: str | None) -> float | None:
    """The number in a text; None where it is something else."""
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def told(moves: dict[str, tuple[str | None, str | None]]) -> Iterator[str]:
    """What moved, in lines: by how much, and the largest first among the numbers."""
    yield from (_line(*move) for move in sorted(moves.items(), key=lambda move: -_size(*move[1])))


def _line(path: str, pair: tuple[str | None, str | None]) -> str:
    old, new = ("none" if text is None else text for text in pair)
    size = _size(*pair)
    by = f"  ({_relative(*pair):+.3g} relative)" if math.isfinite(size) and size > 0 else ""
    return f"  {path}: {old} -> {new}{by}"


def _relative(old: str | None, new: str | None) -> float:
    one, other = number(old), number(new)
    if one is None or other is None:
        return math.nan
    return (other - one) / abs(one) if one else math.copysign(math.inf, other)


def _size(old: str | None, new: str | None) -> float:
    """How far a number has moved, relative; what is no number, came or went stands first."""
    relative = _relative(old, new)
    return math.inf if math.isnan(relative) else abs(relative)
