"""Every sentence of accounts exists in both languages."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import ruta.identity

ROOM = Path(str(ruta.identity.__file__)).parent
_TAG = re.compile(r"""{%\s*translate\s+"([^"]+)"|{%\s*translate\s+'([^']+)'""")
_BLOCK = re.compile(r"{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate\s*%}", re.DOTALL)


def spoken() -> set[str]:
    said = set()
    for _, _, message, _, _ in extract_from_dir(
        ROOM, method_map=[("**.py", "python")], keywords={"_": None, "gettext": None, "gettext_lazy": None}
    ):
        said.add(str(message))
    for path in (*ROOM.rglob("templates/**/*.html"), *ROOM.rglob("templates/**/*.txt")):
        text = path.read_text()
        said |= {one or other for one, other in _TAG.findall(text)}
        said |= {re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", block).strip() for block in _BLOCK.findall(text)}
    return said


def test_every_sentence_of_accounts_has_its_english_and_none_is_left_over() -> None:
    with (ROOM / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = {
            str(message.id): str(message.string) for message in read_po(file, locale="en") if message.id
        }
    assert spoken() - set(catalogue) == set()
    assert set(catalogue) - spoken() == set()
    assert [text for text, english in catalogue.items() if not english] == []
