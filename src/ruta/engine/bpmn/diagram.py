"""The drawing of a process: shapes and edges of the BPMN DI, kept for everything that the file shows."""

from __future__ import annotations

from ruta.engine.bpmn.model import Box, Drawing, Label, Line
from ruta.engine.bpmn.xml import BPMNDI, DC, DI, Element, attribute, label, local, reference

Bounds = tuple[float, float, float, float]


def read_drawing(root: Element, elements: dict[str, Element]) -> Drawing:
    """Return the first diagram that draws something; a shape without bounds or element is left out."""
    for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"):
        boxes: list[Box] = []
        lines: list[Line] = []
        for shape in plane.iterchildren():
            element = elements.get(reference(attribute(shape, "bpmnElement")))
            if element is None:
                continue
            if shape.tag == f"{{{BPMNDI}}}BPMNShape":
                box = _box(shape, element, _label(element, elements))
                if box is not None:
                    boxes.append(box)
            elif shape.tag == f"{{{BPMNDI}}}BPMNEdge":
                line = _line(shape, element)
                if line is not None:
                    lines.append(line)
        if boxes:
            return Drawing(tuple(boxes), tuple(lines))
    return Drawing()


def _box(shape: Element, element: Element, label: Label) -> Box | None:
    bounds = _bounds(shape)
    if bounds is None:
        return None
    return Box(
        attribute(element, "id"),
        local(element),
        label,
        *bounds,
        label_at=_label_at(shape),
        horizontal=attribute(shape, "isHorizontal") != "false",
        expanded=attribute(shape, "isExpanded") != "false",
        mark=_mark(element),
    )


def _line(shape: Element, element: Element) -> Line | None:
    points = []
    for point in shape.iterchildren(f"{{{DI}}}waypoint"):
        x, y = _number(point, "x"), _number(point, "y")
        if x is not None and y is not None:
            points.append((x, y))
    if len(points) < 2:
        return None
    return Line(attribute(element, "id"), local(element), label(element), tuple(points), _label_at(shape))


def _label(element: Element, elements: dict[str, Element]) -> Label:
    """Return how a shape reads; a pool has the English of its process, where Camunda Modeler writes it."""
    own, process = label(element), elements.get(reference(attribute(element, "processRef")))
    if local(element) != "participant" or process is None or not own:
        return own
    english = label(process).get("en")
    return {"en": english, **own} if english else own


def _mark(element: Element) -> str:
    """Return what the symbol inside a shape shows: kind of event, or of repetition."""
    for inner in element.iterchildren():
        kind = local(inner)
        if kind.endswith("EventDefinition"):
            return kind.removesuffix("EventDefinition")
        if kind == "multiInstanceLoopCharacteristics":
            return "sequential" if attribute(inner, "isSequential") == "true" else "parallel"
        if kind == "standardLoopCharacteristics":
            return "loop"
    return ""


def _bounds(shape: Element) -> Bounds | None:
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is None:
        return None
    values = [_number(bounds, each) for each in ("x", "y", "width", "height")]
    x, y, width, height = values
    if x is None or y is None or width is None or height is None or width < 0 or height < 0:
        return None
    return x, y, width, height


def _label_at(shape: Element) -> Bounds | None:
    label = shape.find(f"{{{BPMNDI}}}BPMNLabel")
    return None if label is None else _bounds(label)


def _number(element: Element, name: str) -> float | None:
    try:
        value = float(attribute(element, name))
    except ValueError:
        return None
    return value if abs(value) < 1_000_000 else None
