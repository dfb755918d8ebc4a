"""The smallest valid things of this room."""

from pathlib import Path
from typing import Any
from uuid import UUID

from ruta.documents import jobs, services
from ruta.documents.models import Output
from ruta.documents.templates import Template
from ruta.kernel.ids import new_id

TEMPLATE = Template.alone((Path(__file__).parent / "certificate.typ").read_text("utf-8"))

DATA: dict[str, Any] = {
    "kind": "certificate",
    "shows": {"kind": {"es": "Certificado", "en": "Certificate"}},
    "agency": "Registraduría Nacional del Estado Civil",
    "office": "Registraduría Especial de Tunja",
    "entry": {
        "serial": "28451190",
        "nuip": "1020304050",
        "given_names": "María Fernanda",
        "first_surname": "Rojas",
        "second_surname": "Pérez",
        "birth_date": "27 de marzo de 1998",
        "birth_place": "Tunja, Boyacá",
        "office": "Registraduría Especial de Tunja",
        "entry_date": "2 de abril de 1998",
        "mother": {"names": "Lucía Pérez Gómez", "document": "CC 40 123 456"},
    },
    "notes": [
        {
            "date": "14 de junio de 2024",
            "kind": "Matrimonio",
            "text": "Contrajo matrimonio civil en la Notaría Segunda de Tunja, serial 07741258.",
        }
    ],
}
SHOWS = ["kind", "serial", "initials", "nuip_last_4", "issued_on", "state"]
ENTRY = "b7a1-entry"


def an_output(*, render: bool = True, holder: UUID | None = None, **changes: Any) -> Output:
    """A certificate that was asked for and, with `render`, issued."""
    template = services.store_bytes(changes.pop("template", TEMPLATE).packed(), media_type="application/json")
    asked: dict[str, Any] = {
        "case_id": new_id(),
        "case_number": "2026-CRB-000123-7",
        "token": "7",
        "service": "civil-registration",
        "service_title": {"es": "Registro civil", "en": "Civil registration"},
        "output_id": "copy",
        "title": {"es": "Registro civil de nacimiento", "en": "Birth entry"},
        "template_sha256": template.sha256,
        "data": DATA,
        "holder_id": holder,
        "lang": "es",
        "source": ("birth", ENTRY, 1),
        "verify_shows": SHOWS,
        "role": {"es": "Registrador especial", "en": "Special registrar"},
        "official": "Álvaro Castiblanco Ruiz",
        **changes,
    }
    output = services.request_issue(**asked)
    if render:
        jobs.render(output.code)
        output.refresh_from_db()
    return output
