"""The file as a tree: parsed without entities, network or huge nodes, and its elements by id."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ruta.engine.bpmn.model import BpmnError, BpmnProblem, Label

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"

MAX_BYTES = 20_000_000

NAME_EN = "ruta:name-en"
"""The extension property that holds an element's name in English; its attribute `name` is Spanish."""
_MOST_PREFIXES = 20
_UNDECLARED = re.compile(r"Namespace prefix ([\w.-]+) (?:on|for) ")
_ROOT = re.compile(rb"<(?:[\w.-]+:)?definitions(?=[\s>])")
_USUAL = {
    "bpmn": BPMN,
    "bpmn2": BPMN,
    "semantic": BPMN,
    "bpmndi": BPMNDI,
    "dc": DC,
    "omgdc": DC,
    "di": DI,
    "omgdi": DI,
    "zeebe": ZEEBE,
    "camunda": CAMUNDA,
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}

Element = etree._Element


def parse(xml: bytes) -> Element:
    """Return the root `definitions`. Raises BpmnError for what is not a BPMN file, with the line."""
    if len(xml) > MAX_BYTES:
        raise _refused(
            0,
            "too-big",
            es=f"El archivo pasa de {MAX_BYTES // 1_000_000} MB.",
            en=f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = _tree(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        raise _refused(
            line,
            "not-xml",
            es=f"El archivo no es XML bien formado: {getattr(error, 'msg', error)}",
            en=f"The file is not well-formed XML: {getattr(error, 'msg', error)}",
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused(
            1,
            "doctype",
            es="El archivo trae un DOCTYPE, que no se admite. Quítelo.",
            en="The file has a DOCTYPE, which is not accepted. Remove it.",
        )
    if root.tag != f"{{{BPMN}}}definitions":
        raise _refused(
            line_of(root),
            "not-bpmn",
            es="El archivo no es BPMN 2.0: su raíz debe ser «definitions».",
            en='The file is not BPMN 2.0: its root must be "definitions".',
        )
    return root


def _tree(xml: bytes, parser: etree.XMLParser) -> Element:
    """Return the root. A prefix that nobody declares is taken at its word where tools agree on it, else as unknown."""
    declared = xml
    for _ in range(_MOST_PREFIXES):
        try:
            return etree.fromstring(declared, parser)
        except etree.XMLSyntaxError as error:
            missing = _UNDECLARED.search(error.msg or "")
            if missing is None:
                raise
            prefix = missing[1]
            space = _USUAL.get(prefix, f"urn:undeclared:{prefix}")
            more = rb'\g<0> xmlns:%s="%s"' % (prefix.encode(), space.encode())
            declared, found = _ROOT.subn(more, declared, count=1)
            if not found:
                raise
    return etree.fromstring(declared, parser)


def _refused(line: int, check: str, *, es: str, en: str) -> BpmnError:
    return BpmnError((BpmnProblem("definitions", "", line, {"es": es, "en": en}, check),))


def line_of(element: Element) -> int:
    """Return the line of an element in its file."""
    line = element.sourceline
    return line if isinstance(line, int) else 0


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return str(etree.QName(element).localname)


def in_bpmn(element: Element) -> bool:
    """Say whether an element belongs to BPMN itself (not to an extension)."""
    return str(element.tag).startswith(f"{{{BPMN}}}")


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the BPMN children with this name."""
    return element.iterchildren(f"{{{BPMN}}}{name}")


def child(element: Element, name: str) -> Element | None:
    """Return the first BPMN child with this name."""
    return element.find(f"{{{BPMN}}}{name}")


def text(element: Element | None) -> str:
    """Return all text of an element, trimmed; "" for None."""
    return "" if element is None else "".join(str(part) for part in element.itertext()).strip()


def extension(element: Element, name: str) -> Element | None:
    """Return the first zeebe extension with this name."""
    return element.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}{name}")


def properties(element: Element) -> dict[str, str]:
    """Return the extension properties of an element, trimmed."""
    return {
        attribute(each, "name"): attribute(each, "value")
        for space in (CAMUNDA, ZEEBE)
        for each in element.iterfind(f"{{{BPMN}}}extensionElements/{{{space}}}properties/{{{space}}}property")
    }


def label(element: Element) -> Label:
    """Return the name of an element by language; of a text annotation its text."""
    written = (
        text(child(element, "text")) if local(element) == "textAnnotation" else attribute(element, "name")
    )
    spoken = {"es": " ".join(written.split()), "en": " ".join(properties(element).get(NAME_EN, "").split())}
    return {lang: said for lang, said in spoken.items() if said}


def camunda(element: Element, name: str) -> str:
    """Return a Camunda 7 attribute, trimmed; "" when missing."""
    return str(element.get(f"{{{CAMUNDA}}}{name}", "")).strip()


def attribute(element: Element | None, name: str) -> str:
    """Return an attribute, trimmed; "" when element or attribute is missing."""
    return "" if element is None else str(element.get(name, "")).strip()


def reference(value: str) -> str:
    """Return the id of a reference such as "ns:id"."""
    return value.rpartition(":")[2].strip()


def by_id(root: Element) -> dict[str, Element]:
    """Return every element that has an id; the first of a repeated one."""
    found: dict[str, Element] = {}
    for element in root.iter(etree.Element):
        id = element.get("id")
        if id and id not in found:
            found[id] = element
    return found
