"""What people type about time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mainstay.foundation.actor import Actor
from mainstay.foundation.clock import is_on_the_wall
from mainstay.foundation.decisions import YES, Decision
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.fields import ClockField, DayField, offer
from mainstay.foundation.findings import Confirmations
from mainstay.messages.models import Call
from mainstay.people.models import Patient
from mainstay.practice.models import Site, VisitType
from mainstay.practice.queries import open_sites
from mainstay.scheduling import queries
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.desk import Asked
from mainstay.scheduling.actions.templates import Pattern
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.permissions import BOOK_OTHER_AGE

WEEKDAYS = [
    ("0", _("Mon")),
    ("1", _("Tue")),
    ("2", _("Wed")),
    ("3", _("Thu")),
    ("4", _("Fri")),
    ("5", _("Sat")),
    ("6", _("Sun")),
]
PARTS = {
    "any": (None, None),
    "early": (None, time(10)),
    "morning": (None, time(12)),
    "afternoon": (time(12), time(17)),
    "after_school": (time(15), None),
    "evening": (time(17), None),
}
PART_NAMES = [
    ("any", _("Any time of day")),
    ("early", _("Before 10")),
    ("morning", _("Morning")),
    ("afternoon", _("Afternoon")),
    ("after_school", _("From 3 pm")),
    ("evening", _("After 5 pm")),
]
HOW = [("phone", _("Phone")), ("desk", _("At the desk")), ("portal", _("Portal")), ("outreach", _("We called"))]
NO_REASON = _("Write why they come, in their own words.")
URGENCY = [("R3", _("Today or tomorrow")), ("R4", _("This week")), ("R5", _("Whenever there is room"))]


def offer_kinds(field: forms.Field, *, actor: Actor, patient: Patient, may_other: Decision) -> None:
    """Offer the kinds of visit for somebody's age now or soon; the others apart, for whoever may choose them."""
    fit, others = queries.kinds_for(actor, patient, ahead=queries.HORIZON_DAYS)
    offer(field, queries.offered_visit_types, fit, apart=(_("For other ages"), others if may_other else ()))


