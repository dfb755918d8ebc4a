"""What the room asks of those below: that a post refused for lack of session or level is parked."""

from ruta.identity import access

from . import gate

access.on_refused_post.append(gate.keep_refused)
