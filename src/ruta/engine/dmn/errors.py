"""Why a model cannot be read or asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: the element's id and name, its line in the file, and what to say about it."""

    element: str
    name: str
    line: int
    say: dict[str, str]

    def told(self, lang: str) -> str:
        """What is wrong, behind the element and its line as far as they are known."""
        line = {"es": "línea", "en": "line"}[lang]
        place = f" ({line} {self.line})" if self.line else ""
        about = f"{self.name or self.element}{place}"
        return f"{about}: {self.say[lang]}" if about else self.say[lang]


class DmnError(Exception):
    """The file is no executable DMN, or the decision asked for does not exist; `faults` says where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(self.say["en"])

    @property
    def say(self) -> dict[str, str]:
        """All faults in one sentence, by language, each with its element and line."""
        return {lang: "; ".join(fault.told(lang) for fault in self.faults) for lang in ("es", "en")}


def did_you_mean(near: str) -> dict[str, str]:
    """A sentence that proposes a name, by language; nothing without one."""
    return {"es": f" ¿Quiso decir {near}?", "en": f" Did you mean {near}?"} if near else {"es": "", "en": ""}


def fault(es: str, en: str, *, element: str = "", name: str = "", line: int = 0) -> Fault:
    """A fault with both sentences."""
    return Fault(element, name, line, {"es": es, "en": en})
