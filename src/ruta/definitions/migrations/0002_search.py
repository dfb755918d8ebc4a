"""Text search in everyday words: stems of each language, accents ignored."""

from django.db import migrations

CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION ruta_es (COPY = pg_catalog.spanish);
ALTER TEXT SEARCH CONFIGURATION ruta_es
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
CREATE TEXT SEARCH CONFIGURATION ruta_en (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION ruta_en
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
BACK = "DROP TEXT SEARCH CONFIGURATION ruta_es; DROP TEXT SEARCH CONFIGURATION ruta_en;"


class Migration(migrations.Migration):
    dependencies = [("definitions", "0001_initial")]
    operations = [migrations.RunSQL(CONFIGURATIONS, BACK)]
