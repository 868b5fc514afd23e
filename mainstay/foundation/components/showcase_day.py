"""The day's screens on the style page, with an invented clinic."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django import forms
from django.utils import timezone

from mainstay.foundation import clock
from mainstay.foundation.components.day import (
    BesideRow,
    Block,
    Choice,
    DayGrid,
    Lane,
    PlaybookStep,
    Question,
    VitalRow,
    grid,
    place,
    side_by_side,
)
from mainstay.foundation.components.showcase_board import board_rows, room_tiles
from mainstay.foundation.decisions import no
from mainstay.foundation.findings import Finding, Severity


class VitalsForm(forms.Form):
    """Vitals as typed, with their units."""

    systolic = forms.CharField(label="Systolic", initial="186")
    diastolic = forms.CharField(label="Diastolic", initial="112")
    arm = forms.ChoiceField(label="Arm", choices=[("l", "Left arm"), ("r", "Right arm")])
    cuff = forms.ChoiceField(label="Cuff", choices=[("a", "Adult"), ("l", "Large adult")])
    pulse = forms.CharField(label="Pulse", initial="88")
    temperature = forms.CharField(label="Temperature", initial="37.1")
    temperature_unit = forms.ChoiceField(label="Unit of temperature", choices=[("C", "°C"), ("F", "°F")])
    weight = forms.CharField(label="Weight", initial="178")
    weight_unit = forms.ChoiceField(label="Unit of weight", choices=[("kg", "kg"), ("lb", "lb")])
    oxygen = forms.CharField(label="Oxygen saturation", required=False)


class CallScript:
    """A phone script that asks the dangerous thing first."""

    say = "Harbor Street Clinic, this is Dana. May I have your name and date of birth?"
    ask = "Is any of this happening right now?"
    red_flags = (
        "Chest pain, pressure or tightness",
        "Trouble breathing or speaking",
        "Face drooping, arm weak, words slurred",
        "Fainting or confusion",
        "Bleeding that does not stop",
        "Thoughts of ending their life",
    )
    yes_label = "Yes, one of these"
    no_label = "No, none of these"
    small = "Yes hands the call to the nurse at once and stops booking."
    url = "#call"
    name = "red_flag"


def day_context() -> dict[str, object]:
    """Everything the day's half of the style page draws."""
    now = clock.now()
    return {
        "rows": board_rows(now),
        "rooms": room_tiles(now),
        "lanes": people_lanes(now),
        "schedule": schedule(now),
        "vitals": vital_rows(),
        "besides": beside_rows(),
        "questions": questions(),
        "steps": steps(now),
        "script": CallScript(),
    }


def _day(now: datetime) -> tuple[datetime, datetime]:
    start = timezone.localtime(now).replace(hour=8, minute=0, second=0, microsecond=0)
    return start, start.replace(hour=17)


def people_lanes(now: datetime) -> DayGrid:
    """Who is busy with whom."""
    opens, closes = _day(now)

    def block(hour: float, minutes: int, text: str, kind: str = "booked", small: str = "") -> Block:
        start = opens + timedelta(hours=hour - 8)
        at, span = place(start, start + timedelta(minutes=minutes), opens)
        return Block(at, span, text, small, kind, url="" if kind == "closed" else "#lanes")

    lanes = (
        Lane(
            "Dr. Okoye",
            "Harbor Street",
            (
                block(8, 40, "I. Kowalski", "off"),
                block(8.75, 30, "R. Delgado", "done"),
                block(9.5, 20, "A. Okafor", "active"),
                block(10, 40, "New: H. Stein"),
                block(12, 60, "Lunch", "closed"),
                block(13, 20, "P. Raman"),
                block(13.5, 60, "Procedure: biopsy"),
            ),
        ),
        Lane(
            "D. Whitfield",
            "CMA",
            (
                block(8.25, 20, "Rooming R.D.", "done"),
                block(9.25, 25, "Rooming T.B.", "active"),
                block(12.5, 30, "Lunch", "closed"),
                block(14, 45, "Vaccines, 4"),
            ),
        ),
        Lane(
            "L. Tran",
            "RMA",
            (
                block(8, 30, "Opening checks", "done"),
                block(9, 40, "Observation P.R.", "active"),
                block(12, 30, "Lunch", "closed"),
                block(15, 60, "Blood draws"),
            ),
        ),
        Lane("Room 4", "Exam", (block(8.5, 70, "R. Delgado", "active"), block(10.25, 30, "H. Stein"))),
    )
    return grid("People and rooms today", lanes, opens, closes, opens + timedelta(hours=1, minutes=38))


