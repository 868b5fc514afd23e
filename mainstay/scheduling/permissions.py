"""Who may book, and who may change when people are seen."""

from mainstay.foundation.permissions import permission

SEE = permission("scheduling.see", "See the schedule")
BOOK = permission("scheduling.book", "Book, move and cancel")
OVER_BOOK = permission("scheduling.over_book", "Over-book with a reason")
BOOK_OTHER_AGE = permission("scheduling.book_other_age", "Book a kind of visit for an age it is not for, with a reason")
CHANGE_TEMPLATES = permission("scheduling.change_templates", "Change templates and time off")
OVERRIDE_RED_FLAG = permission("scheduling.override_red_flag", "Book in spite of a red flag, with a clinical reason")
