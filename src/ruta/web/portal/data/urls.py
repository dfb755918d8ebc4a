"""Addresses of open data."""

from django.urls import path, register_converter

from . import files, pages


class FileKind:
    """The formats in which a dataset is given."""

    regex = "csv|json"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FileKind, "data_kind")

urlpatterns = [
    path("", pages.listing, name="datasets"),
    path("catalogo.jsonld", files.catalogue, name="data-catalogue"),
    path("<slug:dataset>/", pages.dataset, name="dataset"),
    path("<slug:dataset>.jsonld", files.metadata, name="dataset-metadata"),
    path("<slug:dataset>.<data_kind:kind>", files.download, name="dataset-file"),
]
