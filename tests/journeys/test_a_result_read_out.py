"""A result for the patient: the clinician's words are read out exactly as signed, and a question goes back up."""

from __future__ import annotations

from mainstay.messages.models import Message, Relay, Thread
from mainstay.visits.tests.factories import a_patient, a_person, a_site
from mainstay.work.models import WorkItem

ASKED = "Is my cholesterol result back, and do I keep taking the pill?"
WORDS = 'Your LDL is 96 mg/dL; on 3 March it was 131. "Keep on with the tablet: 10 mg, one each evening."'
QUESTION = "Can I take it with grapefruit juice?"
ANSWER = "Leave grapefruit out altogether while you take it."


def given_the_question_is_taken_in(desk, patient):
    desk.opens(f"/messages/new/{patient.public_id}/")
    desk.page.get_by_label("How it came").select_option(label="Voicemail")
    desk.page.get_by_label("About").select_option(label="Question about a result")
    desk.types("Their words, exactly", ASKED).presses("Take it in").reads(ASKED)


def when_the_clinician_signs(doctor, decided, words, work):
    doctor.opens("/work/").follows(work)
    doctor.follows("Open where it is done")
    doctor.types("Decided", decided).types("Words for the patient, exactly as they are read out", words)
    doctor.presses("Sign and send").reads("Signed words: read exactly, add nothing.")


def then_the_exact_words_are_before_the_reader(ma, words, nth=0):
    ma.opens("/work/").follows("Read the answer to Jo Doe").follows("Open where it is done")
    shown = ma.page.get_by_label("To be read word for word").nth(nth)
    assert shown.inner_text().strip() == words
    assert shown.locator("xpath=ancestor::li").get_by_role("textbox").filter(has_text=words).count() == 0


def then_nothing_is_closed_before_it_is_read(ma):
    ma.types("What came of it", "Told").presses("Close")
    ma.reads("The clinician's words have not been read to the patient yet.")
    assert Thread.objects.get().closed_at is None


def when_it_was_not_said_back(ma):
    ma.presses("I read it to them").reads("Ask them to say it back.")
    assert not Relay.objects.exists()
    ma.page.locator("[name=question]").fill(QUESTION)
    ma.presses("I read it to them").reads(QUESTION)


def when_it_is_said_back(ma):
    ma.ticks("They said it back correctly").presses("I read it to them").reads("said back")


def given_an_answer_to_read(at_a_screen, state):
    a_site(state=state)
    patient = a_patient()
    doctor = at_a_screen(a_person("dana", "provider", licence="MD"))
    given_the_question_is_taken_in(at_a_screen(a_person("lee", "administrative_ma")), patient)
    when_the_clinician_signs(doctor, "Stay on the statin", WORDS, f"Question about a result: {ASKED}")
    return doctor


def test_a_result_is_read_word_for_word_and_what_is_asked_back_goes_to_the_clinician(at_a_screen, now):
    doctor, mia = given_an_answer_to_read(at_a_screen, "AZ"), a_person("mia", "clinical_ma")
    ma = at_a_screen(mia)
    then_the_exact_words_are_before_the_reader(ma, WORDS)
    then_nothing_is_closed_before_it_is_read(ma)
    when_it_was_not_said_back(ma)
    assert not WorkItem.objects.filter(kind="relay", state__in=("open", "taken")).exists()
    when_the_clinician_signs(doctor, "No grapefruit", ANSWER, f"Question about a result: {ASKED}")
    then_the_exact_words_are_before_the_reader(ma, ANSWER, nth=1)
    when_it_is_said_back(ma)
    ma.types("What came of it", "Understood").presses("Close")
    assert Thread.objects.get().closed_at is not None
    first, second = Relay.objects.order_by("pk")
    assert (first.message.text, first.question_passed_up, first.is_taught_back) == (WORDS, QUESTION, False)
    assert (second.message.text, second.by, second.is_taught_back) == (ANSWER, mia, True)
    assert not WorkItem.objects.filter(state__in=("open", "taken")).exists()
    assert [one.text for one in Message.objects.filter(is_for_relay=True).order_by("pk")] == [WORDS, ANSWER]


def test_where_the_law_keeps_results_from_medical_assistants_a_nurse_reads_it(at_a_screen, now):
    given_an_answer_to_read(at_a_screen, "NY")
    ma, nurse = at_a_screen(a_person("mia", "clinical_ma")), at_a_screen(a_person("nora", "nurse", licence="RN"))
    then_the_exact_words_are_before_the_reader(ma, WORDS)
    assert ma.page.get_by_role("button", name="I read it to them").is_disabled()
    ma.reads("pass on an abnormal or positive result")
    then_the_exact_words_are_before_the_reader(nurse, WORDS)
    when_it_is_said_back(nurse)
    assert Relay.objects.get().by.username == "nora"
