"""What other systems ask of Ruta over HTTP: `/api/v1` to file and read cases, its OpenAPI document, and their page.

Thin: it reads a request, calls the rooms' services and selectors, and writes JSON. No rule lives here.
"""
