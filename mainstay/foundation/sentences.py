"""What a form says of a field that was left empty or filled in wrongly: in our words, in English and in Spanish.

Said beneath the field, and after its label in the summary: `Date of birth: Type a day, as 3/5/2027.` The language is
the one Django speaks while the page is drawn: that of the patient's form on a tablet, English everywhere else. A field
that knows better says so in its own `error_messages`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import get_language

Sentences = Mapping[str, Any]


def speaks_spanish() -> bool:
    """Whether the page is drawn in Spanish."""
    return (get_language() or "").startswith("es")


def _spoken(english: str, spanish: str) -> str:
    return spanish if speaks_spanish() else english


in_both: Callable[[str, str], Any] = lazy(_spoken, str)
"""A sentence in English and Spanish, read in the language that is spoken when it is drawn."""

A_NUMBER = in_both("Type a number, as 12.5.", "Escriba un número, como 12.5.")
A_WHOLE_NUMBER = in_both("Type a whole number: digits only.", "Escriba un número entero: solo cifras.")
A_DAY = in_both("Type a day, as 3/5/2027.", "Escriba una fecha: mes, día y año, como 3/5/2027.")
A_BIRTH_DATE = in_both(
    "Type the date of birth, as 3/5/1984.", "Escriba la fecha de nacimiento: mes, día y año, como 3/5/1984."
)
A_TIME = in_both("Type a time, as 9:30 am.", "Escriba una hora, como 9:30 am.")
A_FILE = in_both("Choose a file.", "Escoja un archivo.")
ONE_OF_THEM = in_both("Choose one.", "Escoja uno.")
SOME_OF_THEM = in_both("Choose at least one.", "Escoja al menos uno.")
AN_ADDRESS = in_both(
    "Type an e-mail address, as name@example.org.", "Escriba un correo electrónico, como nombre@example.org."
)
NOT_OFFERED = in_both(
    "What was chosen is not offered here any more. Choose again.",
    "Lo que se escogió ya no se ofrece aquí. Escoja otra vez.",
)
NOT_HERE = in_both(
    "This names nothing that is here. Reload the page and choose again.",
    "Esto no nombra nada que esté aquí. Cargue la página otra vez y escoja de nuevo.",
)
UNREADABLE = in_both(
    "This cannot be read. Check how it is written.", "Esto no se puede leer. Revise cómo está escrito."
)
NOT_ARRIVED = in_both(
    "Part of this form did not arrive. Reload the page and send it again.",
    "Una parte de este formulario no llegó. Cargue la página otra vez y envíelo de nuevo.",
)

SENTENCES: Mapping[type[Any], Sentences] = {
    forms.Field: {
        "required": in_both("Fill this in.", "Complete esto."),
        "max_length": in_both(
            "This is too long: it has %(show_value)d characters, and there is room for %(limit_value)d.",
            "Esto es demasiado largo: tiene %(show_value)d caracteres y caben %(limit_value)d.",
        ),
        "min_length": in_both(
            "This is too short: it has %(show_value)d characters, and takes at least %(limit_value)d.",
            "Esto es demasiado corto: tiene %(show_value)d caracteres y necesita al menos %(limit_value)d.",
        ),
        "max_value": in_both("The most this can be is %(limit_value)s.", "Lo más que puede ser es %(limit_value)s."),
        "min_value": in_both("The least this can be is %(limit_value)s.", "Lo menos que puede ser es %(limit_value)s."),
        "max_digits": in_both("Too many digits: %(max)s at most.", "Demasiadas cifras: %(max)s como máximo."),
        "max_decimal_places": in_both(
            "Too many digits after the point: %(max)s at most.",
            "Demasiadas cifras después del punto: %(max)s como máximo.",
        ),
        "max_whole_digits": in_both(
            "Too many digits before the point: %(max)s at most.",
            "Demasiadas cifras antes del punto: %(max)s como máximo.",
        ),
        "null_characters_not_allowed": UNREADABLE,
    },
    forms.RegexField: {"invalid": UNREADABLE},
    forms.IntegerField: {"required": A_WHOLE_NUMBER, "invalid": A_WHOLE_NUMBER},
    forms.DecimalField: {"required": A_NUMBER, "invalid": A_NUMBER},
    forms.DateField: {"required": A_DAY, "invalid": A_DAY},
    forms.EmailField: {"required": AN_ADDRESS, "invalid": AN_ADDRESS},
    forms.SlugField: {
        "invalid": in_both(
            "Use letters without accents, digits and hyphens, and no spaces.",
            "Use letras sin acentos, cifras y guiones, sin espacios.",
        )
    },
    forms.BooleanField: {"required": in_both("Tick this to go on.", "Marque esto para seguir.")},
    forms.ChoiceField: {"required": ONE_OF_THEM, "invalid_choice": NOT_OFFERED},
    forms.MultipleChoiceField: {
        "required": SOME_OF_THEM,
        "invalid_choice": NOT_OFFERED,
        "invalid_list": NOT_OFFERED,
    },
    forms.ModelChoiceField: {"required": ONE_OF_THEM, "invalid_choice": NOT_OFFERED},
    forms.ModelMultipleChoiceField: {
        "required": SOME_OF_THEM,
        "invalid_choice": NOT_OFFERED,
        "invalid_list": NOT_OFFERED,
        "invalid_pk_value": NOT_OFFERED,
    },
    forms.UUIDField: {"required": NOT_HERE, "invalid": NOT_HERE},
    forms.FileField: {
        "required": A_FILE,
        "invalid": A_FILE,
        "missing": A_FILE,
        "empty": in_both("There is nothing in this file. Choose another.", "Este archivo está vacío. Escoja otro."),
        "max_length": in_both(
            "The name of this file is too long: %(length)d characters, and there is room for %(max)d.",
            "El nombre de este archivo es demasiado largo: %(length)d caracteres y caben %(max)d.",
        ),
        "contradiction": in_both(
            "Choose a file or tick to take it away, not both.", "Escoja un archivo o marque para quitarlo, no ambos."
        ),
    },
    forms.BaseFormSet: {
        "missing_management_form": NOT_ARRIVED,
        "too_many_forms": in_both("These are too many: %(num)d at most.", "Son demasiados: %(num)d como máximo."),
        "too_few_forms": in_both("These are too few: at least %(num)d.", "Son muy pocos: al menos %(num)d."),
    },
}
"""The kind of field, or set of forms → the code of what is wrong → what is said of it."""


def speak_plainly() -> None:
    """Let every form of the program say these sentences where Django has its own; called once, when all is loaded."""
    for kind, sentences in SENTENCES.items():
        kind.default_error_messages = {**vars(kind).get("default_error_messages", {}), **sentences}
