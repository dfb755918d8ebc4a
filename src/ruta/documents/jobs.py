"""Work outside a request: render and sign what was asked for."""

from django.db import transaction

from ruta.kernel import clock, events
from ruta.kernel.jobs import job, periodic
from ruta.kernel.texts import pick

from . import issuing, services
from .models import Output, OutputChange
from .uploads import resumable


@job(name="documents.render", queue="documents", retry=6)
def render(code: str) -> None:
    """Render, sign and keep the output of this code; tell `output.issued` {code, case_id, token}. Twice does
    no harm.
    """
    with transaction.atomic():
        output = Output.objects.select_for_update().filter(code=code, issued_at=None).first()
        if output is None:
            return
        issued_at = clock.now()
        made = issuing.make(output, issued_at=issued_at)
        blob = services.store_bytes(made.pdf, media_type="application/pdf")
        output.pdf_sha256 = blob.sha256
        output.signature_level = made.level
        output.issued_at = issued_at
        output.save(update_fields=["pdf_sha256", "signature_level", "issued_at"])
        services.add_document(
            output.case_number,
            blob=blob,
            name=f"{output.output_id}-{output.code}.pdf",
            document_type=pick(output.title, "es"),
            added_by="system:documents",
            output=output.code,
        )
        OutputChange.objects.create(output=output, at=issued_at, state=output.state, reason=output.reason)
        events.publish(
            "output.issued",
            key=code,
            payload={"code": code, "case_id": str(output.case_id), "token": output.token},
        )


@periodic(cron="35 * * * *", name="documents.drop-partial-uploads")
def drop_partial_uploads() -> None:
    """Take away the files that somebody began to send and did not finish."""
    resumable.drop_old()
