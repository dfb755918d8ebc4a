"""A process as an accessible SVG from its diagram: no script, no style attribute, classes only.

The picture reads without being seen: its title names the process, its description says where the case is and
what is done. `SVG_CSS` holds the rules for the classes, for light and dark pages, print and forced colours; without
it the shapes are black. The picture keeps its size so that its words stay readable: put it in a region that
scrolls and takes the focus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from ruta.engine.bpmn.layout import lay_out
from ruta.engine.bpmn.model import CONTAINERS, Box, Drawing, Label, Line, Process, in_language
from ruta.engine.bpmn.state import Token
from ruta.engine.bpmn.symbols import EVENTS, FILLED, GATEWAYS, REPEATS, TASKS

SVG_CSS = """\
.bpmn { max-width: none; color: #1e2b3c; background: #fff; font: 12px/1.2 sans-serif; }
.bpmn text { fill: currentColor; text-anchor: middle; }
.bpmn .bpmn-name text { paint-order: stroke; stroke: #fff; stroke-width: 3; }
.bpmn .bpmn-note text, .bpmn .bpmn-left text { text-anchor: start; }
.bpmn .bpmn-shape { fill: #fff; stroke: currentColor; stroke-width: 1.5; }
.bpmn .bpmn-thick { stroke-width: 3; }
.bpmn .bpmn-dashed { stroke-dasharray: 5 3; }
.bpmn .bpmn-inner, .bpmn .bpmn-symbol { fill: none; stroke: currentColor; stroke-width: 1.2; }
.bpmn .bpmn-solid { fill: currentColor; }
.bpmn .bpmn-edge { fill: none; stroke: currentColor; stroke-width: 1.3; }
.bpmn .bpmn-arrow { fill: currentColor; stroke: none; }
.bpmn .bpmn-pool, .bpmn .bpmn-group, .bpmn .bpmn-note .bpmn-shape { fill: none; stroke: currentColor; }
.bpmn .bpmn-group { stroke-dasharray: 8 4; }
.bpmn .bpmn-done .bpmn-shape { fill: #e6f2ea; stroke: #1a6b3c; }
.bpmn .bpmn-done.bpmn-line .bpmn-edge { stroke: #1a6b3c; stroke-width: 2; }
.bpmn .bpmn-live .bpmn-shape { fill: #fff4d6; stroke: #8a5a00; stroke-width: 3; }
.bpmn .bpmn-stuck .bpmn-shape { fill: #fde8e8; stroke: #a61b1b; stroke-width: 3; }
.bpmn .bpmn-count { fill: #8a5a00; stroke: #fff; stroke-width: 1.5; }
.bpmn .bpmn-count-text { fill: #fff; font-weight: 700; }
@media (prefers-color-scheme: dark) {
  .bpmn { color: #e7edf5; background: #141a22; }
  .bpmn .bpmn-shape { fill: #1d2630; }
  .bpmn .bpmn-name text { stroke: #141a22; }
  .bpmn .bpmn-done .bpmn-shape { fill: #16331f; stroke: #7fd6a0; }
  .bpmn .bpmn-done.bpmn-line .bpmn-edge { stroke: #7fd6a0; }
  .bpmn .bpmn-live .bpmn-shape { fill: #3b2f10; stroke: #ffc94d; }
  .bpmn .bpmn-stuck .bpmn-shape { fill: #401a1a; stroke: #ff9c9c; }
  .bpmn .bpmn-count { fill: #ffc94d; stroke: #141a22; }
  .bpmn .bpmn-count-text { fill: #141a22; }
}
@media print {
  .bpmn { max-width: 100%; height: auto; }
}
@media (forced-colors: active) {
  .bpmn { color: CanvasText; background: Canvas; }
  .bpmn .bpmn-shape { fill: Canvas; stroke: CanvasText; }
  .bpmn .bpmn-live .bpmn-shape, .bpmn .bpmn-stuck .bpmn-shape { stroke: Highlight; stroke-width: 4; }
  .bpmn .bpmn-count { fill: Highlight; stroke: Canvas; }
  .bpmn .bpmn-count-text { fill: HighlightText; }
  .bpmn .bpmn-name text { stroke: Canvas; }
}
"""

_SAY: dict[str, dict[str, str]] = {
    "es": {
        "title": "Diagrama del proceso: {name}",
        "here": "Está en: {names}.",
        "stuck": "Detenido por un problema en: {names}.",
        "done": "Ya pasó por: {names}.",
        "none": "Ninguna posición abierta.",
        "is-here": "{name} (está aquí)",
        "is-stuck": "{name} (detenido por un problema)",
        "is-done": "{name} (hecho)",
    },
    "en": {
        "title": "Diagram of the process: {name}",
        "here": "It is at: {names}.",
        "stuck": "Stopped by a problem at: {names}.",
        "done": "It has passed: {names}.",
        "none": "No open position.",
        "is-here": "{name} (it is here)",
        "is-stuck": "{name} (stopped by a problem)",
        "is-done": "{name} (done)",
    },
}

_MARGIN = 16
_LINE_HEIGHT = 14
_LABEL = 110
"""Width of a label under a shape that says nothing of its own."""
_CHARACTER = 6.2
"""Mean width of a character at the font size of the style sheet, in the units of the diagram."""

_CONTAINERS = CONTAINERS | {"participant", "lane", "group"}


def svg(
    process: Process,
    *,
    tokens: Iterable[Token | str] = (),
    done: Iterable[str] = (),
    lang: str = "es",
    prefix: str = "bpmn",
) -> str:
    """Return the diagram as an SVG element.

    `tokens` are the live tokens, or ids of the nodes they stand on; `done` the nodes and flows already
    passed. `prefix` keeps ids apart when a page shows several diagrams. A process without a diagram is laid
    out here.
    """
    live: Counter[str] = Counter()
    stuck: set[str] = set()
    for token in tokens:
        if isinstance(token, str):
            live[token] += 1
        elif token.status == "stuck":
            stuck.add(token.node)
        elif token.status != "armed":
            live[token.node] += 1
    drawing = process.drawing if process.drawing.boxes else lay_out(process)
    return _Picture(process, drawing, live, stuck, set(done), lang if lang in _SAY else "en", prefix).text()


def alone(drawn: str) -> str:
    """Return a picture with its style sheet inside, to be kept as a file of its own.

    Its page must allow style elements; a page of ours has the rules already and takes `svg` as it is.
    """
    at = drawn.index("<defs>")
    return f"{drawn[:at]}<style>{SVG_CSS}</style>{drawn[at:]}"


@dataclass
class _Picture:
    process: Process
    drawing: Drawing
    live: Counter[str]
    stuck: set[str]
    done: set[str]
    lang: str
    prefix: str
    out: list[str] = field(default_factory=list)

    @property
    def say(self) -> dict[str, str]:
        return _SAY[self.lang]

    def _read(self, label: Label) -> str:
        return in_language(label, self.lang)

    def text(self) -> str:
        left, top, width, height = self._extent()
        title = self.say["title"].format(name=self._read(self.process.label) or self.process.id)
        title_id, desc_id = f"{self.prefix}-title", f"{self.prefix}-desc"
        self.out = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn" role="img" '
            f'aria-labelledby="{title_id} {desc_id}" width="{_n(width)}" height="{_n(height)}" '
            f'viewBox="{_n(left)} {_n(top)} {_n(width)} {_n(height)}">',
            f'<title id="{title_id}">{escape(title)}</title>',
            f'<desc id="{desc_id}">{escape(self._description())}</desc>',
            f'<defs><marker id="{self.prefix}-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" '
            'markerHeight="10" markerUnits="userSpaceOnUse" orient="auto-start-reverse">'
            '<path class="bpmn-arrow" d="M0 0L10 5L0 10z"/></marker></defs>',
        ]
        flat = sorted(
            self.drawing.boxes, key=lambda box: (box.kind not in _CONTAINERS, -box.width * box.height)
        )
        containers = [box for box in flat if box.kind in _CONTAINERS]
        for box in containers:
            self._box(box)
        for line in self.drawing.lines:
            self._line(line)
        for box in flat[len(containers) :]:
            self._box(box)
        for line in self.drawing.lines:
            self._name(line)
        self.out.append("</svg>")
        return "".join(self.out)

    def _extent(self) -> tuple[float, float, float, float]:
        xs: list[float] = []
        ys: list[float] = []
        for box in self.drawing.boxes:
            for x, y, w, h in (
                (box.x, box.y, box.width, box.height),
                *([box.label_at] if box.label_at else []),
            ):
                xs += [x, x + w]
                ys += [y, y + h]
            if box.label_at is None and box.label and box.kind.endswith(("Event", "Gateway")):
                xs += [box.x + box.width / 2 - _LABEL / 2, box.x + box.width / 2 + _LABEL / 2]
                ys.append(box.y + box.height + 3 * _LINE_HEIGHT)
        for line in self.drawing.lines:
            xs += [x for x, _ in line.points]
            ys += [y for _, y in line.points]
        left, top = min(xs, default=0) - _MARGIN, min(ys, default=0) - _MARGIN
        return left, top, max(xs, default=0) + _MARGIN - left, max(ys, default=0) + _MARGIN - top

    def _description(self) -> str:
        parts = []
        here = [node.called(self.lang) for id, node in self.process.nodes.items() if self.live[id]]
        stopped = [node.called(self.lang) for id, node in self.process.nodes.items() if id in self.stuck]
        passed = [
            node.called(self.lang)
            for id, node in self.process.nodes.items()
            if id in self.done and node.label and not self.live[id]
        ]
        if here:
            parts.append(self.say["here"].format(names=", ".join(here)))
        if stopped:
            parts.append(self.say["stuck"].format(names=", ".join(stopped)))
        if not here and not stopped:
            parts.append(self.say["none"])
        if passed:
            parts.append(self.say["done"].format(names=", ".join(passed)))
        return " ".join(parts)

    def _class(self, element: str, kind: str, *more: str) -> str:
        names = ["bpmn-node", f"bpmn-{kind}", *more]
        if element in self.stuck:
            names.append("bpmn-stuck")
        elif self.live[element]:
            names.append("bpmn-live")
        elif element in self.done:
            names.append("bpmn-done")
        return " ".join(names)

    def _title(self, element: str, name: str) -> str:
        if element in self.stuck:
            name = self.say["is-stuck"].format(name=name)
        elif self.live[element]:
            name = self.say["is-here"].format(name=name)
        elif element in self.done:
            name = self.say["is-done"].format(name=name)
        return f"<title>{escape(name)}</title>" if name else ""

    def _box(self, box: Box) -> None:
        self.out.append(
            f"<g class={_quoted(self._class(box.element, box.kind))} data-element={_quoted(box.element)}>"
        )
        self.out.append(self._title(box.element, self._read(box.label) or box.element))
        if box.kind.endswith("Event"):
            self._event(box)
        elif box.kind.endswith("Gateway"):
            self._gateway(box)
        elif box.kind in ("participant", "lane"):
            self._pool(box)
        elif box.kind == "textAnnotation":
            self._note(box)
        elif box.kind.startswith("data"):
            self._data(box)
        elif box.kind == "group":
            self.out.append(_rect(box, "bpmn-group", 8))
        else:
            self._activity(box)
        if self.live[box.element]:
            self._count(box, self.live[box.element])
        self.out.append("</g>")

    def _event(self, box: Box) -> None:
        x, y, radius = box.x + box.width / 2, box.y + box.height / 2, box.width / 2
        node = self.process.nodes.get(box.element)
        dashed = " bpmn-dashed" if node is not None and not node.interrupting else ""
        thick = " bpmn-thick" if box.kind == "endEvent" else ""
        self.out.append(_circle(x, y, radius, f"bpmn-shape{thick}{dashed}"))
        if box.kind not in ("startEvent", "endEvent"):
            self.out.append(_circle(x, y, max(radius - 3, 1), f"bpmn-inner{dashed}"))
        throws = box.kind in ("endEvent", "intermediateThrowEvent")
        self._symbol(EVENTS.get(box.mark, ""), box, 0.5, solid=box.mark in FILLED or throws)
        self._label_below(box)

    def _gateway(self, box: Box) -> None:
        x, y, w, h = box.x, box.y, box.width, box.height
        corners = ((x + w / 2, y), (x + w, y + h / 2), (x + w / 2, y + h), (x, y + h / 2))
        points = " ".join(f"{_n(a)},{_n(b)}" for a, b in corners)
        self.out.append(f'<polygon class="bpmn-shape" points="{points}"/>')
        self._symbol(GATEWAYS.get(box.kind, ""), box, 0.5)
        self._label_below(box)

    def _activity(self, box: Box) -> None:
        node = self.process.nodes.get(box.element)
        call = " bpmn-thick" if box.kind == "callActivity" else ""
        dashed = " bpmn-dashed" if node is not None and node.event_subprocess else ""
        self.out.append(_rect(box, f"bpmn-shape{call}{dashed}", 8))
        if box.kind in TASKS:
            self.out.append(_path(TASKS[box.kind], box.x + 5, box.y + 5, 1.0, solid=box.kind == "sendTask"))
        if box.mark in REPEATS:
            self.out.append(_path(REPEATS[box.mark], box.x + box.width / 2 - 7, box.y + box.height - 17, 0.9))
        container = box.kind in _CONTAINERS and box.expanded and box.width > 120
        if container:
            self._lines(box.label, box.x + box.width / 2, box.y + 16, box.width - 16, 1)
        else:
            most = max(1, int((box.height - 20) / _LINE_HEIGHT))
            rows = _wrap(self._read(box.label), box.width - 12, most)
            y = box.y + box.height / 2 - (len(rows) - 1) * _LINE_HEIGHT / 2 + 4
            self.out.append(_rows(rows, box.x + box.width / 2, y))

    def _pool(self, box: Box) -> None:
        self.out.append(_rect(box, "bpmn-pool", 0))
        if not box.label:
            return
        row = escape(_wrap(self._read(box.label), (box.height if box.horizontal else box.width) - 8, 1)[0])
        if box.horizontal:
            x, y = box.x + 18, box.y + box.height / 2
            self.out.append(
                f'<text transform="rotate(-90 {_n(x)} {_n(y)})" x="{_n(x)}" y="{_n(y)}">{row}</text>'
            )
        else:
            self.out.append(f'<text x="{_n(box.x + box.width / 2)}" y="{_n(box.y + 18)}">{row}</text>')

    def _note(self, box: Box) -> None:
        x, y = box.x, box.y
        self.out.append('<g class="bpmn-note">')
        bracket = f"M{_n(x + 12)} {_n(y)}H{_n(x)}V{_n(y + box.height)}H{_n(x + 12)}"
        self.out.append(f'<path class="bpmn-shape" d="{bracket}"/>')
        most = max(1, int(box.height / _LINE_HEIGHT))
        self.out.append(_rows(_wrap(self._read(box.label), box.width - 8, most), x + 6, y + 13))
        self.out.append("</g>")

    def _data(self, box: Box) -> None:
        x, y, w, h = box.x, box.y, box.width, box.height
        fold = min(12.0, w / 3)
        if box.kind.startswith("dataStore"):
            shape = f"M{_n(x)} {_n(y + 6)}q{_n(w / 2)} -12 {_n(w)} 0v{_n(h - 12)}q{_n(-w / 2)} 12 {_n(-w)} 0z"
        else:
            shape = f"M{_n(x)} {_n(y)}h{_n(w - fold)}l{_n(fold)} {_n(fold)}v{_n(h - fold)}h{_n(-w)}z"
        self.out.append(f'<path class="bpmn-shape" d="{shape}"/>')
        self._label_below(box)

    def _symbol(self, path: str, box: Box, share: float, *, solid: bool = False) -> None:
        if not path:
            return
        size = box.width * share
        x, y = box.x + (box.width - size) / 2, box.y + (box.height - size) / 2
        self.out.append(_path(path, x, y, size / 16, solid=solid))

    def _label_below(self, box: Box) -> None:
        if not box.label:
            return
        if box.label_at is not None:
            x, y, w, h = box.label_at
            self._lines(box.label, x + w / 2, y + 11, max(w, 90), max(1, round(h / _LINE_HEIGHT) + 1))
        else:
            self._lines(box.label, box.x + box.width / 2, box.y + box.height + 14, _LABEL, 3)

    def _lines(self, label: Label, x: float, y: float, width: float, most: int) -> None:
        self.out.append(_rows(_wrap(self._read(label), width, most), x, y))

    def _count(self, box: Box, count: int) -> None:
        x, y = box.x + box.width - 4, box.y + 4
        if box.kind.endswith(("Event", "Gateway")):
            x, y = box.x + box.width, box.y
        self.out.append(_circle(x, y, 9, "bpmn-count"))
        self.out.append(f'<text class="bpmn-count-text" x="{_n(x)}" y="{_n(y + 4)}">{count}</text>')

    def _line(self, line: Line) -> None:
        state = " bpmn-done" if line.element in self.done else ""
        self.out.append(f'<g class="bpmn-line bpmn-{line.kind}{state}" data-element={_quoted(line.element)}>')
        path = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in line.points)
        dashed = " bpmn-dashed" if line.kind != "sequenceFlow" else ""
        arrow = "" if line.kind == "association" else f' marker-end="url(#{self.prefix}-arrow)"'
        self.out.append(f'<path class="bpmn-edge{dashed}" d="{path}"{arrow}/>')
        self.out.append("</g>")

    def _name(self, line: Line) -> None:
        """The name of a flow, above all else: where it stands is nobody's choice in a diagram laid out here."""
        if not line.label:
            return
        self.out.append('<g class="bpmn-name">')
        if line.label_at is not None:
            x, y, w, h = line.label_at
            self._lines(line.label, x + w / 2, y + 11, max(w, 70), max(1, round(h / _LINE_HEIGHT) + 1))
        else:
            x, y = _label_place(line.points)
            self._lines(line.label, x, y - 5, 110, 2)
        self.out.append("</g>")


def _label_place(points: tuple[tuple[float, float], ...]) -> tuple[float, float]:
    """The middle of the last long stretch: what leaves one element together has parted by then."""
    stretches = list(pairwise(points))
    (x1, y1), (x2, y2) = next((each for each in reversed(stretches) if _length(*each) >= 40), stretches[-1])
    return (x1 + x2) / 2, y1 + (y2 - y1) * (0.75 if x1 == x2 else 0.5)


def _length(a: tuple[float, float], b: tuple[float, float]) -> float:
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _quoted(text: str) -> str:
    return f'"{escape(text)}"'


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _rect(box: Box, name: str, radius: float) -> str:
    return (
        f'<rect class="{name}" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" '
        f'height="{_n(box.height)}" rx="{_n(radius)}"/>'
    )


def _circle(x: float, y: float, radius: float, name: str) -> str:
    return f'<circle class="{name}" cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'


def _path(path: str, x: float, y: float, scale: float, *, solid: bool = False) -> str:
    name = "bpmn-symbol bpmn-solid" if solid else "bpmn-symbol"
    return f'<path class="{name}" transform="translate({_n(x)} {_n(y)}) scale({scale:.3f})" d="{path}"/>'


def _rows(rows: list[str], x: float, y: float) -> str:
    if not rows:
        return ""
    # the blank between lines is not drawn: each begins at its own place; a screen reader needs it
    spans = " ".join(
        f'<tspan x="{_n(x)}" y="{_n(y + at * _LINE_HEIGHT)}">{escape(row)}</tspan>'
        for at, row in enumerate(rows)
    )
    return f"<text>{spans}</text>"


def _wrap(text: str, width: float, most: int) -> list[str]:
    """Break a label into at most `most` lines that fit; what is left over ends in an ellipsis."""
    limit = max(4, int(width / _CHARACTER))
    rows: list[str] = []
    for whole in text[: (limit + 1) * (most + 1)].split():
        word = whole
        while len(word) > limit:
            rows.append(word[: limit - 1] + "-")
            word = word[limit - 1 :]
        if rows and len(rows[-1]) + 1 + len(word) <= limit and not rows[-1].endswith("-"):
            rows[-1] += f" {word}"
        else:
            rows.append(word)
    if len(rows) > most:
        rows = rows[:most]
        rows[-1] = rows[-1][: limit - 1] + "…"
    return rows
