"""The style page: every component once, with invented people. Shown on the demo clinic only."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mainstay.foundation import clock
from mainstay.foundation.components.frame import (
    Alert,
    Allergies,
    Frame,
    NavigationItem,
    ParkedDraft,
    PatientBanner,
    Person,
    SiteChoice,
    Undo,
)
from mainstay.foundation.components.showcase_day import day_context, wall_context
from mainstay.foundation.decisions import Decision, Outcome, no
from mainstay.foundation.fields import DayField
from mainstay.foundation.findings import Finding, Severity

PLACES = (
    ("board", "Board", 7),
    ("schedule", "Schedule", 0),
    ("patients", "Patients", 0),
    ("work", "Work", 12),
    ("messages", "Messages", 4),
    ("orders", "Orders & Results", 2),
    ("money", "Money", 0),
    ("stock", "Stock & Logs", 1),
    ("insights", "Insights", 0),
)


class IntakeForm(forms.Form):
    """A little of everything a form may hold."""

    reason = forms.CharField(label="Reason for visit", help_text="In the patient's own words.")
    weight = forms.DecimalField(label="Weight")
    when = DayField(label="Follow-up", help_text="As you say it: +6w, next tue, 3/5.")
    side = forms.ChoiceField(
        label="Arm", choices=[("l", "Left"), ("r", "Right"), ("n", "Could not measure")], widget=forms.RadioSelect
    )
    interpreter = forms.ChoiceField(
        label="Interpreter", choices=[("", "Choose"), ("es", "Spanish"), ("vi", "Vietnamese")], required=False
    )
    note = forms.CharField(label="Note for the provider", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    fasting = forms.BooleanField(label="Patient is fasting", required=False)


def refused_form() -> IntakeForm:
    """The same form after a refusal."""
    typed = {"reason": "Cough for 3 days", "weight": "eighty", "when": "31 feb", "side": ""}
    form = IntakeForm({f"refused-{name}": value for name, value in typed.items()}, prefix="refused")
    form.is_valid()
    return form


def sample_banner() -> PatientBanner:
    """A patient with a full banner."""
    return PatientBanner(
        name="Rosa Delgado",
        legal_name="Rosalinda Delgado Vega",
        url="#banner",
        hue=4,
        birth_date=date(1984, 3, 5),
        mrn="100 234",
        pronouns="she/her",
        sex="Female",
        phone="(555) 014-2277",
        allergies=Allergies("known", ("Penicillin (hives)", "Latex")),
        needs=("Interpreter: Spanish", "Fear of needles"),
        alerts=(Alert("confirm", "Fall risk"), Alert("told", "Proxy: Elena Vega, until 2028")),
        coverage="Active",
        coverage_kind="fine",
        balance="$35.00",
        links=(
            NavigationItem("summary", "Summary", "#banner", current=True),
            NavigationItem("visits", "Visits", "#banner"),
            NavigationItem("results", "Results", "#banner", count=2),
            NavigationItem("immunizations", "Immunizations", "#banner"),
            NavigationItem("documents", "Documents", "#banner"),
        ),
    )


def style_context() -> dict[str, object]:
    """Everything the style page draws, relative to this moment."""
    now = clock.now()
    places = [NavigationItem(key, label, f"#{key}", count=n, current=key == "board") for key, label, n in PLACES]
    return {
        "page_title": "Style page",
        "navigation": [*places, NavigationItem("admin", "Admin", "#admin", foot=True)],
        "frame": Frame(
            person=Person("Dana Whitfield", "CMA (AAMA)"),
            sites=(SiteChoice(1, "Harbor Street", True), SiteChoice(2, "Mill Road")),
            environment="Demo",
            last_backup=now - timedelta(hours=9),
            parked=(ParkedDraft("Vitals, Theo Brandt", "#parked"),),
            undo=Undo("Rosa Delgado moved to Room 4", "#undo", now + timedelta(seconds=58)),
        ),
        "banner": sample_banner(),
        "banner_unasked": PatientBanner(
            name="Theo Brandt",
            url="#banner",
            hue=9,
            birth_date=date(now.year - 2, 8, 14),
            mrn="100 871",
            allergies=Allergies("not_asked"),
            coverage="Not checked",
            coverage_kind="confirm",
        ),  # fmt: skip
        "banner_none": PatientBanner(
            name="Alex Okafor",
            url="#banner",
            hue=8,
            birth_date=date(1951, 11, 30),
            mrn="100 016",
            pronouns="they/them",
            allergies=Allergies("none", (), date(now.year, 5, 3), "DW"),
            needs=("Hard of hearing: left side",),
        ),  # fmt: skip
        "form": IntakeForm(),
        "refused": refused_form(),
        "not_yours": no(
            "Your CMA (AAMA) expired on 1 March.",
            citation="42 CFR 493.1423",
            who_could=("Ana Ruiz, RN", "Lee Tran, RMA"),
        ),
        "ask": Decision(Outcome.ASK, "IV access is for a nurse here.", who_could=("Ana Ruiz, RN",)),
        "conditional": Decision(Outcome.ALLOW_WITH_CONDITIONS, conditions=("Only while a provider is on site.",)),
        "stop": Finding(Severity.STOP, "wrong-patient", "", "This label belongs to Theo Brandt, born 08/14/2025."),
        "confirm": Finding(Severity.CONFIRM, "too-early", "", "Tdap was given 11 weeks ago; the interval is 10 years."),
        "told": Finding(Severity.ALERT, "bp-high", "", "Dr. Okoye is told: blood pressure 186/112, repeated."),
        "reasons": ("Provider agreed, by phone", "Wound, and last dose over 5 years ago", "Record was wrong"),
        "minutes": [now - timedelta(minutes=m) for m in (4, 17, 41, 155)],
        "observing": now + timedelta(minutes=11, seconds=20),
        "now": now,
        "page": Paginator(range(140), 20).page(3),
        **day_context(),
        "facts": [
            ("Preferred pharmacy", "Harbor Drugs, 12 Main St"),
            ("Phone", "(555) 014-2277"),
            ("Emergency contact", ""),
        ],
        "figures": [("Rooms ready", "6 of 14"), ("Waiting", "5"), ("Longest wait", "41 min"), ("Seen today", "23")],
        "chips": [("stop", "Penicillin"), ("confirm", "Form missing"), ("told", "Provider told"), ("fine", "Checked")],
    }


def style_page(request: HttpRequest) -> HttpResponse:
    """Every component on one page, to look at and to test."""
    return render(request, "foundation/style.html", style_context())


def wall_page(request: HttpRequest) -> HttpResponse:
    """The wall screen of the invented clinic."""
    return render(request, "foundation/style_wall.html", wall_context())
