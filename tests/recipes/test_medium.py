"""A medium is a row of model/media.py and its numbers in a file of conf/: an experiment has a channel of it."""

from __future__ import annotations

from tests.support.recipes import SMALL, Recipe

import caresim
from caresim.model.media import Medium

TABLE = "src/caresim/model/media.py"
NUMBERS = "conf/behaviour/default.yaml"
CUSTOMERS = "conf/experiment/letters.yaml"
ROW = r"    EMAIL = \((?:\n.*)*?\n    \)  # fmt: skip"
"""The row of the medium that the new one is most like; a row stands in the table as one passage."""
LAST = list(Medium)[-1]
COLOUR = "#882255"
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
  customer_service_trained:
    desks:
      phone: {serves: [phone, twitter, letters]}
"""
CODE = f"""
from matplotlib.colors import to_hex
from caresim.model.media import Medium
from caresim.tasks.compare.figures import FIGURES
experiment = caresim.load("experiment=letters", *{SMALL[1:]})
letters = caresim.simulate(experiment, "customer_service", 0)
before = caresim.simulate(caresim.load(*{SMALL}), "customer_service", 0)
mine = letters.contacts[letters.contacts["medium"] == "letter"]
answered = mine[mine["reply_min"].notna()]
story = caresim.story(experiment, int(answered["passenger"].iloc[0])).table
figure = FIGURES["backlog"].draw(caresim.compare(experiment, workers=1))
said = {{
    "letters": len(mine),
    "answered": len(answered),
    "metrics": {{name: repr(value) for name, value in before.metrics.items()}},
    "columns": [name for name in before.timeline.columns if "letter" in name],
    "own_columns": [name for name in letters.timeline.columns if "letter" in name],
    "arrived": int(letters.timeline["letters_in"].sum()),
    "sentences": story[story["channel"] == "letters"]["sentence"].tolist(),
    "colours": [to_hex(line.get_color()).upper() for axes in figure.axes for line in axes.get_lines()],
    "key": [text.get_text() for text in figure.texts],
}}
"""


def add_letters(recipe: Recipe) -> None:
    """Letters are as e-mail is, in another colour, and nobody counts them where there are none."""
    row = recipe.passage(TABLE, ROW)
    changes = {
        "EMAIL": "LETTER",
        "        4,": f"        {len(Medium)},",
        "listed=True": "listed=False",
        'arrivals=""': 'arrivals="letters_in"',
        "#009E73": COLOUR,
        "e-mail": "letter",
        "email": "letters",
    }
    for old, new in changes.items():
        assert old in row
        row = row.replace(old, new)
    recipe.insert(TABLE, rf"    {LAST.name} = \((?:\n.*)*?\n    \)  # fmt: skip", row)
    recipe.insert(NUMBERS, r"  email: \{same_as.*", "  letter: {same_as: behaviour.handling.public}\n")
    times = {"expected": "7 d", "prompt_until": "3 d", "late_from": "14 d"}
    waits = "".join(f'    {key}: {{value: "{time}", source: assumption}}\n' for key, time in times.items())
    own = '    turn_gap: {value: "2 d", source: assumption}\n'
    recipe.insert(NUMBERS, "media:", f"  letter:\n{waits}{own}")
    recipe.write(CUSTOMERS, EXPERIMENT)


def test_a_medium_is_chosen_answered_counted_drawn_and_told(recipe: Recipe) -> None:
    add_letters(recipe)
    said = recipe.run(CODE)
    assert recipe.touched == {TABLE, NUMBERS, CUSTOMERS}
    assert said["letters"] >= 10
    assert said["answered"] > 0
    assert said["own_columns"] == ["letters_in", "backlog_letter", "waiting_letter"]
    assert said["arrived"] > 0
    assert COLOUR in said["colours"]
    assert any(text.endswith(" letter") for text in said["key"])
    assert any("Airline by letter" in sentence for sentence in said["sentences"])
    unchanged = caresim.simulate(caresim.load(*SMALL), "customer_service", 0)
    assert said["metrics"] == {name: repr(value) for name, value in unchanged.metrics.items()}
    assert said["columns"] == []