class SearchForm(forms.Form):
    """What for, with whom, and when it suits."""

    visit_type = forms.ModelChoiceField(
        label=_("Kind of visit"), queryset=None, to_field_name="code", empty_label=_("Choose")
    )
    reason = forms.CharField(
        label=_("Reason, in the caller's words"),
        max_length=240,
        help_text=_("Read for signs that cannot wait before any time is shown."),
        error_messages={"required": NO_REASON},
    )
    provider = forms.ModelChoiceField(
        label=_("With"), queryset=None, required=False, to_field_name="public_id", empty_label=_("Anybody")
    )
    site = forms.ModelChoiceField(label=_("At"), queryset=None, required=False, empty_label=_("Any site"))
    from_day = DayField(label=_("From"), required=False, help_text=_("tom, +6w, 3/5"))
    part = forms.ChoiceField(label=_("Time of day"), choices=PART_NAMES, required=False)
    weekdays = forms.MultipleChoiceField(
        label=_("Days that suit"), choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    red_flag_override = forms.CharField(label=_("Why this can wait for a slot"), max_length=240, required=False)

    def __init__(
        self, *args: Any, actor: Actor, patient: Patient, moving: Appointment | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        may_other = actor.may(BOOK_OTHER_AGE) if moving is None else YES
        offer_kinds(self.fields["visit_type"], actor=actor, patient=patient, may_other=may_other)
        offer(self.fields["provider"], queries.providers)
        offer(self.fields["site"], open_sites, sorted(open_sites(), key=lambda site: site.name))
        self.fields["reason"].required = moving is None

    def search(self, actor: Actor, patient: Patient, moving: Appointment | None) -> queries.Search:
        """The search as typed; a day in the past is today."""
        said = self.cleaned_data
        earliest, latest = PARTS[said["part"] or "any"]
        return queries.Search(
            visit_type=said["visit_type"],
            now=actor.now,
            first_day=max(said["from_day"] or actor.today, actor.today),
            patient=patient,
            providers=[said["provider"].pk] if said["provider"] else [],
            sites=[said["site"].pk] if said["site"] else [],
            weekdays=frozenset(map(int, said["weekdays"])) or frozenset(range(7)),
            earliest=earliest,
            latest=latest,
            moving=moving.pk if moving else None,
        )


class BookForm(forms.Form):
    """The time chosen, how it was asked for, how often, or a time of one's own with the reason to over-book."""

    slot = forms.CharField(required=False, max_length=80)
    how = forms.ChoiceField(label=_("Asked for by"), choices=HOW, required=False)
    times = forms.IntegerField(label=_("Visits"), required=False, min_value=1, max_value=52)
    weeks = forms.IntegerField(label=_("Weeks apart"), required=False, min_value=1, max_value=26)
    at_day = DayField(label=_("Day"), required=False)
    at_time = ClockField(label=_("Time"), required=False)
    over_book_reason = forms.CharField(label=_("Why over-book"), required=False, max_length=160)

    def clean(self) -> dict[str, Any]:
        """One time, from the list or typed with its reason."""
        said = super().clean() or self.cleaned_data
        typed = said.get("at_day") or said.get("at_time") or said.get("over_book_reason") or self.data.get("over_book")
        if typed and not (said.get("at_day") and said.get("at_time")):
            if not self.errors:
                self.add_error("at_day", _("Say the day and the time."))
        elif typed and not said.get("over_book_reason"):
            self.add_error("over_book_reason", _("Say why this time is over-booked."))
        elif not typed and not said.get("slot"):
            self.add_error(None, _("Choose a time."))
        return said

    def chosen(self, visit_type: VisitType, search: SearchForm, fallback: Site | None) -> Slot:
        """The time as an action wants it; raises `InvalidInput` or `NotFound`."""
        said = self.cleaned_data
        if not said["over_book_reason"]:
            return queries.slot_named(said["slot"], visit_type.minutes)
        if visit_type.is_with_provider and not search.cleaned_data["provider"]:
            raise InvalidInput(
                "Choose with whom first: it is one provider's time that is over-booked.", field="at_time"
            )
        site = search.cleaned_data["site"] or fallback or open_sites()[0]
        if not is_on_the_wall(said["at_day"], said["at_time"], site.zone):
            raise InvalidInput("The clocks skip that time on that day. Choose another.", field="at_time")
        starts = datetime.combine(said["at_day"], said["at_time"], tzinfo=site.zone)
        return Slot(site=site, provider=search.cleaned_data["provider"], starts=starts, minutes=visit_type.minutes)

    def asked(
        self, search: SearchForm, moving: Appointment | None, call: Call | None, ref: str, confirmed: Confirmations
    ) -> Asked:
        """Everything else that was said."""
        said = self.cleaned_data
        return Asked(
            reason=search.cleaned_data["reason"],
            how=said["how"] or "phone",
            over_book_reason=said["over_book_reason"],
            red_flag_override=search.cleaned_data["red_flag_override"],
            weeks=said["weeks"] or 1,
            times=said["times"] or 1,
            moving=moving,
            call=call,
            ref=ref,
            confirmed=confirmed,
        )


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=160)


class WaitForm(forms.Form):
    """When somebody who waits could come."""

    visit_type = forms.ModelChoiceField(
        label=_("Kind of visit"), queryset=None, to_field_name="code", empty_label=_("Choose")
    )
    provider = forms.ModelChoiceField(
        label=_("With"), queryset=None, required=False, to_field_name="public_id", empty_label=_("Anybody")
    )
    sites = forms.ModelMultipleChoiceField(
        label=_("At"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None: any site")
    )
    weekdays = forms.MultipleChoiceField(
        label=_("Days that suit"), choices=WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    earliest_time = ClockField(label=_("Not before"), required=False)
    latest_time = ClockField(label=_("Not after"), required=False)
    wanted_by = DayField(label=_("Needed by"), required=False)
    urgency = forms.ChoiceField(label=_("How soon"), choices=URGENCY, initial="R5")
    note = forms.CharField(
        label=_("Reason, in the patient's words"), max_length=160, error_messages={"required": NO_REASON}
    )

    def __init__(self, *args: Any, actor: Actor, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_other = actor.may(BOOK_OTHER_AGE)
        offer_kinds(self.fields["visit_type"], actor=actor, patient=patient, may_other=may_other)
        offer(self.fields["provider"], queries.providers)
        self.fields["sites"].queryset = open_sites.queryset().order_by("name")

    def wanted(self) -> Wanted:
        """The same, as the action wants it."""
        said = self.cleaned_data
        return Wanted(
            sites=tuple(said["sites"]),
            weekdays=tuple(map(int, said["weekdays"])),
            earliest_time=said["earliest_time"],
            latest_time=said["latest_time"],
            wanted_by=said["wanted_by"],
            urgency=said["urgency"],
            note=said["note"],
        )


class RecallForm(forms.Form):
    """Call somebody back: what for, by when."""

    reason = forms.CharField(label=_("What for"), max_length=160)
    due_on = DayField(label=_("By"), help_text=_("+6m, next mar, 3/5"))
    visit_type = forms.ModelChoiceField(
        label=_("Kind of visit"), queryset=None, required=False, to_field_name="code", empty_label=_("Any")
    )
    provider = forms.ModelChoiceField(
        label=_("With"), queryset=None, required=False, to_field_name="public_id", empty_label=_("Anybody")
    )

    def __init__(self, *args: Any, actor: Actor, patient: Patient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_kinds(self.fields["visit_type"], actor=actor, patient=patient, may_other=YES)
        offer(self.fields["provider"], queries.providers)


class TemplateForm(forms.Form):
    """A stretch of the week in which somebody sees patients."""

    provider = forms.ModelChoiceField(
        label=_("Who"), queryset=None, required=False, to_field_name="public_id", empty_label=_("Medical assistants")
    )
    site = forms.ModelChoiceField(label=_("Where"), queryset=None, empty_label=_("Choose"))
    weekday = forms.ChoiceField(label=_("Day"), choices=WEEKDAYS)
    starts = ClockField(label=_("From"))
    ends = ClockField(label=_("To"))
    slot_minutes = forms.IntegerField(label=_("A start every"), initial=20, min_value=5, max_value=240)
    every_weeks = forms.IntegerField(label=_("Every so many weeks"), initial=1, min_value=1, max_value=26)
    effective = DayField(label=_("First day"))
    expires = DayField(label=_("Last day"), required=False)
    visit_types = forms.ModelMultipleChoiceField(
        label=_("Only for"),
        queryset=None,
        required=False,
        to_field_name="code",
        widget=forms.SelectMultiple(attrs={"size": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = queries.providers.queryset()
        self.fields["site"].queryset = open_sites.queryset().order_by("name")
        self.fields["visit_types"].queryset = queries.offered_visit_types.queryset()

    def arguments(self) -> dict[str, Any]:
        """What `add_template` takes."""
        said = self.cleaned_data
        pattern = Pattern(int(said["weekday"]), said["starts"], said["ends"], said["slot_minutes"], said["every_weeks"])
        same = {name: said[name] for name in ("provider", "site", "effective", "expires", "visit_types")}
        return {**same, "pattern": pattern}


class TimeOffForm(forms.Form):
    """Somebody is off, or sees patients in an extra session."""

    kind = forms.ChoiceField(label=_("What"), choices=[("off", _("Time off")), ("extra", _("Extra session"))])
    provider = forms.ModelChoiceField(
        label=_("Who"), queryset=None, required=False, to_field_name="public_id", empty_label=_("Medical assistants")
    )
    site = forms.ModelChoiceField(label=_("Where"), queryset=None, required=False, empty_label=_("Everywhere"))
    first_day = DayField(label=_("First day"))
    from_time = ClockField(label=_("From"), required=False, help_text=_("Empty: all day"))
    last_day = DayField(label=_("Last day"), required=False)
    to_time = ClockField(label=_("To"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = queries.providers.queryset()
        self.fields["site"].queryset = open_sites.queryset().order_by("name")

    def clean(self) -> dict[str, Any]:
        """An extra session is at a site."""
        said = super().clean() or self.cleaned_data
        if said.get("kind") == "extra" and not said.get("site"):
            self.add_error("site", _("Say where the extra session is."))
        return said

    def arguments(self, actor: Actor) -> dict[str, Any]:
        """What `take_time_off` and `add_session` take."""
        said = self.cleaned_data
        zone = said["site"].zone if said["site"] else actor.zone
        last: date = said["last_day"] or said["first_day"]
        ends = datetime.combine(last, said["to_time"] or time(), tzinfo=zone)
        return {
            "provider": said["provider"],
            "site": said["site"],
            "starts": datetime.combine(said["first_day"], said["from_time"] or time(), tzinfo=zone),
            "ends": ends if said["to_time"] else ends + timedelta(days=1),
            "reason": said["reason"],
        }
