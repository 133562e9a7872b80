"""Every verdict has its sign, its words and its colour, in tables and in figures."""

from __future__ import annotations

from caresim.inference import observation_check, verdict
from caresim.report.style import VERDICT_COLOURS
from caresim.report.verdicts import BRIEF, LONGEST, OBSERVED, VERDICTS
from caresim.tasks.backtest.figure import LOOKS


def test_every_verdict_on_a_difference_has_a_look():
    wanted = {verdict.BETTER, verdict.WORSE, verdict.SAME, verdict.UNDECIDED}
    assert set(VERDICTS) == set(VERDICT_COLOURS) == set(BRIEF) == wanted
    assert len("= no difference") == LONGEST


def test_every_verdict_on_an_observation_has_a_look():
    assert tuple(OBSERVED) == observation_check.VERDICTS
    assert {*LOOKS, observation_check.NOT_COMPUTED} == set(OBSERVED)


def test_no_two_verdicts_look_the_same():
    for looks in (VERDICTS, OBSERVED):
        assert (
            len({look.mark for look in looks.values()}) == len({look.colour for look in looks.values()}) == len(looks)
        )
