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
_BOM = b"\xef\xbb\xbf"
_WRONG_WIDTH = rb"(?i)^((?:\xef\xbb\xbf)?<\?xml\b[^>]*?)\s+encoding\s*=\s*[\"']utf-?16(?:[lb]e)?[\"']"
"""Written as 8-bit text, it is not in the 16-bit encoding that it names; tools that build it in memory say so."""
_LATE_DECLARATION = rb"^(\s+)(<\?xml\b[^>]*\?>)"
_UNDECLARED = r"Namespace prefix ([\w.-]+) (?:on|for) "
_ROOT = rb"<(?:[\w.-]+:)?definitions(?=[\s>])"
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
    root = _tree(_in_order(xml))
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
            es=f"El archivo no es BPMN 2.0: su raíz es «{root.tag}» y debe ser «{{{BPMN}}}definitions».",
            en=f'The file is not BPMN 2.0: its root is "{root.tag}" and must be "{{{BPMN}}}definitions".',
        )
    return root


def _in_order(xml: bytes) -> bytes:
    """Return a file that begins as XML does; blanks before its declaration come after it, so that lines stay.

    Raises BpmnError, in words, for what people give instead: nothing, an archive, text.
    """
    begin = xml.lstrip(_BOM).lstrip()[:4]
    if b"\0" in begin:  # UTF-16 or UTF-32: the parser judges
        return xml
    if begin.startswith(b"<"):
        return re.sub(_WRONG_WIDTH, rb"\1", re.sub(_LATE_DECLARATION, rb"\2\1", xml, count=1), count=1)
    if not begin:
        raise _refused(1, "not-xml", es="El archivo está vacío.", en="The file is empty.")
    if begin.startswith(b"PK"):
        es, en = "Es un archivo comprimido (ZIP)", "This is an archive (ZIP)"
    else:
        es, en = "El archivo no es XML: no empieza con «<»", 'The file is not XML: it does not begin with "<"'
    raise _refused(1, "not-xml", es=f"{es}; dé el archivo .bpmn.", en=f"{en}; give the .bpmn file.")


def _tree(xml: bytes) -> Element:
    """Return the root. A prefix that nobody declares is taken at its word where tools agree on it, else as unknown."""
    root, wrong = _parsed(xml)
    if prefixes := {match[1] for each in wrong if (match := re.search(_UNDECLARED, each.message))}:
        spaces = ((each, _USUAL.get(each, f"urn:undeclared:{each}")) for each in sorted(prefixes))
        more = "".join(f' xmlns:{prefix}="{space}"' for prefix, space in spaces)
        root, wrong = _parsed(re.sub(_ROOT, rb"\g<0>" + more.encode(), xml, count=1))
    # What is left of namespaces (one that is no URI, say) is odd and still of one meaning.
    worse = [
        each for each in wrong if each.domain_name != "NAMESPACE" or re.search(_UNDECLARED, each.message)
    ]
    if root is None or worse:
        line, said = (worse[0].line, " ".join(worse[0].message.split())) if worse else (1, "")
        raise _refused(
            line,
            "not-xml",
            es=f"El archivo no es XML bien formado: {said}",
            en=f"The file is not well-formed XML: {said}",
        )
    return root


def _parsed(xml: bytes) -> tuple[Element | None, list[etree._LogEntry]]:
    """Return the root as far as there is one, and all that is wrong in it."""
    parser = etree.XMLParser(
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if not len(parser.error_log):
            raise _refused(
                0,
                "not-xml",
                es=f"El archivo no es XML bien formado: {error}",
                en=f"The file is not well-formed XML: {error}",
            ) from error
        root = None
    return root, list(parser.error_log)


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
