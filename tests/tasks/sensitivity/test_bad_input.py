"""What cannot be studied is refused in one sentence, before any work."""

from __future__ import annotations

import pytest

import caresim
from caresim.config.compose import validate
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.tasks.sensitivity.settings import SensitivitySettings, check

REFUSED: dict[str, tuple[dict[str, object], str, str]] = {
    "no such metric": ({"metric": "usefull_60"}, "sensitivity.metric", "did you mean useful_60"),
    "no such number": ({"assumptions": ["behaviour.phone.bussy_gap"]}, "sensitivity.assumptions", "busy_gap"),
    "no such linked number": (
        {"assumptions": ["staffing.*.desks.social.expire"]},
        "sensitivity.assumptions",
        "is no number of this experiment, did you mean staffing.*.desks.social.expires",
    ),
    "a star within a step": (
        {"assumptions": ["staffing.hyb*.desks.social.expires"]},
        "sensitivity.assumptions",
        "is no number of this experiment",
    ),
    "a fixed number": ({"assumptions": ["study.survey_base"]}, "sensitivity.assumptions", "is fixed at 10 %"),
    "one model": ({"only": ["hybrid"], "baseline": "hybrid"}, "only", "one staffing model alone leaves nothing"),
    "one model asked": ({"models": ["social_team"]}, "sensitivity.models", "two staffing models or more"),
    "without the baseline": (
        {"models": ["hybrid", "call_center_24_7"]}, "sensitivity.models", "must contain the baseline, social_team"
    ),
    "left out": (
        {"only": ["social_team", "hybrid"], "models": ["social_team", "people_on_call"]},
        "sensitivity.models", "is left out by only",
    ),
    "no such model": ({"models": ["social_team", "hybird"]}, "sensitivity.models", "did you mean hybrid"),
    "few rows": ({"rows": 4}, "sensitivity.rows", "at least 16"),
    "precision": ({"precision": 0.05}, "precision", "is of comparisons"),
    "money twice": ({"metric": "cost", "worth": "1 EUR"}, "sensitivity.worth", "would count twice"),
    "a worth with a range": (
        {"worth": {"value": "500 EUR", "range": ["100 EUR", "900 EUR"], "source": "assumption"}},
        "sensitivity.worth", "without a range",
    ),
    "nothing asked": ({"assumptions": []}, "sensitivity.assumptions", "must name a key with a range"),
}  # fmt: skip


@pytest.fixture(scope="module")
def tokyo() -> Experiment:
    return caresim.load("experiment=tokyo")


@pytest.mark.parametrize("case", REFUSED)
def test_bad_input_is_refused_before_any_work(case: str, tokyo: Experiment) -> None:
    changes, key, said = REFUSED[case]
    settings = {name: value for name, value in changes.items() if name in SensitivitySettings.model_fields}
    rest = {name: value for name, value in changes.items() if name not in settings}
    asked = {**tokyo.as_text(), **rest, "task": "sensitivity", "sensitivity": settings}
    with pytest.raises(BadInput) as refusal:
        check(validate(asked))
    assert refusal.value.key == key
    assert said in str(refusal.value)
