"""Random letters to make up keys and passwords of: no key of anybody's stands in these files."""

import base64
import string
from random import Random

ANY, HEX = string.ascii_letters + string.digits, "0123456789abcdef"
CAPS = string.ascii_uppercase + "234567"
URL_SAFE = ANY + "-_"
_RANDOM = Random(11)


def made(letters: str, size: int, random: Random = _RANDOM) -> str:
    """Random letters."""
    return "".join(random.choices(letters, k=size))


def made_password() -> str:
    """Fourteen letters, of all kinds, as a password manager makes them."""
    return made(ANY, 6) + "7" + made("!%^*_+", 1) + made(ANY, 6)


def to_base64(text: str) -> str:
    """A text in base64."""
    return base64.b64encode(text.encode()).decode()
