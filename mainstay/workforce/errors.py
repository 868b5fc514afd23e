"""What can go wrong with signing in and with who works here, in words."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import ClinicError


class WrongNameOrPassword(ClinicError):
    """The name or the password is not right."""

    code = "wrong-password"


class LockedOut(ClinicError):
    """Too many tries. Wait 15 minutes, or ask your manager to unlock you."""

    code = "locked-out"
    status = 403


class NameTaken(ClinicError):
    """Somebody signs in with this name already."""

    code = "name-taken"


class WrongCode(ClinicError):
    """That code is not right, or it was used already. Wait for the next one and try again."""

    code = "wrong-code"


class PinNotEnough(ClinicError):
    """A PIN is not enough here. Sign in with your password."""

    code = "pin-not-enough"
    status = 403


class OnTwoShifts(ClinicError):
    """This person already works at that time."""

    code = "on-two-shifts"


class SignsOffThemselves(ClinicError):
    """Nobody signs off their own competency."""

    code = "signs-off-themselves"


means("nobody_on_two_shifts", OnTwoShifts)
means("nobody_signs_off_themselves", SignsOffThemselves)
