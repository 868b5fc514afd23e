"""The backups of this installation on a page: the last good one, all that are kept, and one more now."""
