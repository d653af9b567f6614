"""The table of what Claude's tokenizer takes each character for.

What ctok measured, joined to Unicode: categories and combining classes of 15.1 (unicodedata2), marks and
``Alphabetic`` as ``regex`` has them.
"""

from collections.abc import Iterable

import numpy as np
import regex
import unicodedata2

from tokviz.tokenization.claude.characters import (
    CAPITAL,
    CASELESS,
    FLOATING,
    NEW_CASE_PAIRS,
    SMALL,
    Characters,
    Kind,
)

_REWRITTEN = "[\x00-\x08\x0b-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\ue000-\uf8ff]"
_WORD_SYMBOLS = [(0x16EE, 0x16F0), (0x2160, 0x2188), (0x24B6, 0x24E9), (0xA6E6, 0xA6EF)]
"""Numbers and circled letters that were found to make words; others of their categories do not."""
_PUNCTUATION = frozenset("£§«°·»།–—„†•…€№→−√─│└═█（")
"""Found to share pieces with ASCII's punctuation: （ does and ） does not."""
_ALONE = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0xAC00, 0xD7A3), (0x3031, 0x3035)]
_ALONE += [(code, code) for code in (0x3005, 0x3006, 0x303B, 0x303C)]
_IDEOGRAPHIC_SYMBOLS = frozenset("〄〒〓〠〶〷〾〿")
_WITHOUT_CASE = "\u03f4"
_NEW_CASED = frozenset(NEW_CASE_PAIRS) | frozenset(NEW_CASE_PAIRS.values())


def characters() -> Characters:
    """The byte of each character below U+10000; RuntimeError under another Unicode."""
    if unicodedata2.unidata_version != "15.1.0":
        raise RuntimeError(f"needs unicodedata2 15.1.0, not {unicodedata2.unidata_version}")
    return np.array([flags(chr(code)) for code in range(0x10000)], np.uint8)


def flags(c: str) -> int:
    """The byte of one character."""
    kind = kind_of(c)
    if kind not in (Kind.WORD, Kind.WORD_SYMBOL):
        return kind
    capital, small = is_capital(c), c in NEW_CASE_PAIRS.values() or c.islower()
    value = kind | CAPITAL * capital | SMALL * small
    if not capital and not small and (c in _NEW_CASED or unicodedata2.category(c)[0] in "LM"):
        value |= CASELESS
    if unicodedata2.combining(c) and not (c == "\u0711" or "\u0730" <= c <= "\u073f"):
        # Syriac's vowel points, which the condition leaves out, open words as letters do.
        value |= FLOATING
    return value


def is_capital(c: str) -> bool:
    """Whether the tokenizer writes it as a mark and another character."""
    return c in NEW_CASE_PAIRS or (c.isupper() and c.lower() != c and c not in _WITHOUT_CASE)


def kind_of(c: str) -> Kind:
    """Which runs it belongs to; the first rule that fits holds."""
    category = unicodedata2.category(c)
    # Unassigned are those that Unicode got later.
    word = Kind.WORD_SYMBOL if category[0] == "S" or category == "Cn" else Kind.WORD
    rules = (
        (regex.match(_REWRITTEN, c), Kind.REWRITTEN),
        (c in _NEW_CASED, word),
        (category[0] == "Z" or c in "\t\n", Kind.SPACE),
        (within(c, _WORD_SYMBOLS), word),
        (c in "0123456789", Kind.DIGIT),
        (within(c, [(0x660, 0x669), (0x6F0, 0x6F9)]), Kind.OTHER_DIGIT),
        ((c.isascii() and category[0] in "PS") or c in _PUNCTUATION, Kind.PUNCTUATION),
        (within(c, [(0xFE00, 0xFE0F)]), Kind.SELECTOR),
        (regex.match(r"\p{M}", c), word if regex.match(r"\p{Alphabetic}", c) else Kind.SIGN),
        (category[0] == "L" and not within(c, _ALONE), Kind.WORD),
        (
            within(c, [(0x3001, 0x303F)]) and (category[0] == "P" or c in _IDEOGRAPHIC_SYMBOLS),
            Kind.LETTER_ALONE,
        ),
        (category[0] in "PS" or category in ("Cf", "Cn"), Kind.SIGN),
        (category == "Nd", Kind.DECIMAL),
        (category == "No", Kind.NUMBER),
    )
    return next((kind for holds, kind in rules if holds), Kind.LETTER_ALONE)


def within(c: str, ranges: Iterable[tuple[int, int]]) -> bool:
    """Whether its code lies in one of the ranges, ends included."""
    return any(first <= ord(c) <= last for first, last in ranges)
