"""What a form says of what is missing or wrong: our words, in the language of the page, and nothing typed lost."""

from __future__ import annotations

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

from mainstay.foundation.components.forms import problems
from mainstay.foundation.fields import BirthDateField, ClockField, DayField

SIDES = [("l", "Left"), ("r", "Right")]
OF_FIELDS = [
    (forms.CharField(), "", "Fill this in.", "Complete esto."),
    (forms.CharField(), "   ", "Fill this in.", "Complete esto."),
    (forms.CharField(max_length=3), "heavy", "too long: it has 5 characters", "tiene 5 caracteres y caben 3"),
    (forms.CharField(min_length=9), "heavy", "takes at least 9", "necesita al menos 9"),
    (forms.ChoiceField(choices=SIDES), "", "Choose one.", "Escoja uno."),
    (forms.ChoiceField(choices=SIDES), "up", "not offered here any more. Choose again.", "Escoja otra vez."),
    (forms.MultipleChoiceField(choices=SIDES), [], "Choose at least one.", "Escoja al menos uno."),
    (forms.MultipleChoiceField(choices=SIDES), ["up"], "Choose again.", "Escoja otra vez."),
    (forms.BooleanField(), "", "Tick this to go on.", "Marque esto para seguir."),
    (forms.IntegerField(), "", "Type a whole number", "Escriba un número entero"),
    (forms.IntegerField(), "1.5", "Type a whole number: digits only.", "Escriba un número entero: solo cifras."),
    (forms.IntegerField(max_value=9), "12", "The most this can be is 9.", "Lo más que puede ser es 9."),
    (forms.IntegerField(min_value=9), "1", "The least this can be is 9.", "Lo menos que puede ser es 9."),
    (forms.DecimalField(), "heavy", "Type a number, as 12.5.", "Escriba un número, como 12.5."),
    (forms.DecimalField(max_digits=2), "123", "Too many digits: 2 at most.", "Demasiadas cifras: 2 como máximo."),
    (forms.DecimalField(decimal_places=1), "1.23", "after the point: 1 at most.", "después del punto: 1"),
    (forms.EmailField(), "ana at home", "as name@example.org.", "como nombre@example.org."),
    (forms.SlugField(), "two words", "no spaces", "sin espacios"),
    (forms.RegexField(r"^\d+$"), "x", "This cannot be read.", "Esto no se puede leer."),
    (forms.UUIDField(), "x", "names nothing that is here", "no nombra nada"),
    (DayField(), "", "Type a day, as 3/5/2027.", "Escriba una fecha: mes, día y año"),
    (DayField(), "soonish", "“soonish” is not a date we can read", "No podemos usar “soonish”. Escriba una fecha:"),
    (BirthDateField(), "3/5", "Type the year of birth too", "No podemos usar “3/5”. Escriba la fecha de nacimiento"),
    (BirthDateField(), "", "Type the date of birth", "Escriba la fecha de nacimiento"),
    (ClockField(), "", "Type a time, as 9:30 am.", "Escriba una hora"),
    (ClockField(), "noonish", "noonish", "No podemos usar “noonish”. Escriba una hora"),
]


def form_with(field: forms.Field, typed: object, files: dict[str, object] | None = None) -> forms.Form:
    kind = type("OneField", (forms.Form,), {"asked": field})
    return kind({"asked": typed}, files)


@pytest.mark.parametrize(("field", "typed", "english", "spanish"), OF_FIELDS)
def test_what_is_missing_or_wrong_is_said_in_our_words_in_both_languages(field, typed, english, spanish):
    form = form_with(field, typed)
    assert english in str(form.errors["asked"])
    with override("es"):
        assert spanish in str(form.errors["asked"]) or spanish in str(form_with(field, typed).errors["asked"])
    assert form["asked"].value() in (typed, False)


def test_a_file_that_is_missing_or_empty_is_asked_for_again():
    assert "Choose a file." in str(form_with(forms.FileField(), "").errors["asked"])
    empty = form_with(forms.FileField(), "", {"asked": SimpleUploadedFile("a.csv", b"")})
    assert "There is nothing in this file." in str(empty.errors["asked"])
    long = form_with(forms.FileField(max_length=9), "", {"asked": SimpleUploadedFile("appointments.csv", b"x")})
    assert "too long: 16 characters, and there is room for 9." in str(long.errors["asked"])


def test_the_summary_names_the_field_as_its_label_does():
    form = form_with(DayField(label="Last day"), "")
    assert [one.message for one in problems(form)] == ["Last day: Type a day, as 3/5/2027."]


def test_too_many_and_too_few_forms_of_a_set_and_a_set_cut_short_are_said():
    made = forms.formset_factory(forms.Form, max_num=1, min_num=1, validate_max=True, validate_min=True)
    counted = {"form-INITIAL_FORMS": "0"}
    assert made(counted | {"form-TOTAL_FORMS": "2"}).non_form_errors() == ["These are too many: 1 at most."]
    assert made(counted | {"form-TOTAL_FORMS": "0"}).non_form_errors() == ["These are too few: at least 1."]
    assert "did not arrive" in str(forms.formset_factory(forms.Form)({}).non_form_errors())
