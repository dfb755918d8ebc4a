"""The gallery: every component with data and in its error state, in both languages and appearances."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruta.identity import access
from ruta.kernel import clock

from . import parts


@access.public
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """All components on one page; `?confirm=1` shows the page that asks before something that cannot be undone."""
    if "confirm" in request.GET:
        return render(request, "site/gallery_confirm.html")
    return render(request, "site/gallery.html", {**_questions(), **_facts(), **_case()})


def _questions() -> dict[str, object]:
    choices = (
        parts.Option("a", _("La persona del documento")),
        parts.Option("b", _("Su madre o su padre")),
        parts.Option("c", _("Otra persona"), hint=_("Con poder o por orden de un juez")),
    )
    wrong_date = _("No existe ningún día 31 de noviembre: noviembre tiene 30 días. Revise el día o el mes.")
    good = [
        parts.Field(
            "number",
            _("Número de documento"),
            hint=_("Sin puntos ni espacios"),
            value="1020304050",
            required=True,
            input_mode="numeric",
            short=True,
        ),
        parts.Field(
            "expiry",
            _("Fecha de vencimiento"),
            kind="date",
            hint=_("Ejemplo: 27 3 1998"),
            why=_("Para no mostrar los datos de otra persona por un número mal escrito."),
            day="27",
            month="3",
            year="1998",
            required=True,
        ),
        parts.Field("who", _("¿Quién lo pide?"), kind="radio", options=choices, value="b", required=True),
        parts.Field(
            "how",
            _("¿Cómo quiere que le avisemos?"),
            kind="checkboxes",
            options=(
                parts.Option("mail", _("Por correo"), checked=True),
                parts.Option("sms", _("Por mensaje de texto")),
            ),
        ),
        parts.Field(
            "agree",
            _("Acepto que me notifiquen por medios electrónicos"),
            kind="checkbox",
            value="true",
            hint=_("Puede cambiarlo cuando quiera."),
        ),
        parts.Field(
            "reason",
            _("Explique para qué"),
            kind="textarea",
            value=_("Para inscribir a mi hija en el colegio."),
            max_length=500,
        ),
        parts.Field(
            "city",
            _("Ciudad"),
            kind="select",
            options=(parts.Option("t", "Tunja"), parts.Option("c", "Cali")),
            value="t",
            required=True,
        ),
        parts.Field(
            "office",
            _("Oficina"),
            kind="search",
            options=(
                parts.Option("1", "Oficina de Tunja"),
                parts.Option("2", "Oficina de Cali"),
            ),
            hint=_("Escriba el municipio y elija"),
            required=True,
        ),
        parts.Field(
            "paper",
            _("Documento que lo muestra"),
            kind="file",
            accept="application/pdf,image/jpeg",
            hint=_("PDF o foto, hasta 10 MB"),
        ),
    ]
    wrong = [
        parts.Field(
            "number_",
            _("Número de documento"),
            value="10.20A",
            error=_("El número lleva letras. Escriba solo los dígitos."),
            required=True,
            short=True,
        ),
        parts.Field(
            "expiry_",
            _("Fecha de vencimiento"),
            kind="date",
            day="31",
            month="11",
            year="1998",
            error=wrong_date,
            required=True,
        ),
        parts.Field(
            "free_",
            _("Fecha de la entrega"),
            kind="date",
            value="el 31 de febrero",
            error=_("No entendimos la fecha. Escríbala así: 27/3/1998."),
            required=True,
        ),
        parts.Field(
            "who_",
            _("¿Quién lo pide?"),
            kind="radio",
            options=choices,
            error=_("Elija una de las tres opciones."),
            required=True,
        ),
    ]
    return {
        "good_fields": good,
        "wrong_fields": wrong,
        "errors": parts.error_links(wrong),
        "bar": [parts.Stage("", state) for state in ("done", "current", "waiting", "waiting", "waiting")],
    }


def _facts() -> dict[str, object]:
    return {
        "figures": [
            parts.Figure("41.208", _("trámites resueltos")),
            parts.Figure("2,1", _("días de mediana hasta la decisión")),
            parts.Figure("97,4 %", _("dentro del plazo legal")),
        ],
        "facts": [
            parts.Fact(_("Nombre"), "María Fernanda Rojas Pérez"),
            parts.Fact(_("Documento"), "CC 1020304050"),
            parts.Fact(_("Oficina"), "Oficina de Tunja", note=_("Lo trajimos hoy a las 9:41")),
        ],
        "table": parts.Table(
            _("Lo que se cobra"),
            (_("Concepto"), _("Norma"), _("Valor")),
            (
                (
                    parts.Cell(_("Documento en línea")),
                    parts.Cell("Ley 1163 de 2007"),
                    parts.Cell("$ 9.850", kind="amount"),
                ),
                (
                    parts.Cell(_("Copia adicional")),
                    parts.Cell("Ley 1163 de 2007"),
                    parts.Cell("$ 9.850", kind="amount"),
                ),
            ),
            total=(parts.Cell(_("Total")), parts.Cell(""), parts.Cell("$ 19.700", kind="amount")),
        ),
        "steps": [
            parts.Step(_("Díganos qué necesita"), _("Dos preguntas")),
            parts.Step(_("Pague en línea"), _("O muestre por qué no paga")),
            parts.Step(_("Descargue el documento"), _("Firmado y verificable")),
        ],
        "tabs": [
            parts.Tab(_("Abiertos"), "?tab=open", current=True, count="3"),
            parts.Tab(_("Cerrados"), "?tab=closed", count="12"),
        ],
    }


def _case() -> dict[str, object]:
    now: datetime = clock.now()
    return {
        "stages": [
            parts.Stage(_("Recibimos su solicitud"), "done", _("3 de noviembre")),
            parts.Stage(_("La revisamos"), "current", _("La tiene la oficina de Tunja desde ayer")),
            parts.Stage(_("Documento listo")),
        ],
        "clocks": [
            parts.LegalClock(
                "running",
                _("Respuesta a más tardar el lunes 14 de diciembre de 2026"),
                _("Quedan 9 días hábiles de 10."),
            ),
            parts.LegalClock(
                "today", _("El plazo termina hoy"), _("Si no hay respuesta, la ley la da por concedida.")
            ),
            parts.LegalClock(
                "overdue", _("El plazo venció ayer"), _("Ya avisamos al superior del funcionario.")
            ),
            parts.LegalClock(
                "paused", _("El plazo está suspendido"), _("Corre de nuevo cuando usted responda.")
            ),
            parts.LegalClock("met", _("Respondido en 3 días hábiles"), _("El plazo legal era de 10.")),
        ],
        "moments": [
            parts.Moment(now, _("El documento está listo"), color="success"),
            parts.Moment(now, _("Recibimos su pago"), _("Recibo RC-2026-000123")),
        ],
        "now": now,
    }
