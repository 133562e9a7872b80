"""What `task=import` does: show what the file is taken for, and write the clean file with the format that reads it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from caresim.config.errors import BadInput, choice, known
from caresim.config.exports.clean import cleaned, of_history
from caresim.config.exports.file_format import SEPARATORS, Format
from caresim.config.exports.grid import MOST_TITLES, lines_of
from caresim.config.exports.proposal import Proposal, answer_to, changes, pasted, propose
from caresim.config.exports.vocabulary import OF_HISTORY, slug
from caresim.config.own_words import as_yaml
from caresim.config.paths import is_file
from caresim.config.replay_files import COLUMNS, digest, opened, read_alone
from caresim.run.attempt import DONE
from caresim.run.probe import probe

# Relative, because the folder's name is a word of the language.
from .settings import KINDS, Import, words

if TYPE_CHECKING:
    from caresim.config.traffic import Traffic
    from caresim.tasks.job import Job
    from caresim.tasks.request import Request

SHORT = 6
MOST_SHOWN = 12
"""Columns that a message lists."""
ZONE = "UTC"
"""In which the times of a file are taken while nobody has said another one; they are written as they were."""


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Look, read, write; the last lines that are printed name the files and the command that replays them."""
    asked = words(request.overrides)
    if request.printing:
        print(as_yaml(asked), end="")
        return DONE
    probe(asked.output_dir)
    if not is_file(asked.file):
        raise BadInput("import", asked.file, "no such file; allowed: the path of a CSV file or a workbook")
    kind, proposal = looked_at(asked)
    form = proposal.format
    print("\n".join(lines(asked.file, kind, proposal, form)), flush=True)
    if proposal.questions:
        first, *_ = proposal.questions
        allowed = f"says what nobody else can know; type {answer_to(proposal, first)} if that is right, or correct it"
        raise BadInput(f"format.{first}", None, allowed)
    traffic = read_alone(kind, asked.file, asked.timezone or ZONE, asked.staffing, form)
    if traffic.start is not None and asked.timezone is None:
        print("  Read so: clock times are kept as they are; replay.timezone will say where the clock hangs.")
    for note in traffic.notes:
        print(f"  Read so: {note}.")
    print("\n".join(written(asked, kind, form, traffic)), flush=True)
    return DONE


def looked_at(asked: Import) -> tuple[str, Proposal]:
    """The kind of the file and the format that fits. BadInput where it is none of the three kinds."""
    kinds = (asked.kind,) if asked.kind else KINDS
    found = {kind: proposal for kind in kinds if (proposal := propose(kind, asked.file, asked.format)) is not None}
    fits = {kind: proposal for kind, proposal in found.items() if _has_needed(kind, proposal)}
    if not fits:
        raise _not_recognised(asked)
    most = max(len(proposal.takes) for proposal in fits.values())
    best = [kind for kind, proposal in fits.items() if len(proposal.takes) == most]
    if len(best) > 1:
        raise BadInput("kind", None, f"is required: the file may be {' or '.join(best)}; {choice(best)}")
    return best[0], fits[best[0]]


def _not_recognised(asked: Import) -> BadInput:
    """What the file has instead of the columns that are needed, and how to say which is which."""
    key = "import"
    header: list[str] = []
    for line in lines_of(key, asked.file, asked.format):
        header = max(header, line.cells, key=lambda cells: len(list(filter(None, cells))))
        if line.number > MOST_TITLES:
            break
    theirs = list(filter(None, header))
    parted = parted_by(theirs)
    if parted and asked.format.separator is None:
        way = f"is parted by {parted}s, and cells are looked for between commas; type format.separator={parted}"
        return BadInput(key, asked.file, way)
    shown = ", ".join(theirs[:MOST_SHOWN])
    ours = {column for columns, _ in COLUMNS.values() for column in columns}
    for column, names in asked.format.columns.items():
        known(column, ours, f"format.columns.{column}", "column")
        for name in names:
            known(name, theirs, f"format.columns.{column}", "column of the file")
    kinds = (asked.kind,) if asked.kind else KINDS
    needed = "; ".join(f"{kind} need {' and '.join(COLUMNS[kind][0][: COLUMNS[kind][1]])}" for kind in kinds)
    column = COLUMNS[kinds[0]][0][0]
    example = f"'format.columns={{{column}: \"{header[0] if header else 'Queued at'}\"}}'"
    found = f"has the columns {shown}" if shown else "has no columns"
    return BadInput(key, asked.file, f"{found}, and not those that are needed ({needed}); type such as {example}")


