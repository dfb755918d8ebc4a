"""Whoever reads English meets no Spanish of ours: neither the platform's sentences nor the service's texts."""

import ast
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import yaml
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from tests.desk.desk_builders import MOTIVATION, page_of
from tests.pages.test_every_page import states
from tests.pages.whole_country import Country, table
from tests.web import filling

import ruta
from ruta.cases.models import RuleResult, Task
from ruta.definitions.runtime import CompiledService, compiled
from ruta.documents.models import Output
from ruta.engine import dmn
from ruta.notifications.models import Message

pytestmark = pytest.mark.django_db
LANGUAGE = "en"
Pair = tuple[str, str]  # Spanish, English
SOURCE = Path(ruta.__file__).parent
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\{.*?\}\}|\{\w*\}|<[^>]+>|\n|%s")
IN_FEEL = re.compile(r'\{es: "([^"]*)", en: "([^"]*)"\}')
SHORTEST = 6
EDGES = " .,:;·«»()¿?"


def sentences() -> Iterator[Pair]:
    """Every text of the platform: of its catalogues, and of its code where both languages stand side by side."""
    for po in SOURCE.rglob("locale/en/LC_MESSAGES/django.po"):
        with po.open("rb") as source:
            for message in read_po(source, locale="en"):
                if message.id:
                    yield from zip(_several(message.id), _several(message.string), strict=False)

    for path in SOURCE.rglob("*.es.md"):
        other = path.with_name(path.name.replace(".es.md", ".en.md")).read_text()
        yield from ((line, other) for line in path.read_text().splitlines())
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Dict):
                told = {
                    key.value: value.value
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
                }
                yield from texts(told)


def _several(text: Any) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, list | tuple) else (text,)


def texts(data: Any) -> Iterator[Pair]:
    """Wherever data hold both languages."""
    if isinstance(data, Mapping):
        if isinstance(data.get("es"), str) and isinstance(data.get("en"), str):
            yield data["es"], data["en"]
        for value in data.values():
            yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)


def drawn(service: CompiledService) -> Iterator[Pair]:
    """Every name in the processes, every word and label of the decisions."""
    for act, spec in service.service.acts.items():
        process = service.act(act).process if spec.guide is None else None
        if process is not None:
            shapes = (*process.drawing.boxes, *process.drawing.lines)
            for label in (process.label, *(shape.label for shape in shapes)):
                if label:
                    yield label["es"], label["en"]
    for model in service.models.values():
        for element in model.definitions.elements:
            table = getattr(element, "expression", None)
            if isinstance(table, dmn.elements.DecisionTable):
                yield from ((clause.label, clause.label_en) for clause in table.inputs)
                for rule in table.rules:
                    said = dict(zip(table.annotations, rule.annotations, strict=False))
                    yield said["words"], said["words_en"]


def spanish_only(service: CompiledService) -> set[str]:
    """The pieces of Spanish that no page in English may hold, those left out that English has too."""
    pairs = [*sentences(), *drawn(service)]
    pairs += [pair for path in service.models for pair in IN_FEEL.findall(service.folder.text(path))]
    for path, content in service.folder.files.items():
        if path.endswith(".json"):
            pairs += texts(json.loads(content))
        elif path.endswith(".yaml") and "scenarios" not in path:
            pairs += texts(yaml.safe_load(content))
        elif path.endswith(".es.md"):
            other = service.folder.text(path.replace(".es.md", ".en.md"))
            pairs += [(line, other) for line in service.folder.text(path).splitlines()]
    english = " ".join(each for _, each in pairs)
    pieces = {piece.strip(EDGES) for said, _ in pairs for piece in PLACEHOLDER.split(said)}
    return {piece for piece in pieces if len(piece) >= SHORTEST and piece not in english}


