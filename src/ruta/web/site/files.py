"""Files on their way to a browser: nothing in them may run here, and they are never cached."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from ruta.documents.selectors import Download

SHOWN_IN_A_BROWSER = ("application/pdf", "image/jpeg", "image/png")


def send_file(file: Download, *, inline: bool) -> StreamingHttpResponse:
    """The file as an answer; with `inline` shown in the browser where its type is safe to show."""
    answer = StreamingHttpResponse(file.chunks(), content_type=file.media_type)
    answer["Content-Length"] = str(file.size)
    shown = inline and file.media_type in SHOWN_IN_A_BROWSER
    answer["Content-Disposition"] = content_disposition_header(not shown, file.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer
