"""What is typed into the chart."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import BirthDateField, DayField

SEVERITIES = [("", _("Not known")), ("mild", _("Mild")), ("moderate", _("Moderate")), ("severe", _("Severe"))]
CATEGORIES = [("medication", _("Medicine")), ("food", _("Food")), ("environment", _("Environment"))]
KINDS = [
    ("outside_record", _("Outside record")), ("lab", _("Laboratory report")), ("imaging", _("Imaging report")),
    ("letter", _("Letter")), ("consent", _("Consent")), ("insurance", _("Insurance card")), ("id", _("Photo ID")),
    ("other", _("Other")),
]  # fmt: skip


class PhotoForm(forms.Form):
    """A photograph of the patient."""

    photo = forms.FileField(
        label=_("Photograph"),
        help_text=_("On a tablet or phone this opens the camera."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp", "capture": "user"}),
    )


class ProblemForm(forms.Form):
    """A problem in everyday words or by its code."""

    text = forms.CharField(label=_("Problem"), max_length=240)
    code = forms.CharField(label=_("ICD-10-CM code"), required=False, max_length=12)
    onset = DayField(label=_("Since"), required=False, prefer="past")


class AllergyForm(forms.Form):
    """A new allergy."""

    substance = forms.CharField(label=_("Allergic to"), max_length=120)
    reaction = forms.CharField(label=_("What happens"), required=False, max_length=160)
    severity = forms.ChoiceField(label=_("How bad"), choices=SEVERITIES, required=False)
    category = forms.ChoiceField(label=_("Kind"), choices=CATEGORIES)


class MedicationForm(forms.Form):
    """A medicine the patient takes."""

    name = forms.CharField(label=_("Medicine"), max_length=200)
    dose = forms.CharField(label=_("Dose"), required=False, max_length=80)
    frequency = forms.CharField(label=_("How often"), required=False, max_length=80)
    prescriber = forms.CharField(label=_("Prescribed by"), required=False, max_length=120)
    is_over_the_counter = forms.BooleanField(label=_("Bought without a prescription"), required=False)


class FamilyForm(forms.Form):
    """A condition of a relative."""

    relation = forms.CharField(label=_("Relative"), max_length=40)
    condition = forms.CharField(label=_("Condition"), max_length=160)
    age_at_onset = forms.IntegerField(label=_("Age when it began"), required=False, min_value=0, max_value=120)


class SurgeryForm(forms.Form):
    """An operation somebody had."""

    procedure = forms.CharField(label=_("Operation"), max_length=240)
    performed_text = forms.CharField(label=_("When"), required=False, max_length=60)
    place = forms.CharField(label=_("Where"), required=False, max_length=160)


class SocialForm(forms.Form):
    """A fact of somebody's life."""

    topic = forms.ChoiceField(
        label=_("About"),
        choices=[("tobacco", _("Tobacco")), ("alcohol", _("Alcohol")), ("work", _("Work")), ("home", _("Home"))],
    )
    answer = forms.CharField(label=_("Answer"), max_length=240)


class StrikeForm(forms.Form):
    """Why an entry comes off a list."""

    reason = forms.CharField(label=_("Why"), max_length=300)


class DocumentForm(forms.Form):
    """A paper, with the two keys read off the paper itself."""

    file = forms.FileField(label=_("File (PDF, PNG, JPEG, TIFF; up to 25 MB)"))
    kind = forms.ChoiceField(label=_("What it is"), choices=KINDS)
    title = forms.CharField(label=_("Title"), max_length=160)
    dated = DayField(label=_("Date of service"), prefer="past")
    author = forms.CharField(label=_("From"), required=False, max_length=120)
    family_name = forms.CharField(label=_("Family name on the paper"), max_length=80)
    birth_date = BirthDateField(label=_("Birth date on the paper"))
