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
            name='FormResponse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='form_responses', to='people.patient')),
                ('form', models.SlugField(max_length=40)),
                ('version', models.CharField(max_length=20)),
                ('language', models.CharField(default='en', max_length=10)),
                ('visit_ref', models.UUIDField(blank=True, null=True)),
                ('assigned_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                ('answers', models.JSONField(default=dict)),
                ('status', models.CharField(default='assigned', max_length=12)),
                ('signer_name', models.CharField(blank=True, max_length=120)),
                ('signer_relation', models.CharField(blank=True, max_length=40)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('witnessed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('interpreter', models.CharField(blank=True, max_length=80)),
                ('declined_reason', models.CharField(blank=True, max_length=200)),
                ('expires_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['patient', 'form', '-assigned_at'], name='forms_formr_patient_c911b6_idx')],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='FormResponseEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='forms.formresponse')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.patient')),
                ('form', models.SlugField(db_index=False, max_length=40)),
                ('version', models.CharField(max_length=20)),
                ('language', models.CharField(default='en', max_length=10)),
                ('visit_ref', models.UUIDField(blank=True, null=True)),
                ('assigned_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                ('answers', models.JSONField(default=dict)),
                ('status', models.CharField(default='assigned', max_length=12)),
                ('signer_name', models.CharField(blank=True, max_length=120)),
                ('signer_relation', models.CharField(blank=True, max_length=40)),
                ('signed_at', models.DateTimeField(blank=True, null=True)),
                ('witnessed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('interpreter', models.CharField(blank=True, max_length=80)),
                ('declined_reason', models.CharField(blank=True, max_length=200)),
                ('expires_on', models.DateField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
                'indexes': [],
                'constraints': [],
            },
        ),
    ]
