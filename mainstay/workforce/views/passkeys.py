"""Passkeys: what the browser is asked for, and what it answers."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from mainstay.foundation import clock
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.pages import StaffRequest, public_page, staff_page
from mainstay.workforce import actions
from mainstay.workforce.queries import known_passkeys, oneself
from mainstay.workforce.views.entering import enter, go_on, is_ours, origin_of, this_workstation
from mainstay.workforce.views.signing_in import half_way

CHALLENGE = "passkey_challenge"


def server_of(request: HttpRequest) -> Fido2Server:
    """The relying party this address is: passkeys belong to a host name, and need HTTPS or localhost."""
    host = request.get_host().rpartition(":")[0] or request.get_host()
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name="Mainstay"))


@require_POST
@staff_page(None, repeatable=True)
def offer_new(request: StaffRequest) -> HttpResponse:
    """What the browser needs to make a passkey for the person who is signed in."""
    staff = oneself(request.actor)
    user = PublicKeyCredentialUserEntity(
        id=staff.public_id.bytes, name=staff.username, display_name=staff.get_full_name()
    )
    options, state = server_of(request).register_begin(
        user,
        [AttestedCredentialData(kept) for kept in known_passkeys(staff)],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    request.session[CHALLENGE] = state
    return JsonResponse(dict(options))


@require_POST
@staff_page(None, repeatable=True)
def keep_new(request: StaffRequest) -> HttpResponse:
    """Keep the passkey the browser made."""
    staff, answer = oneself(request.actor), answer_in(request)
    state = request.session.pop(CHALLENGE, None) or {}
    try:
        actions.add_passkey(
            actor=request.actor, staff=staff, server=server_of(request), state=state,
            response=answer.get("passkey", {}), name=str(answer.get("name", "")),
        )  # fmt: skip
    except ClinicError as error:
        return JsonResponse({"problem": error.message}, status=error.status)
    request.session.pop("owed_first", None)
    return JsonResponse({"go": reverse("my-account") + "?added=passkey"})


@require_POST
@public_page
def ask(request: HttpRequest) -> HttpResponse:
    """What the browser needs to sign our challenge with a passkey: anybody's, or of whoever is half way in."""
    staff, _ = half_way(request)
    known = [AttestedCredentialData(kept) for kept in known_passkeys(staff)] if staff else None
    options, state = server_of(request).authenticate_begin(
        known, user_verification=UserVerificationRequirement.REQUIRED
    )
    request.session[CHALLENGE] = state
    return JsonResponse(dict(options))


@require_POST
@public_page
def sign_in_with(request: HttpRequest) -> HttpResponse:
    """Let somebody in whose passkey signed our challenge; it is two factors in one: the device and what unlocks it."""
    half, wanted = half_way(request)
    answer, now = answer_in(request), clock.now()
    state = request.session.pop(CHALLENGE, None) or {"challenge": "", "user_verification": "required"}
    origin = origin_of(request, this_workstation(request))
    try:
        staff = actions.prove_passkey(
            server=server_of(request),
            state=state,
            response=answer.get("passkey", {}),
            only=half,
            origin=origin,
            now=now,
        )
    except ClinicError as error:
        return JsonResponse({"problem": error.message}, status=error.status)
    enter(request, staff, how="passkey")
    place = wanted or str(answer.get("next", ""))
    return JsonResponse({"go": go_on(request, place if is_ours(place) else "")["Location"]})


def answer_in(request: HttpRequest) -> dict[str, Any]:
    """What the browser sent; nothing at all for what is no JSON object."""
    if request.content_type != "application/json":
        return {}
    try:
        found = json.loads(request.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
