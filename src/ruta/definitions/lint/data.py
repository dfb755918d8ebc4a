"""Checks of dated figures, and of the stories and samples that play the service."""

import re
from typing import Any

from ..findings import did_you_mean
from ..tables import holes_and_overlaps
from .draft import FILE, Draft, stem
from .expressions import check_parameter

STORY_KEYS = frozenset(
    ["id", "story", "sad", "given", "rows", "decide", "when", "then", "and_when", "and_then"]
)  # contract §8
SAMPLE_KEYS = (
    "seed",
    "people",
    "newborns",
    "unreported",
    "offices",
    "registers",
    "ranges",
    "agencies",
    "play",
)
PLAY_KEYS = frozenset(["scenario", "times", "between", "with", "stop_after"])


def check(draft: Draft, decisions: frozenset[str]) -> None:
    """Figures without holes, fees that exist, stories that can be read, samples of stories that exist."""
    _figures(draft)
    _fees(draft, decisions)
    stories = _stories(draft)
    _samples(draft, stories)


def _figures(draft: Draft) -> None:
    _ = draft.lists  # reading them notes their faults
    for path, table in draft.parameters.values():
        for key in table.groups:
            shown = ", ".join(key.values()) or table.name
            for kind, row, first, last in holes_and_overlaps(table.rows(key)):
                days = f"{first.isoformat()}…{last.isoformat()}" if last > first else first.isoformat()
                if kind == "hole":
                    say = {
                        "es": f"{shown} no tiene valor en {days}.",
                        "en": f"{shown} has no figure on {days}.",
                    }
                    cure = {"es": "Agregue la fila que falta.", "en": "Add the row that is missing."}
                else:
                    say = {
                        "es": f"{shown} tiene dos valores en {days}.",
                        "en": f"{shown} has two figures on {days}.",
                    }
                    cure = {
                        "es": "Cierre la fila anterior el día antes.",
                        "en": "Close the row before on the day before.",
                    }
                draft.add(f"parameter-{kind}", path, row.line, say=say, cure=cure)
            for row in table.rows(key):
                if row.valid_to is not None and row.valid_to < row.valid_from:
                    draft.add(
                        "table-invalid",
                        path,
                        row.line,
                        say={
                            "es": f"{shown} termina antes de empezar.",
                            "en": f"{shown} ends before it begins.",
                        },
                        cure={"es": "Revise las dos fechas.", "en": "Check the two dates."},
                    )


def _fees(draft: Draft, decisions: frozenset[str]) -> None:
    service = draft.service
    if service is None:
        return
    for name, act in service.acts.items():
        if act.fee is None:
            continue
        here = ("acts", name, "fee")
        if act.fee.decision not in decisions:
            line = draft.in_yaml(*here, "decision")
            draft.unknown(
                "decision-unknown", FILE, line, act.fee.decision, decisions, es="la decisión", en="decision"
            )
        for at, shown in enumerate(act.fee.show):
            check_parameter(draft, shown.value, FILE, draft.in_yaml(*here, "show", at, "value"))
    for output, thread in service.thread.items():
        for at, decision in enumerate(thread.decisions):
            if decision not in decisions:
                line = draft.in_yaml("thread", output, "decisions", at)
                draft.unknown(
                    "decision-unknown", FILE, line, decision, decisions, es="la decisión", en="decision"
                )


def _stories(draft: Draft) -> frozenset[str]:
    """The ids of the scenarios, each checked for what the player needs."""
    found: set[str] = set()
    for path in draft.folder.under("scenarios/", ".yaml"):
        marked = draft.yaml_file(path)
        if marked is None:
            continue
        story: Any = marked.value
        if not isinstance(story, dict):
            _story(draft, path, 1, "no es un conjunto de claves", "it is not a set of keys")
            continue
        for key in story:
            if key not in STORY_KEYS:
                draft.unknown("unknown-key", path, marked.line(key), key, STORY_KEYS, es="la clave", en="key")
        for key in ("id", "story"):
            if not story.get(key):
                _story(draft, path, 1, f"falta {key}", f"{key} is missing")
        if "then" not in story and "and_then" not in story:
            _story(draft, path, 1, "no dice qué se espera (then)", "it does not say what is expected (then)")
        name = str(story.get("id", ""))
        if name and name != stem(path):
            _story(
                draft,
                path,
                marked.line("id"),
                f"el archivo no se llama {name}.yaml",
                f"the file is not {name}.yaml",
            )
        found.add(name)
        _sentences(draft, path, marked.value, marked)
    return frozenset(found)


def _sentences(draft: Draft, path: str, story: dict[str, Any], marked: Any) -> None:
    """`ana files ‹act›`: the act exists, and somebody of that name is given."""
    if draft.service is None:
        return  # which acts there are cannot be told
    acts = list(draft.service.acts)
    people = (story.get("given") or {}).get("people") or {}
    for part in ("when", "and_when"):
        for at, step in enumerate(story.get(part) or ()):
            sentence = (
                step if isinstance(step, str) else next(iter(step), "") if isinstance(step, dict) else ""
            )
            filed = re.fullmatch(r"(\S+) files (\S+)", str(sentence))
            if filed and filed[2] not in acts:
                line = marked.line(part, at)
                draft.unknown("scenario-invalid", path, line, filed[2], acts, es="el acto", en="act")
            who = filed[1] if filed else ""
            if who and who not in people:
                draft.unknown(
                    "scenario-invalid", path, marked.line(part, at), who, people, es="la persona", en="person"
                )


def _story(draft: Draft, path: str, line: int, es: str, en: str) -> None:
    draft.add(
        "scenario-invalid",
        path,
        line,
        say={"es": f"La historia no sirve: {es}.", "en": f"The story cannot be used: {en}."},
        cure={
            "es": "Una historia lleva id, story, given, when y then.",
            "en": "A story has id, story, given, when and then.",
        },
    )


def _samples(draft: Draft, stories: frozenset[str]) -> None:
    path = "samples.yaml"
    if path not in draft.folder.files:
        return
    marked = draft.yaml_file(path)
    if marked is None or not isinstance(marked.value, dict):
        return
    for key in marked.value:
        if key not in SAMPLE_KEYS:
            draft.unknown("unknown-key", path, marked.line(key), key, SAMPLE_KEYS, es="la clave", en="key")
    for at, play in enumerate(marked.value.get("play") or ()):
        for key in play:
            if key not in PLAY_KEYS:
                line = marked.line("play", at, key)
                draft.unknown("unknown-key", path, line, key, PLAY_KEYS, es="la clave", en="key")
        scenario = str(play.get("scenario", ""))
        if scenario not in stories:
            draft.add(
                "scenario-unknown",
                path,
                marked.line("play", at, "scenario"),
                say={"es": f"No hay una historia {scenario}.", "en": f"There is no story {scenario}."},
                cure=did_you_mean(scenario, stories),
            )
    own = [name for name, file in draft.register_files.items() if file.startswith("registers/")]
    for name in marked.value.get("registers") or {}:
        if name not in own:
            line = marked.line("registers", name)
            draft.unknown("register-unknown", path, line, name, own, es="el registro", en="register")
