"""Paper: documents set by Typst, tagged for screen readers (PDF/UA-1), nothing fetched, no text taken as markup."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

import typst


def typeset(package: str, template: str, words: Mapping[str, Any]) -> bytes:
    """The PDF of a Typst template in `<package>/papers`, given its words as plain data.

    The template reads `json(bytes(sys.inputs.words))`, so that no text of a person is ever read as markup.
    Raises `typst.TypstError` for a broken template, and for one that would not be accessible.
    """
    with resources.as_file(resources.files(package).joinpath("papers", template)) as path:
        return bytes(
            typst.compile(
                str(path),
                sys_inputs={"words": json.dumps(words, ensure_ascii=False, default=str)},
                pdf_standards="ua-1",
            )
        )
