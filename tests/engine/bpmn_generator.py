"""Random block-structured processes that know, by construction, what may happen next.

Each block writes itself as BPMN and has its own semantics as a tree of what is still to do (`Todo`): no
tokens, no gateways, no scopes of the engine. Timers stand for most events, because each can be fired alone;
messages reach all that wait for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

from tests.engine.bpmn_models import (
    TERMINATE,
    boundary,
    compensate,
    document,
    el,
    end,
    error,
    ext,
    flow,
    gate,
    handler,
    multi,
    script,
    service,
    start,
    sub,
    timer,
    undoes,
    user,
)

_serial = count(1)


class EndScope(Exception):
    """A terminate end was reached: the nearest scope is over."""


class ErrorThrown(Exception):
    """An error end was reached, or work failed: the nearest catching boundary takes over."""


# What is still to do


class Todo:
    """Something not finished yet."""

    def waits(self) -> Iterator[Wait]:
        raise NotImplementedError

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        """Return what is left after this wait is over; None for nothing."""
        raise NotImplementedError

    def has(self, wait: Wait) -> bool:
        return any(each is wait for each in self.waits())


@dataclass(eq=False)
class Wait(Todo):
    """One open position that can be finished from outside; `serial` gives the order of creation.

    `turns` says in which turn of each multi-instance around it, the outermost first; `waits` tells it anew.
    """

    node: str
    can_fail: bool = False
    by_message: bool = False
    serial: int = field(default_factory=lambda: next(_serial))
    turns: tuple[int, ...] = ()

    def waits(self) -> Iterator[Wait]:
        self.turns = ()
        yield self

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        if fail:
            raise ErrorThrown
        return None


@dataclass(eq=False)
class Done:
    """An activity that is done: the handler that undoes it, or what was done inside it."""

    handler: str
    inner: list[Done] = field(default_factory=list)
    serial: int = field(default_factory=lambda: next(_serial))

    def handlers(self) -> list[str]:
        if self.handler:
            return [self.handler]
        ordered = sorted(self.inner, key=lambda each: -each.serial)
        return [handler for each in ordered for handler in each.handlers()]


@dataclass(eq=False)
class InOrder(Todo):
    now: Todo
    rest: list[Block]
    scope: Scope

    def waits(self) -> Iterator[Wait]:
        yield from self.now.waits()

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        left = self.now.act(wait, fail=fail)
        return begin_all(self.rest, self.scope) if left is None else InOrder(left, self.rest, self.scope)


@dataclass(eq=False)
class Together(Todo):
    parts: list[Todo]

    def waits(self) -> Iterator[Wait]:
        for part in self.parts:
            yield from part.waits()

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        at = next(i for i, part in enumerate(self.parts) if part.has(wait))
        left = self.parts[at].act(wait, fail=fail)
        self.parts[at : at + 1] = [] if left is None else [left]
        return self if self.parts else None


@dataclass(eq=False)
class Again(Todo):
    block: Loop
    turn: int
    now: Todo
    scope: Scope

    def waits(self) -> Iterator[Wait]:
        yield from self.now.waits()

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        left = self.now.act(wait, fail=fail)
        if left is not None:
            self.now = left
            return self
        return self.block.go_on(self.turn + 1, self.scope)


@dataclass(eq=False)
class Scope(Todo):
    """The inside of the process, a sub-process or one instance: its main line and what runs beside it.

    `finished` is what was done in it and can be undone; `around` is, for an event sub-process, what it belongs to.
    """

    main: Todo | None = None
    beside: list[Todo] = field(default_factory=list)
    armed: list[tuple[Wait, EventSub]] = field(default_factory=list)
    finished: list[Done] = field(default_factory=list)
    around: Scope | None = None

    def open(self, body: Block, handlers: list[EventSub]) -> Scope | None:
        self.armed = [(Wait(each.start), each) for each in handlers]
        try:
            self.main = body.begin(self)
        except EndScope:
            return None
        return self.rest()

    def rest(self) -> Scope | None:
        return self if self.main is not None or self.beside else None

    def waits(self) -> Iterator[Wait]:
        if self.main is not None:
            yield from self.main.waits()
        for part in self.beside:
            yield from part.waits()
        for wait, _ in self.armed:
            yield from wait.waits()

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        try:
            self._act(wait, fail=fail)
        except EndScope:
            return None
        return self.rest()

    def _act(self, wait: Wait, *, fail: bool) -> None:
        for at, (mine, begins) in enumerate(self.armed):
            if mine is wait:
                del self.armed[at]
                if begins.interrupting:
                    self.main, self.beside, self.armed = None, [], []
                opened = Scope(around=self)
                if opened.open(begins.body, []) is None:
                    self.note(opened)
                else:
                    self.beside.append(opened)
                return
        if self.main is not None and self.main.has(wait):
            self.main = self.main.act(wait, fail=fail)
            return
        at = next(i for i, part in enumerate(self.beside) if part.has(wait))
        part = self.beside.pop(at)
        left = part.act(wait, fail=fail)
        if left is not None:
            self.beside.insert(at, left)
        elif isinstance(part, Scope):
            self.note(part)

    def note(self, inner: Scope) -> None:
        """Something with this inside is done."""
        if inner.finished:
            self.finished.append(Done("", inner.finished))

    def undo(self) -> list[str]:
        """Take what can be undone from here, the last first: the handlers to run."""
        scopes = [self] if self.around is None else [self, self.around]
        done = sorted((each for scope in scopes for each in scope.finished), key=lambda each: -each.serial)
        for scope in scopes:
            scope.finished = []
        return [handler for each in done for handler in each.handlers()]


@dataclass(eq=False)
class Active(Todo):
    """An activity with boundary events."""

    block: Activity
    inner: Todo
    armed: list[tuple[Wait, Boundary]]
    scope: Scope

    def waits(self) -> Iterator[Wait]:
        yield from self.inner.waits()
        for wait, _ in self.armed:
            yield from wait.waits()

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        for at, (mine, beside) in enumerate(self.armed):
            if mine is wait:
                if beside.interrupting:
                    return beside.handler.begin(self.scope)
                del self.armed[at]
                extra = beside.handler.begin(self.scope)
                if extra is not None:
                    self.scope.beside.append(extra)
                return self
        try:
            left = self.inner.act(wait, fail=fail)
        except ErrorThrown:
            return self.block.caught(self.scope)
        if left is None:
            self.block.note(self.inner, self.scope)
            return None
        self.inner = left
        return self


@dataclass(eq=False)
class Undoing(Todo):
    """Handlers that run one after the other."""

    now: Wait
    rest: list[str]

    def waits(self) -> Iterator[Wait]:
        yield from self.now.waits()

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        return Undoing(Wait(self.rest[0]), self.rest[1:]) if self.rest else None


@dataclass(eq=False)
class OneOf(Todo):
    """An event-based gateway."""

    ways: list[tuple[Wait, Block]]
    scope: Scope

    def waits(self) -> Iterator[Wait]:
        for wait, _ in self.ways:
            yield from wait.waits()

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        return next(block for mine, block in self.ways if mine is wait).begin(self.scope)


@dataclass(eq=False)
class Instances(Todo):
    """A multi-instance: what runs now by turn, how many are still to be begun in sequence, and how many are done."""

    block: Many
    now: dict[int, Todo]
    left: int
    ended: int = 0
    finished: list[Done] = field(default_factory=list)

    def waits(self) -> Iterator[Wait]:
        for turn, part in self.now.items():
            for wait in part.waits():
                wait.turns = (turn, *wait.turns)
                yield wait

    def act(self, wait: Wait, *, fail: bool = False) -> Todo | None:
        at, part = next((turn, part) for turn, part in self.now.items() if part.has(wait))
        rest = part.act(wait, fail=fail)
        if rest is not None:
            self.now[at] = rest
            return self
        del self.now[at]
        self.end_one(part)
        self.begin_next()
        return self if self.now and not self.enough() else None

    def begin_next(self) -> None:
        """In sequence, begin turn after turn until one has something to do."""
        while not self.now and self.left and not self.enough():
            self.left -= 1
            begun = self.block.begin_one()
            if begun is not None:
                self.now[self.ended] = begun
            else:
                self.end_one(None)

    def end_one(self, part: Todo | None) -> None:
        self.ended += 1
        if isinstance(part, Scope) and part.finished:
            self.finished.append(Done("", part.finished))

    def enough(self) -> bool:
        return self.block.until is not None and self.ended >= self.block.until


def begin_all(blocks: list[Block], scope: Scope) -> Todo | None:
    for at, block in enumerate(blocks):
        begun = block.begin(scope)
        if begun is not None:
            return InOrder(begun, blocks[at + 1 :], scope)
    return None


# Blocks


class Paper:
    """Where blocks write themselves: elements and flows of one container."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def add(self, *parts: str) -> None:
        self.parts.extend(parts)

    def join(self, source: str, target: str, condition: str = "") -> None:
        """Draw a flow; the one without condition is named so that a gateway can call it its default."""
        name = f"{source}_{target}" if condition else f"{source}_out_{target}"
        self.parts.append(flow(source, target, condition, id=name))


