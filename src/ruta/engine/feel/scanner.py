"""Steps over the text of an expression: blanks, words, names, texts, types, and the error when something else is there."""

import re

from ruta.engine.feel import syntax
from ruta.engine.feel.errors import FeelError
from ruta.engine.feel.names import DECLARED, Names, tidy

DEEPEST = 64
LONGEST = 10_000

_BLANK = re.compile(r"(?:\s|//[^\n]*(?:\n|\Z)|/\*.*?\*/)+", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_WORD = re.compile(r"[A-Za-z]+\b")
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


class Scanner:
    """A place in one text. `known` are the names in scope besides those that the text itself declares."""

    def __init__(self, text: str, known: Names) -> None:
        if len(text) > LONGEST:
            raise FeelError(
                f"The expression is longer than {LONGEST} characters.",
                message_es=f"La expresión tiene más de {LONGEST} caracteres.",
            )
        self.text = text
        self.at = 0
        self.depth = 0
        self.names = known.child()

    # Small steps over the text

    def _fail(
        self, message: str, spanish: str, expected: str = "", at: int | None = None, nearest: str = ""
    ) -> FeelError:
        place = self.at if at is None else at
        line = self.text.count("\n", 0, place) + 1
        column = place - (self.text.rfind("\n", 0, place) + 1) + 1
        return FeelError(
            message, message_es=spanish, line=line, column=column, expected=expected, nearest=nearest
        )

    def _expected(self, what: str, spanish: str) -> FeelError:
        self._blank()
        rest = self.text[self.at : self.at + 12].split("\n")[0]
        if not rest:
            return self._fail(
                f"The expression ends here; {what} was expected.",
                f"La expresión termina aquí; se esperaba {spanish}.",
                what,
            )
        word = self.names.match(self.text, self.at)
        near = self.names.nearest(word[0]) if word and word[0] not in self.names else ""
        hint, hint_es = (f" Did you mean {near}?", f" ¿Quiso decir {near}?") if near else ("", "")
        return self._fail(
            f"Here is {rest!r}; {what} was expected.{hint}",
            f"Aquí hay {rest!r}; se esperaba {spanish}.{hint_es}",
            what,
            nearest=near,
        )

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        if found:
            self.at = found.end()

    def _at_end(self) -> bool:
        self._blank()
        return self.at >= len(self.text)

    def _end(self) -> None:
        if not self._at_end():
            raise self._expected("an operator or the end", "un operador o el final")

    def _peek(self, symbol: str) -> bool:
        self._blank()
        return self.text.startswith(symbol, self.at)

    def _take(self, symbol: str) -> bool:
        if self._peek(symbol):
            self.at += len(symbol)
            return True
        return False

    def _need(self, symbol: str) -> None:
        if not self._take(symbol):
            raise self._expected(f"“{symbol}”", f"«{symbol}»")

    def _next_item(self, symbol: str, close: str) -> None:
        """The comma, or what closes, behind an item of what has commas between its items and ends with `close`."""
        if not self._take(symbol):
            raise self._expected(f"“,” or “{close}”", f"«,» o «{close}»")

    def _word(self, word: str) -> bool:
        self._blank()
        found = _WORD.match(self.text, self.at)
        if found and found[0] == word:
            self.at = found.end()
            return True
        return False

    def _need_word(self, word: str) -> None:
        if not self._word(word):
            raise self._expected(f"“{word}”", f"«{word}»")

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise self._fail(
                "The text has no closing quote.", "Al texto le faltan las comillas de cierre.", '"'
            )
        self.at = found.end()
        if "\\" not in found[1]:
            return found[1]
        body = _ESCAPE.sub(_unescape, found[1])
        return body.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _key(self) -> str:
        self._blank()
        if self.text.startswith('"', self.at):
            return self._string()
        return self._declared()

    def _declared(self) -> str:
        """A name where it is declared: up to the symbol that ends the declaration."""
        self._blank()
        found = DECLARED.match(self.text, self.at)
        if not found:
            raise self._expected("a name", "un nombre")
        self.at = found.end()
        return tidy(found[0])

    # Types

    def _type(self) -> syntax.TypeName:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._fail("The type is nested too deep.", "El tipo está anidado demasiado.")
        self._blank()
        start = self.at
        found = self.names.match(self.text, start)
        if not found:
            raise self._expected("a type", "un tipo")
        name, self.at = found
        while self._peek(".") and not self._peek(".."):
            self.at += 1
            part = self.names.match(self.text, self.at)
            if not part:
                raise self._expected("a type", "un tipo")
            name, self.at = f"{name}.{part[0]}", part[1]
        node = self._type_arguments(start, name)
        self.depth -= 1
        return node

    def _type_arguments(self, start: int, name: str) -> syntax.TypeName:
        if name not in ("list", "range", "context", "function") or not self._take("<"):
            return syntax.TypeName(start, name)
        arguments: list[syntax.TypeName] = []
        fields: list[tuple[str, syntax.TypeName]] = []
        while not self._take(">"):
            if arguments or fields:
                self._need(",")
            if name == "context":
                key = self._key()
                self._need(":")
                fields.append((key, self._type()))
            else:
                arguments.append(self._type())
        if name == "function":
            self._need("->")
            arguments.append(self._type())
        return syntax.TypeName(start, name, tuple(arguments), tuple(fields))


def _unescape(found: re.Match[str]) -> str:
    body = found[1]
    if body[0] in "uU" and len(body) > 1:
        code = int(body[1:], 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"
    return _SIMPLE_ESCAPES.get(body, "\\" + body)
