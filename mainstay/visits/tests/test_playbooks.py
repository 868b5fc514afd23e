from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.authority.law import acts
from mainstay.chart.panels import panels
from mainstay.visits.playbooks import (
    Period,
    Stage,
    Traits,
    complaints_of,
    conditions_of,
    playbooks,
    read_age_range,
    read_period,
    screening_intervals,
    screenings_due,
    select_steps,
    staff_minutes,
    step_library,
    supplies_needed,
    trait_kinds,
)
from mainstay.visits.playbooks.tables import step_groups

TODAY = date(2026, 11, 21)
ACTS = set(acts())
NEVER_A_STEP = {"ecg_interpret", "iv_med", "iv_start", "laser_energy", "local_anaesthetic", "phone_triage_advice"}


def aged(years: int = 0, months: int = 0, days: int = 0) -> date:
    born = Period(years * 12 + months, "m").before(TODAY)
    return born - timedelta(days=days)


def codes(book: str, traits: Traits) -> list[str]:
    return [step.code for step in select_steps(playbooks()[book], traits, on=TODAY)]


traits_of_anybody = st.builds(
    Traits,
    born=st.none() | st.dates(date(1920, 1, 1), TODAY),
    sex=st.sampled_from(["female", "male", "other", "unknown"]),
    is_pregnant=st.none() | st.booleans(),
    is_first_visit=st.booleans(),
    marks=st.frozensets(st.sampled_from(sorted(trait_kinds()))),
    last_done=st.dictionaries(
        st.sampled_from(["phq-2", "phq-9", "vitals", "tobacco"]), st.dates(date(2024, 1, 1), TODAY)
    ),
    scores=st.dictionaries(st.sampled_from(["phq-2", "phq-9"]), st.integers(0, 27)),
)


# The tables


def test_the_kinds_of_visit_people_expect_are_there():
    expected = {
        "adult_physical", "well_child", "new_patient", "chronic_followup", "acute_visit", "injection_visit",
        "wound_check", "suture_removal", "pre_op", "medicare_wellness", "womens_health", "telehealth", "nurse_visit",
        "newborn_first", "procedure_visit", "vaccine_visit", "prenatal", "lab_visit", "bp_check", "hospital_followup",
        "behavioral_followup",
    }  # fmt: skip
    assert set(playbooks()) == expected


@pytest.mark.parametrize("book", playbooks().values(), ids=lambda b: b.code)
def test_a_playbook_names_only_things_that_exist(book):
    assert book.source
    assert book.reviewed_by
    assert book.minutes > 0
    known = {interval.code for interval in screening_intervals()}
    assert set(book.screenings) <= known
    for step in book.steps:
        assert step.minutes > 0
        assert len(step.title) <= 110
        assert not step.act or step.act in ACTS - NEVER_A_STEP, step.code
        assert not step.panel or step.panel in panels(), step.code
        if step.when:
            marks = step.when.any_of | step.when.all_of | step.when.none_of
            assert marks <= set(trait_kinds()), step.code
            assert step.when.sex in ("", "female", "male")


@pytest.mark.parametrize("book", playbooks().values(), ids=lambda b: b.code)
def test_a_playbook_hands_over_to_somebody_or_closes_with_the_room(book):
    stages = {step.stage for step in book.steps}
    assert Stage.ARRIVE in stages
    assert Stage.CLEAN_UP in stages or book.code == "telehealth"


@pytest.mark.parametrize("book", playbooks().values(), ids=lambda b: b.code)
def test_the_patient_is_identified_before_anything_is_done(book):
    names = [step.code for step in select_steps(book, Traits(born=aged(40), sex="female"), on=TODAY)]
    first_touch = next(
        step.position
        for step in select_steps(book, Traits(born=aged(40), sex="female"), on=TODAY)
        if step.stage in (Stage.MEASURE, Stage.COLLECT, Stage.GIVE, Stage.SCREEN)
    )
    identify = "video_identify" if book.code == "telehealth" else "identify"
    assert names.index(identify) + 1 < first_touch


