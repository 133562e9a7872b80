"""Real or given traffic: the contacts of a file, or of an interval report, at the desks of a staff plan.

It is a scenario like the others. What the files say is written into the sections that every experiment has.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, model_validator

from caresim.config import replay_files
from caresim.config.base import Frozen, Text, one_of
from caresim.config.clock import Moment, Zone
from caresim.config.contacts import Kind
from caresim.config.desk import MoreStaff
from caresim.config.empirical import EMPIRICAL, FILES_OF, Laws, handling_of, laws_of
from caresim.config.errors import BadInput, choice, complaint
from caresim.config.exports.file_format import Format
from caresim.config.file_names import PathText
from caresim.config.paths import is_file
from caresim.config.posterior import posterior_of
from caresim.config.quantity import PositiveCount, PositiveFactor, Share, exactly
from caresim.config.resampling import DAYS, NONE, Days, days_of
from caresim.config.sections import (
    PATIENCE_LAWS,
    SERVICES,
    SOURCE,
    Minutes,
    Variation,
    check_certain,
    check_service,
    check_whole,
    entry,
    merged,
    must_follow,
    put,
    put_patience,
    service_of,
    table_at,
)
from caresim.config.traffic import COHORT, ON_THE_SPOT, Seat, Traffic, seats
from caresim.model import media

FILES = ("contacts", "intervals", "staff", *FILES_OF.values(), "posterior")
OPERATOR = "centre"
STAFFING = "as_given"
"""The staffing model that the files describe."""
DESKS = ("staffing", STAFFING, "desks")
PLUS = "as_given_plus"
"""The same with the people of `replay.extra`."""
OF_BEHAVIOUR = "of_behaviour"
ANY_DRAW = {"value": "50 %", "range": ["0 %", "100 %"], "source": "as calibrated: each draw is as likely"}
HEADLINES = {
    "phone": ("phone_asa", "phone_abandonment", "phone_service_level", "occupancy"),
    "written": ("median_first_response", "response_rate_contact", "occupancy", "paid_hours"),
}
"""Headline metrics of a replay with customers who wait on the spot, and of one where all have written."""


class Replay(Frozen):
    """Contacts from a file, with given times as they are and the others drawn."""

    contacts: PathText | None = None
    """CSV, a row per contact: arrival (date and time, or minutes) and, if known, channel, medium, desk, need, cohort,
    service_s, patience_s, priority, and what was observed: wait_s, outcome.
    """
    intervals: PathText | None = None
    """CSV, a row per interval: interval_start, offered and, if known, channel, medium, desk, aht_s, staff."""
    staff: PathText | None = None
    """CSV, a row per spell of duty: start, end and, if known, desk, headcount, agent, speed, skills."""
    volume: PositiveFactor = exactly(1, "number")
    """Times the contacts that an interval report offers: 1.1 x is ten percent more, in every interval."""
    staffing: Text | None = None
    """Which staffing model of an interval report is meant, where it holds several."""
    timezone: Zone
    """Of times without an offset, and in which results speak."""
    extra: tuple[MoreStaff, ...] = ()
    """People on top of those who were there: a second staffing model, as_given_plus, has them."""
    format: Format = Field(default_factory=Format)
    """How the files are written, where that is a matter of taste."""
    servers: PositiveCount | None = None
    """People at each desk around the clock; refused where a file says who worked."""
    default_servers: PositiveCount
    """The same, where neither a file nor `servers` says it."""
    service_mean: Minutes
    """Mean handling time of contacts whose handling time is not given."""
    service: one_of(OF_BEHAVIOUR, EMPIRICAL, *SERVICES)  # type: ignore[valid-type]
    """How those times are distributed; of_behaviour: they are those of the behaviour, mean and all; empirical: they are
    those of other contacts of the file, or of `service_times`.
    """
    service_times: PathText | None = None
    """CSV, a row per handling time: service_s and, if known, channel, need, hour."""
    service_cv: Variation | None = None
    """Coefficient of variation, for lognormal and hyperexponential service."""
    patience_mean: Minutes | None = None
    """Mean time until a waiting customer gives up, on synchronous media, where it is not given. Null: nobody does."""
    patience: one_of(OF_BEHAVIOUR, EMPIRICAL, *PATIENCE_LAWS)  # type: ignore[valid-type]
    """How that patience is distributed; of_behaviour: it is that of the behaviour, mean and all; empirical: as the
    waits of the file, or of `patience_times`, tell.
    """
    patience_times: PathText | None = None
    """CSV, a row per wait: patience_s and, if known, censored, channel, need, hour."""
    resample: one_of(NONE, DAYS) = NONE  # type: ignore[valid-type]
    """days: replications from the second on play days of the file drawn with replacement."""
    posterior: PathText | None = None
    """CSV, draws of what a history leaves open, as task=calibrate writes them: each world lives in one of them."""
    posterior_at: Share | None = None
    """Which of them, from the first (0 %) to the last (100 %); left out: any."""
    content: Text = ""
    """Digest of the files; found when they are read."""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        lists = [key for key in ("contacts", "intervals") if raw.get(key) is not None]
        if len(lists) != 1:
            key = lists[-1] if lists else "contacts"
            raise complaint("exactly one of contacts and intervals is required: a CSV file", raw.get(key), key)
        if raw.get("staffing") is not None and raw.get("intervals") is None:
            raise complaint("is left out where no interval report is replayed", raw["staffing"], "staffing")
        files = [key for key in FILES if raw.get(key) is not None]
        for key in files:
            if not isinstance(raw[key], str):
                raise complaint("must be the path of a CSV file", raw[key], key)
            if not is_file(raw[key]):
                raise complaint(
                    "is no file (a folder or a device is none); allowed: the path of a CSV file", raw[key], key
                )
        content = replay_files.digest(*(raw[key] for key in files))
        if raw.get("content") not in (None, "", content):
            raise complaint("has changed since this was written; allowed: the file as it was", raw[files[0]], files[0])
        drawn = {"posterior_at": ANY_DRAW} if raw.get("posterior") and raw.get("posterior_at") is None else {}
        return {**raw, **drawn, "content": content}

    @model_validator(mode="after")
    def _coherent(self) -> Replay:
        check_service(self.service, self.service_cv)
        check_certain(self, but="posterior_at")
        self._check_posterior()
        if self.contacts is not None and self.volume.value != 1:
            allowed = "multiplies an interval report, and this is a list of contacts; write replay.resample=days there"
            raise complaint(allowed, self.volume.text, "volume")
        for law, times in FILES_OF.items():
            file = getattr(self, times)
            if file is not None and getattr(self, law) != EMPIRICAL:
                raise complaint(
                    f"is read only with replay.{law}=empirical; allowed: that too, or no such file", file, times
                )
        if self.patience == EMPIRICAL and self.patience_mean is not None:
            raise complaint("is left out where patience is empirical", self.patience_mean.text, "patience_mean")
        if self.servers is not None:
            check_whole(self.servers, "servers")
        check_whole(self.default_servers, "default_servers")
        return self

    def _check_posterior(self) -> None:
        """Complain of draws of laws that are not drawn from."""
        if self.posterior is None:
            if self.posterior_at is not None:
                raise complaint("is left out where there is no posterior", self.posterior_at.text, "posterior_at")
            return
        if self.service != EMPIRICAL:
            allowed = "is read only with replay.service=empirical; allowed: that too, or no such file"
            raise complaint(allowed, self.posterior, "posterior")

    @cached_property
    def traffic(self) -> Traffic:
        """What the files say."""
        files = self.contacts, self.intervals, self.staff
        written = self.format.model_dump_json()
        return replay_files.read(*files, self.timezone, self.staffing, self.content, written, self.volume.value)

    def laws(self, key: str) -> Laws | None:
        """What handling times (`service`) or `patience` that are not given are drawn from; None unless empirical."""
        if getattr(self, key) != EMPIRICAL:
            return None
        files = self.contacts, self.intervals, self.staff
        times = getattr(self, FILES_OF[key])
        return laws_of(key, *files, self.timezone, self.staffing, self.content, self.format.model_dump_json(), times)

    @cached_property
    def days(self) -> Days | None:
        """The days of the file that replications draw from; None where all play the file as it is."""
        return days_of(self.traffic, self.timezone) if self.resample == DAYS else None

    @property
    def members(self) -> dict[str, NDArray[np.intp]]:
        """Positions in `traffic.contacts` of the members of each cohort."""
        kinds = self.traffic.contacts.kinds
        cohorts = Counter(kind.cohort for kind in kinds)
        names = [
            kind.cohort if cohorts[kind.cohort] == 1 else f"{kind.cohort}_{kind.channel}_{kind.need}" for kind in kinds
        ]
        if len(set(names)) < len(names):
            allowed = "cohort names clash once channel and need are added; allowed: other names of cohorts"
            raise BadInput("replay.contacts", sorted(cohorts), allowed)
        return dict(zip(names, self.traffic.contacts.of_kind, strict=True))

    def seats(self, desk: str) -> list[Seat]:
        """Who works at a desk and when, seat by seat."""
        return seats(self.traffic.crews, desk)


def laid_out(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The raw configuration with what the files of its `replay` say written into the sections of every experiment."""
    replay = Replay.model_validate(raw["replay"])
    contacts = replay.traffic.contacts
    if replay.posterior is not None:
        posterior_of(replay.posterior, replay.content)
    sections: dict[str, Any] = {}
    if laws := replay.laws("service"):
        put(sections, "behaviour.handling", handling_of(laws, replay.traffic.rows, replay.service_mean))
    elif replay.service != OF_BEHAVIOUR:
        times = service_of(replay.service, replay.service_mean, replay.service_cv, media.STAFFED)
        put(sections, "behaviour.handling", times)
    if laws := replay.laws("patience"):
        mean = replay.service_mean.at(laws.mean(range(len(contacts))))
        put_patience(sections, "exponential", None if math.isnan(mean.value) else mean, media.SYNCHRONOUS)
    elif replay.patience != OF_BEHAVIOUR:
        put_patience(sections, replay.patience, replay.patience_mean, media.SYNCHRONOUS)
    if replay.traffic.start is not None:
        sections["start"] = replay.traffic.start.isoformat()
    put(sections, "disruption.facts.answers.at", sections.get("start", raw.get("start")))
    if raw.get("window") is None:
        sections["window"] = {"value": f"{_end(replay)!r} min", "source": SOURCE}
    if table_at(raw, "study").get("headline") is None:
        on_the_spot = any(kind.medium in ON_THE_SPOT for kind in contacts.kinds)
        put(sections, "study.headline", list(HEADLINES["phone" if on_the_spot else "written"]))
    whole = merged(raw, sections)
    whole["population"] = {**table_at(whole, "population"), "cohorts": _cohorts(replay, whole)}
    channels = contacts.channels
    _open(replay, whole, channels)
    whole["staffing"] = {**table_at(whole, "staffing"), STAFFING: _desks(replay, whole, channels)}
    if replay.extra:
        whole["staffing"][PLUS] = _with_more(replay, whole["staffing"][STAFFING], _last_day(replay, whole["start"]))
        if whole.get("baseline") is None:
            whole["baseline"] = STAFFING
    return whole


def _last_day(replay: Replay, start: Any) -> date:
    """The local day on which the last contact comes or the last person goes: nobody comes on top after it."""
    moment = TypeAdapter(Moment).validate_python(start) + timedelta(minutes=_end(replay) - 1.0)
    return moment.astimezone(ZoneInfo(replay.timezone)).date()


def _with_more(replay: Replay, model: Mapping[str, Any], last: date) -> dict[str, Any]:
    """The staffing model as given, with the people who come on top at their desks, until the last day."""
    desks = {name: dict(desk) for name, desk in model["desks"].items()}
    added = []
    for index, more in enumerate(replay.extra):
        key = f"replay.extra[{index}].desk"
        if more.desk is None and len(desks) > 1:
            raise BadInput(key, None, f"is required; {choice(desks)}")
        name = more.desk or next(iter(desks))
        if name not in desks:
            raise BadInput(key, more.desk, choice(desks, name))
        written = {"last": str(last), **more.model_dump(mode="json", exclude_none=True, exclude={"desk"})}
        desks[name]["extra"] = [*desks[name].get("extra", ()), written]
        at = f" at {name}" if len(desks) > 1 else ""
        added.append(f"{more.headcount.value:g} more from {more.start} to {more.end}{at}")
    return {**model, "differs": f"The staff of the file, {', '.join(added)}", "desks": desks}


