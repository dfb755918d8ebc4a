"""Numbers of FEEL: decimals of 34 digits (IEEE 754 decimal128), with every trap on so that an error becomes null."""

import decimal
from decimal import Decimal

CONTEXT = decimal.Context(
    prec=34,
    Emax=6144,
    Emin=-6143,
    rounding=decimal.ROUND_HALF_EVEN,
    clamp=0,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
# Wide enough that a quotient's floor is exact for any two numbers we allow in a modulo.
_EXACT = decimal.Context(prec=12_400, Emax=999_999, Emin=-999_999, traps=[decimal.InvalidOperation])

ZERO = Decimal(0)
ONE = Decimal(1)
_LARGEST_SCALE = 6176


def number(text: str) -> Decimal:
    """The number written in `text`; raises ArithmeticError when it is none or too large."""
    return CONTEXT.create_decimal(text)


def show(value: Decimal) -> str:
    """The number as FEEL's `string()` writes it: plain digits, no exponent."""
    return format(value if value else abs(value), "f")


def position(value: Decimal) -> int:
    """The whole part as an int. Raises ValueError beyond 18 digits, where nothing is counted.

    `int` of a decimal of six thousand digits takes a millisecond, and what is done with it as long again.
    """
    if value.adjusted() > 18:
        raise ValueError("the number is too large")
    return int(value)


def whole(value: Decimal) -> int | None:
    """The value as an int when it is integral, else None."""
    return int(value) if value == value.to_integral_value() else None


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """dividend - divisor * floor(dividend / divisor): the result has the divisor's sign."""
    rest = _EXACT.remainder(dividend, divisor)
    if rest and (rest < 0) != (divisor < 0):
        rest = _EXACT.add(rest, divisor)
    return CONTEXT.plus(rest)


def rounded(value: Decimal, scale: int, mode: str) -> Decimal:
    """`value` with `scale` digits after the point (negative: tens, hundreds), by a rounding mode of `decimal`."""
    if not -6111 <= scale <= _LARGEST_SCALE:
        raise decimal.InvalidOperation
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -scale:
        return value
    return CONTEXT.plus(value.quantize(Decimal((0, (1,), -scale)), rounding=mode, context=_EXACT))
