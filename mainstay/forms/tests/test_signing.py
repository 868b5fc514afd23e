"""Who may sign, what a form lacks, and what stays as it was signed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, connections, transaction

from mainstay.forms import actions, queries
from mainstay.forms.actions import Signing
from mainstay.forms.errors import FormIsSettled, WrongSigner
from mainstay.forms.models import FormResponse
from mainstay.foundation.errors import IllegalMove, InvalidInput, NeedsConfirmation, NotPermitted, StopFound
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT
from mainstay.people.models import NeedKind, Patient
from mainstay.visits.tests.factories import a_patient, a_person, acting_as

pytestmark = pytest.mark.django_db

SELF = Signing(name="Jo Doe")
PROCEDURE = {"why": "A lump", "what": "Removal, left arm", "who": "Dr. Patel"}


@pytest.fixture
def ma():
    return acting_as(a_person("maria", "clinical_ma"))


@pytest.fixture
def doctor():
    return acting_as(a_person("patel", "provider"))


def given(actor, form="consent_to_treat", patient=None, language="en"):
    return actions.give_form(
        actor=actor, patient=patient or Patient.objects.first() or a_patient(), form=form, language=language
    )


def a_child(**more):
    return a_patient("100007", given_name="Kit", birth_date=date(2015, 5, 5), **more)


def a_mother(child, **more):
    facts = {"name": "Ana Doe", "relationship": "mother", "authority": "parent"}
    return child.related_people.create(**{**facts, **more})


def test_a_form_is_pinned_to_the_text_of_its_day_and_to_its_language(ma):
    response = given(ma, "npp_acknowledgement", language="es")
    assert (response.version, response.language, response.status) == ("2026-02-16", "es", "assigned")
    before = ma.at(A_MOMENT.replace(year=2025))
    other = given(before, "npp_acknowledgement", patient=a_patient("100002"))
    assert other.version == "2013-09-23"


def test_the_same_form_is_given_once_while_it_is_open(ma):
    first = given(ma)
    again = actions.give_form(actor=ma, patient=first.patient, form="consent_to_treat", language="es")
    assert again.pk == first.pk and again.language == "es"


def test_a_form_nobody_has_a_text_for_is_not_given(ma):
    with pytest.raises(InvalidInput):
        given(ma, "a_dance_card")
    with pytest.raises(InvalidInput):
        given(ma, language="fr")


def test_a_patient_signs_and_the_form_stays_as_it_was_signed(ma):
    response = actions.sign_form(actor=ma, response=given(ma), answers={}, signing=SELF)
    assert response.status == "signed" and response.signer_relation == "self" and len(response.seal) == 64
    with pytest.raises(ProgrammingError), transaction.atomic():
        FormResponse.objects.filter(pk=response.pk).update(answers={"a": "b"})
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE forms_formresponse SET signer_name = 'Nobody' WHERE id = %s", [response.pk])
    with pytest.raises(FormIsSettled):
        actions.keep_answers(actor=ma, response=response, answers={"a": "b"})
    with pytest.raises(FormIsSettled):
        actions.sign_form(actor=ma, response=response, answers={}, signing=SELF)


def test_a_question_that_must_be_answered_stops_the_signature_by_name(ma):
    response = given(ma, "vaccine_screening")
    with pytest.raises(StopFound) as stopped:
        actions.sign_form(actor=ma, response=response, answers={"ill": "no"}, signing=SELF)
    assert {f.field for f in stopped.value.findings} >= {"allergy", "reaction"}
    assert "ill" not in {f.field for f in stopped.value.findings}


def test_a_child_does_not_sign_and_is_told_who_does(ma):
    response = given(ma, patient=a_child())
    with pytest.raises(WrongSigner, match="parent or guardian"):
        actions.sign_form(actor=ma, response=response, answers={}, signing=SELF)


def test_a_mother_signs_for_her_child(ma):
    child = a_child()
    signing = Signing(name="Ana Doe", proxy=a_mother(child))
    response = actions.sign_form(actor=ma, response=given(ma, patient=child), answers={}, signing=signing)
    assert (response.signer_relation, response.signer_person.name) == ("mother", "Ana Doe")


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"authority": "guardian", "authority_until": date(2026, 6, 1)}, "ended"),
        ({"authority": "none"}, "contact only"),
        ({"authority": "guardian", "authority_from": date(2027, 1, 1)}, "begins"),
    ],
)
def test_a_proxy_without_authority_today_is_refused_with_the_reason(ma, facts, why):
    child = a_child()
    signing = Signing(name="Ana Doe", proxy=a_mother(child, **facts))
    with pytest.raises(WrongSigner, match=why):
        actions.sign_form(actor=ma, response=given(ma, patient=child), answers={}, signing=signing)


def test_a_parent_no_longer_signs_for_somebody_who_turned_eighteen(ma):
    grown = a_patient("100008", birth_date=date(2008, 11, 1))
    signing = Signing(name="Ana Doe", proxy=a_mother(grown))
    with pytest.raises(WrongSigner, match="turned 18"):
        actions.sign_form(actor=ma, response=given(ma, patient=grown), answers={}, signing=signing)


def test_somebody_elses_mother_signs_nothing(ma):
    signing = Signing(name="Ana Doe", proxy=a_mother(a_child()))
    with pytest.raises(WrongSigner, match="not among"):
        actions.sign_form(actor=ma, response=given(ma, patient=a_patient()), answers={}, signing=signing)


def test_a_teen_answers_the_private_questions_alone(ma):
    teen = a_patient("100009", birth_date=date(2011, 5, 5))
    response = given(ma, "teen_questionnaire", patient=teen)
    with pytest.raises(WrongSigner, match="patient alone"):
        actions.sign_form(actor=ma, response=response, answers={}, signing=Signing("Ana Doe", proxy=a_mother(teen)))
    assert actions.sign_form(actor=ma, response=response, answers={}, signing=Signing("Kit Doe")).status == "signed"


def test_a_minor_consents_alone_only_where_somebody_checked_the_law(ma):
    teen = a_patient("100009", birth_date=date(2011, 5, 5))
    response = given(ma, patient=teen)
    signing = Signing("Kit Doe", service="sexual_health")
    with pytest.raises(NeedsConfirmation):
        actions.sign_form(actor=ma, response=response, answers={}, signing=signing)
    checked = Confirmations({"minor-consents-alone": "Dr. Patel confirmed it for New York"})
    signed = actions.sign_form(actor=ma, response=response, answers={}, signing=signing, confirmed=checked)
    assert signed.minor_service == "sexual_health" and "Dr. Patel" in signed.minor_reason


def test_a_refusal_is_written_down_and_can_still_become_a_signature(ma):
    response = given(ma)
    with pytest.raises(InvalidInput):
        actions.decline_form(actor=ma, response=response, reason="  ")
    declined = actions.decline_form(actor=ma, response=response, reason="Wants to read it at home")
    assert declined.status == "declined"
    assert actions.sign_form(actor=ma, response=declined, answers={}, signing=SELF).status == "signed"


def test_a_newer_signature_supersedes_the_one_before_but_releases_stand_side_by_side(ma):
    patient = a_patient()
    first = actions.sign_form(actor=ma, response=given(ma, patient=patient), answers={}, signing=SELF)
    later = ma.at(A_MOMENT + timedelta(days=400))
    second = actions.sign_form(actor=later, response=given(later, patient=patient), answers={}, signing=SELF)
    first.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "signed")
    release = {
        "from_whom": "A", "to_whom": "B", "what": ["labs"], "purpose": "care", "expiry": "2027-01-01"
    }  # fmt: skip
    for _ in range(2):
        response = given(ma, "records_release", patient=patient)
        signed = actions.sign_form(actor=ma, response=response, answers=release, signing=SELF)
    assert FormResponse.objects.filter(form="records_release", status="signed").count() == 2
    assert signed.expires_on == date(2027, 1, 1)
    assert queries.consent_findings(signed, on=date(2026, 12, 1)) == ()
    assert [f.code for f in queries.consent_findings(signed, on=date(2027, 1, 2))] == ["release-expired"]


def test_what_is_taken_back_stays_readable_and_is_due_again(ma):
    patient = a_patient()
    signed = actions.sign_form(actor=ma, response=given(ma, patient=patient), answers={}, signing=SELF)
    due = lambda: {p.form for p in queries.papers_due(patient, playbook="acute_visit", marks=(), on=ma.today)}  # noqa: E731  # asked again and again below
    assert "consent_to_treat" not in due()
    actions.withdraw_form(actor=ma, response=signed, reason="Changed my mind")
    assert "consent_to_treat" in due()
    assert queries.form_words(queries.response_for(ma, signed.public_id))["ends"][-1].endswith("Changed my mind")


def test_a_procedure_is_explained_by_a_provider_first_and_witnessed_by_somebody_else(ma, doctor):
    response = given(ma, "procedure_consent")
    with pytest.raises(StopFound, match="licensed provider"):
        actions.sign_form(actor=ma, response=response, answers=PROCEDURE, signing=SELF)
    with pytest.raises(NotPermitted):
        actions.explain_form(actor=ma, response=response)
    actions.explain_form(actor=doctor, response=response)
    with pytest.raises(StopFound, match="What is done"):
        actions.sign_form(actor=ma, response=response, answers={"why": "A lump", "who": "x"}, signing=SELF)
    signed = actions.sign_form(actor=ma, response=response, answers=PROCEDURE, signing=SELF)
    assert [f.code for f in queries.consent_findings(signed, on=ma.today)] == ["consent-no-witness"]
    with pytest.raises(NotPermitted):
        actions.witness_form(actor=doctor, response=signed)
    tomorrow = ma.at(A_MOMENT + timedelta(days=1))
    with pytest.raises(IllegalMove, match="same day"):
        actions.witness_form(actor=tomorrow, response=signed)
    witnessed = actions.witness_form(actor=ma, response=signed)
    assert queries.consent_findings(witnessed, on=ma.today) == ()
    with pytest.raises(IllegalMove, match="already"):
        actions.witness_form(actor=ma, response=signed)


def test_who_explained_it_never_witnesses_it():
    both = acting_as(a_person("both", "provider", "clinical_ma"))
    response = given(both, "procedure_consent")
    actions.explain_form(actor=both, response=response)
    with pytest.raises(InvalidInput, match="cannot witness"):
        actions.sign_form(
            actor=both, response=response, answers=PROCEDURE, signing=Signing("Jo Doe", is_witnessed=True)
        )


def test_a_consent_through_an_interpreter_names_the_interpreter(ma, doctor):
    patient = a_patient()
    patient.needs.create(kind=NeedKind.INTERPRETER, detail="Vietnamese")
    response = given(ma, "procedure_consent", patient=patient)
    actions.explain_form(actor=doctor, response=response)
    with pytest.raises(StopFound, match="interpreter"):
        actions.sign_form(actor=ma, response=response, answers=PROCEDURE, signing=SELF)
    signing = Signing("Jo Doe", interpreter="Line 55012")
    assert actions.sign_form(actor=ma, response=response, answers=PROCEDURE, signing=signing).interpreter


def test_a_signed_paper_is_filed_in_the_chart_and_is_the_form(ma):
    patient = a_patient()
    response = given(ma, "abn", patient=patient)
    with pytest.raises(InvalidInput, match="own paper"):
        actions.sign_form(actor=ma, response=response, answers={}, signing=SELF)
    scan, wrong, right = b"%PDF-1.7 signed", ("Roe", patient.birth_date), ("doe", patient.birth_date)
    with pytest.raises(InvalidInput, match="not this patient"):
        actions.file_signed_paper(actor=ma, response=response, content=scan, keys=wrong, signing=SELF)
    signed = actions.file_signed_paper(actor=ma, response=response, content=scan, keys=right, signing=SELF)
    assert (signed.status, signed.signed_how, signed.document.kind) == ("signed", "paper", "consent")


@pytest.mark.parametrize("drawing", ["M0 0L10 10<script>", "M-1 0L2 2", "x" * 30_000, "M0 0 L99999 2"])
def test_only_strokes_are_taken_as_a_drawn_signature(ma, drawing):
    with pytest.raises(InvalidInput):
        actions.sign_form(actor=ma, response=given(ma), answers={}, signing=Signing("Jo Doe", drawing=drawing))


def test_a_form_given_out_in_error_is_taken_back_with_a_reason(ma):
    response = given(ma)
    with pytest.raises(InvalidInput):
        actions.take_back_form(actor=ma, response=response, reason="")
    assert actions.take_back_form(actor=ma, response=response, reason="Wrong chart").status == "taken_back"
    with pytest.raises(FormIsSettled):
        actions.decline_form(actor=ma, response=response, reason="No")


def test_who_has_no_right_to_forms_changes_nothing(ma):
    trainee = acting_as(a_person("tim", "trainee"))
    response = given(ma)
    for act in (
        lambda: given(trainee, patient=response.patient),
        lambda: actions.sign_form(actor=trainee, response=response, answers={}, signing=SELF),
        lambda: actions.decline_form(actor=trainee, response=response, reason="No"),
        lambda: actions.withdraw_form(actor=trainee, response=response, reason="No"),
        lambda: queries.response_for(trainee, response.public_id),
        lambda: actions.give_leaflet(actor=trainee, patient=response.patient, leaflet="wound_care", language="en"),
    ):
        with pytest.raises(NotPermitted):
            act()
    response.refresh_from_db()
    assert response.status == "assigned"


def test_a_leaflet_given_keeps_its_wording_and_what_was_said_back(ma):
    given_ = actions.give_leaflet(
        actor=ma, patient=a_patient(), leaflet="wound_care", language="es-MX", said_back="Lavo mis manos"
    )
    assert (given_.language, given_.version) == ("es", "2026-11-21")
    other = acting_as(a_person("lee", "clinical_ma"))
    with pytest.raises(IllegalMove):
        actions.withdraw_leaflet(actor=other, given=given_)
    assert actions.withdraw_leaflet(actor=ma, given=given_).is_withdrawn


@pytest.mark.django_db(transaction=True)
def test_five_desks_sign_one_form_and_one_does():
    ma = acting_as(a_person("maria", "clinical_ma"))
    response = given(ma)

    def sign(_):
        try:
            actions.sign_form(actor=ma, response=response, answers={}, signing=SELF)
            return "signed"
        except FormIsSettled:
            return "settled"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as desks:
        outcomes = sorted(desks.map(sign, range(5)))
    assert outcomes == ["settled"] * 4 + ["signed"]
    assert FormResponse.objects.get(pk=response.pk).steps.filter(name="sign").count() == 1


@pytest.mark.django_db(transaction=True)
def test_five_desks_give_one_form_and_there_is_one():
    ma, patient = acting_as(a_person("maria", "clinical_ma")), a_patient()

    def give(_):
        try:
            return given(ma, patient=patient).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as desks:
        assert len(set(desks.map(give, range(5)))) == 1
    assert FormResponse.objects.count() == 1
