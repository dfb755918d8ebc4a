"""What a case asks of whoever is signed in: the way into the form, or what became of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruta.cases import asking, perms
from ruta.cases.drafts import services
from ruta.cases.models import Draft
from ruta.identity import access
from ruta.identity.actors import actor_of, has_level
from ruta.kernel.errors import RutaError
from ruta.kernel.texts import current_language
from ruta.web.forms import asked as pages
from ruta.web.forms import steps


@never_cache
@require_safe
@access.signed_in
def asked(request: HttpRequest, asked_id: UUID) -> HttpResponse:
    """`/pedidos/<id>/`: leads to the form while an answer is taken, else tells what became of it."""
    actor = actor_of(request)
    found = asking.find(asked_id, actor)
    if not has_level(actor, found.ask.level):
        return access.step_up(request, found.ask.level)
    try:
        asking.refuse(found, actor)
    except RutaError as over:
        mine = Draft.objects.filter(owner_id=actor.account_id, asked=found, posting=None).first()
        case = found.ask.case
        seen = perms.sees(actor, case)
        back = reverse("portal:case", args=[case.number]) if seen else reverse("portal:cases")
        context = pages.over(found, over, pages.typed(mine) if mine else [], back=back)
        return render(request, "forms/asked_over.html", {"skeleton": "site/form.html", **context})
    draft = services.start_answer(actor, found, lang=current_language())
    return HttpResponseRedirect(steps.resume(draft, actor))
