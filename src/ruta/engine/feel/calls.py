"""Variables of inner scopes, and calls of functions: written in FEEL, built in, or given by the host."""

from collections.abc import Callable, Mapping
from typing import Any

from ruta.engine.feel import types, values
from ruta.engine.feel.builtins import TABLE
from ruta.engine.feel.context import Run
from ruta.engine.feel.errors import Stop
from ruta.engine.feel.values import Function
from ruta.engine.problems import Problem

Variables = Mapping[str, Any]
Closure = Callable[[Any, Run], Any]


class Scope(dict[str, Any]):
    """Variables of an inner scope; what it lacks is looked up outside."""

    __slots__ = ("outer",)

    def __init__(self, own: Mapping[str, Any], outer: Variables) -> None:
        super().__init__(own)
        self.outer = outer

    def __missing__(self, name: str) -> Any:
        return self.outer[name]


def outside(name: str, run: Run) -> Any:
    """A name that is no variable: a host function, a built-in function, or nothing (null)."""
    hosted = run.ctx.functions.get(name)
    if hosted is not None:
        return _hosted(name, hosted)
    builtin = TABLE.get(name)
    if builtin is None:
        run.note("variable", name)
        return None
    if builtin.host:
        raise Stop(
            Problem(
                "",
                "function-missing",
                {
                    "es": f"Aquí no se puede usar la función {name}.",
                    "en": f"The function {name} cannot be used here.",
                },
            )
        )
    return builtin.function


def _hosted(name: str, hosted: Callable[..., Any]) -> Function:
    if isinstance(hosted, Function):
        return hosted

    def call(run: Run, *args: Any, **named: Any) -> Any:
        run.spend(values.COST_OF_HOST)
        return values.to_feel(hosted(*args, **named), run)

    return Function((), call, name, variadic=True)


def invoke(function: Function, given: list[Any], labels: tuple[str, ...], run: Run) -> Any:
    """Call a function value; arguments that do not fit its parameters make the result null."""
    if labels and function.variadic and not function.params:
        return function.call(
            run, **{label.replace(" ", "_"): value for label, value in zip(labels, given, strict=True)}
        )
    if labels:
        by_name = dict(zip(labels, given, strict=True))
        if not by_name.keys() <= set(function.params):
            run.note("parameter", function.name)
            return None
        given = [by_name.get(name) for name in function.params]
    least = len(function.params) - function.optional
    if not function.variadic and not least <= len(given) <= len(function.params):
        run.note("arity", function.name, len(function.params))
        return None
    run.enter()
    result = function.call(run, *given)
    run.depth -= 1
    return result


def user_function(
    names: tuple[str, ...],
    checks: tuple[types.Type, ...],
    body: Closure,
    env: Variables,
    signature: Any = None,
    cost: int = 1,
) -> Function:
    """A function written in FEEL: its body sees the variables of the place where it was written; a call costs `cost`."""

    def call(run: Run, *given: Any) -> Any:
        run.spend(cost)
        scope = Scope({}, env)
        for name, wanted, value in zip(names, checks, given, strict=True):
            fitted = types.coerce(value, wanted, run)
            if fitted is None and value is not None:
                run.note("argument", name, wanted.name)
                return None
            scope[name] = fitted
        return body(scope, run)

    return Function(names, call, signature=signature)