class Block:
    """A piece with one way in and at most one way out (None: it never goes on)."""

    id: str

    def begin(self, scope: Scope) -> Todo | None:
        raise NotImplementedError

    def write(self, paper: Paper) -> tuple[str, str | None]:
        raise NotImplementedError


@dataclass
class Sequence(Block):
    id: str
    blocks: list[Block]

    def begin(self, scope: Scope) -> Todo | None:
        return begin_all(self.blocks, scope)

    def write(self, paper: Paper) -> tuple[str, str | None]:
        first, last = self.blocks[0].write(paper)
        for block in self.blocks[1:]:
            assert last is not None, "only the last block may not go on"
            head, tail = block.write(paper)
            paper.join(last, head)
            last = tail
        return first, last


@dataclass
class Note(Block):
    """Automatic: sets a variable that nobody reads."""

    id: str

    def begin(self, scope: Scope) -> Todo | None:
        return None

    def write(self, paper: Paper) -> tuple[str, str | None]:
        paper.add(script(self.id, "noted", "1"))
        return self.id, self.id


@dataclass
class Pause(Block):
    """An intermediate timer."""

    id: str

    def begin(self, scope: Scope) -> Todo | None:
        return Wait(self.id)

    def write(self, paper: Paper) -> tuple[str, str | None]:
        paper.add(el("intermediateCatchEvent", self.id, timer("PT0S")))
        return self.id, self.id


