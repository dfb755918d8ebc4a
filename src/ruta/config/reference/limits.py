"""Every limit that a person or a program may meet, with its number, read from the constant that keeps it."""

from django.conf import settings
from django.contrib.auth.password_validation import MinimumLengthValidator, get_default_password_validators

from ruta.api import answers
from ruta.cases import correlation, efile, machine, sent, taskforms
from ruta.cases.bulk import reading as sheets
from ruta.cases.bulk import services as bulk
from ruta.cases.drafts import parking
from ruta.cases.facts import WAIT_IN_A_PAGE
from ruta.cases.models.draft import KEPT_FOR
from ruta.cases.selectors import LOAD_DAYS
from ruta.cases.selectors.figures import FEWEST_FOR_STATISTICS
from ruta.cases.services import LONGEST_NOTE
from ruta.cases.verbs.money import DAYS_TO_PAY
from ruta.definitions.loader import _LARGEST as LARGEST_FOLDER_FILE
from ruta.documents import qr
from ruta.documents.efile import verifying as verifying_files
from ruta.documents.uploads import active
from ruta.documents.verification import by_file, reading
from ruta.engine import bpmn, feel
from ruta.engine.bpmn import soundness, xml
from ruta.engine.dmn import reader
from ruta.engine.feel import context, numbers, regex, scanner, values
from ruta.identity import absences, proofing
from ruta.interop import xroad
from ruta.payments.gateways import signing
from ruta.registers import selectors as registers
from ruta.web.desk import batch, export, work
from ruta.web.portal import search
from ruta.web.portal.verify import limits as verifying

from . import markdown

MEGABYTE = 1024 * 1024


def page() -> str:
    """`reference/limits.md`."""
    parts = [
        "Numbers are read from the constants of the code when this page is made. What a limit refuses is told by field, "
        "fault and cure; nothing typed is lost by it."
    ]
    for title, rows in _groups().items():
        parts += [f"## {title}", markdown.table(["What", "Limit"], rows)]
    return markdown.document("Limits", *parts)


def _n(number: float) -> str:
    return f"{number:,}"


def _mb(size: int) -> str:
    return f"{size / MEGABYTE:g} MB"


def _shortest_password() -> int:
    validators = get_default_password_validators()
    return next(each.min_length for each in validators if isinstance(each, MinimumLengthValidator))


