"""The rooms stand in the order of the plan, and the contracts that hold it would notice if they did not."""

import tomllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import grimp
import pytest
from importlinter import Contract, configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from ruta.config.reference import architecture

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS: dict[str, dict[str, Any]] = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
}
configuration.configure()
KINDS: dict[str, type[Contract]] = {"layers": LayersContract, "forbidden": ForbiddenContract}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("ruta", include_external_packages=True, cache_dir=None)


def kept(name: str, graph: grimp.ImportGraph) -> bool:
    told = {
        key: str(value) if isinstance(value, bool) else value  # as import-linter's own reader gives them
        for key, value in CONTRACTS[name].items()
        if key not in ("id", "type")
    }
    session = {"root_packages": ["ruta"], "include_external_packages": True}
    contract = KINDS[CONTRACTS[name]["type"]](
        name=told["name"], session_options=session, contract_options=told
    )
    return bool(contract.check(graph=graph, verbose=False).kept)


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_contract_is_kept(name: str, graph: grimp.ImportGraph) -> None:
    assert kept(name, graph)


@pytest.mark.parametrize(
    ("name", "importer", "imported"),
    [
        ("rooms", "ruta.kernel.clock", "ruta.cases.services"),
        ("rooms", "ruta.registers.services", "ruta.payments.services"),
        ("rooms", "ruta.cases.services", "ruta.web.portal.home"),
        ("rooms", "ruta.definitions.services", "ruta.config.settings"),
        ("engine", "ruta.engine.feel.context", "django"),
        ("sandbox", "ruta.sandbox.gateway", "ruta.kernel.clock"),
        ("pages", "ruta.web.site.context", "ruta.web.desk.inbox"),
        ("pages", "ruta.web.desk.inbox", "ruta.web.portal.home"),
    ],
)
def test_an_import_against_the_order_would_be_noticed(name: str, importer: str, imported: str) -> None:
    wrong = grimp.build_graph("ruta", include_external_packages=True, cache_dir=None)
    wrong.add_import(importer=importer, imported=imported)

    assert not kept(name, wrong)


def test_a_room_without_a_place_would_be_noticed() -> None:
    wrong = grimp.build_graph("ruta", include_external_packages=True, cache_dir=None)
    wrong.add_module("ruta.helpers")

    assert not kept("rooms", wrong)


def test_every_room_says_what_it_is_for() -> None:
    rooms = [room for row in architecture.layers() for room in row]
    folders = {path.parent.name for path in (ROOT / "src" / "ruta").glob("*/__init__.py")}

    assert folders == {room.split(".")[0] for room in rooms}
    assert [room for room in rooms if len(architecture.purpose(room)) < 15] == []


def test_the_picture_shows_every_room_and_its_arrows_go_down() -> None:
    picture = ElementTree.fromstring(architecture.picture())
    drawn = {node.text for node in picture.iter("{http://www.w3.org/2000/svg}text")}
    rows = {room: number for number, row in enumerate(architecture.layers()) for room in row}

    assert drawn == set(rows)
    assert architecture.arrows()
    assert [edge for edge in architecture.arrows() if rows[edge[0]] >= rows[edge[1]]] == []
