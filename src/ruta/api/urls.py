"""The API's addresses."""

from django.urls import path

from . import answers, bulk, filing, openapi, page

app_name = "api"
urlpatterns = [
    path("api/", page.page, name="page"),
    path("api/v1/openapi.json", openapi.document, name="openapi"),
    path("api/v1/cases/<str:number>", filing.case, name="case"),
    path("api/v1/<slug:slug>/<slug:act>/schema", filing.schema, name="schema"),
    path("api/v1/<slug:slug>/<slug:act>/cases", filing.file, name="file"),
    path("api/v1/<slug:slug>/<slug:act>/bulk", bulk.send, name="bulk"),
    path("api/v1/bulk/<uuid:batch_id>", bulk.batch, name="batch"),
    path("api/v1/bulk/<uuid:batch_id>/answers", bulk.answers, name="batch-answers"),
    path("api/v1/<path:rest>", answers.nothing_here, name="nothing"),
]
