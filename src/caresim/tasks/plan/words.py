"""A plan in sentences: the rules it keeps to, what changes, what that buys, and what other rules would be worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.config.display_names import desk_name
from caresim.inference.verdict import BETTER, SAME, UNDECIDED, WORSE
from caresim.report.wording import quantity, readable, signed, signed_span, span
from caresim.tasks.plan.baseline import nobody_said
from caresim.tasks.plan.judging import (
    BEFORE,
    BESIDE,
    EARLIER,
    EARLIER_NAME,
    HOURS,
    MORE,
    MORE_NAME,
    PLAN,
    Difference,
    hours_name,
)
from caresim.tasks.plan.measures import GUARDS, OWN, WORST_DAY, label, midnights
from caresim.tasks.plan.search import COARSE, FINE
from caresim.tasks.plan.settings import CHEAPEST, EACH_DAY

if TYPE_CHECKING:
    from datetime import datetime

MOST_CHANGES = 4
"""Stretches of time that are told, the largest first chosen."""
SHARE = "share"
NO_WORSE = "no worse"


def unit_of(measure: str) -> str:
    """The unit of a measure."""
    from caresim.measure.metrics import REGISTRY

    return SHARE if measure in OWN else REGISTRY[measure].unit


def worlds_word(plan: Any) -> str:
    """What a difference is counted in: where nothing is uncertain, each run is a world of its own, and is called so."""
    return "worlds" if plan.experiment.is_uncertain else "runs"


def condition_words(condition: Any) -> str:
    """What must hold, as people say it: `Helped within 60 min: at least 60 %`."""
    least = "at least" if condition.at_least else "at most"
    unit = unit_of(condition.measure)
    bound = (
        quantity(condition.value, unit) if condition.value is not None else f"as before{more_words(condition, unit)}"
    )
    return f"{label(condition.measure)}: {least} {bound}{f' {condition.each}' if condition.each else ''}"


def more_words(condition: Any, unit: str) -> str:
    """` less 2 points`; nothing where it is just as before."""
    if not condition.more:
        return ""
    more = f"{100 * abs(condition.more):g} points" if unit == SHARE else quantity(abs(condition.more), unit)
    return f" {'plus' if condition.more > 0 else 'less'} {more}"


def margin_of(plan: Any, measure: str) -> float:
    """The smallest difference of a share or a score that matters in the study."""
    margins = plan.experiment.study.margins
    return float((margins.share if unit_of(measure) == SHARE else margins.csat).value)


def local(plan: Any, minutes: float) -> datetime:
    """A moment on the experiment's own clock."""
    from zoneinfo import ZoneInfo

    moment: datetime = plan.experiment.moment(minutes).astimezone(ZoneInfo(plan.experiment.timezone))
    return moment


def clock(plan: Any, minutes: float) -> str:
    """`Fri 11 March 14:30`."""
    moment = local(plan, minutes)
    return f"{moment:%a} {moment.day} {moment:%B %H:%M}"


def differs(plan: Any) -> str:
    """In one line, for a staffing model's `differs`."""
    rules = plan.rules
    told = f"{plan.experiment.staffing[rules.staffing].differs}; " if rules.is_given else ""
    return f"{told}{desk_name(rules.desk)} rostered by a plan from {clock(plan, rules.changes_from)} on"


def rules_in_words(plan: Any) -> list[str]:
    """What the plan was allowed to do."""
    rules, settings = plan.rules, plan.settings
    template = rules.template
    paid = float(template.paid @ template.before)
    planned = float(template.paid @ plan.choice.roster.people)
    step = FINE * float(template.paid[template.free] @ template.before[template.free])
    knows = (
        f"Each day is planned from what was seen by then; what a crisis brings is expected to fall by"
        f" {settings.fades.text} a day."
        if settings.hindsight == EACH_DAY
        else "With hindsight: the plan knows the course of the demand."
    )
    against, shifts = (f" ({paid:,.0f} before)", "shifts before") if rules.is_given else ("", "starting roster")
    hours = (
        f"{planned:,.0f} paid hours{against}, the cheapest that was found in steps of {100 * COARSE:g} %"
        f" and then {100 * FINE:g} % of what the {shifts} cost (about {step:,.0f} h)"
        if settings.hours == CHEAPEST
        else f"No more than the same paid hours: {planned:,.0f} ({paid:,.0f} before)"
    )
    now = ", or as many as now where that is fewer" if rules.is_given else ""
    return [
        *nobody_said(plan.experiment, rules.staffing, rules.desk),
        f"Changes from {clock(plan, rules.changes_from)} on; earlier shifts are held still, and those that end after"
        " the window.",
        shifts_in_words(rules),
        f"At most {rules.most} people are on the roster at once, and at least {rules.least}{now}.",
        f"{hours}, in whole people, the same in every world. {knows}",
    ]


