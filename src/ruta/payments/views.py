"""The one address that the gateway calls. People's pages of payments live with the portal."""

import logging

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ruta.identity import access
from ruta.kernel.errors import RutaError

from . import services

logger = logging.getLogger(__name__)


@access.public
@csrf_exempt
@require_POST
def notice(request: HttpRequest) -> JsonResponse:
    """Take a signed webhook; answer 2xx when it is kept, else a problem (RFC 9457) with what is wrong.

    Anybody may call: the signature alone says who speaks.
    """
    try:
        answer = services.receive_webhook(request.headers, request.body)
    except RutaError as wrong:
        logger.warning("gateway notice refused: %s", wrong.code)
        return JsonResponse(
            {
                "type": f"urn:ruta:problem:{wrong.code}",
                "title": wrong.message.get("en", ""),
                "title_es": wrong.message.get("es", ""),
                "status": wrong.status,
                "field": wrong.field,
            },
            status=wrong.status,
            content_type="application/problem+json",
        )
    return JsonResponse({"code": answer.code}, status=answer.status)