def _end(replay: Replay) -> float:
    """Minutes until all contacts have come and all people who are rostered have gone."""
    contacts = replay.traffic.contacts
    last = float((contacts.arrival + contacts.width).max()) + 1.0
    if replay.days is not None:
        last = max(last, replay.days.latest + 1.0)
    return max([last, *(crew.end for crew in replay.traffic.crews)])


def _cohorts(replay: Replay, whole: Mapping[str, Any]) -> dict[str, Any]:
    """A cohort for each kind of contact: like the cohort of its name, if there is one, else like `customers`."""
    place = ("population", "cohorts")
    templates, cohorts = table_at(whole, *place), {}
    for name, kind in zip(replay.members, replay.traffic.contacts.kinds, strict=True):
        like = table_at(whole, *place, next((key for key in (name, kind.cohort) if templates.get(key)), COHORT))
        cohorts[name] = {**like, "need": _one(kind.need, "100 %"), "preference": _one(kind.channel, "0 logit")}
    return cohorts if COHORT in cohorts else {COHORT: table_at(whole, *place, COHORT), **cohorts}


def _people(replay: Replay, desk: str, channels: Sequence[str]) -> list[Seat]:
    """Who works at a desk that contacts on these channels go to, seat by seat.

    BadInput where nobody works there at all, nobody while the contacts come (who has written can wait for them), or
    nobody who serves one of the channels.
    """
    key = "replay.staff" if replay.staff else "replay.intervals"
    people = replay.seats(desk)
    if not people:
        desks = dict.fromkeys(crew.desk for crew in replay.traffic.crews)
        raise BadInput(key, list(desks), f"has nobody at desk {desk}; allowed: a spell for each desk")
    contacts = replay.traffic.contacts
    here = contacts.which(lambda kind: kind.desk == desk)
    first, last = contacts.arrival[here].min(), (contacts.arrival + contacts.width)[here].max()
    spells = [spell for seat in people for spell in seat.spells]
    ends, starts = max(end for _, end in spells), min(start for start, _ in spells)
    waits = any(kind.desk == desk and kind.medium in ON_THE_SPOT for kind in contacts.kinds)
    if ends <= first or (waits and starts > last):
        allowed = f"nobody is at desk {desk} between its first contact and its last; allowed: a plan of the same days"
        raise BadInput(key, replay.staff or replay.intervals, allowed)
    for channel in channels:
        if not any(not seat.skills or channel in seat.skills for seat in people):
            allowed = f"nobody at desk {desk} has {channel} among their skills; allowed: at least one who serves it"
            raise BadInput(key, replay.staff, allowed)
    return people


