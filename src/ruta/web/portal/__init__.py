"""The citizen's pages. No rule lives here."""
