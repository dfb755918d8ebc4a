"""Verify by code: what somebody reads from paper and types."""

from ruta.kernel.errors import Invalid
from ruta.kernel.identifiers import parse_output_code

from ..models import Output
from .verdict import Kind, Original, Verdict

LONGEST = 60


def verify_code(code: str) -> Verdict:
    """What the output with this code is worth today; one query.

    Typed in any case, with or without hyphens, O for 0. A code whose check character is wrong is `unknown`
    with `mistyped` saying so; never issued, or still being signed, is `unknown`.
    """
    try:
        stored = parse_output_code(code[:LONGEST])
    except Invalid as wrong:
        return Verdict(Kind.UNKNOWN, code[:LONGEST].strip(), mistyped=wrong.problems[0].say)
    output = Output.objects.filter(code=stored, issued_at__isnull=False).first()
    return of_output(output) if output else Verdict(Kind.UNKNOWN, stored)


def of_output(output: Output) -> Verdict:
    """The verdict that the output's state gives."""
    return Verdict(Kind(output.state), output.code, Original.of(output))
