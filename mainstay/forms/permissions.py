"""Who may give out and witness forms."""

from mainstay.foundation.permissions import permission

GIVE = permission("forms.give", "Give out forms and help fill them in")
WITNESS = permission("forms.witness", "Witness a signature")
