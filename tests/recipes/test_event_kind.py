"""An event kind is a row of model/events.py, its transition, the agent's method, and a note or the reason for none."""

from __future__ import annotations

from tests.support.recipes import SMALL, Recipe

import caresim
from caresim.model.events import Event

TABLE = "src/caresim/model/events.py"
LAW = "src/caresim/model/anger.py"
CAUSE = "src/caresim/model/passenger.py"
AGENT = "src/caresim/agents/passenger.py"
NOTES = "src/caresim/tasks/story/notes.py"
LAST = list(Event)[-1]
ROW = f"""    SIGH = {len(Event)}, _row(
        "passengers", "anger.sigh", "passengers", "sigh", void=Void.PASSENGER_STAMP,
        meaning="the passenger, whose matter is still open, loses heart",
    )
"""
TRANSITION = '''
@transition
def sigh(world, i):
    """Still nothing: somewhat angrier."""
    provoke(world, i, 0.3)


'''
SCHEDULED = """    schedule(world, world.clock[0].now + 3.0, Event.SIGH, i, passenger.stamp)
"""
METHOD = '''
    @transition(Event.SIGH)
    def sigh(self) -> int:
        """They lose heart."""
        return self.row
'''
UNTOLD = """    Event.SIGH: "anger stands at the end of each line",
"""
CODE = f"""
from caresim.agents import CareModel, Passenger

class Cheerful(Passenger):
    def sigh(self):
        self.sighed = True

def anger(outcome):
    return float(outcome.passengers["anger_peak"].mean())

experiment = caresim.load(*{SMALL})
cheerful = CareModel(experiment, "social_team", agents=[Cheerful])
cheerful.run_until(experiment.ends)
said = {{
    "angry": anger(caresim.simulate(experiment, "social_team", 0)),
    "calm": anger(cheerful.outcome()),
    "sighed": sum(getattr(one, "sighed", False) for one in cheerful.passengers),
    "told": len(caresim.story(experiment).text),
}}
"""


def test_an_event_kind_happens_may_be_overridden_and_leaves_stories_whole(recipe: Recipe) -> None:
    recipe.insert(TABLE, rf"    {LAST.name} = {int(LAST)}, _row\((?:\n.*)*?\n    \)", ROW)
    recipe.insert(LAW, r"@transition\ndef stop_waiting.*(?:\n.+)*", TRANSITION)
    recipe.insert(CAUSE, r"    passenger\.status = Status\.SEEKING", SCHEDULED)
    recipe.insert(AGENT, r"    @transition\(Event\.AFFECT\)(?:\n.*)*?return self\.row", METHOD)
    recipe.insert(NOTES, r'    Event\.GROW: "the run keeps its books",', UNTOLD)
    said = recipe.run(CODE)
    unchanged = caresim.simulate(caresim.load(*SMALL), "social_team", 0)
    assert said["calm"] == float(unchanged.passengers["anger_peak"].mean())
    assert said["angry"] > said["calm"] + 0.1
    assert said["sighed"] >= 10
    assert said["told"] > 200
