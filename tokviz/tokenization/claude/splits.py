"""Where a text may be split so that Claude's counts of the parts add up to the whole's.

A split stands behind a letter or a digit, and before punctuation or a blank. There an anchor ends and a gap
begins (see ``spans``), and composition joins nothing across it. What the gap costs depends on the anchor in
one way: a space behind a word can be said by the word's end. So before a space only a letter that is always a
word's will do (Han and Hangul are none). Before an apostrophe there is no split: what makes a contraction
stays together. A control would be dropped, and its neighbours joined.

A part that begins at a split is counted behind ``LEAD``, a word whose own count is taken away again: it meets
no frame there. A part that ends at a split ends in an anchor, which costs at the end of a text what it costs
elsewhere.
"""

from tokviz.tokenization.splitting.split_points import SafeSplitRule

LEAD = b"a"
"""What stands before a part that does not begin the text: ``count(LEAD + part) - count(LEAD)``."""

_DIGITS = bytes(range(0x30, 0x3A))
_LETTERS = bytes([*range(0x41, 0x5B), *range(0x61, 0x7B)])
_SIGNS = bytes({*range(0x21, 0x7F)} - {*_DIGITS, *_LETTERS})
_LAST_BYTES = bytes(range(0x80, 0xC0))
"""Of characters outside of ASCII."""
_CONTROLS = bytes([*range(0x09), *range(0x0B, 0x20), 0x7F])
_ANY = bytes(range(0xC0))
_WHITE_SPACE = b" \t\n\r\x0b\x0c"
_FORBIDDEN = (
    (_DIGITS + _LETTERS + _LAST_BYTES, _CONTROLS),
    (_SIGNS, b" \t"),
    (_DIGITS, b" "),
)
"""Bytes on the left and on the right between which other tokenizers are split."""


def split_rule(ignores_final_space: bool = False) -> SafeSplitRule:
    """The rule of the families that count white space at the end of a text, or of the one that does not:
    there no part may begin with white space, which might be all of it."""
    forbidden = (*_FORBIDDEN, *([(_ANY, _WHITE_SPACE)] if ignores_final_space else []))
    return SafeSplitRule(behind_words=True).without(
        [bytes((before, after)) for left, right in forbidden for before in left for after in right]
    )
