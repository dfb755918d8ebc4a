"""A model ready to decide: its graph of decisions, knowledge and services, compiled once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ruta.engine.dmn import elements
from ruta.engine.dmn.elements import Definitions
from ruta.engine.dmn.errors import DmnError, Fault, did_you_mean, fault
from ruta.engine.dmn.graph import Evaluation, Node
from ruta.engine.dmn.inputs import Wanted, odd_inputs, wanted_by
from ruta.engine.dmn.library import Library
from ruta.engine.dmn.outcome import Finding, Outcome
from ruta.engine.feel.context import Context, Run, over
from ruta.engine.feel.reasons import told
from ruta.engine.feel.typed import from_json, from_text
from ruta.engine.feel.types import ANY, Type
from ruta.engine.nearest import nearest

if TYPE_CHECKING:
    from ruta.engine.dmn.columns import Answers

Rows = Sequence[Mapping[str, Any]] | Mapping[str, Sequence[Any]]


class Model:
    """One DMN file, compiled with what it imports. `faults` is empty unless it was loaded bearing them."""

    def __init__(
        self,
        definitions: Definitions,
        nodes: dict[str, Node],
        library: Library,
    ) -> None:
        self.definitions = definitions
        self.name = definitions.name
        self.library = library
        self.nodes = nodes
        own = [nodes[f"{definitions.namespace}#{element.place.id}"] for element in definitions.elements]
        self._wanted: dict[int, Wanted] = {}
        self.named: dict[str, Node] = {}  # the file's own elements
        for node in own:
            self.named.setdefault(node.element.name, node)
        self.decisions = tuple(n.element.name for n in own if isinstance(n.element, elements.Decision))
        self.inputs = tuple(n.element.name for n in own if isinstance(n.element, elements.InputData))
        self.knowledge = tuple(n.element.name for n in own if isinstance(n.element, elements.Knowledge))
        self.services = tuple(n.element.name for n in own if isinstance(n.element, elements.Service))

    @property
    def faults(self) -> tuple[Any, ...]:
        """What could not be compiled."""
        return tuple(self.library.faults)

    def evaluate(
        self, decision: str, inputs: Mapping[str, Any], ctx: Context, *, run: Run | None = None
    ) -> Outcome:
        """The value of a decision (or of a service or knowledge model, its parameters among `inputs`), explained.

        `inputs` are plain Python or FEEL values by name of the input data; one that is missing is null. A `run` that
        this is a part of pays for it. Raises DmnError for an unknown name and OverBudget; passes on `Stop`.
        """
        node = self.asked(decision)
        if run is None:
            return self._outcome(node, inputs, Run(ctx))
        with run.part(ctx) as inner:
            return self._outcome(node, inputs, inner)

    def _outcome(self, node: Node, inputs: Mapping[str, Any], run: Run) -> Outcome:
        run.trace = []
        evaluation = Evaluation(inputs, run)
        try:
            value = evaluation.answer(node)
        except RecursionError:
            raise over("nested calls", run.ctx.budget.depth) from None
        findings = [item for item in run.trace if isinstance(item, Finding)]
        findings += (Finding("null", node.element.name, say) for say in told(run.notes or ()))
        findings += self._odd(node, inputs)
        return Outcome(value, evaluation.explanation(node), tuple(findings))

    def _odd(self, node: Node, inputs: Mapping[str, Any]) -> Iterator[Finding]:
        """Inputs that are read and were not given, and names that no input has."""
        known = self._wanted.get(id(node))
        if known is None:
            known = self._wanted[id(node)] = wanted_by(node, self.nodes.values())
        if known.needed <= inputs.keys() <= known.all:
            return
        yield from odd_inputs(node.element.name, known, inputs)

    def evaluate_many(self, decision: str, rows: Rows, ctx: Context) -> "Answers":
        """The decision for many rows of inputs at once, column by column; the answers are those of `evaluate`.

        `rows` are mappings as `evaluate` takes them, or one mapping of columns of equal length. Raises as `evaluate`
        does for the first row that cannot be answered.
        """
        from ruta.engine.dmn.columns import answer_many

        return answer_many(self, decision, rows, ctx)

    def read_json(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """JSON values by name, each read as the type of its input data says: a date comes as a text there."""
        return {name: from_json(value, self._type_of(name)) for name, value in given.items()}

    def read_text(self, given: Mapping[str, str]) -> dict[str, Any]:
        """Cells of a CSV by the name of their column, read alike; `applicant.age` is an entry of `applicant`."""
        found: dict[str, Any] = {}
        for column, text in given.items():
            name, *path = column.split(".") if column not in self.inputs else [column]
            wanted, space, last = self._type_of(name), found, name
            for part in path:
                space = space.setdefault(last, {})
                wanted, last = (wanted.fields or {}).get(part, ANY), part
            space[last] = from_text(text, wanted)
        return found

    def _type_of(self, name: str) -> Type:
        node = self.named.get(name)
        return node.type if node else ANY

    def asked(self, decision: str) -> Node:
        """The element of that name, else of that id (so some tools refer to it). Raises DmnError when there is none."""
        node = self.named.get(decision) or self.nodes.get(f"{self.definitions.namespace}#{decision}")
        if node is None or isinstance(node.element, elements.InputData):
            raise DmnError((_unknown(decision, [*self.decisions, *self.services, *self.knowledge]),))
        return node


def _unknown(decision: str, known: list[str]) -> Fault:
    there = ", ".join(known)
    hint = did_you_mean(nearest(decision, known, cutoff=0.6))
    return fault(
        f"No hay decisión {decision}; hay: {there}.{hint['es']}",
        f"No decision {decision}; there are: {there}.{hint['en']}",
    )
