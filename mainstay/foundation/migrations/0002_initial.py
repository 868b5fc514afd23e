import django.db.models.deletion
import mainstay.foundation.clock
import mainstay.foundation.migrating
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_extensions'),
    ]

    operations = [
        mainstay.foundation.migrating.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='OutboxEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=80)),
                        ('payload', models.JSONField()),
                        ('published_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Delivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='foundation.outboxevent')),
                        ('subscriber', models.CharField(max_length=160)),
                        ('delivered_at', models.DateTimeField(null=True)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('last_error', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('event', 'subscriber'), name='delivered_once')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Answer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.UUIDField()),
                        ('staff_id', models.BigIntegerField()),
                        ('path', models.CharField(max_length=300)),
                        ('answered_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('status', models.PositiveSmallIntegerField(default=0)),
                        ('headers', models.JSONField(default=dict)),
                        ('body', models.BinaryField(default=bytes)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['answered_at'], name='foundation__answere_6a481e_idx')],
                        'constraints': [models.UniqueConstraint(fields=('staff_id', 'key'), name='one_answer_per_key')],
                    },
                ),
                migrations.CreateModel(
                    name='Draft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('staff_id', models.BigIntegerField()),
                        ('key', models.CharField(max_length=120)),
                        ('typed', models.JSONField()),
                        ('label', models.CharField(blank=True, max_length=120)),
                        ('url', models.CharField(blank=True, max_length=200)),
                        ('parked_at', models.DateTimeField(null=True)),
                        ('saved_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('staff_id', 'key'), name='one_draft_per_form')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='AccessRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('staff_id', models.BigIntegerField(null=True)),
                        ('subject_kind', models.CharField(max_length=30)),
                        ('subject_id', models.UUIDField()),
                        ('what', models.CharField(max_length=80)),
                        ('reason', models.CharField(blank=True, max_length=300)),
                        ('is_break_glass', models.BooleanField(default=False)),
                        ('session', models.CharField(blank=True, max_length=64)),
                        ('previous_hash', models.CharField(blank=True, max_length=64)),
                        ('hash', models.CharField(blank=True, max_length=64)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['subject_id', '-at'], name='foundation__subject_f7f9eb_idx'), models.Index(fields=['staff_id', '-at'], name='foundation__staff_i_1a6d2b_idx')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='BackupRecord',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('started_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('size_bytes', models.BigIntegerField(null=True)),
                        ('failure', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Installation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=10)),
                        ('made_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['demo', 'real', 'test'])), name='installation_kind'), models.CheckConstraint(condition=models.Q(('pk', 1)), name='one_installation')],
                        'indexes': [],
                    },
                ),
            ],
        ),
    ]