@dataclass
class Undo(Block):
    """Waits for a timer, then undoes what its scope has done."""

    id: str

    def begin(self, scope: Scope) -> Todo | None:
        return InOrder(Wait(self.id), [Thrown(self.id)], scope)

    def write(self, paper: Paper) -> tuple[str, str | None]:
        paper.add(el("intermediateCatchEvent", self.id, timer("PT0S")))
        paper.add(el("intermediateThrowEvent", f"{self.id}t", compensate()))
        paper.join(self.id, f"{self.id}t")
        return self.id, f"{self.id}t"


@dataclass
class Thrown(Block):
    """The throwing half of `Undo`."""

    id: str

    def begin(self, scope: Scope) -> Todo | None:
        handlers = scope.undo()
        return Undoing(Wait(handlers[0]), handlers[1:]) if handlers else None


@dataclass
class Hear(Block):
    """An intermediate message, which reaches all that wait for it at once."""

    id: str

    def begin(self, scope: Scope) -> Todo | None:
        return Wait(self.id, by_message=True)

    def write(self, paper: Paper) -> tuple[str, str | None]:
        definition = f'<bpmn:messageEventDefinition messageRef="m_{self.id}"/>'
        paper.add(el("intermediateCatchEvent", self.id, definition))
        return self.id, self.id


