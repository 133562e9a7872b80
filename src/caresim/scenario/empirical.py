"""Times of a replay that are not given and have an empirical law: resampled by the luck of each contact."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.config.empirical import NO_LAW, Law, Laws
from caresim.config.experiment import Experiment
from caresim.config.posterior import HANDLING, PATIENCE
from caresim.model.codes import ReplayInput, ReplayPatience
from caresim.model.draws import Purpose, uniforms
from caresim.model.exact import log
from caresim.model.world import World
from caresim.scenario.posterior import factors

Floats = NDArray[np.float64]


def draw_what_is_not_given(world: World, experiment: Experiment, inputs: np.recarray, order: NDArray[np.intp]) -> None:
    """Write drawn times into `inputs`, the `replay_inputs` of the passengers as they stand.

    `order`: the position in the file of each of them.
    Handling times are around the mean that the file gives of an interval, where it gives one; patience is beyond the
    wait that was borne. By the contact's own luck: neither staffing nor other contacts move it.
    """
    replay = experiment.replay
    if replay is None:
        return
    keys, luck = world.passengers["key"], world.clock[0].luck
    if laws := replay.laws("service"):
        draws = uniforms(luck, keys, Purpose.HANDLING)
        for law, which in _groups(laws, order):
            times = drawn(law, draws[which], np.zeros(len(which)))
            around = inputs["about_service"][which] == ReplayInput.ITS_MEAN
            inputs["service"][which] = np.where(around, times * (inputs["service"][which] / law.mean), times)
            inputs["about_service"][which] = ReplayInput.ITSELF
            _by_the_draw(experiment, HANDLING, inputs["service"], which, order)
    if laws := replay.laws("patience"):
        draws = uniforms(luck, keys, Purpose.PATIENCE)
        for law, which in _groups(laws, order):
            borne = inputs["about_patience"][which] == ReplayPatience.AT_LEAST
            least = np.where(borne, inputs["patience"][which], 0.0)
            by = factors(experiment, PATIENCE, order[which])
            if by is None:
                inputs["patience"][which] = drawn(law, draws[which], least)
            else:  # the law is stretched: what was borne is so much of it
                inputs["patience"][which] = np.maximum(drawn(law, draws[which], least / by) * by, least)
            inputs["about_patience"][which] = ReplayPatience.ITSELF


def _by_the_draw(
    experiment: Experiment, what: str, times: Floats, which: NDArray[np.intp], order: NDArray[np.intp]
) -> None:
    """Multiply these times by the factors of the posterior's draw, where the replay has a posterior."""
    if (by := factors(experiment, what, order[which])) is not None:
        times[which] *= by


def _groups(laws: Laws, order: NDArray[np.intp]) -> list[tuple[Law, NDArray[np.intp]]]:
    """Each law with the places, in `order`, of the contacts that are drawn from it."""
    of_place = np.array(laws.of_row, np.int64)[order]
    return [(laws.laws[k], np.flatnonzero(of_place == k)) for k in range(NO_LAW + 1, len(laws.laws))]


def drawn(law: Law, uniform: Floats, least: Floats) -> Floats:
    """Times (minutes) of a law, given that each is more than its `least` where that is above 0; by inversion.

    Small draws are long times. In the tail the hazard is the same for ever.
    """
    times, shares = np.array(law.times), np.array((1.0, *law.survival))
    before = shares[np.where(least > 0.0, np.searchsorted(times, least, side="right"), 0)]
    share = uniform * before
    step = np.searchsorted(-shares[1:], -share, side="left")
    found = times[np.minimum(step, len(times) - 1)]
    for place in np.flatnonzero((step == len(times)) | (before == 0.0)):
        if 0.0 < least[place] >= times[-1]:
            start, left = least[place], uniform[place]
        else:
            start, left = times[-1], share[place] / shares[-1]
        found[place] = start - log(float(left)) / law.hazard
    return np.maximum(found, least)
