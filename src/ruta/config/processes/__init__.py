"""What `ruta bpmn` does: a file checked, drawn, or run by hand. Needs the engine alone: no Django, no database."""

from .files import check, draw
from .playing import asked, begin, play

__all__ = ["asked", "begin", "check", "draw", "play"]
