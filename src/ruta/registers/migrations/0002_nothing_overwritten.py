"""What Django's models cannot say: nothing that was recorded changes, and nothing is deleted."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION registers_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.register, NEW.definition_id, NEW.entry_id, NEW.version, NEW.data, NEW.valid_from, NEW.valid_to,
      NEW.recorded_at, NEW.recorded_by, NEW.case_number, NEW.office, NEW.holder, NEW.sealed OR OLD.sealed)
     IS DISTINCT FROM
     (OLD.id, OLD.register, OLD.definition_id, OLD.entry_id, OLD.version, OLD.data, OLD.valid_from, OLD.valid_to,
      OLD.recorded_at, OLD.recorded_by, OLD.case_number, OLD.office, OLD.holder, NEW.sealed)
  THEN
    RAISE EXCEPTION 'an entry that was recorded cannot be changed; supersede or annul it' USING ERRCODE = '23001';
  END IF;
  IF OLD.status IN ('replaced', 'annulled') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'an entry that was % stays so', OLD.status USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER registers_entry_frozen BEFORE UPDATE ON registers_entry
  FOR EACH ROW EXECUTE FUNCTION registers_entry_frozen();
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ruta_app') THEN
    REVOKE DELETE ON registers_entry, registers_entrykey FROM ruta_app;
    REVOKE UPDATE, DELETE ON registers_entrynote, registers_spentnumber, registers_registerdefinition FROM ruta_app;
    GRANT UPDATE (current) ON registers_registerdefinition TO ruta_app;
  END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0001_initial")]

    operations = [
        migrations.RunSQL(
            FROZEN,
            "DROP TRIGGER registers_entry_frozen ON registers_entry; DROP FUNCTION registers_entry_frozen()",
        ),
    ]
