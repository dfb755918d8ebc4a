"""A published version, parsed once per process: forms, processes, decisions, figures, lists, messages, documents.

`compiled` gives it by the id of a version; two versions with the same content share one object. Everything here is
read only and knows no case: what an expression may see of a case is the caller's environment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from ruta.engine import dmn, feel, forms
from ruta.engine.problems import Problem
from ruta.kernel import clock
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import pick

from . import agency_services
from .acts import CompiledAct, CompiledOutput, compile_act, missing
from .loader import SHARED, Folder, unpack
from .models import ServiceVersion
from .schema import Read, ServiceFile
from .service_file import read_service_file
from .tables import CodeList, Figure, Parameter, read_list, read_parameter

__all__ = [
    "CompiledAct",
    "CompiledOutput",
    "CompiledService",
    "RegisterDefinition",
    "as_date",
    "compile_folder",
    "compiled",
    "remember",
]


@dataclass(frozen=True)
class RegisterDefinition:
    """A register of the service, or of another agency (`shared`): its JSON Schema with `x-register`."""

    name: str
    schema: Mapping[str, Any]
    shared: bool

    @property
    def rules(self) -> Mapping[str, Any]:
        """`x-register`: key, holder, links, notes, source…"""
        rules: Mapping[str, Any] = self.schema.get("x-register", {})
        return rules

    @property
    def title(self) -> str:
        """What the register is called, in the page's language; its name where its file gives none."""
        return pick(self.rules.get("title") or self.schema.get("title")) or self.name


