"""What of docs/performance.md is made of numbers, and what README says of speed.

    python benchmarks/performance_page.py

A figure is taken from the last run that measured it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from busy import was_busy
from derived import bytes_each, events_each
from derived import number as of
from figure import HERE, HISTORY, RUNS, SIZES, read, with_ratios
from markers import put
from planner import sentences
from readme_speed import MARKER, README, paragraph
from targets import EARLIER, EITHER, IN_THE_WAY, TARGETS, Target

PAGE = HERE.parent / "docs" / "performance.md"
NOTHING = "Not measured yet.\n"
VERSION = "{line}"
"""Where the version of LINE goes."""
ABOUT_LINE = "a process a run; keeps sums and no caller (less), estimates intervals and cuts off the warm-up (more)"
ENGINES = (
    ("caresim", "caresim_callers_run", "no", None, "caresim, the run"),
    ("caresim", "caresim_callers", "yes", None, "caresim, the run and its building"),
    ("cpp", "cpp_callers_run", "no", "speed_of_cpp", "C++ -O3, the same draws, records and hops: the run"),
    ("line", "line_callers", "own draws", "times_line", f"LINE {VERSION}, C++: {ABOUT_LINE}"),
    ("line", "line_callers_million", "own draws", "times_line_million", f"LINE {VERSION}, the same"),
    ("simulated", "simulated_callers", "yes, and metrics", None, "caresim, `simulate` and its metrics, fresh process"),
    ("simulated", "simulated_callers_million", "yes, and metrics", None, "the same"),
    ("cimba", "cimba_callers", "given", "times_cimba", "Cimba (a C library), through its Python package"),
    ("loop", "loop_callers", "given", "times_loop", "a loop in plain Python with heapq"),
    ("mesa", "mesa_callers", "given", "times_mesa", "Mesa's events, an agent a caller"),
    ("simpy", "simpy_callers", "given", "times_simpy", "SimPy, a resource and a process a caller"),
    ("ciw", "ciw_callers", "given", "times_ciw", "Ciw, one node"),
    ("salabim", "salabim_callers", "given", "times_salabim", "salabim, a component a caller"),
)
"""(engine, speed, is building in it, our ratio to it, what it is); the ratio to C++ is run to run, those to LINE are of
`caresim.simulate` in a fresh process."""
OF_THE_PAIRS = {"": "100,000", "_million": "1,000,000"}
"""Callers of the pairs with LINE, by what is added to the name of a figure."""
LIBRARIES = ("SimPy", "Ciw", "Mesa", "salabim", "Cimba")
FEWEST = 3
"""Runs of the benchmark from which on their history is shown."""

Known = Mapping[str, Mapping[str, str]]


def latest(history: Sequence[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The last row of each figure."""
    return {row["name"]: row for row in sorted(history, key=lambda row: row["run"])}


def number(value: float) -> str:
    """Three digits, thousands apart."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{value:.3g}"


def spread(row: Mapping[str, str]) -> str:
    """Median, and lowest to highest of the repeats where there are several."""
    median, low, high = (number(float(row[name])) for name in ("median", "low", "high"))
    return f"{median} ({low}-{high})" if int(row["repeats"]) > 1 else median


def targets(known: Known, runs: Mapping[str, Mapping[str, str]], wanted: Sequence[Target] = TARGETS) -> str:
    rows = ["| what | target | obtained | | what stands in the way |", "|---|---|---|---|---|"]
    for target in wanted:
        row = known.get(target.name)
        if row is None and known.keys() & EITHER.get(target.name, set()):
            continue
        told = ("not measured yet", "", "") if row is None else obtained(target, row, known, runs)
        rows.append(f"| {target.what} | {target.bound} | {' | '.join(told)} |")
    return "\n".join(rows) + "\n"


def obtained(
    target: Target, row: Mapping[str, str], known: Known, runs: Mapping[str, Mapping[str, str]]
) -> tuple[str, str, str]:
    """The figure, the verdict, and what stands in the way of a missed target."""
    value = float(row["median"])
    verdict = target.verdict(value)
    busy = "busy machine" if target.by_wall and was_busy(row, runs) else ""
    why = "" if target.met(value) else in_the_way(target, known)
    return f"{spread(row)} {target.unit}", ", ".join(filter(None, (verdict, busy))), why


def in_the_way(target: Target, known: Known) -> str:
    if target.wanted is None:
        return ""
    if target.name in IN_THE_WAY:
        return IN_THE_WAY[target.name]
    if target.name == "study_over_measured":
        return measuring(known)
    if target.name.startswith("times_line"):
        return beyond_line(target, known)
    peer = target.name.removeprefix("times_")
    if not {f"{peer}_callers", "cpp_callers", "cpp_callers_run"} <= known.keys():
        return ""
    wanted = target.wanted * float(known[f"{peer}_callers"]["median"])
    whole, run = (float(known[name]["median"]) for name in ("cpp_callers", "cpp_callers_run"))
    return (
        f"the target is {number(wanted)} callers a second; the loop in C++ makes {number(whole)} with the same "
        f"building, {number(run)} without"
    )


def beyond_line(target: Target, known: Known) -> str:
    """The loop in C++ is what any engine on these records could be."""
    name = target.name.replace("times_line", "cpp_times_line")
    if name not in known:
        return "building, records of every customer, and metrics, which LINE has none of"
    return (
        f"the loop in C++ with the same building, and without metrics, has {number(float(known[name]['median']))} "
        "times the speed of LINE"
    )


def measuring(known: Known) -> str:
    """What a study does for each run beside the run."""
    if not {"study_measuring_minutes", "study_runs_minutes"} <= known.keys():
        return ""
    share = float(known["study_measuring_minutes"]["median"]) / float(known["study_runs_minutes"]["median"])
    return f"metrics and curves take {share:.0%} of the runs' time, and their Python holds the interpreter's lock"


def engines(known: Known, line: str = "") -> str:
    """`line`: the version of LINE."""
    if not any(speed in known for _, speed, *_ in ENGINES):
        return NOTHING
    rows = [
        "| engine | calls | callers a second | building in it | caresim is so many times as fast |",
        "|---|---|---|---|---|",
    ]
    for engine, speed, building, ratio, name in ENGINES:
        if speed in known:
            times = spread(known[ratio]) if ratio else ""
            played = known.get(f"{engine}_played")
            many = f"{float(played['median']):,.0f}" if played else ""
            many = many or OF_THE_PAIRS.get(speed.removeprefix(f"{engine}_callers"), "")
            rows.append(f"| {name.replace(VERSION, line)} | {many} | {spread(known[speed])} | {building} | {times} |")
    return "\n".join(rows) + "\n"


def sizes(rows: Sequence[Mapping[str, str]]) -> str:
    if not rows:
        return NOTHING
    heads = (
        "load", "passengers", "repeats", "events each", "whole (s)", "build (s)", "run (s)", "measure (s)",
        "CPU ns per event of the run", "bytes a passenger", "peak (GB)",
    )  # fmt: skip
    table = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in latest_sizes(rows):
        seconds = [told(of(row, name)) for name in ("whole_s", "build_s", "run_s", "measure_s")]
        cells = (
            row["load"], number(float(row["passengers"])), row["repeats"], number(events_each(row)), *seconds,
            event_time(row), told(bytes_each(row)), told(of(row, "peak_gb")),
        )  # fmt: skip
        table.append(f"| {' | '.join(cells)} |")
    return "\n".join(table) + "\n"


def latest_sizes(rows: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Those of the last run of each load."""
    last = {row["load"]: row["run"] for row in sorted(rows, key=lambda row: row["run"])}
    return [row for row in rows if row["run"] == last[row["load"]]]


