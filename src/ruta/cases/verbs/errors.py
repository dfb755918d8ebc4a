"""What stops a step that nobody who acts now can mend."""

from __future__ import annotations

from ruta.kernel.errors import RutaError


class CannotBeDone(RutaError):
    """The verb cannot be done as things stand: the step stops with this reason until somebody mends the cause."""

    @classmethod
    def because(cls, wrong: RutaError) -> CannotBeDone:
        """The same reason and code, as what stops the step."""
        return cls(wrong.message, code=wrong.code)
