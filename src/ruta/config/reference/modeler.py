"""Element templates for Camunda Modeler: each verb, task and end of a process as a form, from the one list of verbs."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ruta.definitions.lint.verbs import BUILT, FORM_KEYS, OUTCOMES, Verb

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
STAGE = "stage", "Stage", "The id of a stage of service.yaml: what the applicant sees while this waits."
NAME_EN = "English name", "The name of this element in English; the name in the diagram is Spanish."

VERBS: dict[str, tuple[str, str]] = {
    "look-up": (
        "Look up in a register",
        "Ask a read that service.yaml declares; the answer is found.‹read›.",
    ),
    "charge": ("Charge a fee", "Create a charge and wait until it is paid, void or expired."),
    "refund": ("Send money back", "Open a refund for a second person and wait until it was sent back."),
    "record": ("Record an entry", "Write an entry of a register, in the step."),
    "reserve": (
        "Reserve a number",
        "Reserve a number of a range, or an entry, until it is recorded or lapses.",
    ),
    "note": ("Note on an entry", "Leave a note on another entry."),
    "annul": ("Annul an entry", "Annul an entry; its outputs follow."),
    "draw": ("Draw lots", "Draw items by lot; the seed is kept."),
    "issue": ("Issue a document", "Render and sign a document; done when it is issued."),
    "set-output": ("Change a document's state", "Make a document of this case valid, suspended or revoked."),
    "send": ("Send a message", "Write to parties; a legal message is done when it is notified."),
    "start-term": ("Start a legal term", "Start a term that service.yaml declares with from: started."),
    "ask": ("Ask a party", "Ask a party for something; done when answered or expired."),
    "sign": ("Have a document signed", "Ask for signatures; done when all signed, one refused, or expired."),
    "tell": ("Tell another agency", "Send data to another agency's service."),
    "start-case": ("Start another case", "File a case of another act; done when it is closed, or filed."),
}
"""What each verb is called in the Modeler; a verb without words is called by its own name."""

INPUTS: dict[str, tuple[str, str]] = {
    "read": ("Look-up", 'The id of a read, for example ="entry".'),
    "again": ("Ask again", "=true to ask though there is an answer."),
    "lines": ("Lines", "A list of lines {concept, title, quantity, unit, amount, beneficiary, law}."),
    "payer": ("Payer", "Who pays, for example =applicant."),
    "less": ("Less", "Receipts that are credited."),
    "due": ("Days to pay", "Until when it can be paid."),
    "term": ("Term", "The id of a term of service.yaml."),
    "charge": ("Charge", "The charge that was paid, for example =charge."),
    "reason": ("Reason", "Why, as a person reads it."),
    "register": ("Register", 'A register that the service may write, for example ="vehicles".'),
    "entry": ("Entry", "The entry, by the register's schema."),
    "valid_from": ("Valid from", "From which day the entry is valid."),
    "supersedes": ("Supersedes", "The entry that this one replaces."),
    "output": ("Document", 'The id of an output of service.yaml, for example ="copy".'),
    "holder": ("Holder", "Whose document it is, for example =applicant."),
    "of": ("Of", "The entry that it is about."),
    "data": ("Data", "What else the template reads."),
    "copies": ("Copies", "How many."),
    "state": ("State", '="valid", ="suspended" or ="revoked".'),
    "until": ("Until", "Until when."),
    "message": ("Message", 'The name of a message of the act, for example ="issued".'),
    "parties": ("Parties", "To whom, for example =[applicant]."),
    "party": ("Party", 'The id of a party of service.yaml, or ="applicant".'),
    "what": ("What is asked", 'The name of a message of the act, or a text ={es: "…", en: "…"}.'),
    "fields": (
        "Data or questions",
        'Fields of the form to confirm, =["name"], or a form of tasks/, ="names".',
    ),
    "rows": ("Data from elsewhere", 'What to confirm besides: =[{id: "x", title: "…", value: …}].'),
    "legal": ("Legal notice", "=true where the law asks for a notification."),
    "outcomes": ("Outcomes", 'What may be decided, for example =["grant", "refuse"].'),
    "schema": ("Schema", 'What is entered, for example ="registers/vehicles".'),
    "not_found": ("May be not found", "=true where the official may say that there is none."),
}
TASKS: dict[str, tuple[str, str, str]] = {
    "ruta.decide": ("Decide", "An official decides with a motivation and a signature.", "outcomes"),
    "ruta.review": ("Review", "An official looks at something and says whether it is right.", ""),
    "ruta.enter": ("Enter data", "An official fills in an entry of a register.", "schema not_found"),
}


def templates() -> list[dict[str, Any]]:
    """Every template, in the order in which the Modeler lists them."""
    found = [_verb(name, verb) for name, verb in BUILT.items()]
    found += [_task(key, result) for key, result in FORM_KEYS.items()]
    return [*found, _decision(), _ending()]


def page() -> str:
    """`modeler/ruta-element-templates.json`."""
    return json.dumps(templates(), ensure_ascii=False, indent=2) + "\n"


def _template(
    id: str, name: str, description: str, applies: str, properties: Iterable[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "$schema": SCHEMA,
        "id": f"ruta.{id}",
        "name": f"Ruta: {name}",
        "description": description,
        "version": 1,
        "engines": {"camunda": "^8.6"},
        "appliesTo": ["bpmn:Task" if applies.endswith("Task") else applies],
        "elementType": {"value": applies},
        "groups": [
            {"id": "what", "label": "What it does"},
            {"id": "who", "label": "For whom"},
            {"id": "seen", "label": "What people see"},
        ],
        "properties": [*properties, *_seen(applies)],
    }


def _seen(applies: str) -> Iterator[dict[str, Any]]:
    if applies not in ("bpmn:EndEvent", "bpmn:BusinessRuleTask"):
        yield _property("ruta:stage", STAGE[1], STAGE[2], optional=True)
    yield _property("ruta:name-en", *NAME_EN, optional=True)


def _property(name: str, label: str, description: str, *, optional: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {
        "label": label,
        "description": description,
        "type": "String",
        "group": "seen",
        "binding": {"type": "zeebe:property", "name": name},
    }
    return made | ({"optional": True} if optional else {"constraints": {"notEmpty": True}})


def _input(name: str, *, needed: bool) -> dict[str, Any]:
    label, description = INPUTS.get(name, (name.replace("_", " ").capitalize(), ""))
    made: dict[str, Any] = {
        "label": label,
        "type": "String",
        "feel": "required",
        "group": "what",
        "binding": {"type": "zeebe:input", "name": name},
    }
    if description:
        made["description"] = description
    return made | ({"constraints": {"notEmpty": True}} if needed else {"optional": True})


def _hidden(value: str, **binding: str) -> dict[str, Any]:
    return {"type": "Hidden", "value": value, "binding": binding}


def _verb(name: str, verb: Verb) -> dict[str, Any]:
    title, description = VERBS.get(name, (name.replace("-", " ").capitalize(), ""))
    properties = [_hidden(f"ruta.{name}", type="zeebe:taskDefinition", property="type")]
    properties += [_input(each, needed=True) for each in sorted(verb.needs)]
    properties += [_input(each, needed=False) for each in sorted(verb.takes)]
    if verb.result:
        properties.append(
            {
                "label": "Result variable",
                "description": f"Under which name the result ({verb.result}) is kept, where not under its own.",
                "type": "String",
                "optional": True,
                "group": "what",
                "binding": {"type": "zeebe:output", "source": f"={verb.result}"},
            }
        )
    return _template(name, title, description or f"The verb {name}.", "bpmn:ServiceTask", properties)


def _task(key: str, result: str) -> dict[str, Any]:
    title, description, inputs = TASKS.get(key, (key, "A task of an official.", ""))
    properties = [
        {"type": "Hidden", "binding": {"type": "zeebe:userTask"}},
        _hidden(key, type="zeebe:formDefinition", property="externalReference"),
        _feel(
            "Groups", 'A list of role@office, for example =["registrar@" + form.office].', "candidateGroups"
        ),
        _feel(
            "Due date", "The end of a term, for example =terms.answer.due.", "dueDate", "zeebe:taskSchedule"
        ),
        *(_input(each, needed=each == "schema") for each in inputs.split()),
    ]
    if "outcomes" in inputs:
        properties.append(
            _property(
                "ruta:outcomes",
                "Outcomes shown",
                "The outcomes as words, separated by commas.",
                optional=True,
            )
        )
    properties.append(
        _property(
            "ruta:not-by", "Not by", "Tasks whose official may not do this one, by commas.", optional=True
        )
    )
    return _template(
        key.removeprefix("ruta."),
        title,
        f"{description} The result is {result}.",
        "bpmn:UserTask",
        properties,
    )


def _feel(
    label: str, description: str, name: str, type: str = "zeebe:assignmentDefinition"
) -> dict[str, Any]:
    return {
        "label": label,
        "description": description,
        "type": "String",
        "feel": "optional",
        "group": "who",
        "constraints": {"notEmpty": True},
        "binding": {"type": type, "property": name},
    }


def _decision() -> dict[str, Any]:
    properties = [
        {
            "label": "Decision",
            "description": "The name of a decision of decisions/*.dmn.",
            "type": "String",
            "group": "what",
            "constraints": {"notEmpty": True},
            "binding": {"type": "zeebe:calledDecision", "property": "decisionId"},
        },
        {
            "label": "Result variable",
            "description": "The variable that gets the answer.",
            "type": "String",
            "group": "what",
            "constraints": {"notEmpty": True},
            "binding": {"type": "zeebe:calledDecision", "property": "resultVariable"},
        },
    ]
    text = "A decision of the service is taken; the rules that hit are kept with their law."
    return _template("decision", "Apply a decision", text, "bpmn:BusinessRuleTask", properties)


def _ending() -> dict[str, Any]:
    outcome = _property("ruta:outcome", "Outcome", "How the case is decided when it ends here.")
    outcome["type"] = "Dropdown"
    outcome["choices"] = [{"name": each.capitalize(), "value": each} for each in sorted(OUTCOMES)]
    return _template("end", "End with an outcome", "The case is decided here.", "bpmn:EndEvent", [outcome])
