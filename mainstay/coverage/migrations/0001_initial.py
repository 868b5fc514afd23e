import django.db.models.deletion
import mainstay.foundation.clock
import mainstay.foundation.migrating
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('chart', '0001_initial'),
        ('foundation', '0001_extensions'),
        ('people', '0001_initial'),
        ('pghistory', '__first__'),
        ('workforce', '0001_initial'),
    ]

    operations = [
        mainstay.foundation.migrating.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='Payer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('name', models.CharField(max_length=120, unique=True)),
                        ('payer_id', models.CharField(blank=True, max_length=40)),
                        ('kind', models.CharField(default='commercial', max_length=20)),
                        ('phone', models.CharField(blank=True, max_length=20)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='PayerEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='coverage.payer')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('name', models.CharField(max_length=120)),
                        ('payer_id', models.CharField(blank=True, max_length=40)),
                        ('kind', models.CharField(default='commercial', max_length=20)),
                        ('phone', models.CharField(blank=True, max_length=20)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Policy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='people.patient')),
                        ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='policies', to='coverage.payer')),
                        ('plan_name', models.CharField(blank=True, max_length=120)),
                        ('member_id', models.CharField(blank=True, max_length=60)),
                        ('group_number', models.CharField(blank=True, max_length=60)),
                        ('subscriber_name', models.CharField(blank=True, max_length=120)),
                        ('subscriber_birth_date', models.DateField(blank=True, null=True)),
                        ('relationship', models.CharField(default='self', max_length=12)),
                        ('rank', models.PositiveSmallIntegerField(default=1)),
                        ('effective', models.DateField(blank=True, null=True)),
                        ('ended', models.DateField(blank=True, null=True)),
                        ('copay', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                        ('card_front', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chart.document')),
                        ('card_back', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='chart.document')),
                        ('card_seen_on', models.DateField(blank=True, null=True)),
                        ('end_reason', models.CharField(blank=True, max_length=160)),
                        ('is_withdrawn', models.BooleanField(default=False)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended__isnull', True), ('is_withdrawn', False)), fields=('patient', 'rank'), name='one_policy_per_rank'), models.CheckConstraint(condition=models.Q(('ended__isnull', True), ('effective__isnull', True), ('ended__gte', models.F('effective')), _connector='OR'), name='policy_ends_after_it_begins')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='PolicyEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='coverage.policy')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.patient')),
                        ('payer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='coverage.payer')),
                        ('plan_name', models.CharField(blank=True, max_length=120)),
                        ('member_id', models.CharField(blank=True, max_length=60)),
                        ('group_number', models.CharField(blank=True, max_length=60)),
                        ('subscriber_name', models.CharField(blank=True, max_length=120)),
                        ('subscriber_birth_date', models.DateField(blank=True, null=True)),
                        ('relationship', models.CharField(default='self', max_length=12)),
                        ('rank', models.PositiveSmallIntegerField(default=1)),
                        ('effective', models.DateField(blank=True, null=True)),
                        ('ended', models.DateField(blank=True, null=True)),
                        ('copay', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                        ('card_front', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='chart.document')),
                        ('card_back', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='chart.document')),
                        ('card_seen_on', models.DateField(blank=True, null=True)),
                        ('end_reason', models.CharField(blank=True, max_length=160)),
                        ('is_withdrawn', models.BooleanField(default=False)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='CoverageCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='coverage.policy')),
                        ('checked_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('checked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('how', models.CharField(default='phone', max_length=20)),
                        ('result', models.CharField(max_length=12)),
                        ('copay', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                        ('note', models.CharField(blank=True, max_length=240)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='CoverageCheckEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='coverage.coveragecheck')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('policy', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='coverage.policy')),
                        ('checked_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('checked_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('how', models.CharField(default='phone', max_length=20)),
                        ('result', models.CharField(max_length=12)),
                        ('copay', models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True)),
                        ('note', models.CharField(blank=True, max_length=240)),
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
