"""What can go wrong in the chart, in words."""

from mainstay.foundation.errors import ClinicError


class NotNoneKnown(ClinicError):
    """This list is not empty, so it cannot be "none known"."""

    code = "not-none-known"


class AlreadyOnTheList(ClinicError):
    """This is on the list already."""

    code = "already-listed"