@dataclass
class Call(Block):
    """Another process, which comes back as a job."""

    id: str

    def begin(self, scope: Scope) -> Todo | None:
        return Wait(self.id)

    def write(self, paper: Paper) -> tuple[str, str | None]:
        paper.add(el("callActivity", self.id, ext('<zeebe:calledElement processId="other"/>')))
        return self.id, self.id


@dataclass
class Stop(Block):
    """An end event that ends the scope or throws an error."""

    id: str
    throws: bool

    def begin(self, scope: Scope) -> Todo | None:
        raise ErrorThrown if self.throws else EndScope

    def write(self, paper: Paper) -> tuple[str, str | None]:
        paper.add(end(self.id, error("broken") if self.throws else TERMINATE))
        return self.id, None


@dataclass
class Choice(Block):
    """Exclusive: the last branch is the default and always goes on."""

    id: str
    branches: list[Block]
    taken: int

    def begin(self, scope: Scope) -> Todo | None:
        return self.branches[self.taken].begin(scope)

    def write(self, paper: Paper) -> tuple[str, str | None]:
        out = f"{self.id}j"
        written = [branch.write(paper) for branch in self.branches]
        paper.add(
            gate("exclusive", self.id, default=f"{self.id}_out_{written[-1][0]}"), gate("exclusive", out)
        )
        for number, (head, tail) in enumerate(written):
            last = number == len(written) - 1
            paper.join(self.id, head, "" if last else f"=v_{self.id} = {number}")
            if tail is not None:
                paper.join(tail, out)
        return self.id, out

    def variables(self) -> dict[str, int]:
        return {f"v_{self.id}": self.taken}


@dataclass
class Fork(Block):
    """Parallel, or inclusive with the branches in `taken`; inclusive has its last branch as default."""

    id: str
    branches: list[Block]
    taken: list[int] | None = None

    def begin(self, scope: Scope) -> Todo | None:
        chosen = range(len(self.branches)) if self.taken is None else self.taken or [len(self.branches) - 1]
        begun = [self.branches[each].begin(scope) for each in chosen]
        parts = [part for part in begun if part is not None]
        return Together(parts) if parts else None

    def write(self, paper: Paper) -> tuple[str, str | None]:
        kind = "parallel" if self.taken is None else "inclusive"
        out = f"{self.id}j"
        written = [branch.write(paper) for branch in self.branches]
        default = "" if self.taken is None else f"{self.id}_out_{written[-1][0]}"
        paper.add(gate(kind, self.id, default=default), gate(kind, out))
        for number, (head, tail) in enumerate(written):
            plain = self.taken is None or number == len(written) - 1
            paper.join(self.id, head, "" if plain else f"=list contains(v_{self.id}, {number})")
            assert tail is not None
            paper.join(tail, out)
        return self.id, out

    def variables(self) -> dict[str, list[int]]:
        return {} if self.taken is None else {f"v_{self.id}": self.taken}


@dataclass
class Loop(Block):
    """Runs its body `times` times, counted by a variable that is set anew at every entry."""

    id: str
    body: Block
    times: int

    def begin(self, scope: Scope) -> Todo | None:
        return self.go_on(0, scope)

    def go_on(self, turn: int, scope: Scope) -> Todo | None:
        for at in range(turn, self.times):
            begun = self.body.begin(scope)
            if begun is not None:
                return Again(self, at, begun, scope)
        return None

    def write(self, paper: Paper) -> tuple[str, str | None]:
        zero, back, plus, out = (f"{self.id}{each}" for each in ("z", "b", "p", "x"))
        head, tail = self.body.write(paper)
        assert tail is not None
        after = f"{self.id}o"
        paper.add(
            script(zero, f"c_{self.id}", "0"),
            gate("exclusive", back),
            script(plus, f"c_{self.id}", f"c_{self.id} + 1"),
            gate("exclusive", out, default=f"{out}_out_{after}"),
            el("manualTask", after),
        )
        paper.join(zero, back)
        paper.join(back, head)
        paper.join(tail, plus)
        paper.join(plus, out)
        paper.join(out, back, f"=c_{self.id} < {self.times}")
        paper.join(out, after)
        return zero, after