def test_every_shared_step_is_used_and_every_group_resolves():
    used = {step.code for book in playbooks().values() for step in book.steps}
    assert set(step_library()) <= used
    for members in step_groups().values():
        assert set(members) <= set(step_library())


def test_a_step_that_needs_leave_is_asked_for_only_when_ordered_or_routine():
    routine = {
        "glucose_fingerstick", "a1c_fingerstick", "fluoride_varnish", "newborn_screen_second", "hemoglobin_12m",
        "lead_capillary", "refills_list", "remove_sutures", "urine_prenatal", "pregnancy_before_surgery",
        "give_vaccine", "glucose_drink", "ecg", "urine_pregnancy_test",
    }  # fmt: skip
    for book in playbooks().values():
        for step in book.steps:
            if step.act and step.code not in routine:
                assert step.when and any("ordered" in mark for mark in step.when.any_of | step.when.all_of), step.code


def test_two_reasons_for_one_screening_never_disagree_about_its_name():
    titles = {(i.code, i.title, i.minutes, i.is_reminder) for i in screening_intervals()}
    assert len(titles) == len({i.code for i in screening_intervals()})
    assert all(i.source for i in screening_intervals())


def test_the_authority_engine_knows_the_acts_named_here():
    assert len(ACTS) >= 28
    assert NEVER_A_STEP <= ACTS


# Selection


@given(st.sampled_from(sorted(playbooks())), traits_of_anybody)
def test_any_patient_gets_each_step_once_in_order_of_stages(book, traits):
    steps = select_steps(playbooks()[book], traits, on=TODAY)
    assert [s.position for s in steps] == list(range(1, len(steps) + 1))
    assert len({s.code for s in steps}) == len(steps)
    assert [s.stage.rank for s in steps] == sorted(s.stage.rank for s in steps)
    assert staff_minutes(steps) <= sum(s.minutes for s in steps)
    needed = supplies_needed(steps)
    assert len(needed) == len(set(needed))


@given(st.sampled_from(sorted(playbooks())), traits_of_anybody)
def test_a_man_is_never_asked_for_his_last_period(book, traits):
    man = Traits(born=traits.born, sex="male", marks=traits.marks)
    assert "last_period" not in codes(book, man)


def test_somebody_whose_sex_is_not_recorded_may_be_asked_for_the_last_period():
    steps = select_steps(playbooks()["adult_physical"], Traits(born=aged(30)), on=TODAY)
    step = next(s for s in steps if s.code == "last_period")
    assert not step.is_required
    assert "sex not recorded" in step.reason


def test_a_diabetic_gets_feet_looked_at_and_others_do_not():
    person = Traits(born=aged(60), sex="male")
    assert "foot_monofilament" not in codes("chronic_followup", person)
    diabetic = Traits(born=aged(60), sex="male", marks=conditions_of(["E11.9", "I10"]))
    chosen = codes("chronic_followup", diabetic)
    assert {"shoes_off", "foot_look", "foot_monofilament", "home_bp_log", "home_sugar_log"} <= set(chosen)
    assert chosen.index("shoes_off") < chosen.index("foot_monofilament")


def test_a_foot_test_done_last_month_is_not_asked_again():
    diabetic = Traits(
        born=aged(60), marks=frozenset({"diabetes"}), last_done={"foot_monofilament": TODAY - timedelta(days=30)}
    )
    assert "foot_monofilament" not in codes("chronic_followup", diabetic)
    assert "foot_look" in codes("chronic_followup", diabetic)


@pytest.mark.parametrize(
    ("born", "present", "absent"),
    [
        (aged(months=2), {"growth_infant", "feeding", "sleep_safety", "undress_infant"}, {"growth_child", "school"}),
        (aged(months=12), {"growth_infant", "photoscreen", "hemoglobin_12m", "toddler_safety"}, {"sleep_safety"}),
        (aged(months=18), {"growth_infant", "photoscreen", "screen_asq", "screen_m_chat_r"}, {"vision_child"}),
        (aged(years=3), {"growth_child", "photoscreen", "milestones"}, {"growth_infant", "hearing_child"}),
        (aged(years=6), {"growth_child", "vision_child", "hearing_child", "school"}, {"time_alone", "photoscreen"}),
        (aged(years=14), {"time_alone", "teen_questions", "screen_phq_2", "hearing_teen"}, {"school", "milestones"}),
    ],
)
def test_a_well_child_visit_follows_the_age(born, present, absent):
    chosen = set(codes("well_child", Traits(born=born, sex="female")))
    assert present <= chosen
    assert not absent & chosen


