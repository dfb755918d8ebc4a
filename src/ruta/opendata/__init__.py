"""Open data: what cases and registers become in public, counted and passed through the privacy gate.

It reads rooms below and changes nothing in them. Pages and files read what was released, never the rows behind it."""