def said(answer: Any) -> list[str]:
    """All that an answer says, piece by piece: text and read-out attributes of a page, lines of a PDF."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"%PDF"):
        document = pypdfium2.PdfDocument(content)
        return [line for page in document for line in page.get_textpage().get_text_range().splitlines()]
    if answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return []
    body = re.sub(r"<(script|style).*?</\1>", " ", content.decode(), flags=re.DOTALL)
    found = re.findall(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"', body) + re.split(r"<[^>]+>", body)
    return [" ".join(html.unescape(each).split()) for each in found]


def spanish_in(nodes: Iterable[str], spanish: Iterable[str]) -> set[str]:
    """The Spanish that the nodes hold: a single word, which may be a name, only where it stands alone."""
    alone = {node.strip(EDGES) for node in nodes}
    whole = " | ".join(nodes)
    return {piece for piece in spanish if piece in alone or (" " in piece and piece in whole)}


def in_english(country: Country, who: str) -> Client:
    client = Client()
    if who != "nobody":
        client.force_login(country.accounts[who])
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def country(standing_country: Country, monkeypatch: pytest.MonkeyPatch) -> Country:
    monkeypatch.setattr(settings, "DEMO", True)
    return standing_country


def visits(country: Country) -> Iterator[tuple[str, str]]:
    """(who, address): every address of the table, pages in other states, every page of the form, every letter."""
    for address in table():
        yield (
            {"official": "clara", "signed-in": "luis"}.get(address.rule or "", "nobody"),
            country.path(address),
        )
    yield from states(country)
    form = compiled(country.weighed.version_id).act("copy").form
    for page in form.pages if form else ():
        yield "luis", filling.page_url(country.draft.pk, page.id)
    for case in (country.weighed, country.sought, country.unpaid, country.decided):
        yield "luis", f"/mis-tramites/{case.number}/"
    for message in Message.objects.filter(person_id=country.office.luis.person_id):
        yield "luis", f"/mensajes/{message.pk}/"
    code = Output.objects.get(case_number=country.decided.number).code
    for who in ("luis", "clara"):
        yield who, f"/thread/{code}"


def test_no_page_and_no_document_in_english_holds_a_spanish_text_of_ours(country: Country) -> None:
    spanish = spanish_only(compiled(country.weighed.version_id))
    assert {"Revisar el propósito", "Lo tiene", "Quién pide"} <= spanish
    wrong: dict[str, list[str]] = {}
    looked_at = 0
    for who, path in visits(country):
        nodes = said(in_english(country, who).get(path))
        looked_at += bool(nodes)
        for piece in spanish_in(nodes, spanish):
            wrong.setdefault(piece, []).append(path)
    assert wrong == {}
    assert looked_at > 60


def test_the_official_reads_the_process_and_why_it_was_decided_in_english(country: Country) -> None:
    clara = in_english(country, "clara")
    page = " ".join(said(clara.get(page_of(country.weighed))))
    assert "It is at: Weigh the purpose." in page
    assert "Someone else with a legitimate purpose, stated in the application" in page
    assert "Who asks: other" in page
    inbox = said(clara.get("/escritorio/?caja=team"))
    assert {"Weigh the purpose", "Find the entry and digitise it", "Decide within three days"} <= set(inbox)
    assert "Charge the fee" in said(clara.get("/escritorio/?caja=waiting"))
    assert "Weigh the purpose" in clara.get("/escritorio/exportar/?caja=team").content.decode()

    task = Task.objects.get(case=country.weighed, status="open")
    done = clara.post(
        f"/escritorio/tareas/{task.pk}/",
        {"outcome": "grant", "motivation": MOTIVATION},
        follow=True,
    )
    assert f"You finished the task “Weigh the purpose” of case {country.weighed.number}." in said(done)


def test_the_citizen_reads_who_has_the_case_and_why_it_was_decided_in_english(country: Country) -> None:
    luis = in_english(country, "luis")
    sought = " ".join(said(luis.get(f"/mis-tramites/{country.sought.number}/")))
    assert "Find the entry and digitise it" in sought
    assert "Essential data: to anyone" in said(luis.get(f"/mis-tramites/{country.decided.number}/"))
    code = Output.objects.get(case_number=country.decided.number).code
    assert "Essential data: to anyone" in said(in_english(country, "nobody").get(f"/thread/{code}"))


def test_rules_of_a_case_from_before_there_was_english_are_read_in_spanish(country: Country) -> None:
    for result in RuleResult.objects.filter(case=country.decided):
        result.hits = [{**hit, "words": hit["words"]["es"]} for hit in result.hits]
        for hit in result.hits:
            del hit["labels"]
        result.save()
    code = Output.objects.get(case_number=country.decided.number).code
    for who, path in (
        ("clara", page_of(country.decided)),
        ("luis", f"/mis-tramites/{country.decided.number}/"),
        ("nobody", f"/thread/{code}"),
    ):
        assert "Datos esenciales: a cualquiera" in said(in_english(country, who).get(path))
