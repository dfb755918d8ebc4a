"""Filing one application, and reading what became of it."""

from django.http import HttpRequest, HttpResponse

from ruta.cases import applicants, selectors, sent
from ruta.cases.models import Case
from ruta.definitions import runtime
from ruta.definitions.acts import CompiledAct
from ruta.definitions.runtime import CompiledService
from ruta.definitions.selectors import current_version
from ruta.identity import access
from ruta.identity.actors import Actor
from ruta.kernel.errors import NotFound, RutaError
from ruta.kernel.texts import current_language

from . import openapi, state
from .answers import Unreadable, answer, endpoint, json_object


def act_by_api(slug: str, name: str) -> tuple[CompiledService, CompiledAct]:
    """The act in force, if systems file it. Raises NotFound for any other, alike."""
    service = runtime.compiled(current_version(slug).pk)
    if name not in service.service.acts or not openapi.is_offered(service.act(name)):
        raise NotFound(
            {
                "es": f"{slug} no tiene un acto {name} que se radique por API.",
                "en": f"{slug} has no act {name} that is filed by API.",
            }
        )
    return service, service.act(name)


def sender_of(actor: Actor) -> sent.Sender:
    """The system as who sends; what it files speaks the language in which it asks."""
    return sent.Sender(actor.ref, actor, applicants.system(actor), applicants.API, current_language())


def key_of(request: HttpRequest) -> str:
    """`Idempotency-Key`, with or without the quotes of a structured field. Raises Unreadable for none or a long one."""
    key = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if not key or len(key) > sent.LONGEST_KEY:
        raise Unreadable(
            {
                "es": f"Falta Idempotency-Key: de 1 a {sent.LONGEST_KEY} caracteres, otra para cada solicitud. "
                "Enviada otra vez, no se radica dos veces.",
                "en": f"Idempotency-Key is missing: 1 to {sent.LONGEST_KEY} characters, another for each application. "
                "Sent again, nothing is filed twice.",
            },
            code="key-missing",
        )
    return key


@endpoint("POST")
def file(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """`POST /api/v1/‹service›/‹act›/cases`: 201 with the case; 200 when the key filed it before."""
    actor = access.client_of(request)
    act_by_api(slug, act)
    key = key_of(request)
    ready = sent.prepare(sender_of(actor), slug, act, json_object(request), key)
    known = isinstance(ready, Case)
    case = ready if isinstance(ready, Case) else sent.file(ready)
    return answer(state.state_of(case), 200 if known else 201, Location=state.address_of_case(case))


@endpoint("GET", "HEAD")
def case(request: HttpRequest, number: str) -> HttpResponse:
    """`GET /api/v1/cases/‹number›`: only what this system filed; anything else is unknown."""
    try:
        found = selectors.find(number, access.client_of(request))
    except RutaError as wrong:
        raise NotFound(wrong.message) from None
    return answer(state.state_of(found))


@endpoint("GET", "HEAD", rule=access.public)
def schema(request: HttpRequest, slug: str, act: str) -> HttpResponse:
    """`GET /api/v1/‹service›/‹act›/schema`: the JSON Schema of what is filed, checks and pages with it."""
    _service, found = act_by_api(slug, act)
    assert found.form is not None
    response = answer(dict(found.form.schema))
    response["Content-Type"] = "application/schema+json"
    return response
