"""Every patient keeps a color; those known already get theirs by turns in each family name, namesakes side by side."""

from django.db import migrations, models

BY_TURNS = """
UPDATE people_patient SET hue = turn.hue FROM (
    SELECT id, ((hashtext(lower(family_name)) & 1023) + row_number() OVER (
        PARTITION BY lower(family_name) ORDER BY lower(given_name), id
    )) % 12 AS hue FROM people_patient
) turn WHERE turn.id = people_patient.id
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0002_how_a_merge_was_known")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="hue",
            field=models.PositiveSmallIntegerField(db_default=0, editable=False),
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(condition=models.Q(("hue__lt", 12)), name="hue_exists"),
        ),
        migrations.RunSQL(BY_TURNS, migrations.RunSQL.noop),
    ]
