"""The words of the receipt a patient takes home after vaccines."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from mainstay.immunizations.models import GivenDose, Vaccination
from mainstay.immunizations.queries.giving import given_doses_of
from mainstay.immunizations.rules.placing import routes, sites
from mainstay.immunizations.rules.vaccines import Product, families, products_of
from mainstay.immunizations.rules.vis import statements
from mainstay.practice.models import Practice
from mainstay.terminology.queries import CodeSystem, display_of

TEXTS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Vaccines given today", "born": "Born", "what": "What", "fact": "On record", "against": "Against",
        "product": "Vaccine", "maker": "Maker", "lot": "Lot and expiry", "where": "Where and how", "giver": "Given by",
        "statement": "Information statement, edition of", "handed": "handed over on", "ordered": "Ordered by",
        "statements": "Vaccine information statements", "after": "After a vaccine",
        "after_1": "A sore arm or leg, a little fever, or being tired for a day or two is common.",
        "after_2": "Call 911 for trouble breathing, swelling of the face or throat, or collapse.",
        "after_3": "Call us for a high fever, anything that worries you, or questions.",
        "keep": "Keep this paper with your vaccine record.",
        "vaers": "Anybody may report a reaction: vaers.hhs.gov or 1-800-822-7967.",
        "next": "Bring this paper to your next visit, to school or to work if they ask for it.",
    },
    "es": {
        "title": "Vacunas puestas hoy", "born": "Fecha de nacimiento", "what": "Dato", "fact": "Registrado",
        "against": "Protege contra", "product": "Vacuna", "maker": "Fabricante", "lot": "Lote y vencimiento",
        "where": "Dónde y cómo", "giver": "Puesta por", "statement": "Hoja de información, edición del",
        "handed": "entregada el", "ordered": "Indicada por", "statements": "Hojas de información sobre vacunas",
        "after": "Después de una vacuna",
        "after_1": "Es común tener dolor en el brazo o la pierna, un poco de fiebre o cansancio por uno o dos días.",
        "after_2": "Llame al 911 si hay dificultad para respirar, hinchazón de la cara o la garganta, o desmayo.",
        "after_3": "Llámenos si hay fiebre alta, si algo le preocupa o si tiene preguntas.",
        "keep": "Guarde este papel con su registro de vacunas.",
        "vaers": "Cualquiera puede informar de una reacción: vaers.hhs.gov o 1-800-822-7967.",
        "next": "Traiga este papel a su próxima visita; muéstrelo en la escuela o el trabajo si lo piden.",
    },
}  # fmt: skip


def receipt_words(vaccination: Vaccination, *, language: str, now: datetime) -> dict[str, Any]:
    """What was given at a visit and which statements were handed over, in English or Spanish."""
    lang = "es" if language.startswith("es") else "en"
    text, visit, patient = TEXTS[lang], vaccination.visit, vaccination.patient
    given = given_doses_of(vaccination)
    handed = [row for one in given for row in one.preparation.statements.all()]
    return {
        "lang": lang,
        "title": text["title"],
        "practice": practice_name(),
        "patient": patient.legal_name,
        "born": f"{text['born']}: {spell_day(patient.birth_date)}",
        "clinic": visit.site.name,
        "address": given[0].clinic_address if given else "",
        "date": spell_day(visit.day),
        "columns": [text["what"], text["fact"]],
        "doses": [{"title": one.dose.product, "rows": _dose_rows(one, lang)} for one in given],
        "sections": [
            {
                "title": text["statements"],
                "paragraphs": [],
                "items": list(dict.fromkeys(_statement_line(row, lang) for row in handed)),
            },
            {
                "title": text["after"],
                "paragraphs": [text["after_1"]],
                "items": [text["after_2"], text["after_3"], text["vaers"], text["keep"], text["next"]],
            },
        ],
        "footer": f"{patient.legal_name} · {spell_day(now.astimezone(visit.site.zone).date())}",
    }


def _dose_rows(given: GivenDose, lang: str) -> list[list[str]]:
    text = TEXTS[lang]
    found = products_of(given.dose.cvx, given.dose.mvx)
    return [
        [text["against"], against(found[0], lang) if found else given.dose.product],
        [text["product"], f"{given.dose.product} (CVX {given.dose.cvx}), {text['maker']} {maker_name(given.dose.mvx)}"],
        [text["lot"], f"{given.lot_number}, {spell_day(given.expires_on)}"],
        [
            text["where"],
            f"{sites()[given.site].name.in_language(lang)}, "
            f"{_softly(routes()[given.route].name.in_language(lang))}, {given.volume.normalize():f} mL",
        ],
        [text["giver"], f"{given.giver_name}, {given.giver_title}"],
        [text["ordered"], given.ordered_by],
    ]


def against(product: Product, language: str) -> str:
    """What a vaccine protects against, as patients say it."""
    return ", ".join(families()[code].name.in_language(language) for code in product.families)


def _statement_line(row: Any, lang: str) -> str:
    text = TEXTS[lang]
    known = next((one for one in statements() if one.code == row.code and one.edition == row.edition), None)
    name = known.name.in_language(lang) if known else row.code
    return f"{name}: {text['statement']} {spell_day(row.edition)}, {text['handed']} {spell_day(row.given_on)}"


def _softly(words: str) -> str:
    """Words within a sentence: only the first letter small, so that an abbreviation in them stays one."""
    return words[:1].lower() + words[1:]


def maker_name(mvx: str) -> str:
    """Who makes a vaccine, its code where nobody knows."""
    return (display_of(CodeSystem.MVX, mvx) or mvx) if mvx else ""


def practice_name() -> str:
    """The practice's name, for the foot of papers."""
    return Practice.objects.values_list("name", flat=True).first() or "Mainstay"


def spell_day(day: date) -> str:
    """A day as papers write it."""
    return f"{day:%m/%d/%Y}"
