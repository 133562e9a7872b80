"""The Mesa driver: a run as a Mesa model, its people as Mesa agents, with the transitions of the compiled model."""

from __future__ import annotations

from caresim.agents.company import Bystanders, Flight, Operator
from caresim.agents.contact import Contact
from caresim.agents.desk import Channel, Desk
from caresim.agents.framework import Priority, Schedule
from caresim.agents.model import CareModel
from caresim.agents.notice import Notice
from caresim.agents.passenger import Passenger
from caresim.agents.staff import Assistant, CallCenterAgent, CommunityManager, CounterAgent, Staff
from caresim.agents.view import CareAgent
from caresim.model.codes import Kind, Outcome, Result, State, Status
from caresim.model.media import Medium
from caresim.model.needs import Need

__all__ = [
    "Assistant", "Bystanders", "CallCenterAgent", "CareAgent", "CareModel", "Channel", "CommunityManager", "Contact",
    "CounterAgent", "Desk", "Flight", "Kind", "Medium", "Need", "Notice", "Operator", "Outcome", "Passenger",
    "Priority", "Result", "Schedule", "Staff", "State", "Status",
]  # fmt: skip
