"""Runs the test cases of the DMN Technology Compatibility Kit against this engine and counts what passes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from ruta.engine import feel
from ruta.engine.dmn.errors import DmnError
from ruta.engine.dmn.loading import load
from ruta.engine.dmn.model import Model
from ruta.engine.feel import notation, values

_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_CONTEXT = feel.Context(datetime(2026, 1, 1, tzinfo=UTC))
_TOLERANCE = Decimal("0.00000001")


@dataclass(frozen=True, slots=True)
class Result:
    """One expected result: which test, whether a value (not null) is expected, whether it came, and what came."""

    folder: str
    test: str
    node: str
    value_expected: bool
    passed: bool
    expected: Any
    actual: Any


@dataclass(frozen=True, slots=True)
class Report:
    """All results of one level or folder."""

    results: tuple[Result, ...]

    @property
    def columns(self) -> tuple[int, int, int, int]:
        """(passed, all, passed of those where a value is expected, all of those)."""
        valued = [result for result in self.results if result.value_expected]
        passed = sum(result.passed for result in self.results)
        return passed, len(self.results), sum(result.passed for result in valued), len(valued)

    def failures(self) -> tuple[Result, ...]:
        """Those that did not pass."""
        return tuple(result for result in self.results if not result.passed)


def run(folder: Path) -> dict[str, dict[str, Report]]:
    """Reports by level ("compliance-level-2", …) and folder of test cases."""
    levels: dict[str, dict[str, Report]] = {}
    found = [folder, *folder.glob("**/compliance-level-*")]
    for level in sorted(
        path for path in found if path.name.startswith("compliance-level-") and path.is_dir()
    ):
        reports = levels.setdefault(level.name, {})
        for case in sorted(path for path in level.iterdir() if path.is_dir()):
            reports[case.name] = Report(tuple(_run_folder(case)))
    return levels


def listing(levels: dict[str, dict[str, Report]]) -> str:
    """One line for each case: passed or failed; value or null, as it expects; its level, folder, file, id, result node."""
    lines = [
        f"{'passed' if result.passed else 'failed'} {'value' if result.value_expected else 'null'} "
        f"{level}/{result.folder}/{result.test}/{result.node}"
        for level, reports in levels.items()
        for report in reports.values()
        for result in report.results
    ]
    return "\n".join(sorted(lines)) + "\n"


def total(reports: dict[str, Report]) -> Report:
    """The reports of one level in one."""
    return Report(tuple(result for report in reports.values() for result in report.results))


def _run_folder(folder: Path) -> Iterator[Result]:
    for path in sorted(folder.glob("*.xml")):
        root = etree.parse(path, etree.XMLParser(resolve_entities=False, remove_comments=True)).getroot()
        name = _text(_one(root, "modelName"))
        model = _model(folder, name)
        for case in _all(root, "testCase"):
            yield from _run_case(folder.name, path.stem, case, model)


def _model(folder: Path, name: str) -> Model | None:
    path = folder / name
    if not path.is_file():
        path = next(iter(sorted(folder.glob("*.dmn"))))
    try:
        return load(path, strict=False)
    except DmnError:
        return None


def _run_case(folder: str, file: str, case: Any, model: Model | None) -> Iterator[Result]:
    inputs = {node.get("name"): _value(node) for node in _all(case, "inputNode")}
    invocable = case.get("invocableName") if case.get("type") in ("decisionService", "bkm") else None
    for node in _all(case, "resultNode"):
        name = node.get("name")
        expected_node = _one(node, "expected")
        expected = None if expected_node is None else _value(expected_node)
        actual: Any = None
        if model is not None:
            try:
                actual = _ask(model, invocable or name, name, inputs, invoked=bool(invocable))
            except (DmnError, feel.FeelError):
                actual = None
        yield Result(
            folder,
            f"{file}/{case.get('id')}",
            name,
            expected is not None,
            _same(expected, actual),
            expected,
            actual,
        )


def _ask(model: Model, asked: str, name: str, inputs: dict[str, Any], *, invoked: bool) -> Any:
    value = model.evaluate(asked, inputs, _CONTEXT).value
    if invoked and isinstance(value, dict) and name in value and name != asked:
        return value[name]
    return value


# Values of the test files


def _children(node: Any) -> Iterator[Any]:
    return (child for child in node if isinstance(child.tag, str))


def _all(node: Any, name: str) -> Iterator[Any]:
    return (child for child in _children(node) if etree.QName(child).localname == name)


def _one(node: Any, name: str) -> Any:
    return next(_all(node, name), None)


def _text(node: Any) -> str:
    return "" if node is None else "".join(node.itertext())


def _value(node: Any) -> Any:
    components = list(_all(node, "component"))
    if components:
        return {component.get("name"): _value(component) for component in components}
    items = _one(node, "list")
    if items is not None:
        return None if items.get(_NIL) == "true" else [_value(item) for item in _all(items, "item")]
    value = _one(node, "value")
    if value is None or value.get(_NIL) == "true":
        return None
    return _scalar(_text(value), (value.get(_TYPE) or "").rpartition(":")[2])


def _scalar(text: str, of: str) -> Any:
    if of == "boolean":
        return text.strip() in ("true", "1")
    if of in ("decimal", "double", "integer", "int", "float", "long"):
        return Decimal(text.strip())
    if of in ("date", "time", "dateTime", "duration"):
        readers = {"date": notation.read_date, "time": notation.read_time, "dateTime": notation.read_datetime}
        try:
            return readers.get(of, notation.read_duration)(text.strip())
        except (ValueError, OverflowError):
            return f"unreadable {of} {text}"
    return text


def _same(expected: Any, actual: Any) -> bool:
    if isinstance(expected, Decimal) and isinstance(actual, Decimal):
        return expected == actual or abs(expected - actual) < _TOLERANCE
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(_same(expected[key], actual[key]) for key in expected)
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(_same, expected, actual))
    return values.kind(expected) == values.kind(actual) and values.equal(expected, actual) is True
