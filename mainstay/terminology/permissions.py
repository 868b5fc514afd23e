"""What a role may use here."""

from __future__ import annotations

from mainstay.foundation.permissions import permission

LOAD_CODES = permission("terminology.load_codes", "Load code tables (ICD-10-CM editions and others)")
