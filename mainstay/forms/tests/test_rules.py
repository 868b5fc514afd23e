from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.forms.rules import (
    ConsentFacts,
    PastSignature,
    PatientFacts,
    SignerKind,
    consent_elements,
    consent_gaps,
    form_kinds,
    forms_due,
    may_consent_alone,
    minor_services,
    release_elements,
    release_gaps,
)
from mainstay.foundation.decisions import Outcome

TODAY = date(2026, 11, 21)
ADULT = PatientFacts(born=date(1980, 5, 1))
BASIC = {"npp_acknowledgement", "consent_to_treat", "financial_policy", "communication_preferences"}


def due(patient: PatientFacts, *past: PastSignature, playbook: str = "acute_visit", on: date = TODAY) -> dict[str, str]:
    return {form.form: form.reason for form in forms_due(patient, past, playbook=playbook, on=on)}


def signed(form: str, on: date, **more) -> PastSignature:
    return PastSignature(form, form_kinds()[form].version_on(on), on, **more)


def test_somebody_new_signs_the_four_that_everybody_signs():
    assert set(due(ADULT)) == BASIC


def test_what_is_signed_this_year_is_not_asked_again():
    past = [signed(form, TODAY - timedelta(days=30)) for form in BASIC]
    assert due(ADULT, *past) == {}


def test_the_privacy_notice_is_acknowledged_again_when_its_text_changes():
    old = signed("npp_acknowledgement", date(2020, 1, 1))
    assert "npp_acknowledgement" not in due(ADULT, old, on=date(2026, 2, 15))
    assert due(ADULT, old, on=date(2026, 2, 16))["npp_acknowledgement"] == "new text since 2026-02-16"


def test_a_documented_refusal_to_acknowledge_the_notice_is_enough():
    declined = signed("npp_acknowledgement", date(2026, 3, 1), is_declined=True)
    assert "npp_acknowledgement" not in due(ADULT, declined)
    refused = signed("consent_to_treat", date(2026, 3, 1), is_declined=True)
    assert "consent_to_treat" in due(ADULT, refused)


def test_consent_to_treatment_lasts_to_the_day_before_its_anniversary():
    consent = signed("consent_to_treat", date(2025, 11, 22))
    assert "consent_to_treat" not in due(ADULT, consent, on=TODAY)
    assert due(ADULT, consent, on=TODAY + timedelta(days=1))["consent_to_treat"] == "a year since 2025-11-22"


def test_a_consent_signed_on_a_leap_day_lasts_to_the_end_of_february():
    consent = signed("consent_to_treat", date(2024, 2, 29))
    assert "consent_to_treat" not in due(ADULT, consent, on=date(2025, 2, 27))
    assert "consent_to_treat" in due(ADULT, consent, on=date(2025, 2, 28))


def test_a_revoked_form_is_due_again():
    revoked = signed("communication_preferences", date(2026, 9, 1), revoked_on=date(2026, 10, 1))
    assert "communication_preferences" in due(ADULT, revoked)


def test_what_a_parent_signed_does_not_count_once_of_age():
    grown = PatientFacts(born=date(2008, 11, 21))
    parent = signed("consent_to_treat", date(2026, 11, 1), signer=SignerKind.REPRESENTATIVE)
    assert due(grown, parent, on=date(2026, 11, 21))["consent_to_treat"] == "came of age"
    assert "consent_to_treat" not in due(grown, parent, on=date(2026, 11, 20))


def test_a_parent_signs_for_a_child_and_says_by_what_right():
    child = PatientFacts(born=date(2020, 1, 1))
    forms = {f.form: f for f in forms_due(child, (), playbook="well_child", on=TODAY)}
    assert "proxy_authority" in forms
    assert forms["consent_to_treat"].signer is SignerKind.REPRESENTATIVE
    assert "parent_questionnaire" in forms
    assert "teen_questionnaire" not in forms


def test_a_teen_fills_in_the_private_questions_alone():
    teen = PatientFacts(born=date(2012, 1, 1))
    forms = {f.form: f for f in forms_due(teen, (), playbook="well_child", on=TODAY)}
    assert forms["teen_questionnaire"].signer is SignerKind.PATIENT
    assert forms["consent_to_treat"].signer is SignerKind.REPRESENTATIVE


def test_an_emancipated_minor_signs_alone():
    teen = PatientFacts(born=date(2010, 1, 1), is_emancipated=True)
    forms = {f.form: f for f in forms_due(teen, (), playbook="acute_visit", on=TODAY)}
    assert forms["consent_to_treat"].signer is SignerKind.PATIENT


