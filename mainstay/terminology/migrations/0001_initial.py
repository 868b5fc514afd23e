import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
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
                    name='CodeTable',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('system', models.CharField(max_length=16, unique=True)),
                        ('edition', models.CharField(max_length=32)),
                        ('content_sha256', models.CharField(max_length=64)),
                        ('row_count', models.PositiveIntegerField()),
                        ('loaded_at', models.DateTimeField()),
                    ],
                    options={
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Concept',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('system', models.CharField(max_length=16)),
                        ('code', models.CharField(max_length=16)),
                        ('display', models.TextField()),
                        ('terms', models.TextField(blank=True)),
                        ('status', models.CharField(default='active', max_length=16)),
                        ('is_billable', models.BooleanField()),
                        ('valid_from', models.DateField(null=True)),
                        ('valid_to', models.DateField(null=True)),
                        ('standing', models.SmallIntegerField(default=0)),
                        ('search', django.contrib.postgres.search.SearchVectorField(null=True)),
                    ],
                    options={
                        'indexes': [django.contrib.postgres.indexes.GinIndex(condition=models.Q(('standing__lt', 60)), fields=['search'], name='concept_search_likely'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('standing__gte', 60)), fields=['search'], name='concept_search_unlikely'), models.Index(models.F('system'), django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('code'), 'text_pattern_ops'), name='concept_code_prefix')],
                        'constraints': [models.UniqueConstraint(fields=('system', 'code'), name='concept_code_once_per_system'), models.CheckConstraint(condition=models.Q(('system__in', ['icd10cm', 'cvx', 'mvx', 'pos', 'loinc'])), name='concept_system_known'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_from__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='concept_valid_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Synonym',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('term', models.CharField(max_length=120)),
                        ('language', models.CharField(max_length=2)),
                        ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=60), size=None)),
                        ('concept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='synonyms', to='terminology.concept')),
                        ('place', models.PositiveSmallIntegerField(default=1)),
                    ],
                    options={
                        'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], name='synonym_words')],
                        'constraints': [models.UniqueConstraint(fields=('term', 'language', 'concept'), name='synonym_once_per_concept')],
                    },
                ),
                migrations.CreateModel(
                    name='Word',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('word', models.CharField(max_length=60, unique=True)),
                        ('uses', models.PositiveIntegerField()),
                    ],
                    options={
                        'indexes': [models.Index(django.contrib.postgres.indexes.OpClass(models.F('word'), 'text_pattern_ops'), name='word_prefix')],
                        'constraints': [],
                    },
                ),
            ],
        ),
    ]