@dataclass
class Boundary:
    id: str
    interrupting: bool
    handler: Block


@dataclass
class EventSub:
    """An event sub-process that a timer begins."""

    id: str
    interrupting: bool
    body: Block

    @property
    def start(self) -> str:
        return f"{self.id}s"

    def write(self, paper: Paper) -> None:
        inner = Paper()
        head, tail = self.body.write(inner)
        begins = el(
            "startEvent", self.start, timer("PT0S"), isInterrupting="true" if self.interrupting else "false"
        )
        inner.add(begins)
        inner.join(self.start, head)
        if tail is not None:
            inner.add(end(f"{self.id}e"))
            inner.join(tail, f"{self.id}e")
        paper.add(sub(self.id, *inner.parts, triggeredByEvent="true"))


@dataclass
class Activity(Block):
    """Something with boundary events; `catch` is what an error inside leads to."""

    id: str
    boundaries: list[Boundary]
    catch: Block | None

    def begin_inner(self) -> Todo | None:
        raise NotImplementedError

    def element(self) -> str:
        raise NotImplementedError

    def begin(self, scope: Scope) -> Todo | None:
        try:
            inner = self.begin_inner()
        except ErrorThrown:
            return self.caught(scope)
        if inner is None:
            return None
        armed = [(Wait(each.id), each) for each in self.boundaries]
        return Active(self, inner, armed, scope)

    def note(self, inner: Todo, scope: Scope) -> None:
        """Remember what was done, for undoing it."""
        if isinstance(inner, Scope):
            scope.note(inner)

    def caught(self, scope: Scope) -> Todo | None:
        if self.catch is None:
            raise ErrorThrown
        return self.catch.begin(scope)

    def write(self, paper: Paper) -> tuple[str, str | None]:
        out = f"{self.id}m"
        paper.add(self.element(), gate("exclusive", out))
        paper.join(self.id, out)
        for each in self.boundaries:
            paper.add(boundary(each.id, self.id, timer("PT0S"), interrupting=each.interrupting))
            self._handler(paper, each.id, each.handler, out if each.interrupting else None)
        if self.catch is not None:
            caught = f"{self.id}c"
            paper.add(boundary(caught, self.id, error("broken")))
            self._handler(paper, caught, self.catch, out)
        return self.id, out

    def _handler(self, paper: Paper, source: str, handler: Block, out: str | None) -> None:
        head, tail = handler.write(paper)
        paper.join(source, head)
        if tail is None:
            return
        if out is None:
            out = f"{source}e"
            paper.add(end(out))
        paper.join(tail, out)


@dataclass
class Task(Activity):
    job: bool = False
    undo: str = ""

    def note(self, inner: Todo, scope: Scope) -> None:
        if self.undo:
            scope.finished.append(Done(self.undo))

    def begin_inner(self) -> Todo | None:
        return Wait(self.id, can_fail=self.job and self.catch is not None)

    def element(self) -> str:
        undone = undoes(self.id, self.undo) + handler(self.undo) if self.undo else ""
        return (service(self.id) if self.job else user(self.id)) + undone


@dataclass
class Sub(Activity):
    body: Block = field(default_factory=lambda: Note(""))
    handlers: list[EventSub] = field(default_factory=list)

    def begin_inner(self) -> Todo | None:
        return Scope().open(self.body, self.handlers)

    def element(self) -> str:
        return sub(self.id, *self.inside())

    def inside(self) -> list[str]:
        paper = Paper()
        head, tail = self.body.write(paper)
        paper.add(start(f"{self.id}s"))
        paper.join(f"{self.id}s", head)
        if tail is not None:
            paper.add(end(f"{self.id}e"))
            paper.join(tail, f"{self.id}e")
        for begins in self.handlers:
            begins.write(paper)
        return paper.parts


