"""What must hold of instructions and of the powers that they give to desks."""

from __future__ import annotations

from caresim.config.desk import Desk
from caresim.config.errors import BadInput, choice, known
from caresim.config.experiment import Experiment
from caresim.config.facts_checks import check_own
from caresim.config.references import check_moment
from caresim.config.staffing import Staffing
from caresim.model import needs
from caresim.model.needs import POWERS


def check_instructions(experiment: Experiment) -> None:
    """Instructions are of an operator, within the run, and say facts of that operator."""
    for name, instruction in experiment.disruption.instructions.items():
        key = f"disruption.instructions.{name}"
        known(instruction.operator, experiment.operators, f"{key}.operator", "operator")
        check_moment(experiment, instruction.at, f"{key}.at")
        check_own(experiment, instruction.operator, instruction.says, f"{key}.says")


def check_powers(experiment: Experiment, staffing: Staffing, key: str) -> None:
    """Powers of desks that wait for an instruction name one that gives them; what a model changes in it is there."""
    for name, change in staffing.instructions.items():
        known(name, experiment.disruption.instructions, f"{key}.instructions.{name}", "instruction")
        check_moment(experiment, change.at, f"{key}.instructions.{name}.at")
    for name, desk in staffing.desks.items():
        for settlement, power in POWERS.items():
            allowed = [need.word for need in needs.settled_by(settlement)]
            check_power(experiment, desk, power, allowed, f"{key}.desks.{name}.{power}")


def check_power(experiment: Experiment, desk: Desk, power: str, wanted: list[str], key: str) -> None:
    """The instruction that gives a power is there, of the desk's operator, and allows one of the needs `wanted`."""
    given = getattr(desk, power)
    if isinstance(given, bool):
        return
    instructions = experiment.disruption.instructions
    if given not in instructions:
        allowed = f"is no instruction; write true, false, or an instruction: {choice(instructions)}"
        raise BadInput(key, given, allowed)
    instruction = instructions[given]
    if instruction.operator != desk.operator:
        own = [name for name, other in instructions.items() if other.operator == desk.operator]
        raise BadInput(
            key, given, f"is an instruction of {instruction.operator}, not of {desk.operator}; {choice(own)}"
        )
    if not set(wanted) & set(instruction.allows):
        allowed = f"does not allow {' or '.join(wanted)}: write it into disruption.instructions.{given}.allows"
        raise BadInput(key, given, allowed)
