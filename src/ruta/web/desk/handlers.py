"""What the room asks of those below: that a post refused for lack of session comes back with its values."""

from ruta.identity import access

from . import lost

access.on_refused_post.append(lost.keep_refused)
