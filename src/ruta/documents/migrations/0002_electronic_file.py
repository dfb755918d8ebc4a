"""The electronic file is only ever added to, without gaps, whoever writes (CPACA art. 36; AGN Acuerdo
002/2014).
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a document of an electronic file is never changed nor removed; add a correction'
    USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER case_document_stays BEFORE UPDATE OR DELETE ON documents_casedocument
  FOR EACH ROW EXECUTE FUNCTION documents_refuse_change();

CREATE FUNCTION documents_follow_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last_order integer;
  last_page integer;
BEGIN
  SELECT d."order", d.first_page + d.pages - 1 INTO last_order, last_page
    FROM documents_casedocument d WHERE d.case_number = NEW.case_number ORDER BY d."order" DESC LIMIT 1;
  IF NEW."order" <> coalesce(last_order, 0) + 1 OR NEW.first_page <> coalesce(last_page, 0) + 1 THEN
    RAISE EXCEPTION 'the electronic file has no gaps: order % page % cannot follow order % page %',
      NEW."order", NEW.first_page, coalesce(last_order, 0), coalesce(last_page, 0)
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER case_document_order BEFORE INSERT ON documents_casedocument
  FOR EACH ROW EXECUTE FUNCTION documents_follow_order();
"""

BACKWARD = """
DROP TRIGGER case_document_order ON documents_casedocument;
DROP TRIGGER case_document_stays ON documents_casedocument;
DROP FUNCTION documents_follow_order();
DROP FUNCTION documents_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