def shifts_in_words(rules: Any) -> str:
    """When the shifts that the plan may use begin, and how long they take."""
    patterns = rules.template.patterns
    used = [
        patterns[number] for number in sorted({slot.pattern for slot in np.array(rules.template.slots)[rules.usable]})
    ]
    starts = ", ".join(sorted({str(shift.start) for shift in used}))
    own = ", or as long as those that the desk has" if rules.is_given else ""
    return f"Shifts begin at {starts} and take {rules.length / 60:g} h{own}."


def changes(plan: Any) -> list[str]:
    """The stretches of time in which most is changed, in their order: `10 more from Sat 12 March 06:30 to ...`."""
    rules = plan.rules
    there = rules.template.present(rules.edges) > 0.5
    apart = there @ (plan.choice.roster.people - rules.template.before)
    hours = np.diff(rules.edges) / 60.0
    found: list[tuple[float, float, float, float]] = []
    for place, more in enumerate(apart):
        if not more:
            continue
        start, end = rules.edges[place], rules.edges[place + 1]
        if found and found[-1][1] == start and (found[-1][2] > 0) == (more > 0):
            first, _, spent, length = found[-1]
            found[-1] = (first, end, spent + more * hours[place], length + hours[place])
        else:
            found.append((start, end, more * hours[place], hours[place]))
    largest = sorted(sorted(found, key=lambda stretch: -abs(stretch[2]))[:MOST_CHANGES])
    return [
        f"{abs(spent / length):.0f} {'more' if spent > 0 else 'fewer'} on average from {clock(plan, start)} to"
        f" {clock(plan, end)}"
        for start, end, spent, length in largest
    ]


def difference_words(apart: Difference, unit: str, worlds: str = "worlds") -> str:
    """`+4.9 pp (+4.2 to +5.6 pp; in 31 of 32 worlds)`."""
    if math.isnan(apart.value):
        return "not defined"
    span_words = "" if math.isnan(apart.low) else f"{signed_span(apart.low, apart.high, unit)}; "
    return f"{signed(apart.value, unit)} ({span_words}{worlds_in_words(apart, worlds)})"


def worlds_in_words(apart: Difference, worlds: str) -> str:
    """In how many worlds it goes the way of the mean: `more in 31 of 32 worlds`, `less in 30 of 32 worlds`."""
    way, count = ("less", apart.below) if apart.value < 0 else ("more", apart.above)
    return f"{way} in {count} of {apart.worlds} {worlds}"


def verdict(apart: Difference, margin: float) -> str:
    """What an interval says of a measure of which more is better, given the smallest difference that matters.

    Beside the verdicts of a comparison there is "no worse": all of the interval lies above minus the margin.
    """
    if math.isnan(apart.low):
        return UNDECIDED
    if abs(apart.value) >= margin and (apart.low > 0 or apart.high < 0):
        return BETTER if apart.value > 0 else WORSE
    if apart.low > -margin:
        return SAME if apart.high < margin else NO_WORSE
    return UNDECIDED


def verdict_words(plan: Any, apart: Difference, measure: str) -> str:
    """The verdict; of no difference that matters, and of no worse, with the margin that it rests on."""
    found, margin = verdict(apart, margin_of(plan, measure)), margin_of(plan, measure)
    if found not in (SAME, NO_WORSE):
        return found
    share = unit_of(measure) == SHARE
    return f"{found} (margin {f'{100 * margin:g} pp' if share else f'{margin:.2f} points'})"


def effect(plan: Any, measure: str, roster: str = PLAN) -> str:
    """From so much to so much, with the interval of the latter and of the difference."""
    unit, judging = unit_of(measure), plan.judging
    before, after = judging.mean(BEFORE, measure), judging.mean(roster, measure)
    apart = judging.difference(roster, BEFORE, measure)
    return (
        f"{label(measure)}: from {quantity(before.value, unit)} to {quantity(after.value, unit)}"
        f" ({span(after.low, after.high, unit)}); {difference_words(apart, unit, worlds_word(plan))}"
    )


def guards(plan: Any) -> list[str]:
    """What became of everybody who was not asked."""
    lines = []
    for measure in (name for name in GUARDS if name != WORST_DAY):
        apart = plan.judging.difference(PLAN, BEFORE, measure)
        if not math.isnan(apart.value) and plan.rules.is_given:
            lines.append(f"{effect(plan, measure)}: {verdict_words(plan, apart, measure)}.")
    day, fall = plan.judging.largest_fall(PLAN, BEFORE)
    if day >= 0 and plan.rules.is_given:
        edges = [0.0, *midnights(plan.experiment.start, plan.experiment.window.value, plan.experiment.timezone)]
        name = f"{local(plan, edges[day]):%a} {local(plan, edges[day]).day} {local(plan, edges[day]):%B}"
        lines.append(
            f"Ordinary customers: answered, on the day on which they lose most ({name}):"
            f" {difference_words(fall, SHARE, worlds_word(plan))}: {verdict_words(plan, fall, WORST_DAY)}."
        )
    return lines


