"""The media, a row each: all that the project knows of a medium, except the numbers of conf/.

A new medium is a row of `Medium` here and its numbers in conf/. Everything else reads the row: what the customer does
while waiting, what is counted, what stands in tables and labels, and the colour. A row that lacks something is refused
when this file is imported.
"""

from __future__ import annotations

from dataclasses import dataclass

from .codes import Tabled, check_numbers


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is true of a medium."""

    synchronous: bool
    """The customer holds the line or stands in the queue; of a deferred medium, they have written and gone on."""
    written: bool
    """What is said is there to be read, and a person may answer it when they like."""
    public: bool
    """Everybody reads along: what is written shows in the mood and may spread."""
    social: bool
    """It is counted as social media: in the metrics `social_...` and `overload_social`."""
    self_service: bool
    """A machine answers at once and nobody of the staff does: there is no queue and no response time."""
    trunks: bool
    """It has `lines`, which can all be taken, and its desk may offer to call back."""
    patience: str
    """Where conf/behaviour says how long customers wait on it; empty: nobody waits."""
    group: str
    """Under which heading of `GROUPS` its response times are reported; empty: under none."""
    arrivals: str
    """The column of the timeline that counts what arrives on it; empty: none (public posts have some of their own)."""
    listed: bool
    """Its columns stand in every table; those of other media only where an experiment has such a channel."""
    label: str
    """What it is called in figures."""
    label_short: str
    """The same in a word, in the small series of the dashboard."""
    colour: str
    """Its colour in figures, of Okabe and Ito (2008)."""
    colour_on_dark: str
    """A brighter one for the dashboard's dark page."""
    name_words: tuple[str, ...]
    """Parts of a channel's name that say no more than the medium does: "phone" of phone_tokyo."""
    exported_as: str
    """What systems call it in the files that they export, with commas between; its own name is understood."""
    place: str
    """Where a customer is with a company on it, in stories; {own} is what else the channel's name says ("Tokyo")."""
    place_unnamed: str
    """The same where the channel's name says nothing else."""
    lane: str
    """A channel of it in two or three words, in the figure of a story; {own} as in `place`."""
    lane_unnamed: str
    """The same where the channel's name says nothing else."""
    message: str
    """What the dashboard adds to a written question to say that not everybody reads it; empty: nothing."""
    asked: str
    """The event of a story in which a customer turns to it."""
    gave_up: str
    """The event of a story in which the customer gives up waiting; empty: nobody waits."""
    where: str
    """Where the customer and the staff talk; empty: they do not talk."""
    ahead: tuple[str, str]
    """Who waits in front of a customer: one, several."""


