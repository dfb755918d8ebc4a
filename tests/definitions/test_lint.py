"""Each check of the lint is proven by a folder that is good but for one thing."""

# ruff: noqa: E501  one broken folder a line

from dataclasses import dataclass
from functools import partial

import definitions_builders
import pytest
from definitions_builders import ONE_ACT as GOOD
from definitions_builders import findings, line_of

from ruta.definitions.findings import Finding
from ruta.definitions.lint import CHECKS, lint
from ruta.definitions.loader import Folder

changed = partial(definitions_builders.changed, folder=GOOD)
SERVICE = "service.yaml"
FORM = "acts/copy/form.json"
PROCESS = "acts/copy/process.bpmn"
WHO = "decisions/who-may-ask.dmn"
FEE = "decisions/fee.dmn"
BIRTH = "registers/birth.json"
TARIFFS = "parameters/tariffs.csv"
STORY = "scenarios/CR-08.yaml"
GROUPS = "=[if found.entry.value.office != null then &quot;registrar@&quot; + found.entry.value.office else if form.office != null then &quot;registrar@&quot; + form.office else &quot;registrar&quot;]"


@dataclass(frozen=True)
class Broken:
    """One change to the good folder, the check that must tell it, where, and a word of its cure or fault."""

    check: str
    path: str
    old: str
    new: str
    says: str
    file: str = ""
    at: str = ""

    def folder(self) -> Folder:
        return changed(self.path, self.old, self.new)