class CompiledService:
    """A version ready to work; make it with `compiled` or `compile_folder`."""

    def __init__(self, folder: Folder, service: ServiceFile) -> None:
        self.folder = folder
        self.service = service
        self._acts: dict[str, CompiledAct] = {}
        self._programs: dict[str, feel.Program] = {}
        self._templates: dict[str, feel.Template] = {}
        self._agency_services: dict[str, agency_services.AgencyService] = {}

    @property
    def content_hash(self) -> str:
        """SHA-256 of the folder."""
        return self.folder.content_hash

    def act(self, name: str) -> CompiledAct:
        """The act, parsed at the first call. Raises NotFound."""
        if name not in self._acts:
            spec = self.service.acts.get(name)
            if spec is None:
                raise missing("acto", "act", name)
            self._acts[name] = compile_act(self.folder, name, spec)
        return self._acts[name]

    def read(self, read_id: str) -> Read:
        """The look-up `found.<read_id>`. Raises NotFound."""
        found = self.service.read(read_id)
        if found is None:
            raise missing("consulta", "look-up", read_id)
        return found

    # ---- rules

    @cached_property
    def models(self) -> Mapping[str, dmn.Model]:
        """Every decision table file, by its path."""
        return {
            path: dmn.load(self.folder.files[path])
            for path in self.folder.under("decisions/", ".dmn", shared=True)
        }

    @cached_property
    def decisions(self) -> Mapping[str, dmn.Model]:
        """The model that holds each decision, by the decision's name; the service's own win over shared ones."""
        found: dict[str, dmn.Model] = {}
        for model in self.models.values():
            for name in model.decisions:
                found.setdefault(name, model)
        return found

    def decide(
        self, name: str, env: Mapping[str, Any], ctx: feel.Context, *, run: feel.Run | None = None
    ) -> dmn.Outcome:
        """Evaluate one decision, which `run` pays for; its inputs are names of `env`.

        Raises NotFound, and `feel.Stop` from a figure.
        """
        model = self.decisions.get(name)
        if model is None:
            raise missing("decisión", "decision", name)
        return model.evaluate(name, {str(key): env.get(str(key)) for key in model.inputs}, ctx, run=run)

    def decision_functions(
        self,
        env: Mapping[str, Any],
        ctx: feel.Context,
        *,
        seen: Callable[[str, dmn.Outcome], None] | None = None,
    ) -> dict[str, Any]:
        """`decisions.<name>()` for expressions: functions of FEEL that decide on `env`; `seen` is told each outcome."""

        def decider(name: str) -> Callable[[feel.Run], Any]:
            def decide(run: feel.Run) -> Any:
                outcome = self.decide(name, env, ctx, run=run)
                if seen is not None:
                    seen(name, outcome)
                return outcome.value

            return decide

        return {name: feel.function([], decider(name), paying=True) for name in self.decisions}

    def program(self, text: str) -> feel.Program:
        """The expression (with or without its leading `=`), compiled once."""
        if text not in self._programs:
            self._programs[text] = feel.compile(text.removeprefix("="))
        return self._programs[text]

    def template(self, text: str) -> feel.Template:
        """The text with `{{ FEEL }}`, compiled once."""
        if text not in self._templates:
            self._templates[text] = feel.Template(text)
        return self._templates[text]

    # ---- figures and lists

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every table of dated figures by name; the service's own win over shared ones."""
        return _tables(self.folder, "parameters/", read_parameter)

    @cached_property
    def lists(self) -> Mapping[str, CodeList]:
        """Every code list by name; the service's own win over shared ones."""
        return _tables(self.folder, "lists/", read_list)

    def list(self, name: str) -> CodeList:
        """The code list. Raises NotFound."""
        if name not in self.lists:
            raise missing("lista", "list", name)
        return self.lists[name]

    def code_title(self, name: str, code: str, lang: str) -> str:
        """What a person reads for a code of the list `name`; the code where it is not in it. Raises NotFound."""
        return self.list(name).title(code, lang)

    def in_words(self, field: forms.Field, value: Any, lang: str) -> str:
        """An answer or a value of an entry as a person reads it, codes of lists by their titles."""
        return forms.in_words(field, value, lang, lambda name, code: self.code_title(name, code, lang))

    def code_fault(self, name: str, code: str, day: date | None = None) -> Mapping[str, str] | None:
        """What is wrong with a code of the list `name` on `day` (None: whenever), see `CodeList.fault_of`."""
        return self.list(name).fault_of(code, day)

    def parameter(self, name: str, *key_and_date: Any) -> Any:
        """The figure `parameter("tariffs.copy", date)`, `parameter("rates", {city: …}, date)`, `parameter("uvt", date)`.

        A number is a `Decimal`. Raises `feel.Stop` when no row holds on that day: the last one is never taken.
        """
        return self.figure(name, *key_and_date).value

    def figure(self, name: str, *key_and_date: Any) -> Figure:
        """The row behind `parameter`, with unit and source. Raises `feel.Stop`."""
        table, key, named = self._figure_key(name, key_and_date[0] if len(key_and_date) > 1 else None)
        day = as_date(key_and_date[-1] if key_and_date else None)
        if day is None:
            raise _stop(
                "parameter-date",
                f"{named}: falta la fecha para la que se pide.",
                f"{named}: the date for which it is asked is missing.",
            )
        found = table.on(key, day)
        if found is None:
            raise _stop(
                "no-row",
                f"No hay una fila de {named} para {day.isoformat()}; quien administra debe agregarla.",
                f"No row of {named} for {day.isoformat()}; the administrator must add it.",
            )
        return found

    def parameter_periods(self, name: str, *key_and_dates: Any) -> Sequence[Mapping[str, Any]]:
        """The figures between two days: `parameter periods(name, from, to)` or with a key after the name.

        Each is {from, to, value}, cut to the range. Raises `feel.Stop` when a day of the range has no row.
        """
        key = key_and_dates[0] if len(key_and_dates) > 2 else None
        table, wanted, named = self._figure_key(name, key)
        first, last = as_date(key_and_dates[-2]), as_date(key_and_dates[-1])
        if first is None or last is None or last < first:
            raise _stop(
                "parameter-date",
                f"{named}: faltan las dos fechas, en orden.",
                f"{named}: two dates are needed, in order.",
            )
        periods = []
        day = first
        while day <= last:
            row = self.figure(name, wanted, day) if table.keys else self.figure(name, day)
            end = min(row.valid_to or last, last)
            periods.append({"from": day, "to": end, "value": row.value})
            day = date.fromordinal(end.toordinal() + 1)
        return periods

    def _figure_key(self, name: str, key: Any) -> tuple[Parameter, Mapping[str, str], str]:
        file, _, short = str(name).partition(".")
        table = self.parameters.get(file)
        if table is None:
            raise _stop("no-parameter", f"No hay un parámetro {name}.", f"There is no parameter {name}.")
        if isinstance(key, Mapping):
            wanted = {str(part): str(value) for part, value in key.items()}
        elif short and len(table.keys) == 1:
            wanted = {table.keys[0]: short}
        elif key is not None and len(table.keys) == 1:
            wanted = {table.keys[0]: str(key)}
        else:
            wanted = {}
        shown = (
            name if not wanted or short else f"{name} ({', '.join(f'{k}: {v}' for k, v in wanted.items())})"
        )
        return table, wanted, shown

    def agency_service(self, code: str) -> agency_services.AgencyService:
        """The service of another agency that may be told something. Raises NotFound."""
        if code not in self._agency_services:
            rows = self.lists.get(agency_services.LIST)
            row = rows.get(code) if rows else None
            notices = self.folder.named(agency_services.NOTICES, ".json")
            path = notices.get(row.more.get(agency_services.TAKES, "")) if row else None
            if row is None or path is None:
                raise missing("servicio de otra entidad", "service of another agency", code)
            self._agency_services[code] = agency_services.of_row(row, self.folder.text(path))
        return self._agency_services[code]

    def list_codes(self, name: str, wanted: Mapping[str, str] | None = None) -> Sequence[str]:
        """The codes of a list that hold today, of those rows whose other columns have the values `wanted`.

        Raises NotFound for an unknown list.
        """
        return [
            code.code
            for code in self.list(name).on(clock.today())
            if all(code.more.get(column) == str(value) for column, value in (wanted or {}).items())
        ]

    def functions(self, *, lang: str = "es") -> dict[str, Callable[..., Any]]:
        """What the service adds to FEEL, for `feel.Context(functions=…)`: parameter, parameter periods, list title,
        list codes."""

        def list_title(name: str, code: str | None) -> str | None:
            return None if code is None else self.code_title(name, code, lang)

        return {
            "parameter": self.parameter,
            "parameter periods": self.parameter_periods,
            "list title": list_title,
            "list codes": self.list_codes,
        }

    def context(self, *, now: datetime | None = None, lang: str = "es", calendar: Any = None) -> feel.Context:
        """A context of FEEL with the service's functions; `now` is by default the clock's."""
        return feel.Context(
            now=now or clock.now(), calendar=calendar, functions=self.functions(lang=lang), lang=lang
        )

    # ---- registers

    @cached_property
    def registers(self) -> Mapping[str, RegisterDefinition]:
        """Every register that the service keeps or may read, by name."""
        return {
            name: RegisterDefinition(name, json.loads(self.folder.text(path)), path.startswith(SHARED))
            for name, path in self.folder.named("registers/", ".json").items()
        }

    def register(self, name: str) -> RegisterDefinition:
        """The register. Raises NotFound."""
        if name not in self.registers:
            raise missing("registro", "register", name)
        return self.registers[name]


