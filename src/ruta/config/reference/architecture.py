"""The rooms and who imports whom, as a picture and a table made from the imports of the code.

The order of the rooms is that of the contract in `pyproject.toml`, which import-linter holds.
"""

import itertools
import tomllib
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path

import grimp

from . import markdown

PROJECT = Path(__file__).resolve().parents[4] / "pyproject.toml"
Places = dict[str, tuple[float, float]]
WIDTH, ROW, BOX, HEIGHT = 960, 92, 150, 44
_EDGE = 16  # from the margin to the first row
_SLOTS = (0.5, 0.35, 0.65, 0.2, 0.8)  # where a room that is alone in its row may stand, as parts of the width


@cache
def layers() -> tuple[tuple[str, ...], ...]:
    """The rows of rooms from the top, with the pages' own rooms in the place of `web`."""
    contracts = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    by_id = {contract["id"]: contract for contract in contracts}
    rows = [_split(line) for line in by_id["rooms"]["layers"]]
    pages = [tuple(f"web.{name}" for name in _split(line)) for line in by_id["pages"]["layers"]]
    at = next(number for number, row in enumerate(rows) if "web" in row)
    beside = tuple(room for room in rows[at] if room != "web")
    return (*rows[:at], (*pages[0], *beside), *pages[1:], *rows[at + 1 :])


def _split(line: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in line.replace(":", "|").split("|"))


@cache
def imports() -> tuple[tuple[str, str], ...]:
    """Pairs (room, room that it imports), sorted."""
    graph = grimp.build_graph("ruta", cache_dir=None)
    rooms = [room for row in layers() for room in row]
    found = set()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            pair = _room(importer, rooms), _room(imported, rooms)
            if pair[0] and pair[1] and pair[0] != pair[1]:
                found.add(pair)
    return tuple(sorted(found))


def _room(module: str, rooms: list[str]) -> str:
    inside = module.removeprefix("ruta.")
    return next((room for room in rooms if inside == room or inside.startswith(f"{room}.")), "")


def arrows() -> list[tuple[str, str]]:
    """The imports that no longer way says already."""
    edges = set(imports())
    return sorted(edge for edge in edges if not _led(edge[0], edge[1], edges - {edge}))


def _led(start: str, end: str, edges: set[tuple[str, str]]) -> bool:
    reached, waiting = {start}, [start]
    while waiting:
        room = waiting.pop()
        for importer, imported in edges:
            if importer == room and imported not in reached:
                reached.add(imported)
                waiting.append(imported)
    return end in reached


def purpose(room: str) -> str:
    """The first sentence of the room's own description."""
    text = " ".join((import_module(f"ruta.{room}").__doc__ or "").split())
    return text.split(". ")[0].rstrip(".") + "."


def page() -> str:
    """`architecture.md`."""
    rows = [
        [
            markdown.code(room),
            purpose(room),
            markdown.codes(other for one, other in imports() if one == room) or "nothing",
        ]
        for row in layers()
        for room in row
    ]
    return markdown.document(
        "Architecture",
        "Ruta is one program of several rooms. A room imports only rooms below it; `make lint` fails when one does not "
        "([import-linter](https://import-linter.readthedocs.io) holds the contract in `pyproject.toml`). News travels up "
        "without imports, as [domain events](reference/news.md). A room offers writes in `services.py` and reads in "
        "`selectors.py`; pure rules are in `rules.py`, who may do what in `perms.py`, work outside requests in `jobs.py`.",
        "![The rooms from the command line at the top to the engine at the bottom; each arrow goes down](images/rooms.svg)",
        "An arrow means that the upper room imports the lower one; an arrow that longer ways imply is left out of the "
        "picture, not of the table. Picture and table are made from the imports of the code by `ruta docs`.",
        markdown.table(["Room", "What it is for", "Imports"], rows),
        "How one application goes through the rooms is told in [one application](explanation/one-application.md).",
    )


# -- the picture


