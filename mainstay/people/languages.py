"""The languages patients here speak."""

from __future__ import annotations

LANGUAGES = {
    "en": "English",
    "es": "Spanish", "zh": "Chinese", "vi": "Vietnamese", "tl": "Tagalog", "ar": "Arabic", "ko": "Korean",
    "fr": "French", "ht": "Haitian Creole", "ru": "Russian", "pt": "Portuguese", "pl": "Polish", "hi": "Hindi",
    "ur": "Urdu", "fa": "Persian", "so": "Somali", "am": "Amharic", "hmn": "Hmong", "ase": "American Sign Language",
}  # fmt: skip
"""Languages patients here speak, by ISO 639 code."""


def language_name(code: str) -> str:
    """A language as a word; a code we do not know stays a code."""
    return LANGUAGES.get(code, code)
