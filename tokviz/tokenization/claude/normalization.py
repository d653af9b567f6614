"""What is done to a text before it is counted: composition, and characters dropped or made one."""

import re
import unicodedata

from tokviz.tokenization.claude.families import Family

_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f]")
"""All but tab, line feed and NUL."""
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_SPACES = re.compile("[\x00\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
_THAI_AM = ("\u0e4d\u0e32", "\u0e33")
_QUOTES = str.maketrans("‘’“”", "''\"\"")
_ASCII_CONTROLS = bytes([*range(1, 9), *range(11, 32), 127])
_NUL_TO_SPACE = bytes([0x20, *range(1, 256)])


def normalize(text: str, family: Family) -> str:
    """``text``, without lone surrogates, as the tokenizer reads it."""
    # The order matters: what a control parts is not composed, and what a control hides becomes one.
    text = _CONTROLS.sub("", unicodedata.normalize("NFC", text))
    text = _PRIVATE.sub("", text.replace(*_THAI_AM))
    if family.straightens_quotes:
        text = text.translate(_QUOTES)
    return _SPACES.sub(" ", text)


def normalize_ascii(data: bytes) -> bytes:
    """The same of a text that is ASCII."""
    return data.translate(_NUL_TO_SPACE, _ASCII_CONTROLS)


def to_utf8(text: str) -> bytes:
    """UTF-8 of the text; each lone surrogate in it becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _LONE_SURROGATES.sub("\ufffd", text).encode()
