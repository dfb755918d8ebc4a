"""The citizen's pages. Forms and verification have their own packages and tables."""

from django.urls import URLPattern, URLResolver, include, path

from ruta.identity import access
from ruta.web.forms.sides import PORTAL, Side
from ruta.web.forms.urls import addresses

from . import (
    account,
    appealing,
    asked,
    case_file,
    cases,
    correcting,
    downloads,
    folder,
    home,
    messages,
    pay,
    receipts,
    search,
    services,
    start,
    thread,
    withdrawing,
)

SIDE = Side(
    table=PORTAL,
    rule=access.signed_in,
    skeleton="site/form.html",
    frame=lambda _: {},
    filed="portal/filed.html",
    home="portal:cases",
)

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("tramites/", search.search, name="search"),
    path("tramites/<slug:slug>/", services.service, name="service"),
    path("tramites/<slug:slug>/<slug:act>/", services.act, name="act"),
    path("mis-tramites/", cases.my_cases, name="cases"),
    path("mis-tramites/<str:number>/", cases.case, name="case"),
    path("mis-tramites/<str:number>/retirar/", withdrawing.withdraw, name="withdraw"),
    path("mis-tramites/<str:number>/corregir/", correcting.correct, name="correct"),
    path("mis-tramites/<str:number>/corregir/ampliar/", correcting.longer, name="correct-longer"),
    path("mis-tramites/<str:number>/recurso/", appealing.appeal, name="appeal"),
    path("mis-tramites/<str:number>/constancia/", receipts.filing, name="filing-receipt"),
    path("mis-tramites/<str:number>/documentos/<int:order>/", downloads.case_document, name="case-document"),
    path("mis-tramites/<str:number>/expediente/", case_file.page, name="case-file"),
    path("mis-tramites/<str:number>/expediente/descargar/", case_file.download, name="case-file-download"),
    path("recibos/<str:number>/", receipts.payment, name="payment-receipt"),
    path("mensajes/", messages.mailbox, name="messages"),
    path("mensajes/<uuid:message_id>/", messages.message, name="message"),
    path("carpeta/", folder.folder, name="folder"),
    path("carpeta/registros/", folder.registers, name="folder-registers"),
    path("carpeta/consultas/", folder.reads, name="folder-reads"),
    path("carpeta/<str:code>/descargar/", downloads.output, name="download"),
    path("cuenta/", account.account, name="account"),
    path("thread/<str:code>", thread.page, name="thread"),
    path("tramites/<slug:slug>/<slug:act>/empezar/", start.start, name="form-start"),
    path("pedidos/<uuid:asked_id>/", asked.asked, name="asked"),
    path("pagos/<str:number>/", pay.payment, name="payment"),
    path("pagos/<str:number>/pagar/", pay.pay, name="pay"),
    path("datos/", include("ruta.web.portal.data.urls")),
    *addresses(SIDE),
    path("", include("ruta.web.portal.verify.urls")),
]
