"""Closures of arithmetic, `and`, `or` and comparisons: fast for the everyday kinds, by `operators` for all others."""

import operator
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from ruta.engine.feel import operators, syntax
from ruta.engine.feel.calls import Closure, Variables
from ruta.engine.feel.context import Run

_PLAIN = frozenset((bool, Decimal, str, date, timedelta))
_ORDERED = frozenset((Decimal, str, date, timedelta))
ORDER = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def both(a: Any, b: Any) -> bool | None:
    """Three-valued `and`."""
    if a is False or b is False:
        return False
    return True if a is True and b is True else None


def conjunction_of(left: Closure, right: Closure) -> Closure:
    def conjunction(env: Variables, run: Run) -> Any:
        first = left(env, run)
        if first is False:
            return False
        second = right(env, run)
        if second is False:
            return False
        return True if first is True and second is True else None

    return conjunction


def disjunction_of(left: Closure, right: Closure) -> Closure:
    def disjunction(env: Variables, run: Run) -> Any:
        first = left(env, run)
        if first is True:
            return True
        second = right(env, run)
        if second is True:
            return True
        return False if first is False and second is False else None

    return disjunction


def arithmetic_of(node: syntax.Binary, left: Closure, right: Closure) -> Closure:
    """`+`, `-`, `*`, `/` and `**`; two plain variables are looked up on the spot."""
    slow, fast = operators.arithmetic(node.op), operators.FAST[node.op]
    if node.op == "**":
        return lambda env, run: slow(left(env, run), right(env, run), run)

    def of_any(env: Variables, run: Run) -> Any:
        a, b = left(env, run), right(env, run)
        if type(a) is Decimal and type(b) is Decimal:
            try:
                return fast(a, b)
            except ArithmeticError:
                pass
        return slow(a, b, run)

    if not isinstance(node.left, syntax.Name) or not isinstance(node.right, syntax.Name):
        return of_any
    first, second = node.left.name, node.right.name

    def of_variables(env: Variables, run: Run) -> Any:
        try:
            a, b = env[first], env[second]
            if type(a) is Decimal and type(b) is Decimal:
                return fast(a, b)
        except (KeyError, ArithmeticError):
            pass
        return of_any(env, run)

    return of_variables


def equality_of(node: syntax.Binary, left: Closure, right: Closure) -> Closure:
    """`=` and `!=`."""
    slow = operators.comparison(node.op)
    expected = node.op == "="
    if isinstance(node.right, syntax.Constant) and type(node.right.value) in _PLAIN:
        return _with_constant(
            node.left, left, node.right.value, operator.eq if expected else operator.ne, slow
        )

    def equality(env: Variables, run: Run) -> Any:
        a, b = left(env, run), right(env, run)
        kind = type(a)
        if kind is type(b) and kind in _PLAIN:
            if kind is str:
                run.left -= len(a) >> 12
            return (a == b) is expected
        return slow(a, b, run)

    return equality


def ordering_of(node: syntax.Binary, left: Closure, right: Closure) -> Closure:
    """`<`, `<=`, `>` and `>=`."""
    slow, fast = operators.comparison(node.op), ORDER[node.op]
    if isinstance(node.right, syntax.Constant) and type(node.right.value) in _ORDERED:
        return _with_constant(node.left, left, node.right.value, fast, slow)

    def ordering(env: Variables, run: Run) -> Any:
        a, b = left(env, run), right(env, run)
        kind = type(a)
        return fast(a, b) if kind is type(b) and kind in _ORDERED else slow(a, b, run)

    return ordering


def _with_constant(
    node: syntax.Node,
    left: Closure,
    constant: Any,
    fast: Callable[[Any, Any], Any],
    slow: operators.Operation,
) -> Closure:
    """A comparison with a constant; a plain variable on the left is looked up on the spot."""
    kind = type(constant)
    name = node.name if isinstance(node, syntax.Name) else None

    def of_variable(env: Variables, run: Run) -> Any:
        try:
            found = env[name]  # type: ignore[index]
            if type(found) is kind:
                return fast(found, constant)
        except KeyError:
            pass
        return slow(left(env, run), constant, run)

    def of_any(env: Variables, run: Run) -> Any:
        found = left(env, run)
        return fast(found, constant) if type(found) is kind else slow(found, constant, run)

    return of_any if name is None else of_variable
