"""The numbers of the laws, a row each: all that is known of a number except its value and the law that uses it.

A new number is a row of `NUMBERS` here, its value with source and range in conf/behaviour/, and the law that reads
`world.behaviour[0].<field>`. What configuration accepts, the fields of the record `behaviour` and what fills them
follow from the rows. Luck depends on the group and the key: a key that is in use keeps its name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .needs import Need


class Takes(Enum):
    """What may be written for a number."""

    SHARE = "share"
    FACTOR = "number of at least 0"
    POSITIVE_FACTOR = "number above 0"
    NUMBER = "number"
    DURATION = "duration of at least 0"
    POSITIVE_DURATION = "duration above 0"


MINUTES, SHARE = "min", "share"
"""Units in which every duration and every share is kept, whatever unit was written."""
UNITS = (MINUTES, SHARE, "x", "logit", "sd", "points", "posts", "contacts")


@dataclass(frozen=True)
class Number:
    """One number of conf/behaviour."""

    key: str
    """As it is written in conf/behaviour, within its group."""
    takes: Takes
    unit: str
    """In which the record keeps it; a pure number is written with it, too."""
    meaning: str
    field: str | None = ""
    """Its name in the record, where the key alone would not say whose it is. None: no law reads the number as it is,
    only what is computed from it.
    """

    @property
    def kept_as(self) -> str | None:
        """The field of the record that keeps the number; None where there is none."""
        return self.key if self.field == "" else self.field


def share(key: str, meaning: str, field: str | None = "") -> Number:
    """A share, 0 to 1."""
    return Number(key, Takes.SHARE, SHARE, meaning, field)


def duration(key: str, meaning: str, field: str | None = "", takes: Takes = Takes.POSITIVE_DURATION) -> Number:
    """A duration, kept in minutes."""
    return Number(key, takes, MINUTES, meaning, field)


def number(key: str, unit: str, meaning: str, field: str | None = "", takes: Takes = Takes.FACTOR) -> Number:
    """A pure number, at least 0 unless `takes` says otherwise."""
    return Number(key, takes, unit, meaning, field)


NUMBERS: dict[str, tuple[Number, ...]] = {
    "anger": (
        number("temper_cv", "x", "The coefficient of variation of temper between people, whose mean is 1.", None),
        number("kappa", "x", "Anger grows with this exponent of the wait past what was expected."),
        number("unexplained", "x", "The exponent is larger by this factor while no reason for the wait is known.",
               takes=Takes.POSITIVE_FACTOR),
        duration("half_life", "Anger halves in this time while the passenger waits for nothing.", "anger_half_life"),
        share("relief", "A perfect first reply takes away this share of the anger."),
        share("relief_decay", "Each further reply relieves by this share of what the reply before relieved."),
        share("empty_reply", "An empty reply, from the second reply on, moves anger by this share of the way to 1."),
        share("broken_promise", "A broken promise, a dropped conversation or a wrong answer moves it by this share."),
        share("blocked_call", "A busy tone moves anger by this share of the way to 1, whatever the temper."),
        share("hand_over", "Being passed on by a reply moves anger by this share of the way to 1.",
              "anger_on_transfer"),
    ),
    "choice": (
        number("public_pull", "logit", "A unit of anger adds this to the utility of public channels.",
               takes=Takes.NUMBER),
        number("haste_pull", "logit", "The deadline adds this to the utility of synchronous channels.",
               takes=Takes.NUMBER),
        duration("haste_scale", "Half of the pull of haste is felt when so much time is left."),
        number("busy_penalty", "logit", "A busy tone or a closed door takes this from the medium's utility."),
        number("wait_penalty", "logit", "An abandoned wait takes this per e-fold past what was expected."),
        number("silence_penalty", "logit", "Silence, an empty reply or a dropped conversation takes this."),
        number("seen_penalty", "logit", "A wait, announced or until the opening, takes this per e-fold past what was "
               "expected."),
        share("knows_hours", "This share of the people know when phones and counters are open."),
        duration("forget_half_life", "Half of a bad experience with a medium is forgotten in this time."),
    ),
    "phone": (
        number("patience_shape", "x", "The shape of the Weibull distribution of patience on the spot; 1: exponential.",
               takes=Takes.POSITIVE_FACTOR),
        share("busy_redial", "This share of the callers who got a busy tone try again."),
        duration("busy_gap", "The mean time until they do."),
        share("abandon_redial", "This share of those who hung up or walked away try again."),
        duration("abandon_gap", "The median time until they do.", None),
    ),
    "text": (
        duration("remind_gap", "The median time until an author asks again.", None),
        number("remind_sigma", "sd", "The standard deviation of the logarithm of that time."),
        number("patience_sigma", "sd", "The standard deviation of the logarithm of patience in writing."),
        duration("turn_gap", "The median time until a customer who was asked something writes back.",
                 None),
        number("turn_sigma", "sd", "The standard deviation of the logarithm of that time."),
        share("turn_dropout", "This share of the customers who were asked something never write back.", None),
    ),
    "follow_up": (
        duration("gap", "The median time until a passenger whose matter is open comes back.", "follow_gap"),
        number("sigma", "sd", "The standard deviation of the logarithm of that time.", "follow_sigma"),
        share("persist", "This share comes back after an end that settled nothing."),
        share("haste", "Full anger brings a passenger back sooner by this share of the gap."),
        number("waitlist_patience", "x", "The gap is longer by this factor for those on a waitlist.",
               takes=Takes.POSITIVE_FACTOR),
        duration("closed_retry", "The mean time until another try where nothing is open, nor will be again."),
        duration("wrong_delay", "The time until a wrong automatic answer is found out."),
    ),
    "handling": (
        number("sigma", "sd", "The standard deviation of the logarithm of a lognormal handling time.", None),
        duration("reading_in", "The extra time of the first handling after a transfer.", takes=Takes.DURATION),
        duration("triage", "The time that a bystander's post takes.", takes=Takes.DURATION),
        number("joke", "x", "A bystander's post that looks like a request takes this many times as long."),
    ),
    "public": (
        number("contagion", "posts", "The mean number of bystanders' posts that a bystander's post sets off."),
        number("contagion_from_care", "posts", "The same for a passenger's post at full anger."),
        number("own_posts", "posts", "The mean number of posts of an author who is never answered and never gives up.",
               None, Takes.POSITIVE_FACTOR),
        share("calming", "This share of what a post sets off is left once it has been answered fittingly."),
        duration("burst_half_life", "The half-life of a burst of bystanders' posts.", None),
        duration("mood_half_life", "The half-life of the mood."),
        share("joke_anger", "The anger that shows in a bystander's post."),
        share("joke_question", "This share of the bystanders' posts look like a request."),
        number("follower_power", "x", "What an author sets off goes by the number of followers to this power."),
        share("relay", "The mean number of times that what the company says in public is passed on, each time it is."),
        share("feed_clarity", "What is passed on answers this share of what it would when a person tells it."),
    ),
    "news": (
        duration("life", "News stays fresh, and further news is waited for calmly, for so long.", "news_life"),
        duration("due", "First news after so long is as good as at once.", "news_due"),
        share("fall", "First news loses this share of its worth per e-fold past that.", "news_fall"),
        share("least", "First news is worth this share at least, however late.", "news_least"),
        share("first", "This share of what news is worth lies in the first; the rest in hearing again.", "news_first"),
    ),
    "unasked": (
        duration("prompt_until", "Help by then is prompt for somebody who never asked.", "unasked_prompt_until"),
        duration("late_from", "From then on it is not prompt at all.", "unasked_late_from"),
        duration("expected", "After so long it is neither sooner nor later than expected.", "unasked_expected"),
    ),
    "additive": (
        number("outcome", "points", "A solution in time is worth this much."),
        share("outcome_fall", "A solution loses this share of its worth per e-fold past the time when it is due."),
        share("outcome_least", "A solution is worth this share at least, however late."),
        share("told_only", "A need that words settle is worth this share of another: the news are paid as well."),
        number("missed", "points", "A deadline that passes with the need unmet takes this much."),
        number("news", "points", "Being told all along is worth this much to somebody with a need."),
        number("news_no_need", "points", "Being told all along is worth this much to somebody without one."),
        share("unsolved", "Promptness is worth this share where it did not come to a solution."),
        number("tone", "points", "The difference between the worst and the best tone of useful replies."),
        number("hollow", "points", "Replies of which none was useful take this much."),
        number("empty", "points", "Each empty reply from the second on takes this much."),
        number("broken", "points", "A broken promise takes this much."),
        number("kept", "points", "A promise that is kept adds this much."),
        number("dropped", "points", "A conversation that the desk lets go of takes this much."),
        number("wrong", "points", "A wrong answer that was found out takes this much."),
        number("deaf", "points", "An open account that never answers, where nobody else does, takes this much."),
        number("passed_on", "points", "Being passed on by a reply takes this much, twice at most."),
        number("lapses_most", "points", "All that goes wrong in the care takes this much at most."),
        number("contact", "points", "Each contact from the second on takes this much."),
        number("busy", "points", "Each busy tone takes this much."),
        number("closed", "points", "Each closed door takes this much."),
        number("web", "points", "Each visit of the website takes this much."),
        number("effort_most", "points", "All effort takes this much at most."),
        number("anger", "points", "The difference between full anger and none.", "anger_weight"),
        number("noise", "points", "The standard deviation of marks about the expected one; for distributions only.",
               takes=Takes.POSITIVE_FACTOR),
    ),
    "justice": (
        number("news", "x", "The weight of news against that of the outcome.", "justice_news"),
        number("conduct", "x", "The weight of how one is treated.", "justice_conduct"),
        number("wait", "x", "The weight of the wait.", "justice_wait"),
        number("loss", "x", "A loss counts so much more than a gain.", takes=Takes.POSITIVE_FACTOR),
        number("anger", "x", "The weight of anger, at its peak and at the end.", "justice_anger"),
        number("spacing", "x", "The distance between two marks, in standard logistic units.",
               takes=Takes.POSITIVE_FACTOR),
        number("unresolved", "x", "The loss of a need that was not met.", "loss_unresolved"),
        number("missed", "x", "The loss where its deadline has passed, too.", "loss_missed"),
        number("lift", "x", "A first reply makes up for so much of a wait that was longer than expected, an immediate "
               "one for twice that."),
        number("kept", "x", "Conduct: a promise that is kept.", "conduct_kept"),
        number("empty", "x", "Conduct: each empty reply from the second on.", "conduct_empty"),
        number("broken", "x", "Conduct: a broken promise.", "conduct_broken"),
        number("dropped", "x", "Conduct: a conversation that the desk lets go of.", "conduct_dropped"),
        number("wrong", "x", "Conduct: a wrong answer that was found out.", "conduct_wrong"),
        number("passed_on", "x", "Conduct: being passed on by a reply.", "conduct_passed_on"),
        number("deaf", "x", "Conduct: an open account that never answers, where nobody else does.", "conduct_deaf"),
    ),
    "studies": (
        number("silent", "points", "The mean mark of those who were never answered.", "study_silent"),
        number("answered", "points", "The mean mark of those who were.", "study_answered"),
        number("gradient", "points", "A useful reply below 6 minutes is worth so much more than beyond 67.",
               "study_gradient"),
        share("speed_share", "This share of that is believed to be the worth of speed."),
        number("panel", "points", "The mean mark of those who need nobody.", "panel_mark"),
        duration("delay", "The median delay of a reply.", "study_delay"),
        number("sigma", "sd", "The standard deviation of its logarithm.", "study_sigma"),
        share("useful", "The share of the replies after the median delay that were useful.", "study_useful"),
        share("useful_fall", "How much smaller it is per e-fold of the delay.", "study_useful_fall"),
        share("solved", "The share of the useful replies after the median delay that settled the matter.",
              "study_solved"),
        share("solved_fall", "How much smaller it is per e-fold of the delay.", "study_solved_fall"),
        share("elsewhere", "The share that heard news elsewhere, too.", "study_elsewhere"),
        share("fresh", "News were fresh for up to this share of the time, evenly.", "study_fresh"),
        share("passed_on", "The share of the answered who were passed on.", "study_passed_on"),
        share("dropped", "The share of the answered whose conversation was let go of.", "study_dropped"),
        share("broken", "The share of the answered to whom a promise was broken.", "study_broken"),
        share("silent_solved", "The share of those who were never answered and found a solution all the same."),
        number("answered_contacts", "contacts", "Contacts of those who were answered."),
        number("silent_contacts", "contacts", "Contacts of those who were not."),
        share("answered_peak", "Peak anger of those who were answered."),
        share("answered_end", "Their anger when it was over."),
        share("silent_peak", "The peak anger of those who were not."),
        share("silent_end", "Their anger when it was over."),
        share("panel_told", "The share of the panel that was told anything."),
        duration("panel_soonest", "The soonest that they were told of it."),
        duration("panel_latest", "The latest that they were told of it."),
        share("panel_anger_told", "The anger of those who were told."),
        share("panel_anger_untold", "The anger of those who were not."),
    ),
}  # fmt: skip

OF_MEDIUM = ("remind_gap", "turn_gap", "turn_dropout")
"""Numbers of `text` that a medium may have of its own, under `media.<word>`: the record of each channel keeps them."""

COMPUTED = {
    "contagion_max": "f8",
    "relay_max": "f8",
    "kernel": "f8",
    "talk_gap": "f8",
    "remind_share": "f8",
    "abandon_gap": "f8",
    "handle_sigma": "f8",
    "handle_cv": "f8",
    "handle_law": "i8",
    "patience_law": "i8",
    "over": "f8",
    "rates": "i8",
}
"""Fields of the record that are computed of several numbers, or say which law holds, and their types.

