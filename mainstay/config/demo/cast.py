"""The demo clinic itself: two sites, fourteen rooms, eight providers, ten medical assistants, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time

from mainstay.practice.actions import SiteFacts, VisitTypeFacts
from mainstay.practice.models import RoomKind

PASSWORD = "Mainstay-demo-1"
PIN = "2580"
SITES = (
    SiteFacts(
        "Riverside Family Medicine",
        "Riverside",
        "OH",
        "America/New_York",
        "120 River St",
        "Columbus",
        "43215",
        "6145550100",
    ),
    SiteFacts("Harbor Clinic", "Harbor", "OH", "America/New_York", "8 Harbor Rd", "Sandusky", "44870", "4195550120"),
)
ROOMS = (
    tuple((str(n), RoomKind.EXAM, "Blue" if n <= 3 else "Green") for n in range(1, 7))
    + (("Procedure", RoomKind.PROCEDURE, ""), ("Lab", RoomKind.LAB, "")),
    tuple((str(n), RoomKind.EXAM, "") for n in range(1, 6)) + (("Procedure", RoomKind.PROCEDURE, ""),),
)
WEEK = {day: (time(8), time(17)) for day in range(5)}
TYPES = (
    VisitTypeFacts("new-patient", "New patient", 40, "new_patient", is_for_new_patients=True,
        instructions_en="Bring your medicines, your insurance card and a photo ID. Come 15 minutes early.",
        instructions_es="Traiga sus medicinas, su tarjeta de seguro y una identificación con foto. Llegue 15 minutos antes."),  # noqa: E501  # a sentence in one piece
    VisitTypeFacts("physical", "Adult physical", 40, "adult_physical", youngest="18",
        instructions_en="Do not eat for 8 hours before; water is fine.",
        instructions_es="No coma durante 8 horas antes; puede tomar agua."),
    VisitTypeFacts("follow-up", "Follow-up", 20, "chronic_followup",
        instructions_en="Bring your medicines and your home readings.",
        instructions_es="Traiga sus medicinas y sus mediciones de casa."),
    VisitTypeFacts("acute", "Sick visit", 20, "acute_visit"),
    VisitTypeFacts("well-child", "Well child", 30, "well_child", oldest="21",
        instructions_en="Bring the vaccine record.", instructions_es="Traiga la cartilla de vacunas."),
    VisitTypeFacts("newborn", "Newborn, first visit", 40, "newborn_first", oldest="27 days"),
    VisitTypeFacts("wellness", "Medicare wellness", 40, "medicare_wellness", youngest="18"),
    VisitTypeFacts("womens-health", "Women's health", 30, "womens_health"),
    VisitTypeFacts("pre-op", "Before surgery", 30, "pre_op"),
    VisitTypeFacts("procedure", "Procedure", 40, "procedure_visit", room_kind=RoomKind.PROCEDURE),
    VisitTypeFacts("wound", "Wound check", 20, "wound_check"),
    VisitTypeFacts("sutures", "Suture removal", 20, "suture_removal"),
    VisitTypeFacts("telehealth", "Video visit", 20, "telehealth", is_telehealth=True),
    VisitTypeFacts("injection", "Injection", 15, "injection_visit", is_with_provider=False),
    VisitTypeFacts("nurse", "Medical assistant visit", 15, "nurse_visit", is_with_provider=False),
    VisitTypeFacts("bp-check", "Blood pressure check", 15, "bp_check", is_with_provider=False),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Role:
    """One member of the cast: site 0 or 1."""

    username: str
    given_name: str
    family_name: str
    shown_name: str
    roles: tuple[str, ...]
    site: int
    licence: str = ""
    credential: str = ""
    title: str = ""


CAST = (
    Role("admin", "Alex", "Quinn", "Alex Quinn", ("administrator", "manager"), 0, title="Clinic manager"),
    Role("lead", "Dana", "Whitfield", "Dana Whitfield", ("lead_ma",), 0, credential="CMA_AAMA", title="Lead MA"),
    Role("maria", "Maria", "Santos", "Maria Santos", ("clinical_ma",), 0, credential="CMA_AAMA", title="MA"),
    Role("jamal", "Jamal", "Brooks", "Jamal Brooks", ("clinical_ma",), 0, credential="CCMA_NHA", title="MA"),
    Role("hana", "Hana", "Tanaka", "Hana Tanaka", ("clinical_ma",), 0, credential="RMA_AMT", title="MA"),
    Role("wei", "Wei", "Chen", "Wei Chen", ("clinical_ma", "administrative_ma"), 0, credential="NCMA_NCCT", title="MA"),
    Role(
        "desk", "Rosa", "Delgado", "Rosa Delgado", ("administrative_ma",), 0, credential="CMAA_NHA", title="Front desk"
    ),
    Role("omar", "Omar", "Haddad", "Omar Haddad", ("administrative_ma",), 0, title="Front desk"),
    Role("keisha", "Keisha", "Ward", "Keisha Ward", ("clinical_ma",), 1, credential="CMA_AAMA", title="MA"),
    Role(
        "luis",
        "Luis",
        "Ortiz",
        "Luis Ortiz",
        ("clinical_ma", "administrative_ma"),
        1,
        credential="CCMA_NHA",
        title="MA",
    ),
    Role("ingrid", "Ingrid", "Larsen", "Ingrid Larsen", ("administrative_ma",), 1, title="Front desk"),
    Role("nurse", "Ruth", "Okafor", "Ruth Okafor, RN", ("nurse",), 0, licence="RN", credential="RN"),
    Role("director", "Helen", "Novak", "Dr. Novak", ("provider", "medical_director"), 0, licence="MD", credential="MD"),
    Role("patel", "Anjali", "Patel", "Dr. Patel", ("provider",), 0, licence="MD", credential="MD"),
    Role("reyes", "Victor", "Reyes", "Dr. Reyes", ("provider",), 0, licence="DO", credential="DO"),
    Role("kim", "Grace", "Kim", "Grace Kim, NP", ("provider",), 0, licence="NP", credential="NP"),
    Role("murphy", "Sean", "Murphy", "Sean Murphy, PA", ("provider",), 0, licence="PA", credential="PA"),
    Role("fischer", "Laura", "Fischer", "Dr. Fischer", ("provider",), 1, licence="MD", credential="MD"),
    Role("mensah", "Samuel", "Mensah", "Dr. Mensah", ("provider",), 1, licence="MD", credential="MD"),
    Role("khan", "Noor", "Khan", "Noor Khan, NP", ("provider",), 1, licence="NP", credential="NP"),
    Role("biller", "Paula", "Green", "Paula Green", ("biller",), 0, title="Biller"),
    Role("trainee", "Miles", "Young", "Miles Young", ("trainee",), 0, title="Trainee"),
)
SHOWN = ("maria", "desk", "lead", "patel", "admin")
ACTS_SIGNED_OFF = (
    "vital_signs", "inj_im", "inj_sc", "inj_id", "vaccine", "venipuncture", "capillary", "med_oral", "ecg_acquire",
    "clia_waived", "ear_lavage", "suture_removal", "relay_signed_advice", "refill_relay",
)  # fmt: skip