def compile_folder(folder: Folder) -> CompiledService:
    """Compile a folder without publishing it. Raises NotFound when its `service.yaml` cannot be read."""
    service, _, findings = read_service_file(folder)
    if service is None:
        raise NotFound(findings[0].say, field="service.yaml", code=findings[0].check)
    return CompiledService(folder, service)


def compiled(version_id: UUID) -> CompiledService:
    """The version, parsed once per process and content. Raises NotFound."""
    found = _parsed.get(_content_hash(version_id))
    if found is None:
        version = ServiceVersion.objects.get(pk=version_id)
        found = remember(compile_folder(unpack(version.service_id, version.files)))
    return found


def remember(service: CompiledService) -> CompiledService:
    """Keep a compiled service for this process, or give the one that is kept with the same content."""
    while len(_parsed) >= _MOST_KEPT:
        _parsed.pop(next(iter(_parsed)), None)
    return _parsed.setdefault(service.content_hash, service)


_MOST_KEPT = 64
_parsed: dict[str, CompiledService] = {}


@lru_cache(maxsize=1024)
def _content_hash(version_id: UUID) -> str:
    found = ServiceVersion.objects.filter(pk=version_id).values_list("content_hash", flat=True).first()
    if found is None:
        raise missing("versión", "version", str(version_id))
    return found


def _tables(folder: Folder, prefix: str, read: Callable[[str, str], Any]) -> dict[str, Any]:
    return {name: read(name, folder.text(path)) for name, path in folder.named(prefix, ".csv").items()}


def as_date(value: Any) -> date | None:
    """A date of FEEL or JSON as a `date`: a date, an instant (its day in Colombia) or an ISO text; else None."""
    if isinstance(value, datetime):
        return clock.local_date(value) if value.tzinfo else value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return None


def _stop(check: str, es: str, en: str) -> feel.Stop:
    return feel.Stop(Problem(at="", check=check, say={"es": es, "en": en}))
