import django.db.models.deletion
import mainstay.foundation.clock
import mainstay.foundation.migrating
import mainstay.interop.fhir.exact
import mainstay.interop.lifecycle
import mainstay.interop.models.partners
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('foundation', '0001_extensions'),
        ('people', '0001_initial'),
        ('pghistory', '__first__'),
        ('practice', '0001_initial'),
        ('workforce', '0001_initial'),
    ]

    operations = [
        mainstay.foundation.migrating.CreateTables(
            tables=[
                migrations.CreateModel(
                    name='InboundMessage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('sender', models.CharField(blank=True, max_length=160)),
                        ('control_id', models.CharField(blank=True, max_length=199)),
                        ('kind', models.CharField(blank=True, max_length=20)),
                        ('body', models.BinaryField()),
                        ('sha256', models.CharField(max_length=64)),
                        ('peer', models.CharField(blank=True, max_length=60)),
                        ('received_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('repair_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repairs', to='interop.inboundmessage')),
                        ('repaired_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['-received_at'], name='interop_inb_receive_51aaf1_idx')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('repair_of__isnull', True)), fields=('sender', 'control_id', 'sha256'), name='inbound_once')],
                    },
                ),
                migrations.CreateModel(
                    name='InboundOutcome',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='interop.inboundmessage')),
                        ('code', models.CharField(max_length=2)),
                        ('answer', models.BinaryField()),
                        ('place', models.CharField(blank=True, max_length=40)),
                        ('words', models.CharField(blank=True, max_length=300)),
                        ('patient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='messages_received', to='people.patient')),
                        ('at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('is_dismissed', models.BooleanField(default=False)),
                    ],
                    options={
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(fields=('message', 'is_dismissed'), name='inbound_outcome_once'), models.CheckConstraint(condition=models.Q(('code__in', ['AA', 'AE', 'AR'])), name='inbound_code_exists')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='RegistryConnection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('site', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='registry', to='practice.site')),
                        ('name', models.CharField(max_length=80)),
                        ('host', models.CharField(max_length=120)),
                        ('port', models.PositiveIntegerField()),
                        ('uses_tls', models.BooleanField(default=True)),
                        ('ca_file', models.CharField(blank=True, max_length=240)),
                        ('certificate_file', models.CharField(blank=True, max_length=240)),
                        ('key_file', models.CharField(blank=True, max_length=240)),
                        ('sealed_passphrase', models.TextField(blank=True)),
                        ('sender', models.CharField(default='MAINSTAY', max_length=60)),
                        ('facility', models.CharField(max_length=60)),
                        ('registry', models.CharField(blank=True, max_length=60)),
                        ('registry_facility', models.CharField(blank=True, max_length=60)),
                        ('authority', models.CharField(max_length=60)),
                        ('processing', models.CharField(default=mainstay.interop.models.partners.Processing['TEST'], max_length=1)),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('processing__in', ['P', 'T'])), name='registry_processing_exists'), models.CheckConstraint(condition=models.Q(('port__gte', 1), ('port__lte', 65535)), name='registry_port_exists'), models.CheckConstraint(condition=models.Q(('uses_tls', True), ('host__in', ['127.0.0.1', '::1', 'localhost']), _connector='OR'), name='registry_plain_only_on_loopback')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='RegistryConnectionEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='interop.registryconnection')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('site', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.site')),
                        ('name', models.CharField(max_length=80)),
                        ('host', models.CharField(max_length=120)),
                        ('port', models.PositiveIntegerField()),
                        ('uses_tls', models.BooleanField(default=True)),
                        ('ca_file', models.CharField(blank=True, max_length=240)),
                        ('certificate_file', models.CharField(blank=True, max_length=240)),
                        ('key_file', models.CharField(blank=True, max_length=240)),
                        ('sender', models.CharField(default='MAINSTAY', max_length=60)),
                        ('facility', models.CharField(max_length=60)),
                        ('registry', models.CharField(blank=True, max_length=60)),
                        ('registry_facility', models.CharField(blank=True, max_length=60)),
                        ('authority', models.CharField(max_length=60)),
                        ('processing', models.CharField(default=mainstay.interop.models.partners.Processing['TEST'], max_length=1)),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='OutboundMessage',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('connection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='interop.registryconnection')),
                        ('purpose', models.CharField(max_length=10)),
                        ('kind', models.CharField(max_length=12)),
                        ('control_id', models.CharField(max_length=40, unique=True)),
                        ('body', models.BinaryField()),
                        ('patient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='registry_messages', to='people.patient')),
                        ('dose_ref', models.UUIDField(blank=True, null=True)),
                        ('action', models.CharField(blank=True, max_length=1)),
                        ('what', models.CharField(blank=True, max_length=160)),
                        ('repair_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='repairs', to='interop.outboundmessage')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('state', models.CharField(default=mainstay.interop.lifecycle.OutboundState['QUEUED'], max_length=12)),
                        ('attempts', models.PositiveIntegerField(default=0)),
                        ('next_try_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('sent_at', models.DateTimeField(blank=True, null=True)),
                        ('trouble', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['state', 'next_try_at'], name='interop_out_state_1c7932_idx'), models.Index(fields=['patient', '-created_at'], name='interop_out_patient_706617_idx'), models.Index(fields=['dose_ref'], name='interop_out_dose_re_9f18ef_idx')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['queued', 'sent', 'accepted', 'warned', 'answered', 'rejected', 'replaced', 'withdrawn'])), name='outbound_state_exists'), models.CheckConstraint(condition=models.Q(('purpose__in', ['report', 'query'])), name='outbound_purpose_exists')],
                    },
                ),
                migrations.CreateModel(
                    name='OutboundStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40)),
                        ('source', models.CharField(blank=True, max_length=30)),
                        ('target', models.CharField(max_length=30)),
                        ('at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reason', models.CharField(blank=True, max_length=300)),
                        ('is_undo', models.BooleanField(default=False)),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='interop.outboundmessage')),
                    ],
                    options={
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('is_undo', False), ('source', ''), ('target', 'queued')), models.Q(('is_undo', False), ('source', 'queued'), ('target', 'sent')), models.Q(('is_undo', True), ('source', 'sent'), ('target', 'queued')), models.Q(('is_undo', False), ('source', 'queued'), ('target', 'withdrawn')), models.Q(('is_undo', True), ('source', 'withdrawn'), ('target', 'queued')), models.Q(('is_undo', False), ('source', 'rejected'), ('target', 'replaced')), models.Q(('is_undo', True), ('source', 'replaced'), ('target', 'rejected')), models.Q(('is_undo', False), ('source', 'rejected'), ('target', 'withdrawn')), models.Q(('is_undo', True), ('source', 'withdrawn'), ('target', 'rejected')), models.Q(('is_undo', False), ('source', 'sent'), ('target', 'accepted')), models.Q(('is_undo', True), ('source', 'accepted'), ('target', 'sent')), models.Q(('is_undo', False), ('source', 'sent'), ('target', 'answered')), models.Q(('is_undo', True), ('source', 'answered'), ('target', 'sent')), models.Q(('is_undo', False), ('source', 'sent'), ('target', 'queued')), models.Q(('is_undo', True), ('source', 'queued'), ('target', 'sent')), models.Q(('is_undo', False), ('source', 'sent'), ('target', 'rejected')), models.Q(('is_undo', True), ('source', 'rejected'), ('target', 'sent')), models.Q(('is_undo', False), ('source', 'sent'), ('target', 'warned')), models.Q(('is_undo', True), ('source', 'warned'), ('target', 'sent')), _connector='OR'), name='outbound_step_is_legal')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='OutboundReply',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='interop.outboundmessage')),
                        ('body', models.BinaryField()),
                        ('code', models.CharField(blank=True, max_length=2)),
                        ('received_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                    ],
                    options={
                        'ordering': ['pk'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
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
                        ('body', models.JSONField(decoder=mainstay.interop.fhir.exact.ExactDecoder, encoder=mainstay.interop.fhir.exact.ExactEncoder)),
                        ('disposition', models.CharField(max_length=10)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('mapped_table', models.CharField(blank=True, max_length=60)),
                        ('mapped_id', models.BigIntegerField(null=True)),
                        ('received_at', models.DateTimeField(default=mainstay.foundation.clock.now)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['patient', 'kind'], name='interop_ext_patient_2fcade_idx')],
                        'constraints': [models.UniqueConstraint(fields=('source', 'kind', 'foreign_id', 'version'), name='resource_version_once'), models.CheckConstraint(condition=models.Q(('disposition__in', ['mapped', 'kept', 'refused'])), name='disposition_exists')],
                    },
                ),
                migrations.CreateModel(
                    name='EncounterElsewhere',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='encounters_elsewhere', to='people.patient')),
                        ('kind', models.CharField(blank=True, max_length=20)),
                        ('status', models.CharField(max_length=20)),
                        ('what', models.CharField(blank=True, max_length=240)),
                        ('reason', models.CharField(blank=True, max_length=240)),
                        ('started_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('place', models.CharField(blank=True, max_length=160)),
                        ('clinician', models.CharField(blank=True, max_length=120)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['patient', '-started_at'], name='interop_enc_patient_3e7676_idx')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('ended_at__gte', models.F('started_at')), _connector='OR'), name='encounter_ends_after_start')],
                    },
                ),
                migrations.CreateModel(
                    name='EncounterElsewhereEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='interop.encounterelsewhere')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('created_at', models.DateTimeField(default=mainstay.foundation.clock.now, editable=False)),
                        ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='people.patient')),
                        ('kind', models.CharField(blank=True, max_length=20)),
                        ('status', models.CharField(max_length=20)),
                        ('what', models.CharField(blank=True, max_length=240)),
                        ('reason', models.CharField(blank=True, max_length=240)),
                        ('started_at', models.DateTimeField()),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('place', models.CharField(blank=True, max_length=160)),
                        ('clinician', models.CharField(blank=True, max_length=120)),
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
