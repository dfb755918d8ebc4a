"""Text search in everyday words (stems of each language, accents ignored), and versions that nobody can change."""

from django.db import migrations

CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION ruta_es (COPY = pg_catalog.spanish);
ALTER TEXT SEARCH CONFIGURATION ruta_es
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
CREATE TEXT SEARCH CONFIGURATION ruta_en (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION ruta_en
  ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
NO_CONFIGURATIONS = "DROP TEXT SEARCH CONFIGURATION ruta_es; DROP TEXT SEARCH CONFIGURATION ruta_en;"

FROZEN = """
CREATE FUNCTION definitions_version_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a published version never changes: publish another one' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER version_is_frozen BEFORE UPDATE OR DELETE ON definitions_serviceversion
  FOR EACH ROW EXECUTE FUNCTION definitions_version_is_frozen();
"""
NOT_FROZEN = """
DROP TRIGGER version_is_frozen ON definitions_serviceversion;
DROP FUNCTION definitions_version_is_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("definitions", "0001_initial")]
    operations = [migrations.RunSQL(CONFIGURATIONS, NO_CONFIGURATIONS), migrations.RunSQL(FROZEN, NOT_FROZEN)]
