"""What operators instruct, whom it reaches, and what desks may do, as tables of the world."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.config.desk import Desk
from caresim.config.disruption import Instruction
from caresim.config.experiment import Experiment
from caresim.config.staffing import Staffing
from caresim.model.codes import NOBODY
from caresim.model.draws import name_key
from caresim.model.needs import BOOKING, POWERS, Need, Settlement, settled_by
from caresim.model.records import NEEDS, rows
from caresim.scenario.names import Names, bits, code


def instructed(experiment: Experiment, staffing: Staffing) -> dict[str, Instruction]:
    """The instructions as this staffing model issues them."""
    return {name: changed(each, staffing, name) for name, each in experiment.disruption.instructions.items()}


def changed(instruction: Instruction, staffing: Staffing, name: str) -> Instruction:
    """The instruction with what the staffing model changes in it."""
    if name not in staffing.instructions:
        return instruction
    change = staffing.instructions[name]
    return instruction.model_copy(update={key: value for key, value in change if value is not None})


def instructions_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """A row an instruction."""
    table = rows(len(names.instructions), "instructions")
    for row, (name, instruction) in zip(table, instructed(experiment, staffing).items(), strict=True):
        row.key = name_key("instruction", name)
        row.says = bits(names.facts.index(fact) for fact in instruction.says)
        row.misunderstood = instruction.misunderstood.value
    return table


def orders_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """Of each instruction a row for the machines of its operator, then one for each of its desks; minutes."""
    whom = [
        (name, instruction, desk)
        for name, instruction in instructed(experiment, staffing).items()
        for desk in ("", *staffing.desks)
        if not desk or staffing.desks[desk].operator == instruction.operator
    ]
    table = rows(len(whom), "orders")
    for row, (name, instruction, desk) in zip(table, whom, strict=True):
        row.time = experiment.minutes(instruction.at)
        row.delay = instruction.reaches.value if desk else 0.0
        row.instruction = names.instructions.index(name)
        row.desk = names.desks.index(desk) if desk else NOBODY
        row.operator = names.operators.index(instruction.operator)
    return table


def allowing(experiment: Experiment, operator: str, names: Names) -> list[int]:
    """The instructions of an operator that allow to meet each need, as bits."""
    table = dict.fromkeys(range(NEEDS), 0)
    for name, instruction in experiment.disruption.instructions.items():
        for need in instruction.allows if instruction.operator == operator else ():
            table[code(Need, need)] |= 1 << names.instructions.index(name)
    return list(table.values())


def empower(row: Any, experiment: Experiment, desk: Desk, names: Names) -> None:
    """What a desk may always do, and by which instruction it may do what; nothing on a booking that it does not see."""
    row.empowered_by = NOBODY
    standing = list(settled_by(Settlement.REPLY))
    for settlement, power in POWERS.items():
        given = getattr(desk, power)
        for need in settled_by(settlement):
            if need in BOOKING and not desk.sees_booking:
                continue
            if given is True:
                standing.append(need)
            elif given and need.word in experiment.disruption.instructions[given].allows:
                row.empowered_by[need] = names.instructions.index(given)
    row.standing = bits(standing)
