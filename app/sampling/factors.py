"""Confidence factors of monetary-unit sampling and the sizes that follow from them, computed, never looked up.

A factor R(c, k) is the upper limit, at confidence c, of the mean of a Poisson variable of which k were seen: a gamma
variable of shape k + 1 stays below R with chance c. Everything is Decimal, whose `exp` and `ln` Python rounds
correctly, so the same figures come out on every machine and version.

Source of the method: AICPA Audit Guide *Audit Sampling* (2012 to 2017 editions), chapter 6 and appendix C, and T. R.
Stewart, *Technical Notes on the AICPA Audit Guide Audit Sampling* (2012), which gives sizes for fractions of a
misstatement by the gamma distribution. `tests/unit/sampling/published.py` holds the tables compared with.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal, localcontext
from functools import lru_cache

LARGEST_SIZE = 10_000
"""A larger sample is no sample: examine everything, or think again about what is tolerable."""

CENT = Decimal("0.01")
_DIGITS = Context(prec=40)
_BERNOULLI = ((1, 6), (-1, 30), (1, 42), (-1, 30), (5, 66), (-691, 2730), (7, 6), (-3617, 510), (43867, 798))
_STIRLING_FROM = 60
_HALF_LOG_TAU = Decimal("0.9189385332046727417803297364056176398614")


class SizeOutOfReach(ValueError):
    """More than LARGEST_SIZE items would be needed: the expected misstatement is too near to the tolerable one."""


def factor(confidence: Decimal, misstatements: int) -> Decimal:
    """The confidence factor as it is printed in tables: two decimals, rounded up, so never too low."""
    return exact_factor(confidence, misstatements).quantize(CENT, ROUND_CEILING)


@lru_cache(maxsize=4096)
def exact_factor(confidence: Decimal, misstatements: int) -> Decimal:
    """The confidence factor to ten decimals, rounded up. `confidence` lies between 0 and 1, both left out."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} is not between 0 and 1")
    with localcontext(_DIGITS):
        shape = Decimal(misstatements + 1)
        low, high = Decimal(0), shape + 1
        while gamma_below(shape, high) < confidence:
            low, high = high, high * 2
        while high - low > Decimal("1e-12"):
            middle = (low + high) / 2
            low, high = (low, middle) if gamma_below(shape, middle) >= confidence else (middle, high)
        return high.quantize(Decimal("1e-10"), ROUND_CEILING)


@lru_cache(maxsize=4096)
def size(confidence: Decimal, tolerable: Decimal, expected: Decimal) -> int:
    """How many items a sample needs: the fewest n for which n × expected misstatements would still be taken.

    `tolerable` and `expected` are shares of the population's total. Raises SizeOutOfReach above LARGEST_SIZE.
    """
    if not 0 <= expected < tolerable:
        raise SizeOutOfReach(f"expected {expected} is not below tolerable {tolerable}")
    low, high = 0, 1
    while not _enough(high, confidence, tolerable, expected):
        low, high = high, high * 2
        if low > LARGEST_SIZE:
            raise SizeOutOfReach(f"more than {LARGEST_SIZE} items")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _enough(middle, confidence, tolerable, expected) else (middle, high)
    if high > LARGEST_SIZE:
        raise SizeOutOfReach(f"more than {LARGEST_SIZE} items")
    return high


def _enough(items: int, confidence: Decimal, tolerable: Decimal, expected: Decimal) -> bool:
    with localcontext(_DIGITS):
        return gamma_below(1 + items * expected, items * tolerable) >= confidence


def gamma_below(shape: Decimal, limit: Decimal) -> Decimal:
    """The chance that a gamma variable of this shape and rate 1 is at most `limit`, to some thirty digits."""
    if limit <= 0:
        return Decimal(0)
    with localcontext(_DIGITS):
        term = total = Decimal(1)
        step = 0
        while term > total * Decimal("1e-38"):
            step += 1
            term = term * limit / (shape + step)
            total += term
        return total * (shape * limit.ln() - limit - _log_gamma(shape + 1)).exp()


def _log_gamma(value: Decimal) -> Decimal:
    """The logarithm of the gamma function by Stirling's series, after stepping up to where it is exact enough."""
    product = Decimal(1)
    while value < _STIRLING_FROM:
        product *= value
        value += 1
    total = (value - Decimal("0.5")) * value.ln() - value + _HALF_LOG_TAU
    power = value
    for place, (above, below) in enumerate(_BERNOULLI, start=1):
        total += Decimal(above) / (below * 2 * place * (2 * place - 1) * power)
        power *= value * value
    return total - product.ln()
