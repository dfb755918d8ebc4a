"""A plain drawing for a process that has none: columns by distance from the start, one row per branch."""

from __future__ import annotations

from ruta.engine.bpmn.model import ROOT, Box, Drawing, Line, Node, Process

_GAP_X, _GAP_Y = 60.0, 40.0
_SIZES: dict[str, tuple[float, float]] = {"Event": (36.0, 36.0), "Gateway": (50.0, 50.0)}


def lay_out(process: Process) -> Drawing:
    """Return boxes and straight lines for all nodes; a sub-process is drawn around its own nodes."""
    boxes: list[Box] = []
    _scope(process, ROOT, 0.0, 0.0, boxes)
    at = {box.element: box for box in boxes}
    lines = []
    for flow in process.flows.values():
        a, b = at[flow.source], at[flow.target]
        lines.append(Line(flow.id, "sequenceFlow", flow.label, _route(a, b)))
    return Drawing(tuple(boxes), tuple(lines))


def _scope(process: Process, scope: str, left: float, top: float, boxes: list[Box]) -> tuple[float, float]:
    """Place the nodes of a scope; return the width and height that they take."""
    columns = _columns(process, scope)
    x, bottom = left, top
    for column in columns:
        y, width = top, 0.0
        for node in column:
            w, h = _size(node)
            if node.kind == "subProcess":
                place = len(boxes)
                inner_w, inner_h = _scope(process, node.id, x + 20, y + 40, boxes)
                w, h = inner_w + 40, inner_h + 60
                boxes.insert(place, _box(node, x, y, w, h))
            else:
                # Small shapes stand on the middle line of the tasks beside them.
                boxes.append(_box(node, x, y + (80.0 - h) / 2, w, h))
                h = 80.0
            for number, id in enumerate(node.boundaries):
                boxes.append(_box(process.nodes[id], x + 8 + 44 * number, y + h - 18, 36.0, 36.0))
            y += h + _GAP_Y
            width = max(width, w)
        bottom = max(bottom, y - _GAP_Y)
        x += width + _GAP_X
    return max(x - _GAP_X - left, 0.0), bottom - top


def _columns(process: Process, scope: str) -> list[list[Node]]:
    definition = process.scopes[scope]
    depth: dict[str, int] = {}
    todo = [(id, 0) for id in definition.starts]
    while todo:
        id, level = todo.pop(0)
        if id in depth:
            continue
        depth[id] = level
        node = process.nodes[id]
        outs = [flow.target for flow in node.outgoing]
        for boundary in node.boundaries:
            outs.extend(flow.target for flow in process.nodes[boundary].outgoing)
        todo.extend((target, level + 1) for target in outs)
    columns: list[list[Node]] = []
    for id in definition.nodes:
        node = process.nodes[id]
        host = process.nodes.get(node.attached_to)
        if host is not None and host.kind != "boundaryEvent":
            continue  # drawn on the edge of its activity
        level = depth.get(id, 0)
        while len(columns) <= level:
            columns.append([])
        columns[level].append(node)
    return columns


def _size(node: Node) -> tuple[float, float]:
    for suffix, size in _SIZES.items():
        if node.kind.endswith(suffix):
            return size
    return 110.0, 80.0


def _box(node: Node, x: float, y: float, width: float, height: float) -> Box:
    mark: str = node.event.kind if node.event is not None and node.event.kind != "none" else ""
    if node.loop is not None:
        mark = (
            "loop" if node.loop.collection is None else ("sequential" if node.loop.sequential else "parallel")
        )
    return Box(node.id, node.kind, node.label, x, y, width, height, mark=mark)


def _route(a: Box, b: Box) -> tuple[tuple[float, float], ...]:
    start = (a.x + a.width, a.y + a.height / 2)
    end = (b.x, b.y + b.height / 2)
    if a.kind == "boundaryEvent":
        start = (a.x + a.width / 2, a.y + a.height)
    if start[1] == end[1] and start[0] < end[0]:
        return start, end
    if start[0] < end[0]:
        middle = (start[0] + end[0]) / 2
        return start, (middle, start[1]), (middle, end[1]), end
    low = max(a.y + a.height, b.y + b.height) + _GAP_Y / 2
    return (
        start,
        (start[0] + 15, start[1]),
        (start[0] + 15, low),
        (end[0] - 15, low),
        (end[0] - 15, end[1]),
        end,
    )
