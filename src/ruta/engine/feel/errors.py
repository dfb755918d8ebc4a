"""The three ways an expression can stop: it is not FEEL, it costs too much, or a host function stops the step."""

from ruta.engine.problems import Problem


class FeelError(Exception):
    """The text is not FEEL: where, what was expected there, and the nearest known name.

    `line` and `column` count from 1. `message` and `message_es` are whole sentences in English and Spanish.
    """

    def __init__(
        self,
        message: str,
        *,
        message_es: str = "",
        line: int = 1,
        column: int = 1,
        expected: str = "",
        nearest: str = "",
    ) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.message = message
        self.message_es = message_es or message
        self.line = line
        self.column = column
        self.expected = expected
        self.nearest = nearest

    @property
    def say(self) -> dict[str, str]:
        """The sentence with its place, by language."""
        return {
            "es": f"línea {self.line}, columna {self.column}: {self.message_es}",
            "en": f"line {self.line}, column {self.column}: {self.message}",
        }


class OverBudget(FeelError):
    """The expression needs more steps, depth or size than its budget gives; it was stopped, it has no value."""


class Stop(Exception):
    """A host function cannot answer and null would be wrong (no row of a parameter, say): the step must stop.

    It passes through every expression, program and decision unchanged.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.say.get("en") or problem.check)
        self.problem = problem
