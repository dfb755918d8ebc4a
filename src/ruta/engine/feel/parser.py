"""Text to tree: a Pratt parser without a separate lexer, because what a name is depends on the names in scope."""

import re
from decimal import Decimal

from ruta.engine.feel import notation, numbers, syntax
from ruta.engine.feel.names import DECLARED, KEYWORDS, Names, tidy
from ruta.engine.feel.scanner import DEEPEST, Scanner

_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_OPERATOR = re.compile(r"\*\*|<=|>=|!=|[-+*/=<>]|\b(?:or|and|between|instance\s+of|in)\b")
_COMPARISON = re.compile(r"<=|>=|!=|[<>=]")
_NOT = re.compile(r"not\s*\(")
_POWERS = {
    "or": 1,
    "and": 2,
    "between": 3,
    "in": 3,
    "+": 4,
    "-": 4,
    "*": 5,
    "/": 5,
    "**": 6,
    "instance of": 7,
}
_POWERS |= dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), 3)
_UNARY_MINUS = 7


class Parser(Scanner):
    """One parse of one text; what declares a name opens a scope of names."""

    # Entry points

    def expression(self) -> syntax.Node:
        """The whole text as one expression."""
        node = self._expr(0)
        self._end()
        return node

    def unary_tests(self) -> syntax.Tests:
        """The whole text as the unary tests of a decision table's cell."""
        self._blank()
        start = self.at
        if self.text[start:].strip() == "-":
            return syntax.Tests(start, (), False)
        negated = _NOT.match(self.text, self.at)
        if negated:
            self.at = negated.end()
            tests = self._tests()
            if self._take(")") and self._at_end():
                return syntax.Tests(start, tests, True)
            self.at = start
        tests = self._tests()
        self._end()
        return syntax.Tests(start, tests, False)

    # Expressions

    def _expr(self, power: int, *, endpoint: bool = False) -> syntax.Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._fail(
                f"The expression is nested deeper than {DEEPEST} levels.",
                f"La expresión tiene más de {DEEPEST} niveles de anidamiento.",
            )
        left = self._operators(self._postfix(self._operand(), endpoint), power, endpoint)
        self.depth -= 1
        return left

    def _operators(self, left: syntax.Node, power: int, endpoint: bool = False) -> syntax.Node:
        """What follows a left operand, as far as operators bind stronger than `power`."""
        while True:
            self._blank()
            found = _OPERATOR.match(self.text, self.at)
            if not found:
                return left
            op = "instance of" if found[0].startswith("instance") else found[0]
            strength = _POWERS[op]
            if strength <= power:
                return left
            start = self.at
            self.at = found.end()
            left = self._infix(op, left, start, endpoint)

    def _infix(self, op: str, left: syntax.Node, start: int, endpoint: bool) -> syntax.Node:
        if op == "between":
            low = self._expr(3)
            self._need_word("and")
            return syntax.Between(start, left, low, self._expr(3))
        if op == "in":
            return syntax.In(start, left, self._in_tests())
        if op == "instance of":
            return self._postfix(syntax.InstanceOf(start, left, self._type()), endpoint)
        return syntax.Binary(start, op, left, self._expr(_POWERS[op], endpoint=endpoint))

    def _in_tests(self) -> tuple[syntax.Node, ...]:
        if not self._take("("):
            return (self._test(3),)
        start = self.at - 1
        first = self._test(0)
        if self._peek(".."):
            first = self._interval_from(start, first, False)
        else:
            tests = [first]
            while self._take(","):
                tests.append(self._test(0))
            self._next_item(")", ")")
            if len(tests) > 1 or isinstance(first, syntax.Interval):
                return tuple(tests)
        return (self._operators(self._postfix(first, False), 3),)

    def _tests(self) -> tuple[syntax.Node, ...]:
        tests = [self._test(0)]
        while self._take(","):
            tests.append(self._test(0))
        return tuple(tests)

    def _test(self, power: int) -> syntax.Node:
        return self._comparison_range() or self._expr(power)

    def _comparison_range(self) -> syntax.Interval | None:
        """`< e`, `>= e`, `= e`, `!= e`: a range with an open end."""
        self._blank()
        found = _COMPARISON.match(self.text, self.at)
        if not found:
            return None
        start, op = self.at, found[0]
        self.at = found.end()
        end = self._expr(3)
        if op in ("<", "<="):
            return syntax.Interval(start, None, end, False, op == "<=", op)
        if op in (">", ">="):
            return syntax.Interval(start, end, None, op == ">=", False, op)
        return syntax.Interval(start, end, end, op == "=", op == "=", op)

    def _operand(self) -> syntax.Node:  # noqa: PLR0911 - one return per kind
        self._blank()
        start = self.at
        if start >= len(self.text):
            raise self._expected("a value", "un valor")
        char = self.text[start]
        if char == '"':
            return syntax.Constant(start, self._string())
        if char.isdigit() or char == ".":
            return self._number()
        if char == "-":
            self.at += 1
            return self._negative(start)
        if char == "(":
            return self._parenthesis()
        if char == "[":
            return self._bracket()
        if char == "]":
            self.at += 1
            return self._interval_from(start, self._expr(3, endpoint=True), False)
        if char == "{":
            return self._context()
        if char == "@":
            return self._temporal()
        return self._word_operand()

    def _negative(self, start: int) -> syntax.Node:
        operand = self._expr(_UNARY_MINUS)
        if isinstance(operand, syntax.Constant) and isinstance(operand.value, Decimal):
            return syntax.Constant(start, -operand.value)
        return syntax.Negative(start, operand)

    def _number(self) -> syntax.Node:
        found = _NUMBER.match(self.text, self.at)
        if not found:
            raise self._expected("a value", "un valor")
        start, self.at = self.at, found.end()
        try:
            return syntax.Constant(start, numbers.number(found[0]))
        except ArithmeticError:
            raise self._fail(
                f"The number {found[0][:40]} is too large.",
                f"El número {found[0][:40]} es demasiado grande.",
                at=start,
            ) from None

    def _temporal(self) -> syntax.Node:
        start = self.at
        self.at += 1
        if not self.text.startswith('"', self.at):
            raise self._expected("a text after @", "un texto después de @")
        body = self._string()
        try:
            return syntax.Constant(start, notation.read_literal(body))
        except (ValueError, OverflowError):
            return syntax.Constant(start, None)

    def _parenthesis(self) -> syntax.Node:
        start = self.at
        self.at += 1
        bounded = self._comparison_range()
        if bounded is not None:
            self._need(")")
            return bounded
        node = self._expr(0)
        if self._peek(".."):
            return self._interval_from(start, node, False)
        self._need(")")
        return node

    def _bracket(self) -> syntax.Node:
        start = self.at
        self.at += 1
        if self._take("]"):
            return syntax.ListOf(start, ())
        first = self._test(0)
        if self._peek(".."):
            return self._interval_from(start, first, True)
        items = [first]
        while self._take(","):
            items.append(self._test(0))
        self._next_item("]", "]")
        return syntax.ListOf(start, tuple(items))

    def _interval_from(self, start: int, low: syntax.Node, included: bool) -> syntax.Node:
        self._need("..")
        high = self._expr(3, endpoint=True)
        if self._take("]"):
            return syntax.Interval(start, low, high, included, True)
        if self._take(")") or self._take("["):
            return syntax.Interval(start, low, high, included, False)
        raise self._expected("the end of the range", "el final del rango")

    def _context(self) -> syntax.Node:
        start = self.at
        self.at += 1
        entries: list[tuple[str, syntax.Node]] = []
        before = self.names
        self.names = before.child()
        while not self._take("}"):
            if entries:
                self._next_item(",", "}")
            key = self._key()
            self._need(":")
            entries.append((key, self._expr(0)))
            self.names.add(key)
            before.add(key)  # a path behind this context may name it
        self.names = before
        return syntax.ContextOf(start, tuple(entries))

    def _word_operand(self) -> syntax.Node:
        start = self.at
        found = self.names.match(self.text, start)
        if not found:
            raise self._expected("a value", "un valor")
        name, end = found
        if name in KEYWORDS:
            self.at = end
            node = self._keyword(name, start)
            if node is not None:
                return node
            self.at = start
            raise self._expected("a value", "un valor")
        self.at = end
        return syntax.Name(start, name)

    def _keyword(self, word: str, start: int) -> syntax.Node | None:
        if word in ("null", "true", "false"):
            return syntax.Constant(start, {"null": None, "true": True, "false": False}[word])
        if word == "if":
            return self._cascade(start)
        if word == "for":
            return self._loop(start)
        if word in ("some", "every"):
            domains, before = self._domains()
            self._need_word("satisfies")
            condition = self._expr(0)
            self.names = before
            return syntax.Quantified(start, word == "every", domains, condition)
        if word == "function":
            return self._function(start)
        return syntax.Name(start, "not") if word == "not" else None

    def _cascade(self, start: int) -> syntax.Node:
        """`if` with every `else if` behind it: a long cascade is no deeper than its parts."""
        rungs: list[tuple[int, syntax.Node, syntax.Node]] = []
        going_on = True
        while going_on:
            condition = self._expr(0)
            self._need_word("then")
            rungs.append((start, condition, self._expr(0)))
            self._need_word("else")
            self._blank()
            start = self.at
            going_on = self._word("if")
        node = self._expr(0)
        for at, condition, then in reversed(rungs):
            node = syntax.If(at, condition, then, node)
        return node

    def _loop(self, start: int) -> syntax.Node:
        domains, before = self._domains()
        self._need_word("return")
        self.names.add("partial")
        body = self._expr(0)
        self.names = before
        return syntax.For(start, domains, body)

    def _domains(self) -> tuple[tuple[tuple[str, syntax.Node], ...], Names]:
        before = self.names
        self.names = before.child()
        domains: list[tuple[str, syntax.Node]] = []
        while True:
            name = self._declared()
            self._need_word("in")
            at = self.at
            domain = self._expr(0)
            if self._take(".."):
                domain = syntax.Interval(at, domain, self._expr(0), True, True, "..")
            domains.append((name, domain))
            self.names.add(name)
            if not self._take(","):
                return tuple(domains), before

    def _function(self, start: int) -> syntax.Node:
        self._need("(")
        before = self.names
        self.names = before.child()
        params: list[tuple[str, syntax.TypeName | None]] = []
        while not self._take(")"):
            if params:
                self._next_item(",", ")")
            name = self._declared()
            params.append((name, self._type() if self._take(":") else None))
            self.names.add(name)
        external = self._word("external")
        body = self._expr(0)
        self.names = before
        return syntax.FunctionOf(start, tuple(params), body, external)

    # What may follow an operand

    def _postfix(self, node: syntax.Node, endpoint: bool) -> syntax.Node:
        while True:
            self._blank()
            char = self.text[self.at : self.at + 1]
            if char == "." and not self.text.startswith("..", self.at):
                self.at += 1
                node = self._path(node)
            elif char == "[" and not (endpoint and self._closes_range()):
                self.at += 1
                condition = self._expr(0)
                self._need("]")
                node = syntax.Filter(node.at, node, condition)
            elif char == "(":
                node = self._call(node)
            else:
                return node

    def _closes_range(self) -> bool:
        """Whether the "[" here ends a range (`]1..10[`): true unless it opens a filter that ends before the range."""
        level = 0
        for at in range(self.at, len(self.text)):
            char = self.text[at]
            level += (char == "[") - (char == "]")
            if level == 0:
                return self.text[at + 1 :].lstrip()[:1] not in ("]", ")", "[")
        return True

    def _path(self, node: syntax.Node) -> syntax.Node:
        self._blank()
        found = self.names.match(self.text, self.at)
        if not found:
            raise self._expected("a name", "un nombre")
        start, self.at = self.at, found[1]
        return syntax.Path(start, node, found[0])

    def _call(self, function: syntax.Node) -> syntax.Node:
        self.at += 1
        arguments: list[syntax.Node] = []
        labels: list[str] = []
        while not self._take(")"):
            if arguments:
                self._next_item(",", ")")
            self._blank()
            found = DECLARED.match(self.text, self.at)
            if found and self.text[found.end() :].lstrip()[:1] == ":":
                self.at = found.end()
                self._need(":")
                labels.append(tidy(found[0]))
            elif labels:
                raise self._expected("the name of a parameter", "el nombre de un parámetro")
            arguments.append(self._test(0))
        if labels and len(labels) != len(arguments):
            raise self._fail(
                "Either all arguments are named or none.", "O todos los argumentos llevan nombre o ninguno."
            )
        return syntax.Call(function.at, function, tuple(arguments), tuple(labels))