@dataclass
class Many(Activity):
    """A task or sub-process for each of `times` items."""

    one: Activity | None = None
    times: int = 1
    sequential: bool = False
    until: int | None = None

    def note(self, inner: Todo, scope: Scope) -> None:
        assert isinstance(inner, Instances)
        if inner.finished:
            scope.finished.append(Done("", inner.finished))

    def begin_one(self) -> Todo | None:
        assert self.one is not None
        return self.one.begin_inner()

    def begin_inner(self) -> Todo | None:
        if self.sequential:
            running = Instances(self, {}, self.times)
            running.begin_next()
        else:
            begun = [self.begin_one() for _ in range(self.times)]
            now = {turn: each for turn, each in enumerate(begun) if each is not None}
            running = Instances(self, now, 0, self.times - len(now))
        return running if running.now and not running.enough() else None

    def element(self) -> str:
        until = "" if self.until is None else f"=numberOfCompletedInstances >= {self.until}"
        items = f"=[{', '.join(map(str, range(self.times)))}]"
        loop = multi(items, sequential=self.sequential, until=until)
        if isinstance(self.one, Sub):
            return sub(self.id, loop, *self.one.inside())
        return user(self.id, loop)


@dataclass
class Race(Block):
    """An event-based gateway over timers."""

    id: str
    branches: list[Block]

    def begin(self, scope: Scope) -> Todo | None:
        return OneOf([(Wait(f"{self.id}t{n}"), each) for n, each in enumerate(self.branches)], scope)

    def write(self, paper: Paper) -> tuple[str, str | None]:
        out = f"{self.id}j"
        paper.add(gate("eventBased", self.id), gate("exclusive", out))
        for number, branch in enumerate(self.branches):
            event = f"{self.id}t{number}"
            paper.add(el("intermediateCatchEvent", event, timer("PT0S")))
            head, tail = branch.write(paper)
            paper.join(self.id, event)
            paper.join(event, head)
            assert tail is not None
            paper.join(tail, out)
        return self.id, out


