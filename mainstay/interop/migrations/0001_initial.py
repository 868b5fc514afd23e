import django.db.models.deletion
import mainstay.foundation.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_extensions'),
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=160)),
                ('started_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('counts', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='ExternalResource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resources', to='interop.importrun')),
                ('patient', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='external_resources', to='people.patient')),
                ('source', models.CharField(max_length=160)),
                ('kind', models.CharField(max_length=60)),
                ('foreign_id', models.CharField(max_length=160)),
                ('version', models.PositiveIntegerField(default=1)),
                ('sha256', models.CharField(max_length=64)),
                ('body', models.JSONField()),
                ('disposition', models.CharField(max_length=10)),
                ('mapped_table', models.CharField(blank=True, max_length=60)),
                ('mapped_id', models.BigIntegerField(null=True)),
                ('received_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
            ],
            options={
                'indexes': [models.Index(fields=['patient', 'kind'], name='interop_ext_patient_2fcade_idx')],
                'constraints': [models.UniqueConstraint(fields=('source', 'kind', 'foreign_id', 'version'), name='resource_version_once')],
            },
        ),
    ]
