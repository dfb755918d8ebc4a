"""The post of who issued a document is kept in both languages; of older ones, in that of the document."""

from django.db import migrations, models

FORWARD = "ALTER TABLE documents_output ALTER COLUMN role TYPE jsonb USING jsonb_build_object(lang, role)"
BACK = "ALTER TABLE documents_output ALTER COLUMN role TYPE varchar(200) USING coalesce(role ->> lang, '')"


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0003_uploads_of_accounts'),
    ]

    operations = [
        migrations.RunSQL(
            FORWARD,
            BACK,
            state_operations=[
                migrations.AlterField(
                    model_name='output',
                    name='role',
                    field=models.JSONField(help_text='{es, en}: post of who issues'),
                ),
            ],
        ),
    ]
