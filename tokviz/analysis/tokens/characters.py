"""Characters by name: what stands in a text where an eye may see nothing, or the wrong thing."""

import unicodedata

import regex

_CONTROLS = (
    "NULL|START OF HEADING|START OF TEXT|END OF TEXT|END OF TRANSMISSION|ENQUIRY|ACKNOWLEDGE|BELL|BACKSPACE|"
    "CHARACTER TABULATION (tab)|LINE FEED|LINE TABULATION|FORM FEED|CARRIAGE RETURN|SHIFT OUT|SHIFT IN|"
    "DATA LINK ESCAPE|DEVICE CONTROL ONE|DEVICE CONTROL TWO|DEVICE CONTROL THREE|DEVICE CONTROL FOUR|"
    "NEGATIVE ACKNOWLEDGE|SYNCHRONOUS IDLE|END OF TRANSMISSION BLOCK|CANCEL|END OF MEDIUM|SUBSTITUTE|ESCAPE|"
    "INFORMATION SEPARATOR FOUR|INFORMATION SEPARATOR THREE|INFORMATION SEPARATOR TWO|"
    "INFORMATION SEPARATOR ONE"
)
_MORE_CONTROLS = (
    "DELETE|PADDING CHARACTER|HIGH OCTET PRESET|BREAK PERMITTED HERE|NO BREAK HERE|INDEX|NEXT LINE|"
    "START OF SELECTED AREA|END OF SELECTED AREA|CHARACTER TABULATION SET|"
    "CHARACTER TABULATION WITH JUSTIFICATION|LINE TABULATION SET|PARTIAL LINE FORWARD|PARTIAL LINE BACKWARD|"
    "REVERSE LINE FEED|SINGLE SHIFT TWO|SINGLE SHIFT THREE|DEVICE CONTROL STRING|PRIVATE USE ONE|"
    "PRIVATE USE TWO|SET TRANSMIT STATE|CANCEL CHARACTER|MESSAGE WAITING|START OF GUARDED AREA|"
    "END OF GUARDED AREA|START OF STRING|SINGLE GRAPHIC CHARACTER INTRODUCER|SINGLE CHARACTER INTRODUCER|"
    "CONTROL SEQUENCE INTRODUCER|STRING TERMINATOR|OPERATING SYSTEM COMMAND|PRIVACY MESSAGE|"
    "APPLICATION PROGRAM COMMAND"
)
"""The names of U+0000 to U+001F and U+007F to U+009F, which Python's table leaves out: those of Unicode's
NameAliases.txt (15.1)."""
_FIRST_MORE = 0x7F
_BYTE_ORDER_MARK = "\ufeff"
_GRAPHEME = regex.compile(r"\X")


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
        return f"{name} (byte order mark)"
    if name:
        return name
    if unicodedata.category(character) == "Co":
        return "private use: what it means is up to the font"
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return "noncharacter"
    return "no character is assigned here (as of Unicode " + unicodedata.unidata_version + ")"


def graphemes(text: str) -> list[str]:
    """The characters as people see them (extended grapheme clusters); joined they are ``text``."""
    return [match[0] for match in _GRAPHEME.finditer(text)]
