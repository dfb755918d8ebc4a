"""A file without input data, as Camunda Modeler writes a table alone: what its decisions read is what it is given."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ruta.engine.dmn.elements import Decision, DecisionTable, Definitions, Element, InputData, Place


def with_inputs(definitions: Definitions, reads: Mapping[str, list[str]]) -> Definitions:
    """The file with input data for the names that its decisions, by id, read and nothing gives.

    An input has the type that a column says which reads it and nothing else. The standard would have such a name be
    null (DMN 1.5, 6.3.5: a decision sees what it requires); no table of such a file could decide anything.
    """
    inputs: dict[str, InputData] = {}
    complete: list[Element] = []
    for element in definitions.elements:
        if isinstance(element, Decision) and (names := reads.get(element.place.id)):
            typed = dict(_types(element))
            for name in dict.fromkeys(names):
                place = Place(f"input {name}", name, element.place.line)
                inputs.setdefault(name, InputData(place, name, typed.get(name, "")))
            wanted = tuple(f"#input {name}" for name in dict.fromkeys(names))
            complete.append(replace(element, requires=(*element.requires, *wanted)))
        else:
            complete.append(element)
    return replace(definitions, elements=(*complete, *inputs.values()))


def _types(decision: Decision) -> Iterator[tuple[str, str]]:
    if isinstance(decision.expression, DecisionTable):
        for column in decision.expression.inputs:
            yield column.text, column.type_ref
