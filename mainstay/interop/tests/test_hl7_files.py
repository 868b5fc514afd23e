"""Files of HL7: many messages, batches with their counts, MLLP framing, and one bad message among good ones."""

from __future__ import annotations

from mainstay.interop.hl7 import read_file


def a_message(number: int) -> str:
    return f"MSH|^~\\&|A|B|C|D|20260101||ADT^A01|{number}|P|2.5\rEVN||20260101\rPID|1||{number}||Lee\rPV1|1|O\r"


def read(*parts: str):
    return read_file("".join(parts).encode())


def places(found) -> list[str]:
    return [fault.place for fault in found.faults]


def test_messages_one_after_the_other_are_told_apart():
    found = read(a_message(1), a_message(2))
    assert [one.message.control_id for one in found.messages] == ["1", "2"]
    assert [one.line for one in found.messages] == [1, 5]
    assert not found.faults


def test_a_batch_that_counts_right_is_right():
    head, tail = "FHS|^~\\&|A\rBHS|^~\\&|A\r", "BTS|2\rFTS|1\r"
    found = read(head, a_message(1), a_message(2), tail)
    assert len(found.parsed()) == 2
    assert not found.faults
    assert [one.name for one in found.envelope] == ["FHS", "BHS", "BTS", "FTS"]


def test_wrong_counts_and_missing_ends_are_said():
    batch = "BHS|^~\\&|A\r" + a_message(1)
    assert places(read(batch, "BTS|2\r")) == ["BTS-1"]
    assert places(read(batch, "BTS|many\r")) == ["BTS-1"]
    assert places(read(batch)) == ["BTS"]
    assert places(read("FHS|^~\\&|A\r", batch, "BTS|1\rFTS|3\r")) == ["FTS-1"]
    assert places(read(batch, "BTS|1\rBTS|1\r")) == ["BTS(2)"]
    assert places(read("FHS|^~\\&\r", "FHS|^~\\&\r", batch, "BTS|1\rFTS|1\r")) == ["FHS(2)"]
    assert len(read(batch, "BTS|2\r").parsed()) == 1


def test_a_file_without_batches_counts_as_one():
    assert not read("FHS|^~\\&|A\r", a_message(1), "FTS|1\r").faults


def test_framing_and_marks_before_messages_are_taken_off():
    framed = b"".join(b"\x0b" + a_message(n).encode() + b"\x1c\r" for n in (1, 2, 3))
    assert [one.message.control_id for one in read_file(framed).messages] == ["1", "2", "3"]
    marked = read_file(b"\xef\xbb\xbf\r\n" + a_message(4).encode())
    assert marked.messages[0].message.control_id == "4"


def test_one_bad_message_leaves_the_others_alone():
    found = read(a_message(1), "MSH|^~\\&|A|B|||||ADT^A01|2|P|2.5\rpid|1\r", a_message(3))
    assert [one.message is not None for one in found.messages] == [True, False, True]
    assert found.messages[1].fault.place == "MSH-12"
    assert found.messages[1].line == 5


def test_what_is_no_message_is_said_once():
    assert places(read("{}")) == ["MSH"]
    assert places(read("")) == ["MSH"]
    assert places(read("hello\r", a_message(1))) == ["MSH"]
    assert len(read("hello\r", a_message(1)).parsed()) == 1


def test_the_end_mark_of_an_old_system_is_no_segment():
    found = read(a_message(1), a_message(2), "\x1a")
    assert len(found.parsed()) == 2 and not found.faults
