"""Every check of the lint: its id, how bad a finding is, and what it looks for. The reference is made from this."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..findings import Severity


@dataclass(frozen=True)
class Check:
    """One check: `looks_for` in both languages."""

    id: str
    severity: Severity
    looks_for: Mapping[str, str]


def _error(check: str, es: str, en: str) -> Check:
    return Check(check, "error", {"es": es, "en": en})


def _warning(check: str, es: str, en: str) -> Check:
    return Check(check, "warning", {"es": es, "en": en})


_ALL = (
    # the files
    _error("yaml-syntax", "un archivo YAML que no se puede leer", "a YAML file that cannot be read"),
    _error("json-syntax", "un archivo JSON que no se puede leer", "a JSON file that cannot be read"),
    _error(
        "table-invalid", "una fila de CSV que no se puede leer", "a row of a CSV file that cannot be read"
    ),
    _error("unknown-key", "una clave que el contrato no conoce", "a key that the contract does not know"),
    _error("bad-value", "un valor que no cabe en su clave", "a value that does not fit its key"),
    _warning(
        "slug-folder", "una carpeta con otro nombre que su slug", "a folder with another name than its slug"
    ),
    _error("agency-nit", "un NIT con otro dígito de verificación", "a NIT with another check digit"),
    _error("duplicate-id", "un id que está dos veces", "an id that stands twice"),
    _error("text-language", "un texto sin uno de los idiomas", "a text that lacks one of the languages"),
    _error(
        "not-built", "algo del contrato que aún no está construido", "something of the contract not built yet"
    ),
    _warning(
        "not-built-yet-ignored",
        "algo del contrato que aún no está construido y se pasa por alto",
        "something of the contract not built yet, which is passed over",
    ),
    # what names what
    _error("law-unknown", "una norma que legal_basis no tiene", "a law that legal_basis does not have"),
    _error("register-unknown", "un registro que no existe", "a register that does not exist"),
    _error("read-unknown", "una consulta no declarada", "a look-up that is not declared"),
    _error("list-unknown", "una lista de códigos que no existe", "a code list that does not exist"),
    _error("decision-unknown", "una decisión que no existe", "a decision that does not exist"),
    _error("parameter-unknown", "un parámetro que no existe", "a parameter that does not exist"),
    _error("term-unknown", "un término que el acto no tiene", "a term that the act does not have"),
    _error("party-unknown", "un interviniente que el acto no tiene", "a party that the act does not have"),
    _error(
        "party-may-not-answer",
        "un pedido a un interviniente que no puede responder",
        "something asked of a party that may not answer",
    ),
    _error("stage-unknown", "una etapa que stages no tiene", "a stage that stages does not have"),
    _error("message-unknown", "un mensaje que no existe", "a message that does not exist"),
    _error(
        "output-unknown", "un resultado que el acto no declara", "an output that the act does not declare"
    ),
    _error("evidence-unknown", "un soporte que el acto no declara", "evidence that the act does not declare"),
    _error("field-unknown", "un campo que el registro no tiene", "a field that the register does not have"),
    _error(
        "agency-service-unknown",
        "un servicio de otra entidad que la lista no tiene",
        "a service of another agency that the list does not have",
    ),
    _error(
        "agency-service-invalid",
        "una fila de agency_services sin servicio X-Road o sin aviso",
        "a row of agency_services without an X-Road service or a notice",
    ),
    _error(
        "purpose-unknown",
        "una finalidad para la que nadie puede leer ni contar",
        "a purpose for which nobody may read or tell",
    ),
    _error("act-unknown", "un acto que el trámite no tiene", "an act that the service does not have"),
    _error("element-unknown", "un elemento que el proceso no tiene", "an element that the process lacks"),
    _error(
        "scenario-unknown",
        "una muestra de una historia que no existe",
        "a sample of a story that does not exist",
    ),
    # acts and forms
    _error(
        "channel-for-nobody",
        "un canal por el que nadie de who puede radicar",
        "a channel through which nobody of who may file",
    ),
    _error(
        "who-without-channel",
        "alguien de who a quien ningún canal abre",
        "somebody of who whom no channel lets in",
    ),
    _warning(
        "fee-of-an-office", "una tarifa de lo que presenta una oficina", "a fee of what an office files"
    ),
    _error(
        "offline-not-at-desk",
        "un acto sin conexión que ninguna oficina presenta",
        "an act done without a network that no office files",
    ),
    _error(
        "offline-number-unused",
        "un número que se da sin conexión y que el proceso no aparta",
        "a number given out without a network that the process does not reserve",
    ),
    _error("act-incomplete", "un acto sin formulario o proceso", "an act without form or process"),
    _warning("act-undeclared", "una carpeta de acto sin declarar", "a folder of an act that is not declared"),
    _error("schema-invalid", "un esquema JSON que no se puede usar", "a JSON Schema that cannot be used"),
    _error("form-invalid", "un formulario que no se puede usar", "a form that cannot be used"),
    _error("form-field-unplaced", "un campo que no está en ninguna página", "a field that is on no page"),
    _error("form-page-id", "una página que no se puede abrir", "a page that cannot be opened"),
    _error("form-widget", "un control que no existe", "a widget that does not exist"),
    _error("regex-not-re2", "una expresión regular más allá de RE2", "a regular expression beyond RE2"),
    # expressions and decisions
    _error("feel-syntax", "un texto que no es FEEL", "a text that is not FEEL"),
    _error("feel-unknown-name", "un nombre que FEEL no ve", "a name that FEEL does not see"),
    _error(
        "feel-type",
        "una operación, comparación o llamada que por los tipos siempre es null",
        "an operation, comparison or call that by its types is always null",
    ),
    _warning(
        "null-comparison",
        "la comparación de dos valores que pueden faltar (null = null es cierto)",
        "a comparison of two values that may both be null (null = null is true)",
    ),
    _error("instant-date", "date() de un instante", "date() of an instant"),
    _error(
        "decision-invalid",
        "un modelo de decisión que no se puede usar",
        "a decision model that cannot be used",
    ),
    _error(
        "decision-policy",
        "una tabla a la que le falta lo que su política de aciertos pide",
        "a table that lacks what its hit policy asks for",
    ),
    _error("decision-gap", "un caso que ninguna regla decide", "a case that no rule decides"),
    _error("decision-overlap", "un caso que dos reglas deciden", "a case that two rules decide"),
    _warning("decision-never", "una regla que nunca gana", "a rule that never wins"),
    _warning(
        "decision-undecided", "una tabla demasiado grande para revisarla", "a table too large to be checked"
    ),
    _error(
        "parameter-hole", "días sin valor entre dos periodos", "days without a figure between two periods"
    ),
    _error("parameter-overlap", "días con dos valores", "days with two figures"),
    # processes
    _error("bpmn-unsupported", "un elemento que no se puede ejecutar", "an element that cannot be executed"),
    _error("bpmn-unsound", "un proceso que no siempre puede terminar", "a process that cannot always end"),
    _error("verb-unknown", "un verbo que no existe", "a verb that does not exist"),
    _error("verb-input", "un dato que al verbo le falta", "an input that the verb lacks"),
    _error("property-unknown", "una propiedad que nadie lee", "a property that nothing reads"),
    _error("outcome-unknown", "un fin sin un resultado conocido", "an end without a known outcome"),
    _error("stage-missing", "una espera sin etapa", "a wait without a stage"),
    _error("form-key-unknown", "una tarea sin formulario conocido", "a task without a known form"),
    _error("group-malformed", "un grupo que no es rol@oficina", "a group that is not role@office"),
    _error(
        "post-unknown", "un cargo que no está en la lista posts", "a post that the list posts does not have"
    ),
    _warning(
        "office-unknown",
        "una oficina que no está en las listas ni en las entidades de la muestra",
        "an office that is in no list, nor among the sample's agencies",
    ),
    _warning(
        "group-without-office",
        "una tarea de un rol sin oficina donde hay oficinas: llega a todas",
        "a task of a role alone where there are offices: it reaches every office",
    ),
    _warning(
        "group-may-be-null",
        "una tarea cuyo grupo puede quedar vacío",
        "a task whose group may be empty",
    ),
    # texts that people read
    _error(
        "message-invalid",
        "un mensaje sin encabezado o con uno errado",
        "a message with no or a faulty header",
    ),
    _warning(
        "name-language",
        "un elemento de un proceso con nombre en un solo idioma",
        "an element of a process with a name in one language only",
    ),
    _warning(
        "words-language",
        "una regla con sus palabras en un solo idioma",
        "a rule with its words in one language only",
    ),
    _warning(
        "label-language",
        "una columna de entrada con su título en un solo idioma",
        "an input column with its label in one language only",
    ),
    _error("message-language", "un mensaje en un solo idioma", "a message in one language only"),
    _error(
        "reason-invalid",
        "un texto modelo de motivación con un encabezado errado, o que ninguna tarea ofrece",
        "a model text of reasons with a faulty header, or that no task offers",
    ),
    _error(
        "reason-language",
        "un texto modelo de motivación en un solo idioma",
        "a model text of reasons in one language only",
    ),
    _error("template-missing", "un resultado sin su plantilla", "an output without its template"),
    _error(
        "template-import",
        "una plantilla que importa un archivo que no está en la carpeta",
        "a template that imports a file which is not in the folder",
    ),
    # open data
    _error(
        "dataset-unknown",
        "un conjunto de datos que publish no declara",
        "a dataset that publish does not declare",
    ),
    _error("act-unknown", "un acto que el trámite no tiene", "an act that the service does not have"),
    _error(
        "publish-columns",
        "un conjunto cuyas columnas no se pueden contar ni proteger",
        "a dataset whose columns cannot be counted or protected",
    ),
    _error(
        "publish-personal",
        "una columna publicada que parece un dato personal",
        "a published column that looks like personal data",
    ),
    # stories
    _error("scenario-invalid", "una historia que no se puede leer", "a story that cannot be read"),
)

CHECKS: Mapping[str, Check] = {check.id: check for check in _ALL}