class Maker:
    """Draws a random process; `size` bounds the number of blocks."""

    def __init__(self, random: Random, size: int = 14) -> None:
        self.random = random
        self.left = size
        self.ids = count(1)
        self.variables: dict[str, Any] = {}
        self.messages: list[str] = []
        # Where something is undone no message is heard: it may move several positions in one step, and what is done
        # first is then not said by the process.
        self.undoing = random.random() < 0.4

    def process(self) -> tuple[bytes, Scope | None, dict[str, Any]]:
        """Return the file, what is to do at its start, and the variables it needs."""
        body = self.block(3, ends=True, throws=False)
        handlers = self.handlers(2)
        whole = Sub("root", [], None, body, handlers)
        messages = "".join(f'<bpmn:message id="m_{id}" name="{id}"/>' for id in self.messages)
        return document(*whole.inside(), more=messages), Scope().open(body, handlers), self.variables

    def new(self, letter: str) -> str:
        return f"{letter}{next(self.ids)}"

    def block(self, depth: int, *, ends: bool, throws: bool) -> Block:
        """A sequence; `ends` and `throws` say whether a branch in it may end its scope or throw."""
        length = self.random.randint(1, 3)
        return Sequence("", [self.one(depth, ends=ends, throws=throws) for _ in range(length)])

    def one(self, depth: int, *, ends: bool, throws: bool) -> Block:
        self.left -= 1
        if depth <= 0 or self.left <= 0:
            return self.leaf()
        make = self.random.choice(
            (self.leaf, self.choice, self.fork, self.fork, self.either, self.loop, self.sub, self.sub, self.many,
             self.race)
        )  # fmt: skip
        if make == self.leaf:
            return self.leaf()
        return make(depth - 1, ends, throws)  # type: ignore[call-arg]

    def leaf(self) -> Block:
        kind = self.random.randint(0, 9)
        if kind == 0:
            return Note(self.new("n"))
        if kind == 1:
            return Pause(self.new("p"))
        if kind == 3:
            return Call(self.new("k"))
        if kind in (4, 5) and self.undoing:
            return Undo(self.new("q"))
        if kind == 4:
            self.messages.append(self.new("w"))
            return Hear(self.messages[-1])
        job = kind == 2
        catch = Sequence("", [self.leaf()]) if job and self.left > 0 else None
        undo = self.new("r") if self.undoing and self.random.random() < 0.6 else ""
        return Task(self.new("t"), self.boundaries(0), catch, job, undo)

    def boundaries(self, depth: int) -> list[Boundary]:
        found = []
        while self.left > 0 and self.random.randint(0, 3) == 0:
            self.left -= 1
            # What runs beside the main line may not throw: two of the same kind could not be told apart.
            interrupting = self.random.random() < 0.5
            handler: Block = self.block(depth, ends=False, throws=False)
            if not interrupting:
                handler = Sub(self.new("h"), [], None, handler, [])
            found.append(Boundary(self.new("b"), interrupting, handler))
        return found

    def handlers(self, depth: int) -> list[EventSub]:
        if self.random.randint(0, 3):
            return []
        return [
            EventSub(self.new("v"), self.random.random() < 0.5, self.block(depth, ends=True, throws=False))
        ]

    def choice(self, depth: int, ends: bool, throws: bool) -> Block:
        branches = [self.block(depth, ends=ends, throws=throws) for _ in range(self.random.randint(1, 2))]
        if (ends or throws) and self.random.random() < 0.5:
            stop = Stop(self.new("z"), throws=throws and (not ends or self.random.random() < 0.5))
            branches.insert(0, Sequence("", [self.leaf(), stop]))
        if len(branches) == 1:
            branches.append(Sequence("", [self.leaf()]))
        made = Choice(self.new("x"), branches, self.random.randrange(len(branches)))
        self.variables |= made.variables()
        return made

    def fork(self, depth: int, ends: bool, throws: bool) -> Block:
        branches = [self.block(depth, ends=ends, throws=throws) for _ in range(self.random.randint(2, 3))]
        return Fork(self.new("a"), branches)

    def either(self, depth: int, ends: bool, throws: bool) -> Block:
        # A branch that ends elsewhere would not hold its inclusive join up (BPMN 2.0.2, 13.4.3).
        branches = [self.block(depth, ends=False, throws=False) for _ in range(self.random.randint(2, 3))]
        taken = [n for n in range(len(branches) - 1) if self.random.random() < 0.6]
        made = Fork(self.new("o"), branches, taken)
        self.variables |= made.variables()
        return made

    def loop(self, depth: int, ends: bool, throws: bool) -> Block:
        return Loop(self.new("l"), self.block(depth, ends=ends, throws=throws), self.random.randint(1, 3))

    def sub(self, depth: int, ends: bool, throws: bool) -> Block:
        id = self.new("u")
        catch = self.block(depth - 1, ends=False, throws=False) if self.random.random() < 0.4 else None
        body = self.block(depth, ends=True, throws=throws or catch is not None)
        return Sub(id, self.boundaries(depth - 1), catch, body, self.handlers(depth - 1))

    def many(self, depth: int, ends: bool, throws: bool) -> Block:
        id = self.new("m")
        times, sequential = self.random.randint(0, 3), self.random.random() < 0.5
        catch = self.block(depth - 1, ends=False, throws=False) if self.random.random() < 0.3 else None
        one: Activity = Task(id, [], None)
        if self.random.random() < 0.6:
            body = self.block(depth, ends=True, throws=throws or catch is not None)
            one = Sub(id, [], None, body, self.handlers(depth - 1))
        until = self.random.randint(1, 2) if self.random.random() < 0.3 else None
        return Many(id, self.boundaries(depth - 1), catch, one, times, sequential, until)

    def race(self, depth: int, ends: bool, throws: bool) -> Block:
        branches = [self.block(depth, ends=False, throws=False) for _ in range(self.random.randint(1, 3))]
        return Race(self.new("g"), branches)
