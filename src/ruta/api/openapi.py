"""The OpenAPI 3.1 document, made from the versions in force: each act that systems file, with the schema of its form."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ruta.cases.applicants import API
from ruta.cases.sent import LONGEST_KEY
from ruta.definitions import runtime
from ruta.definitions.acts import CompiledAct
from ruta.definitions.runtime import CompiledService
from ruta.definitions.selectors import current_services
from ruta.engine import forms
from ruta.identity import access
from ruta.kernel.texts import current_language, pick

from .answers import PER_MINUTE, PROBLEM, answer, endpoint

Json = dict[str, Any]


def is_offered(act: CompiledAct) -> bool:
    """Whether systems file the act."""
    return act.is_open and API in act.spec.channels


def offered() -> Iterator[tuple[CompiledService, CompiledAct]]:
    """Every act in force that systems file."""
    for version in current_services():
        service = runtime.compiled(version.pk)
        for name, spec in service.service.acts.items():
            if API in spec.channels and is_offered(service.act(name)):
                yield service, service.act(name)


@endpoint("GET", "HEAD", rule=access.public)
def document(request: HttpRequest) -> HttpResponse:
    """`GET /api/v1/openapi.json`."""
    response = answer(made())
    response["Content-Type"] = "application/openapi+json"
    response["Access-Control-Allow-Origin"] = "*"  # any editor may read it
    return response


def made() -> Json:
    """The document, its texts in the language asked for."""
    acts = list(offered())
    paths: Json = {}
    schemas: Json = dict(_SCHEMAS)
    for service, act in acts:
        paths |= _paths(service, act)
        schemas[schema_name(service, act)] = body_schema(act)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Ruta",
            "version": "1",
            "summary": _say(
                "Radicar y consultar trámites.", "File applications and read what became of them."
            ),
            "description": _say(
                f"Hasta {PER_MINUTE} llamadas por minuto y clave. Los mensajes van en el idioma de Accept-Language.",
                f"Up to {PER_MINUTE} calls a minute and key. Messages follow Accept-Language.",
            ),
        },
        "servers": [{"url": settings.PUBLIC_URL}],
        "security": [{"key": []}],
        "tags": [
            {"name": service.service.slug, "description": pick(service.service.title)}
            for service in {each.service.slug: each for each, _ in acts}.values()
        ],
        "paths": paths | _shared_paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "parameters": {"IdempotencyKey": _idempotency_key(), "Language": _language()},
            "responses": {"Problem": _problem_response()},
        },
    }


def schema_name(service: CompiledService, act: CompiledAct) -> str:
    """The name of the act's form among the document's schemas."""
    return f"{service.service.slug}.{act.name}"


def body_schema(act: CompiledAct) -> Json:
    """The form's JSON Schema as a sender needs it: labels as titles, and required what is asked of everybody."""
    form = act.form
    assert form is not None
    kept = {key: value for key, value in form.schema.items() if key not in ("required", "x-ui")}
    always = [name for name, field in form.fields.items() if field.required and not _conditional(form, field)]
    properties = {
        name: _property(form.fields[name], part) for name, part in form.schema["properties"].items()
    }
    return kept | {"properties": properties, "required": always}


def _conditional(form: forms.Form, field: forms.Field) -> bool:
    page = form.page_of(field.name)
    return field.when is not None or page is None or page.when is not None


def _property(field: forms.Field, part: Mapping[str, Any]) -> Json:
    described = " ".join(
        filter(None, [pick(field.hint), f"({_when()}: `{field.when}`)" if field.when else ""])
    )
    return {**part, "title": pick(field.label), **({"description": described} if described else {})}


def _when() -> str:
    return _say("solo cuando", "only when")


def _paths(service: CompiledService, act: CompiledAct) -> Json:
    slug, name = service.service.slug, act.name
    here = f"/api/v1/{slug}/{name}"
    operation = f"{slug}.{name}"
    body = {"$ref": f"#/components/schemas/{schema_name(service, act)}"}
    return {
        f"{here}/cases": {
            "post": _operation(
                slug,
                f"{operation}.file",
                pick(act.spec.title),
                pick(act.spec.summary),
                parameters=[_ref("parameters", "IdempotencyKey"), _ref("parameters", "Language")],
                requestBody={"required": True, "content": {"application/json": {"schema": body}}},
                responses={
                    "201": _json(_say("Radicada", "Filed"), "Case"),
                    "200": _json(
                        _say("La clave ya la había radicado", "The key had filed it before"), "Case"
                    ),
                },
            )
            | {"x-scopes": sorted(act.spec.scopes)}
        },
        f"{here}/bulk": {
            "post": _operation(
                slug,
                f"{operation}.bulk",
                _say(f"{pick(act.spec.title)}: muchas", f"{pick(act.spec.title)}: many"),
                _say(
                    "Una por línea; una columna o miembro _key da nombre a cada una.",
                    "One a line; a column or member _key names each.",
                ),
                parameters=[_ref("parameters", "IdempotencyKey"), _ref("parameters", "Language")],
                requestBody={
                    "required": True,
                    "content": {
                        "application/x-ndjson": {"schema": {"type": "string"}},
                        "text/csv": {"schema": {"type": "string"}},
                    },
                },
                responses={"202": _json(_say("Se está radicando", "It is being filed"), "Batch")},
            )
            | {"x-scopes": sorted(act.spec.scopes)}
        },
        f"{here}/schema": {
            "get": _operation(
                slug,
                f"{operation}.schema",
                _say("El esquema del formulario", "The form's schema"),
                "",
                security=[],
                responses={
                    "200": {
                        "description": "JSON Schema 2020-12",
                        "content": {"application/schema+json": {"schema": {"type": "object"}}},
                    }
                },
            )
        },
    }


