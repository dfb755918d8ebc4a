"""What Django's models cannot say: the log of reads is append-only, and the cache that web processes share."""

from django.db import migrations

APPEND_ONLY = """
DO $$ BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ruta_app') THEN
    REVOKE UPDATE, DELETE ON kernel_accessread FROM ruta_app;
  END IF;
END $$;
"""

# UNLOGGED: what is in it may be lost with the server, and writing it costs no WAL.
CACHE = """
CREATE UNLOGGED TABLE ruta_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX ruta_cache_expires ON ruta_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
        migrations.RunSQL(CACHE, "DROP TABLE ruta_cache"),
    ]
