import django.contrib.postgres.fields
import django.db.models.deletion
import mainstay.authority.facts
import mainstay.foundation.clock
import mainstay.foundation.migrating
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_extensions'),
        ('pghistory', '__first__'),
        ('practice', '0001_initial'),
        ('workforce', '0001_initial'),
    ]

    operations = [
        mainstay.foundation.migrating.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='ClinicPolicy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('act', models.CharField(max_length=40)),
                        ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.site')),
                        ('credentials', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                        ('effect', models.CharField(choices=[(mainstay.authority.facts.PolicyEffect['FORBID'], 'Forbid'), (mainstay.authority.facts.PolicyEffect['NARROW'], 'Narrow'), (mainstay.authority.facts.PolicyEffect['LOOSEN'], 'Loosen')], max_length=30)),
                        ('supervision', models.CharField(blank=True, max_length=20)),
                        ('reason', models.CharField(max_length=300)),
                        ('least_patient_age', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('statute', models.CharField(blank=True, max_length=160)),
                        ('effective', models.DateField()),
                        ('expires', models.DateField(blank=True, null=True)),
                        ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signed_at', models.DateTimeField(blank=True, null=True)),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                        ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('withdrawal_reason', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'ordering': ['act', '-effective', '-pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('effect__in', ['forbid', 'narrow', 'loosen'])), name='policy_effect_exists'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', True)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_by__isnull', False)), _connector='OR'), name='policy_withdrawn_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('effect', mainstay.authority.facts.PolicyEffect['LOOSEN']), _negated=True), models.Q(models.Q(('statute', ''), _negated=True), ('signed_at__isnull', False), ('signed_by__isnull', False)), _connector='OR'), name='loosening_names_its_statute'), models.CheckConstraint(condition=models.Q(('expires__isnull', True), ('expires__gte', models.F('effective')), _connector='OR'), name='policy_ends_after_it_starts')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='ClinicPolicyEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='authority.clinicpolicy')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('act', models.CharField(max_length=40)),
                        ('site', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.site')),
                        ('credentials', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                        ('effect', models.CharField(choices=[(mainstay.authority.facts.PolicyEffect['FORBID'], 'Forbid'), (mainstay.authority.facts.PolicyEffect['NARROW'], 'Narrow'), (mainstay.authority.facts.PolicyEffect['LOOSEN'], 'Loosen')], max_length=30)),
                        ('supervision', models.CharField(blank=True, max_length=20)),
                        ('reason', models.CharField(max_length=300)),
                        ('least_patient_age', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('statute', models.CharField(blank=True, max_length=160)),
                        ('effective', models.DateField()),
                        ('expires', models.DateField(blank=True, null=True)),
                        ('written_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signed_at', models.DateTimeField(blank=True, null=True)),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                        ('withdrawn_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('withdrawal_reason', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
