"""A drawing for a process that has none: columns along the flow, lanes as bands, notes and data below."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ruta.engine.bpmn.model import ROOT, Artifact, Box, Drawing, Flow, Line, Node, Process
from ruta.engine.bpmn.ranks import Cell, Ranks, flows_of, rank

_GAP_X, _GAP_Y = 56.0, 44.0
_LABELLED = 60.0
"""What a gap is wider by where a flow with a name begins."""
_TRACKS, _TRACK = 5, 8.0
"""Flows of different elements turn in a gap at different places, so many and so far apart."""
_PAD_X, _PAD_TOP, _PAD_BOTTOM = 24.0, 40.0, 30.0
_LANE = 30.0
_SIZES: dict[str, tuple[float, float]] = {"Event": (36.0, 36.0), "Gateway": (50.0, 50.0)}
_ARTIFACTS: dict[str, tuple[float, float]] = {
    "textAnnotation": (110.0, 50.0),
    "dataStoreReference": (50.0, 50.0),
}
_CHANNEL = 10.0

Point = tuple[float, float]


def lay_out(process: Process) -> Drawing:
    """Return boxes and lines for everything that a process holds; groups are left out, they have no place."""
    paper = _Paper(process)
    paper.scope(ROOT, 0.0, 0.0)
    for source, target in process.links:
        paper.link(source, target)
    return Drawing(tuple(paper.boxes), tuple(paper.lines))


@dataclass
class _Grid:
    """The measures of one scope: where columns and rows begin, and how large they are."""

    ranks: Ranks
    left: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    bottom: float = 0.0
    channels: int = 0

    def middle(self, cell: Cell) -> Point:
        return (
            self.left[cell[0]] + self.widths[cell[0]] / 2,
            self.top[cell[1]] + self.heights[cell[1]] / 2,
        )

    def channel(self) -> float:
        """The height of the next free way back, below everything."""
        self.channels += 1
        return self.bottom + _GAP_Y / 2 + _CHANNEL * (self.channels - 1)


class _Paper:
    def __init__(self, process: Process, sizes: dict[str, tuple[float, float]] | None = None) -> None:
        self.process = process
        self.sizes = {} if sizes is None else sizes
        self.boxes: list[Box] = []
        self.lines: list[Line] = []
        self.at: dict[str, Box] = {}
        self.tracks: dict[str, int] = {}
        self.lanes = {id: lane.id for lane in process.lanes for id in lane.nodes if id in process.nodes}

    def scope(self, scope: str, left: float, top: float) -> tuple[float, float]:
        """Draw a scope with its corner there; return the size that it takes."""
        lanes = self.lanes if scope == ROOT else {}
        grid = _Grid(rank(self.process, scope, lanes))
        inner = {
            id: self._inside(id)
            for id in grid.ranks.cells
            if id in self.process.scopes and self.process.scopes[id].nodes
        }
        self._measure(grid, inner, left + (_LANE if lanes else 0.0), top)
        ends = [left, *(x + w for x, w in zip(grid.left, grid.widths, strict=True))]
        beside = [inner[id][0] for id in inner if self.process.nodes[id].event_subprocess]
        right = max([*ends, *(left + width for width in beside)])
        if lanes:
            self._lanes(grid, left, right + _GAP_X / 2)
        for id, cell in grid.ranks.cells.items():
            node, (x, y) = self.process.nodes[id], grid.middle(cell)
            # An event sub-process stands beside the flow, in a row of its own: it begins at the left.
            x = grid.left[0] + (inner.get(id) or size(node))[0] / 2 if node.event_subprocess else x
            self._node(node, (x, y), inner.get(id))
        for id in grid.ranks.cells:
            for flow in flows_of(self.process, self.process.nodes[id]):
                self._flow(flow, grid)
        low = grid.bottom + (_GAP_Y / 2 + _CHANNEL * grid.channels if grid.channels else 0.0)
        low, wide = self._artifacts(scope, low, left)
        return max(right, wide) - left, low - top

    def _inside(self, id: str) -> tuple[float, float]:
        """The size of a sub-process, found by drawing it aside once."""
        if id not in self.sizes:
            width, height = _Paper(self.process, self.sizes).scope(id, 0.0, 0.0)
            self.sizes[id] = (width + 2 * _PAD_X, height + _PAD_TOP + _PAD_BOTTOM)
        return self.sizes[id]

    def _measure(self, grid: _Grid, inner: dict[str, tuple[float, float]], left: float, top: float) -> None:
        cells = grid.ranks.cells
        wide = max((column for column, _ in cells.values()), default=-1) + 1
        widths, gaps, heights = [0.0] * wide, [_GAP_X] * wide, [80.0] * grid.ranks.rows
        for id, (column, row) in cells.items():
            width, height = inner.get(id) or size(self.process.nodes[id])
            node = self.process.nodes[id]
            widths[column] = max(widths[column], 0.0 if node.event_subprocess else width, 20.0)
            heights[row] = max(heights[row], height)
            if any(flow.label for flow in flows_of(self.process, node)):
                gaps[column] = _GAP_X + _LABELLED
        for width, gap in zip(widths, gaps, strict=True):
            grid.left.append(left)
            grid.widths.append(width)
            left += width + gap
        for height in heights:
            grid.top.append(top)
            grid.heights.append(height)
            top += height + _GAP_Y
        grid.bottom = top - _GAP_Y if heights else top

    def _lanes(self, grid: _Grid, left: float, right: float) -> None:
        labels = {lane.id: lane.label for lane in self.process.lanes}
        for band, (first, last) in grid.ranks.bands.items():
            if band:
                y = grid.top[first] - _GAP_Y / 2
                height = grid.top[last - 1] + grid.heights[last - 1] + _GAP_Y / 2 - y
                self.boxes.append(Box(band, "lane", labels.get(band, {}), left, y, right - left, height))

    def _node(self, node: Node, middle: Point, inner: tuple[float, float] | None) -> None:
        width, height = inner or size(node)
        x, y = middle[0] - width / 2, middle[1] - height / 2
        self._put(_box(node, x, y, width, height))
        if inner is not None:
            self.scope(node.id, x + _PAD_X, y + _PAD_TOP)
        for number, id in enumerate(node.boundaries):
            event = _box(self.process.nodes[id], x + 8 + 44 * number, y + height - 18, 36.0, 36.0)
            # Its name stands beside the flow that leaves it below.
            self._put(replace(event, label_at=(event.x - 60, event.y + 36, 60.0, 28.0)))

    def _put(self, box: Box) -> None:
        self.boxes.append(box)
        self.at[box.element] = box

    def _flow(self, flow: Flow, grid: _Grid) -> None:
        a, b = self.at.get(flow.source), self.at.get(flow.target)
        if a is None or b is None:
            return
        points = _leave(a)
        track = self._track(flow.source)
        end = (b.x, b.y + b.height / 2)
        if flow.id in grid.ranks.back:
            low = grid.channel()
            out = points[-1][0] + (_GAP_X / 3 if len(points) == 1 else 0.0)
            into = end[0] - _GAP_X / 3
            points += [(out, points[-1][1]), (out, low), (into, low), (into, end[1])]
        else:
            for column, row in grid.ranks.through.get(flow.id, ()):
                x, y = grid.left[column], grid.middle((column, row))[1]
                points = _bend(points, (x, y), track)
                points.append((x + grid.widths[column], y))
            points = _bend(points, end, track)[:-1]
        self.lines.append(Line(flow.id, "sequenceFlow", flow.label, _straight([*points, end])))

    def _track(self, source: str) -> float:
        """Where the flows of an element turn, away from the middle of a gap: the same for all of them."""
        at = self.tracks.setdefault(source, len(self.tracks))
        return (at % _TRACKS - _TRACKS // 2) * _TRACK

    def _artifacts(self, scope: str, low: float, left: float) -> tuple[float, float]:
        """Put notes and data of a scope below it, each under what it is about; return its new bottom and right."""
        shown = [each for each in self.process.artifacts if each.scope == scope and each.kind != "group"]
        right, deepest = left, low
        for each in sorted(shown, key=lambda one: self._about(one, left)):
            width, height = _ARTIFACTS.get(each.kind, (36.0, 50.0))
            x = max(self._about(each, left) - width / 2, right)
            self._put(Box(each.id, each.kind, each.label, x, low + _GAP_Y, width, height))
            right, deepest = x + width + _GAP_X, low + _GAP_Y + height + 30
        return deepest, right

    def _about(self, artifact: Artifact, left: float) -> float:
        others = (b if a == artifact.id else a for a, b in self.process.links if artifact.id in (a, b))
        return next((self.at[id].x + self.at[id].width / 2 for id in others if id in self.at), left)

    def link(self, source: str, target: str) -> None:
        """Draw what belongs together as a dashed line."""
        a, b = self.at.get(source), self.at.get(target)
        if a is None or b is None:
            return
        (above, below) = (a, b) if a.y < b.y else (b, a)
        ends = (
            (above.x + above.width / 2, above.y + above.height),
            (below.x + below.width / 2, below.y),
        )
        points = ends if above is a else ends[::-1]
        self.lines.append(Line(f"{source}->{target}", "association", {}, points))


def size(node: Node) -> tuple[float, float]:
    """Return the width and height of a shape that holds no others."""
    for suffix, found in _SIZES.items():
        if node.kind.endswith(suffix):
            return found
    return 110.0, 80.0


def _box(node: Node, x: float, y: float, width: float, height: float) -> Box:
    mark: str = node.event.kind if node.event is not None and node.event.kind != "none" else ""
    if node.loop is not None:
        mark = ("sequential" if node.loop.sequential else "parallel") if node.loop.multi else "loop"
    return Box(node.id, node.kind, node.label, x, y, width, height, mark=mark)


def _leave(box: Box) -> list[Point]:
    """Where a flow begins: at the right of a shape; below an event on a border, which stands lower than its host."""
    if box.kind == "boundaryEvent":
        x, y = box.x + box.width / 2, box.y + box.height
        return [(x, y), (x, y + 8)]
    return [(box.x + box.width, box.y + box.height / 2)]


def _bend(points: list[Point], to: Point, track: float) -> list[Point]:
    """Go on to a point at right angles: across in the gap before it, on a track of its own."""
    at = points[-1]
    if at[1] == to[1]:
        return [*points, to]
    x = max(to[0] - _GAP_X / 2 + track, at[0])
    return [*points, (x, at[1]), (x, to[1]), to]


def _straight(points: list[Point]) -> tuple[Point, ...]:
    """Leave out points that stand on the line between their neighbours."""
    found: list[Point] = []
    for point in points:
        while len(found) > 1 and (
            found[-2][0] == found[-1][0] == point[0] or found[-2][1] == found[-1][1] == point[1]
        ):
            found.pop()
        if not found or found[-1] != point:
            found.append(point)
    return tuple(found) if len(found) > 1 else (found[0], found[0])
