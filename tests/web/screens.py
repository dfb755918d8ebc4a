"""A real browser for the pages' tests, and pictures of them under `var/screenshots`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).resolve().parents[2] / "var" / "screenshots"
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDTHS = (360, 1280)
APPEARANCES = ("light", "dark")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def installed() -> str:
    """Where the system's Chromium is, by the names that `make browser` takes. Raises RuntimeError when it is nowhere."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise RuntimeError(
            f"the browser tests need Chromium, and none of {', '.join(NAMES)} is on the PATH: run `make browser`"
        )
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def a_page(
    browser: Browser,
    *,
    width: int = 1280,
    appearance: str = "light",
    lang: str = "es",
    javascript: bool = True,
    cookies: dict[str, str] | None = None,
    base_url: str = "",
) -> Iterator[Page]:
    """A page of a fresh visitor; fails at its end when the page broke the content security policy or a script."""
    context = browser.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="dark" if appearance == "dark" else "light",
        locale="en-US" if lang == "en" else "es-CO",
        java_script_enabled=javascript,
        base_url=base_url or None,
    )
    context.add_cookies(
        [
            {"name": name, "value": value, "url": base_url}
            for name, value in {"django_language": lang, **(cookies or {})}.items()
        ]
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if "Content Security Policy" in message.text else None
        ),
    )
    yield page
    context.close()
    assert not complaints, complaints


def picture(page: Page, name: str) -> Path:
    """Save the whole page as `var/screenshots/<name>.png`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
