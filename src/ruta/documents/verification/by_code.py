"""Verify by code: what somebody reads from paper and types."""

from ruta.identity.actors import Actor
from ruta.kernel.errors import Invalid
from ruta.kernel.identifiers import parse_output_code

from .. import perms
from ..models import Output
from .verdict import Kind, Original, Verdict

LONGEST = 60


def verify_code(code: str, actor: Actor | None = None) -> Verdict:
    """What the output with this code is worth today, for `actor` (None: anybody); one query.

    Typed in any case, with or without hyphens, O for 0. A code whose check character is wrong is `unknown`
    with `mistyped` saying so; never issued, still being signed, or of a sealed case that `actor` may not know
    of, is `unknown`.
    """
    try:
        stored = parse_output_code(code[:LONGEST])
    except Invalid as wrong:
        return Verdict(Kind.UNKNOWN, code[:LONGEST].strip(), mistyped=wrong.problems[0].say)
    output = perms.known_to(actor or Actor.anonymous()).filter(code=stored).first()
    return of_output(output) if output else Verdict(Kind.UNKNOWN, stored)


def of_output(output: Output) -> Verdict:
    """The verdict that the output's state gives."""
    return Verdict(Kind(output.state), output.code, Original.of(output))
