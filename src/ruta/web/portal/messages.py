"""Messages in the folder. Opening a legal notice has consequences, so the page says so before."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ruta.cases import perms
from ruta.identity import access
from ruta.identity.actors import Actor, actor_of
from ruta.kernel.errors import NotFound
from ruta.notifications import selectors, services
from ruta.notifications.models import Message

PAGE = 25


@never_cache
@require_safe
@access.signed_in
def mailbox(request: HttpRequest) -> HttpResponse:
    """`/mensajes/`, newest first, paged by key."""
    actor = actor_of(request)
    found = selectors.messages_of_person(actor.person_id) if actor.person_id else Message.objects.none()
    after = request.GET.get("desde", "")
    if after:
        found = found.filter(pk__lt=_key(after))
    rows = list(found[: PAGE + 1])
    further = f"?desde={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    return render(
        request,
        "portal/mailbox.html",
        {"letters": rows[:PAGE], "next": further, "previous": reverse("portal:messages") if after else ""},
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@access.signed_in
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """`/mensajes/<id>/`. A legal notice is opened by a button; any other message is opened by looking at it."""
    actor = actor_of(request)
    found = selectors.message_of_person(message_id, _person(actor))
    if found.opened_at is None and (request.method == "POST" or not found.legal):
        found = services.open_message(found, actor, session_key=request.session.session_key or "")
    if request.method == "POST":
        return HttpResponseRedirect(reverse("portal:message", args=[message_id]))
    return render(
        request,
        "portal/message.html",
        {
            "letter": found,
            "closed": found.legal and found.opened_at is None,
            # who is asked something may be written to about a case that is not shown to it
            "case_shown": perms.visible_to(actor).filter(number=found.case_number).exists(),
        },
    )


def _person(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise NotFound(
            {
                "es": "Su cuenta todavía no tiene mensajes. Confirme primero quién es usted.",
                "en": "Your account has no messages yet. Confirm who you are first.",
            }
        )
    return actor.person_id


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(
            {
                "es": "Esa página de mensajes no existe. Vuelva al comienzo de la lista.",
                "en": "That page of messages does not exist. Go back to the start of the list.",
            }
        ) from None
