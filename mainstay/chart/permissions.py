"""Who may read and write the chart."""

from mainstay.foundation.permissions import permission

READ = permission("chart.read", "Read the chart")
RECORD = permission("chart.record", "Record history, lists and observations")
CONFIRM = permission("chart.confirm", "Confirm problems and amend others' entries")
FILE_DOCUMENTS = permission("chart.file_documents", "Scan in and index documents")
