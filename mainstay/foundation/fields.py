"""Form fields that read what people type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from mainstay.foundation import clock, dates
from mainstay.foundation.compiled import Compiled
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.npi import read_npi
from mainstay.foundation.sentences import A_BIRTH_DATE, A_DAY, A_TIME, speaks_spanish


def offer(
    field: forms.Field,
    asked: Compiled[[], Any],
    shown: Iterable[Any] | None = None,
    *,
    apart: tuple[Any, Sequence[Any]] = ("", ()),
) -> None:
    """Let a choice offer the rows of a compiled query, or those `shown` of them; what is chosen is looked up in it.

    `apart` are further rows beneath a heading of their own.
    """
    choice = cast("forms.ModelChoiceField[Any]", field)
    choice.queryset = asked.queryset()
    nothing = [] if choice.empty_label is None else [("", choice.empty_label)]

    def named(row: Any) -> tuple[Any, str]:
        return choice.prepare_value(row), choice.label_from_instance(row)

    rows = asked() if shown is None else shown
    heading, others = apart
    choice.choices = nothing + [named(row) for row in rows] + ([(heading, [*map(named, others)])] if others else [])


def is_number(typed: str) -> bool:
    """Whether an address or a hidden field names a row by a number: plain digits, few enough for one."""
    return typed.isascii() and typed.isdigit() and len(typed) < 19


def unreadable(field: forms.Field, typed: object, error: InvalidInput) -> ValidationError:
    """What is wrong with a day or a time as typed, and how one is written; in Spanish on a page in Spanish."""
    spanish = f"No podemos usar “{str(typed).strip()}”. {field.error_messages['invalid']}"
    return ValidationError(spanish if speaks_spanish() else error.message, code="invalid")


class DayField(forms.Field):
    """A day as people type it (`tom`, `+6w`, `3/5`), read in the site's zone and shown one way."""

    widget = forms.TextInput
    default_error_messages: ClassVar = {"required": A_DAY, "invalid": A_DAY}

    def __init__(self, *, prefer: dates.Lean = "future", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.prefer = prefer

    def to_python(self, value: Any) -> date | None:
        """The day, or None for nothing; a clear sentence for what cannot be read."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return dates.read_date(str(value), today=timezone.localdate(clock.now()), prefer=self.prefer)
        except InvalidInput as error:
            raise unreadable(self, value, error) from None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%m/%d/%Y}" if isinstance(value, date) else value


class BirthDateField(DayField):
    """A birth date: two-digit years are past, and never after today."""

    default_error_messages: ClassVar = {"required": A_BIRTH_DATE, "invalid": A_BIRTH_DATE}

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return dates.read_birth_date(str(value), today=timezone.localdate(clock.now()))
        except InvalidInput as error:
            raise unreadable(self, value, error) from None


class PlainDecimalField(forms.DecimalField):
    """A number shown without the noughts its column keeps: 0.5000 reads 0.5."""

    def prepare_value(self, value: Any) -> Any:
        """The number as it is read aloud; what was typed stays as it was typed."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


class NpiField(forms.CharField):
    """A provider number, never required; spaces and hyphens are dropped, the check digit is checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=15, **kwargs)

    def clean(self, value: Any) -> str:
        """The ten digits, or a sentence about what is wrong with them."""
        try:
            return read_npi(super().clean(value))
        except InvalidInput as error:
            raise ValidationError(error.message) from None


class ClockField(forms.Field):
    """A time of day as people type it: `230p`, `14:30`, `9`."""

    widget = forms.TextInput
    default_error_messages: ClassVar = {"required": A_TIME, "invalid": A_TIME}

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, time):
            return value
        try:
            return dates.read_time(str(value))
        except InvalidInput as error:
            raise unreadable(self, value, error) from None

    def prepare_value(self, value: Any) -> Any:
        return dates.spell_time(value) if isinstance(value, time) else value
