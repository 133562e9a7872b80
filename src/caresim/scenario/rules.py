"""The one row of `rules`: the numbers of the laws, from conf/behaviour."""

from __future__ import annotations

import math

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.quantity import Quantity
from caresim.model.codes import NEVER, Handling, Patience
from caresim.model.exact import LN2, exp, log
from caresim.model.records import rows


def sigma_of(cv: float) -> float:
    """Standard deviation of the logarithm of a lognormal with this coefficient of variation."""
    return math.sqrt(float(log(1.0 + cv * cv)))


def cv_of(sigma: float) -> float:
    """Coefficient of variation of a lognormal with this standard deviation of the logarithm."""
    return math.sqrt(max(0.0, float(exp(sigma * sigma)) - 1.0))


def top(quantity: Quantity) -> float:
    """The largest value a quantity may take in any replication."""
    return quantity.value if quantity.high is None else quantity.high


RENAMED = {
    "relax": "half_life", "blocked": "blocked_call", "anger_on_transfer": "hand_over", "forget": "forget_half_life",
    "silence_sigma": "patience_sigma", "follow_gap": "gap", "follow_sigma": "sigma", "redial_haste": "haste",
    "joke_factor": "joke", "anger_weight": "anger",
}  # fmt: skip
"""Fields of the record whose name in conf/behaviour is another, because there it stands in a group."""
FIELDS = {
    "anger": "kappa unexplained relax relief relief_decay empty_reply broken_promise blocked anger_on_transfer",
    "choice": "public_pull haste_pull haste_scale busy_penalty wait_penalty silence_penalty seen_penalty forget",
    "phone": "patience_shape busy_redial busy_gap abandon_redial",
    "text": "remind_gap remind_sigma silence_sigma turn_gap turn_sigma turn_dropout",
    "follow_up": "follow_gap follow_sigma persist redial_haste waitlist_patience closed_retry wrong_delay",
    "handling": "reading_in triage joke_factor",
    "public": "contagion contagion_from_care calming mood_half_life joke_anger joke_question",
    "settlement": "no_reply resolution resolution_replied resolution_silent effort effort_cap effort_reference tone"
    " anger_weight anger_reference deaf noise latency_top latency_slope latency_floor latency_anchor latency_unit"
    " latency_scale",
}
"""Fields of the record that are numbers of conf/behaviour as they are, by group."""


def rules_of(experiment: Experiment) -> np.recarray:
    """conf/behaviour as a record (minutes, shares, points)."""
    table = rows(1, "rules")
    rules = table[0]
    behaviour = experiment.behaviour
    for group, fields in FIELDS.items():
        for field in fields.split():
            rules[field] = getattr(getattr(behaviour, group), RENAMED.get(field, field)).value
    rules.contagion_max = max(top(behaviour.public.contagion), top(behaviour.public.contagion_from_care))
    rules.kernel = behaviour.public.kernel_mean
    bystanders = experiment.disruption.bystanders
    talk = bystanders.per_unresolved.value if bystanders else 0.0
    rules.talk_gap = 1.0 / talk if talk > 0 else NEVER
    handling = behaviour.handling
    if handling.cv:
        rules.handle_cv, rules.handle_sigma = handling.cv.value, sigma_of(handling.cv.value)
    else:
        rules.handle_cv, rules.handle_sigma = cv_of(handling.sigma.value), handling.sigma.value
    rules.handle_law = Handling[handling.law.upper()]
    rules.patience_law = Patience[behaviour.phone.patience_law.upper()]
    rules.remind_share = behaviour.public.repeats
    rules.abandon_gap = behaviour.phone.abandon_gap.value / LN2  # the source gives the median, the law takes the mean
    return table
