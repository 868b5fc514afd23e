"""The controls drawn in Python are the ones Django's own templates draw."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from mainstay.foundation.components.controls import DRAWN
from mainstay.foundation.components.forms import ClinicRenderer

AWKWARD = '<b>"O\'Neil" & sons</b>\n'
CHOICES = [("", "–"), ("a", AWKWARD), ("Group", [("b", "Bee"), (3, "Three")])]
FIELDS = {
    "text": forms.CharField(required=True, max_length=9),
    "empty": forms.CharField(required=False),
    "email": forms.EmailField(),
    "date": forms.DateField(widget=forms.DateInput(attrs={"data-x": 5, "hidden": False, "autofocus": True})),
    "secret": forms.CharField(widget=forms.PasswordInput),
    "hidden": forms.CharField(widget=forms.HiddenInput),
    "box": forms.BooleanField(),
    "one": forms.ChoiceField(choices=CHOICES),
    "many": forms.MultipleChoiceField(choices=CHOICES),
    "radio": forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect(attrs={"class": "wide"})),
    "boxes": forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple),
    "area": forms.CharField(widget=forms.Textarea),
}
TYPED = {"text": AWKWARD, "email": "a@b", "date": "3/5", "box": "on", "one": "3", "many": ["a", "b"], "area": AWKWARD}
TYPED |= {"radio": "b", "boxes": ["a", "3"]}


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("typed", [{}, TYPED])
def test_a_control_is_the_one_django_draws(name, typed):
    widget = FIELDS[name].widget
    attributes = {"id": "id_x", "required": True, "disabled": False}
    template = widget.get_context(name, typed.get(name), attributes)["widget"]["template_name"]
    ours = widget.render(name, typed.get(name), attributes, renderer=ClinicRenderer())
    theirs = widget.render(name, typed.get(name), attributes, renderer=DjangoTemplates())
    assert template in DRAWN
    assert parse_html(ours) == parse_html(theirs)


def test_a_number_is_text_with_a_number_pad():
    drawn = forms.NumberInput(attrs={"min": 0, "step": 1}).render("n", "12O", renderer=ClinicRenderer())
    assert drawn == '<input type="text" name="n" value="12O" inputmode="decimal">'