def version_of_line(runs: Sequence[Mapping[str, str]]) -> str:
    """That of the last run that had it."""
    return next((run["line"] for run in reversed(runs) if run.get("line")), "")


def told(value: float | None) -> str:
    return "" if value is None else number(value)


def event_time(row: Mapping[str, str]) -> str:
    """Median, lowest and highest of the repeats."""
    if of(row, "event_ns") is None:
        return ""
    median, low, high = (number(float(row[name])) for name in ("event_ns", "event_ns_low", "event_ns_high"))
    return f"{median} ({low}-{high})" if int(row["repeats"]) > 1 else median


def picture(rows: Sequence[Mapping[str, str]], name: str, told: str) -> str:
    """A figure that run.py draws of these rows."""
    return f"![{told}](figures/performance_{name}.png)\n" if rows else NOTHING


def history_picture(history: Sequence[Mapping[str, str]]) -> str:
    """Once there is something to compare."""
    if len(with_ratios(history)) < FEWEST:
        return (
            f"Fewer than {FEWEST} runs with ratios so far, so there is no figure yet: see `benchmarks/history.csv`.\n"
        )
    return picture(history, "history", "Ratios to other engines, run of the benchmark by run")


def machines(runs: Sequence[Mapping[str, str]], history: Sequence[Mapping[str, str]]) -> str:
    """The runs that the figures are from."""
    known = latest(history)
    shown = {target.name for target in (*TARGETS, *EARLIER)} | {name for engine in ENGINES for name in engine[1:4]}
    used = {row["run"] for name, row in known.items() if name in shown}
    told = []
    for run in runs:
        if run["run"] in used:
            peers = "".join(f", {name} {run[name.lower()]}" for name in LIBRARIES if run[name.lower()])
            peers += f", LINE {run['line']}" if run.get("line") else ""
            compiler = f", {run['compiler']}" if run.get("compiler") else ""
            told.append(
                f"- {run['run']}: commit {run['code']}, {run['processor']}, {run['cores']} cores, {run['memory_gb']} "
                f"GB, load {run['load']} at the start, Python {run['python']}, Numba {run['numba']}, "
                f"NumPy {run['numpy']}{peers}{compiler}"
            )
    return "\n".join(told) + "\n" if told else NOTHING


def tables() -> dict[str, str]:
    """Marker -> table, from what is kept."""
    history, size_rows, runs = read(HISTORY), read(SIZES), read(RUNS)
    known, by_name = latest(history), {run["run"]: run for run in runs}
    cores = runs[-1]["cores"] if runs else ""
    return {
        "planner": sentences(known, latest_sizes(size_rows), cores),
        "planner figure": picture(size_rows, "planner", "How long the first time, a study and a large crisis take"),
        "targets": targets(known, by_name),
        "earlier targets": targets(known, by_name, EARLIER),
        "engines": engines(known, version_of_line(runs)),
        "sizes": sizes(size_rows),
        "size figure": picture(
            size_rows, "size", "Seconds, processor time an event and peak memory against the number of passengers"
        ),
        "history figure": history_picture(history),
        "machines": machines(runs, history),
    }


def main() -> None:
    for marker, table in tables().items():
        put(PAGE, marker, table)
    put(README, MARKER, paragraph(latest(read(HISTORY))))


if __name__ == "__main__":
    main()
