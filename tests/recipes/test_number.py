"""A number of behaviour is a row of model/behaviour.py, a value in conf/behaviour and the law that reads it."""

from __future__ import annotations

from tests.support.recipes import SMALL, Recipe

import caresim

TABLE = "src/caresim/model/behaviour.py"
LAW = "src/caresim/model/satisfaction.py"
VALUES = ("conf/behaviour/default.yaml", "conf/behaviour/switched_off.yaml")
ROW = """        number("repetition", "points", "Each reply after the first takes this much."),
"""
READ = """        score -= behaviour.repetition * (case.replies - 1.0)
"""
VALUE = """  repetition: {value: "0 points", source: "design choice: without effect until it is known"}
"""
REFUSED = f"""
try:
    caresim.load(*{SMALL})
    said = None
except caresim.BadInput as refusal:
    said = [refusal.key, refusal.allowed]
"""
CODE = f"""
def metrics(*overrides):
    of_run = caresim.simulate(caresim.load(*{SMALL}, *overrides), "customer_service", 0).metrics
    return {{name: repr(value) for name, value in of_run.items()}}

said = {{
    "zero": metrics(),
    "some": metrics("behaviour.settlement.repetition='0.5 points'"),
    "queue": repr(caresim.load("experiment=queue").behaviour.settlement.repetition.value),
}}
"""


def test_a_number_is_required_read_and_of_no_effect_at_zero(recipe: Recipe) -> None:
    recipe.insert(TABLE, r"        number\(\"effort\".*", ROW)
    recipe.insert(LAW, r"        score \+= behaviour\.tone .*", READ)
    assert recipe.run(REFUSED) == ["behaviour.settlement.repetition", "is required"]
    for file in VALUES:
        recipe.insert(file, r"  effort: \{.*", VALUE)
    said = recipe.run(CODE)
    assert recipe.touched == {TABLE, LAW, *VALUES}
    assert said["queue"] == "0.0"
    unchanged = caresim.simulate(caresim.load(*SMALL), "customer_service", 0).metrics
    assert said["zero"] == {name: repr(value) for name, value in unchanged.items()}
    moved = {name for name, value in said["some"].items() if value != said["zero"][name]}
    assert {"csat"} <= moved <= {"csat", "csat_contacted", "csat_survey", "dissatisfied"}
    assert float(said["some"]["csat"]) < float(said["zero"]["csat"])
