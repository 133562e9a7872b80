"""What `task=import` does: show what the file is taken for, and write the clean file with the format that reads it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from caresim.config.errors import BadInput, choice
from caresim.config.exports.clean import cleaned
from caresim.config.exports.file_format import Format
from caresim.config.exports.proposal import Proposal, changes, pasted, propose
from caresim.config.exports.vocabulary import slug
from caresim.config.paths import is_file
from caresim.config.replay_files import COLUMNS, digest, opened, read_alone
from caresim.run.attempt import DONE
from caresim.run.probe import probe

# Relative, because the folder's name is a word of the language.
from .settings import KINDS, Import, words

if TYPE_CHECKING:
    from caresim.config.traffic import Traffic
    from caresim.tasks.request import Job, Request

SHORT = 6


def run(request: Request, jobs: Sequence[Job]) -> int:
    """Look, read, write; the last lines that are printed name the files and the command that replays them."""
    asked = words(request.overrides)
    if request.printing:
        print(yaml.safe_dump(asked.model_dump(mode="json"), sort_keys=False, allow_unicode=True), end="")
        return DONE
    probe(asked.output_dir)
    if not is_file(asked.file):
        raise BadInput("import", asked.file, "no such file; allowed: the path of a CSV file or a workbook")
    kind, proposal = looked_at(asked)
    form = proposal.format
    print("\n".join(lines(asked.file, kind, proposal, form)), flush=True)
    traffic = read_alone(kind, asked.file, asked.timezone, asked.staffing, form)
    if traffic.start is not None:
        print(f"  Read so: times without an offset are those of {asked.timezone} (another one: timezone=...).")
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
        if asked.kind:
            opened(asked.kind, asked.file, found[asked.kind].format if found else asked.format)
        needed = "; ".join(f"{kind}: {', '.join(columns[:n])}" for kind, (columns, n) in COLUMNS.items())
        allowed = f"is no file that is read; say its kind, and in format.columns which column is which ({needed})"
        raise BadInput("import", asked.file, allowed)
    most = max(len(proposal.takes) for proposal in fits.values())
    best = [kind for kind, proposal in fits.items() if len(proposal.takes) == most]
    if len(best) > 1:
        raise BadInput("kind", None, f"is required: the file may be {' or '.join(best)}; {choice(best)}")
    return best[0], fits[best[0]]


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
    example = dict(zip(table.header, table.first, strict=False))
    for name in table.header:
        if name:
            as_what = proposal.takes.get(name, "left alone")
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
        write_csv(pd.DataFrame(cleaned(kind, traffic, asked.timezone)), place / f"{kind}.csv")
        block = yaml.safe_dump({"replay": {"format": changes(form)}}, sort_keys=False, allow_unicode=True)
        (place / "format.yaml").write_text(block, encoding="utf-8")
        folder = final_path(place)
    zone = "" if asked.timezone == "UTC" else f" replay.timezone={asked.timezone}"
    command = f"python -m caresim experiment=replay replay.{kind}="
    as_it_is = f"{command}{shlex.quote(asked.file)}{zone} {pasted(form, Format())}".rstrip()
    return [
        f"Clean file: {folder / f'{kind}.csv'}",
        f"Its format, to paste into a configuration: {folder / 'format.yaml'}",
        *([] if kind == "staff" else [f"To replay it: {command}{folder / f'{kind}.csv'}{zone}"]),
        *([] if kind == "staff" or not pasted(form, Format()) else [f"Or the file as it is: {as_it_is}"]),
    ]
