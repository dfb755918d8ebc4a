"""Checks of messages: header, both languages, and what stands between `{{` and `}}`."""

from ..loader import FolderError
from ..marked import TextError
from ..messages import BUILTIN, CHANNELS, KEYS, SEES_TOO, MessageTemplate, read_message, split_name
from .asking import messages_of_asks
from .draft import Draft
from .expressions import Scope, check_template


def known_messages(draft: Draft, act: str) -> frozenset[str]:
    """The ids of the messages that an act has, built-in ones included."""
    return frozenset(BUILTIN) | {
        named[0] for path in draft.folder.under(f"acts/{act}/messages/", ".md") if (named := split_name(path))
    }


def check(draft: Draft, act: str, scope: Scope) -> None:
    """Every message of one act; `scope` holds its names, those of its process included."""
    languages: dict[str, set[str]] = {}
    asking = messages_of_asks(draft.processes.get(act))
    for path in draft.folder.under(f"acts/{act}/messages/", ".md"):
        named = split_name(path)
        if named is None:
            draft.add(
                "message-invalid",
                path,
                1,
                say={"es": "El nombre no dice el idioma.", "en": "The name does not say the language."},
                cure={
                    "es": "Llámelo mensaje.es.md o mensaje.en.md.",
                    "en": "Name it message.es.md or message.en.md.",
                },
            )
            continue
        languages.setdefault(named[0], set()).add(named[1])
        try:
            message = read_message(*named, draft.folder.text(path))
        except TextError as wrong:
            cure = {"es": "Revise el encabezado.", "en": "Check the header."}
            draft.add("message-invalid", path, wrong.line, say=wrong.say, cure=cure)
            continue
        except FolderError as wrong:
            draft.add(
                "message-invalid",
                path,
                1,
                say=wrong.message,
                cure={"es": "Guárdelo en UTF-8.", "en": "Save it as UTF-8."},
            )
            continue
        _header(draft, path, message)
        seen = scope.plus({SEES_TOO[message.id]}) if message.id in SEES_TOO else scope
        seen = seen.plus({"asked"}) if message.id in asking else seen
        check_template(draft, str(message.front["subject"]), seen, path, 2)
        check_template(draft, message.text, seen, path, message.body_line)
    for message_id, found in languages.items():
        for lacking in sorted({"es", "en"} - found):
            other = next(iter(found))
            draft.add(
                "message-language",
                f"acts/{act}/messages/{message_id}.{other}.md",
                1,
                say={
                    "es": f"El mensaje {message_id} no está en «{lacking}».",
                    "en": f'The message {message_id} is not in "{lacking}".',
                },
                cure={
                    "es": f"Escriba {message_id}.{lacking}.md.",
                    "en": f"Write {message_id}.{lacking}.md.",
                },
            )


def _header(draft: Draft, path: str, message: MessageTemplate) -> None:
    for key in message.front:
        if key not in KEYS:
            draft.unknown("unknown-key", path, 2, str(key), KEYS, es="la clave", en="key")
    for channel in message.channels:
        if channel not in CHANNELS:
            draft.unknown("message-invalid", path, 2, str(channel), CHANNELS, es="el canal", en="channel")
