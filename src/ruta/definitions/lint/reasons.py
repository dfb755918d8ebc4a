"""Checks of model texts of reasons: header, both languages, the tasks that offer them, what stands in `{{` and `}}`."""

from ruta.engine.bpmn import Process

from ..loader import FolderError
from ..marked import TextError
from ..messages import split_name
from ..reasons import KEYS, Reason, read_reason
from .draft import Draft
from .expressions import Scope, check_template

OFFERED_BY = ("ruta.decide", "ruta.review")
_CURE = {
    "es": "Empiece con title, tasks y, si vale para una sola decisión, outcome, entre líneas ---; llámelo "
    "motivo.es.md y motivo.en.md, en UTF-8.",
    "en": "Begin with title, tasks and, where it is for one outcome only, outcome, between --- lines; name it "
    "reason.es.md and reason.en.md, in UTF-8.",
}


def check(draft: Draft, act: str, scope: Scope) -> None:
    """Every model text of one act; `scope` holds its names, those of its process included."""
    languages: dict[str, set[str]] = {}
    for path in draft.folder.under(f"acts/{act}/reasons/", ".md"):
        found = _read(draft, path)
        if found is None:
            continue
        languages.setdefault(found.id, set()).add(found.lang)
        _header(draft, path, found, draft.processes.get(act))
        check_template(draft, found.text, scope, path, found.body_line)
    for reason, known in languages.items():
        for lacking in sorted({"es", "en"} - known):
            (other,) = known
            say = {
                "es": f"El texto modelo {reason} no está en «{lacking}».",
                "en": f'The model text {reason} is not in "{lacking}".',
            }
            cure = {"es": f"Escriba {reason}.{lacking}.md.", "en": f"Write {reason}.{lacking}.md."}
            draft.add("reason-language", f"acts/{act}/reasons/{reason}.{other}.md", 1, say=say, cure=cure)


def _read(draft: Draft, path: str) -> Reason | None:
    named = split_name(path)
    if named is None:
        say = {"es": "El nombre no dice el idioma.", "en": "The name does not say the language."}
        draft.add("reason-invalid", path, 1, say=say, cure=_CURE)
        return None
    try:
        return read_reason(*named, draft.folder.text(path))
    except TextError as wrong:
        draft.add("reason-invalid", path, wrong.line, say=wrong.say, cure=_CURE)
    except FolderError as wrong:
        draft.add("reason-invalid", path, 1, say=wrong.message, cure=_CURE)
    return None


def _header(draft: Draft, path: str, reason: Reason, process: Process | None) -> None:
    for key in reason.front:
        if key not in KEYS:
            draft.unknown("unknown-key", path, 2, str(key), KEYS, es="la clave", en="key")
    nodes = process.nodes.values() if process else ()
    offering = {node.id: node for node in nodes if node.form_key in OFFERED_BY}
    for task in reason.tasks:
        if task not in offering:
            draft.unknown(
                "reason-invalid", path, 2, task, offering, es="la tarea que decide", en="task that decides"
            )
            continue
        outcomes = [
            one.strip() for one in offering[task].properties.get("ruta:outcomes", "grant, refuse").split(",")
        ]
        if reason.outcome and reason.outcome not in outcomes:
            draft.unknown("reason-invalid", path, 2, reason.outcome, outcomes, es="la decisión", en="outcome")
