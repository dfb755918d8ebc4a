"""The desk's addresses, under `/escritorio/`."""

from django.urls import path

from . import case, export, inbox, work

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("exportar/", export.tasks, name="export"),
    path("tomar-siguiente/", inbox.take_next, name="take-next"),
    path("tomar/", inbox.take_many, name="take-many"),
    path("buscar/", inbox.search, name="search"),
    path("expedientes/<str:number>/", case.case, name="case"),
    path("expedientes/<str:number>/presencia/", case.presence, name="presence"),
    path("expedientes/<str:number>/notas/", case.note, name="note"),
    path("expedientes/<str:number>/documentos/<int:order>/", case.document, name="document"),
    path("expedientes/<str:number>/documentos/<int:order>/vista.png", case.preview, name="preview"),
    path(
        "expedientes/<str:number>/resultados/<str:code>/vista.png", case.output_preview, name="output-preview"
    ),
    path("expedientes/<str:number>/resultados/<str:code>/", case.output, name="output"),
    path("tareas/<uuid:task_id>/tomar/", work.claim, name="claim"),
    path("tareas/<uuid:task_id>/devolver/", work.give_back, name="give-back"),
    path("tareas/<uuid:task_id>/", work.complete, name="complete"),
]
