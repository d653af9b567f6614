"""How many pixels an image in a message has, from the head of its base64; nothing of it is kept."""

import base64
import binascii
import io
import re

from tokviz.documents.image_size import NoImageError, read_image_size

_HEADS = (1 << 10, 1 << 19)
"""Characters of base64 that are looked at: most say their size at once, a JPEG only after its notes."""
_DATA_URL = re.compile(r"data:[^,]{0,200},", re.IGNORECASE)


def pixels_of(data: str) -> tuple[int, int] | None:
    """Width and height of an image in base64, with ``data:…,`` before it or not; None for an address, for an
    identifier, and where the image does not say."""
    found = _DATA_URL.match(data, 0, 256)
    start = found.end() if found else 0
    if found and ";base64" not in found[0].lower():
        return None
    for length in _HEADS:
        head = "".join(data[start : start + length].split())
        try:
            other = b"-_" if "-" in head or "_" in head else None
            image = base64.b64decode(head[: len(head) // 4 * 4], altchars=other)
            size = read_image_size(io.BytesIO(image))
        except (NoImageError, binascii.Error, ValueError):
            if len(data) - start <= length:
                return None
            continue
        return size.width, size.height
    return None
