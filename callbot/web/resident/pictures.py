"""Photos as residents send them into photos that crews can be shown: nothing of the file goes on but its picture."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

LONGEST_EDGE = 1600
"""pixels"""
MOST_PIXELS = 50_000_000
"""more than any telephone takes in one picture; a file may claim far more in a few kilobytes"""
_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 80


class NotAPictureError(Exception):
    """The file is no whole JPEG, PNG or WebP picture, or a far too large one."""


def clean_jpeg(file: bytes) -> bytes:
    """The picture, upright, at most ``LONGEST_EDGE`` long, as a JPEG that holds no place, time, owner or comment.

    Blocking. Raises ``NotAPictureError``. The size is read from the head of the file before anything is unpacked.
    """
    try:
        with Image.open(BytesIO(file), formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise NotAPictureError("too many pixels")
            picture.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
            return _saved(upright)
    except NotAPictureError:
        raise
    except Exception as failure:  # noqa: BLE001 - the edge to strangers' files: a decoder may raise anything at all
        raise NotAPictureError(type(failure).__name__) from None


def _saved(picture: Image.Image) -> bytes:
    """On white where it is transparent; painted onto a new picture, which has no comments to take along."""
    layers = picture.convert("RGBA")
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(layers, mask=layers.getchannel("A"))
    written = BytesIO()
    clean.save(written, "JPEG", quality=_QUALITY, optimize=True)
    return written.getvalue()
