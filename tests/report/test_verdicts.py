"""Every verdict has its sign, its words and its colour, in tables and in figures."""

from __future__ import annotations

from caresim.inference import observation_check, verdict
from caresim.report.style import DETAIL_COLOURS, VERDICT_COLOURS
from caresim.report.verdicts import BRIEF, DETAILED, LONGEST, MEANINGS, NARROW, OBSERVED, VERDICTS
from caresim.tasks.backtest.figure import LOOKS


def test_every_verdict_on_a_difference_has_a_look():
    wanted = {verdict.BETTER, verdict.WORSE, verdict.SAME, verdict.UNDECIDED}
    assert set(VERDICTS) == set(VERDICT_COLOURS) == wanted
    assert len("= no difference") == LONGEST


def test_every_verdict_on_an_observation_has_a_look():
    assert tuple(OBSERVED) == observation_check.VERDICTS
    assert {*LOOKS, observation_check.NOT_COMPUTED} == set(OBSERVED)


def test_no_two_verdicts_look_the_same():
    for looks in (VERDICTS, OBSERVED):
        assert (
            len({look.mark for look in looks.values()}) == len({look.colour for look in looks.values()}) == len(looks)
        )


def test_every_finer_verdict_has_a_look_a_meaning_and_a_colour():
    finer = {verdict.SURELY_BETTER, verdict.SURELY_WORSE, verdict.DEPENDS}
    assert set(DETAILED) == set(MEANINGS) == set(NARROW) == set(BRIEF) == set(DETAIL_COLOURS) == set(VERDICTS) | finer
    assert len({look.mark for look in DETAILED.values()}) == len(DETAILED)