def parted_by(header: Sequence[str]) -> str:
    """The separator that stands within the only cell of a header; empty where there are several cells, or none."""
    if len(header) != 1:
        return ""
    return next((name for name, sign in SEPARATORS.items() if sign in header[0]), "")


def _has_needed(kind: str, proposal: Proposal) -> bool:
    columns, needed = COLUMNS[kind]
    return set(columns[:needed]) <= set(proposal.takes.values())


def lines(path: str, kind: str, proposal: Proposal, form: Format) -> list[str]:
    """What the file is taken for, column by column, and by which rules."""
    table = opened(kind, path, form)
    names = {"contacts": "a list of contacts", "intervals": "an interval report", "staff": "a staff plan"}
    rows = f"{len(table):,} row{'s' if len(table) > 1 else ''} beneath line {table.header_line}"
    shown = [f"{Path(path).name}: {names[kind]}, {rows}."]
    width = max(len(name) for name in table.header)
    said = {name: column for column in OF_HISTORY for name in form.columns.get(column, ()) if kind == "contacts"}
    example = dict(zip(table.header, table.first, strict=False))
    for name in table.header:
        if name:
            as_what = proposal.takes.get(name) or said.get(name, "left alone")
            shown.append(f"  {name:<{width}}  {as_what:<14}  {example.get(name, '')}".rstrip())
    shown += [f"  Rule: {rule}." for rule in proposal.rules]
    shown += [f"  In doubt: {doubt}" for doubt in proposal.doubts]
    return shown


def written(asked: Import, kind: str, form: Format, traffic: Traffic) -> list[str]:
    """Write the clean file and the format; what to type next."""
    import pandas as pd

    from caresim.run.folder import write_csv
    from caresim.run.output_dir import final_path, unfinished

    name = f"import_{slug(Path(asked.file).stem) or kind}"
    with unfinished(Path(asked.output_dir), name, digest(asked.file)[:SHORT]) as place:
        columns = cleaned(kind, traffic, asked.timezone)
        if kind == "staff" and not opened(kind, asked.file, form).has("desk") and form.desk is None:
            del columns["desk"]
        if kind == "contacts":
            columns |= of_history(asked.file, form)
        write_csv(pd.DataFrame(columns), place / f"{kind}.csv")
        block = yaml.safe_dump({"replay": {"format": changes(form)}}, sort_keys=False, allow_unicode=True)
        (place / "format.yaml").write_text(block, encoding="utf-8")
        folder = final_path(place)
    zone = "" if asked.timezone is None else f" replay.timezone={asked.timezone}"
    command = f"python -m caresim experiment=replay replay.{kind}="
    as_it_is = f"{command}{shlex.quote(asked.file)}{zone} {pasted(form, Format())}".rstrip()
    return [
        f"Clean file: {folder / f'{kind}.csv'}",
        f"Its format, to paste into a configuration: {folder / 'format.yaml'}",
        *([] if kind == "staff" else [f"To replay it: {command}{folder / f'{kind}.csv'}{zone}"]),
        *([] if kind != "contacts" else [backtest_of(folder / "contacts.csv", zone.removeprefix(" replay."), columns)]),
        *([] if kind != "intervals" else [calibration_of(folder / "intervals.csv", zone.removeprefix(" replay."))]),
        *([] if kind == "staff" or not pasted(form, Format()) else [f"Or the file as it is: {as_it_is}"]),
    ]


def calibration_of(path: Path, zone: str) -> str:
    """How a model is fitted to an interval report."""
    return f"To fit a model to it: python -m caresim task=calibrate calibrate={path} {zone}".rstrip()


def backtest_of(path: Path, zone: str, columns: Mapping[str, Sequence[Any]]) -> str:
    """How a model of this centre is held against days that it has not seen; or what the file lacks for that."""
    if missing := [column for column in ("wait_s", "outcome", "service_s") if column not in columns]:
        return f"No model of the centre can be tested on it: it has no {' and no '.join(missing)}."
    days = sorted({str(moment)[:10] for moment in columns["arrival"]})
    if len(days) < 2 or not isinstance(columns["arrival"][0], str):
        return "No model of the centre can be tested on it: it has no two days."
    last = days[max(0, len(days) * 2 // 3 - 1)]
    dates = f"train={last} test={days[-1]}"
    command = f"python -m caresim task=backtest backtest=history contacts={path} {zone}".rstrip()
    agent = "" if "agent" in columns else " (it names no agent: format.columns={agent: NAME} keeps that column)"
    return f"To test a model of the centre on days that it has not seen: {command} {dates}{agent}"
