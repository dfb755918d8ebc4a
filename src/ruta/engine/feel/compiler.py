"""Tree to closures: each construct becomes a function of (variables, run). No code is generated, nothing is `eval`ed."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ruta.engine.feel import operators, regex, syntax, types, values
from ruta.engine.feel.builtins import TABLE, Builtin, bind
from ruta.engine.feel.calls import Closure, Scope, Variables, invoke, outside, user_function
from ruta.engine.feel.cells import Fixed, fixed_of, fixed_range, fold, test_of_range, test_of_values
from ruta.engine.feel.context import Run
from ruta.engine.feel.iteration import failed, product, sift, span
from ruta.engine.feel.logic import (
    ORDER,
    arithmetic_of,
    both,
    conjunction_of,
    disjunction_of,
    equality_of,
    ordering_of,
)
from ruta.engine.feel.reads import every_name, rungs_of, turn_cost
from ruta.engine.feel.values import KINDS, Function, Range

_COST_OF_CONTEXT = 3
_NEAR = 6  # scopes, up to which a look-up is not paid for
_OF_PATTERNS = frozenset(("matches", "replace", "split"))
_JUDGING = (
    syntax.Binary,
    syntax.Between,
    syntax.In,
    syntax.InstanceOf,
    syntax.Quantified,
    syntax.Call,
    syntax.If,
)


class Compiler:
    """Compiles one tree. `bound` are names that hide a built-in function of the same name; `named` types by name."""

    def __init__(self, bound: frozenset[str], named: Mapping[str, types.Type], depth: int = 0) -> None:
        self.bound = bound
        self.named = named
        self._depth = depth  # how many scopes a name may be looked up through
        self._methods: dict[type[syntax.Node], Callable[[Any], Closure]] = {
            syntax.Constant: self._constant,
            syntax.Name: self._name,
            syntax.ListOf: self._list,
            syntax.ContextOf: self._context,
            syntax.Interval: self._interval,
            syntax.Negative: self._negative,
            syntax.Binary: self._binary,
            syntax.Between: self._between,
            syntax.In: self._in,
            syntax.InstanceOf: self._instance_of,
            syntax.Path: self._path,
            syntax.Filter: self._filter,
            syntax.Call: self._call,
            syntax.If: self._if,
            syntax.For: self._for,
            syntax.Quantified: self._quantified,
            syntax.FunctionOf: self._function,
            syntax.Tests: self._tests,
        }

    def closure(self, node: syntax.Node) -> Closure:
        """The function that computes `node`."""
        return self._methods[type(node)](node)

    def _inside(self, *names: str) -> "Compiler":
        return Compiler(self.bound.union(names), self.named, self._depth + 1)

    # Values and names

    def _constant(self, node: syntax.Constant) -> Closure:
        value = node.value
        return lambda env, run: value

    def _name(self, node: syntax.Name) -> Closure:
        name = node.name

        def variable(env: Variables, run: Run) -> Any:
            try:
                value = env[name]
            except KeyError:
                return outside(name, run)
            return value if type(value) in KINDS else values.admit(value)

        if self._depth <= _NEAR:
            return variable
        cost = self._depth >> 2

        def far_variable(env: Variables, run: Run) -> Any:
            run.left -= cost
            return variable(env, run)

        return far_variable

    def _list(self, node: syntax.ListOf) -> Closure:
        items = tuple(self.closure(item) for item in node.items)
        return lambda env, run: [item(env, run) for item in items]

    def _context(self, node: syntax.ContextOf) -> Closure:
        inner = self._inside(*(name for name, _ in node.entries))
        entries = [(name, inner.closure(entry)) for name, entry in node.entries]
        if len({name for name, _ in entries}) < len(entries):
            return lambda env, run: None

        def context(env: Variables, run: Run) -> Any:
            run.left -= _COST_OF_CONTEXT
            scope = Scope({}, env)
            for name, entry in entries:
                scope[name] = entry(scope, run)
            return dict(scope)

        return context

    def _interval(self, node: syntax.Interval) -> Closure:
        node = self._folded(node)
        fixed = fixed_range(node)
        if fixed is not None:
            return lambda env, run: fixed
        start = self.closure(node.start) if node.start else None
        end = self.closure(node.end) if node.end else None
        included = node.start_included, node.end_included
        op = node.op
        if op in ("=", "!=") and start:
            return lambda env, run: Range(value := start(env, run), value, *included, op)

        def interval(env: Variables, run: Run) -> Any:
            low = start(env, run) if start else None
            high = end(env, run) if end else None
            if start and end and not _range_is_valid(low, high):
                run.note("range")
                return None
            return Range(low, high, *included, op)

        return interval

    def _folded(self, node: syntax.Interval) -> syntax.Interval:
        start, end = (fold(part, self.bound) if part else None for part in (node.start, node.end))
        return replace(node, start=start, end=end)

    # Operators

    def _negative(self, node: syntax.Negative) -> Closure:
        operand = self.closure(node.operand)
        return lambda env, run: operators.negate(operand(env, run))

    def _binary(self, node: syntax.Binary) -> Closure:
        node = replace(node, right=fold(node.right, self.bound))
        left, right = self.closure(node.left), self.closure(node.right)
        if node.op == "and":
            return conjunction_of(left, right)
        if node.op == "or":
            return disjunction_of(left, right)
        if node.op in ("=", "!="):
            return equality_of(node, left, right)
        if node.op in ORDER:
            return ordering_of(node, left, right)
        return arithmetic_of(node, left, right)

    def _between(self, node: syntax.Between) -> Closure:
        value, low, high = (self.closure(part) for part in (node.value, node.low, node.high))
        at_least, at_most = operators.comparison(">="), operators.comparison("<=")

        def between(env: Variables, run: Run) -> Any:
            found = value(env, run)
            return both(at_least(found, low(env, run), run), at_most(found, high(env, run), run))

        return between

    def _in(self, node: syntax.In) -> Closure:
        value = self.closure(node.value)
        tests = tuple(self.closure(test) for test in node.tests)

        def contained(env: Variables, run: Run) -> Any:
            found = value(env, run)
            unknown = False
            for test in tests:
                run.spend()
                verdict = operators.holds(found, test(env, run), run)
                if verdict is True:
                    return True
                unknown = unknown or verdict is None
            return None if unknown and len(tests) == 1 else False

        return contained

    def _instance_of(self, node: syntax.InstanceOf) -> Closure:
        value = self.closure(node.value)
        wanted = types.named(node.type, self.named)
        if wanted is None:
            return lambda env, run: None

        def instance(env: Variables, run: Run) -> Any:
            run.spend()
            found = value(env, run)
            return (
                False
                if found is None and wanted.name != "Null"
                else types.conforms(found, wanted, run, limits=False)
            )

        return instance

    def _path(self, node: syntax.Path) -> Closure:
        value, name = self.closure(node.value), node.name

        def path(env: Variables, run: Run) -> Any:
            found = value(env, run)
            if type(found) is dict:
                entry = found.get(name)
                return entry if type(entry) in KINDS else values.admit(entry)
            return operators.select(found, name, run)

        return path

    def _if(self, node: syntax.If) -> Closure:
        if isinstance(node.otherwise, syntax.If):
            return self._cascade(node)
        condition, then, otherwise = (
            self.closure(part) for part in (node.condition, node.then, node.otherwise)
        )
        return lambda env, run: then(env, run) if condition(env, run) is True else otherwise(env, run)

    def _cascade(self, node: syntax.If) -> Closure:
        """`else if` behind `else if`: one closure, however many."""
        rungs, last = rungs_of(node)
        ways = [(self.closure(condition), self.closure(then)) for condition, then in rungs]
        otherwise = self.closure(last)

        def cascade(env: Variables, run: Run) -> Any:
            for condition, then in ways:
                if condition(env, run) is True:
                    return then(env, run)
            return otherwise(env, run)

        return cascade

    # Lists

    def _filter(self, node: syntax.Filter) -> Closure:
        value, inner = self.closure(node.value), self._inside("item")
        condition, cost = inner.closure(node.condition), turn_cost(node.condition)

        def filtered(env: Variables, run: Run) -> Any:
            found = value(env, run)
            if found is None:
                return None
            return sift(found if type(found) is list else [found], condition, env, run, cost)

        return filtered

    def _for(self, node: syntax.For) -> Closure:
        names = [name for name, _ in node.domains]
        domains = self._domains(node.domains)
        body = self._inside(*names, "partial").closure(node.body)
        wants_partial, cost = "partial" in every_name(node.body), turn_cost(node.body)

        def loop(env: Variables, run: Run) -> Any:
            results: list[Any] = []
            scope = Scope({}, env)
            for _ in product(names, domains, scope, run, cost):
                if wants_partial:
                    run.items(len(results))
                    scope["partial"] = list(results)
                results.append(body(Scope(scope, env), run))
            return None if failed(scope) else results

        return loop

    def _quantified(self, node: syntax.Quantified) -> Closure:
        names = [name for name, _ in node.domains]
        domains = self._domains(node.domains)
        condition = self._inside(*names).closure(node.condition)
        decisive, cost = not node.every, turn_cost(node.condition)

        def quantified(env: Variables, run: Run) -> Any:
            scope = Scope({}, env)
            unknown = False
            for _ in product(names, domains, scope, run, cost):
                verdict = condition(Scope(scope, env), run)
                if verdict is decisive:
                    return decisive
                if not isinstance(verdict, bool):
                    unknown = True
                    if verdict is not None:
                        return None
            return None if unknown or failed(scope) else not decisive

        return quantified

    def _domains(self, domains: tuple[tuple[str, syntax.Node], ...]) -> list[Closure]:
        closures = []
        inner = self
        for name, domain in domains:
            if isinstance(domain, syntax.Interval) and domain.op == ".." and domain.start and domain.end:
                closures.append(span(inner.closure(domain.start), inner.closure(domain.end)))
            else:
                closures.append(inner.closure(domain))
            inner = inner._inside(name)
        return closures

    # Functions

    def _function(self, node: syntax.FunctionOf) -> Closure:
        names = tuple(name for name, _ in node.params)
        wanted = [types.named(of, self.named) if of else types.ANY for _, of in node.params]
        checks = tuple(of or types.ANY for of in wanted)
        if node.external:
            return lambda env, run: None
        body = self._inside(*names).closure(node.body)
        signature, cost = (checks, None), turn_cost(node.body)

        def make(env: Variables, run: Run) -> Function:
            return user_function(names, checks, body, env, signature, cost)

        return make

    def _call(self, node: syntax.Call) -> Closure:
        arguments = tuple(self.closure(argument) for argument in node.arguments)
        if isinstance(node.function, syntax.Name):
            name = node.function.name
            builtin = TABLE.get(name)
            if builtin is not None and name not in self.bound and not builtin.host:
                bound = bind(builtin, arguments, node.names)
                return _with_pattern(bound, node, builtin) if name in _OF_PATTERNS else bound
        function = self.closure(node.function)
        labels = node.names

        def call(env: Variables, run: Run) -> Any:
            found = function(env, run)
            if type(found) is not Function:
                run.note("not-function")
                return None
            given = [argument(env, run) for argument in arguments]
            return invoke(found, given, labels, run)

        return call

    # Cells of decision tables

    def _tests(self, node: syntax.Tests) -> Closure:
        listed = test_of_values(node.tests) if node.tests else None
        tests = (listed,) if listed else tuple(self._test(test) for test in node.tests)
        if not tests:
            return Fixed(lambda value, run: True)
        if len(tests) == 1 and not node.negated:
            return tests[0]
        fixed = fixed_of(tests, negated=node.negated)
        if fixed is not None:
            return fixed
        if node.negated:
            return lambda env, run: not any(test(env, run) for test in tests)
        return lambda env, run: any(test(env, run) for test in tests)

    def _test(self, node: syntax.Node) -> Closure:
        node = fold(node, self.bound)
        listed = test_of_values([node])
        if listed is not None:
            return listed
        if isinstance(node, syntax.Interval):
            fixed = fixed_range(self._folded(node))
            if fixed is not None:
                return test_of_range(fixed)
        test = self._inside("?").closure(node)
        if "?" in every_name(node):
            return lambda env, run: test(env, run) is True
        judging = isinstance(node, _JUDGING)

        def passes(env: Variables, run: Run) -> bool:
            run.spend()
            value, wanted = env["?"], test(env, run)
            if judging and type(wanted) is bool and type(value) is not bool:
                return wanted
            return operators.holds(value, wanted, run) is True

        return passes


def _with_pattern(call: Closure, node: syntax.Call, builtin: Builtin) -> Closure:
    """The call, with the pattern that is written in it compiled now instead of at the expense of a run."""
    names = node.names or builtin.overloads[0].names
    written = dict(zip(names, node.arguments, strict=False))
    parts = [written.get(name) for name in ("pattern", "delimiter", "flags")]
    if not all(part is None or isinstance(part, syntax.Constant) for part in parts):
        return call
    of, delimiter, flags = (part.value if isinstance(part, syntax.Constant) else None for part in parts)
    text = of if of is not None else delimiter
    try:
        key = str(text), str(flags or "")
        pattern = regex.written(*key)
    except ValueError:
        return call

    def prepared(env: Variables, run: Run) -> Any:
        if key not in run.patterns:
            run.patterns = {**run.patterns, key: pattern}
        return call(env, run)

    return prepared


def _range_is_valid(low: Any, high: Any) -> bool:
    if low is None or high is None:
        return low is not high and values.kind(low if high is None else high) in values.ORDERED
    return values.compare(low, high) is not None
