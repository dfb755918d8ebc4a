"""Where elements of a scope stand before anything is measured: columns along the flow, rows beside each other.

Layers by longest path without the ways back, long flows through free cells, rows near what leads to them (Sugiyama,
Tagawa and Toda 1981). Lanes are bands of rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean

from ruta.engine.bpmn.model import Flow, Node, Process

MOST_CELLS = 20_000
"""Long flows of a scope may take so many cells; beyond, they are drawn straight."""

Cell = tuple[int, int]


@dataclass
class Ranks:
    """The cells of one scope: of each element, and those that each flow passes between its ends."""

    cells: dict[str, Cell] = field(default_factory=dict)
    through: dict[str, list[Cell]] = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    bands: dict[str, tuple[int, int]] = field(default_factory=dict)
    rows: int = 0


def in_flow(process: Process, scope: str) -> list[Node]:
    """Return the elements that have a place of their own: not those on the border of an activity."""
    nodes = (process.nodes[id] for id in process.scopes[scope].nodes)
    return [node for node in nodes if not _on_border(process, node)]


def _on_border(process: Process, node: Node) -> bool:
    host = process.nodes.get(node.attached_to)
    return host is not None and host.kind != "boundaryEvent" and host.parent == node.parent


def flows_of(process: Process, node: Node) -> list[Flow]:
    """Return the flows that leave an element or the events on its border."""
    return [*node.outgoing, *(flow for id in node.boundaries for flow in process.nodes[id].outgoing)]


def columns(process: Process, scope: str) -> list[list[Node]]:
    """Return the elements of a scope column by column, from the start on."""
    level, _ = _levels(process, scope, in_flow(process, scope))
    found: list[list[Node]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for id, at in level.items():
        found[at].append(process.nodes[id])
    return found


def _levels(process: Process, scope: str, nodes: list[Node]) -> tuple[dict[str, int], set[str]]:
    """The column of each element, and the flows that lead back."""
    order, back = _order(process, scope, nodes)
    level = dict.fromkeys(order, 0)
    for id in order:
        for flow in flows_of(process, process.nodes[id]):
            if flow.id not in back:
                level[flow.target] = max(level[flow.target], level[id] + 1)
    for node in nodes:
        if node.handler and node.handler in level:
            level[node.handler] = level.get(node.attached_to, 0)
        for boundary in node.boundaries:
            handler = process.nodes[boundary].handler
            if handler in level:
                level[handler] = level[node.id]
    return {node.id: level[node.id] for node in nodes}, back


def _order(process: Process, scope: str, nodes: list[Node]) -> tuple[list[str], set[str]]:
    """Elements so that each stands before what it leads to, but for the ways back (depth first, no recursion)."""
    own = {node.id for node in nodes}
    state: dict[str, int] = {}
    back: set[str] = set()
    done: list[str] = []
    for root in (*process.scopes[scope].starts, *process.scopes[scope].nodes):
        if root not in own or root in state:
            continue
        state[root] = 1
        stack = [(root, iter(flows_of(process, process.nodes[root])))]
        while stack:
            id, ways = stack[-1]
            for flow in ways:
                if state.get(flow.target) == 1:
                    back.add(flow.id)
                elif flow.target not in state and flow.target in own:
                    state[flow.target] = 1
                    stack.append((flow.target, iter(flows_of(process, process.nodes[flow.target]))))
                    break
                elif flow.target not in own:
                    back.add(flow.id)
            else:
                stack.pop()
                state[id] = 2
                done.append(id)
    return done[::-1], back


def rank(process: Process, scope: str, lanes: dict[str, str]) -> Ranks:
    """Return the cells of a scope. `lanes` names the lane of each element that has one, in the order of lanes."""
    nodes = in_flow(process, scope)
    level, back = _levels(process, scope, nodes)
    ranks = Ranks(back=back)
    beside = [node for node in nodes if node.event_subprocess]
    chains = _chains(process, nodes, level, back)
    rows, band_of = _rows(process, nodes, level, chains, lanes, {node.id for node in beside})
    top = 0
    for band in dict.fromkeys((*lanes.values(), "")):
        used = [row for key, row in rows.items() if band_of[key] == band]
        if not used and band == "":
            continue
        for key, row in rows.items():
            if band_of[key] == band:
                rows[key] = row + top
        height = max(used, default=0) + 1
        ranks.bands[band] = (top, top + height)
        top += height
    for node in beside:
        rows[node.id] = top
        top += 1
    ranks.rows = top
    ranks.cells = {node.id: (level[node.id], rows[node.id]) for node in nodes}
    ranks.through = {
        flow: [(at, rows[f"{flow}@{at}"]) for at in range(low, high)] for flow, (low, high) in chains.items()
    }
    return ranks


def _chains(
    process: Process, nodes: list[Node], level: dict[str, int], back: set[str]
) -> dict[str, tuple[int, int]]:
    """The columns that a flow passes between its ends, for flows that pass any."""
    found = {}
    cells = 0
    for node in nodes:
        for flow in flows_of(process, node):
            if flow.id in back or level[flow.target] - level[node.id] < 2:
                continue
            cells += level[flow.target] - level[node.id] - 1
            if cells <= MOST_CELLS:
                found[flow.id] = (level[node.id] + 1, level[flow.target])
    return found


def _rows(
    process: Process,
    nodes: list[Node],
    level: dict[str, int],
    chains: dict[str, tuple[int, int]],
    lanes: dict[str, str],
    beside: set[str],
) -> tuple[dict[str, int], dict[str, str]]:
    """The row of each element and of each cell that a long flow passes, within its band."""
    before: dict[str, list[str]] = {}
    by_column: dict[int, list[str]] = {}
    band_of: dict[str, str] = {}
    for node in nodes:
        if node.id in beside:
            continue
        by_column.setdefault(level[node.id], []).append(node.id)
        band_of[node.id] = lanes.get(node.id, "")
    for node in nodes:
        for flow in flows_of(process, node):
            last = node.id
            for at in range(*chains.get(flow.id, (0, 0))):
                key = f"{flow.id}@{at}"
                by_column.setdefault(at, []).append(key)
                band_of[key] = lanes.get(flow.target, "")
                before[key] = [last]
                last = key
            if level.get(flow.target, 0) > level[node.id]:
                before.setdefault(flow.target, []).append(last)
        for boundary in node.boundaries:
            if process.nodes[boundary].handler:
                before.setdefault(process.nodes[boundary].handler, []).append(node.id)
    rows: dict[str, int] = {}
    for at in sorted(by_column):
        _column(by_column[at], before, band_of, rows)
    return rows, band_of


def _column(
    keys: list[str], before: dict[str, list[str]], band_of: dict[str, str], rows: dict[str, int]
) -> None:
    """Give the cells of one column their rows: near the mean of what leads to each, none twice."""
    wanted = {}
    for key in keys:
        near = [rows[each] for each in before.get(key, ()) if each in rows and band_of[each] == band_of[key]]
        wanted[key] = fmean(near) if near else 0.0
    taken: dict[str, set[int]] = {}
    for key in sorted(keys, key=lambda each: ("@" in each, wanted[each])):
        used = taken.setdefault(band_of[key], set())
        row = int(wanted[key])
        while row in used:
            row += 1
        used.add(row)
        rows[key] = row
