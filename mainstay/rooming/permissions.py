"""Who may room a patient, and who may answer and sign."""

from mainstay.foundation.permissions import permission

ROOM_PATIENT = permission("rooming.room_patient", "Take vitals, history and screenings")
ANSWER = permission("rooming.answer", "Answer an abnormal value")
SIGN_NOTE = permission("rooming.sign_note", "Write and sign a provider's note")
HUDDLE = permission("rooming.huddle", "See and edit tomorrow's huddle sheet")
END_OF_DAY = permission("rooming.end_of_day", "See what is still open at the end of the day")
