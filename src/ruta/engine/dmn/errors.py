"""Why a model cannot be read or asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a file: the element's id and name, its line in the file, and what to say about it."""

    element: str
    name: str
    line: int
    say: dict[str, str]


class DmnError(Exception):
    """The file is no executable DMN, or the decision asked for does not exist; `faults` says where and why."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__(
            "; ".join(
                f"{fault.name or fault.element} (line {fault.line}): {fault.say['en']}" for fault in faults
            )
        )


def fault(es: str, en: str, *, element: str = "", name: str = "", line: int = 0) -> Fault:
    """A fault with both sentences."""
    return Fault(element, name, line, {"es": es, "en": en})
