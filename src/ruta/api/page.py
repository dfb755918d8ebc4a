"""`/api/`: what systems may file, and how, for people who read."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ruta.definitions.acts import CompiledAct
from ruta.identity import access
from ruta.kernel.texts import pick
from ruta.web.forms.dictionary import fields_table
from ruta.web.site import parts

from . import openapi
from .answers import PER_MINUTE


@dataclass(frozen=True)
class Offered:
    """One act: where it is filed, with which scopes, and its fields."""

    id: str
    title: str
    summary: str
    address: str
    schema: str
    scopes: str
    fields: parts.Table


@access.public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """`/api/`: the acts that systems file, each with its address, scopes and fields."""
    context = {
        "acts": [_offered(service.service.slug, act) for service, act in openapi.offered()],
        "public_url": settings.PUBLIC_URL,
        "per_minute": PER_MINUTE,
    }
    return render(request, "api/page.html", context)


def _offered(slug: str, act: CompiledAct) -> Offered:
    assert act.form is not None
    return Offered(
        id=f"{slug}-{act.name}",
        title=pick(act.spec.title),
        summary=pick(act.spec.summary),
        address=reverse("api:file", args=[slug, act.name]),
        schema=reverse("api:schema", args=[slug, act.name]),
        scopes=", ".join(sorted(act.spec.scopes)),
        fields=fields_table(act.form),
    )
