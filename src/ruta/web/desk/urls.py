"""The desk's addresses, under `/escritorio/`."""

from django.urls import path

from ruta.web.forms.urls import addresses

from . import (
    absences,
    batch,
    bulk,
    case,
    case_file,
    counter,
    export,
    files,
    filing,
    inbox,
    reassigning,
    receipt,
    returning,
    team,
    work,
)
from .offline import device, office, settling

DEVICE = "sin-red/equipo/"
CASE = "expedientes/<str:number>/"

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("exportar/", export.tasks, name="export"),
    path("equipo/", team.load, name="team"),
    path("equipo/exportar/", team.export, name="team-export"),
    path("ausencias/", absences.page, name="absences"),
    path("ausencias/<int:absence_id>/terminar/", absences.end, name="absence-end"),
    path("buscar/", inbox.search, name="search"),
    path("tramites/", filing.new, name="new"),
    path("tramites/<slug:slug>/<slug:act>/", filing.start, name="form-start"),
    path("tramites/<slug:slug>/<slug:act>/persona/", counter.start_for, name="form-start-for"),
    path("tramites/<slug:slug>/<slug:act>/archivo/", bulk.upload, name="bulk"),
    path("tramites/<slug:slug>/<slug:act>/archivo/plantilla.csv", bulk.template, name="bulk-template"),
    path("lotes/<uuid:batch_id>/", bulk.batch, name="batch"),
    path("lotes/<uuid:batch_id>/avance/", bulk.progress, name="batch-progress"),
    path("lotes/<uuid:batch_id>/respuestas.csv", bulk.answers, {"kind": "csv"}, name="batch-csv"),
    path("lotes/<uuid:batch_id>/respuestas.ndjson", bulk.answers, {"kind": "ndjson"}, name="batch-ndjson"),
    *addresses(filing.SIDE),
    path("sin-red/", office.office, name="offline"),
    path("sin-red/por-resolver/<uuid:filing_id>/", settling.settle, name="offline-settle"),
    path("sin-red/terminar/<uuid:kit_id>/", office.end, name="offline-end"),
    path(f"{DEVICE}sw.js", device.worker, name="offline-worker"),
    path(f"{DEVICE}<uuid:kit_id>/", device.page, name="offline-device"),
    path(f"{DEVICE}<uuid:kit_id>/app.webmanifest", device.manifest, name="offline-manifest"),
    path(f"{DEVICE}<uuid:kit_id>/estado/", device.state, name="offline-state"),
    path(f"{DEVICE}<uuid:kit_id>/lineas/<int:line>/", device.line, name="offline-line"),
    path("entidad/", work.act_for, name="act-for"),
    path("tomar-siguiente/", work.take_next, name="take-next"),
    path("decidir/", batch.decide, name="decide-many"),
    path("tomar/", work.take_many, name="take-many"),
    path("tareas/<uuid:task_id>/", work.complete, name="complete"),
    path("tareas/<uuid:task_id>/texto/", work.insert, name="insert"),
    path("tareas/<uuid:task_id>/tomar/", work.claim, name="claim"),
    path("tareas/<uuid:task_id>/devolver/", work.give_back, name="give-back"),
    path("tareas/<uuid:task_id>/reasignar/", reassigning.reassign, name="reassign"),
    path("tareas/<uuid:task_id>/corregir/", returning.give_back_to_applicant, name="return"),
    path("pedidos/<uuid:asked_id>/responder/", work.answer_for, name="answer-for"),
    path(CASE, case.case, name="case"),
    path(f"{CASE}presencia/", case.presence, name="presence"),
    path(f"{CASE}constancia/", receipt.filing, name="receipt"),
    path(f"{CASE}notas/", case.note, name="note"),
    path(f"{CASE}reanudar/", case.retry, name="retry"),
    path(f"{CASE}documentos/<int:order>/", files.document, name="document"),
    path(f"{CASE}documentos/<int:order>/vista.png", files.preview, name="preview"),
    path(f"{CASE}expediente/", case_file.page, name="case-file"),
    path(f"{CASE}expediente/descargar/", case_file.download, name="case-file-download"),
    path(f"{CASE}resultados/<str:code>/", files.output, name="output"),
    path(f"{CASE}resultados/<str:code>/vista.png", files.output_preview, name="output-preview"),
]
