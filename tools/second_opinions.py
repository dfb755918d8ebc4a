"""The same random processes in other engines: SpiffWorkflow (Python) and bpmn-engine (Node), as second opinions.

    python tools/second_opinions.py [--processes 300] [--seed 0]

Neither is a dependency of Ruta. SpiffWorkflow is LGPL-3.0: install it apart (`pip install SpiffWorkflow` into a venv of
its own) and name its Python with --spiff. bpmn-engine is MIT: `npm install bpmn-engine` in a folder, named with --node.
What is not there is said and left out. Each engine gets the file, completes its open tasks in the order that the seed
says, and answers how often it came to each task; the generator knows the right answer by construction.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from lxml import etree

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.engine.bpmn_generator import Block, Choice, Fork, Loop, Maker, Note, Paper, Sequence, Sub, Task  # noqa: E402
from tests.engine.bpmn_models import Case, document, end, start  # noqa: E402

from ruta.engine.bpmn import read  # noqa: E402

HERE = Path(__file__).parent / "opinions"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


class Common(Maker):
    """Only what every engine claims: tasks, the three gateways, loops, embedded sub-processes."""

    def one(self, depth: int, *, ends: bool, throws: bool) -> Block:
        self.left -= 1
        if depth <= 0 or self.left <= 0:
            return self.leaf()
        make = self.random.choice((None, self.choice, self.fork, self.either, self.loop, self.sub))
        return self.leaf() if make is None else make(depth - 1, False, False)

    def leaf(self) -> Block:
        return Task(self.new("t"), [], None)

    def choice(self, depth: int, ends: bool, throws: bool) -> Block:
        branches: list[Block] = [self.block(depth, ends=False, throws=False) for _ in range(2)]
        made = Choice(self.new("x"), branches, self.random.randrange(2))
        self.variables |= made.variables()
        return made

    def sub(self, depth: int, ends: bool, throws: bool) -> Block:
        return Sub(self.new("u"), [], None, self.block(depth, ends=False, throws=False), [])


def expected(block: Block) -> Counter[str]:
    """How often each task must run, by the block alone."""
    match block:
        case Task():
            return Counter([block.id])
        case Sequence():
            return sum((expected(each) for each in block.blocks), Counter())
        case Choice():
            return expected(block.branches[block.taken])
        case Fork():
            all_ = range(len(block.branches))
            chosen = all_ if block.taken is None else block.taken or [len(block.branches) - 1]
            return sum((expected(block.branches[each]) for each in chosen), Counter())
        case Loop():
            return Counter({name: count * block.times for name, count in expected(block.body).items()})
        case Sub():
            return expected(block.body)
        case Note():
            return Counter()
    raise TypeError(block)


def drawn(seed: int) -> tuple[bytes, dict[str, Any], Counter[str]]:
    """A process, the variables that it needs, and how often each of its tasks must run."""
    maker = Common(Random(seed), 14)
    body = maker.block(3, ends=False, throws=False)
    paper = Paper()
    head, tail = body.write(paper)
    assert tail is not None
    paper.add(start("begin"), end("finish"))
    paper.join("begin", head)
    paper.join(tail, "finish")
    return document(*paper.parts), maker.variables, expected(body)


def ours(xml: bytes, variables: dict[str, Any], seed: int) -> Counter[str]:
    """What our runtime does."""
    random, case, ran = Random(seed), Case(read(xml), **variables), Counter[str]()
    while case.ended is None:
        node = random.choice(case.waiting)
        ran[node] += 1
        case.complete(node)
    return ran


def in_python(xml: bytes) -> str:
    """The file for an engine whose expressions are Python."""
    return translated(xml, lambda name: name, "{item} in {list}")


def in_javascript(xml: bytes) -> str:
    """The file for an engine whose expressions are JavaScript."""
    return translated(
        xml,
        lambda name: f"environment.variables.{name}",
        "{list}.includes({item})",
        condition="next(null, {0});",
        script="{0}; next();",
        language="javascript",
    )


def translated(
    xml: bytes,
    variable: Callable[[str], str],
    contains: str,
    *,
    condition: str = "{0}",
    script: str = "{0}",
    language: str = "",
) -> str:
    """The file with the three conditions and two scripts that the generator writes put into another language."""

    def said(text: str) -> str:
        text = text.removeprefix("=")
        if found := re.fullmatch(r"list contains\((\w+), (\d+)\)", text):
            return contains.format(list=variable(found[1]), item=found[2])
        text = re.sub(r"\b[vc]_\w+", lambda found: variable(found[0]), text)
        return text.replace(" = ", " == ")

    root = etree.fromstring(xml)
    for task in root.iter(f"{BPMN}scriptTask"):
        (found,) = task.iter("{*}script")
        work = f"{variable(found.get('resultVariable', ''))} = {said(found.get('expression', ''))}"
        for inner in list(task):
            task.remove(inner)
        etree.SubElement(task, f"{BPMN}script").text = script.format(work)
        task.set("scriptFormat", language or "python")
    for each in root.iter(f"{BPMN}conditionExpression"):
        each.text = condition.format(said(each.text or ""))
        each.set(f"{XSI}type", "bpmn:tFormalExpression")
        if language:
            each.set("language", language)
    return etree.tostring(root).decode()


def ask(command: list[str], work: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Let another engine run all of it; None when it is not there."""
    try:
        done = subprocess.run(command, input=json.dumps(work), capture_output=True, text=True, check=False)
    except OSError as wrong:
        print(f"{command[0]}: {wrong}")
        return None
    if done.returncode:
        print(f"{' '.join(command)}: {done.stderr.strip().splitlines()[-1:]}")
        return None
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def compare(name: str, answers: list[dict[str, Any]] | None, right: list[Counter[str]]) -> None:
    """Print how often an engine agrees, and its disagreements by kind."""
    if answers is None:
        print(f"{name}: not here")
        return
    kinds: Counter[str] = Counter()
    first: dict[str, int] = {}
    for seed, (answer, wanted) in enumerate(zip(answers, right, strict=True)):
        # A manual task waits for nobody here and for a click there: only user tasks are counted.
        ran = Counter({name: count for name, count in answer.get("ran", {}).items() if name.startswith("t")})
        kind = "agrees" if not answer.get("error") and ran == wanted else ""
        kind = kind or (f"raises: {answer['error'][:90]}" if answer.get("error") else "")
        kind = kind or ("runs a task too often" if ran - wanted else "leaves work undone")
        kinds[kind] += 1
        first.setdefault(kind, seed)
    print(f"{name}:")
    for kind, count in kinds.most_common():
        print(f"  {count:5}  {kind} (first: {first[kind]})")


def main() -> None:
    """Compare."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--processes", type=int, default=300)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--spiff", default="", help="a Python that has SpiffWorkflow")
    asked.add_argument("--node", default="", help="a folder that has node_modules/bpmn-engine")
    given = asked.parse_args()
    seeds = range(given.seed, given.seed + given.processes)
    made = [drawn(seed) for seed in seeds]
    right = [wanted for _, _, wanted in made]
    mine = [
        {"ran": ours(xml, variables, seed)} for seed, (xml, variables, _) in zip(seeds, made, strict=True)
    ]
    compare("ruta", mine, right)
    work = [
        {"xml": in_python(xml), "variables": {"key": "K", **variables}, "seed": seed}
        for seed, (xml, variables, _) in zip(seeds, made, strict=True)
    ]
    compare("SpiffWorkflow", ask([given.spiff, str(HERE / "spiff.py")], work) if given.spiff else None, right)
    for each, (xml, _, _) in zip(work, made, strict=True):
        each["xml"] = in_javascript(xml)
    script = ["node", str(HERE / "bpmn_engine.cjs"), given.node]
    compare("bpmn-engine", ask(script, work) if given.node else None, right)


if __name__ == "__main__":
    main()
