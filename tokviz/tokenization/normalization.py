"""NFC and NFKC, and which bytes of the original text each normalized byte came from."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Form = Literal["NFC", "NFKC"]


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A text after normalization, with the ranges that it rewrote."""

    data: bytes
    _original: NDArray[np.int64]
    """``int64[n, 2]``: start and end, in the original bytes, of each rewritten range."""
    _rewritten: NDArray[np.int64]
    """``int64[n, 2]``: start and end of the same range in ``data``."""

    def original_ends(self, ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """Where offsets into ``data`` stand in the original text.

        An offset inside a rewritten range stands at the end of that range; never decreasing.
        """
        if not len(self._original):
            return ends
        # The first range that ends at or after each offset is the only one that can hold it.
        index = np.searchsorted(self._rewritten[:, 1], ends, side="left")
        shift = np.concatenate(([0], self._original[:, 1] - self._rewritten[:, 1]))[index]
        starts = np.append(self._rewritten[:, 0], np.iinfo(np.int64).max)
        stops = np.append(self._original[:, 1], 0)
        return np.where(ends > starts[index], stops[index], ends + shift)


def normalize(data: bytes, form: Form) -> bytes:
    """``data`` (valid UTF-8) in that form; the very same object where it already is."""
    if data.isascii():
        return data
    text = data.decode()
    return data if unicodedata.is_normalized(form, text) else _normalizer(form)(text).encode()


def normalize_with_offsets(data: bytes, form: Form) -> NormalizedText:
    """``data`` (valid UTF-8) in that form, and where each part of it came from."""
    parts: list[bytes] = []
    original: list[tuple[int, int]] = []
    rewritten: list[tuple[int, int]] = []
    done = size = 0
    for start, end, new in rewritten_ranges(data, form):
        parts += (data[done:start], new)
        size += start - done
        original.append((start, end))
        rewritten.append((size, size + len(new)))
        size += len(new)
        done = end
    parts.append(data[done:])
    whole = b"".join(parts) if original else data
    return NormalizedText(whole, _pairs(original), _pairs(rewritten))


def _pairs(values: list[tuple[int, int]]) -> NDArray[np.int64]:
    return np.array(values, np.int64).reshape(-1, 2)


@lru_cache
def _normalizer(form: Form) -> Callable[[str], str]:
    """The normalizer of the `tokenizers` library, which the published tokenizers use.

    It knows an older Unicode than Python does, so a few recent characters differ.
    """
    from tokenizers import normalizers

    normalizer = normalizers.NFC() if form == "NFC" else normalizers.NFKC()
    return lambda text: str(normalizer.normalize_str(text))


def rewritten_ranges(data: bytes, form: Form) -> Iterator[tuple[int, int, bytes]]:
    """Each range of ``data`` (valid UTF-8) that normalization changes, as small as can be: its start and
    end in bytes, and what replaces it.

    A line is looked at only where it is not normalized, since a line end never joins anything.
    """
    if data.isascii():
        return
    normalized = _normalizer(form)
    at = 0
    for line in data.splitlines(keepends=True):
        if not line.isascii():
            text = line.decode()
            if not unicodedata.is_normalized(form, text):
                changes = list(_changes(text, form))
                if "".join(_spliced(text, changes)) != normalized(text):
                    changes = [(0, len(text), normalized(text))]
                position, seen = at, 0
                for start, end, new in changes:
                    first = position + len(text[seen:start].encode())
                    position, seen = first + len(text[start:end].encode()), end
                    yield first, position, new.encode()
        at += len(line)


def _spliced(text: str, changes: list[tuple[int, int, str]]) -> Iterator[str]:
    done = 0
    for start, end, new in changes:
        yield text[done:start]
        yield new
        done = end
    yield text[done:]


def _changes(text: str, form: Form) -> Iterator[tuple[int, int, str]]:
    """Each changed group of characters that normalize together: a base and what may join it."""
    for match in _groups(form).finditer(text):
        group = match.group()
        if (new := _normalized(group, form)) != group:
            yield match.start(), match.end(), new


@lru_cache(1 << 14)
def _normalized(group: str, form: Form) -> str:
    return _normalizer(form)(group)


@lru_cache
def _groups(form: Form) -> re.Pattern[str]:
    """Finds the groups that may change. (To make it takes some 50 ms.)"""
    # In the planes between and above no character decomposes.
    characters = [chr(code) for code in (*range(0x80, 0x30000), *range(0xE0000, 0xE1000))]
    joining = _character_class([c for c in characters if not _starts_group(c, form)])
    changing = _character_class([c for c in characters if not unicodedata.is_normalized(form, c)])
    return re.compile(f"[^{joining}]?[{joining}]+|[{changing}]", re.DOTALL)


def _character_class(characters: list[str]) -> str:
    """What stands between the brackets of a regex class."""
    codes = [ord(c) for c in characters]
    firsts = [code for code, before in zip(codes, [-1, *codes], strict=False) if code != before + 1]
    lasts = [code for code, after in zip(codes, [*codes[1:], -1], strict=True) if code + 1 != after]
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in zip(firsts, lasts, strict=True))


def _starts_group(character: str, form: Form) -> bool:
    """Whether nothing that stands before the character can change with it."""
    first = unicodedata.normalize("NFKD" if form == "NFKC" else "NFD", character)[0]
    return not unicodedata.combining(first) and first not in _JOINING_LETTERS


_VOWEL_SIGNS = (
    "09be 09d7 0b3e 0b56 0b57 0bbe 0bd7 0cc2 0cd5 0cd6 0d3e 0d57 0dcf 0ddf 102e 1b35 11127 1133e 11357 114b0 "
    "114ba 114bd 115af 11930"
)
_HANGUL = (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))
_JOINING_LETTERS = frozenset(map(chr, (*_HANGUL, *(int(code, 16) for code in _VOWEL_SIGNS.split()))))
"""Characters of combining class 0 that compose with the letter before them: Hangul vowels and final
consonants, vowel signs and the like (NFC_Quick_Check=Maybe in DerivedNormalizationProps.txt)."""
