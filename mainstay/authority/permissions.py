"""Who may read and write the practice's own rules."""

from mainstay.foundation.permissions import permission

EXPLORE = permission("authority.explore", "See who may do what, by state and act")
WRITE_POLICY = permission("authority.write_policy", "Write or withdraw a clinic policy")
SIGN_POLICY = permission("authority.sign_policy", "Sign a clinic policy that allows more than the tables")
