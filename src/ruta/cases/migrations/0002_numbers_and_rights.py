"""Numbers from sequences, and a history that the app may only add to."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION next_case_number(code text, year int) RETURNS bigint
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
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS public.%I', name);
    RETURN nextval(format('public.%I', name)::regclass);
  END;
END $$;

DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ruta_app') THEN
    REVOKE UPDATE, DELETE ON cases_caseevent FROM ruta_app;
    REVOKE DELETE ON cases_eventpayload FROM ruta_app;
    REVOKE UPDATE, DELETE ON cases_sealedheads FROM ruta_app;
  END IF;
END $$;
"""

BACKWARD = "DROP FUNCTION next_case_number(text, int);"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
