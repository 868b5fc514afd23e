"""Photographs made small and bare: turned upright, cut square, no place, no camera, no date inside."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 320
"""Pixels of a patient's photograph, across and down."""
LARGEST_UPLOAD = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000


def small_photo(content: bytes) -> bytes:
    """A square JPEG of a photograph, without anything but its pixels.

    Raises `ValueError` for what is no picture, and for one larger than 15 MB or 50 megapixels.
    """
    if not content or len(content) > LARGEST_UPLOAD:
        raise ValueError("The picture is empty or larger than 15 MB.")
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError("The picture has too many pixels.")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("This is no picture. Take a JPEG or PNG.") from error
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", square.size)
    bare.paste(square)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()
