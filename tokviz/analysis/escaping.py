"""Text from files and of their names, made harmless where it is shown: in terminals, in tables, in XML."""

import re

_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""Controls (C0 and C1), which a terminal obeys, and signs that change the direction or the line, which
make a name look like another. Lone surrogates no terminal can show."""
_LINE_CONTROLS = re.compile("[\t\n]")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d.,]+(?:[eE][+-]?\d+)?%?")
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xef\xbf[\xbe\xbf]")
"""What XML 1.0 cannot hold, in UTF-8, and delete."""


_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Lone surrogates that stand for no byte of a name."""
_ESCAPES = re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>\\u[dD][89a-fA-F]..)|\\.")
"""Escapes of JSON."""


def escaped(text: str) -> str:
    """One line that a terminal shows and does not obey: a control as ``\\x1b``, a direction as ``\\u202e``.

    Bytes of a name that are not UTF-8 become U+FFFD.
    """
    return _LINE_CONTROLS.sub(_written, escaped_lines(encodable(text)))


def encodable(text: str) -> str:
    """``text`` with what UTF-8 cannot hold replaced by U+FFFD: bytes of a name that are not UTF-8, and half a
    surrogate pair, which JSON can spell."""
    if text.isascii():
        return text
    return _HALVES.sub("\ufffd", text).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def escaped_lines(text: str) -> str:
    """The same for several lines: tabs and line feeds stay."""
    return _HARMFUL.sub(_written, text)


def _written(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def json_safe(text: str) -> str:
    """JSON with its harmful characters escaped as JSON does it. It reads as before, but that half a surrogate
    pair, which many readers refuse, is U+FFFD."""
    safe = _HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    if "\\ud" not in safe:
        return safe
    return _ESCAPES.sub(lambda match: "\\ufffd" if match["half"] else match[0], safe)


def table_cell(value: object) -> object:
    """A cell of CSV that no spreadsheet takes for a formula: with ' before it, as is usual. Numbers stay."""
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def xml_text(text: bytes) -> bytes:
    """UTF-8 that XML can hold: a control as its picture (␛ for escape), a noncharacter as U+FFFD."""
    return _NO_XML.sub(_picture, text)


def has_pictures(text: bytes) -> bool:
    """Whether ``xml_text`` changes it."""
    return _NO_XML.search(text) is not None


def _picture(match: re.Match[bytes]) -> bytes:
    found = match[0]
    if len(found) > 1:
        return "\ufffd".encode()
    return ("␡" if found == b"\x7f" else chr(0x2400 + found[0])).encode()
