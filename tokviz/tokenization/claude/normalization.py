"""What is done to a text before it is counted: composition, and characters dropped or made one."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.claude.families import Family
from tokviz.tokenization.claude.spans import Numbers, Units
from tokviz.tokenization.claude.vocabulary import Codes

_Unit = TypeVar("_Unit", bound=np.unsignedinteger[Any])
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = [*range(0x01, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)]
"""All but tab, line feed and NUL."""
_PRIVATE = range(0xE000, 0xF900)
_SPACES = [0x00, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F]
_QUOTES = {0x2018: 0x27, 0x2019: 0x27, 0x201C: 0x22, 0x201D: 0x22}
_THAI_NIKHAHIT, _THAI_AA, _THAI_AM = 0x0E4D, 0x0E32, 0x0E33
_ASCII_CONTROLS = bytes(code for code in _CONTROLS if code < 0x80)
_NUL_TO_SPACE = bytes([0x20, *range(1, 256)])


class Normalizer:
    """Normalizes texts for one family. Immutable.

    Composition is Python's: combining marks that its Unicode does not know yet stay where they stand.
    """

    def __init__(self, family: Family) -> None:
        self._control, self._private = np.zeros((2, 0x10000), np.bool_)
        self._control[_CONTROLS] = True
        self._private[_PRIVATE] = True
        self._other = np.arange(0x10000, dtype=np.uint16)
        self._other[_SPACES] = 0x20
        if family.straightens_quotes:
            self._other[[*_QUOTES]] = [*_QUOTES.values()]
        self._joined = self._control | self._private
        self._joined[_THAI_NIKHAHIT] = True
        """What is dropped, or becomes one with what follows it."""
        self._replaced = self._joined | (self._other != np.arange(0x10000))

    def units(self, data: bytes) -> Units:
        """The normalized text of this UTF-8: ASCII where it is, else UTF-16."""
        if data.isascii():
            return np.frombuffer(data.translate(_NUL_TO_SPACE, _ASCII_CONTROLS), np.uint8)
        text = unicodedata.normalize("NFC", data.decode(errors="replace"))
        units = np.frombuffer(text.encode("utf-16-le"), np.uint16)
        if not self._replaced[units].any():
            return units
        # Most texts hold none of these, but a quote or a space that becomes another.
        units = self._replace(units)[0] if self._joined[units].any() else self._other[units]
        return units.astype(np.uint8) if units.max(initial=0) < 0x80 else units

    def characters(self, text: str) -> tuple[Codes, Numbers]:
        """The normalized text, and how many characters of ``text`` each of its characters reaches to."""
        composed, ends = _compose(text)
        return self._replace(np.frombuffer(composed.encode("utf-32-le"), np.uint32), ends)

    def _replace(self, units: NDArray[_Unit], ends: Numbers | None = None) -> tuple[NDArray[_Unit], Numbers]:
        """A composed text without what is dropped or made one, and those of ``ends`` that are left."""
        if ends is None:
            ends = np.zeros(len(units), np.int64)
        # The order matters: what a control parts has not been composed, and what it hides is seen after it.
        low = np.minimum(units, 0xFFFF)
        kept = ~self._control[low]
        units, ends = units[kept], ends[kept]
        kept = ~self._private[np.minimum(units, 0xFFFF)]
        first = np.flatnonzero((units[:-1] == _THAI_NIKHAHIT) & (units[1:] == _THAI_AA))
        units[first + 1] = _THAI_AM
        kept[first] = False
        units, ends = units[kept], ends[kept]
        low = np.minimum(units, 0xFFFF)
        return np.where(units == low, self._other[low], units).astype(units.dtype), ends


def to_utf8(text: str) -> bytes:
    """UTF-8 of the text; each lone surrogate in it becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _LONE_SURROGATES.sub("\ufffd", text).encode()


def _compose(text: str) -> tuple[str, Numbers]:
    """NFC, and how many characters of ``text`` each of its characters reaches to."""
    if unicodedata.is_normalized("NFC", text):
        return text, np.arange(1, len(text) + 1)
    joining = _joining()
    starts = [i for i, c in enumerate(text) if not unicodedata.combining(c) and c not in joining]
    bounds = [*dict.fromkeys([0, *starts]), len(text)]
    groups = [unicodedata.normalize("NFC", text[a:b]) for a, b in pairwise(bounds)]
    sizes = [len(group) for group in groups]
    ends = np.repeat(np.array(bounds[1:], np.int64), sizes)
    # A group that composition leaves alone keeps its inner ends.
    done = 0
    for (a, b), group in zip(pairwise(bounds), groups, strict=True):
        if b - a > 1 and group == text[a:b]:
            ends[done : done + b - a] = np.arange(a + 1, b + 1)
        done += len(group)
    return "".join(groups), ends


@lru_cache
def _joining() -> frozenset[str]:
    """The characters without a combining class that composition joins to what stands before them."""
    decomposed = (unicodedata.normalize("NFD", chr(code)) for code in range(0xA0, 0x20000))
    last = {text[-1] for text in decomposed if len(text) > 1}
    return frozenset(c for c in last if not unicodedata.combining(c))
