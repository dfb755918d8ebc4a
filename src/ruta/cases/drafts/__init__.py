"""Forms being filled: begun, saved page by page, resumed elsewhere, brought to a newer version, filed once.

What was typed is kept beside what could be read of it, so nothing typed is ever lost (service contract §3).
Judging is `ruta.cases.applications`; filing hands over to the case; no page is drawn here.
"""
