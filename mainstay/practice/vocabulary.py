"""The words of settings: states, zones, settings of care, vaccine programs, kinds of room and equipment."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

STATES: Mapping[str, str] = MappingProxyType(
    dict(
        pair.split("=")
        for pair in (
            "AL=Alabama AK=Alaska AZ=Arizona AR=Arkansas CA=California CO=Colorado CT=Connecticut DE=Delaware "
            "DC=District_of_Columbia FL=Florida GA=Georgia HI=Hawaii ID=Idaho IL=Illinois IN=Indiana IA=Iowa KS=Kansas "
            "KY=Kentucky LA=Louisiana ME=Maine MD=Maryland MA=Massachusetts MI=Michigan MN=Minnesota MS=Mississippi "
            "MO=Missouri MT=Montana NE=Nebraska NV=Nevada NH=New_Hampshire NJ=New_Jersey NM=New_Mexico NY=New_York "
            "NC=North_Carolina ND=North_Dakota OH=Ohio OK=Oklahoma OR=Oregon PA=Pennsylvania RI=Rhode_Island "
            "SC=South_Carolina SD=South_Dakota TN=Tennessee TX=Texas UT=Utah VT=Vermont VA=Virginia WA=Washington "
            "WV=West_Virginia WI=Wisconsin WY=Wyoming"
        )
        .replace("_", "\u00a0")
        .split(" ")
    )
)
MAILED_TO = frozenset((*STATES, "AS", "GU", "MP", "PR", "VI", "FM", "MH", "PW", "AA", "AE", "AP"))
"""Where the post goes: states, territories, freely associated states, military (USPS Publication 28, appendix B)."""
"""The fifty states and the District of Columbia, by postal code."""

ZONES: Mapping[str, str] = MappingProxyType(
    {
        "America/New_York": "Eastern",
        "America/Chicago": "Central",
        "America/Denver": "Mountain",
        "America/Phoenix": "Mountain, no clock change (Arizona)",
        "America/Los_Angeles": "Pacific",
        "America/Anchorage": "Alaska",
        "Pacific/Honolulu": "Hawaii",
        "America/Detroit": "Eastern (Michigan)",
        "America/Indiana/Indianapolis": "Eastern (Indiana)",
        "America/Boise": "Mountain (Idaho)",
    }
)

CARE_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "primary_care": "Primary care",
        "pediatrics": "Pediatrics",
        "urgent_care": "Urgent care",
        "womens_health": "Women's health",
        "specialty": "Specialty clinic",
        "community_health_center": "Community health center",
        "school": "School health",
    }
)

VACCINE_PROGRAMS: Mapping[str, str] = MappingProxyType(
    {
        "VFC": "Vaccines for Children (VFC)",
        "317": "Section 317 (adults without insurance)",
        "state": "State-supplied stock",
        "private": "Private stock, bought by the practice",
    }
)
"""Where vaccine stock comes from: 42 USC 1396s (VFC), 42 USC 247b (317), a state's own supply, or bought."""

EQUIPMENT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "ecg": "ECG",
        "spirometer": "Spirometer",
        "audiometer": "Audiometer",
        "vision": "Vision screener",
        "ultrasound": "Ultrasound",
        "nebulizer": "Nebulizer",
        "autoclave": "Autoclave",
        "cart": "Cart",
        "other": "Other",
    }
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