def _groups() -> dict[str, list[list[str]]]:
    budget = feel.Budget()
    return {
        "Expressions (FEEL)": [
            [
                "Steps of loops and calls in one run, or in all that one step of a process asks",
                _n(budget.steps),
            ],
            ["Nested calls", _n(budget.depth)],
            ["Characters of a text, items of a list", _n(budget.size)],
            ["Levels of a nested value", _n(context.DEEPEST_VALUE)],
            ["Characters of an expression", _n(scanner.LONGEST)],
            ["Levels of brackets in an expression", _n(scanner.DEEPEST)],
            ["Characters of a regular expression", _n(regex._LONGEST)],
            [
                "Digits of a number, also as a variable of a process or the value of a decision",
                _n(numbers.CONTEXT.prec),
            ],
            ["Digits of a number as a page, the API and the hash of a case's history have it", "17"],
            ["Digits before the point of a number that can be written as JSON", _n(values._MOST_DIGITS)],
        ],
        "Processes and decisions": [
            ["Moves of one step before a process counts as running away, and stops", _n(bpmn.BUDGET)],
            ["Moves that a verb counts among them", _n(machine._MOVES_OF_A_VERB)],
            ["Markings looked at when a process is checked for dead ends", _n(soundness.MOST_MARKINGS)],
            ["Size of a BPMN file", f"{xml.MAX_BYTES // 1_000_000} million bytes"],
            ["Size of a DMN file", f"{reader._LARGEST // 1_000_000} million bytes"],
            ["Size of a file of a service's folder", _mb(LARGEST_FOLDER_FILE)],
        ],
        "Drafts and cases": [
            ["How long a draft waits after it was last saved", f"{KEPT_FOR.days} days"],
            ["How long a refused post is parked", f"{parking.KEPT_FOR.total_seconds() / 3600:g} hours"],
            [
                "Size of a parked post, and how many for each draft",
                f"{parking.LARGEST // 1024} kB, {parking.MOST}",
            ],
            ["How long a form page waits for another agency", f"{WAIT_IN_A_PAGE} seconds"],
            ["Days to pay, where the process says nothing else", f"{DAYS_TO_PAY} days"],
            ["Characters of a motivation, at least", _n(taskforms.SHORTEST_MOTIVATION)],
            ["Characters of a note", _n(LONGEST_NOTE)],
            [
                "How long a message between cases waits for one that wants it",
                f"{correlation.KEPT_FOR.days} days",
            ],
            [
                "File of many applications: size, and its lines",
                f"{sheets.MAX_MB} MB, {_n(sheets.MAX_ROWS)}",
            ],
            ["How long such a file and its answers stay", f"{bulk.KEPT_FOR.days} days"],
            ["Calls of the API in a minute, of one key", _n(answers.PER_MINUTE)],
            ["Characters of a key under which something is sent", _n(sent.LONGEST_KEY)],
            ["Decided cases below which no median is told", _n(FEWEST_FOR_STATISTICS)],
        ],
        "Files": [
            ["Size of a file given as evidence", "what the service says, 50 MB at most"],
            [
                "Body of a page that asks for files",
                "twice what its files may weigh; more is refused by its announced length, unread",
            ],
            ["Pixels of a picture", _n(active.MAX_PIXELS_OTHER)],
            ["Objects of a PDF that are looked at", _n(active.MAX_OBJECTS)],
            [
                "Size of an electronic file beyond which a worker packs it, and how long it waits",
                f"{_mb(efile.LARGE)}, {efile.KEPT_FOR.total_seconds() / 3600:g} hours",
            ],
            [
                "Members and size of the index of an electronic file to be verified",
                f"{_n(verifying_files.MOST_MEMBERS)}, {_mb(verifying_files.MOST_INDEX)}",
            ],
            ["Body sent to any other address", _mb(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)],
        ],
        "Verification": [
            ["Codes asked from one address in a minute", _n(verifying.CODES)],
            ["Files asked from one address in a minute", _n(verifying.FILES)],
            ["Size of a file to be verified", f"{by_file.LARGEST_MB} MB"],
            [
                "Pages, signatures and codes read in a stranger's file",
                f"{reading.MAX_PAGES}, {reading.MAX_SIGNATURES}, {reading.MAX_CODES}",
            ],
            ["Bytes of the signed part of a QR code", _n(qr.LARGEST)],
        ],
        "Signing in": [
            ["Minutes without doing anything before a session ends", _n(settings.SESSION_COOKIE_AGE // 60)],
            ["Wrong passwords", "5 in 15 minutes for an account, 10 in a minute from an address"],
            [
                "Characters of a password, at least",
                _n(_shortest_password()),
            ],
            [
                "Questions asked to prove who one is, and how many must be right",
                f"{proofing.QUESTIONS}, {proofing.ENOUGH}",
            ],
            ["Wrong answers", f"{proofing.SOON_WRONG} in 15 minutes, {proofing.MONTH_WRONG} in 30 days"],
        ],
        "Other systems": [
            ["Seconds for a question over X-Road, three attempts in all", f"{xroad.TIMEOUT:g}"],
            ["Age of a notice of the gateway", f"{signing.WINDOW.total_seconds() / 60:g} minutes"],
        ],
        "Lists": [
            ["Entries of one answer of a register", _n(registers.MOST)],
            ["Tasks of one export of the inbox", _n(export.MOST_ROWS)],
            ["Tasks taken, or decided on one page, at once", _n(work.MOST_AT_ONCE)],
            ["Seconds after which a page of several decisions is gone on with", f"{batch.AT_A_TIME:g}"],
            ["Days of an absence", _n(absences.LONGEST.days)],
            ["Officials among whom to choose who stands in", _n(absences.MOST_SUBSTITUTES)],
            ["Days over which the hours of a step are told", _n(LOAD_DAYS)],
            ["Characters of a search", _n(search.LONGEST)],
        ],
    }
