"""A need is a row of model/needs.py and its numbers in conf/behaviour: customers come with it, and it is settled."""

from __future__ import annotations

import re

from tests.support.recipes import SMALL, Recipe

import caresim
from caresim.model.needs import Need

TABLE = "src/caresim/model/needs.py"
NUMBERS = ("conf/behaviour/default.yaml", "conf/behaviour/switched_off.yaml")
ROW = r"    ASSISTANCE = \((?:\n.*)*?\n    \)  # fmt: skip"
"""The row of the need that the new one is most like."""
LAST = list(Need)[-1]
OF_THE_LAST = re.compile(rf"^( +){LAST.word}: (.*)$", flags=re.MULTILINE)
CALLERS = 'population.cohorts.callers.need={information: "0 %", refund: "0 %", luggage: "100 %"}'
CODE = f"""
found = caresim.simulate(caresim.load(*{SMALL}, {CALLERS!r}), "customer_service", 0)
calls = found.contacts[found.contacts["medium"] == "phone"]
before = caresim.simulate(caresim.load(*{SMALL}), "customer_service", 0)
said = {{
    "needs": sorted(set(calls[calls["cohort"] == "callers"]["need"])),
    "resolved": float(found.passengers.query("cohort == 'callers' and counted")["resolved_min"].notna().mean()),
    "metrics": {{name: repr(value) for name, value in before.metrics.items()}},
}}
"""


def test_a_need_is_come_with_and_settled(recipe: Recipe) -> None:
    row = recipe.passage(TABLE, ROW)
    for old, new in (("ASSISTANCE", "LUGGAGE"), ("        2,", f"        {len(Need)},"), ("help", "luggage")):
        assert old in row
        row = row.replace(old, new)
    recipe.insert(TABLE, rf"    {LAST.name} = \((?:\n.*)*?\n    \)  # fmt: skip", row)
    for file in NUMBERS:
        text = (recipe.folder / file).read_text(encoding="utf-8")
        assert OF_THE_LAST.search(text)
        (recipe.folder / file).write_text(OF_THE_LAST.sub(r"\g<0>\n\1luggage: \2", text), encoding="utf-8")
    said = recipe.run(CODE)
    assert said["needs"] == ["luggage"]
    assert said["resolved"] > 0.5
    unchanged = caresim.simulate(caresim.load(*SMALL), "customer_service", 0)
    assert said["metrics"] == {name: repr(value) for name, value in unchanged.metrics.items()}
