"""The icon sprite: the few Lucide icons we use, and our four meanings, in one committed SVG file.

Run `python -m mainstay.foundation.components.sprite` after changing `LUCIDE`; a test compares
the file with what this makes.
"""

from __future__ import annotations

import re
import zipfile
from importlib import resources
from pathlib import Path

SPRITE = Path(__file__).parents[1] / "static" / "mainstay" / "icons.svg"

NAMES = """
    accessibility activity alarm-clock arrow-down arrow-left arrow-right arrow-up baby badge-check ban bandage
    banknote bed bell bell-ring book-open brush-cleaning calendar-check calendar-clock calendar-days calendar-plus
    calendar-x chart-column check chevron-down chevron-left chevron-right chevron-up circle circle-check
    circle-dollar-sign circle-dot circle-minus circle-pause circle-plus circle-question-mark circle-slash circle-x
    clipboard-check clipboard-list clipboard-plus clock copy credit-card door-closed door-open download droplet
    ear ellipsis external-link eye file-check file-pen file-plus file-text file-up flag flask-conical folder
    footprints funnel globe graduation-cap hand hash heart-pulse history hospital hourglass house image inbox info
    key-round languages layers layout-dashboard link list list-checks lock log-in log-out mail map map-pin
    maximize menu message-square messages-square microscope minus monitor move-right notebook-pen package
    paperclip pencil phone pill plus printer receipt refresh-cw rotate-ccw ruler save scale scan-barcode scissors
    search send settings shield shield-alert shield-check signature sliders-horizontal sparkles square-kanban star
    stethoscope sun-moon syringe tablets tag test-tube thermometer timer trash-2 undo-2 upload user-check
    user-plus user-round user-x users video wallet weight wifi-off x
"""

LUCIDE = tuple(NAMES.split())

MEANINGS = {
    "stop": '<path fill="currentColor" stroke="none" fill-rule="evenodd"'
    ' d="M7.6 1.5h8.8l6.1 6.1v8.8l-6.1 6.1H7.6l-6.1-6.1V7.6zM6.5 10.6v2.8h11v-2.8z"/>',
    "confirm": '<path fill="currentColor" stroke="none" fill-rule="evenodd"'
    ' d="M12 1.8a1 1 0 0 1 .9.5l10 18.2a1 1 0 0 1-.9 1.5H2a1 1 0 0 1-.9-1.5l10-18.2a1 1 0 0 1 .9-.5z'
    'M10.8 8.5v6.7h2.4V8.5zm0 8.5v2.4h2.4V17z"/>',
    "told": '<path fill="currentColor" stroke="none"'
    ' d="M12 1.5a7 7 0 0 0-7 7c0 5.6-2.5 7-2.5 9.5h19c0-2.5-2.5-3.9-2.5-9.5a7 7 0 0 0-7-7z'
    'M9 19.5a3 3 0 0 0 6 0z"/>',
    "fine": '<path fill="none" stroke-width="3.2" d="m3.5 12.8 5.7 5.7L20.5 6.200"/>',
}

LICENCE = """<!--
Icons from Lucide (ISC).
Copyright (c) for portions of Lucide are held by Cole Bemis 2013-2022 as part of Feather (MIT).
All other copyright (c) for Lucide are held by Lucide Contributors 2022.
Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted,
provided that the above copyright notice and this permission notice appear in all copies. The software is provided
"as is" and the author disclaims all warranties. The symbols stop, confirm, told and fine are Mainstay's own.
-->"""

ICONS = frozenset(LUCIDE) | frozenset(MEANINGS)


def sprite() -> str:
    """The whole sprite as SVG text, one symbol to a line, sorted by name."""
    with (
        resources.as_file(resources.files("lucide").joinpath("lucide.zip")) as archive,
        zipfile.ZipFile(archive) as icons,
    ):
        drawn = {name: _inner(icons.read(f"{name}.svg").decode()) for name in LUCIDE} | MEANINGS
    symbols = [f'<symbol id="{name}" viewBox="0 0 24 24">{drawn[name]}</symbol>' for name in sorted(drawn)]
    return "\n".join(['<svg xmlns="http://www.w3.org/2000/svg">', LICENCE, *symbols, "</svg>", ""])


def _inner(svg: str) -> str:
    body = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    return re.sub(r"\s*\n\s*", "", body).replace(" />", "/>")


if __name__ == "__main__":
    SPRITE.write_text(sprite(), encoding="utf-8")
