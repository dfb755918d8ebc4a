"""What somebody answered to what a case asked, in words; the same for the person and for officials."""

from django.utils.translation import gettext as _

from ruta.cases.asking import forms as asking_forms
from ruta.cases.models import AskedPerson
from ruta.kernel.texts import current_language

from . import parts


def given(found: AskedPerson) -> list[parts.Fact]:
    """The answer that was given, in words."""
    lang = current_language()
    titles = dict(
        zip([one["id"] for one in found.ask.data], asking_forms.data_in_words(found.ask, lang), strict=True)
    )
    said = []
    if found.ask.data:
        wrong = ", ".join(titles[name][0] for name in found.disputed if name in titles)
        said.append(
            parts.Fact(_("Los datos"), _("Están mal: %(what)s") % {"what": wrong}, note=found.note)
            if found.disputed
            else parts.Fact(_("Los datos"), _("Están bien"))
        )
    answers = asking_forms.answer_in_words(found.ask, found.values, lang)
    return [*said, *(parts.Fact(label, text) for label, text in answers)]
