"""log, exp and the normal quantile from + - * / and sqrt alone: the same bits compiled or not, on every libm and CPU.

After FDLIBM (Sun Microsystems, 1993) and Acklam's rational approximation of the normal quantile (2003, relative error
1.15e-9).
"""

from __future__ import annotations

import math

import numpy as np

from .jit import compiled, float64, int64

LN2_HI, LN2_LO, INV_LN2 = 6.93147180369123816490e-01, 1.90821492927058770002e-10, 1.44269504088896338700
LN2 = 6.931471805599453e-01
_FRACTION, _ONE = np.int64(0x000FFFFFFFFFFFFF), np.int64(0x3FF0000000000000)
_SHIFT, _BIAS = np.int64(52), np.int64(1023)


@compiled(float64(float64), inline=True, by_python=True)
def log(x):
    """Natural logarithm of a normal x > 0."""
    bits = np.float64(x).view(np.int64)
    k = (bits >> _SHIFT) - _BIAS
    m = np.int64((bits & _FRACTION) | _ONE).view(np.float64)
    if m > 1.4142135623730951:
        m *= 0.5
        k += 1
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
    odd = z * (
        0.6666666666666735130 + w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591))
    )
    half = 0.5 * f * f
    return k * LN2_HI - ((half - (s * (half + (even + odd)) + k * LN2_LO)) - f)


@compiled(float64(float64), inline=True, by_python=True)
def exp(x):
    """e to the x; 0 below -700, and never above e to the 700."""
    if x < -700.0:
        return 0.0
    x = min(x, 700.0)
    k = np.int64(INV_LN2 * x + (0.5 if x > 0.0 else -0.5))
    hi = x - k * LN2_HI
    lo = k * LN2_LO
    r = hi - lo
    t = r * r
    c = r - t * (
        1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05
        + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08)))
    )  # fmt: skip
    y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi)
    return y * np.int64((k + _BIAS) << _SHIFT).view(np.float64)


@compiled(float64(float64, float64), inline=True, by_python=True)
def halved(elapsed, half_life):
    """What is left of one after `elapsed`."""
    if elapsed == 0.0:
        return 1.0  # as below, in a tenth of the time: much is brought up to date more than once at one moment
    return exp(-LN2 * elapsed / half_life)


@compiled(float64(float64))
def sine_of_turn(turns):
    """The sine of so many full turns."""
    x = 4.0 * (turns - np.floor(turns))  # quarters of a turn, 0 to 4
    if x >= 3.0:
        x -= 4.0
    elif x > 1.0:
        x = 2.0 - x
    r = 1.5707963267948966 * x
    z = r * r
    tail = -1.98412698298579493134e-04 + z * (
        2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10)
    )
    return r + r * z * (-1.66666666666666324348e-01 + z * (8.33333333332248946124e-03 + z * tail))


@compiled(float64(float64))
def normal_quantile(u):
    if u < 0.02425 or u > 0.97575:
        q = math.sqrt(-2.0 * log(u if u < 0.5 else 1.0 - u))
        x = (
            ((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
              - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783
        ) / (
            (((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
             + 3.754408661907416) * q + 1.0
        )  # fmt: skip
        return x if u < 0.5 else -x
    q = u - 0.5
    r = q * q
    return (
        (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
           + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239)
        * q
        / (((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
             + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0)
    )  # fmt: skip


@compiled(float64(float64))
def normal_share(x):
    """The share below x: what `normal_quantile` makes x of, by bisection, so that the two agree.

    The ends of the tail are halved by their geometric mean: far out, too, a share keeps its relative precision.
    """
    tail = -abs(x)
    low, high = 1e-300, 0.5
    for _ in range(70):
        middle = math.sqrt(low) * math.sqrt(high)
        if normal_quantile(middle) < tail:
            low = middle
        else:
            high = middle
    return high if x <= 0.0 else 1.0 - high


@compiled(float64(float64), inline=True)
def normal_below(x):
    """The share below x, to 1e-15, at once (Hart 1968, by way of West 2005); `normal_share` is for draws."""
    z = abs(x)
    tail = exp(-0.5 * z * z)
    if z < 7.07106781186547:
        tail *= (
            (((((3.52624965998911e-02 * z + 0.700383064443688) * z + 6.37396220353165) * z + 33.912866078383) * z
              + 112.079291497871) * z + 221.213596169931) * z + 220.206867912376
        ) / (
            ((((((8.83883476483184e-02 * z + 1.75566716318264) * z + 16.064177579207) * z + 86.7807322029461) * z
               + 296.564248779674) * z + 637.333633378831) * z + 793.826512519948) * z + 440.413735824752
        )  # fmt: skip
    else:
        tail /= 2.506628274631 * (z + 1.0 / (z + 2.0 / (z + 3.0 / (z + 4.0 / (z + 0.65)))))
    return tail if x <= 0.0 else 1.0 - tail


__all__ = [
    "LN2", "exp", "halved", "int64", "log", "normal_below", "normal_quantile", "normal_share", "sine_of_turn",
]  # fmt: skip
