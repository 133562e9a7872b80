"""A medium is a row of model/media.py and its numbers in a file of conf/: an experiment has a channel of it."""

from __future__ import annotations

from tests.support.recipes import SMALL, Recipe

import caresim

TABLE = "src/caresim/model/media.py"
NUMBERS = "conf/behaviour/default.yaml"
CUSTOMERS = "conf/experiment/letters.yaml"
ROW = r"    EMAIL = \((?:\n.*)*?\n    \)  # fmt: skip"
"""The row of the medium that the new one is most like; a row stands in the table as one passage."""
EXPERIMENT = """# @package _global_
# A week in which people write letters, too.
defaults:
  - insourcing
  - _self_

name: letters
operators:
  airline:
    channels:
      letters: {medium: letter, languages: [fr, en]}
population:
  cohorts:
    authors:
      preference: {letters: "1 logit"}
staffing:
  social_team:
    desks:
      social: {serves: [twitter, letters]}
  customer_service:
    desks:
      phone: {serves: [phone, twitter, letters]}
"""
CODE = f"""
letters = caresim.simulate(caresim.load("experiment=letters", *{SMALL[1:]}), "customer_service", 0)
before = caresim.simulate(caresim.load(*{SMALL}), "customer_service", 0)
mine = letters.contacts[letters.contacts["medium"] == "letter"]
said = {{
    "letters": len(mine),
    "answered": int(mine["reply_min"].notna().sum()),
    "metrics": {{name: repr(value) for name, value in before.metrics.items()}},
    "columns": [name for name in before.timeline.columns if "letter" in name],
}}
"""


def add_letters(recipe: Recipe) -> None:
    """Letters are as e-mail is, in another colour, and nobody counts them where there are none."""
    row = recipe.passage(TABLE, ROW)
    for old, new in (("EMAIL", "LETTER"), ("        4,", "        6,"), ("listed=True", "listed=False")):
        assert old in row
        row = row.replace(old, new)
    row = row.replace("e-mail", "letter").replace("email", "letters").replace("#009E73", "#56B4E9")
    recipe.insert(TABLE, r"    WEB = \((?:\n.*)*?\n    \)  # fmt: skip", row)
    recipe.insert(NUMBERS, r"  email: \{same_as.*", "  letter: {same_as: behaviour.handling.public}\n")
    waits = '    expected: {value: "7 d", source: assumption}\n    typical: {value: "3 d", source: assumption}\n'
    recipe.insert(NUMBERS, "media:", f"  letter:\n{waits}")
    recipe.write(CUSTOMERS, EXPERIMENT)


def test_a_medium_is_chosen_answered_and_counted(recipe: Recipe) -> None:
    add_letters(recipe)
    said = recipe.run(CODE)
    assert said["letters"] >= 10
    assert said["answered"] > 0
    assert recipe.touched == {TABLE, NUMBERS, CUSTOMERS}
    unchanged = caresim.simulate(caresim.load(*SMALL), "customer_service", 0)
    assert said["metrics"] == {name: repr(value) for name, value in unchanged.metrics.items()}
    assert said["columns"] == []