BROKEN = [
    Broken("yaml-syntax", SERVICE, "stages:\n", "stages: [\n", "YAML"),
    Broken("yaml-syntax", STORY, "rows:\n", "rows: &all\n", "anchors"),
    Broken("yaml-syntax", SERVICE, "code: CRB\n", "code: CRB\ncode: CRC\n", "twice"),
    Broken("json-syntax", FORM, '"x-checks": [', '"x-checks": [,', "JSON"),
    Broken("table-invalid", TARIFFS, "2025-03-01,2026-02-28,10300", "2025-03-32,2026-02-28,10300", "2025-03-32"),
    Broken("unknown-key", SERVICE, "pause_in: [charge]", "pausein: [charge]", "pause_in"),
    Broken("unknown-key", SERVICE, "    channels: [portal", "    chanels: [portal", "channels"),
    Broken("unknown-key", FORM, '"hint": {"es": "Ejemplo', '"hnt": {"es": "Ejemplo', "hint"),
    Broken("unknown-key", STORY, "story:", "stori:", "story"),
    Broken("bad-value", SERVICE, "length: 10 business days", "length: 10 busy days", "10 business days"),
    Broken("bad-value", SERVICE, "years: 10", "years: ten", "whole number"),
    Broken("slug-folder", SERVICE, "slug: civil-registration", "slug: civil-register", "civil-registration"),
    Broken("agency-nit", SERVICE, "agency: 899999040-4", "agency: 899999040-5", "is 4, not 5"),
    Broken("duplicate-id", SERVICE, "- {id: payment,", "- {id: study,", "study stands twice"),
    Broken("text-language", SERVICE, "title: {es: Registro civil, en: Civil registration}", "title: {es: Registro civil}", '"en"'),
    Broken("text-language", FORM, '{"es": "Primer apellido", "en": "First surname"}', '{"es": "Primer apellido"}', '"en"'),
    Broken("not-built", PROCESS, 'type="ruta.record"', 'type="ruta.sign"', "verb sign", at='type="ruta.sign"'),
    Broken("not-built", PROCESS, 'type="ruta.issue"', 'type="ruta.compose"', "Not built yet: verb compose, line", at='type="ruta.compose"'),
    Broken("not-built", PROCESS, '<bpmn:startEvent id="filed" name="Solicitud radicada">', '<bpmn:startEvent id="filed" name="Solicitud radicada"><bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition>', "start by an event (timer)"),
    Broken("not-built", BIRTH, '"holder": "nuip"', '"derived": true, "holder": "nuip"', "x-register.derived"),
    Broken("dataset-unknown", SERVICE, "dataset: civil-registration-copies}", "dataset: civil-registration-copy}", "civil-registration-copies"),
    Broken("act-unknown", SERVICE, "acts: [copy]", "acts: [copi]", "copi"),
    Broken("publish-columns", SERVICE, "      days: {is: median, value: =case.days", "      days: {is: month, value: =case.decided_on", "exactly one month"),
    Broken("publish-columns", SERVICE, "list: [registry_offices, departments]", "list: [registry_offices]", "one for each step"),
    Broken("publish-personal", SERVICE, "        value: =entry.sex\n", "        value: =entry.nuip\n", "nuip"),
    Broken("publish-personal", SERVICE, "        value: =entry.sex\n", "        value: =entry.mother.names\n", "mother.names"),
    Broken("publish-personal", SERVICE, "      sex:\n        is: category", "      document:\n        is: category", "document"),
    Broken("not-built-yet-ignored", SERVICE, "    who: [citizen]", "    who: [citizen, representative]", "mandates"),
    Broken("who-without-channel", SERVICE, "    who: [citizen]", "    who: [citizen, {api: civil-registration.copy}]", "No channel lets in"),
    Broken("who-without-channel", SERVICE, "    who: [citizen]", "    who: [citizen, {official: registrar}]", "lets in"),
    Broken("channel-for-nobody", SERVICE, "    channels: [portal, counter]", "    channels: [portal, desk]", "through desk"),
    Broken("channel-for-nobody", SERVICE, "    who: [citizen]", "    who: [{official: registrar}]", "through portal"),
    Broken("fee-of-an-office", SERVICE, "    who: [citizen]\n    assurance: {file: medium, read: medium, verify: none}\n    channels: [portal, counter]", "    who: [{official: registrar}]\n    assurance: {file: medium, read: medium, verify: none}\n    channels: [desk]", "does not pay"),
    Broken("channel-for-nobody", SERVICE, "    channels: [portal, counter]", "    channels: [portal, counter, api]", "through api"),
    Broken("not-built-yet-ignored", SERVICE, "    channels: [portal, counter]", "    channels: [portal, counter, phone]", "telephone"),
    Broken("not-built-yet-ignored", SERVICE, "    channels: [portal, counter]", "    channels: [portal, counter, post]", "by post"),
    Broken("not-built-yet-ignored", PROCESS, '<zeebe:input source="=applicant" target="holder" />', '<zeebe:input source="=applicant" target="holder" /><zeebe:input source="=form.copies" target="copies" />', "issue.copies", at='target="copies"'),
    Broken("offline-not-at-desk", SERVICE, "    channels: [portal, counter]", "    offline: {ranges: [{register: birth, range: nuip, count: 5}], valid_for: 15 calendar days, office: office, provisional: {es: No sirve, en: No use}, law: L527}\n    channels: [portal, counter]", "no office files", at="offline:"),
    Broken("offline-number-unused", SERVICE, "    channels: [portal, counter]", "    offline: {ranges: [{register: birth, range: nuip, count: 5}], valid_for: 15 calendar days, office: office, provisional: {es: No sirve, en: No use}, law: L527}\n    channels: [portal, counter]", "would be nobody's", at="offline:"),
    Broken("field-unknown", SERVICE, "    channels: [portal, counter]", "    offline: {ranges: [{register: birth, range: nuip, count: 5}], valid_for: 15 calendar days, office: office, provisional: {es: No sirve, en: No use}, law: L527}\n    channels: [portal, counter]".replace("office: office", "office: ofice"), "office", at="offline:"),
    Broken("field-unknown", SERVICE, "    channels: [portal, counter]", "    offline: {ranges: [{register: birth, range: nuip, count: 5}], valid_for: 15 calendar days, office: office, provisional: {es: No sirve, en: No use}, law: L527}\n    channels: [portal, counter]".replace("range: nuip", "range: nuipp"), "nuip", at="offline:"),
    Broken("register-unknown", SERVICE, "    channels: [portal, counter]", "    offline: {ranges: [{register: birth, range: nuip, count: 5}], valid_for: 15 calendar days, office: office, provisional: {es: No sirve, en: No use}, law: L527}\n    channels: [portal, counter]".replace("birth, r", "birht, r"), "birth", at="offline:"),
    Broken("bad-value", SERVICE, "    channels: [portal, counter]", "    offline: {ranges: [{register: birth, range: nuip, count: 5}], valid_for: 15 calendar days, office: office, provisional: {es: No sirve, en: No use}, law: L527}\n    channels: [portal, counter]".replace("15 calendar days", "48 hours"), "15 calendar days", at="offline:"),
    Broken("not-built", SERVICE, "    channels: [portal, counter]", "    parties: [{id: kin, role: {es: la familia, en: the family}, from: '=found.entry.value.mother', may: [sign]}]\n    channels: [portal, counter]", "a party may sign", at="parties:"),
    Broken("post-unknown", SERVICE, "    channels: [portal, counter]", "    appeals: [{kind: reposicion, by: registrer, length: 3 business days, decide_in: 3 business days, silence: negative_silence, law: L527}]\n    channels: [portal, counter]", "registrer", at="appeals:"),
    Broken("not-built", SERVICE, "        length: 10 business days\n", "        length: 10 business days\n        extend_once: 5 business days\n", "extend_once", at="extend_once:"),
    Broken("not-built", SERVICE, "valid_for: unlimited", "valid_for: 3 months", "outputs that expire", at="valid_for: 3 months"),
    Broken("bad-value", SERVICE, "valid_for: unlimited", "valid_for: some time", "10 business days"),
    Broken("read-unknown", SERVICE, "        max_mb: 10\n", "        max_mb: 10\n        instead_of: victims\n", "victims", at="instead_of:"),
    Broken("not-built", PROCESS, 'source="=applicant" target="payer" />', 'source="=applicant" target="payer" /><zeebe:input source="=&quot;aswer&quot;" target="term" />', "charge.term", at='target="term"'),
    Broken("not-built", PROCESS, 'source="=charge.id" target="charge" />', 'source="=charge.id" target="charge" /><zeebe:input source="=charge.lines" target="lines" />', "refund.lines"),
    Broken("not-built", PROCESS, 'type="ruta.record" />\n        <zeebe:ioMapping>', 'type="ruta.set-output" />\n        <zeebe:ioMapping><zeebe:input source="=today" target="until" />', "set-output.until", at='target="until"'),
    Broken("not-built", PROCESS, '<zeebe:property name="ruta:outcomes" value="grant, refuse" />', '<zeebe:property name="sees" value="entry" />', "sees", at='name="sees"'),
    Broken("property-unknown", PROCESS, 'name="ruta:outcomes"', 'name="ruta:outcmes"', "ruta:outcomes", at='name="ruta:outcmes"'),
    Broken("form-page-id", FORM, '"id": "delivery"', '"id": "revisar"', "every form's"),
    Broken("form-page-id", FORM, '"id": "delivery"', '"id": "¿cómo?"', "lower-case"),
    Broken("law-unknown", SERVICE, "        law: L527", "        law: L572", "L527"),
    Broken("law-unknown", WHO, "<annotationEntry><text>L1098-75</text>", "<annotationEntry><text>L1089-75</text>", "L1098-75"),
    Broken("law-unknown", FORM, '"law": "DL1260-115"', '"law": "DL1260-511"', "DL1260-115"),
    Broken("register-unknown", SERVICE, "register: ruv", "register: rub", "ruv"),
    Broken("register-unknown", PROCESS, "=&quot;registers/birth&quot;", "=&quot;registers/brith&quot;", "birth"),
    Broken("read-unknown", SERVICE, "needs: [entry, own_entry, victim]", "needs: [entry, own_enrty, victim]", "own_entry"),
    Broken("read-unknown", PROCESS, "=found.entry.status = ", "=found.entri.status = ", "found.entry"),
    Broken("list-unknown", BIRTH, '"list": "divipola"', '"list": "divipolis"', "divipola"),
    Broken("list-unknown", SERVICE, "life_moments: [birth,", "life_moments: [brith,", "birth"),
    Broken("decision-unknown", PROCESS, 'decisionId="who_may_ask"', 'decisionId="who_may_aks"', "who_may_ask"),
    Broken("bpmn-unsupported", PROCESS, 'decisionId="who_may_ask"', 'decisionId="=if true then &quot;fee&quot; else &quot;who_may_ask&quot;"', "computed name"),
    Broken("decision-unknown", FORM, "decisions.who_may_ask().answer = \\\"study\\\")", "decisions.who_may().answer = \\\"study\\\")", "decisions.who_may_ask"),
    Broken("decision-unknown", SERVICE, "      decision: fee\n", "      decision: fees\n", "fee"),
    Broken("parameter-unknown", SERVICE, "value: tariffs.certificate", "value: tariffs.certificat", "tariffs.certificate"),
    Broken("parameter-unknown", FEE, 'parameter("tariffs." + tariff, ', 'parameter("tarifs.copy_online", ', "tariffs.copy_online"),
    Broken("term-unknown", SERVICE, "from: answer.expired", "from: anwser.expired", "answer.expired"),
    Broken("term-unknown", PROCESS, 'name="term.answer.expired"', 'name="term.anser.expired"', "answer"),
    Broken("term-unknown", PROCESS, "=terms.delivery.due", "=terms.delivri.due", "terms.delivery"),
    Broken("stage-unknown", PROCESS, 'name="ruta:stage" value="payment"', 'name="ruta:stage" value="paiment"', "payment"),
    Broken("stage-missing", PROCESS, '<zeebe:property name="ruta:stage" value="payment" />', "", "Cobrar"),
    Broken("message-unknown", PROCESS, "=&quot;issued&quot;", "=&quot;isued&quot;", "issued"),
    Broken("output-unknown", PROCESS, 'source="=&quot;copy&quot;" target="output"', 'source="=&quot;copi&quot;" target="output"', "copy"),
    Broken("evidence-unknown", FORM, '"evidence": "purpose_document"', '"evidence": "purpose_documents"', "purpose_document"),
    Broken("field-unknown", SERVICE, "fields: [displaced]", "fields: [displaced_person]", "displaced"),
    Broken("field-unknown", BIRTH, '"holder": "nuip"', '"holder": "nuipp"', "nuipp"),
    Broken("unknown-key", BIRTH, '"holder": "nuip"', '"holdr": "nuip"', "holder"),
    Broken("unknown-key", BIRTH, '"wrong_when": "entry.birth_date > today"', '"wrong_if": "entry.birth_date > today"', "wrong_when"),
    Broken("field-unknown", BIRTH, '"at": "/birth_date"', '"at": "/brith_date"', "birth_date"),
    Broken("feel-unknown-name", BIRTH, "entry.birth_date > today", "entry.brith_date > today", "entry.birth_date"),
    Broken("feel-syntax", BIRTH, "entry.birth_date > today", "entry.birth_date > > today", "column"),
    Broken("law-unknown", BIRTH, '"wrong_when": "entry.birth_date > today"', '"law": "DL1260-511", "wrong_when": "entry.birth_date > today"', "DL1260-115"),
    Broken("schema-invalid", BIRTH, '"format": "person-name"', '"format": "person-nam"', "person-name"),
    Broken("form-invalid", FORM, '"format": "person-name"', '"format": "person-nam"', "person-name"),
    Broken("element-unknown", SERVICE, "pause_in: [charge]", "pause_in: [charging]", "charge"),
    Broken("scenario-unknown", "samples.yaml", "scenario: CR-08,", "scenario: CR-80,", "CR-08"),
    Broken("act-incomplete", SERVICE, "acts:\n", "acts:\n  marriage: {title: {es: A, en: A}, summary: {es: B, en: B}, who: [citizen], assurance: {file: high, read: high}, channels: [portal]}\n", "guide"),
    Broken("act-undeclared", SERVICE, "acts:\n  copy:", "acts:\n  copies:", "copy is not in acts", file=FORM),
    Broken("schema-invalid", BIRTH, '"type": "object"', '"type": "objet"', "objet"),
    Broken("schema-invalid", FORM, '"minLength": 20', '"minLength": "20"', "not of type"),
    Broken("form-invalid", FORM, '"fields": ["copies", ', '"fields": ["copis", "copies", ', "copies"),
    Broken("form-field-unplaced", FORM, '"fields": ["copies", ', '"fields": [', "page"),
    Broken("form-widget", FORM, '"widget": "textarea"', '"widget": "textarae"', "textarea"),
    Broken("regex-not-re2", BIRTH, '"^[0-9]{8,10}$"', '"^(?=[0-9])[0-9]{8,10}$"', "look-around"),
    Broken("regex-not-re2", FORM, "form.birth_date > today", "matches(form.nuip, \\\"(?=1)[0-9]+\\\")", "look-around"),
    Broken("feel-syntax", FORM, "form.birth_date > today", "form.birth_date > > today", "column"),
    Broken("feel-syntax", PROCESS, "=fee.total &gt; 0", "=fee.total &gt; )", "column"),
    Broken("feel-syntax", "acts/copy/messages/issued.es.md", "{{ case.number }}", "{{ case.number + }}", "column"),
    Broken("feel-unknown-name", FORM, "form.birth_date > today", "form.brith_date > today", "form.birth_date"),
    Broken("feel-unknown-name", FORM, "form.birth_date > today", "frm.birth_date > today", "form"),
    Broken("feel-unknown-name", FORM, "form.birth_date > today", "__import__(\\\"os\\\")", "__import__"),
    Broken("feel-unknown-name", WHO, '<inputData id="in_entered" name="entered">', '<inputData id="in_entered" name="enterd">', "entered"),
    Broken("feel-unknown-name", "acts/copy/messages/refused.en.md", "decided.motivation", "decidd.motivation", "decided"),
    Broken("feel-type", FORM, "form.birth_date > today", "form.birth_date > 5", "date(x)"),
    Broken("feel-type", PROCESS, "=fee.total &gt; 0", "=form.copies &gt; &quot;0&quot;", "number(x)"),
    Broken("null-comparison", WHO, "if asked_entry.value.reserved = true then", "if asked_entry.value.serial = applicant.names then", "null"),
    Broken("instant-date", FORM, "form.birth_date > today", "form.birth_date > date(now)", "today"),
    Broken("decision-invalid", FEE, '<requiredDecision href="#tariff"/>', '<requiredDecision href="#tarif"/>', "model"),
    Broken("decision-policy", FEE, '<outputEntry id="tariff_1o1"><text>"copy_online"', '<outputEntry id="tariff_1o1"><text>"copy_onlin"', "policy"),
    Broken("decision-gap", WHO, '<inputEntry id="who_may_ask_3i3"><text>"other", "unknown"</text>', '<inputEntry id="who_may_ask_3i3"><text>"other"</text>', "rule"),
    Broken("decision-overlap", WHO, '<inputEntry id="who_may_ask_3i3"><text>"other", "unknown"</text>', '<inputEntry id="who_may_ask_3i3"><text>"other", "unknown", "self"</text>', "rule"),
    Broken("parameter-hole", TARIFFS, "copy_online,2025-03-01", "copy_online,2025-03-15", "2025-03-01…2025-03-14"),
    Broken("parameter-overlap", TARIFFS, "copy_online,2025-03-01", "copy_online,2025-02-01", "2025-02-01…2025-02-28"),
    Broken("bpmn-unsupported", PROCESS, '<bpmn:endEvent id="lapsed" name="Sin pago">', '<bpmn:transaction id="t1" name="Reserva"/><bpmn:endEvent id="lapsed" name="Sin pago">', "Reserva", at="<bpmn:transaction"),
    Broken("bpmn-unsound", PROCESS, '<bpmn:exclusiveGateway id="gw_accepted">', '<bpmn:parallelGateway id="gw_accepted">', "way"),
    Broken("bpmn-unsound", PROCESS, 'sourceRef="send_issued" targetRef="granted"', 'sourceRef="send_issued" targetRef="gw_ready"', "Entregada"),
    Broken("verb-unknown", PROCESS, 'type="ruta.charge"', 'type="ruta.charg"', "ruta.charge", at='type="ruta.charg"'),
    Broken("verb-input", PROCESS, 'source="=applicant" target="payer"', 'source="=applicant" target="payr"', "payer"),
    Broken("outcome-unknown", PROCESS, 'name="ruta:outcome" value="lapsed"', 'name="ruta:outcome" value="elapsed"', "lapsed"),
    Broken("form-key-unknown", PROCESS, 'formKey="ruta.decide"', 'formKey="ruta.decides"', "ruta.decide"),
    Broken("group-malformed", PROCESS, GROUPS, "=[&quot;Registrar de &quot; + form.office]", "role@"),
    Broken("post-unknown", PROCESS, GROUPS, "=[&quot;registar@&quot; + form.office]", "registrar"),
    Broken("post-unknown", SERVICE, "who: [citizen]", "who: [citizen, {official: notari}]", "notary"),
    Broken("post-unknown", SERVICE, "        source: birth ", "        issuer: registar\n        source: birth ", "registrar"),
    Broken("office-unknown", PROCESS, GROUPS, "=[&quot;registrar@1501-15002&quot;]", "1501-15001"),
    Broken("group-may-be-null", PROCESS, GROUPS, "=[&quot;registrar@&quot; + form.office]", "if form.office != null", at="form.office]"),
    Broken("group-without-office", PROCESS, GROUPS, "=[&quot;registrar&quot;]", "reaches every office", at="=[&quot;registrar&quot;]"),
    Broken("message-invalid", "acts/copy/messages/refused.es.md", "---\n", "", "header"),
    Broken("name-language", PROCESS, '<zeebe:property name="ruta:name-en" value="Charge the fee" />', "", "Cobrar", at='id="charge" name="Cobrar"'),
    Broken("name-language", PROCESS, '<zeebe:property name="ruta:name-en" value="Copy or certificate of a birth entry" />', "", "ruta:name-en", at='<bpmn:process id="copy"'),
    Broken("name-language", PROCESS, 'name="hay que revisar" ', "", "to be weighed", at='id="f_gw_right_weigh_purpose"'),
    Broken("words-language", WHO, "<annotationEntry><text>What concerns an adoption is reserved</text></annotationEntry>", "<annotationEntry><text></text></annotationEntry>", "words_en", at="Reserva de la adopción"),
    Broken("words-language", FEE, '<annotation name="words_en"/>', '<annotation name="note"/>', "Las víctimas de desplazamiento no pagan", at="Las víctimas de desplazamiento no pagan"),
    Broken("words-language", FEE, "<annotationEntry><text>Copia en línea</text>", "<annotationEntry><text/>", "Spanish", at="<text>Copy online"),
    Broken("label-language", FEE, ' ruta:label-en="Delivery"', "", "Entrega", at='label="Entrega"'),
    Broken("label-language", WHO, ' label="Reservado"', "", "Spanish", at='ruta:label-en="Reserved"'),
    Broken("template-missing", SERVICE, "template: copy.typ", "template: copi.typ", "copy.typ"),
    Broken("template-import", "outputs/copy.typ", '#import "_sheet.typ"', '#import "_shet.typ"', "_sheet.typ", at="_shet.typ"),
    Broken("template-import", "outputs/copy.typ", '#import "_sheet.typ"', '#import "@preview/sheet:0.1.0"', "internet", at="@preview"),
    Broken("scenario-invalid", STORY, "ana files copy", "ana files copies", "copy"),
    Broken("scenario-invalid", STORY, "id: CR-08", "id: CR-80", "CR-80"),
]  # fmt: skip

