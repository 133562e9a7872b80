"""What becomes of a case: it is run, or refused in one line. Anything else is a find."""

from __future__ import annotations

import contextlib
import io
import math
import resource
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from caresim.config.compose import compose, validate
from caresim.config.desk import Desk
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.run.block import compute, content_hash, cut
from caresim.scenario.run import run
from caresim.tasks import request as asking
from caresim.tasks.information import configuration
from caresim.tasks.jobs import jobs_of
from tests.fuzz import configurations, files, words
from tests.fuzz.case import Case
from tests.support.properties import invariants
from tests.support.properties.onlooker import watch

LONGEST_S = 30
MOST_BYTES = 1 << 30
LONGEST_MESSAGE = 1000
PEOPLE, CONTACTS, HEADS, STEPS = 3000, 3000, 300, 20_000
"""The largest world that is run: persons, contacts of streams, people at work, steps of the timeline.

They are the limits of this fuzzer, not of the program."""
WATCHED = 60
"""Up to so many persons, an onlooker looks at every event."""
KINDS = {
    "configuration": configurations.draw,
    "words": words.draw,
    "yaml": files.draw_yaml,
    "replay": files.draw_replay,
}


@dataclass(frozen=True)
class Outcome:
    """`sort`: run, large (accepted, too large to be run here), shown (accepted, nothing to run), refused or find."""

    sort: str
    why: str = ""
    seconds: float = 0.0


class TooLongError(BaseException):
    """A case takes longer than LONGEST_S. No handler of the program may catch it."""


def judged(case: Case) -> Outcome:
    """Do what the case asks for."""
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    try:
        with _limited(), tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            sort = _done(case, Path(folder))
        why = ""
    except BadInput as problem:
        sort, why = _refused(problem), str(problem)
    except TooLongError:
        sort, why = "find", f"more than {LONGEST_S} s"
    except Exception:
        sort, why = "find", traceback.format_exc()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    if grown > MOST_BYTES:
        sort, why = "find", f"{grown / 1e9:.1f} GB more memory. {why}"
    return Outcome(sort, why, time.perf_counter() - started)


def _refused(problem: BadInput) -> str:
    """A refusal is one line of reasonable length that can be shown."""
    message = str(problem)
    good = message.isprintable() and len(message) <= LONGEST_MESSAGE and problem.allowed.strip()
    return "refused" if good else "find"


def _done(case: Case, folder: Path) -> str:
    if case.kind == "words":
        return _asked(words.words_of(case.base, case.steps), folder)
    if case.kind == "configuration":
        experiment = validate(configurations.spoil(case.base, case.steps))
    elif case.kind == "replay":
        experiment = validate(files.written_replay(case.base, case.steps, folder))
    else:
        chosen = files.written_yaml(case.base, case.steps, folder)
        experiment = compose(chosen, folder)
    return played(experiment)


def _asked(line: list[str], folder: Path) -> str:
    """What the command line does, up to the work itself; the work is that of the other kinds."""
    request = asking.parse(line)
    if request.text:
        return "shown"
    if (task := asking.own_task(request)) is not None:
        from caresim.tasks.backtest.command import settings_of

        assert task == "backtest"
        settings_of(request)
        return "shown"
    if request.printing:
        return "shown" if configuration(request) else "find"
    for job in jobs_of(request):
        if job.experiment.task == "compare" and not request.sweeping:
            return played(job.experiment)
    return "shown"


def played(experiment: Experiment) -> str:
    """A run of the baseline, with all that must hold of any run, if the world is small enough."""
    assert validate(experiment.as_text()).effective() == experiment.effective(), "its text reads back as another one"
    content_hash(experiment)
    if not is_small(experiment):
        return "large"
    name = experiment.baseline
    first = run(experiment, name, 0)
    invariants.same_tables(first, run(experiment, name, 0), "twice the same")
    lasts = experiment.ends - experiment.begins >= experiment.bin.value
    if lasts and experiment.population.passengers <= WATCHED and experiment.replay is None and experiment.queue is None:
        invariants.check(watch(experiment, name))
    else:
        invariants.outcomes_fit_their_times(first)
    compute(experiment, cut(experiment.model_copy(update={"record": "first"}), 0, 1)[0])
    return "run"


def is_small(experiment: Experiment) -> bool:
    """Is it as large as what the fuzzer has time for?"""
    minutes = experiment.ends - experiment.begins
    scale = experiment.population.scale.value
    streams = [cohort.onset.per_hour for cohort in experiment.population.cohorts.values() if cohort.onset.per_hour]
    arrivals = math.fsum(stream.value * scale * minutes for stream in streams)
    bystanders = experiment.disruption.bystanders
    if bystanders is not None:
        rates = [bystanders.base, bystanders.per_hour, bystanders.per_unresolved]
        arrivals += math.fsum(rate.value for rate in rates) * minutes
    desks = [desk for model in experiment.staffing.values() for desk in model.desks.values()]
    heads = max((_heads(desk) for desk in desks), default=0)
    return (
        experiment.population.passengers <= PEOPLE
        and arrivals <= CONTACTS
        and heads <= HEADS
        and minutes / experiment.bin.value <= STEPS
        and minutes <= 60 * 1440
    )


def _heads(desk: Desk) -> float:
    """People on the roster of a desk, and on top of it."""
    on_top = math.fsum(more.headcount.value for more in desk.extra)
    return desk.headcount.value * max(len(desk.shifts), 1) + on_top


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    """TooLongError after LONGEST_S of CPU time: a busy machine makes no find."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LONGEST_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
