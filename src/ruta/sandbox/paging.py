"""Pages of the sandbox: Jinja templates in two languages, no scripts, a strict content policy."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_PAGES = Path(__file__).parent / "pages"
_environment = Environment(
    loader=FileSystemLoader(_PAGES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_environment.filters["pesos"] = lambda amount: f"$ {amount:,}".replace(",", ".")
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; base-uri 'none'"


def language(request: Request, fallback: str = "") -> str:
    """`es` or `en`: from `?lang=`, then from what the caller knows, then from the browser, else Spanish."""
    asked = request.query_params.get("lang") or fallback
    if asked in ("es", "en"):
        return asked
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "es"


def page(request: Request, template: str, *, code: int = 200, lang: str = "", **values: Any) -> HTMLResponse:
    """Render a page; `t(es, en)` in a template says it in the person's language."""
    chosen = lang or language(request)
    text = _environment.get_template(template).render(
        t=lambda es, en: en if chosen == "en" else es, lang=chosen, request=request, **values
    )
    return HTMLResponse(
        text,
        status_code=code,
        headers={
            "Content-Security-Policy": _POLICY,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def form(request: Request) -> dict[str, str]:
    """The fields of a posted form, the last value of each."""
    fields = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


async def stylesheet(request: Request) -> Response:
    """The one style sheet."""
    return Response((_PAGES / "sandbox.css").read_bytes(), media_type="text/css")
