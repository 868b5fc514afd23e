import django.db.models.deletion
import mainstay.foundation.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_extensions'),
        ('people', '0001_initial'),
        ('pghistory', '__first__'),
        ('workforce', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='VaccineDose',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vaccine_doses', to='people.patient')),
                ('cvx', models.CharField(max_length=4)),
                ('mvx', models.CharField(blank=True, max_length=6)),
                ('product', models.CharField(blank=True, max_length=120)),
                ('lot_number', models.CharField(blank=True, max_length=30)),
                ('given_on', models.DateField()),
                ('source', models.CharField(default='historical', max_length=20)),
                ('status', models.CharField(default='completed', max_length=20)),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                ('visit_ref', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['patient', 'given_on'], name='immunizatio_patient_94f4a9_idx')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='VaccineDoseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='immunizations.vaccinedose')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.patient')),
                ('cvx', models.CharField(max_length=4)),
                ('mvx', models.CharField(blank=True, max_length=6)),
                ('product', models.CharField(blank=True, max_length=120)),
                ('lot_number', models.CharField(blank=True, max_length=30)),
                ('given_on', models.DateField()),
                ('source', models.CharField(default='historical', max_length=20)),
                ('status', models.CharField(default='completed', max_length=20)),
                ('recorded_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                ('visit_ref', models.UUIDField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