# These need a bigger change than one text.
ELSEWHERE = {
    *("message-language", "decision-undecided", "decision-never"),
    *("party-unknown", "party-may-not-answer"),  # cases/test_asking_people.py
    *(
        "purpose-unknown",
        "agency-service-unknown",
        "agency-service-invalid",
    ),  # cases/test_telling_other_agencies.py
    *("reason-invalid", "reason-language"),  # desk/test_reasons_and_batches.py
    "act-unknown",  # cases/test_starting_other_cases.py
}


def _names(found: list[Finding], says: str) -> bool:
    return any(says.lower() in f"{one.say['en']} {one.cure['en']}".lower() for one in found)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: f"{one.check}: {one.new[:40].strip()}")
def test_a_broken_folder_is_told_by_file_line_and_cure(broken: Broken) -> None:
    if broken.check == "bpmn-unsound" and "Gateway" in broken.old:
        text = GOOD.text(PROCESS)
        start = text.index('<bpmn:exclusiveGateway id="gw_accepted">')
        end = text.index("</bpmn:exclusiveGateway>", start)
        folder = GOOD.replace(
            PROCESS, text[:start] + text[start:end].replace("exclusive", "parallel") + "</bpmn:parallelGateway>"
            + text[end + len("</bpmn:exclusiveGateway>") :],
        )  # fmt: skip
    else:
        folder = broken.folder()
    found = findings(folder, broken.check)
    assert found, [str(one) for one in lint(folder)]
    assert _names(found, broken.says), [str(one) for one in found]
    assert all(one.file and one.line >= 1 and set(one.say) == set(one.cure) == {"es", "en"} for one in found)
    assert all(one.severity == CHECKS[broken.check].severity for one in found)
    where = broken.file or broken.path
    here = [one for one in found if one.file == where]
    assert here, [str(one) for one in found]
    if broken.at:
        assert line_of(folder, where, broken.at) in {one.line for one in here}


