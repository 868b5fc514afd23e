"""Whatever can be written can be read again, and the other way round."""

from __future__ import annotations

import string

from hypothesis import assume, given
from hypothesis import strategies as st

from mainstay.interop.hl7 import (
    NULL,
    STANDARD,
    Delimiters,
    Malformed,
    Message,
    escape,
    new_message,
    parse_message,
    read_file,
    segment,
    unescape,
    write_message,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
components = st.one_of(texts, st.lists(texts, max_size=3))
repetitions = st.one_of(texts, st.lists(components, max_size=4).map(tuple))
values = st.one_of(repetitions, st.lists(repetitions, max_size=3))
names = st.from_regex(r"[A-Z][A-Z0-9]{2}", fullmatch=True).filter(lambda name: name not in ("MSH", "BHS", "FHS"))
marks = st.lists(st.sampled_from("|^~\\&#!%*$@;"), min_size=5, max_size=6, unique=True).map(lambda m: Delimiters(*m))


def a_header(delimiters: Delimiters):
    return segment("MSH", {3: "A", 9: ("ADT", "A01"), 10: "1", 11: "P", 12: "2.5.1"}, delimiters)


@given(texts, marks)
def test_escaping_hides_and_gives_back_any_text(text, delimiters):
    hidden = escape(text, delimiters)
    assert not set(hidden) & set(delimiters.field + delimiters.component + delimiters.repetition + "\r\n")
    assert unescape(hidden, delimiters) == text


@given(marks, st.lists(st.tuples(names, st.dictionaries(st.integers(1, 12), values, max_size=6)), max_size=5))
def test_a_message_written_and_read_is_the_same_message(delimiters, content):
    message = new_message([a_header(delimiters), *(segment(name, fields, delimiters) for name, fields in content)])
    assert parse_message(write_message(message)) == message


@given(marks, st.lists(st.tuples(names, st.dictionaries(st.integers(1, 12), values, max_size=6)), max_size=5))
def test_every_leaf_of_a_segment_taken_apart_is_the_one_that_is_read_alone(delimiters, content):
    message = new_message([a_header(delimiters), *(segment(name, fields, delimiters) for name, fields in content)])
    for one in parse_message(write_message(message)).segments:
        trees = one.trees()
        assert trees == [one.tree(number) for number in range(1, len(one.raw) + 1)]
        for number, tree in enumerate(trees, start=1):
            for r, repetition in enumerate(tree, start=1):
                for c, component in enumerate(repetition, start=1):
                    for s, leaf in enumerate(component, start=1):
                        alone = one.text(number, c, s, repetition=r)
                        assert alone == leaf or (alone == "" and leaf == NULL)


@given(texts, texts)
def test_what_was_put_into_a_field_comes_out_of_it(first, second):
    assume(first != '""' and second != '""')
    message = new_message([a_header(STANDARD), segment("ZZZ", {4: [(first, [second, first]), (second, "x")]})])
    zzz = parse_message(write_message(message)).first("ZZZ")
    assert zzz.text(4) == first
    assert zzz.text(4, 2, 2) == first
    assert zzz.text(4, 1, repetition=2) == second


@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_bytes_are_read_or_refused_with_a_place(noise, cut):
    begin = b"MSH|^~\\&|A|B|||20260101||ADT^A01|1|P|2.5\rPID|1||7\r"
    for octets in (noise, begin[:cut] + noise, begin + noise):
        try:
            message = parse_message(octets)
        except Malformed as refused:
            assert refused.fault.place
        else:
            assert write_message(message) == octets or message.codec.startswith(("utf-16", "utf-32"))
        for one in read_file(octets).messages:
            assert isinstance(one.message, Message) or one.fault


@given(st.text(string.ascii_letters + "|^~\\&\r\n", max_size=80))
def test_line_noise_never_breaks_the_reader(noise):
    read_file(noise.encode())
