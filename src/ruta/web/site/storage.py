"""How static files are named: hashed and compressed once `ruta assets` has collected them, plain before (tests)."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class SiteStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names by manifest where one was collected."""

    def url(self, name: str, force: bool = False) -> str:
        if not self.hashed_files:
            return f"{self.base_url}{name}"
        return str(super().url(name, force))
