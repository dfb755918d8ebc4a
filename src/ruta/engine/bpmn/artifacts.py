"""What a file shows and nobody executes: lanes, notes, data, groups, and what each belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from ruta.engine.bpmn.model import CONTAINERS, ROOT, Artifact, Label, Lane
from ruta.engine.bpmn.xml import (
    BPMN,
    Element,
    attribute,
    child,
    children,
    label,
    line_of,
    local,
    reference,
    text,
)

SHOWN = frozenset({"textAnnotation", "dataObjectReference", "dataStoreReference", "group"})

Links = tuple[tuple[str, str], ...]


def read_lanes(process: Element) -> tuple[Lane, ...]:
    """Return the lanes of a process with the nodes in each, the outer before the inner."""
    return tuple(lane for lane_set in children(process, "laneSet") for lane in _lanes(lane_set, ""))


def _lanes(lane_set: Element, parent: str) -> Iterator[Lane]:
    for element in children(lane_set, "lane"):
        id = attribute(element, "id")
        nodes = tuple(reference(text(each)) for each in children(element, "flowNodeRef"))
        yield Lane(id, label(element), line_of(element), nodes, parent)
        for inner in children(element, "childLaneSet"):
            yield from _lanes(inner, id)


def read_artifacts(root: Element, process: Element, elements: dict[str, Element]) -> tuple[Artifact, ...]:
    """Return notes, data and groups of a process and its sub-processes, and the notes of its pool."""
    found = []
    for element in process.iter(*(f"{{{BPMN}}}{kind}" for kind in sorted(SHOWN))):
        if id := attribute(element, "id"):
            found.append(
                Artifact(
                    id, local(element), _label(element, elements), line_of(element), _scope(element, process)
                )
            )
    for around in children(root, "collaboration"):
        for element in around.iterchildren(f"{{{BPMN}}}textAnnotation", f"{{{BPMN}}}group"):
            if id := attribute(element, "id"):
                found.append(Artifact(id, local(element), _label(element, elements), line_of(element)))
    return tuple(found)


def read_links(root: Element, shown: frozenset[str]) -> Links:
    """Return (from, to) of associations and of data that an activity reads or writes, where both are known."""
    found = []
    for element in root.iter(f"{{{BPMN}}}association"):
        found.append((reference(attribute(element, "sourceRef")), reference(attribute(element, "targetRef"))))
    for element in root.iter(f"{{{BPMN}}}dataInputAssociation", f"{{{BPMN}}}dataOutputAssociation"):
        owner = element.getparent()
        source, target = (reference(text(child(element, each))) for each in ("sourceRef", "targetRef"))
        reads = local(element) == "dataInputAssociation"
        found.append((source, attribute(owner, "id")) if reads else (attribute(owner, "id"), target))
    return tuple(dict.fromkeys(each for each in found if each[0] in shown and each[1] in shown))


def _label(element: Element, elements: dict[str, Element]) -> Label:
    if local(element) == "group":
        value = attribute(elements.get(reference(attribute(element, "categoryValueRef"))), "value")
        return {"es": " ".join(value.split())} if value else {}
    about = elements.get(reference(attribute(element, "dataObjectRef") or attribute(element, "dataStoreRef")))
    return label(element) or (label(about) if about is not None else {})


def _scope(element: Element, process: Element) -> str:
    at = element.getparent()
    while at is not None and at is not process:
        if local(at) in CONTAINERS:
            return attribute(at, "id")
        at = at.getparent()
    return ROOT
