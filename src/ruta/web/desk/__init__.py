"""The official's pages. No rule lives here."""