def _is_change(desk: Any) -> bool:
    """Are these a few keys for a desk of the files, and no desk of its own?"""
    return isinstance(desk, Mapping) and "operator" not in desk


def _like(whole: Mapping[str, Any], name: str, medium: str) -> dict[str, Any]:
    """The desk of this name if there is one, else that of the medium with what is said of this one."""
    said = table_at(whole, *DESKS).get(name)
    if said and not _is_change(said):
        return table_at(whole, *DESKS, name)
    return merged(table_at(whole, *DESKS, medium), said or {})


def _refuse_other_heads(name: str, desk: Mapping[str, Any], heads: Mapping[str, Any]) -> None:
    """Complain of a headcount that was set although the files, or replay.servers, say it."""
    path = f"staffing.{STAFFING}.desks.{name}.headcount"
    raw: dict[str, Any] = {}
    sections: dict[str, Any] = {}
    put(raw, path, desk.get("headcount"))
    put(sections, path, heads)
    must_follow(raw, sections, path, "replay.staff or replay.servers")


def _one(name: str, value: str) -> dict[str, Any]:
    """A table with one member."""
    return {name: {"value": value, "source": SOURCE}}


def _open(replay: Replay, whole: dict[str, Any], channels: Mapping[str, Kind]) -> None:
    """The channels of the file, each like the one of its medium. BadInput where there is none like it."""
    operator = table_at(whole, "operators", OPERATOR)
    templates = table_at(whole, "operators", OPERATOR, "channels")
    for name, kind in channels.items():
        if name not in templates and kind.medium not in templates:
            key = "replay.contacts" if replay.contacts else "replay.intervals"
            allowed = f"operators.{OPERATOR} has no channel {kind.medium}, like which {name} could be"
            raise BadInput(key, kind.medium, f"{allowed}; {choice(templates, kind.medium)}")
    opened = {name: templates.get(name) or templates[kind.medium] for name, kind in channels.items()}
    operator["channels"] = {**templates, **opened}
    whole["operators"] = {**whole["operators"], OPERATOR: operator}


def _desks(replay: Replay, whole: Mapping[str, Any], channels: Mapping[str, Kind]) -> dict[str, Any]:
    """The desks that the channels of the file lead to, with the people of the staff plan."""
    if replay.traffic.crews and replay.servers is not None:
        who = "replay.staff" if replay.staff else "the column staff of the report"
        raise BadInput("replay.servers", replay.servers.text, f"contradicts {who}; allowed: one of the two")
    model, desks = table_at(whole, "staffing", STAFFING), {}
    names = list(dict.fromkeys(kind.desk for kind in channels.values()))
    for name, desk in table_at(whole, *DESKS).items():
        if _is_change(desk) and name not in names:
            raise BadInput(
                f"{'.'.join(DESKS)}.{name}", desk, f"no contact of the files goes there; {choice(names, name)}"
            )
    for name in names:
        served = [channel for channel, kind in channels.items() if kind.desk == name]
        desk = _like(whole, name, channels[served[0]].medium)
        heads = entry(replay.servers or replay.default_servers, "people")
        if replay.traffic.crews:
            people = _people(replay, name, served)
            heads = {"value": f"{len(people)} people", "source": SOURCE}
            desk["roster"] = "given"
        _refuse_other_heads(name, desk, heads)
        desks[name] = desk | {"serves": served, "headcount": heads}
    there = whole["operators"][OPERATOR]["channels"]
    closed = [medium.word for medium in media.STAFFED if medium.word in there and medium.word not in channels]
    return {**model, "desks": desks, "closed": closed}
