"""What can go wrong with a form, in words."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import ClinicError, IllegalMove


class FormIsSettled(IllegalMove):
    """This form is signed or closed already; it is never changed. Give out a new one instead."""

    code = "form-settled"


class GivenAlready(IllegalMove):
    """This form is given out already and still open."""

    code = "form-given"


class WrongSigner(ClinicError):
    """This person may not sign for this patient."""

    code = "wrong-signer"


means("one_open_form_of_a_kind", GivenAlready)
