"""No form of the program says one of Django's own sentences: whatever is missing or wrong is said in our words."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.urls import get_resolver

DJANGO = (
    "This field is required", "Select a valid", "Enter a", "Ensure ", "No file was submitted", "The submitted file",
    "Upload a valid", "Please ", "Null characters", "“%(pk)s”", "ManagementForm",
)  # fmt: skip


def kinds_of_form(base: type[forms.BaseForm] = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    for kind in base.__subclasses__():
        if kind.__module__.startswith("mainstay."):
            yield kind
        yield from kinds_of_form(kind)


def said_by(field: forms.Field) -> dict[str, str]:
    """What a field may say, by the code of what is wrong: its own sentences, and those of its validators."""
    said = {code: str(words) for code, words in field.error_messages.items()}
    for check in field.validators:
        one = {check.code: check.message} if hasattr(check, "message") else getattr(check, "messages", {})
        said = {code: str(words) for code, words in one.items()} | said
    return said


def test_no_field_of_any_form_says_one_of_djangos_sentences():
    assert get_resolver().url_patterns
    every = set(kinds_of_form())
    wrong = {
        f"{kind.__name__}.{name}: {words}"
        for kind in every
        for name, field in kind.base_fields.items()
        for words in said_by(field).values()
        if words.startswith(DJANGO)
    }
    assert len(every) > 150 and wrong == set()
