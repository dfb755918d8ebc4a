"""Reads: versions in force, and finding a service in everyday words."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import QuerySet

from ruta.kernel import clock
from ruta.kernel.errors import NotFound
from ruta.kernel.texts import current_language

from .models import ServiceVersion


def versions_in_force(on: date | None = None) -> QuerySet[ServiceVersion]:
    """The version of each service that is in force on a day (default: today), by slug."""
    return (
        ServiceVersion.objects.filter(in_force_from__lte=on or clock.today())
        .order_by("service_id", "-in_force_from", "-number")
        .distinct("service_id")
        .select_related("service")
        .defer("files")
    )


_tried: ContextVar[ServiceVersion | None] = ContextVar("tried", default=None)


@contextmanager
def trying(version: ServiceVersion) -> Iterator[None]:
    """Within the block `version` is the one in force on every day, whatever else is published."""
    token = _tried.set(version)
    try:
        yield
    finally:
        _tried.reset(token)


def current_version(slug: str, on: date | None = None) -> ServiceVersion:
    """The version of `slug` in force on a day (default: today): that is, at filing. Raises NotFound."""
    tried = _tried.get()
    if tried is not None and tried.service_id == slug:
        return tried
    found = versions_in_force(on).filter(service_id=slug).first()
    if found is None:
        raise NotFound(
            {"es": f"No hay un trámite {slug} en vigor.", "en": f"No service {slug} is in force."}, field=slug
        )
    return found


def current_services(on: date | None = None) -> list[ServiceVersion]:
    """The version of every service in force on a day (default: today)."""
    return list(versions_in_force(on))


@dataclass(frozen=True)
class Found:
    """A service, or one act of it (`act`, else empty), that fits the words asked; the best has the highest `score`.

    `phrase` is the phrase that fits best.
    """

    slug: str
    act: str
    score: float
    phrase: str


_NO_WORD = re.compile(r"[^\w\s]")

# Every phrase of a service is one row. A phrase scores
#   4       when it is the words asked,
#   3       when it holds them whole,
#   1–2.5   by the share of the asked stems that it has: 1 + 1.5 × share when the words asked hold it whole, else
#           1 + share, when that share is at least half, and
#   0–1     by likeness of spelling, when that is above 0.5 (0.62 for fewer than 8 letters),
# times the weight of its kind; and all phrases of an act together score up to 1.2 when they have at least two of the
# asked stems and half of them. Words without a stem (el, de, la) are like nothing. A phrase in the other language counts
# a little less. Both indexes are used: the stems by the GIN index on `vector`, the spelling by the trigram index on
# `folded`.
_SEARCH = """
WITH asked AS (
  SELECT lower(unaccent(%(query)s)) AS folded,
         to_tsvector('ruta_es', %(query)s) AS es, to_tsvector('ruta_en', %(query)s) AS en
), terms AS (
  SELECT folded, tsvector_to_array(es) AS es, tsvector_to_array(en) AS en,
         array_to_string(ARRAY(SELECT quote_literal(x) FROM unnest(tsvector_to_array(es)) x), ' | ')::tsquery AS es_any,
         array_to_string(ARRAY(SELECT quote_literal(x) FROM unnest(tsvector_to_array(en)) x), ' | ')::tsquery AS en_any
  FROM asked
), near AS (
  SELECT w.service_id, w.act, w.lang, w.kind, w.phrase, w.folded, t.folded AS asked,
         CASE w.lang WHEN 'es' THEN t.es ELSE t.en END AS stems, tsvector_to_array(w.vector) AS has
  FROM definitions_servicewords w, terms t
  WHERE (w.lang = 'es' AND w.vector @@ t.es_any) OR (w.lang = 'en' AND w.vector @@ t.en_any)
    OR (w.folded %%> t.folded AND cardinality(t.es) > 0)
), scored AS (
  SELECT service_id, act, lang, kind, phrase,
         (CASE
            WHEN folded = asked THEN 4.0
            WHEN length(asked) > 3 AND ' ' || folded || ' ' LIKE '%% ' || asked || ' %%' THEN 3.0
            WHEN ' ' || asked || ' ' LIKE '%% ' || folded || ' %%' THEN 1.0 + 1.5 * share
            ELSE greatest(
              CASE WHEN share >= 0.5 THEN 1.0 + share ELSE 0 END,
              CASE WHEN likeness > CASE WHEN length(asked) < 8 THEN 0.62 ELSE 0.5 END THEN likeness ELSE 0 END)
          END) * CASE kind WHEN 'word' THEN 1.0 WHEN 'title' THEN 0.9 WHEN 'moment' THEN 0.7 ELSE 0.5 END
               * CASE lang WHEN %(lang)s THEN 1.0 ELSE 0.9 END AS score
  FROM near, LATERAL (
    SELECT (SELECT count(*) FROM unnest(stems) s WHERE s = ANY (has))::float / greatest(cardinality(stems), 1) AS share,
           word_similarity(asked, folded) AS likeness) AS measure
), together AS (
  SELECT service_id, act, count(DISTINCT stem)::float / max(cardinality(stems)) AS share, min(phrase) AS phrase
  FROM near, unnest(stems) AS stem
  WHERE kind <> 'summary' AND stem = ANY (has)
  GROUP BY service_id, act, lang HAVING count(DISTINCT stem) > 1
)
SELECT DISTINCT ON (service_id, act) service_id, act, score, phrase
FROM (SELECT service_id, act, score, phrase FROM scored
      UNION ALL SELECT service_id, act, 0.8 * (0.5 + share), phrase FROM together WHERE share >= 0.5) AS every
WHERE score > 0 AND service_id = ANY (%(open)s)
ORDER BY service_id, act, score DESC
"""


def find_services(query: str, lang: str | None = None, *, limit: int = 20) -> list[Found]:
    """Services and acts that fit everyday words, the best first; exact words before stems, stems before likeness.

    Accents, case and small slips of the pen do not matter. Words that fit nothing give an empty list.
    """
    words = " ".join(_NO_WORD.sub(" ", query[:200]).split())
    if not words:
        return []
    in_force = list(versions_in_force().values_list("service_id", flat=True))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', '0.5', true)")
        cursor.execute(_SEARCH, {"query": words, "lang": lang or current_language(), "open": in_force})
        rows = cursor.fetchall()
    found = [Found(slug, act, float(score), phrase) for slug, act, score, phrase in rows]
    return sorted(found, key=lambda one: (-one.score, one.slug, one.act))[:limit]