@pytest.mark.parametrize(
    "change",
    [
        (SERVICE, "        law: L527", "        law: L572"),
        (SERVICE, "needs: [entry, own_entry, victim]", "needs: [entry, own_enrty, victim]"),
        (PROCESS, 'decisionId="who_may_ask"', 'decisionId="who_may_aks"'),
        (FORM, "form.birth_date > today", "form.brith_date > today"),
        (WHO, "<annotationEntry><text>L1098-75</text>", "<annotationEntry><text>L1089-75</text>"),
        (TARIFFS, "copy_online,2025-03-01", "copy_online,2025-03-15"),
        (PROCESS, "=fee.total &gt; 0", "=fee.totl &gt; )"),
    ],
    ids=lambda change: change[2][:40],
)
def test_the_line_is_that_of_the_fault(change: tuple[str, str, str]) -> None:
    path, old, new = change
    folder = changed(path, old, new)
    (found,) = [one for one in lint(folder) if one.file == path]
    assert found.line == line_of(folder, path, new.strip())


def test_a_call_of_another_process_is_refused_because_the_case_would_wait_for_ever() -> None:
    text = GOOD.files[PROCESS].decode()
    start = text.index('<bpmn:serviceTask id="issue"')
    stop = text.index("</bpmn:serviceTask>", start)
    box = text[start:stop].replace("serviceTask", "callActivity")
    box = box.replace(
        '<zeebe:taskDefinition type="ruta.issue" />', '<zeebe:calledElement processId="other" />'
    )
    folder = GOOD.replace(PROCESS, text[:start] + box + "</bpmn:callActivity>" + text[stop + 19 :])
    (found,) = findings(folder, "not-built")
    assert "call activity" in found.say["en"] and "Expedir" in found.say["en"]
    assert found.line == line_of(folder, PROCESS, '<bpmn:callActivity id="issue"')


