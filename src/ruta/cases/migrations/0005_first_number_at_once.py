"""The first two cases of a year, filed at once, wait for each other instead of making the sequence twice."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION next_case_number(code text, year int) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
  name text := format('case_number_%s_%s', lower(code), year);
BEGIN
  IF code !~ '^[A-Z]{3}$' OR year NOT BETWEEN 1990 AND 2999 THEN
    RAISE EXCEPTION 'no such numbering: % %', code, year;
  END IF;
  BEGIN
    RETURN nextval(format('public.%I', name)::regclass);
  EXCEPTION WHEN undefined_table THEN
    PERFORM pg_advisory_xact_lock(hashtext(name));
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS public.%I', name);
    RETURN nextval(format('public.%I', name)::regclass);
  END;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_stopped_cases")]
    operations = [migrations.RunSQL(FUNCTION, migrations.RunSQL.noop)]
