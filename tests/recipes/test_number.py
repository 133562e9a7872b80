"""A number of behaviour is a row of model/behaviour.py, a value in conf/behaviour and the law that reads it."""

from __future__ import annotations

from tests.support.recipes import SMALL, Recipe

import caresim

TABLE = "src/caresim/model/behaviour.py"
LAW = "src/caresim/model/additive.py"
VALUES = ("conf/behaviour/default.yaml",)
ROW = """        number("repetition", "points", "Each contact takes this much more."),
"""
READ = """    points += behaviour.repetition * history.contacts
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
    "some": metrics("behaviour.additive.repetition='0.5 points'"),
    "queue": caresim.load("experiment=queue").behaviour.rates,
}}
"""


def test_a_number_is_required_read_and_of_no_effect_at_zero(recipe: Recipe) -> None:
    recipe.insert(TABLE, r"        number\(\"web\".*", ROW)
    recipe.insert(LAW, r"    points \+= behaviour\.closed .*", READ)
    assert recipe.run(REFUSED) == ["behaviour.additive.repetition", "is required"]
    for file in VALUES:
        recipe.insert(file, r"  web: \{.*", VALUE)
    said = recipe.run(CODE)
    assert recipe.touched == {TABLE, LAW, *VALUES}
    assert said["queue"] is False  # nobody rates there, and no number of the laws has to be given
    unchanged = caresim.simulate(caresim.load(*SMALL), "customer_service", 0).metrics
    assert said["zero"] == {name: repr(value) for name, value in unchanged.items()}
    moved = {name for name, value in said["some"].items() if value != said["zero"][name]}
    assert {"csat", "csat_additive", "csat_justice"} & moved == {"csat", "csat_additive"}
    # The spread between people is one of satisfaction, too.
    assert all(name.startswith(("csat", "stars")) or name in ("dissatisfied", "agent_sd") for name in moved)
    # More than before, not less: the level is solved anew, from people of a study who made more contacts.
    assert float(said["some"]["csat"]) > float(said["zero"]["csat"])
