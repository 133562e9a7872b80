"""The one row of `rules`: the numbers of the laws, from conf/behaviour."""

from __future__ import annotations

import math

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.quantity import Quantity
from caresim.model.codes import NEVER
from caresim.model.exact import LN2, log
from caresim.model.records import rows


def sigma_of(cv: float) -> float:
    """Standard deviation of the logarithm of a lognormal with this coefficient of variation."""
    return math.sqrt(float(log(1.0 + cv * cv)))


def top(quantity: Quantity) -> float:
    """The largest value a quantity may take in any replication."""
    return quantity.value if quantity.high is None else quantity.high


def rules_of(experiment: Experiment) -> np.recarray:
    """conf/behaviour as a record (minutes, shares, points)."""
    table = rows(1, "rules")
    rules = table[0]
    behaviour = experiment.behaviour
    groups = (
        (behaviour.anger, {"kappa": "kappa", "unexplained": "unexplained", "relax": "half_life", "relief": "relief"}),
        (behaviour.anger, {"relief_decay": "relief_decay", "empty_reply": "empty_reply",
            "broken_promise": "broken_promise"}),
        (behaviour.anger, {"blocked": "blocked_call", "hand_over_anger": "hand_over"}),
        (behaviour.choice, {name: name
            for name in ("public_pull", "haste_pull", "haste_scale", "busy_penalty", "wait_penalty")}),
        (behaviour.choice, {"silence_penalty": "silence_penalty", "seen_penalty": "seen_penalty",
            "forget": "forget_half_life"}),
        (behaviour.phone, {name: name
            for name in ("patience_shape", "busy_redial", "busy_gap", "abandon_redial", "abandon_gap")}),
        (behaviour.text, {name: name
            for name in ("remind_gap", "remind_sigma", "turn_gap", "turn_sigma", "turn_dropout")}),
        (behaviour.text, {"silence_sigma": "patience_sigma"}),
        (behaviour.follow_up, {"follow_gap": "gap", "follow_sigma": "sigma", "persist": "persist",
            "redial_haste": "haste"}),
        (behaviour.follow_up, {name: name for name in ("waitlist_patience", "closed_retry", "wrong_delay")}),
        (behaviour.handling, {"handle_sigma": "sigma", "reading_in": "reading_in", "triage": "triage",
            "joke_factor": "joke"}),
        (behaviour.public, {name: name
            for name in ("contagion", "contagion_from_care", "calming", "mood_half_life", "joke_anger",
                         "joke_question")}),
        (behaviour.settlement, {name: name
            for name in ("no_reply", "resolution", "resolution_replied", "resolution_silent", "effort")}),
        (behaviour.settlement, {name: name
            for name in ("effort_cap", "effort_reference", "tone", "anger_reference", "deaf", "noise")}),
        (behaviour.settlement, {name: name for name in ("latency_top", "latency_slope", "latency_floor")}),
        (behaviour.settlement, {name: name for name in ("latency_anchor", "latency_unit", "latency_scale")}),
        (behaviour.settlement, {"anger_weight": "anger"}),
    )  # fmt: skip
    for group, fields in groups:
        for field, key in fields.items():
            rules[field] = getattr(group, key).value
    rules.contagion_max = max(top(behaviour.public.contagion), top(behaviour.public.contagion_from_care))
    rules.kernel = behaviour.public.kernel_mean
    bystanders = experiment.disruption.bystanders
    talk = bystanders.per_unresolved.value if bystanders else 0.0
    rules.talk_gap = 1.0 / talk if talk > 0 else NEVER
    rules.remind_share = behaviour.public.repeats
    rules.abandon_gap = behaviour.phone.abandon_gap.value / LN2  # the source gives the median, the law takes the mean
    return table