def test_a_message_in_one_language_is_told() -> None:
    (found,) = findings(GOOD.replace("acts/copy/messages/issued.en.md", None), "message-language")
    assert found.file == "acts/copy/messages/issued.es.md"
    assert found.cure["en"] == "Write issued.en.md."


@pytest.mark.parametrize(
    ("text", "wrong"), [("{{ money(held.amount) }}", 0), ("{{ money(heldd.amount) }}", 1)]
)
def test_a_service_may_write_its_own_message_about_money_that_was_not_due(text: str, wrong: int) -> None:
    written = f"---\nsubject: Recibo {{{{ held.receipt }}}}\n---\n{text}\n"
    folder = GOOD.replace("acts/copy/messages/money-held.es.md", written)
    folder = folder.replace("acts/copy/messages/money-held.en.md", written)
    assert len([one for one in lint(folder) if "money-held.es.md" in one.file]) == wrong
    other = GOOD.replace("acts/copy/messages/issued.es.md", written)
    assert findings(other, "feel-unknown-name")


def test_a_rule_that_never_wins_is_told() -> None:
    folder = changed(
        WHO,
        '<decisionTable id="may_deliver_t" hitPolicy="UNIQUE">',
        '<decisionTable id="may_deliver_t" hitPolicy="FIRST">',
    )
    folder = changed(
        WHO,
        '<inputEntry id="may_deliver_1i1"><text>false</text>',
        '<inputEntry id="may_deliver_1i1"><text>-</text>',
        folder=folder,
    )
    found = findings(folder, "decision-never")
    assert found
    assert found[0].line == line_of(folder, WHO, '<rule id="may_deliver_2">')


