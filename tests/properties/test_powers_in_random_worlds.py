"""Who does what, in random worlds: nothing is done before its power, and nothing is passed round."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, given, note, settings
from tests.support.properties.small_worlds import small_worlds, told

from caresim.config.compose import validate
from caresim.model.codes import NOBODY, Result, Status
from caresim.model.draws import Purpose, exponential, happens, name_key
from caresim.model.engine import advance, happen
from caresim.model.events import Event
from caresim.model.needs import BOOKING, POWERS, Need
from caresim.scenario.build import build

WORLDS = settings(
    max_examples=16, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
)


class Powers:
    """What is written in the configuration, apart from the model's own account of it."""

    def __init__(self, experiment, world, names):
        self.experiment, self.world, self.names = experiment, world, names
        self.luck = world.clock[0].luck

    def reached(self, name):
        """Minutes: when desks have the instruction."""
        about = self.experiment.disruption.instructions[name]
        key = name_key("instruction", name)
        return self.experiment.minutes(about.at) + exponential(
            about.reaches.value, self.luck, key, Purpose.INSTRUCTED, 0
        )

    def entitled(self, i, need):
        passenger = self.world.passengers[i]
        leader = int(passenger["leader"])
        who = passenger["key"] if leader == NOBODY else self.world.passengers["key"][leader]
        cohort = self.experiment.population.cohorts[self.names.cohorts[int(passenger["cohort"])]]
        share = cohort.entitled[need.word].value if need.word in cohort.entitled else 0.0
        return bool(happens(share, self.luck, who, Purpose.ENTITLED, int(need)))

    def of_desk(self, d, i, need):
        """May the desk do it now?"""
        desk = self.experiment.staffing["model"].desks[self.names.desks[d]]
        given = getattr(desk, POWERS[need.row.settled_by])
        if need in BOOKING and not desk.sees_booking:
            return False
        if isinstance(given, bool):
            return given
        if need.word not in self.experiment.disruption.instructions[given].allows:
            return False
        return self.world.clock[0].now >= self.reached(given) or (desk.sees_booking and self.entitled(i, need))

    def of_machines(self, o, i, need):
        """May the website, the assistant, or a notice?"""
        about = [
            instruction
            for instruction in self.experiment.disruption.instructions.values()
            if instruction.operator == self.names.operators[o] and need.word in instruction.allows
        ]
        issued = any(self.world.clock[0].now >= self.experiment.minutes(each.at) for each in about)
        return not about or issued or self.entitled(i, need)


@WORLDS
@given(small_worlds())
def test_nothing_is_done_before_its_power_and_nothing_is_passed_round(configuration):
    note(told(configuration))
    experiment = validate(configuration)
    world, names = build(experiment, "model", 0)
    powers, passed = Powers(experiment, world, names), Counter()
    while True:
        kind, subject = advance(world, experiment.ends, 1 << Event.REPLY | 1 << Event.SERVE | 1 << Event.READ)
        if kind == Event.NOTHING:
            break
        contact = world.contacts[subject] if kind != Event.READ else None
        i = int(contact["passenger"]) if contact is not None else subject // len(world.notices)
        if i == NOBODY or world.passengers[i]["ordinary"] or world.passengers[i]["status"] != Status.SEEKING:
            happen(world, kind, subject)
            continue
        need = Need(int(world.passengers[i]["need"]))
        desk = int(contact["desk"]) if contact is not None else NOBODY
        happen(world, kind, subject)
        if need.row.settled_by in POWERS and kind == Event.REPLY:
            if contact["result"] == Result.SOLVED:
                assert powers.of_desk(desk, i, need)
            if contact["result"] == Result.REFUSED:
                assert powers.of_desk(desk, i, need)
                assert not powers.entitled(i, need)
            if contact["result"] == Result.NOT_YET:
                assert not powers.of_desk(desk, i, need)
            if contact["result"] == Result.HANDED_OVER:
                assert not powers.of_desk(desk, i, need)
                assert powers.of_desk(int(contact["desk"]), i, need)
        elif need.row.settled_by in POWERS and world.passengers[i]["status"] == Status.RESOLVED:
            o = (
                int(contact["operator"])
                if contact is not None
                else int(world.notices["operator"][subject % len(world.notices)])
            )
            assert powers.of_machines(o, i, need)
        if kind == Event.REPLY and contact["result"] == Result.HANDED_OVER:
            passed[int(contact["number"])] += 1
    assert not passed or max(passed.values()) == 1