def sentences(plan: Any) -> list[str]:
    """What the plan buys, in the order in which a director asks."""
    judging, aim = plan.judging, plan.aim
    unit = unit_of(aim)
    if not plan.rules.is_given:
        return [*by_itself(plan), *([] if BESIDE not in plan.rosters else [against_beside(plan)]), *prices(plan, unit)]
    before, after = judging.mean(BEFORE, aim), judging.mean(PLAN, aim)
    apart = judging.difference(PLAN, BEFORE, aim)
    pair = (PLAN, BEFORE) if apart.value >= 0 else (BEFORE, PLAN)
    counts = judging.counts(*pair, aim, margin_of(plan, aim))
    higher = worlds_in_words(apart, worlds_word(plan))
    lines = [
        f"This brings {label(aim).lower()} from {quantity(before.value, unit)} to {quantity(after.value, unit)}"
        f" ({span(after.low, after.high, unit)}): {signed(apart.value, unit)}"
        f" ({signed_span(apart.low, apart.high, unit)}), {higher}, by enough to matter in {counts.matter}:"
        f" {verdict_words(plan, apart, aim)}."
    ]
    if BESIDE in plan.rosters:
        lines.append(gap_closed(plan))
    return lines + prices(plan, unit)


def by_itself(plan: Any) -> list[str]:
    """What the plan reaches, where nobody gave a roster to compare it with."""
    mean, unit = plan.judging.mean(PLAN, plan.aim), unit_of(plan.aim)
    return [f"{label(plan.aim)}: {quantity(mean.value, unit)} ({span(mean.low, mean.high, unit)})."]


def against_beside(plan: Any) -> str:
    """The plan less the roster that is judged beside it."""
    apart = plan.judging.difference(PLAN, BESIDE, plan.aim)
    return f"Against {readable(plan.settings.beside)}: {difference_words(apart, unit_of(plan.aim), worlds_word(plan))}."


def gap_closed(plan: Any) -> str:
    """How much of the gap to the roster beside it the plan closes; where there may be none, that."""
    judging, aim, beside = plan.judging, plan.aim, readable(plan.settings.beside)
    whole = judging.difference(BESIDE, BEFORE, aim)
    if not whole.low > 0:
        unit = unit_of(aim)
        apart = f"{signed(whole.value, unit)} ({signed_span(whole.low, whole.high, unit)}, against the roster before)"
        return f"There is no gap to {beside} that could surely be closed: {apart}."
    gap = judging.gap_closed(PLAN, BEFORE, BESIDE, aim)
    low, high = (f"{100 * end:.0f}".replace("-", "−") for end in (gap.low, gap.high))
    return f"It closes {100 * gap.value:.0f} % of the gap to {beside} ({low} to {high} %)."


def prices(plan: Any, unit: str) -> list[str]:
    """What other rules would be worth against the plan; and other hours, planned likewise.

    Those are told against the roster as it was, as in all tables; where nobody gave one, against the plan.
    """
    told = {
        EARLIER_NAME: f"Starting {EARLIER / 60:g} hours earlier is worth",
        MORE_NAME: f"{MORE} more people at once ({plan.rules.most + MORE}) are worth",
    }
    hours = {hours_name(times): times for times in HOURS}
    lines = []
    for name in (*told, *hours):
        if name in plan.rosters:
            words = told.get(name) or f"{hours_in_words(plan, hours[name])}, planned likewise:"
            against = BEFORE if name in hours and plan.rules.is_given else PLAN
            apart = plan.judging.difference(name, against, plan.aim)
            told_against = "the plan" if against == PLAN else "the roster as it was"
            lines.append(f"{words} {difference_words(apart, unit, worlds_word(plan))} against {told_against}.")
    return lines


def hours_in_words(plan: Any, times: float) -> str:
    """`0.9 of the hours before`; where nobody gave a roster, how many hours the planned one has: `768 h`."""
    if plan.rules.is_given:
        return f"{times:g} of the hours before"
    return quantity(plan.judging.mean(hours_name(times), "paid_hours").value, "h")


def evidence(plan: Any) -> str:
    """What the figures rest on."""
    worlds = plan.judged["draw"].nunique()
    fresh = plan.judged["replication"].nunique()
    drawn = plan.experiment.is_uncertain
    count = f"{fresh} fresh replications{f' in {worlds} worlds' if drawn else ''}"
    return (
        f"All figures are from {count}, on common luck, by none of which a roster was made or chosen; intervals of"
        f" luck{' and assumptions' if drawn else ''}. Differences that matter begin at"
        f" {100 * margin_of(plan, WORST_DAY):g} pp and {margin_of(plan, 'csat_all_additive'):.2f} points."
    )