def schedule(now: datetime) -> DayGrid:
    """Three providers' days, with a double booking."""
    opens, closes = _day(now)

    def column(label: str, small: str, booked: list[tuple[float, int, str, str, str]]) -> Lane:
        placed = [
            place(opens + timedelta(hours=hour - 8), opens + timedelta(hours=hour - 8, minutes=minutes), opens)
            for hour, minutes, *_rest in booked
        ]
        lanes = side_by_side(placed)
        blocks = []
        for (at, span), (lane, of), (_hour, _minutes, text, small_, kind) in zip(placed, lanes, booked, strict=True):
            url = "" if kind == "closed" else "#schedule"
            blocks.append(Block(at, span, text, small_, kind, url, lane=lane, lanes=of))
        return Lane(label, small, tuple(blocks), "#schedule")

    columns = (
        column(
            "Dr. Okoye",
            "14 booked, 2 free",
            [
                (8, 40, "Ida Kowalski", "Medicare wellness", "off"),
                (8.75, 30, "Rosa Delgado", "BP check", "done"),
                (9.5, 20, "Alex Okafor", "Diabetes", "active"),
                (10, 40, "Hannah Stein", "New patient", "booked"),
                (10.75, 20, "Free", "20 min", "free"),
                (11.25, 20, "Sam Ortiz", "Follow-up", "booked"),
                (12, 60, "Lunch", "", "closed"),
                (13, 20, "Priya Raman", "Results", "booked"),
                (13.5, 60, "Grace Liu", "Skin biopsy, Room 3", "booked"),
                (14.75, 20, "Free", "20 min", "free"),
            ],
        ),
        column(
            "Dr. Lindqvist",
            "Pediatrics",
            [
                (8.5, 30, "Noah Petit", "Well child 4 y", "done"),
                (9.25, 30, "Theo Brandt", "Well child 18 m", "arrived"),
                (10, 20, "Mia Chan", "Ear pain", "booked"),
                (10.25, 20, "Leo Adeyemi", "Rash (over-booked)", "booked"),
                (11, 30, "Free", "30 min", "free"),
                (12, 60, "Lunch", "", "closed"),
                (13, 40, "Twins Novak", "2 months, both", "booked"),
            ],
        ),
        column(
            "J. Abara, NP",
            "Same-day",
            [
                (8, 60, "Huddle and charts", "", "closed"),
                (9.5, 20, "Marcus Webb", "Cough, fever", "arrived"),
                (10, 20, "Free", "20 min", "free"),
                (10.5, 20, "Free", "20 min", "free"),
                (13, 20, "Olga Reyes", "Burning", "booked"),
                (15, 30, "Dev Patel", "Back pain", "booked"),
            ],
        ),
    )
    return grid("Harbor Street today", columns, opens, closes, opens + timedelta(hours=1, minutes=38))


def vital_rows() -> list[VitalRow]:
    """A high pressure, and a weight in the wrong unit."""
    form = VitalsForm()
    last = date(2026, 8, 18)
    return [
        VitalRow(
            "bp",
            "Blood pressure",
            (form["systolic"], form["diastolic"]),
            "mm Hg",
            None,
            (form["arm"], form["cuff"]),
            "138/84",
            last,
            (Finding(Severity.ALERT, "bp", "", "Repeat after 5 minutes seated. If it holds, Dr. Okoye is told."),),
        ),
        VitalRow("pulse", "Pulse", (form["pulse"],), "/min", None, (), "76", last),
        VitalRow(
            "temperature", "Temperature", (form["temperature"],), "", form["temperature_unit"], (), "36.8 °C", last
        ),
        VitalRow(
            "weight",
            "Weight",
            (form["weight"],),
            "",
            form["weight_unit"],
            (),
            "80.6 kg",
            last,
            (Finding(Severity.CONFIRM, "unit", "", "178 kg is 97 kg more than in August. 178 lb would be 80.7 kg."),),
        ),
        VitalRow("oxygen", "Oxygen saturation", (form["oxygen"],), "%"),
    ]


def beside_rows() -> list[BesideRow]:
    """Three medications, one of them news."""

    def choices(chosen: str) -> tuple[Choice, ...]:
        words = (("taking", "Taking"), ("differently", "Differently"), ("not", "Not taking"))
        return tuple(Choice(value, label, value == chosen) for value, label in words)

    return [
        BesideRow(
            "med1",
            "Lisinopril 20 mg",
            "once a day · Dr. Okoye, May 2026",
            "the small pink one, every morning",
            "portal, last night",
            choices("taking"),
        ),
        BesideRow(
            "med2",
            "Metformin 1000 mg",
            "twice a day",
            "only in the evening, it upsets my stomach",
            "portal, last night",
            choices("differently"),
            "only in the evening",
        ),
        BesideRow("med3", "", "", "ibuprofen for my knee, most days", "kiosk, 9:02 am", choices(""), is_new=True),
    ]


def questions() -> list[Question]:
    """The two questions of the PHQ-2, and an answer that needs somebody."""

    def choices(chosen: int) -> tuple[Choice, ...]:
        words = ("Not at all", "Several days", "More than half", "Nearly every day")
        return tuple(Choice(str(n), word, n == chosen) for n, word in enumerate(words))

    return [
        Question("phq1", 1, "Little interest or pleasure in doing things", choices(1)),
        Question("phq2", 2, "Feeling down, depressed, or hopeless", choices(2)),
        Question(
            "phq9",
            9,
            "Thoughts that you would be better off dead, or of hurting yourself",
            choices(1),
            (Finding(Severity.ALERT, "item9", "", "Stay with the patient. Dr. Okoye is told now."),),
        ),
    ]


def steps(now: datetime) -> list[PlaybookStep]:
    """What a diabetes follow-up asks for."""
    return [
        PlaybookStep("Identify, two ways", "done", by="DW", at=now - timedelta(minutes=14)),
        PlaybookStep("Vital signs", "done", "Repeated: 186/112", "DW", now - timedelta(minutes=6), "#steps"),
        PlaybookStep("Fingerstick A1c", "now", "Control passed this morning", url="#steps"),
        PlaybookStep("Foot check: shoes and socks off", "todo", url="#steps"),
        PlaybookStep(
            "Pneumococcal vaccine",
            "todo",
            "PCV20 due since March",
            decision=no("Your immunization competency is not signed.", who_could=("Lee Tran, RMA", "Ana Ruiz, RN")),
        ),
        PlaybookStep("Retinal photo", "skipped", "Done elsewhere, June 2026"),
    ]


def wall_context() -> dict[str, object]:
    """The wall screen: rooms and stages, with names in the practice's chosen form."""
    now = clock.now()
    return {"page_title": "Harbor Street", "now": now, "rooms": room_tiles(now), "rows": board_rows(now)[:6]}
