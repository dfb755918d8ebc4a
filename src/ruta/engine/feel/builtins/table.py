"""The table of built-in functions: name, parameters, documentation and what computes it; calls are bound against it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from ruta.engine.feel import values
from ruta.engine.feel.context import Run
from ruta.engine.feel.values import Function

Closure = Callable[[Any, Run], Any]
F = TypeVar("F", bound=Callable[..., Any])
_COST_OF_CALL = 2
_UNFIT: Final = object()
_ERRORS = (ArithmeticError, ValueError, TypeError)


@dataclass(slots=True, eq=False, repr=False)
class Param:
    """A parameter: its name, the kinds it takes ("any" for all; "null" must be listed), optional or repeated."""

    name: str
    kinds: frozenset[str]
    optional: bool = False
    variadic: bool = False

    def fit(self, value: Any) -> Any:
        """The value in one of the kinds (a singleton list gives its item, an item becomes a list), or `_UNFIT`."""
        kind = values.kind(value)
        if kind in self.kinds or ("any" in self.kinds and (value is not None or "null" in self.kinds)):
            return value
        if kind == "list" and len(value) == 1 and values.kind(value[0]) in self.kinds:
            return value[0]
        return [value] if "list" in self.kinds and kind not in ("null", "unknown") else _UNFIT


@dataclass(slots=True, eq=False, repr=False)
class Overload:
    """One way to call a built-in function."""

    params: tuple[Param, ...]
    implementation: Callable[..., Any]
    defaults: tuple[Any, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its parameters."""
        return tuple(param.name for param in self.params)

    @property
    def least(self) -> int:
        """How many arguments it needs."""
        return sum(not (param.optional or param.variadic) for param in self.params)

    @property
    def variadic(self) -> bool:
        """Whether it takes any number of arguments."""
        return bool(self.params) and self.params[-1].variadic

    def takes(self, count: int) -> bool:
        """Whether it can be called with `count` positional arguments."""
        if self.variadic and len(self.params) == 1 and not count:
            return False
        return self.least <= count and (self.variadic or count <= len(self.params))

    def arrange(self, labels: tuple[str, ...]) -> list[int | None] | None:
        """For named arguments: per parameter the index of its argument (None: left out), or None when they do not fit."""
        names = self.names
        if len(set(labels)) < len(labels) or not set(labels) <= set(names):
            return None
        order = [labels.index(name) if name in labels else None for name in names]
        given = zip(self.params, order, strict=True)
        return order if all(at is not None or param.optional for param, at in given) else None


@dataclass(slots=True, eq=False, repr=False)
class Builtin:
    """A built-in function: all its overloads, the kind of its result, documentation with an example.

    `host`: the platform gives the implementation by `Context.functions`; without one the step stops.
    """

    name: str
    result: str
    doc: str
    example: str = ""
    overloads: list[Overload] = field(default_factory=list)
    host: bool = False

    @property
    def function(self) -> Function:
        """The built-in as a function value."""
        return Function(self.params, self.call, self.name, variadic=True)

    @property
    def params(self) -> tuple[str, ...]:
        """Parameter names of the first overload."""
        return self.overloads[0].names if self.overloads else ()

    def call(self, run: Run, *given: Any) -> Any:
        """Call with values by position."""
        return _dispatch(self, [o for o in self.overloads if o.takes(len(given))], list(given), run)


TABLE: Final[dict[str, Builtin]] = {}


def builtin(name: str, params: str, result: str, doc: str = "", example: str = "") -> Callable[[F], F]:
    """Register an overload: `params` reads "text: string, length: number?, rest: any*" ("|" between kinds)."""

    def register(implementation: F) -> F:
        entry = TABLE.setdefault(name, Builtin(name, result, doc, example))
        takes, defaults = _params(params), implementation.__defaults__ or ()
        without = (None,) * (len(takes) - len(defaults))
        entry.overloads.append(Overload(takes, implementation, without + defaults))
        return implementation

    return register


def host_function(name: str, doc: str) -> None:
    """Announce a function that only the platform can compute."""
    TABLE[name] = Builtin(name, "Any", doc, host=True)


def _params(text: str) -> tuple[Param, ...]:
    params = []
    for part in filter(None, text.split(",")):
        name, _, kinds = part.strip().partition(": ")
        optional, variadic = kinds.endswith("?"), kinds.endswith("*")
        params.append(Param(name, frozenset(kinds.rstrip("?*").split("|")), optional, variadic))
    return tuple(params)


def bind(entry: Builtin, arguments: tuple[Closure, ...], labels: tuple[str, ...]) -> Closure:
    """The closure of a call of a built-in function: overloads are sorted out now as far as their shape tells."""
    if labels:
        orders = [(overload, overload.arrange(labels)) for overload in entry.overloads]
        shaped = [(overload, order) for overload, order in orders if order is not None]

        def call_by_name(env: Any, run: Run) -> Any:
            run.spend(_COST_OF_CALL)
            given = [argument(env, run) for argument in arguments]
            for overload, order in shaped:
                last = max((at for at, index in enumerate(order) if index is not None), default=-1)
                placed = [
                    overload.defaults[at] if i is None else given[i] for at, i in enumerate(order[: last + 1])
                ]
                left_out = {at for at, index in enumerate(order) if index is None}
                fitted = _fit(overload, placed, left_out)
                if fitted is not None:
                    return _compute(entry, overload, fitted, run)
            return _misfit(entry, given, run)

        return call_by_name
    shaped_overloads = [overload for overload in entry.overloads if overload.takes(len(arguments))]

    def call(env: Any, run: Run) -> Any:
        run.spend(_COST_OF_CALL)
        return _dispatch(entry, shaped_overloads, [argument(env, run) for argument in arguments], run)

    return call


def _dispatch(entry: Builtin, overloads: list[Overload], given: list[Any], run: Run) -> Any:
    for overload in overloads:
        fitted = _fit(overload, given, ())
        if fitted is not None:
            return _compute(entry, overload, fitted, run)
    return _misfit(entry, given, run)


def _fit(overload: Overload, given: list[Any], left_out: Any) -> list[Any] | None:
    fitted: list[Any] = []
    for at, value in enumerate(given):
        param = overload.params[min(at, len(overload.params) - 1)]
        fit = value if at in left_out else param.fit(value)
        if fit is _UNFIT:
            return None
        fitted.append(fit)
    if overload.variadic:
        fixed = len(overload.params) - 1
        return [*fitted[:fixed], fitted[fixed:]]
    return fitted


def _compute(entry: Builtin, overload: Overload, fitted: list[Any], run: Run) -> Any:
    try:
        result = overload.implementation(run, *fitted)
    except _ERRORS as error:
        run.note("no-value" if isinstance(error, ArithmeticError) else "failed", entry.name, error)
        return None
    if result is None:
        run.note("no-value", entry.name)
    return result


def _misfit(entry: Builtin, given: list[Any], run: Run) -> None:
    run.note("misfit", entry.name, ", ".join(map(values.kind, given)))
