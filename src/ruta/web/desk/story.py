"""The history of a case in words: which step, which register, who, until when; no code that only machines read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ruta.cases.models import Case
from ruta.cases.selectors import EventView
from ruta.definitions import posts
from ruta.definitions.acts import CompiledAct
from ruta.definitions.runtime import CompiledService
from ruta.kernel.texts import current_language, pick
from ruta.web.site import appeal_words, parts
from ruta.web.site.templatetags.site import day, pesos

from . import words

GOOD = frozenset({"paid", "output-issued", "decided", "term-met", "answered"})
BAD = frozenset({"charge-expired", "term-expired", "ask-expired", "incident", "message-failed"})


def moments(
    history: Sequence[EventView], compiled: CompiledService, act: CompiledAct, names: Mapping[int, str]
) -> list[parts.Moment]:
    """The whole history, newest first, internal steps too, each with who did it when that is an official.

    `names` are those of `officials_in` the history.
    """
    return [
        parts.Moment(
            event.at,
            pick(event.title),
            " · ".join(part for part in (*_detail(event, compiled, act), _whoever(event, names)) if part),
            "success" if event.type in GOOD else "danger" if event.type in BAD else "",
        )
        for event in history
    ]


def nodes_done(
    found: Case, history: Iterable[EventView], explanation: Iterable[Mapping[str, Any]]
) -> set[str]:
    """The steps of the process that are known to be behind: tasks finished, rules that answered, the end reached."""
    done = {str(event.public["task"]) for event in history if event.type == "task-done"}
    done |= {str(event.public["ask"]) for event in history if event.type == "answered"}
    done |= {str(event.public["node"]) for event in history if event.type == "decided"}
    done |= {str(line["node"]) for line in explanation}
    return done - {token.node for token in found.tokens.all()}


def officials_in(history: Iterable[EventView]) -> set[int]:
    """The postings of the officials who did something of the history, and of those for whom they did it."""
    named = {
        each for event in history for each in (_posting(event.actor), event.public.get("for_official", 0))
    }
    return named - {0}


def _whoever(event: EventView, names: Mapping[int, str]) -> str:
    """Who did it, and for whom, where that is an official."""
    who = names.get(_posting(event.actor), "")
    absent = names.get(event.public.get("for_official", 0), "")
    return _("%(who)s en reemplazo de %(absent)s") % {"who": who, "absent": absent} if absent else who


def _posting(actor: str) -> int:
    kind, _, number = actor.partition(":")
    return int(number) if kind == "official" else 0


def _detail(event: EventView, compiled: CompiledService, act: CompiledAct) -> list[str]:
    public = event.public
    tell = _TELLERS.get(event.type)
    told = tell(public, compiled, act) if tell else []
    if isinstance(due := public.get("due"), str):
        told.append(_("hasta el %(due)s") % {"due": day(date.fromisoformat(due[:10]))})
    return told


def _task(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    node = str(public.get("task", ""))
    known = act.process.nodes.get(node) if act.process else None
    groups = posts.groups_in_words(public.get("for", ()), compiled)
    said = known.called(current_language()) if known else node
    told = [said, *(pick(group) for group in groups), str(public.get("reason", ""))]
    without = posts.groups_in_words(public.get("instead_of", ()), compiled)
    if without:
        names = ", ".join(pick(group) for group in without)
        told.append(_("no hay quien lo haga en: %(groups)s") % {"groups": names})
    return told


def _stage(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    stage = compiled.service.stage(str(public.get("stage", "")))
    return [pick(stage.title)] if stage else []


def _read(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    register = compiled.read(str(public["read"])).register_
    told = words.fault(str(public.get("fault", ""))) or words.look_up(str(public["status"]))[0]
    return [compiled.register(register).title, told]


def _recorded(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    return [compiled.register(str(public["register"])).title]


def _rule(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    decision = str(public.get("decision", ""))
    nodes = act.process.nodes.values() if act.process else ()
    return [
        next(
            (pick(node.label) for node in nodes if node.called_decision == decision and node.label), decision
        )
    ]


def _money(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    amount = public.get("amount", public.get("due", public.get("total")))
    return [pesos(amount) if isinstance(amount, int) else "", str(public.get("charge", ""))]


def _output(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    output = act.outputs.get(str(public.get("output", "")))
    state = words.output_state(str(public.get("state", "")))
    title = public.get("title") or (output.spec.title if output else "")
    return [pick(title), str(public.get("code", "")), state]


def _term(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    return [words.term(compiled, act, str(public["term"])), words.effect(str(public.get("effect", "")))]


def _decided(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    return [words.outcome(str(public.get("outcome", "")))[0]]


def _appeal(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    return [appeal_words.title(str(public["kind"])), appeal_words.outcome(str(public.get("outcome", "")))]


def _asked(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    node = str(public.get("ask", ""))
    known = act.process.nodes.get(node) if act.process else None
    return [
        known.called(current_language()) if known else node,
        *_party(public, compiled, act),
        _("dice que algo está mal") if public.get("status") == "disputed" else "",
        _("en la ventanilla") if public.get("by") == "counter" else "",
    ]


def _party(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    party = act.spec.party(str(public.get("party", "")))
    return [pick(party.role) if party else ""]


TASKS = (
    *("returned", "task-opened", "task-claimed", "task-returned", "task-reassigned"),
    *("task-done", "task-withdrawn", "escalated"),
)
MONEY = (
    *("charged", "paid", "charge-expired", "charge-void", "money-held"),
    *("refund-opened", "refund-declined", "refunded"),
)


def _telling(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    status = str(public.get("status", ""))
    return [pick(public.get("title")), words.told(status)[0] if status else ""]


def _case(public: Mapping[str, Any], compiled: CompiledService, act: CompiledAct) -> list[str]:
    return [str(public.get("number") or _("expediente reservado"))]


_Teller = Callable[[Mapping[str, Any], CompiledService, CompiledAct], list[str]]
_TELLERS: dict[str, _Teller] = {
    "stage": _stage,
    "looked-up": _read,
    **dict.fromkeys(("recorded", "reserved", "noted", "annulled"), _recorded),
    **dict.fromkeys(("telling", "told"), _telling),
    **dict.fromkeys(("case-started", "started-by"), _case),
    "rule": _rule,
    "decided": _decided,
    "appealed": _appeal,
    "appeal-decided": _appeal,
    **dict.fromkeys(TASKS, _task),
    **dict.fromkeys(("asked", "answered", "ask-expired", "ask-withdrawn"), _asked),
    "party-named": _party,
    **dict.fromkeys(MONEY, _money),
    **dict.fromkeys(("output-asked", "output-issued", "output-state"), _output),
    **dict.fromkeys(
        ("term-started", "term-paused", "term-resumed", "term-extended", "term-met", "term-expired"), _term
    ),
}
