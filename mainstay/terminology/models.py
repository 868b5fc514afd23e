"""Code tables as they were loaded: concepts, their everyday names, and the words they are made of."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from mainstay.foundation.constraints import one_of
from mainstay.terminology.codes import CodeSystem


class CodeTable(models.Model):
    """One table of one code system as it was last loaded; loading it again is skipped while the hash is the same."""

    system = models.CharField(max_length=16, unique=True)
    edition = models.CharField(max_length=32)
    content_sha256 = models.CharField(max_length=64)
    row_count = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.system} {self.edition}"


class Concept(models.Model):
    """One code of one system with its official wording.

    `valid_from` is None when the code is older than the first edition loaded here; `valid_to` is the
    last day it may be used, None while it is current. `terms` holds other official wordings, `standing`
    orders search results (lower is likelier in primary care), `search` is made when the table is loaded.
    """

    system = models.CharField(max_length=16)
    code = models.CharField(max_length=16)
    display = models.TextField()
    terms = models.TextField(blank=True)
    status = models.CharField(max_length=16, default="active")
    is_billable = models.BooleanField()
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    standing = models.SmallIntegerField(default=0)
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="concept_code_once_per_system"),
            one_of("system", CodeSystem, name="concept_system_known"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="concept_valid_in_order",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="concept_search_likely", condition=Q(standing__lt=60)),
            GinIndex(fields=["search"], name="concept_search_unlikely", condition=Q(standing__gte=60)),
            models.Index(F("system"), OpClass(Upper("code"), "text_pattern_ops"), name="concept_code_prefix"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.display}"


class Synonym(models.Model):
    """What patients and staff call a concept ("heart attack"), in one language.

    `words` are the telling words of the term, plain and singular. `place` is 1 for the concept meant most
    often, 2 and up for the next ones.
    """

    term = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    words = ArrayField(models.CharField(max_length=60))
    concept = models.ForeignKey(Concept, on_delete=models.PROTECT, related_name="synonyms")
    place = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "language", "concept"], name="synonym_once_per_concept"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="synonym_words"),
        ]

    def __str__(self) -> str:
        return self.term


class Word(models.Model):
    """One word of a diagnosis wording or a synonym, to put typing errors right. `uses` counts how often it is found."""

    word = models.CharField(max_length=60, unique=True)
    uses = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(OpClass(F("word"), "text_pattern_ops"), name="word_prefix"),
        ]

    def __str__(self) -> str:
        return self.word
