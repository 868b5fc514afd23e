"""DocumentReference and DiagnosticReport: papers with their bytes."""

from __future__ import annotations

import base64
import binascii
from datetime import date
from typing import Any

from mainstay.chart.actions import ReceivedDocument
from mainstay.interop.fhir.incoming.words import NotModelled, Resolve, name_of, resolving
from mainstay.interop.fhir.parts import Resource, choice, day, part, parts, text, words_of

LARGEST = 30 * 1024 * 1024
MEDIA_TYPES = frozenset(
    {"application/pdf", "text/plain", "text/html", "text/xml", "application/xml", "application/json", "text/rtf"}
    | {"application/rtf", "image/jpeg", "image/png", "image/tiff", "image/gif", "application/dicom"}
)


def from_document_reference(body: Resource, resolve: Resolve) -> list[ReceivedDocument]:
    """The papers of a DocumentReference whose bytes came along. Raises `NotModelled` when none did."""
    if text(body, "status") != "current" or text(body, "docStatus") == "entered-in-error":
        raise NotModelled(f"its status is {text(body, 'docStatus') or text(body, 'status')}")
    look = resolving(body, resolve)
    kind = words_of(part(body, "type")) or "document"
    title = text(body, "description") or kind
    dated = day(body.get("date")) or day(part(body, "context", "period").get("start"))
    author = next((name_of(one, look) for one in parts(body, "author")), "")
    attachments = [part(content, "attachment") for content in parts(body, "content")]
    return _papers(attachments, kind=kind, title=title, dated=dated, author=author)


def from_report(body: Resource, resolve: Resolve) -> list[ReceivedDocument]:
    """The papers of a DiagnosticReport (its presented form). Raises `NotModelled` when none came along."""
    if text(body, "status") not in ("final", "amended", "corrected", "appended"):
        raise NotModelled(f"its status is {text(body, 'status')}")
    kind, when = choice(body, "effective")
    if kind == "Period":
        when = part({"p": when}, "p").get("start")
    said = words_of(part(body, "code")) or "report"
    author = next((name_of(one, resolving(body, resolve)) for one in parts(body, "performer")), "")
    dated = day(when) or day(body.get("issued"))
    return _papers(parts(body, "presentedForm"), kind="report", title=said, dated=dated, author=author)


def has_papers(body: Resource) -> bool:
    """Whether a DiagnosticReport brings a paper of its own, beside its results."""
    return any(text(one, "data") for one in parts(body, "presentedForm"))


def _papers(
    attachments: list[Resource], *, kind: str, title: str, dated: date | None, author: str
) -> list[ReceivedDocument]:
    found = []
    for attachment in attachments:
        content = _bytes_of(attachment.get("data"))
        media_type = text(attachment, "contentType").split(";")[0].strip().lower()
        if not content:
            continue
        if media_type not in MEDIA_TYPES:
            raise NotModelled(f"papers of the kind {media_type or 'unknown'} cannot be shown")
        day_of_paper = dated or day(attachment.get("creation"))
        if day_of_paper is None:
            raise NotModelled("it does not say when")
        shown = text(attachment, "title") or title
        found.append(ReceivedDocument(kind, shown, day_of_paper, media_type, content, author))
    if not found:
        raise NotModelled("its content did not come along")
    return found


def _bytes_of(data: Any) -> bytes:
    if not isinstance(data, str):
        return b""
    try:
        found = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotModelled("its content is not base64") from None
    if len(found) > LARGEST:
        raise NotModelled("its content is larger than 30 MB")
    return found
