"""A file that is no text is refused in one sentence that says what it is and how to give it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sys
import zipfile

import pytest

from mainstay.chart.commands import growth
from mainstay.config.importing.commands import import_csv
from mainstay.immunizations.commands import forecast
from mainstay.people.commands import people

TEXT = b"id,sex\n1,f\n" * 40
VERBS = {
    "forecast": lambda file: forecast([file]),
    "growth": lambda file: growth([file]),
    "people match": lambda file: people(["match", file]),
    "import csv staff": lambda file: import_csv(["staff", file]),
}


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("list.csv", TEXT)
    return held.getvalue()


def told(capsys) -> str:
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    return said.err


@pytest.mark.parametrize("verb", VERBS)
def test_a_compressed_file_is_refused_in_one_sentence_with_the_way_to_give_it(verb, tmp_path, capsys):
    file = tmp_path / "all cases.gz"
    file.write_bytes(gzip.compress(TEXT))
    assert VERBS[verb](str(file)) == 2
    assert f"is compressed (gzip). Give it unpacked: gunzip -c '{file}' | ./run {verb} -" in told(capsys)


@pytest.mark.parametrize("verb", VERBS)
def test_a_compressed_file_on_standard_input_is_refused_too(verb, monkeypatch, capsys):
    packed = io.BufferedReader(io.BytesIO(gzip.compress(TEXT)))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(packed, encoding="utf-8"))
    assert VERBS[verb]("-") == 2
    assert f"Standard input is compressed (gzip). Give it unpacked: gunzip -c FILE | ./run {verb} -" in told(capsys)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cases.bz2", bz2.compress(TEXT), "compressed (bzip2). Give it unpacked: bunzip2 -c"),
        ("cases.xz", lzma.compress(TEXT), "compressed (xz). Give it unpacked: xz -dc"),
        ("cases.zst", b"\x28\xb5\x2f\xfd\x20\x00", "compressed (zstd). Give it unpacked: zstd -dc"),
        ("cases.zip", zipped(), "unzip -p"),
        ("list.xlsx", zipped(), "is a spreadsheet. Save it there as CSV (UTF-8)"),
        ("list.csv", TEXT.decode().encode("utf-16"), "text in UTF-16. Give it in UTF-8: iconv"),
        ("list.pdf", b"%PDF-1.7\n", "is not a text file"),
        ("backup", b"PGDMP\x00\x01", "is not a text file"),
    ],
)
def test_what_a_file_is_and_how_to_give_it_is_said(name, content, said, tmp_path, capsys):
    file = tmp_path / name
    file.write_bytes(content)
    assert forecast([str(file)]) == 2
    assert said in told(capsys)


def test_text_on_standard_input_is_read_from_its_first_byte(monkeypatch, capsys):
    lines = b'{"id": "a"}\n{"id": "b", "dob": "\0"}\n' + b'{"id": "c"}\n' * 9
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(lines)), encoding="utf-8"))
    assert forecast(["-"]) == 1
    answered = capsys.readouterr().out.replace(" ", "")
    assert answered.count("\n") == 11 and '"id":"a"' in answered