def test_blood_lead_is_collected_from_a_toddler_on_medicaid():
    assert "lead_capillary" not in codes("well_child", Traits(born=aged(months=12)))
    assert "lead_capillary" in codes("well_child", Traits(born=aged(months=12), marks=frozenset({"medicaid"})))


def test_an_earlier_reaction_makes_the_wait_thirty_minutes():
    ordered = frozenset({"ordered_injection_im"})
    assert "observe_15" in codes("injection_visit", Traits(born=aged(40), marks=ordered))
    watched = codes("injection_visit", Traits(born=aged(40), marks=ordered | {"prior_reaction"}))
    assert "observe_30" in watched
    assert "observe_15" not in watched


def test_nothing_is_injected_without_an_order():
    given_codes = {"give_im", "give_sc", "give_id", "give_vaccine", "give_oral", "give_nebulizer"}
    assert not given_codes & set(codes("acute_visit", Traits(born=aged(40))))


def test_a_chest_complaint_brings_an_ecg_and_an_oxygen_level():
    chosen = codes("acute_visit", Traits(born=aged(60), marks=frozenset({"complaint_chest"})))
    assert {"ecg", "oxygen_level", "symptom_questions"} <= set(chosen)


def test_fever_with_rash_closes_the_room_for_its_air():
    chosen = codes("acute_visit", Traits(born=aged(5), marks=frozenset({"complaint_fever", "complaint_rash"})))
    assert "close_room_air" in chosen
    assert "close_room_air" not in codes("acute_visit", Traits(born=aged(5), marks=frozenset({"complaint_rash"})))


def test_a_telehealth_visit_prepares_no_room_and_takes_no_needle():
    chosen = codes("telehealth", Traits(born=aged(50), marks=frozenset(trait_kinds())))
    assert "where_are_you" in chosen
    assert not {"clean_room", "collect_blood", "give_im", "vitals_adult"} & set(chosen)


def test_an_interpreter_is_connected_for_who_needs_one():
    assert "meet_interpreter" not in codes("new_patient", Traits(born=aged(50)))
    assert "meet_interpreter" in codes("new_patient", Traits(born=aged(50), marks=frozenset({"needs_interpreter"})))


def test_conditions_come_from_problem_codes_with_or_without_dot():
    assert conditions_of(["E11.65", "i10"]) == {"diabetes", "hypertension"}
    assert conditions_of(["I13.0"]) == {"hypertension", "heart_failure"}
    assert conditions_of(["Z23"]) == frozenset()


@pytest.mark.parametrize(
    ("reason", "marks"),
    [
        ("chest tightness and cough", {"complaint_chest", "complaint_cough"}),
        ("tos y fiebre", {"complaint_cough", "complaint_fever"}),
        ("fever and rash since Monday", {"complaint_fever", "complaint_rash"}),
        ("no fever, sore throat", {"complaint_sore_throat"}),
        ("burning when I pee", {"complaint_urinary"}),
        ("fell off a ladder, dizzy", {"complaint_injury", "complaint_dizzy"}),
        ("le duele el oído", {"complaint_ear"}),
        ("yearly physical", set()),
        ("", set()),
    ],
)
def test_the_reason_of_a_visit_sets_its_complaints(reason, marks):
    assert complaints_of(reason) == marks


def test_pregnancy_is_known_from_a_record_or_else_from_a_problem():
    listed = Traits(born=aged(30), sex="female", marks=conditions_of(["Z34.01"]))
    assert "prenatal_questions" in codes("acute_visit", listed)
    said_no = Traits(born=aged(30), sex="female", is_pregnant=False, marks=conditions_of(["Z34.01"]))
    assert "prenatal_questions" not in codes("acute_visit", said_no)
    assert "prenatal_questions" not in codes("acute_visit", Traits(born=aged(30), sex="female"))


