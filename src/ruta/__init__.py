"""Ruta: a public service is written once, as data, and gets everything that a service needs.

The rooms below depend on each other downward only; `docs/architecture.md` shows how.
"""
