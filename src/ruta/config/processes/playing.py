"""A process run by hand: lines in, what happened and where the case stands out."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

from ruta.engine import dmn

from .files import Unreadable, load, runnable
from .shell import Shell, Wrong


def begin(
    file: Path, process: str, *, given: Iterable[str], dmn: Iterable[Path], now: datetime, lang: str
) -> Shell:
    """A shell on the process of a file, with its variables set; not started yet. Raises Unreadable."""
    shell = Shell(runnable(file, process, lang), now=now, lang=lang, models=[_model(each) for each in dmn])
    for each in given:
        try:
            shell.assign(each)
        except Wrong as wrong:
            raise Unreadable(f"--set {each}: {wrong}") from None
    return shell


def _model(file: Path) -> dmn.Model:
    try:
        return dmn.load(load(file))
    except dmn.DmnError as wrong:
        raise Unreadable(f"{file}: {wrong}") from None


def asked() -> Iterator[str]:
    """Lines as a person types them, until the end of input."""
    while True:
        try:
            yield input("› ")
        except EOFError:
            return


def play(shell: Shell, lines: Iterable[str], say: Callable[[str], None]) -> int:
    """Start the case and carry out each line; how many could not be carried out."""
    failed = 0
    for line in chain(["start"], lines):
        if line.strip() in ("quit", "exit", "q"):
            break
        failed += _one(shell, line, say)
    return failed


def _one(shell: Shell, line: str, say: Callable[[str], None]) -> int:
    try:
        for told in shell.do(line):
            say(told)
    except Wrong as wrong:
        say(f"! {wrong}")
        return 1
    return 0
