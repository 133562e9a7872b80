"""The generator passes a battery of statistical tests along each of its keys, and weaker generators do not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numba import njit
from scipy import special, stats
from tests.support.battery import Generator, Keys, along, avalanche, streams

from caresim.model import draws
from caresim.model.draws import Purpose, luck_of, name_key
from caresim.model.exact import normal_quantile
from caresim.model.jit import INTERPRETED

pytestmark = pytest.mark.skipif(INTERPRETED, reason="tens of millions of draws take hours in interpreted code")

ALPHA = 1e-3
"""Level of the whole battery, shared by its tests (Bonferroni): a sound generator fails at one change in a thousand."""
CAUGHT = 1e-9
"""A weak generator is caught by a p-value that no sound one shows by chance."""
N = 2**20
KEYS = ("luck", "who", "purpose", "occurrence")
PURPOSES = np.array(sorted(int(purpose) for purpose in Purpose), dtype=np.uint64)


@njit
def _fill(luck, who, purpose, occurrence, out):
    for k in range(len(out)):
        out[k] = draws.uniform(luck[k], who[k], np.int64(purpose[k]), np.int64(occurrence[k]))


@njit
def _children(key, first, out):
    for k in range(len(out)):
        out[k] = draws.numbered(key, first + k)


def uniforms(luck: Keys, who: Keys, purpose: Keys, occurrence: Keys) -> np.ndarray:
    arrays = [np.ascontiguousarray(a).ravel() for a in np.broadcast_arrays(luck, who, purpose, occurrence)]
    out = np.empty(len(arrays[0]))
    _fill(*arrays, out)
    return out.reshape(np.broadcast_shapes(*(np.shape(a) for a in (luck, who, purpose, occurrence))))


def children(key: np.uint64, count: int, first: int = 0) -> Keys:
    out = np.empty(count, dtype=np.uint64)
    _children(key, first, out)
    return out


def counted(count: int) -> Keys:
    return np.arange(count, dtype=np.uint64)


def keys_along(key: str, count: int) -> list[Keys]:
    """Keys of which one varies as in a study; of purposes there are few, so that who moves on after the last."""
    who, luck = name_key("cohort", "seekers"), luck_of(0, 0)
    one = {"luck": luck, "who": who, "purpose": np.uint64(Purpose.PATIENCE), "occurrence": np.uint64(0)}
    each = {name: np.array([value], dtype=np.uint64) for name, value in one.items()}
    if key == "luck":  # replications of seeds 0 and 1, then whole numbers, which are nearer to each other than any hash
        named = [luck_of(seed, r) for seed in (0, 1) for r in range(min(count // 8, 20_000))]
        each["luck"] = np.concatenate([np.array(named, dtype=np.uint64), counted(count - len(named))])
    elif key == "who":
        each["who"] = np.concatenate([children(who, count // 2), counted(count - count // 2)])
    elif key == "purpose":
        each["purpose"] = np.tile(PURPOSES, count // len(PURPOSES) + 1)[:count]
        each["who"] = np.repeat(children(who, count // len(PURPOSES) + 1), len(PURPOSES))[:count]
    else:
        each["occurrence"] = counted(count)
    return [np.broadcast_to(each[name], count) for name in KEYS]


def side_by_side(key: str, length: int) -> list[Keys]:
    """48 streams over passengers: neighbouring replications of both seeds, purposes, occurrences, other cohorts."""
    rows = {name: np.full((48, 1), value, dtype=np.uint64) for name, value in zip(KEYS, (7, 0, 2, 0), strict=True)}
    rows["who"] = children(name_key("cohort", "seekers"), length)[None, :]
    if key == "luck":
        rows["luck"] = np.array([[luck_of(k % 2, k // 2)] for k in range(48)], dtype=np.uint64)
    elif key == "who":  # passengers n, n + 1, n + 2, ...
        rows["who"] = rows["who"][:, :1] + counted(48)[:, None]
        rows["occurrence"] = counted(length)[None, :]
    else:
        rows[key] = counted(48)[:, None]
    return [rows[name] for name in KEYS]


def battery(generator: Generator, key: str, count: int = N) -> Iterator[tuple[str, float]]:
    """Every test along one key."""
    yield from along(generator(*keys_along(key, count)))
    yield "48 streams side by side", streams(generator(*side_by_side(key, count // 64)))
    random = np.random.Generator(np.random.PCG64(1))
    size = count // 256
    bases = tuple(random.integers(0, 2**63, size, dtype=np.uint64) for _ in range(2))
    bases += (random.choice(PURPOSES, size), random.integers(0, 1000, size, dtype=np.uint64))
    flips = {"luck": 64, "who": 64, "purpose": 5, "occurrence": 32}[key]
    changes, cells = avalanche(generator, bases, KEYS.index(key), flips)
    yield "avalanche, bits that change", changes
    yield "avalanche, worst pair of bits", cells


TESTS_A_KEY = 19
LEVEL = ALPHA / (TESTS_A_KEY * len(KEYS))


@pytest.mark.parametrize("key", KEYS)
def test_the_battery_finds_nothing(key: str) -> None:
    found = dict(battery(uniforms, key))
    assert len(found) == TESTS_A_KEY
    print(f"{key}: lowest p {min(found.values()):.2g} ({min(found, key=found.get)}), allowed {LEVEL:.2g}")
    assert {name: p for name, p in found.items() if p < LEVEL} == {}


# --- weaker generators: the battery can fail ---

A, B, C, D = (np.uint64(x) for x in (0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


def mixed(x: Keys) -> Keys:
    x = (x ^ (x >> np.uint64(30))) * C
    x = (x ^ (x >> np.uint64(27))) * D
    return x ^ (x >> np.uint64(31))


def once(x: Keys) -> Keys:
    """One of the two rounds of multiplication."""
    return (x ^ (x >> np.uint64(30))) * C


def shown(x: Keys) -> np.ndarray:
    return ((x >> np.uint64(12)).astype(float) + 0.5) * 2.0**-52


def faithful(luck: Keys, who: Keys, purpose: Keys, occurrence: Keys) -> np.ndarray:
    return shown(mixed(mixed(luck ^ (mixed(who + A * purpose) + B * occurrence))))


def without_the_last_mixing(luck: Keys, who: Keys, purpose: Keys, occurrence: Keys) -> np.ndarray:
    return shown(luck ^ (mixed(who + A * purpose) + B * occurrence))


def one_round_only(luck: Keys, who: Keys, purpose: Keys, occurrence: Keys) -> np.ndarray:
    return shown(once(luck ^ (mixed(who + A * purpose) + B * occurrence)))


def congruential(luck: Keys, who: Keys, purpose: Keys, occurrence: Keys) -> np.ndarray:
    """Knuth's MMIX generator, seeded by the keys' sum."""
    return shown((luck + who + purpose + occurrence) * np.uint64(6364136223846793005) + np.uint64(1442695040888963407))


def purposes_shared(luck: Keys, who: Keys, purpose: Keys, occurrence: Keys) -> np.ndarray:
    return faithful(luck, who, purpose >> np.uint64(1), occurrence)


# Weakened where luck and occurrence come in, a generator still mixes who and purpose among themselves.
WEAK = (
    (without_the_last_mixing, ("luck", "who", "occurrence")),
    (one_round_only, ("luck",)),
    (congruential, KEYS),
    (purposes_shared, ("purpose",)),
)


@pytest.mark.parametrize(("weak", "key"), [(weak, key) for weak, where in WEAK for key in where])
def test_the_battery_catches(weak: Generator, key: str) -> None:
    found = dict(battery(weak, key, N // 16))
    failed = [name for name, p in found.items() if p < CAUGHT]
    print(f"{weak.__name__}, {key}: {len(failed)} of {len(found)} tests fail: {', '.join(failed)}")
    assert failed


def test_the_copy_that_is_weakened_is_faithful() -> None:
    keys = keys_along("who", 1000)
    assert np.array_equal(faithful(*keys), uniforms(*keys))


# --- keys ---


def test_millions_of_entities_have_keys_of_their_own() -> None:
    """Two million keys: 64-bit keys that are random coincide with probability 1e-7."""
    parents = [name_key("cohort", name) for name in ("seekers", "rail", "ordinary", "bystanders")]
    families = [children(parent, 470_000) for parent in parents]
    grandchildren = [children(families[0][k], 100) for k in range(1000)]
    named = np.array([name_key("desk", desk, seat) for desk in range(100) for seat in range(200)], dtype=np.uint64)
    keys = np.concatenate([*families, *grandchildren, named])
    assert len(keys) == 2_000_000
    assert len(np.unique(keys)) == len(keys)


# --- distributions ---


@njit
def _laws(luck, who, normals, exponentials, means, medians, weibulls, poissons, triangles):
    for k in range(len(normals)):
        w = draws.numbered(who, k)
        normals[k] = draws.normal(luck, w, 1, 0)
        exponentials[k] = draws.exponential(7.0, luck, w, 2, 0)
        means[k] = draws.lognormal_mean(11.0, 0.8, luck, w, 3, 0)
        medians[k] = draws.lognormal_median(11.0, 0.8, luck, w, 4, 0)
        weibulls[k] = draws.weibull(5.0, 0.8, luck, w, 5, 0)
        poissons[k] = draws.poisson(2.5, luck, w, 6, 0)
        triangles[k] = draws.triangular(5.0, 15.0, 30.0, luck, w, 7, 0)


LAWS = {
    "normal": stats.norm(),
    "exponential": stats.expon(scale=7.0),
    "lognormal_mean": stats.lognorm(0.8, scale=11.0 * np.exp(-0.32)),
    "lognormal_median": stats.lognorm(0.8, scale=11.0),
    "weibull": stats.weibull_min(0.8, scale=5.0),
    "poisson": stats.poisson(2.5),
    "triangular": stats.triang(0.4, 5.0, 25.0),
}
LAW_LEVEL = ALPHA / (2 * len(LAWS))


@pytest.fixture(scope="module")
def drawn() -> dict[str, np.ndarray]:
    found = {name: np.empty(N) for name in LAWS}
    _laws(luck_of(0, 3), name_key("laws"), *found.values())
    return found


@pytest.mark.parametrize("name", LAWS)
def test_laws_and_their_tails(name: str, drawn: dict[str, np.ndarray]) -> None:
    """The body by Kolmogorov-Smirnov (chi-square where it is discrete), the tails by counts beyond 1e-1 ... 1e-5."""
    law, values = LAWS[name], drawn[name]
    if name == "poisson":
        expected = N * np.append(law.pmf(np.arange(11)), law.sf(10))
        body = stats.chisquare(np.bincount(np.minimum(values, 11).astype(int), minlength=12), expected).pvalue
        tail = 1.0
    else:
        body = stats.kstest(values, law.cdf, mode="asymp").pvalue
        chances = 10.0 ** -np.arange(1, 6)
        counts = [(int((values < law.ppf(p)).sum()), int((values > law.isf(p)).sum())) for p in chances]
        ps = [stats.binomtest(n, N, p).pvalue for pair, p in zip(counts, chances, strict=True) for n in pair]
        tail = min(1.0, len(ps) * min(ps))
    print(f"{name}: body p {body:.2g}, tails p {tail:.2g}")
    assert body > LAW_LEVEL
    assert tail > LAW_LEVEL


def test_the_normal_quantile_is_right_far_into_the_tails() -> None:
    """Acklam's approximation has a relative error of 1.15e-9; the outermost draws are 2^-53 from the ends."""
    u = np.concatenate([2.0 ** -np.arange(2, 54, 0.25), np.linspace(0.01, 0.49, 400)])
    ours = np.array([normal_quantile(x) for x in u])
    assert np.abs(ours / special.ndtri(u) - 1).max() < 1.2e-9
    assert normal_quantile(1 - 2.0**-53) == pytest.approx(-special.ndtri(2.0**-53), rel=1.2e-9)
