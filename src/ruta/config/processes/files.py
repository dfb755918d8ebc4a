"""A BPMN file as somebody has it: read, every process in it checked or drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import typer

from ruta.engine import bpmn, feel


class Unreadable(Exception):
    """The file is not there or is no BPMN; the person reads why."""


def load(file: Path) -> bytes:
    """The bytes of a file. Raises Unreadable."""
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise Unreadable(f"{file}: {wrong.strerror or wrong}") from None


def survey(file: Path, process: str, lang: str) -> bpmn.Reading:
    """The one process of a file, or the one asked for, with its problems. Raises Unreadable."""
    try:
        return bpmn.survey(load(file), process_id=process or None)
    except bpmn.BpmnError as wrong:
        raise Unreadable(f"{file}: {_told(wrong.problems, lang)}") from None


def runnable(file: Path, process: str, lang: str) -> bpmn.Process:
    """The process of a file, to be run. Raises Unreadable with all that stands in the way."""
    reading = survey(file, process, lang)
    if reading.problems:
        raise Unreadable(f"{file} cannot be executed: {_told(reading.problems, lang)}")
    return reading.process


def _told(problems: Iterable[bpmn.BpmnProblem], lang: str) -> str:
    return " · ".join(line(problem, lang) for problem in problems)


def line(problem: bpmn.BpmnProblem, lang: str) -> str:
    """A problem on one line: where, which rule, which element, what is wrong."""
    name = f' "{problem.name}"' if problem.name else ""
    say = problem.say.get(lang, problem.say["en"])
    return f"{problem.line}: [{problem.check}] {problem.element}{name}: {say}"


def check(file: Path, process: str, lang: str) -> int:
    """Tell what is wrong with the processes of a file; the exit code."""
    try:
        xml = load(file)
        ids = (process,) if process else bpmn.process_ids(xml) or (bpmn.survey(xml).process.id,)
        found = [_check_one(file, xml, id, lang) for id in ids]
    except Unreadable as wrong:
        typer.echo(str(wrong), err=True)
        return 2
    except bpmn.BpmnError as wrong:
        for problem in wrong.problems:
            typer.echo(f"{file}:{line(problem, lang)}", err=True)
        return 2
    return int(any(found))


def _check_one(file: Path, xml: bytes, id: str, lang: str) -> bool:
    reading = bpmn.survey(xml, process_id=id)
    problems: Sequence[bpmn.BpmnProblem] = [*reading.problems, *_not_feel(reading.process)]
    if not reading.problems:
        problems = [*problems, *bpmn.check(reading.process)]
    for problem in problems:
        typer.echo(f"{file}:{line(problem, lang)}")
    label = f"{id} «{reading.process.name}»" if reading.process.name else id
    if problems:
        typer.echo(f"{file}: {label}: {len(problems)} problems")
    else:
        typer.echo(
            f"{file}: {label}: can be executed and always ends ({len(reading.process.nodes)} elements)"
        )
    return bool(problems)


def _not_feel(process: bpmn.Process) -> Iterable[bpmn.BpmnProblem]:
    for each in bpmn.expressions(process):
        try:
            feel.compile(each.text)
        except feel.FeelError as wrong:
            say = {lang: f"{each.place}: {text}" for lang, text in wrong.say.items()}
            yield bpmn.BpmnProblem(each.element, each.name, each.line, say, "feel-syntax")


def draw(
    file: Path, process: str, *, at: Sequence[str], done: Sequence[str], lang: str, layout: bool = False
) -> str:
    """The diagram of a process as one SVG that stands alone. Raises Unreadable, also for an unknown element."""
    found = survey(file, process or _first(file, lang), lang).process
    known = set(found.nodes) | set(found.flows)
    if unknown := [id for id in (*at, *done) if id not in known]:
        raise Unreadable(
            f"{file} has no element {', '.join(unknown)}; it has {', '.join(sorted(found.nodes))}"
        )
    if layout:
        found = replace(found, drawing=bpmn.Drawing())
    return bpmn.alone(bpmn.svg(found, tokens=at, done=done, lang=lang))


def _first(file: Path, lang: str) -> str:
    """The first process of a file: a diagram shows all of them."""
    try:
        return next(iter(bpmn.process_ids(load(file))), "")
    except bpmn.BpmnError as wrong:
        raise Unreadable(f"{file}: {_told(wrong.problems, lang)}") from None
