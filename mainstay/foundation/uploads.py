"""Files that are too large are not taken in, and the form they came with loses nothing else."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from mainstay.foundation.sentences import in_both

LARGEST_FILE = 30 * 1024 * 1024
"""Bytes no file of any form may have; the forms that take less say so themselves."""
TOO_LARGE = in_both(
    "This file is too large to be taken in: %(megabytes)d MB. Make it smaller, or give it in parts.",
    "Este archivo es demasiado grande: %(megabytes)d MB. Hágalo más pequeño o mándelo en partes.",
)


class BoundedUpload(TemporaryFileUploadHandler):
    """Reads past the rest of a file that is too large: it arrives without its content, and with its whole size."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.counted = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Keep a part, unless it is too much by now."""
        self.counted += len(raw_data)
        return super().receive_data_chunk(raw_data, start) if self.counted <= LARGEST_FILE else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """The file; without its content if it was too large."""
        if self.counted <= LARGEST_FILE:
            return super().file_complete(file_size)
        self.file.close()
        return UploadedFile(BytesIO(), self.file_name, self.content_type, self.counted, self.charset)


def refuse_too_large(sent: UploadedFile) -> None:
    """Every field for a file asks this. Raises `ValidationError` for one whose content was not taken in."""
    if (sent.size or 0) > LARGEST_FILE:
        raise ValidationError(TOO_LARGE, code="too_large", params={"megabytes": (sent.size or 0) // 1024**2})
