"""Who may change the practice itself."""

from mainstay.foundation.permissions import permission

SEE_SETTINGS = permission("practice.see_settings", "See the practice's settings")
CHANGE_SETTINGS = permission("practice.change_settings", "Change sites, hours, rooms and visit types")
IMPORT = permission("practice.import", "Import lists from files, and undo an import")
BACK_UP = permission("practice.back_up", "See and start backups")
