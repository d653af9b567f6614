"""Recognizing UTF-16 and UTF-32, by their byte order mark or by what their bytes look like."""

import codecs
import unicodedata
from bisect import bisect_right
from collections import Counter

from tokviz.documents.encodings import Encoding, find_encoding

_MARKS = tuple(
    (mark, find_encoding(codec))
    for mark, codec in (  # the 32-bit ones first: UTF-32 LE's begins with UTF-16 LE's
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    )
)
CONTROLS = bytes(c for c in range(1, 32) if c not in b"\b\t\n\v\f\r\x1b") + b"\x7f"
"""Control bytes that text does not use; backspace and escape stand in terminal logs and manual pages."""
_BLANKS = frozenset("\t\n\r\f\v\x1b")
_ONE_SCRIPT = 0.9
"""How many of a text's characters, at least, are Latin, punctuation, or of one other script."""
_FEWEST_EAST_ASIAN = 4
"""Fewer units than this may look Chinese by chance: one pair of any two bytes in three does."""
_SHARED = "Latin"  # verbatim
_BLOCKS = (  # the first character of each block, and what is written there; "" is hardly ever written
    (0x0000, _SHARED),
    (0x0180, ""),
    (0x0370, "Greek"),  # verbatim
    (0x0400, "Cyrillic"),  # verbatim
    (0x0530, "Armenian"),  # verbatim
    (0x0590, "Hebrew"),  # verbatim
    (0x0600, "Arabic"),  # verbatim
    (0x0780, ""),
    (0x0900, "Indic"),  # verbatim
    (0x0E00, "Thai"),  # verbatim
    (0x0E80, ""),
    (0x10A0, "Georgian"),  # verbatim
    (0x1100, "Korean"),  # verbatim
    (0x1200, ""),
    (0x1E00, _SHARED),
    (0x1F00, "Greek"),  # verbatim
    (0x2000, _SHARED),  # punctuation, arrows, box drawing
    (0x2600, ""),
    (0x3000, "Han"),  # verbatim
    (0x3130, "Korean"),  # verbatim
    (0x3190, ""),
    (0x4E00, "Han"),  # verbatim
    (0xA000, ""),
    (0xAC00, "Korean"),  # verbatim
    (0xD7A4, ""),
    (0xFF00, "Han"),  # verbatim
    (0xFFF0, ""),
)
_BLOCK_STARTS = tuple(start for start, _ in _BLOCKS)


def marked(data: bytes, head: int) -> tuple[Encoding, int] | None:
    """The encoding that the byte order mark names, and the mark's length; None if there is none.

    The mark is not trusted where the first ``head`` bytes after it do not read as text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _decoded(data[len(mark) : head], encoding, "replace")
            if text is not None and _odd_share(text) <= 0.1:
                return encoding, len(mark)
    return None


def unmarked(data: bytes, head: int) -> Encoding | None:
    """UTF-16 or UTF-32 without a mark, judged by the first ``head`` bytes; None if it is neither."""
    sample = data[: head & ~3]
    if len(sample) < 4 and len(data) % 2:
        return None  # three bytes hold no text of two-byte units
    for _, encoding in _MARKS[:2]:
        if _is_utf32(sample, encoding):
            return encoding
    likely = {encoding: _utf16_likelihood(sample, encoding) for _, encoding in _MARKS[2:]}
    return max(likely, key=lambda encoding: likely[encoding]) if any(likely.values()) else None


def _is_utf32(sample: bytes, encoding: Encoding) -> bool:
    units = len(sample) // 4
    first = 3 if encoding.codec.endswith("le") else 0
    low = 3 - first
    if units < 2 or sample[first::4].count(0) != len(sample[first::4]):
        return False
    if sample[low::4].count(0) * 8 > units:
        return False
    text = _decoded(sample, encoding, "strict")
    return text is not None and _odd_share(text) <= 0.01


def _utf16_likelihood(sample: bytes, encoding: Encoding) -> float:
    """How much the bytes look like text in UTF-16 of this order: from 0, not at all, to 1."""
    little = encoding.codec.endswith("le")
    high, low = sample[little::2], sample[1 - little :: 2]
    units = min(len(high), len(low))
    zero_high, zero_low = high.count(0), low.count(0)
    if not units or (_is_plain_ascii(sample) and (zero_low or zero_high < 0.9 * len(low))):
        return 0.0  # ASCII with a few NULs in it, such as strings that a NUL ends
    if zero_low * 10 > units:  # 一 and the wide blank have a zero there, and hardly anything else
        return 0.0
    text = _decoded(sample, encoding, "strict")
    if not text or _odd_share(text) > 0.01:  # half of a pair decodes to nothing
        return 0.0
    if zero_low == 0 and zero_high * 2 >= units:
        return 1.0
    shares = Counter(_script(character) for character in text)
    other = max((share for script, share in shares.items() if script not in (_SHARED, "")), default=0)
    coherent = (shares[_SHARED] + other) / len(text)
    if coherent < _ONE_SCRIPT or units < _FEWEST_EAST_ASIAN:
        return 0.0
    # In the wrong order, nearly every letter has another high byte.
    return coherent - 0.8 * len(set(high)) / units


def _is_plain_ascii(sample: bytes) -> bool:
    """Whether all but its NULs is ASCII text. Cyrillic in UTF-16 may be ASCII, half of it controls."""
    return sample.isascii() and len(sample) - len(sample.translate(None, CONTROLS)) <= 0.1 * len(sample)


def _script(character: str) -> str:
    return _BLOCKS[bisect_right(_BLOCK_STARTS, ord(character)) - 1][1]


def _decoded(sample: bytes, encoding: Encoding, errors: str) -> str | None:
    # A character may be cut at the sample's end: an incremental decoder waits for its rest.
    try:
        return codecs.getincrementaldecoder(encoding.codec)(errors).decode(sample)
    except UnicodeDecodeError:
        return None


def _odd_share(text: str) -> float:
    return sum(map(_is_odd, text)) / max(1, len(text))


def _is_odd(character: str) -> bool:
    """Whether text hardly holds it: controls, unassigned and private code points, what did not decode."""
    if character in _BLANKS:
        return False
    return character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
