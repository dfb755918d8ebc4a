"""What a case knows how to do and to remember: types of events, verbs of processes, sentences of stories."""

import inspect
import re
from collections.abc import Mapping

from ruta.cases import verbs
from ruta.cases.history import EVENT_TYPES
from ruta.cases.play.expectations import FINDERS
from ruta.cases.play.sentences import SENTENCES
from ruta.cases.play.story import KEYS
from ruta.definitions.lint.verbs import (
    BUILT,
    FORM_KEYS,
    INPUTS_IGNORED,
    INPUTS_NOT_BUILT,
    NOT_BUILT,
    OUTCOMES,
)

from . import markdown


def events_page() -> str:
    """`reference/events.md`."""
    rows = [[markdown.code(name), text["en"], text["es"]] for name, text in EVENT_TYPES.items()]
    return markdown.document(
        "Events of a case",
        "A case is a chain of events; nothing else changes it. An event holds its case, number in the chain, type, version, "
        "instant, actor, public payload, the commitment to its personal payload, the hash of the event before it and its "
        "own. How the chain is checked is told in [trust](../explanation/trust.md).",
        markdown.table(["Type", "What happened", "Qué pasó"], rows),
    )


def verbs_page() -> str:
    """`reference/verbs.md`."""
    rows = [
        [
            markdown.code(f"ruta.{name}"),
            markdown.codes(sorted(verb.needs)),
            markdown.codes(sorted(verb.takes)),
            markdown.code(verb.result) or "nothing",
            markdown.prose(inspect.getdoc(verbs.BUILT[f"ruta.{name}"])),
        ]
        for name, verb in BUILT.items()
    ]
    return markdown.document(
        "Verbs of a process",
        'What a service task may ask of the platform: `zeebe:taskDefinition type="ruta.…"`, inputs by `zeebe:ioMapping`. '
        "A box waits until it is done; its result is a variable with the verb's noun. A verb done again for the same case "
        "and token changes nothing.",
        markdown.table(["Verb", "Needs", "May have", "Result", "What it does"], rows),
        "## Not built yet",
        "These words are kept for later. A folder that uses one is refused by name and line when it is published: "
        f"{markdown.codes(sorted(NOT_BUILT))}.",
        f"Inputs refused likewise: {markdown.codes(_inputs(INPUTS_NOT_BUILT))}. Passed over with a warning: "
        f"{markdown.codes(_inputs(INPUTS_IGNORED))}.",
        "## Tasks of officials and ends",
        f"Forms of tasks (`zeebe:formDefinition formKey`): {markdown.codes(FORM_KEYS)}. The result is "
        f"{markdown.codes(FORM_KEYS.values())}, in this order.",
        f"Outcomes of end events (`ruta:outcome`): {markdown.codes(sorted(OUTCOMES))}.",
    )


def _inputs(of: Mapping[str, frozenset[str]]) -> list[str]:
    return [f"{verb}.{name}" for verb, names in of.items() for name in sorted(names)]


def scenarios_page() -> str:
    """`reference/scenarios.md`."""
    sentences = [
        [markdown.code(sentence(pattern)), markdown.prose(inspect.getdoc(doing))]
        for pattern, doing in SENTENCES
    ]
    finders = [[markdown.code(word), markdown.prose(inspect.getdoc(find))] for word, find in FINDERS.items()]
    return markdown.document(
        "Scenarios",
        "A story of `scenarios/*.yaml` is played by the service functions that the pages call, on the real engine, in a "
        "transaction that is rolled back. `ruta service test ‹service›` plays them, in a database of their own (`RUTA_HOME/scratch`).",
        f"Keys of a story: {markdown.codes(KEYS)}. With `rows` the story is played once for each row, and `=name` reads the row.",
        "## What is `given`",
        markdown.table(
            ["Key", "Says"],
            [
                ["`today`", "the day on which the story begins, at ten in the morning; without it, now"],
                [
                    "`people`",
                    "by name: a citizen (`document`, `born`, `assurance`, `given_names`, `first_surname`, `second_surname`, `accepts_electronic_notice`) or an official (`role`, `office`)",
                ],
                [
                    "`registers`, `agencies`",
                    "by register: entries that are there; `status: annulled` annuls one, `notes` ({kind, text, on}) stand in its margin",
                ],
                ["`payments`", "what was paid before: `by`, `on`, `amount`, `receipt`"],
            ],
        ),
        "With `decide: ‹name›` the decision is evaluated alone, with the names that `when` gives (`form` among them); `then` is its value, or the `problems` met.",
        "## Sentences of `when`",
        markdown.table(["Sentence", "Notes"], sentences),
        "## Words of `then`",
        "What is found may have more than what is wanted, but not more items of a list.",
        markdown.table(["Word", "Notes"], finders),
    )


def sentence(pattern: re.Pattern[str]) -> str:
    """A pattern as a person would write the sentence: `‹who› files ‹act›`."""
    text = re.sub(r"\(\?: (.*)\)\?", r" [\1]", pattern.pattern)
    return re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"‹\1›", text)