def picture() -> str:
    """The rooms as SVG: rows from the top, arrows behind the boxes."""
    places = _best()
    height = _EDGE * 2 + ROW * (len(layers()) - 1) + HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="t d">',
        '<title id="t">The rooms of Ruta</title>',
        f'<desc id="d">{escape("; ".join(f"{one} imports {other}" for one, other in arrows()))}.</desc>',
        "<defs><marker id='a' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' orient='auto'>"
        "<path d='M0 0 8 4 0 8z' fill='#5b6b86'/></marker></defs>",
        f'<rect width="{WIDTH}" height="{height}" rx="12" fill="#fff"/>',
    ]
    parts += [_arrow(places[one], places[other]) for one, other in arrows()]
    parts += [_box(room, *places[room]) for room in places]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x, y), (to_x, to_y) = start, end
    y, to_y = y + HEIGHT, to_y - 3
    bend = (to_y - y) / 2
    path = f"M{x:g} {y:g}C{x:g} {y + bend:g} {to_x:g} {to_y - bend:g} {to_x:g} {to_y:g}"
    return f'<path d="{path}" fill="none" stroke="#5b6b86" stroke-width="1.5" marker-end="url(#a)"/>'


def _box(room: str, x: float, y: float) -> str:
    return (
        f'<rect x="{x - BOX / 2:g}" y="{y:g}" width="{BOX}" height="{HEIGHT}" rx="8" fill="#eef3fb" stroke="#0b4a94"/>'
        f'<text x="{x:g}" y="{y + HEIGHT / 2 + 5:g}" text-anchor="middle" font-family="system-ui, sans-serif" '
        f'font-size="16" fill="#14213a">{escape(room)}</text>'
    )


def _best() -> Places:
    """Of the arrangements that cannot be bettered row by row, begun from each order of the first wide row, the clearest."""
    choices = [_choices(row, number) for number, row in enumerate(layers())]
    wide = next(number for number, row in enumerate(layers()) if len(row) > 1)
    start = {room: place for options in choices for room, place in options[0].items()}
    return min((_bettered(start | first, choices) for first in choices[wide]), key=_muddle)


def _choices(row: tuple[str, ...], number: int) -> list[Places]:
    """Where the rooms of a row may stand. One that is alone leaves the middle only to let arrows pass."""
    y = _EDGE + ROW * number
    if len(row) == 1:
        return [{row[0]: (part * WIDTH, y)} for part in (_SLOTS if _is_passed(number) else _SLOTS[:1])]
    spread = [(at + 0.5) / len(row) * WIDTH for at in range(len(row))]
    return [
        {room: (x, y) for room, x in zip(order, spread, strict=True)} for order in itertools.permutations(row)
    ]


def _is_passed(number: int) -> bool:
    at = {room: row for row, rooms in enumerate(layers()) for room in rooms}
    return any(at[one] < number < at[other] for one, other in arrows())


def _bettered(places: Places, choices: list[list[Places]]) -> Places:
    while True:
        before = _muddle(places)
        for options in choices:
            places = min((places | option for option in options), key=_muddle)
        if _muddle(places) >= before:
            return places


def _muddle(places: Places) -> float:
    """How hard the picture is to read: boxes in the way of arrows, then arrows that cross, then their length."""
    ways = [(places[one], places[other], {one, other}) for one, other in arrows()]
    worth = sum(abs(end[0] - start[0]) for start, end, _ in ways) / WIDTH
    for start, end, ends in ways:
        for room, (x, y) in places.items():
            if room not in ends and start[1] < y < end[1]:
                inside = (y - 8, y + HEIGHT / 2, y + HEIGHT + 8)
                worth += 20 * any(abs(_x_at(start, end, each) - x) < BOX / 2 + 8 for each in inside)
    for (start, end, ends), (other, to, others) in itertools.combinations(ways, 2):
        top, bottom = max(start[1], other[1]) + HEIGHT, min(end[1], to[1])
        if not ends & others and top < bottom:
            sides = [_x_at(start, end, y) < _x_at(other, to, y) for y in (top, bottom)]
            worth += 2 * (sides[0] != sides[1])
    return worth


def _x_at(start: tuple[float, float], end: tuple[float, float], y: float) -> float:
    """Where the curve from one box to another is at the height `y`, near enough."""
    along = min(max((y - start[1] - HEIGHT) / (end[1] - start[1] - HEIGHT), 0), 1)
    return start[0] + (end[0] - start[0]) * along * along * (3 - 2 * along)
