"""Where a form is filled: the portal, by a person, or the desk, by an official. The pages are the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render as render_template
from django.urls import reverse

from ruta.cases.applicants import BY_OFFICIALS, COUNTER
from ruta.cases.models import Draft
from ruta.identity import access
from ruta.identity.access import Declaration
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import Forbidden

PORTAL, DESK = "portal", "desk"


@dataclass(frozen=True)
class Side:
    """One of the two: the namespace of its addresses, who may open them, and what stands around a page.

    `skeleton` is the template that a page extends, `frame` what that shows beside the page, `filed` the template of a
    form that was filed, and `home` the address where the drafts and what came of them are found.
    """

    table: str
    rule: Declaration
    skeleton: str
    frame: Callable[[Actor], Mapping[str, Any]]
    filed: str
    home: str

    @property
    def desk(self) -> bool:
        """Whether an official fills the form."""
        return self.table == DESK


def of(request: HttpRequest) -> Side:
    """The side at whose address the request is."""
    assert request.resolver_match is not None
    side: Side = request.resolver_match.func.form_side  # type: ignore[attr-defined]
    return side


def actor_here(request: HttpRequest) -> Actor:
    """Who fills: at the desk the official that the account is, in the portal the person."""
    return actor_of(request, desk=of(request).desk)


def render(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page within what stands around it on its side."""
    side = of(request)
    around = {"side": side, "skeleton": side.skeleton, **side.frame(actor_here(request))}
    return render_template(request, template, {**around, **context}, status=status)


def lacks_level(request: HttpRequest, level: str) -> HttpResponse:
    """Somebody is not known surely enough: a person is sent to prove it, and back; an official is told."""
    if not of(request).desk:
        return access.step_up(request, level)
    raise Forbidden(
        {
            "es": "Este trámite pide una identidad más segura que la que consta aquí. Lo escrito queda guardado en el "
            "borrador.",
            "en": "This act asks for a surer identity than is known here. What was written stays in the draft.",
        },
        code="level",
    )


def address(draft: Draft, name: str, *more: str) -> str:
    """The address of a page of the draft, on the side where it is filled: `address(draft, "form-page", "entry")`."""
    return reverse(f"{_table(draft)}:{name}", args=[draft.pk, *more])


def start_url(draft: Draft) -> str:
    """The address where such a form is begun."""
    name = "form-start-for" if draft.channel == COUNTER else "form-start"
    return reverse(f"{_table(draft)}:{name}", args=[draft.service, draft.act])


def _table(draft: Draft) -> str:
    return DESK if draft.channel in BY_OFFICIALS else PORTAL
