"""The reference models of the BPMN Model Interchange Working Group: where they are, and what becomes of each process."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ruta.engine.bpmn import check, process_ids, survey

CONFORMANCE = Path(
    os.environ.get("RUTA_CONFORMANCE", Path(__file__).resolve().parents[2].parent / "shared" / "conformance")
)
MODELS = sorted((CONFORMANCE / "bpmn-miwg").glob("*.bpmn"))


def rows() -> Iterator[str]:
    """The rows of the table in `docs/reference/bpmn.md`, one a process."""
    for path in MODELS:
        xml = path.read_bytes()
        for number, id in enumerate(process_ids(xml), start=1):
            reading = survey(xml, process_id=id)
            name = reading.process.name or f"process {number}"
            if reading.problems:
                kinds = Counter(problem.check for problem in reading.problems)
                told = ", ".join(
                    f"`{kind}`" + (f" × {many}" if many > 1 else "") for kind, many in sorted(kinds.items())
                )
                outcome = f"refused: {told}"
            else:
                outcome = "executed; not sound" if check(reading.process) else "executed; always ends"
            yield f"| {path.stem} | {name} | {len(reading.process.nodes)} | {outcome} |"
