"""Pages on which somebody proves who they are, and django-allauth's own under our rules and addresses."""

from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ruta.engine.problems import Problem
from ruta.kernel.dates import parse_date
from ruta.kernel.errors import Invalid, RutaError
from ruta.kernel.identifiers import DOCUMENT_TYPES, problem_of_document
from ruta.kernel.names import parse_name
from ruta.kernel.texts import pick

from . import access, proofing
from .actors import actor_of, has_level
from .models import Account

ATTEMPT = "ruta_proofing"


def of_allauth(view: access.View) -> access.View:
    """One of django-allauth's views for our templates: `site` stays ours, and every variable exists."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data.pop("site", None)
            response.context_data.setdefault("redirect_field", "")
        return response

    return shown


@dataclass(frozen=True)
class Line:
    """One line that a person types on the step-up page."""

    name: str
    label: str
    value: str
    problem: str
    hint: str = ""
    autocomplete: str = "off"
    optional: bool = False
    short: bool = False


def _lines(typed: dict[str, str], problems: dict[str, str]) -> list[Line]:
    def line(name: str, label: str, **more: Any) -> Line:
        return Line(name, label, typed[name], problems.get(name, ""), **more)

    label = {name: pick(each) for name, each in _labels().items()}
    example = gettext("Día, mes y año, por ejemplo 27/03/1998")
    issue = gettext("La que está impresa en el documento, por ejemplo 05/06/2016")
    return [
        line("document_number", gettext("Número de documento"), short=True),
        line("given_names", label["given_names"], autocomplete="given-name"),
        line("first_surname", label["first_surname"], autocomplete="family-name", optional=True),
        line("second_surname", label["second_surname"], optional=True),
        line("birth_date", label["birth_date"], hint=example, autocomplete="bday", short=True),
        line("issue_date", label["issue_date"], hint=issue, short=True),
    ]


def _labels() -> dict[str, dict[str, str]]:
    return {
        "given_names": {"es": "Nombres", "en": "Given names"},
        "first_surname": {"es": "Primer apellido", "en": "First surname"},
        "second_surname": {"es": "Segundo apellido", "en": "Second surname"},
        "birth_date": {"es": "Fecha de nacimiento", "en": "Born on"},
        "issue_date": {"es": "Fecha de expedición del documento", "en": "Issue date of the document"},
    }


def _back(request: HttpRequest) -> str:
    """Where the person was: only an address of this site."""
    wanted = request.POST.get("siguiente") or request.GET.get("siguiente") or "/"
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


def _needed(request: HttpRequest) -> str:
    wanted = request.POST.get("nivel") or request.GET.get("nivel") or "medium"
    return wanted if wanted in ("medium", "high", "very_high") else "medium"


def read_claim(typed: dict[str, str]) -> proofing.Claim:
    """What was typed as a claim. Raises Invalid with every problem at once, by field."""
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for name, label in _labels().items():
        try:
            if name.endswith("_date"):
                read[name] = parse_date(typed.get(name, ""), at=f"/{name}", label=label)
            else:
                read[name] = parse_name(
                    typed.get(name, ""),
                    at=f"/{name}",
                    label=label,
                    required=name == "given_names",
                    max_length=125,
                )
        except Invalid as wrong:
            problems.extend(wrong.problems)
    kind, number = typed.get("document_type", ""), typed.get("document_number", "")
    if kind not in DOCUMENT_TYPES:
        say = {
            "es": "Tipo de documento: elija uno de la lista.",
            "en": "Document type: choose one from the list.",
        }
        problems.insert(0, Problem("/document_type", "required", say))
    elif problem := problem_of_document(kind, number, birth_date=read.get("birth_date")):
        problems.insert(0, problem)
    if problems:
        raise Invalid(problems)
    return proofing.Claim(document_type=kind, document_number=number, **read)


@never_cache
@require_http_methods(["GET", "POST"])
@access.signed_in
def step_up(request: HttpRequest) -> HttpResponse:
    """Prove who one is: the data of one's document, then questions; afterwards back to where one was."""
    back, needed = _back(request), _needed(request)
    actor = actor_of(request)
    if has_level(actor, needed):
        return HttpResponseRedirect(back)
    typed = {
        name: request.POST.get(name, "").strip() for name in ("document_type", "document_number", *_labels())
    }
    context: dict[str, Any] = {
        "back": back,
        "needed": needed,
        "online": needed == "medium",
        "typed": typed,
        "types": [(kind, pick(DOCUMENT_TYPES[kind].title)) for kind in proofing.TYPES],
        "refused": "",
    }
    problems: dict[str, str] = {}
    status = 200
    if request.method == "POST" and context["online"]:
        assert isinstance(request.user, Account)
        try:
            attempt = proofing.begin(request.user, read_claim(typed))
        except Invalid as wrong:
            status = wrong.status
            problems = _by_field(wrong)
        except RutaError as wrong:
            status = wrong.status
            context["refused"] = wrong.say()
        else:
            request.session[ATTEMPT] = str(attempt.id)
            return HttpResponseRedirect(f"{reverse('identity:questions')}?{urlencode({'siguiente': back})}")
    context["lines"] = _lines(typed, problems)
    context["type_problem"] = problems.get("document_type", "")
    context["errors"] = [{"target": f"id_{name}", "text": text} for name, text in problems.items()]
    return render(request, "identity/step_up.html", context, status=status)


def _by_field(wrong: Invalid) -> dict[str, str]:
    return {problem.at.removeprefix("/").replace("/", "-"): pick(problem.say) for problem in wrong.problems}


@never_cache
@require_http_methods(["GET", "POST"])
@access.signed_in
def questions(request: HttpRequest) -> HttpResponse:
    """The questions of an attempt; three of four right and the person is known."""
    assert isinstance(request.user, Account)
    back = _back(request)
    again = f"{reverse('identity:step-up')}?{urlencode({'siguiente': back})}"
    attempt = proofing.open_attempt(
        request.user, request.session.get(ATTEMPT) or "00000000-0000-0000-0000-000000000000"
    )
    if attempt is None:
        return HttpResponseRedirect(again)
    asked = proofing.questions_of(attempt)
    given = [request.POST.get(f"answer-{place}", "") for place in range(len(asked))]
    problems: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            proofing.answer(request.user, attempt.id, given)
        except Invalid as wrong:
            status = wrong.status
            problems = _by_field(wrong)
        except RutaError as wrong:
            request.session.pop(ATTEMPT, None)
            messages.error(request, wrong.say())
            return HttpResponseRedirect(again)
        else:
            request.session.pop(ATTEMPT, None)
            messages.success(request, gettext("Listo: ya sabemos que es usted."))
            return HttpResponseRedirect(back)
    context = {
        "back": back,
        "errors": [
            {"target": f"id_{name.replace('answers-', 'answer-')}", "text": text}
            for name, text in problems.items()
        ],
        "questions": [
            {
                "place": place,
                "label": pick(each.label),
                "options": each.options,
                "given": given[place],
                "error": problems.get(f"answers-{place}", ""),
            }
            for place, each in enumerate(asked)
        ],
    }
    return render(request, "identity/questions.html", context, status=status)
