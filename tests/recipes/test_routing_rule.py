"""A routing rule is one function below `@rule` in model/routing.py, which the desk of an experiment names."""

from __future__ import annotations

from tests.support.recipes import Recipe

FILE = "src/caresim/model/routing.py"
RULE = '''

@rule
def latest(world, c):
    """Whoever came last is next."""
    return -world.contacts[c].arrival
'''
CONF = "conf/experiment/stack.yaml"
EXPERIMENT = """# @package _global_
# Too few people on the phone, who take the latest call first.
defaults:
  - insourcing
  - _self_

name: stack
staffing:
  customer_service: null
  social_team:
    desks:
      phone: {headcount: {value: "3 people", range: null, source: "design choice: callers wait"}, routing: latest}
"""
FEW = ("experiment=stack", "window=8 h", "drain=4 h", "population.scale=0.3")
CODE = f"""
def later_ones_waited(routing):
    experiment = caresim.load(*{FEW}, f"staffing.social_team.desks.phone.routing={{routing}}")
    calls = caresim.simulate(experiment, "social_team", 0).contacts
    calls = calls[calls["desk"] == "phone"]
    answered = calls[calls["reply_min"].notna()]
    ends = calls["reply_min"].fillna(calls["closed_min"]).fillna(float("inf"))
    waiting = [
        (calls["arrival_min"] > call.arrival_min) & (calls["arrival_min"] < call.reply_min) & (ends > call.reply_min)
        for call in answered.itertuples()
    ]
    return int(sum(these.any() for these in waiting)), len(answered)

said = {{
    "by_name": caresim.load(*{FEW}).staffing["social_team"].desks["phone"].routing,
    "latest": later_ones_waited("latest"),
    "first_come": later_ones_waited("first_come"),
}}
"""


def test_a_rule_is_named_by_an_experiment_and_sets_the_order_of_service(recipe: Recipe) -> None:
    """Nobody who came later waits while an earlier caller is served; in order of arrival, many do."""
    recipe.insert(FILE, r"    return NEVER if i == NOBODY else -priority_of\(world, i\)", RULE)
    recipe.write(CONF, EXPERIMENT)
    said = recipe.run(CODE)
    assert recipe.touched == {FILE, CONF}
    assert said["by_name"] == "latest"
    passed_over, served = said["latest"]
    assert passed_over == 0
    assert served >= 10
    assert said["first_come"][0] >= 5