scenario/behaviour.py has a function for each.
"""

KEPT = {
    row.kept_as: (group, row.key) for group, rows in NUMBERS.items() for row in rows if row.kept_as is not None
}  # fmt: skip
"""Group and key of the number in each field of the record that keeps a number as it is."""
OF_STUDIES = {
    "due": f"{len(Need)}f8",
    **dict.fromkeys(("study_due", "study_prompt_until", "study_late_from", "study_expected"), "f8"),
}
"""When a solution is due, by need; the same and the waits in public of the studies of satisfaction."""
SOLVED = ("base_need", "acknowledged", "prompt", "base_no_need", "scale", "cut", "no_need")
"""Fields that are solved for (anchors.py)."""
FIELDS = {**dict.fromkeys(KEPT, "f8"), **COMPUTED, **OF_STUDIES, **dict.fromkeys(SOLVED, "f8")}
"""The fields of the record `behaviour` and their types."""


def _check() -> None:
    """Refuse rows that contradict each other."""
    if wrong := [key for key in OF_MEDIUM if (key, None) not in {(row.key, row.field) for row in NUMBERS["text"]}]:
        raise TypeError(f"text.{wrong[0]} stands in the record of a channel and not in that of behaviour")
    for group, rows in NUMBERS.items():
        keys = [row.key for row in rows]
        for row in rows:
            if keys.count(row.key) > 1:
                raise TypeError(f"{group}.{row.key} has two rows")
            if row.unit not in UNITS:
                raise TypeError(f"{group}.{row.key}: there is no unit {row.unit}")
            if row.kept_as in (*COMPUTED, *OF_STUDIES, *SOLVED) or (
                row.kept_as and KEPT[row.kept_as] != (group, row.key)
            ):
                raise TypeError(
                    f"{group}.{row.key}: the record has a field {row.kept_as} already; give another `field`"
                )


_check()
