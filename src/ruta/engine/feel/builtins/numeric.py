"""Numbers: rounding, roots, logarithms (DMN 1.5, 10.3.4.5), and the boolean `not`."""

import decimal
from decimal import Decimal
from typing import Any

from ruta.engine.feel import numbers, temporal
from ruta.engine.feel.builtins.table import builtin
from ruta.engine.feel.context import Run
from ruta.engine.feel.temporal import Months

_COST_OF_SERIES = 50


def _scale(scale: Decimal) -> int:
    return numbers.position(scale)


@builtin("not", "negand: boolean", "boolean", "The opposite of a boolean.", "not(true) = false")
def _not(run: Run, negand: bool) -> bool:
    return not negand


@builtin(
    "decimal",
    "n: number, scale: number",
    "number",
    "Half-even rounding to a scale.",
    "decimal(1/3, 2) = 0.33",
)
def _decimal(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return numbers.rounded(n, _scale(scale), decimal.ROUND_HALF_EVEN)


@builtin(
    "floor",
    "n: number, scale: number?",
    "number",
    "The greatest number of that scale <= n.",
    "floor(1.5) = 1",
)
def _floor(run: Run, n: Decimal, scale: Decimal = numbers.ZERO) -> Decimal:
    return numbers.rounded(n, _scale(scale), decimal.ROUND_FLOOR)


@builtin(
    "ceiling",
    "n: number, scale: number?",
    "number",
    "The least number of that scale >= n.",
    "ceiling(1.5) = 2",
)
def _ceiling(run: Run, n: Decimal, scale: Decimal = numbers.ZERO) -> Decimal:
    return numbers.rounded(n, _scale(scale), decimal.ROUND_CEILING)


@builtin("round up", "n: number, scale: number", "number", "Away from zero.", "round up(5.5, 0) = 6")
def _round_up(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return numbers.rounded(n, _scale(scale), decimal.ROUND_UP)


@builtin("round down", "n: number, scale: number", "number", "Towards zero.", "round down(5.5, 0) = 5")
def _round_down(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return numbers.rounded(n, _scale(scale), decimal.ROUND_DOWN)


@builtin(
    "round half up",
    "n: number, scale: number",
    "number",
    "Halves away from zero.",
    "round half up(5.5, 0) = 6",
)
def _round_half_up(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return numbers.rounded(n, _scale(scale), decimal.ROUND_HALF_UP)


@builtin(
    "round half down", "n: number, scale: number", "number", "Halves to zero.", "round half down(5.5, 0) = 5"
)
def _round_half_down(run: Run, n: Decimal, scale: Decimal) -> Decimal:
    return numbers.rounded(n, _scale(scale), decimal.ROUND_HALF_DOWN)


@builtin(
    "abs",
    "n: number|days and time duration|years and months duration",
    "number",
    "The value without its sign, of a number or a duration.",
    "abs(-1) = 1",
)
def _abs(run: Run, n: Any) -> Any:
    if isinstance(n, Decimal):
        return numbers.CONTEXT.abs(n)
    return Months(abs(n.total)) if isinstance(n, Months) else temporal.make_span(abs(temporal.nanos_of(n)))


@builtin(
    "modulo",
    "dividend: number, divisor: number",
    "number",
    "The remainder, signed as the divisor.",
    "modulo(12, 5) = 2",
)
def _modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    run.spend(_COST_OF_SERIES if abs(dividend.adjusted() - divisor.adjusted()) > 100 else 1)
    return numbers.modulo(dividend, divisor)


@builtin("sqrt", "number: number", "number", "The square root.", "sqrt(16) = 4")
def _sqrt(run: Run, number: Decimal) -> Decimal:
    run.spend(_COST_OF_SERIES)
    return numbers.CONTEXT.sqrt(number)


@builtin("log", "number: number", "number", "The natural logarithm.", "decimal(log(10), 2) = 2.30")
def _log(run: Run, number: Decimal) -> Decimal | None:
    run.spend(_COST_OF_SERIES)
    return numbers.CONTEXT.ln(number) if number > 0 else None


@builtin("exp", "number: number", "number", "e to the power of the number.", "decimal(exp(5), 2) = 148.41")
def _exp(run: Run, number: Decimal) -> Decimal:
    run.spend(_COST_OF_SERIES)
    return numbers.CONTEXT.exp(number)


@builtin("odd", "number: number", "boolean", "Whether the number is odd.", "odd(5) = true")
def _odd(run: Run, number: Decimal) -> bool:
    run.spend(1 + abs(number.adjusted()) // 500)
    return numbers.modulo(number, Decimal(2)) == 1


@builtin("even", "number: number", "boolean", "Whether the number is even.", "even(5) = false")
def _even(run: Run, number: Decimal) -> bool:
    run.spend(1 + abs(number.adjusted()) // 500)
    return numbers.modulo(number, Decimal(2)) == 0
