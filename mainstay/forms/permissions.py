"""Who may see, give out, explain and witness forms."""

from mainstay.foundation.permissions import permission

SEE = permission("forms.see", "See the forms of a patient")
GIVE = permission("forms.give", "Give out forms and help fill them in")
EXPLAIN = permission("forms.explain", "Explain a procedure and say so on its consent")
WITNESS = permission("forms.witness", "Witness a signature")
TEACH = permission("forms.teach", "Hand out education leaflets")
