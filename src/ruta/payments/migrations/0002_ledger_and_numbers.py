"""What the database itself holds: a ledger that balances and is never changed, and serials per year."""

from django.db import migrations

SERIALS = """
CREATE FUNCTION payments_next_serial(kind text, year integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE name text := format('payments_%s_%s', kind, year);
BEGIN
  IF kind NOT IN ('charge', 'receipt') OR year NOT BETWEEN 1900 AND 9999 THEN
    RAISE EXCEPTION 'no serials of % in %', kind, year;
  END IF;
  IF to_regclass(name) IS NULL THEN
    PERFORM pg_advisory_xact_lock(hashtext(name));
    EXECUTE format('CREATE SEQUENCE IF NOT EXISTS %I', name);
  END IF;
  RETURN nextval(name::regclass);
END $$;
"""

# The first years are made here, so that the first charge of a year takes no lock; later years make themselves.
YEARS = "".join(
    f"CREATE SEQUENCE payments_{kind}_{year};" for kind in ("charge", "receipt") for year in range(2025, 2036)
)

LEDGER = """
CREATE FUNCTION payments_ledger_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong uuid;
BEGIN
  SELECT posting INTO wrong FROM fresh GROUP BY posting HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'posting % does not sum to zero', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_balances AFTER INSERT ON payments_ledgerentry
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION payments_ledger_balances();

CREATE FUNCTION payments_ledger_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is only added to' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER ledger_is_kept BEFORE UPDATE OR DELETE ON payments_ledgerentry
  FOR EACH ROW EXECUTE FUNCTION payments_ledger_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [
        migrations.RunSQL(SERIALS, "DROP FUNCTION payments_next_serial(text, integer)"),
        migrations.RunSQL(YEARS, YEARS.replace("CREATE", "DROP")),
        migrations.RunSQL(
            LEDGER,
            """DROP TRIGGER ledger_balances ON payments_ledgerentry;
               DROP TRIGGER ledger_is_kept ON payments_ledgerentry;
               DROP FUNCTION payments_ledger_balances(); DROP FUNCTION payments_ledger_is_kept();""",
        ),
    ]
