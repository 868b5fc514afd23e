"""An abnormal value on the board."""

import pytest

from mainstay.rooming.wording import LONGEST, in_brief

SAID = {
    "192/118, with chest pain. Measure once more.": "BP 192/118, with chest pain",
    "214/121 is severely high. Ask about chest pain, breathing; measure once more.": "BP 214/121 is severely high",
    "Heart rate 150 /min is high.": "Pulse 150 /min is high",
    "Oxygen saturation 88 %; the target is 92-94 %.": "SpO₂ 88 %",
    "Pain 8 of 10.": "Pain 8 of 10",
    "101.3 °F (38.5 °C) by mouth is a fever.": "101.3 °F (38.5 °C) by mouth is a fever",
    "Early warning score 7: the provider comes to the room.": "Early warning score 7",
    "Thoughts of death or self-harm are marked. Stay with the patient.": "Thoughts of death or self-harm are marked",
}


@pytest.mark.parametrize(("sentence", "brief"), SAID.items())
def test_the_board_says_the_value_and_leaves_the_instructions_to_the_room(sentence, brief):
    assert in_brief(sentence) == brief


def test_the_board_never_says_more_than_a_line():
    said = in_brief("word " * 60)
    assert len(said) <= LONGEST and said.endswith("…")
