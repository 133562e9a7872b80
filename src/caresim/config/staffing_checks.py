"""What must hold of a staffing model: every channel has its desk, and desks, notices and hours fit the experiment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from caresim.config.desk import Dated, Desk
from caresim.config.errors import BadInput, choice, known
from caresim.config.experiment import Experiment
from caresim.config.references import channel_of, channels_of, check_moment, check_reach
from caresim.config.shares import check_shares
from caresim.config.staffing import Staffing


def check_staffing(experiment: Experiment, staffing: Staffing, key: str) -> None:
    """BadInput for the first name or date of a staffing model (at `key`) that does not hold."""
    check_channels(experiment, staffing, key)
    for name, desk in staffing.desks.items():
        check_desk(experiment, staffing, desk, f"{key}.desks.{name}")
    for name, change in staffing.notices.items():
        known(name, experiment.disruption.notices, f"{key}.notices.{name}", "notice")
        check_moment(experiment, change.at, f"{key}.notices.{name}.at")
        check_reach(experiment, change.reach or {}, f"{key}.notices.{name}")
    check_shares(experiment, staffing.shares, f"{key}.shares.*")
    if staffing.assistant is not None:
        check_assistant(experiment, staffing, f"{key}.assistant")


def check_channels(experiment: Experiment, staffing: Staffing, key: str) -> None:
    """Every channel has exactly one desk, or is said to have none."""
    owner = channels_of(experiment)
    places: dict[str, str] = {}
    served = [(f"desks.{name}.serves", desk.serves) for name, desk in staffing.desks.items()]
    for where, channels in (*served, ("unanswered", staffing.unanswered), ("closed", staffing.closed)):
        for index, channel in enumerate(channels):
            known(channel, owner, f"{key}.{where}[{index}]", "channel")
            if channel in places:
                allowed = f"is named in {places[channel]} already; allowed: once"
                raise BadInput(f"{key}.{where}[{index}]", channel, allowed)
            places[channel] = where
    for channel in owner:
        self_service = channel_of(experiment, channel).traits.self_service
        if self_service and places.get(channel, "closed") != "closed":
            allowed = "is self-service and has no desk; allowed: closed, or nothing"
            raise BadInput(f"{key}.{places[channel]}", channel, allowed)
        if not self_service and channel not in places:
            remedy = "a desk with it in serves, or its name in unanswered or closed"
            allowed = f"no desk serves channel {channel}; allowed: {remedy}"
            raise BadInput(f"{key}.desks", list(staffing.desks), allowed)


def check_desk(experiment: Experiment, staffing: Staffing, desk: Desk, key: str) -> None:
    """The channels it serves and the desk it passes cases to are there, and its shifts lie within the run."""
    known(desk.operator, experiment.operators, f"{key}.operator", "operator")
    for index, channel in enumerate(desk.serves):
        own = experiment.operators[desk.operator].channels
        known(channel, own, f"{key}.serves[{index}]", "channel of its operator")
    if desk.hand_over is not None:
        known(desk.hand_over, staffing.desks, f"{key}.hand_over", "desk")
    if desk.news_promise is not None and not desk.informs:
        allowed = "is made where nothing is known yet, by a desk that informs: write informs: true, or leave it out"
        raise BadInput(f"{key}.news_promise", desk.news_promise.share.text, allowed)
    check_moment(experiment, desk.reinforced_from, f"{key}.reinforced_from")
    first = experiment.moment(experiment.begins).astimezone(ZoneInfo(desk.timezone)).date()
    last = experiment.moment(experiment.ends).astimezone(ZoneInfo(desk.timezone)).date()
    within = {shift.hours for shift in desk.shifts if not outside(shift, first, last)}  # a shorter run may cut the rest
    for where, shift in [
        *((f"shifts[{k}]", shift) for k, shift in enumerate(desk.shifts) if shift.hours not in within),
        *((f"extra[{k}]", extra) for k, extra in enumerate(desk.extra)),
    ]:
        if name := outside(shift, first, last):
            allowed = f"the shift lies outside the run, {first} to {last}"
            raise BadInput(f"{key}.{where}.{name}", str(getattr(shift, name)), allowed)


def outside(shift: Dated, first: date, last: date) -> str:
    """The key by which the hours lie outside the days of a run, or an empty text."""
    if shift.first is not None and shift.first > last:
        return "first"
    return "last" if shift.last is not None and shift.last < first else ""


def check_assistant(experiment: Experiment, staffing: Staffing, key: str) -> None:
    """It stands before channels on which people could answer; a website answers by itself."""
    assert staffing.assistant is not None
    for index, outage in enumerate(staffing.assistant.outages):
        check_moment(experiment, outage.from_, f"{key}.outages[{index}].from")
        check_moment(experiment, outage.to, f"{key}.outages[{index}].to")
    there = [name for name in channels_of(experiment) if name not in staffing.closed]
    for index, channel in enumerate(staffing.assistant.channels):
        known(channel, there, f"{key}.channels[{index}]", "channel")
        if channel_of(experiment, channel).traits.self_service:
            allowed = "is self-service, where nobody waits for an answer; say in the channel's solves what it can do"
            raise BadInput(f"{key}.channels[{index}]", channel, allowed)


def check_rosters(experiment: Experiment) -> None:
    """Desks whose people a replay says have some in its files."""
    for name, staffing in experiment.staffing.items():
        for desk_name, desk in staffing.desks.items():
            if desk.roster == "given" and not (experiment.replay and experiment.replay.seats(desk_name)):
                key = f"staffing.{name}.desks.{desk_name}.roster"
                raise BadInput(key, "given", "needs a replay whose files say who worked there")


def check_paid_hours(experiment: Experiment) -> None:
    """Hours that follow another model's lead to one with hours of its own."""
    for name, staffing in experiment.staffing.items():
        path, hours = [name], staffing.paid_hours
        while hours is not None:
            key = f"staffing.{path[-1]}.paid_hours.as"
            known(hours.as_, experiment.staffing, key, "staffing model")
            if hours.as_ in path:
                circle = " -> ".join([*path, hours.as_])
                allowed = f"goes round in a circle, {circle}; allowed: a model with hours of its own"
                raise BadInput(key, hours.as_, allowed)
            path.append(hours.as_)
            hours = experiment.staffing[hours.as_].paid_hours


def check_routing(models: Mapping[str, Staffing]) -> None:
    """BadInput for a desk whose routing rule is neither one of caresim's nor one of a user's."""
    # Asked for last and late: the rules are code that Numba compiles, which takes a while to load.
    from caresim.model.own_rules import every_rule

    rules = every_rule()
    for model, staffing in models.items():
        for name, desk in staffing.desks.items():
            for key in ("routing", "routing_in_writing"):
                rule = getattr(desk, key)
                if rule is not None and rule not in rules:
                    allowed = f"{choice(rules, rule)}, or a rule of your own, of a module named by --plugin"
                    raise BadInput(f"staffing.{model}.desks.{name}.{key}", rule, allowed)
