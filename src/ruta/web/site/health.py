"""Whether this process is alive, and whether it can serve: for load balancers and `ruta check`."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from ruta.identity import access


@access.public
@require_safe
def alive(_: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; asks nothing of anybody."""
    return HttpResponse("ok\n", content_type="text/plain")


@access.public
@require_safe
def ready(_: HttpRequest) -> JsonResponse:
    """200 when database, migrations and assets are in order, else 503; says which is not."""
    answers = {"database": False, "migrations": False, "assets": _assets_built()}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        answers["database"] = True
        answers["migrations"] = _migrated()
    except DatabaseError:
        connection.close()
    good = all(answers.values())
    return JsonResponse({"ready": good, **answers}, status=200 if good else 503)


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _assets_built() -> bool:
    return (settings.ASSETS_DIR / "site" / "ruta.css").is_file()
