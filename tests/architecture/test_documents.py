"""The three pages that are made from the program say what the program is."""

import pytest

from mainstay.config import documents


@pytest.mark.parametrize("name", sorted(documents.DOCUMENTS))
def test_the_page_is_current(name):
    kept = documents.ROOT / "docs" / name
    assert kept.read_text(encoding="utf-8") == documents.DOCUMENTS[name](), "run: ./run documents"


def test_a_page_that_differs_is_noticed(tmp_path, monkeypatch, capsys):
    (tmp_path / "docs").mkdir()
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    monkeypatch.setattr(documents, "DOCUMENTS", {"lifecycles.md": documents.lifecycles_page})
    assert documents.documents(["--check"]) == 1
    assert "docs/lifecycles.md differs" in capsys.readouterr().out
    assert documents.documents([]) == 0
    assert documents.documents(["--check"]) == 0


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ('screens = ["teleport"]\njourney = ""\nstate = "none"', "no such screen"),
        ('screens = []\njourney = "test_nothing.py"\nstate = "none"', "no such journey test"),
        ('screens = ["board"]\njourney = ""\nstate = "done"', "done without a screen and a journey test"),
    ],
)
def test_a_duty_that_claims_what_is_not_there_is_refused(tmp_path, monkeypatch, row, complaint):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "duties.toml").write_text(f'[[duty]]\ncode = "D1"\nwhat = "Vital signs"\n{row}\n')
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    with pytest.raises(ValueError, match=complaint):
        documents.duties_page()
