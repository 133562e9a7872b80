// Draws by counting and the logarithm, exponential and normal quantile that go with them: model/draws.py and
// model/exact.py, operation by operation, so that every bit is the same.

#pragma once

#include <cmath>
#include <cstdint>

namespace {

constexpr double LN2 = 6.931471805599453e-01;
constexpr double LN2_HI = 6.93147180369123816490e-01, LN2_LO = 1.90821492927058770002e-10;
constexpr double INV_LN2 = 1.44269504088896338700;

double as_float(int64_t bits) { double x; __builtin_memcpy(&x, &bits, 8); return x; }
int64_t as_bits(double x) { int64_t bits; __builtin_memcpy(&bits, &x, 8); return bits; }

double ln(double x) {
    int64_t bits = as_bits(x), k = (bits >> 52) - 1023;
    double m = as_float((bits & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000);
    if (m > 1.4142135623730951) { m *= 0.5; k += 1; }
    double f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z;
    double even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332));
    double odd = z * (0.6666666666666735130 + w * (0.2857142874366239149
        + w * (0.1818357216161805012 + w * 0.1479819860511658591)));
    double half = 0.5 * f * f;
    return k * LN2_HI - ((half - (s * (half + (even + odd)) + k * LN2_LO)) - f);
}

double ex(double x) {
    if (x < -700.0) return 0.0;
    if (x > 700.0) x = 700.0;
    int64_t k = int64_t(INV_LN2 * x + (x > 0.0 ? 0.5 : -0.5));
    double hi = x - k * LN2_HI, lo = k * LN2_LO, r = hi - lo, t = r * r;
    double c = r - t * (1.66666666666666019037e-01 + t * (-2.77777777770155933842e-03 + t * (6.61375632143793436117e-05
        + t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    double y = 1.0 - ((lo - (r * c) / (2.0 - c)) - hi);
    return y * as_float((k + 1023) << 52);
}

double halved(double elapsed, double half_life) { return elapsed == 0.0 ? 1.0 : ex(-LN2 * elapsed / half_life); }

double normal_quantile(double u) {
    if (u < 0.02425 || u > 0.97575) {
        double q = std::sqrt(-2.0 * ln(u < 0.5 ? u : 1.0 - u));
        double x = (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q
            - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783)
            / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q
            + 3.754408661907416) * q + 1.0);
        return u < 0.5 ? x : -x;
    }
    double q = u - 0.5, r = q * q;
    return (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
        + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239) * q
        / (((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
        + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0);
}

uint64_t mix(uint64_t x) {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
    return x ^ (x >> 31);
}
uint64_t join(uint64_t a, uint64_t b) { return mix(mix(a) + 0x9E3779B97F4A7C15 * (b + 1)); }

double uniform_of(uint64_t luck, uint64_t who, int64_t purpose, int64_t occurrence) {
    uint64_t x = mix(luck ^ mix(who + 0x9E3779B97F4A7C15 * uint64_t(purpose)) + 0xD6E8FEB86659FD93 * uint64_t(occurrence));
    return (double(mix(x) >> 12) + 0.5) * 2.220446049250313e-16;
}

}  // namespace
