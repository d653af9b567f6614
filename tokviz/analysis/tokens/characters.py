"""Characters: where they begin and end in UTF-8, as bytes and as people see them, and their names."""

import unicodedata
from itertools import accumulate

import regex

from tokviz.language import _
from tokviz.tokenization.splitting.split_points import Text as Sliceable

Text = bytes | bytearray

_CONTROLS = (
    "NULL|START OF HEADING|START OF TEXT|END OF TEXT|END OF TRANSMISSION|ENQUIRY|ACKNOWLEDGE|BELL|BACKSPACE|"
    "CHARACTER TABULATION (tab)|LINE FEED|LINE TABULATION|FORM FEED|CARRIAGE RETURN|SHIFT OUT|SHIFT IN|"
    "DATA LINK ESCAPE|DEVICE CONTROL ONE|DEVICE CONTROL TWO|DEVICE CONTROL THREE|DEVICE CONTROL FOUR|"
    "NEGATIVE ACKNOWLEDGE|SYNCHRONOUS IDLE|END OF TRANSMISSION BLOCK|CANCEL|END OF MEDIUM|SUBSTITUTE|ESCAPE|"
    "INFORMATION SEPARATOR FOUR|INFORMATION SEPARATOR THREE|INFORMATION SEPARATOR TWO|"
    "INFORMATION SEPARATOR ONE"  # verbatim
)
_MORE_CONTROLS = (
    "DELETE|PADDING CHARACTER|HIGH OCTET PRESET|BREAK PERMITTED HERE|NO BREAK HERE|INDEX|NEXT LINE|"
    "START OF SELECTED AREA|END OF SELECTED AREA|CHARACTER TABULATION SET|"
    "CHARACTER TABULATION WITH JUSTIFICATION|LINE TABULATION SET|PARTIAL LINE FORWARD|PARTIAL LINE BACKWARD|"
    "REVERSE LINE FEED|SINGLE SHIFT TWO|SINGLE SHIFT THREE|DEVICE CONTROL STRING|PRIVATE USE ONE|"
    "PRIVATE USE TWO|SET TRANSMIT STATE|CANCEL CHARACTER|MESSAGE WAITING|START OF GUARDED AREA|"
    "END OF GUARDED AREA|START OF STRING|SINGLE GRAPHIC CHARACTER INTRODUCER|SINGLE CHARACTER INTRODUCER|"
    "CONTROL SEQUENCE INTRODUCER|STRING TERMINATOR|OPERATING SYSTEM COMMAND|PRIVACY MESSAGE|"
    "APPLICATION PROGRAM COMMAND"  # verbatim
)
"""The names of U+0000 to U+001F and U+007F to U+009F, which Python's table leaves out: those of Unicode's
NameAliases.txt (15.1)."""
_FIRST_MORE = 0x7F
_BYTE_ORDER_MARK = "\ufeff"
_GRAPHEME = regex.compile(r"\X")
_REACH = 256
"""Bytes around a part in which characters, as people see them, are followed out of it."""


def code_point(character: str) -> str:
    """``U+0041``."""
    return f"U+{ord(character):04X}"


def character_name(character: str) -> str:
    """Unicode's name of one character, or in words what it is where Unicode gives none."""
    code = ord(character)
    if unicodedata.category(character) == "Cc":
        names, first = (_CONTROLS, 0) if code < _FIRST_MORE else (_MORE_CONTROLS, _FIRST_MORE)
        return names.split("|")[code - first]
    name = unicodedata.name(character, "")
    if character == _BYTE_ORDER_MARK:
        return _("{name} (byte order mark)", name=name)
    if name:
        return name
    if unicodedata.category(character) == "Co":
        return _("private use: what it means is up to the font")
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return _("noncharacter")
    version = unicodedata.unidata_version
    return _("no character is assigned here (as of Unicode {version})", version=version)


def graphemes(text: str) -> list[str]:
    """The characters as people see them (extended grapheme clusters); joined they are ``text``."""
    return [match[0] for match in _GRAPHEME.finditer(text)]


def character_start(text: "Sliceable", offset: int) -> int:
    """Where the code point that holds the byte at ``offset`` begins; the text is valid UTF-8."""
    while offset and offset < len(text) and text[offset : offset + 1][0] & 0xC0 == 0x80:
        offset -= 1
    return offset


def character_end(text: "Sliceable", offset: int) -> int:
    """The first offset from ``offset`` on at which no code point is cut."""
    while offset < len(text) and text[offset : offset + 1][0] & 0xC0 == 0x80:
        offset += 1
    return offset


def grapheme_bounds(text: Text, start: int, end: int) -> list[int]:
    """Where characters as people see them begin and end in bytes ``start`` to ``end`` and a little around:
    ascending offsets, the first at or before ``start``, the last at or behind ``end``.

    The text is divided from an ASCII character before the part to one behind it, at which a character always
    begins, except for the LF of a CR LF.
    """
    low = start
    while low > max(0, start - _REACH) and not (low < start and text[low] < 0x80 and text[low] != 0x0A):
        low -= 1
    high = end
    while high < min(len(text), end + _REACH) and not (text[high] < 0x80 and text[high] != 0x0A):
        high += 1
    low, high = character_start(text, low), character_end(text, high)
    sizes = (len(cluster.encode()) for cluster in graphemes(bytes(text[low:high]).decode()))
    return list(accumulate(sizes, initial=low))
