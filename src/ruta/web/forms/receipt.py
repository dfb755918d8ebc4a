"""The receipt that an application was filed, as it is printed: by the person in the portal, or for it at the counter."""

from django.utils.translation import gettext as _

from ruta.cases import selectors
from ruta.cases.models import Case
from ruta.definitions import runtime
from ruta.identity.selectors import agency_title
from ruta.web.site import parts
from ruta.web.site.templatetags.site import long_date, moment

from .fees import law_in_words


def filing_facts(case: Case) -> list[parts.Fact]:
    """Number, what was asked of whom and by whom, when, and until when it is answered."""
    asked_by = " · ".join(filter(None, [case.applicant_name, case.applicant_document]))
    facts = [
        parts.Fact(_("Número"), case.number),
        parts.Fact(_("Trámite"), selectors.title_of(case)),
        parts.Fact(_("Entidad"), agency_title(case.agency)),
        parts.Fact(_("Quién lo pidió"), asked_by),
        parts.Fact(_("Radicado el"), moment(case.filed_at)),
        parts.Fact(_("Se entiende recibido el"), long_date(case.received_on)),
    ]
    answer = selectors.answer_term(case)
    if answer is not None:
        law = law_in_words(runtime.compiled(case.version_id), answer.law)
        facts.append(parts.Fact(_("Respuesta a más tardar el"), long_date(answer.due_on), note=law))
    return facts
