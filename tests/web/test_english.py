"""Every text of the platform exists in both languages."""

from ruta.config.commands import messages


def test_every_text_has_its_english() -> None:
    lacking = {
        room: [(text.places[0], text.text) for text in texts] for room, texts in messages.missing().items()
    }
    assert lacking == {}