def test_a_table_too_large_to_be_checked_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from ruta.engine.dmn import check as dmn_check

    monkeypatch.setattr(dmn_check, "_MOST_STEPS", 1)
    assert findings(GOOD, "decision-undecided")


def test_every_check_of_the_catalogue_has_a_broken_folder() -> None:
    assert {broken.check for broken in BROKEN} | ELSEWHERE == set(CHECKS)


def test_the_good_folder_has_no_finding() -> None:
    assert lint(GOOD) == []


def test_a_test_for_null_makes_a_comparison_safe() -> None:
    guarded = "if applicant.names != null and asked_entry.value.serial = applicant.names then"
    folder = changed(WHO, "if asked_entry.value.reserved = true then", guarded)
    assert findings(folder, "null-comparison") == []


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("\nsummary:", "\nsumary:", "unknown-key"),
        ("    channels: [portal", "    chanels: [portal", "unknown-key"),
        ("\nacts:", "\nact:", "unknown-key"),
        ("stages:\n", "stages: [\n", "yaml-syntax"),
    ],
)
def test_a_service_file_that_cannot_be_read_is_the_one_thing_told(old: str, new: str, check: str) -> None:
    (only,) = lint(changed(SERVICE, old, new))
    assert (only.check, only.file) == (check, SERVICE)


def test_the_fault_of_the_service_file_comes_before_what_else_is_wrong() -> None:
    folder = changed(
        "samples.yaml", "scenario: ", "scenario: no-such-", folder=changed(SERVICE, "\nsummary:", "\nsumary:")
    )
    assert [one.check for one in lint(folder)] == ["unknown-key", "scenario-unknown"]


def test_the_lint_survives_files_that_are_nothing() -> None:
    for path in (SERVICE, FORM, PROCESS, WHO, TARIFFS, STORY, "samples.yaml", "registers/birth.json"):
        for content in (b"", b"\xff\xfe\x00", b"[]", b"null", b"<a/>", b"[1, {"):
            found = lint(GOOD.replace(path, content))
            assert isinstance(found, list)
            if path in (SERVICE, FORM, PROCESS, WHO, "registers/birth.json"):
                assert any(one.severity == "error" for one in found), (path, content)
