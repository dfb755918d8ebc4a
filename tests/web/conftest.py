"""The pages' tests see the real style sheet, fonts and icons."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def assets() -> None:
    """Build the assets where this process keeps its files, unless they are there."""
    from django.conf import settings

    from ruta.web.site import assets as site

    site.install_packages()
    site.build(settings.ASSETS_DIR)
