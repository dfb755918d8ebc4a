"""What went wrong, told so that a person can mend it, in both languages."""

from collections.abc import Mapping, Sequence

from ruta.engine.problems import Problem

from .texts import pick


class RutaError(Exception):
    """Something that a person can understand and act on.

    `message` says what is wrong and what would be right; `code` is stable for machines (kebab-case);
    `field` names the input; `status` is the HTTP status that an edge answers with.
    """

    status = 400
    code = "error"

    def __init__(
        self, message: Mapping[str, str], *, field: str = "", code: str = "", status: int | None = None
    ) -> None:
        self.message = dict(message)
        self.field = field
        self.code = code or self.code
        self.status = status or self.status
        super().__init__(self.message.get("en") or self.message.get("es", ""))

    def say(self, lang: str | None = None) -> str:
        """The message in `lang`, by default the language of the page."""
        return pick(self.message, lang)


class Invalid(RutaError):
    """Input that cannot be taken; `problems` name each field, fault and cure."""

    status = 422
    code = "invalid"

    def __init__(self, problems: Sequence[Problem], *, message: Mapping[str, str] | None = None) -> None:
        self.problems = tuple(problems)
        first = self.problems[0] if self.problems else None
        super().__init__(message or (first.say if first else {}), field=first.at if first else "")


class NotFound(RutaError):
    """It does not exist, or must not be known to exist."""

    status = 404
    code = "not-found"


class Forbidden(RutaError):
    """This actor may not do this."""

    status = 403
    code = "forbidden"


class Conflict(RutaError):
    """It changed meanwhile, or exists already."""

    status = 409
    code = "conflict"


class Unavailable(RutaError):
    """A system that is needed does not answer; nothing was lost, try again."""

    status = 503
    code = "unavailable"