class Medium(Tabled):
    """How customers reach an operator. The numbers are kept in records: a new medium gets the next one."""

    row: Row

    PHONE = (
        0,
        Row(
            synchronous=True, written=False, public=False, social=False, self_service=False, trunks=True,
            patience="phone.patience", group="phone", arrivals="calls", listed=True,
            label="phone", label_short="phone", colour="#0072B2", colour_on_dark="#56B4E9",
            name_words=("phone", "call"),
            exported_as="voice, call, calls, telephone, telephony, inbound, inbound call, inbound voice",
            place="the {own} line of {company}", place_unnamed="the line of {company}",
            lane="phone {own}", lane_unnamed="phone",
            message="", asked="called", gave_up="hung_up", where="on the phone", ahead=("caller", "callers"),
        ),
    )  # fmt: skip
    COUNTER = (
        1,
        Row(
            synchronous=True, written=False, public=False, social=False, self_service=False, trunks=False,
            patience="phone.counter_patience", group="counter", arrivals="visits", listed=True,
            label="counter", label_short="counter", colour="#E69F00", colour_on_dark="#E69F00",
            name_words=("counter", "desk"),
            exported_as="walk in",
            place="the {own} counter of {company}", place_unnamed="the counter of {company}",
            lane="counter {own}", lane_unnamed="counter",
            message="", asked="queued", gave_up="walked_off", where="at the counter", ahead=("person", "people"),
        ),
    )  # fmt: skip
    PUBLIC = (
        2,
        Row(
            synchronous=False, written=True, public=True, social=True, self_service=False, trunks=False,
            patience="text.patience", group="social", arrivals="", listed=True,
            label="public posts", label_short="posts", colour="#D55E00", colour_on_dark="#FF8A3D",
            name_words=("public", "account"),
            exported_as="public post, post, mention, comment, public social",
            place="{company} on {own}", place_unnamed="the account of {company}",
            lane="{own}", lane_unnamed="public posts",
            message="", asked="posted", gave_up="silence", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip
    PRIVATE = (
        3,
        Row(
            synchronous=False, written=True, public=False, social=True, self_service=False, trunks=False,
            patience="text.patience", group="social", arrivals="private_messages", listed=True,
            label="private messages", label_short="messages", colour="#CC79A7", colour_on_dark="#E08BBD",
            name_words=("private", "message", "messages"),
            exported_as="direct message, dm, private message, private social",
            place="{company} in a private message", place_unnamed="{company} in a private message",
            lane="messages {own}", lane_unnamed="messages",
            message="private message", asked="wrote", gave_up="silence", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip
    EMAIL = (
        4,
        Row(
            synchronous=False, written=True, public=False, social=False, self_service=False, trunks=False,
            patience="text.patience", group="", arrivals="", listed=True,
            label="e-mail", label_short="e-mail", colour="#009E73", colour_on_dark="#2FC79C",
            name_words=("email", "mail", "mails"),
            exported_as="e mail, mail",
            place="{company} by e-mail", place_unnamed="{company} by e-mail",
            lane="email {own}", lane_unnamed="email",
            message="e-mail", asked="wrote", gave_up="silence", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip
    WEB = (
        5,
        Row(
            synchronous=False, written=False, public=False, social=False, self_service=True, trunks=False,
            patience="", group="", arrivals="web_visits", listed=True,
            label="website", label_short="website", colour="#8C8C8C", colour_on_dark="#B0B0B0",
            name_words=("web", "website"),
            exported_as="",
            place="the {own} website of {company}", place_unnamed="the website of {company}",
            lane="website {own}", lane_unnamed="website",
            message="", asked="looked_up", gave_up="", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip
    MESSENGER = (
        6,
        Row(
            synchronous=False, written=True, public=False, social=True, self_service=False, trunks=False,
            patience="text.patience", group="social", arrivals="messenger_messages", listed=False,
            label="messenger", label_short="messenger", colour="#56B4E9", colour_on_dark="#F0E442",
            name_words=("messenger", "chat"),
            exported_as="whatsapp, facebook messenger, apple messages",
            place="{company} on {own}", place_unnamed="{company} on a messenger",
            lane="{own}", lane_unnamed="messenger",
            message="messenger", asked="wrote", gave_up="silence", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip

    @classmethod
    def of_word(cls, word: str) -> Medium:
        """The medium that configuration calls so; KeyError if there is none."""
        return cls[word.upper()]


GROUPS = {"social": "Social media", "phone": "Phone", "counter": "Counter"}
"""Headings under which response times are reported, and what figures call them."""


def of_group(group: str) -> tuple[Medium, ...]:
    """The media that are reported under this heading."""
    return tuple(medium for medium in Medium if medium.row.group == group)


WORDS = tuple(medium.word for medium in Medium)
STAFFED = tuple(medium for medium in Medium if not medium.row.self_service)
"""Those that people answer."""
SYNCHRONOUS = tuple(medium for medium in Medium if medium.row.synchronous)
WRITTEN = tuple(medium for medium in Medium if medium.row.written)
SELF_SERVICE = tuple(medium for medium in Medium if medium.row.self_service)
SOCIAL = tuple(medium for medium in Medium if medium.row.social)
PUBLIC = tuple(medium for medium in Medium if medium.row.public)
TRUNKS = tuple(medium for medium in Medium if medium.row.trunks)


def _check() -> None:
    """Refuse rows that contradict each other, or say what another one says."""
    check_numbers(Medium)
    for name in ("label", "colour", "arrivals"):
        values = [value for medium in Medium if (value := getattr(medium.row, name))]
        if len(set(values)) < len(values):
            raise TypeError(f"two media have the same {name}")
    for medium in Medium:
        row = medium.row
        if (row.public and not row.written) or (row.trunks and not row.synchronous):
            raise TypeError(f"{medium.name}: what is public is written, and what has lines is held")
        if row.group not in ("", *GROUPS):
            raise TypeError(f"{medium.name}: there is no group {row.group}")
        if row.self_service == bool(row.patience):
            raise TypeError(f"{medium.name}: a machine answers at once, or patience has a place in conf/")
        if bool(row.patience) != bool(row.gave_up):
            raise TypeError(f"{medium.name}: whoever waits on it can give up, and a story needs an event for that")


_check()