def _shared_paths() -> Json:
    batch = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    number = {"name": "number", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/api/v1/cases/{number}": {
            "get": _operation(
                "",
                "case",
                _say("El estado de un expediente", "The state of a case"),
                _say("Solo lo que radicó este sistema.", "Only what this system filed."),
                parameters=[number, _ref("parameters", "Language")],
                responses={"200": _json(_say("El estado", "The state"), "Case")},
            )
        },
        "/api/v1/bulk/{id}": {
            "get": _operation(
                "",
                "bulk",
                _say("Cómo va un envío de muchas", "How far a sending of many is"),
                "",
                parameters=[batch],
                responses={"200": _json(_say("Cómo va", "How far"), "Batch")},
            )
        },
        "/api/v1/bulk/{id}/answers": {
            "get": _operation(
                "",
                "bulk.answers",
                _say("Una respuesta por línea", "An answer per line"),
                "",
                parameters=[batch, _ref("parameters", "Language")],
                responses={
                    "200": {
                        "description": _say("Una por línea", "One a line"),
                        "content": {
                            "application/x-ndjson": {"schema": _ref("schemas", "Line")},
                            "text/csv": {"schema": {"type": "string"}},
                        },
                    }
                },
            )
        },
    }


def _operation(tag: str, operation: str, summary: str, description: str, **more: Any) -> Json:
    more["responses"] = {**more["responses"], "default": _ref("responses", "Problem")}
    said = {"description": description} if description else {}
    return {**({"tags": [tag]} if tag else {}), "operationId": operation, "summary": summary, **said, **more}


def _json(description: str, schema: str) -> Json:
    return {"description": description, "content": {"application/json": {"schema": _ref("schemas", schema)}}}


def _ref(kind: str, name: str) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _say(es: str, en: str) -> str:
    return en if current_language() == "en" else es


def _idempotency_key() -> Json:
    return {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
        "description": _say(
            "Una clave por solicitud: enviada otra vez, no se radica dos veces.",
            "One key per application: sent again, nothing is filed twice.",
        ),
    }


def _language() -> Json:
    return {"name": "Accept-Language", "in": "header", "schema": {"enum": ["es", "en"], "default": "es"}}


def _problem_response() -> Json:
    content = {PROBLEM: {"schema": _ref("schemas", "Problem")}}
    return {"description": _say("Qué está mal (RFC 9457)", "What is wrong (RFC 9457)"), "content": content}


def _object(required: str, **properties: Json) -> Json:
    return {"type": "object", "required": required.split(), "properties": properties}


_TEXT: Json = {"type": "string"}
_NULLABLE: Json = {"type": ["string", "null"]}
_COUNT: Json = {"type": "integer", "minimum": 0}
_INSTANT: Json = {"type": "string", "format": "date-time"}
_DAY: Json = {"type": "string", "format": "date"}
_SCHEMAS: Json = {
    "Case": _object(
        "number service act status outcome stage filed_at received_on decided_at terms outputs",
        number=_TEXT,
        service=_TEXT,
        act=_TEXT,
        status={"enum": ["open", "decided", "notified", "firm", "closed"]},
        outcome=_NULLABLE,
        stage={"type": ["object", "null"], "properties": {"id": _TEXT, "title": _TEXT}},
        filed_at=_INSTANT,
        received_on=_DAY,
        decided_at={"type": ["string", "null"], "format": "date-time"},
        terms={
            "type": "array",
            "items": _object(
                "id status due_on",
                id=_TEXT,
                status={"enum": ["running", "paused", "met", "expired"]},
                due_on=_DAY,
                law=_TEXT,
            ),
        },
        outputs={
            "type": "array",
            "items": _object(
                "id title code state verify",
                id=_TEXT,
                title=_TEXT,
                code=_TEXT,
                state={"enum": ["valid", "suspended", "superseded", "revoked"]},
                verify={"type": "string", "format": "uri"},
            ),
        },
    ),
    "Batch": _object(
        "id status lines waiting filed known refused answers",
        id={"type": "string", "format": "uuid"},
        status={"enum": ["filing", "done"]},
        lines=_COUNT,
        waiting=_COUNT,
        filed=_COUNT,
        known=_COUNT,
        refused=_COUNT,
        answers={"type": "string", "format": "uri-reference"},
    ),
    "Line": _object(
        "line status",
        line=_COUNT,
        key=_TEXT,
        status={"enum": ["waiting", "filed", "known", "refused"]},
        number=_TEXT,
        problems={
            "type": "array",
            "items": _object("pointer check detail", pointer=_TEXT, check=_TEXT, detail=_TEXT),
        },
    ),
    "Problem": _object(
        "type title status",
        type=_TEXT,
        title=_TEXT,
        status={"type": "integer"},
        detail=_TEXT,
        lang={"enum": ["es", "en"]},
        problems={
            "type": "array",
            "items": _object(
                "pointer check detail",
                pointer={"type": "string", "format": "json-pointer"},
                check=_TEXT,
                detail=_TEXT,
                law=_TEXT,
            ),
        },
    ),
}
