"""An entry may be of several persons (both spouses): one number becomes a list of numbers.

The type of the column changes instead of its rows being written, which the trigger would refuse.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

FROZEN = """
CREATE OR REPLACE FUNCTION registers_entry_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.register, NEW.definition_id, NEW.entry_id, NEW.version, NEW.data, NEW.valid_from, NEW.valid_to,
      NEW.recorded_at, NEW.recorded_by, NEW.case_number, NEW.office, NEW.{holder}, NEW.sealed OR OLD.sealed)
     IS DISTINCT FROM
     (OLD.id, OLD.register, OLD.definition_id, OLD.entry_id, OLD.version, OLD.data, OLD.valid_from, OLD.valid_to,
      OLD.recorded_at, OLD.recorded_by, OLD.case_number, OLD.office, OLD.{holder}, NEW.sealed)
  THEN
    RAISE EXCEPTION 'an entry that was recorded cannot be changed; supersede or annul it' USING ERRCODE = '23001';
  END IF;
  IF OLD.status IN ('replaced', 'annulled') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'an entry that was % stays so', OLD.status USING ERRCODE = '23001';
  END IF;
  RETURN NEW;
END $$;
"""
SEVERAL = """
ALTER TABLE registers_entry ALTER COLUMN holder TYPE varchar(20)[]
  USING CASE WHEN holder = '' THEN '{}'::varchar(20)[] ELSE ARRAY[holder] END;
ALTER TABLE registers_entry RENAME COLUMN holder TO holders;
"""
ONE = """
ALTER TABLE registers_entry RENAME COLUMN holders TO holder;
ALTER TABLE registers_entry ALTER COLUMN holder TYPE varchar(20) USING coalesce(holder[1], '');
"""


class Migration(migrations.Migration):
    dependencies = [("registers", "0003_note_because")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="entry_holder"),
        migrations.RunSQL(
            SEVERAL + FROZEN.format(holder="holders"),
            ONE + FROZEN.format(holder="holder"),
            state_operations=[
                migrations.RemoveField(model_name="entry", name="holder"),
                migrations.AddField(
                    model_name="entry",
                    name="holders",
                    field=django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="entry",
            index=django.contrib.postgres.indexes.GinIndex(fields=["holders"], name="entry_holders"),
        ),
    ]
