"""Checks of what an act says of acting without a network."""

from ruta.engine.forms import Text
from ruta.engine.terms import Length

from ..schema import ActSpec, Offline
from .asking import literal
from .draft import FILE, Draft


def check_offline(draft: Draft, name: str, act: ActSpec) -> None:
    """The register is written and has the range, the process takes the number, the fields are in the form, and an office
    files the act."""
    offline = act.offline
    if offline is None:
        return
    here = ("acts", name, "offline")
    draft.law(offline.law, FILE, draft.in_yaml(*here, "law"))
    if "desk" not in act.channels or not act.roles:
        _say(
            draft,
            "offline-not-at-desk",
            (*here,),
            es="Sin conexión actúa una oficina, y este acto no lo presenta ninguna.",
            en="An office acts without a network, and no office files this act.",
            cure_es="Agregue desk a channels y {official: cargo} a who, o quite offline.",
            cure_en="Add desk to channels and {official: post} to who, or remove offline.",
        )
    if Length.parse(offline.valid_for).unit.endswith("hours"):
        _say(
            draft,
            "bad-value",
            (*here, "valid_for"),
            es="Se toma por días, no por horas: un equipo puede tener mal el reloj.",
            en="It is taken by days, not hours: the clock of a device may be wrong.",
            cure_es="Por ejemplo: 15 calendar days.",
            cure_en="For example: 15 calendar days.",
        )
    _fields(draft, name, offline)
    _ranges(draft, name, offline)


def _say(
    draft: Draft, check: str, path: tuple[str | int, ...], *, es: str, en: str, cure_es: str, cure_en: str
) -> None:
    say: Text = {"es": es, "en": en}
    draft.add(check, FILE, draft.in_yaml(*path), say=say, cure={"es": cure_es, "en": cure_en})


def _fields(draft: Draft, name: str, offline: Offline) -> None:
    form = draft.forms.get(name)
    if form is None:
        return
    told: list[tuple[tuple[str | int, ...], str]] = [(("office",), offline.office)]
    told += [(("shows", at), field) for at, field in enumerate(offline.shows)]
    told += [(("same", at), field) for at, field in enumerate(offline.same)]
    for path, field in told:
        if field not in form.fields:
            line = draft.in_yaml("acts", name, "offline", *path)
            draft.unknown("field-unknown", FILE, line, field, form.fields, es="el campo", en="field")


def _ranges(draft: Draft, name: str, offline: Offline) -> None:
    assert draft.service is not None
    process = draft.processes.get(name)
    reserved = {
        (literal(given.get("register", "")), literal(given.get("range", "")))
        for node in (process.nodes.values() if process else ())
        if node.job_type == "ruta.reserve"
        for given in [{target: source for source, target in node.inputs}]
    }
    for at, each in enumerate(offline.ranges):
        here = ("acts", name, "offline", "ranges", at)
        writes = draft.service.registers.writes
        if each.register_ not in writes:
            line = draft.in_yaml(*here, "register")
            draft.unknown(
                "register-unknown", FILE, line, each.register_, writes,
                es="el registro que se puede escribir", en="register that may be written",
            )  # fmt: skip
            continue
        known = _ranges_of(draft, each.register_)
        if each.range_ not in known:
            line = draft.in_yaml(*here, "range")
            draft.unknown("field-unknown", FILE, line, each.range_, known, es="el rango", en="range")
        elif process and (each.register_, each.range_) not in reserved:
            _say(
                draft,
                "offline-number-unused",
                (*here, "range"),
                es=f"El proceso no aparta ningún número de {each.range_}: el del papel no sería de nadie.",
                en=f"The process reserves no number of {each.range_}: that of the paper would be nobody's.",
                cure_es="Aparte el número con ruta.reserve, o quite el rango.",
                cure_en="Reserve the number with ruta.reserve, or remove the range.",
            )


def _ranges_of(draft: Draft, register: str) -> list[str]:
    path = draft.register_files.get(register)
    marked = draft.json(path) if path else None
    rules = marked.value.get("x-register") if marked and isinstance(marked.value, dict) else None
    return [str(each.get("id")) for each in (rules or {}).get("ranges") or ()]
