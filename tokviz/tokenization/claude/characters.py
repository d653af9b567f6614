"""What Claude's tokenizer takes each character for.

The answers are a table in the data, one byte for each character below U+10000, made by
``resources/rebuild_claude.py``: parts of it were measured and follow no rule of Unicode's, and the tables
in Python differ from version to version. All characters above are ``Kind.LETTER_ALONE``.
"""

from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


class Kind(IntEnum):
    """The low four bits of a character's byte: where it ends a run, and which marks the run takes."""

    WORD = 0
    """A letter or mark of a word."""
    WORD_SYMBOL = 1
    """Part of a word too, but a contraction after it is none."""
    DIGIT = 2
    """0 to 9."""
    LETTER_ALONE = 3
    """Han, Hangul and everything above U+FFFF: no piece joins it to anything."""
    OTHER_DIGIT = 4
    """Arabic digits: of one run with 0 to 9."""
    PUNCTUATION = 5
    """ASCII's punctuation and symbols, and a few more that share pieces with it."""
    SPACE = 6
    """Space, tab, line feed, and the ideographic space."""
    SIGN = 7
    """Punctuation, symbols, format characters and separating marks outside of ASCII."""
    DECIMAL = 8
    """Digits of other scripts."""
    NUMBER = 9
    """Fractions, superscripts, circled numbers."""
    SELECTOR = 10
    """A variation selector: belongs to what stands before it."""
    REWRITTEN = 11
    """Dropped or replaced before anything else."""


KIND = 0x0F
CAPITAL = 0x10
SMALL = 0x20
CASELESS = 0x40
"""A letter or mark that has neither case: a word with one is not written in capitals."""
FLOATING = 0x80
"""A mark that, without a letter before it, opens a word itself."""

NEW_CASE_PAIRS = {"\u1c89": "\u1c8a", "\ua7cb": "\u0264"}
"""Capitals of Unicode 16 that the tokenizer knows and Python may not."""

Characters = NDArray[np.uint8]
"""``uint8[65536]``: kind and flags of each character."""


def read_characters(path: Path) -> Characters:
    """The table in that file; ValueError if it is none."""
    table: Characters = np.load(path)
    if table.dtype != np.uint8 or table.shape != (65536,):
        raise ValueError(f"{path.name} holds no table of characters")
    return table
