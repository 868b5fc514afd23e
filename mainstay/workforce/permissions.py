"""Who may see and change who works here."""

from mainstay.foundation.permissions import permission

SEE_STAFF = permission("workforce.see_staff", "See who works here and who is on site")
MANAGE_STAFF = permission("workforce.manage_staff", "Add staff, set roles, unlock and end accounts")
VERIFY_CREDENTIALS = permission("workforce.verify_credentials", "Record and verify credentials")
SIGN_OFF = permission("workforce.sign_off", "Sign off competencies")
PLAN_SHIFTS = permission("workforce.plan_shifts", "Plan shifts")
SEE_SIGN_INS = permission("workforce.see_sign_ins", "See sign-ins and end sessions of others")
