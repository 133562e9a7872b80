"""What a plan rests on: wage, premium, shrinkage, contacts, handling time, patience; as words and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.config.display_names import desk_name
from caresim.config.quantity import CANONICAL
from caresim.config.values import numbers_drawn
from caresim.report.page import of_experiment
from caresim.report.page.document import Cell, Section, Table
from caresim.report.wording import quantity

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.quantity import Quantity

HOUR, DAY, WEEK = 60.0, 1440.0, 7
FILE, GIVEN = "counted in the file", "as given"
"""Sources."""


@dataclass(frozen=True)
class Input:
    """One number that the plan rests on."""

    name: str
    key: str
    """What to write in order to change it."""
    value: float
    """NaN where there is none."""
    unit: str
    text: str
    source: str


def inputs(planned: Any) -> list[Input]:
    """What decides cost and people at the planned desk, whether it has a range or not."""
    experiment, rules = planned.experiment, planned.rules
    desk, study = experiment.staffing[rules.staffing].desks[rules.desk], experiment.study
    staff = f"staff.{desk.kind}"
    found = [of_quantity("Cost of a paid hour", f"{staff}.cost_per_hour", desk.cost_per_hour)]
    if desk.premium is not None:
        night, hours = desk.premium.night, f" ({desk.premium.from_} to {desk.premium.to})"
        found.append(of_quantity(f"On top at night{hours if night.value else ''}", f"{staff}.premium.night", night))
        found.append(of_quantity("On top on Sundays", f"{staff}.premium.sunday", desk.premium.sunday))
    found.append(of_quantity("Shrinkage: paid time away from work", f"{staff}.shrinkage", desk.shrinkage))
    found.append(of_quantity("Paid week of a full-time person", "plan.fte_week", planned.settings.fte_week))
    if experiment.replay is not None:
        found += of_file(planned)
    found.append(of_quantity("Answered in time means within", "study.service_level_within", study.service_level_within))
    told = "Hang-ups left out of service level and abandonment, within"
    found.append(of_quantity(told, "study.short_abandonment", study.short_abandonment))
    return found


def of_quantity(name: str, key: str, number: Quantity) -> Input:
    """A number of the configuration, in its canonical unit."""
    return Input(name, key, number.value, CANONICAL[number.dimension], number.text, number.source or GIVEN)


def of_file(planned: Any) -> list[Input]:
    """The contacts that a replay sends to the desk, how long they take, and who hangs up when."""
    experiment, rules = planned.experiment, planned.rules
    replay, contacts = experiment.replay, experiment.replay.traffic.contacts
    places = contacts.which(lambda kind: kind.desk == rules.desk)
    days = experiment.window.value / DAY
    count = float(contacts.kind[places].size)
    key = "replay.intervals" if replay.intervals is not None else "replay.contacts"
    in_all = f"{count:,.0f} in {days:g} days"
    if days > WEEK:
        in_all += f", {count * WEEK / days:,.0f} a week"
    found = [Input(f"Contacts of {desk_name(rules.desk)}", key, count, "contacts", in_all, FILE)]
    service = contacts.service[places]
    known = ~np.isnan(service)
    if known.any():
        mean = float(service[known].mean())
        text = f"{HOUR * mean:,.0f} s on average"
        found.append(Input("Handling time", f"{key}: aht_s or service_s", mean, "min", text, FILE))
    if not known.all():
        share = f" (of {100 * (~known).mean():.0f} % of them)" if known.any() else ""
        found.append(
            of_quantity(f"Handling time where the file says none{share}", "replay.service_mean", replay.service_mean)
        )
    patience = "Patience: mean time until a waiting customer hangs up"
    if replay.patience_mean is not None:
        found.append(of_quantity(patience, "replay.patience_mean", replay.patience_mean))
    elif replay.patience == "exponential" and np.isnan(contacts.patience[places]).all():
        found.append(Input(patience, "replay.patience_mean", float("nan"), "min", "nobody hangs up", "left out"))
    return found


def rests_on(planned: Any) -> Section:
    """The section of the page."""
    rows: list[list[Cell | str]] = [[one.name, one.text, one.source, one.key] for one in inputs(planned)]
    uncertain = numbers_drawn(planned.experiment.uncertain())
    more = f" {uncertain} more numbers have a range; they are folded below." if uncertain else ""
    caption = (
        f"Each of them can be set under its key on the command line or in the file, and the plan made again.{more}"
    )
    return Section("What it rests on", [Table(caption, ["", "Value", "Source", "Key"], rows)])


def table(planned: Any) -> pd.DataFrame:
    """The same for the workbook, and below it every number that has a range."""
    import pandas as pd

    ranged = of_experiment.assumptions_table(planned.experiment)
    listed = set(ranged["key"])
    own = pd.DataFrame(
        [
            (one.key, one.value, float("nan"), float("nan"), one.unit, f"{one.name}: {one.source}")
            for one in inputs(planned)
            if one.key not in listed
        ],
        columns=list(of_experiment.COLUMNS),
    )
    return pd.concat([own, ranged], ignore_index=True) if len(ranged) else own


def full_time(planned: Any) -> str:
    """The paid hours of the desk as people who work full time."""
    week, days = planned.settings.fte_week, planned.experiment.window.value / DAY
    paid = float(planned.rules.template.paid @ planned.choice.roster.people)
    persons = paid / (week.value / HOUR)
    if days < WEEK:
        told = f"as much as {persons:.1f} full-time people are paid in a whole week"
    else:
        told = f"{persons * WEEK / days:.1f} full-time equivalents"
    return f"{quantity(paid, 'h')} of {desk_name(planned.rules.desk)} are {told} ({week.text} a week, plan.fte_week)"


def why_more(planned: Any) -> list[tuple[str, str]]:
    """Why more hours are paid than there is work; empty where the work that is offered is not less."""
    demand, rules = planned.demand, planned.rules
    work = float(np.sum(demand.load() * np.diff(demand.edges))) / HOUR
    paid = float(rules.template.paid @ planned.choice.roster.people)
    least = work / rules.on_duty
    if not 0 < least < paid:
        return []
    text = (
        f"the work that comes takes {quantity(work, 'h')}: {quantity(least, 'h')} paid with"
        f" {100 * (1 - rules.on_duty):.3g} % shrinkage, if nobody ever waited for a contact. The other"
        f" {quantity(paid - least, 'h')} of {quantity(paid, 'h')} are spent waiting for contacts, so that these hardly"
        " wait, and in whole shifts, which are longer than the half hours that need them. task=require says the hours"
        " without shifts"
    )
    return [("Why more hours than work", text)]
