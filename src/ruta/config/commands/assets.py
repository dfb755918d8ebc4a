"""Browser assets: installed from npm, cut to what we use, collected, hashed and compressed."""

import typer

from ruta.config import setup


def register(root: typer.Typer) -> None:
    root.command()(assets)


def assets() -> None:
    """Install the pinned browser packages and build the style sheet, fonts, icons and scripts that the pages use."""
    setup.django(needs_database=False)
    from django.conf import settings
    from django.core.management import call_command

    from ruta.web.site import assets as site

    site.install_packages()
    site.build(settings.ASSETS_DIR)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
