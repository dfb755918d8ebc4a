"""Issued documents are leaves of the file; the law may have a leaf's name and bytes erased, once, and nothing else."""

from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  erased documents_casedocument;
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL THEN
    erased := OLD;
    erased.name := '';
    erased.erased_at := NEW.erased_at;
    IF NEW IS NOT DISTINCT FROM erased THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a document of an electronic file is never changed nor removed; add a correction'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

BACKWARD = """
CREATE OR REPLACE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a document of an electronic file is never changed nor removed; add a correction'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_post_in_both_languages")]
    operations = [
        migrations.AddField(
            model_name="casedocument",
            name="output",
            field=models.CharField(
                blank=True,
                default="",
                help_text="code of the output that it is; empty for what was given",
                max_length=14,
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="casedocument", name="erased_at", field=models.DateTimeField(null=True)
        ),
        migrations.AlterField(
            model_name="casedocument",
            name="added_by",
            field=models.CharField(
                help_text="who added it, without personal data (`Actor.ref`)", max_length=200
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
