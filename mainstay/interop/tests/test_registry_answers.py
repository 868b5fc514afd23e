"""What a registry answers: acknowledgments, histories, candidates, forecasts; and how they are put beside ours."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT, EASTERN
from mainstay.interop.hl7 import Code, Fault, parse_message
from mainstay.interop.hl7.acknowledging import Ack, ack_code_for, acknowledge, header_of, verdict_of
from mainstay.interop.registries.answers import Found, ToldDose, ToldForecast, answer_of
from mainstay.interop.registries.comparing import Known, OurForecast, forecast_pairs
from mainstay.interop.registries.merging import OurDose, Standing, merge_plan

FAMILIES = {
    "03": frozenset({"Measles", "Mumps", "Rubella"}),
    "94": frozenset({"Measles", "Mumps", "Rubella", "Varicella"}),
    "21": frozenset({"Varicella"}),
    "08": frozenset({"HepB"}),
    "45": frozenset({"HepB"}),
    "20": frozenset({"Diphtheria", "Tetanus", "Pertussis"}),
    "107": frozenset({"Diphtheria", "Tetanus", "Pertussis"}),
    "10": frozenset({"Polio"}),
    "110": frozenset({"Diphtheria", "Tetanus", "Pertussis", "HepB", "Polio"}),
    "18": frozenset({"Rabies"}),
}
BORN, TODAY = date(2020, 1, 1), date(2026, 11, 20)


def an_answer(*segments: str, profile: str = "Z42"):
    head = f"MSH|^~\\&|IIS|S|EHR|C|20261120||RSP^K11^RSP_K11|9|P|2.5.1|||NE|NE|||||{profile}^CDCPHINVS"
    return answer_of(parse_message("\r".join((head, *segments, "")).encode()))


def an_ack(code: str, *errors: str):
    head = "MSH|^~\\&|IIS|S|EHR|C|20261120||ACK^V04^ACK|9|P|2.5.1"
    return verdict_of(parse_message("\r".join((head, f"MSA|{code}|MS-1", *errors, "")).encode()))


WARNING = "ERR||RXR^1^2^1^1|999^Application error^HL70357|W||||Site not recognized"
ERROR = "ERR||PID^1^5|101^Required field missing^HL70357|E||||Patient name is required"


def test_an_acknowledgment_is_accepted_accepted_with_warnings_or_rejected():
    assert (an_ack("AA").is_accepted, an_ack("AA").has_warnings) == (True, False)
    assert (an_ack("AA", WARNING).is_accepted, an_ack("AA", WARNING).has_warnings) == (True, True)
    assert (an_ack("AE", WARNING).is_accepted, an_ack("AE", WARNING).has_warnings) == (True, True)
    assert not an_ack("AE", WARNING, ERROR).is_accepted
    assert not an_ack("AE").is_accepted
    assert not an_ack("AR", WARNING).is_accepted
    assert an_ack("CA").is_accepted
    complaint = an_ack("AE", ERROR).complaints[0]
    assert (complaint.place, complaint.code, complaint.words) == ("PID-5", "101", "Patient name is required")


def test_a_receiver_in_trouble_is_told_from_a_message_that_is_wrong():
    busy = "ERR|||207^Application internal error^HL70357|E||||Database down"
    assert an_ack("AE", busy).may_pass
    assert not an_ack("AE", busy, ERROR).may_pass
    assert not an_ack("AA").may_pass


def test_our_own_acknowledgment_says_where_and_why():
    octets = b"MSH|^~\\&|LAB|L|EHR|C|20260101||ORU^R01|77|T|2.5.1\rPID|1\r"
    fault = Fault("PID", 2, 5, Code.MISSING, "The name is missing.", component=1)
    message = acknowledge(
        header_of(octets), ack_code_for(fault), control_id="A1", now=A_MOMENT, zone=EASTERN, faults=[fault]
    )
    assert (message.text("MSH-3"), message.text("MSH-5"), message.text("MSH-11")) == ("EHR", "LAB", "T")
    assert (message.text("MSA-1"), message.text("MSA-2")) == ("AE", "77")
    assert message.first("ERR").field(2) == "PID^2^5^1^1"
    assert (message.text("ERR-3"), message.text("ERR-4")) == ("101", "E")
    assert message.text("ERR-8") == "The name is missing."


@pytest.mark.parametrize(
    "octets", [b"", b"junk", b"MSH|", b"MSH|^~\\\\&|A|B||||||ADT^A01|5|P|2.5\r", b"\xff\xfeM\x00", b"MSH MSH:9,12 x"]
)
def test_even_what_cannot_be_read_gets_an_answer(octets):
    message = acknowledge(header_of(octets), Ack.REJECTED, control_id="A1", now=A_MOMENT, zone=EASTERN)
    assert message.text("MSA-1") == "AR"


def test_nobody_too_many_and_errors_are_told_apart():
    qpd = "QPD|Z44^Request|T1"
    assert an_answer("MSA|AA|1", "QAK|T1|NF|Z44", qpd, profile="Z33").found is Found.NOBODY
    assert an_answer("MSA|AA|1", "QAK|T1|TM|Z44", qpd, profile="Z33").found is Found.TOO_MANY
    assert an_answer("MSA|AA|1", "QAK|T1|PD|Z44", qpd, profile="Z33").found is Found.PROTECTED
    wrong = an_answer("MSA|AE|1", "ERR||QPD^1^2|101^x^HL70357|E", "QAK|T1|AE|Z44", qpd, profile="Z33")
    assert wrong.found is Found.ERROR
    assert wrong.complaints[0].place == "QPD-2"
    assert answer_of(parse_message(b"MSH|^~\\&|||||||ACK|1|P|2.5.1\rMSA|AR|1\r")).found is Found.ERROR


def test_candidates_are_never_chosen_for_anybody():
    pids = ("PID|1||9^^^IIS^SR||Child^Robert^^^^^L||20200101|M", "PID|2||8^^^IIS^SR||Child^Bob^^^^^L||20200101|M")
    found = an_answer("MSA|AA|1", "QAK|T1|OK|Z34", "QPD|Z34|T1", *pids, profile="Z31")
    assert found.found is Found.CANDIDATES
    assert [one.number() for one in found.candidates] == [("9", "IIS"), ("8", "IIS")]
    assert not found.doses
    assert an_answer("MSA|AA|1", "QAK|T1|OK|Z34", "QPD|Z34|T1", pids[0], profile="Z31").found is Found.CANDIDATES


def test_a_history_of_two_people_is_nobodys_history():
    pids = ("PID|1||9^^^IIS^SR||Child^Robert^^^^^L||20200101|M", "PID|2||8^^^IIS^SR||Child^Bob^^^^^L||20200101|M")
    shot = ("ORC|RE||34^IIS", "RXA|0|1|20210105||03^MMR^CVX|999|||01^Historical^NIP001|||||||||||CP")
    found = an_answer("MSA|AA|1", "QAK|T1|OK|Z44", "QPD|Z44|T1", pids[0], *shot, pids[1], *shot)
    assert found.found is Found.CANDIDATES
    assert not found.doses and found.person is None


def test_a_history_with_its_evaluation_and_forecast_is_read():
    found = an_answer(
        "MSA|AA|1",
        "QAK|T1|OK|Z44",
        "QPD|Z44|T1",
        "PID|1||1^^^C^MR~34^^^IIS^SR||Lee^Ann^^^^^L||20200101|F",
        "ORC|RE||1^IIS",
        "RXA|0|1|20200301||49281-0510-05^PEDIARIX^NDC^110^DTaP-HepB-IPV^CVX|999|||01^x^NIP001||||||AB1|20210101|SKB^GSK^MVX|||CP",
        "OBX|1|CE|30956-7^type^LN|1|45^Hep B^CVX||||||F",
        "OBX|2|ID|59781-5^validity^LN|1|N||||||F",
        "OBX|3|ST|30982-3^reason^LN|1|Too young||||||F",
        "ORC|RE||2^IIS",
        "RXA|0|1|20200401||03^MMR^CVX|999|||01||||||||||||CP",
        "ORC|RE||3^IIS",
        "RXA|0|1|202005||8^Hep B^CVX|999|||01||||||||||||CP",
        "ORC|RE||9999^IIS",
        "RXA|0|1|20261120||998^none^CVX|999||||||||||||||NA",
        "OBX|1|CE|30956-7^type^LN|1|03^MMR^CVX||||||F",
        "OBX|2|CE|59779-9^schedule^LN|1|VXC16^ACIP^CDCPHINVS||||||F",
        "OBX|3|DT|30980-7^due^LN|1|20240101||||||F",
        "OBX|4|DT|30981-5^earliest^LN|1|20210101||||||F",
        "OBX|5|NM|30973-2^number^LN|1|2||||||F",
        "OBX|6|CE|59783-1^status^LN|1|LA13423-1^Overdue^LN||||||F",
        "OBX|7|CE|30979-9^next^LN|2|10^IPV^CVX||||||F",
        "OBX|8|DT|30980-7^due^LN|2|20240201||||||F",
    )
    assert found.found is Found.HISTORY
    assert found.person.number("SR") == ("34", "IIS")
    first, second = found.doses
    assert (first.cvx, first.mvx, first.lot, first.is_valid, first.reason) == ("110", "SKB", "AB1", False, "Too young")
    assert (second.cvx, second.is_valid) == ("03", None)
    assert found.unread == ("Vaccination 3 has no whole date (RXA-3): Hep B.",)
    mmr, polio = found.forecasts
    assert (mmr.cvx, mmr.due_on, mmr.earliest_on) == ("03", date(2024, 1, 1), date(2021, 1, 1))
    assert (mmr.dose_number, mmr.status, mmr.schedule) == ("2", "Overdue", "ACIP")
    assert (polio.cvx, polio.due_on) == ("10", date(2024, 2, 1))


def told(cvx: str, day: date, **more) -> ToldDose:
    return ToldDose(number="n", given_on=day, cvx=cvx, words=f"CVX {cvx}", **more)


def plan(ours, theirs):
    return merge_plan(ours, theirs, FAMILIES, born=BORN, today=TODAY)


def standings(found) -> list[tuple[str, str]]:
    return [(one.told.cvx, one.standing.value) for one in found.compared]


def test_the_same_dose_under_another_code_or_a_day_off_is_not_brought_in_twice():
    ours = [OurDose(1, "08", date(2020, 3, 1), "HepB", "MSD", "A1"), OurDose(2, "03", date(2021, 1, 5), "MMR")]
    found = plan(ours, [told("45", date(2020, 3, 1), lot="B2"), told("03", date(2021, 1, 6))])
    assert standings(found) == [("45", "same"), ("03", "same")]
    assert not found.new
    assert not found.only_here
    assert len(found.compared[0].differences) == 2
    assert found.compared[1].differences == ("The registry says 01/06/2021, we say 01/05/2021.",)


def test_the_parts_of_a_combination_stand_for_the_one_dose_we_gave():
    ours = [OurDose(1, "110", date(2020, 3, 1), "Pediarix")]
    found = plan(ours, [told("20", date(2020, 3, 1)), told("45", date(2020, 3, 1)), told("10", date(2020, 3, 1))])
    assert {standing for _, standing in standings(found)} == {"same"}


def test_two_different_vaccines_of_one_day_are_two_doses():
    ours = [OurDose(1, "03", date(2021, 1, 5), "MMR")]
    found = plan(ours, [told("03", date(2021, 1, 5)), told("21", date(2021, 1, 5)), told("03", date(2021, 3, 5))])
    assert standings(found) == [("03", "same"), ("21", "new"), ("03", "new")]


def test_what_the_registry_has_twice_is_brought_in_once():
    ours = [OurDose(1, "03", date(2021, 1, 5), "MMR")]
    twice = [told("03", date(2021, 1, 5)), told("03", date(2021, 1, 5))]
    found = plan(ours, twice)
    assert standings(found) == [("03", "same"), ("03", "same")]
    assert len({one.key for one in found.compared}) == 2
    assert standings(plan([], twice)) == [("03", "new"), ("03", "repeated")]
    parts = [told("20", date(2020, 3, 1)), told("110", date(2020, 3, 1)), told("10", date(2020, 3, 2))]
    assert standings(plan([], parts)) == [("110", "new"), ("20", "repeated"), ("10", "repeated")]


def test_what_is_nearly_the_same_is_for_a_person_to_look_at():
    ours = [OurDose(1, "03", date(2021, 1, 5), "MMR")]
    assert standings(plan(ours, [told("03", date(2021, 1, 10))])) == [("03", "doubtful")]
    assert standings(plan([OurDose(1, "110", date(2021, 1, 5))], [told("94", date(2021, 1, 5))])) == [("94", "new")]
    partly = plan([OurDose(1, "94", date(2021, 1, 5))], [told("21", date(2021, 1, 9))])
    assert standings(partly) == [("21", "doubtful")]


def test_six_days_apart_are_too_near_for_two_doses_and_seven_are_not():
    ours = [OurDose(1, "03", date(2021, 1, 5), "MMR")]
    assert standings(plan(ours, [told("03", date(2021, 1, 11))])) == [("03", "doubtful")]
    assert standings(plan(ours, [told("03", date(2021, 1, 12))])) == [("03", "new")]


def test_rabies_doses_days_apart_are_several_doses():
    ours = [OurDose(1, "18", date(2021, 1, 1))]
    found = plan(ours, [told("18", date(2021, 1, 1)), told("18", date(2021, 1, 4)), told("18", date(2021, 1, 8))])
    assert [standing for _, standing in standings(found)] == ["same", "new", "new"]


def test_refusals_and_impossible_days_are_shown_and_not_brought_in():
    found = plan([], [told("03", date(2019, 1, 1)), told("21", date(2021, 1, 1), completion="RE")])
    assert [one.standing for one in found.compared] == [Standing.IMPOSSIBLE, Standing.NOT_GIVEN]
    assert standings(plan([], [told("03", TODAY)])) == [("03", "new")]
    assert standings(plan([], [told("03", TODAY + timedelta(days=1))])) == [("03", "impossible")]


def test_merging_what_was_merged_changes_nothing():
    theirs = [told("03", date(2021, 1, 5)), told("20", date(2021, 1, 5)), told("110", date(2021, 6, 5))]
    first = plan([], theirs)
    ours = [OurDose(n, one.told.cvx, one.told.given_on) for n, one in enumerate(first.new)]
    assert not plan(ours, theirs).new
    assert not plan(ours, list(reversed(theirs))).new


MMR = OurForecast("MMR", FAMILIES["03"], "Not Complete", True, date(2024, 1, 1), dose_number=2)


def pairs(theirs, known=Known()):
    return forecast_pairs([MMR], theirs, FAMILIES, known)


def test_forecasts_that_agree_show_no_difference():
    (pair,) = pairs([ToldForecast("03", "MMR", due_on=date(2024, 1, 5), dose_number="2")])
    assert pair.differences == ()


def test_differences_of_forecasts_come_with_their_likely_reason():
    late = ToldForecast("03", "MMR", due_on=date(2025, 1, 1), dose_number="1", schedule="ACIP")
    (pair,) = pairs([late], Known(only_there=frozenset({"Measles"})))
    assert pair.differences[0] == "The registry's date is about 12 months later."
    assert "number 1, we as 2" in pair.differences[1]
    assert "Bring them in first" in pair.differences[2]
    (pair,) = pairs([late], Known(our_schedule="AAP 2026"))
    assert "follows ACIP, we follow AAP 2026" in pair.differences[-1]


def test_groups_only_one_side_knows_are_shown_too():
    rows = pairs([ToldForecast("10", "IPV", due_on=date(2024, 1, 1))])
    assert [row.group for row in rows] == ["MMR", "IPV"]
    assert rows[0].differences == ("The registry says nothing about this group.",)
    assert rows[1].ours is None
