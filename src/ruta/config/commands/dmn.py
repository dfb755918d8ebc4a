"""`ruta dmn`: a decision of a DMN file on inputs from the command line, a JSON file or a CSV; no database, no Django."""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .feel import Lang, Now, read_object, world, written

if TYPE_CHECKING:
    from ruta.engine import dmn, feel


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("dmn")(decide)


def decide(
    file: Annotated[Path, typer.Argument(help="A DMN file; models it imports are looked for beside it.")],
    decision: Annotated[str, typer.Argument(help="The decision, decision service or knowledge model.")],
    given: Annotated[
        str,
        typer.Option(
            "--input", metavar="JSON|FILE|CSV", help="A JSON object, a file that holds one, or a CSV."
        ),
    ] = "{}",
    now: Now = None,
    lang: Lang = "en",
) -> None:
    """Decide, and say by which rules.

    JSON answers JSON: value, sub-decisions, rules with their law, findings. A CSV (columns named like the inputs, parts
    of a context with points) answers the same CSV with the value and the rules that hit beside each row.
    """
    from ruta.engine import dmn, feel

    try:
        model = dmn.load(file)
        ctx = world(now, lang, needs_calendar=b"business day" in file.read_bytes())
        if given.lower().endswith(".csv"):
            typer.echo(_answer_csv(model, decision, Path(given), ctx), nl=False)
        else:
            typer.echo(_answer_json(model, decision, read_object(given, "--input"), ctx))
    except OSError as wrong:
        raise ValueError(f"{wrong.filename}: {wrong.strerror}") from None
    except dmn.DmnError as wrong:
        said = (
            f"{fault.name or fault.element}: {fault.say.get(lang, fault.say['en'])}" for fault in wrong.faults
        )
        raise ValueError("; ".join(part.removeprefix(": ") for part in said)) from None
    except feel.OverBudget as wrong:
        raise ValueError(wrong.message_es if lang == "es" else wrong.message) from None
    except feel.Stop as stop:
        raise ValueError(stop.problem.say.get(lang, stop.problem.say["en"])) from None


# One case


def _answer_json(model: "dmn.Model", decision: str, given: Mapping[str, Any], ctx: "feel.Context") -> str:
    from ruta.engine import feel

    outcome = model.evaluate(decision, model.read_json(given), ctx)
    told = {
        "value": outcome.value,
        "decisions": dict(outcome.explanation.decisions),
        "hits": [
            {
                "decision": hit.decision,
                "rule": hit.rule_id,
                "annotations": dict(hit.annotations),
                "inputs": dict(hit.inputs),
                "outputs": dict(hit.outputs),
            }
            for hit in outcome.hits
        ],
        "findings": [finding.say.get(ctx.lang, finding.say["en"]) for finding in outcome.findings],
    }
    return feel.dumps(feel.to_json(told), indent=2)


# A table of cases


def _answer_csv(model: "dmn.Model", decision: str, path: Path, ctx: "feel.Context") -> str:
    with path.open(encoding="utf-8-sig", newline="") as file:
        mark = max(",;\t", key=file.readline().count)  # spreadsheets of many countries write semicolons
        file.seek(0)
        reader = csv.DictReader(file, delimiter=mark)
        rows = list(reader)
        names = list(reader.fieldnames or ())
    if any(None in row or None in row.values() for row in rows):
        raise ValueError(f"{path}: a row has not as many cells as the header")
    if not {name.split(".")[0] for name in names} & set(model.inputs):
        raise ValueError(f"{path}: no column is an input; the model's are {', '.join(model.inputs)}")
    asked = {
        name for name in names if name.split(".")[0] in model.inputs
    }  # the other columns are the reader's own
    given = [model.read_text({name: cell for name, cell in row.items() if name in asked}) for row in rows]
    answers = model.evaluate_many(decision, given, ctx)
    values = [dict(_columns(decision, value)) for value in answers]
    added = list(dict.fromkeys(name for value in values for name in value))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark, lineterminator="\n")
    writer.writerow([*names, *added, "rule", "finding"])
    for at, (row, value) in enumerate(zip(rows, values, strict=True)):
        finding = _findings(answers.outcome(at), ctx.lang) if answers[at] is None else ""
        cells = [value.get(name, "") for name in added]
        writer.writerow([*(row[name] for name in names), *cells, " ".join(answers.rules[at]), finding])
    return out.getvalue()


def _columns(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A value as cells: a context has one for each entry, a text stands without quotes, null is empty."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _columns(f"{name}.{key}", part)
    else:
        yield name, "" if value is None else value if isinstance(value, str) else written(value)


def _findings(outcome: "dmn.Outcome", lang: str) -> str:
    return " ".join(finding.say.get(lang, finding.say["en"]) for finding in outcome.findings)