@pytest.mark.parametrize(
    ("playbook", "marks", "form"),
    [
        ("new_patient", set(), "health_history"),
        ("telehealth", set(), "telehealth_consent"),
        ("procedure_visit", set(), "procedure_consent"),
        ("medicare_wellness", {"medicare"}, "health_risk_assessment"),
        ("acute_visit", {"medicare"}, "medicare_secondary_payer"),
        ("acute_visit", {"medicare", "abn_needed"}, "abn"),
        ("acute_visit", {"ordered_vaccine"}, "vaccine_screening"),
        ("vaccine_visit", set(), "vaccine_screening"),
        ("injection_visit", set(), "injection_screening"),
        ("acute_visit", {"uninsured"}, "good_faith_estimate"),
        ("wound_check", set(), "photo_consent"),
        ("acute_visit", {"has_representative"}, "proxy_authority_adult"),
        ("womens_health", {"ordered_iud"}, "procedure_consent_iud"),
    ],
)
def test_a_visit_brings_its_own_forms(playbook, marks, form):
    assert form in due(PatientFacts(born=date(1950, 1, 1), marks=frozenset(marks)), playbook=playbook)
    if playbook != "acute_visit":
        assert form not in due(PatientFacts(born=date(1950, 1, 1)), playbook="bp_check")


def test_a_notice_that_medicare_may_not_pay_is_for_medicare_only():
    assert "abn" not in due(PatientFacts(born=date(1950, 1, 1), marks=frozenset({"abn_needed"})))


@given(st.dates(date(1930, 1, 1), TODAY), st.sampled_from(["acute_visit", "well_child", "telehealth"]))
def test_signing_everything_due_today_leaves_nothing_due_today(born, playbook):
    patient = PatientFacts(born=born)
    first = forms_due(patient, (), playbook=playbook, on=TODAY)
    past = [PastSignature(f.form, f.version, TODAY, f.signer) for f in first]
    assert forms_due(patient, past, playbook=playbook, on=TODAY) == ()


def test_every_form_speaks_both_languages_and_has_a_version_in_force():
    for form in form_kinds().values():
        assert form.title.en
        assert form.title.es
        assert form.title.en != form.title.es
        assert form.version_on(TODAY)
        assert form.source
        assert list(form.versions) == sorted(form.versions)


# Consents and releases

COMPLETE = ConsentFacts(
    covered=frozenset(consent_elements()), explained_by_licensed=True, explainer="Dr. Rao", witness="Kim, CMA",
    is_signed=True, signer_may_sign=True, interpreter_needed=False, interpreter="",
)  # fmt: skip


def test_a_complete_consent_has_no_gap():
    assert consent_gaps(COMPLETE) == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"covered": frozenset(consent_elements()) - {"risks"}}, "consent-element-missing"),
        ({"explained_by_licensed": False}, "consent-not-explained"),
        ({"explainer": ""}, "consent-not-explained"),
        ({"witness": ""}, "consent-no-witness"),
        ({"witness": "Dr. Rao"}, "consent-own-witness"),
        ({"is_signed": False}, "consent-not-signed"),
        ({"signer_may_sign": False}, "consent-wrong-signer"),
        ({"interpreter_needed": True}, "consent-no-interpreter"),
    ],
)
def test_each_gap_in_a_consent_stops(change, code):
    fields = {name: getattr(COMPLETE, name) for name in COMPLETE.__dataclass_fields__}
    assert [f.code for f in consent_gaps(ConsentFacts(**(fields | change)))] == [code]


def test_a_release_lacks_nothing_or_says_what():
    whole = list(release_elements())
    assert release_gaps(whole, is_signed=True, expires_on=TODAY, on=TODAY) == ()
    assert [f.field for f in release_gaps(whole[1:], is_signed=True, expires_on=None, on=TODAY)] == [whole[0]]
    expired = release_gaps(whole, is_signed=False, expires_on=TODAY - timedelta(days=1), on=TODAY)
    assert [f.code for f in expired] == ["release-not-signed", "release-expired"]


# Minors


def test_an_adult_consents_alone_to_everything():
    assert all(may_consent_alone(ADULT, service, on=TODAY) for service in minor_services())


def test_a_child_consents_alone_to_emergency_care_only():
    child = PatientFacts(born=date(2018, 1, 1))
    allowed = {service for service in minor_services() if may_consent_alone(child, service, on=TODAY)}
    assert allowed == {"emergency"}


def test_a_teen_asking_about_a_private_matter_makes_us_ask_the_provider():
    teen = PatientFacts(born=date(2011, 1, 1))
    decision = may_consent_alone(teen, "sexual_health", on=TODAY)
    assert decision.outcome is Outcome.ASK
    assert "the provider" in decision.who_could
    assert may_consent_alone(teen, "general", on=TODAY).outcome is Outcome.REFUSE