# Screenings due


def due_codes(traits: Traits) -> set[str]:
    return {due.code for due in screenings_due(traits, on=TODAY)}


def test_mood_is_asked_yearly_from_the_twelfth_birthday():
    assert "phq-2" in due_codes(Traits(born=aged(12)))
    assert "phq-2" not in due_codes(Traits(born=aged(12) + timedelta(days=1)))
    assert "phq-2" not in due_codes(Traits(born=aged(40), last_done={"phq-2": TODAY - timedelta(days=364)}))
    assert "phq-2" in due_codes(Traits(born=aged(40), last_done={"phq-2": TODAY - timedelta(days=365)}))


def test_a_mood_score_of_three_asks_for_the_longer_tool_until_it_is_answered():
    low = Traits(born=aged(40), last_done={"phq-2": TODAY}, scores={"phq-2": 2})
    high = Traits(born=aged(40), last_done={"phq-2": TODAY}, scores={"phq-2": 3})
    answered = Traits(born=aged(40), last_done={"phq-2": TODAY, "phq-9": TODAY}, scores={"phq-2": 3})
    assert "phq-9" not in due_codes(low)
    assert "phq-9" in due_codes(high)
    assert "phq-9" not in due_codes(answered)


def test_known_depression_is_followed_with_the_longer_tool():
    due = due_codes(Traits(born=aged(40), marks=frozenset({"depression"})))
    assert "phq-9" in due
    assert "phq-2" not in due


def test_falls_are_asked_from_sixty_five():
    assert "falls-3" in due_codes(Traits(born=aged(65)))
    assert "falls-3" not in due_codes(Traits(born=aged(65) + timedelta(days=1)))


def test_a_screening_tied_to_an_age_counts_when_done_up_to_a_month_early():
    born = aged(months=18)
    assert "m-chat-r" in due_codes(Traits(born=born))
    assert "m-chat-r" not in due_codes(Traits(born=born, last_done={"m-chat-r": TODAY - timedelta(days=20)}))
    assert "m-chat-r" in due_codes(Traits(born=born, last_done={"m-chat-r": TODAY - timedelta(days=90)}))


def test_licensed_tools_are_reminders_and_open_nothing():
    steps = select_steps(playbooks()["well_child"], Traits(born=aged(months=18)), on=TODAY)
    step = next(s for s in steps if s.code == "screen_m_chat_r")
    assert step.screening == ""
    assert not step.is_required


# Ages


def test_an_age_range_ends_the_day_before_the_next_birthday():
    teens = read_age_range("12y..17y")
    assert teens.holds(date(2008, 11, 22), TODAY)
    assert not teens.holds(date(2008, 11, 21), TODAY)
    assert teens.holds(date(2014, 11, 21), TODAY)
    assert not teens.holds(date(2014, 11, 22), TODAY)


def test_a_leap_day_birthday_comes_of_age_on_the_last_of_february():
    assert Period(1, "y").after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert read_age_range("1y..").holds(date(2024, 2, 29), date(2025, 2, 28))


@given(st.dates(date(1920, 1, 1), date(2026, 1, 1)), st.integers(0, 1200))
def test_every_age_in_months_is_in_exactly_one_of_neighboring_ranges(born, days):
    on = born + timedelta(days=days * 30)
    ranges = [read_age_range(text) for text in ("..23m", "2y..11y", "12y..17y", "18y..64y", "65y..")]
    assert sum(r.holds(born, on) for r in ranges) == 1


@pytest.mark.parametrize("text", ["", "12", "12y", "..", "a..b"])
def test_words_that_are_no_age_range_are_refused(text):
    with pytest.raises(ValueError, match="not a"):
        read_age_range(text)


@pytest.mark.parametrize("text", ["", "y", "1 y", "-1y", "1q"])
def test_words_that_are_no_period_are_refused(text):
    with pytest.raises(ValueError, match="not a period"):
        read_period(text)
