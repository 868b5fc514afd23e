"""What people type about orders: what is asked for, why it is declined, and standing orders with their parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as parts_of
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.fields import DayField, PlainDecimalField
from mainstay.orders.actions import StandingProductText, StandingText
from mainstay.orders.kinds import kinds, priorities, routes, vaccine_groups
from mainstay.orders.models import Order, StandingOrder
from mainstay.orders.rules import Content
from mainstay.orders.rules_standing import Criterion, Effect
from mainstay.practice.models import Site
from mainstay.scheduling.queries import providers
from mainstay.terminology.queries import loinc_is_valid
from mainstay.workforce.models import Staff
from mainstay.workforce.queries import roles

AGE_HINT = _("6w, 18m, 65y")


class OrderForm(forms.Form):
    """What every order says beside what is ordered: why, how soon, who is asked to sign."""

    kind = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why"), max_length=240, help_text=_("Whoever signs reads it."))
    instructions = forms.CharField(
        label=_("Instructions"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    priority = forms.ChoiceField(label=_("How soon"), widget=forms.RadioSelect, initial="routine")
    for_provider: forms.ModelChoiceField[Staff] = forms.ModelChoiceField(
        label=_("Who is asked to sign"), queryset=None, required=False, empty_label=_("Any provider here")
    )
    is_instructed = forms.BooleanField(label=_("The provider told me to enter it"), required=False)
    same: ClassVar[tuple[str, ...]] = ("reason", "instructions", "priority")
    """Fields that are called as the order's columns are."""

    def __init__(
        self, *args: Any, kind: str = "vaccine", site_id: int | None, order: Order | None = None, **kwargs: Any
    ) -> None:
        first = {} if order is None else {"for_provider": order.for_provider_id, **self.content_of(order)}
        kwargs["initial"] = {"kind": kind, **first, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["kind"].required = False
        self.written_kind = kinds()[kind]
        self.fields["priority"].choices = [(p.code, p.label) for p in reversed(list(priorities().values()))]
        self.fields["for_provider"].queryset = providers.queryset(at=site_id)

    def clean(self) -> dict[str, Any]:
        """Whoever enters an order on instruction says whose."""
        typed = super().clean() or {}
        if typed.get("is_instructed") and not typed.get("for_provider"):
            self.add_error("for_provider", _("Say which provider told you."))
        return typed

    def content_of(self, order: Order) -> dict[str, object]:
        """What an order says, as first values of the fields."""
        return {name: getattr(order, name) for name in self.same}

    def content(self) -> Content:
        """What is ordered, as the action takes it."""
        raise NotImplementedError

    def people(self) -> dict[str, Staff | None]:
        """Who is asked to sign, and who spoke the order."""
        asked = self.cleaned_data["for_provider"]
        return {"for_provider": asked, "instructed_by": asked if self.cleaned_data["is_instructed"] else None}


class VaccineOrderForm(OrderForm):
    """A vaccine to be signed for: the group, or the very product by its CVX code."""

    vaccine_group = forms.ChoiceField(label=_("Vaccine"))
    cvx = forms.RegexField(
        r"^\d{2,3}$",
        label=_("CVX code"),
        required=False,
        help_text=_("Only when it has to be one product."),
        error_messages={"invalid": _("A CVX code is two or three digits.")},
    )
    dose = PlainDecimalField(label=_("Dose"), required=False, max_digits=10, decimal_places=4)
    dose_unit = forms.ChoiceField(label=_("Unit"), required=False, choices=[("", ""), ("mL", "mL")])
    route = forms.ChoiceField(label=_("Route"), required=False)
    same: ClassVar = (*OrderForm.same, "vaccine_group", "dose", "dose_unit", "route")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vaccine_group"].choices = [("", ""), *((g, g) for g in vaccine_groups())]
        self.fields["route"].choices = [("", ""), *((r, r) for r in routes())]

    def content_of(self, order: Order) -> dict[str, object]:
        """What an order of a vaccine says."""
        return super().content_of(order) | {"cvx": order.code if order.system == "cvx" else ""}

    def content(self) -> Content:
        """A vaccine, by its group or its product."""
        typed = self.cleaned_data
        group, cvx = typed["vaccine_group"], typed["cvx"]
        return Content(
            kind="vaccine",
            system="cvx" if cvx else "vaccine_group",
            code=cvx or group,
            name=str(_("%(group)s vaccine") % {"group": group}),
            **{name: typed[name] for name in self.same},
        )


class NamedOrderForm(OrderForm):
    """A test, a laboratory test or a procedure: its name in our words, and its code where somebody knows it."""

    name = forms.CharField(label=_("What is ordered"), max_length=160)
    code = forms.CharField(label=_("Code"), max_length=20, required=False)
    same: ClassVar = (*OrderForm.same, "name", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("%(system)s code, if known") % {"system": self.written_kind.systems[0].upper()}

    def clean_code(self) -> str:
        """The code, in the shape its system has."""
        code = str(self.cleaned_data["code"]).strip().upper()
        if code and self.written_kind.systems[0] == "loinc" and not loinc_is_valid(code):
            raise forms.ValidationError(_("This is no LOINC code with its check digit. Leave it empty if unsure."))
        return code

    def content(self) -> Content:
        """What was named, by its code where there is one."""
        typed = {name: self.cleaned_data[name] for name in self.same}
        system = self.written_kind.systems[0] if typed["code"] else "words"
        return Content(kind=self.written_kind.code, system=system, **typed)


def order_form(kind: str) -> type[OrderForm]:
    """The form an order of a kind is written on."""
    return VaccineOrderForm if kind == "vaccine" else NamedOrderForm


class WordsForm(forms.Form):
    """Words for the one who prepared an order."""

    words = forms.CharField(label=_("Why not"), max_length=300)


class ReasonForm(forms.Form):
    """Why something is taken back, cancelled or withdrawn."""

    reason = forms.CharField(label=_("Why"), max_length=300)


class StandingReviewForm(forms.Form):
    """A review of a standing order that stays as it is."""

    expires_on = DayField(label=_("Holds through"))
    words = forms.CharField(label=_("Remark"), max_length=300, required=False)


class StandingForm(forms.Form):
    """What a standing order says, without its lines of patients and products."""

    title = forms.CharField(label=_("Title"), max_length=120)
    vaccine_groups = forms.MultipleChoiceField(
        label=_("Vaccines it covers"), required=False, widget=forms.CheckboxSelectMultiple
    )
    roles = forms.MultipleChoiceField(label=_("Who may act on it"), widget=forms.CheckboxSelectMultiple)
    sites = forms.ModelMultipleChoiceField(
        label=_("Sites"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every site."),
    )  # fmt: skip
    starts_on = DayField(label=_("From"))
    expires_on = DayField(label=_("Through"), help_text=_("At most twelve months."))
    indication = forms.CharField(
        label=_("When it is due"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    vis = forms.CharField(label=_("Vaccine information statement"), required=False, max_length=300)
    documentation = forms.CharField(
        label=_("What is written down"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    emergency = forms.CharField(label=_("In an emergency"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, order: StandingOrder | None = None, **kwargs: Any) -> None:
        if order is not None:
            kwargs["initial"] = _standing_initial(order)
        super().__init__(*args, **kwargs)
        self.fields["vaccine_groups"].choices = [(g, g) for g in vaccine_groups()]
        clinical = (role for role in roles().values() if "orders.carry_out" in role.permissions)
        self.fields["roles"].choices = [(role.code, role.label) for role in clinical]
        self.fields["sites"].queryset = Site.objects.filter(is_open=True).order_by("name")

    def text(self, criteria: list[Criterion], products: list[StandingProductText]) -> StandingText:
        """The whole standing order, as the action takes it."""
        typed: Mapping[str, Any] = self.cleaned_data
        same = ("title", "starts_on", "expires_on", "indication", "vis", "documentation", "emergency")
        return StandingText(
            acts=("vaccine",),
            roles=tuple(typed["roles"]),
            vaccine_groups=tuple(typed["vaccine_groups"]),
            sites=tuple(typed["sites"]),
            criteria=tuple(criteria),
            products=tuple(products),
            **{name: typed[name] for name in same},
        )


def _standing_initial(order: StandingOrder) -> dict[str, object]:
    same = ("title", "vaccine_groups", "roles", "starts_on", "expires_on", "indication", "vis", "documentation")
    return {name: getattr(order, name) for name in (*same, "emergency")} | {
        "sites": [row.site_id for row in order.site_rows.all()]
    }


class CriterionForm(forms.Form):
    """One line of who is let in or kept out."""

    effect = forms.ChoiceField(
        label=_("Line"), choices=[(Effect.INCLUDE, _("lets in")), (Effect.EXCLUDE, _("keeps out"))], required=False
    )
    words = forms.CharField(label=_("In words"), max_length=300, required=False)
    least_age = forms.CharField(label=_("From age"), max_length=5, required=False, help_text=AGE_HINT)
    younger_than = forms.CharField(label=_("Younger than"), max_length=5, required=False)
    sex = forms.ChoiceField(
        label=_("Sex"), required=False, choices=[("", _("any")), ("female", _("female")), ("male", _("male"))]
    )
    condition = forms.CharField(label=_("Condition code"), max_length=12, required=False)
    question = forms.SlugField(label=_("Question code"), max_length=60, required=False)

    def criterion(self) -> Criterion | None:
        """The line, or None when nothing was typed."""
        typed = {part.name: self.cleaned_data.get(part.name, "") for part in parts_of(Criterion)}
        if not typed["words"]:
            return None
        return Criterion(**{**typed, "effect": Effect(typed["effect"] or Effect.INCLUDE)})


class ProductForm(forms.Form):
    """One product that may be given."""

    name = forms.CharField(label=_("Product"), max_length=120, required=False)
    cvx = forms.RegexField(r"^\d{2,3}$", label=_("CVX"), required=False)
    least_age = forms.CharField(label=_("From age"), max_length=5, required=False)
    younger_than = forms.CharField(label=_("Younger than"), max_length=5, required=False)
    dose = PlainDecimalField(label=_("Dose"), required=False, max_digits=8, decimal_places=4)
    dose_unit = forms.ChoiceField(label=_("Unit"), required=False, choices=[("mL", "mL"), ("", "")])
    route = forms.ChoiceField(label=_("Route"), required=False)
    body_site = forms.CharField(label=_("Body site"), max_length=80, required=False)
    needle = forms.CharField(label=_("Needle"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"].choices = [("", ""), *((r, r) for r in routes())]

    def product(self) -> StandingProductText | None:
        """The product, or None when nothing was typed."""
        typed = self.cleaned_data
        return StandingProductText(**typed) if typed.get("name") else None


CriterionForms = forms.formset_factory(CriterionForm, extra=4, max_num=40)
ProductForms = forms.formset_factory(ProductForm, extra=3, max_num=30)
