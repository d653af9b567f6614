"""How a token's bytes are written for people: blanks and controls visible, bytes without meaning as hex."""

import unicodedata

from tokviz.analysis.tokens.characters import code_point

_SIGNS = {
    **{chr(code): chr(0x2400 + code) for code in range(0x20)},
    " ": "·",
    "\t": "→",
    "\n": "↵",
    "\r": "␍",
    "\x7f": "␡",
    "\u00a0": "⍽",
}
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
_SHORT = {"\u200d": "ZWJ", "\u200c": "ZWNJ", "\ufeff": "BOM", "\u200e": "LRM", "\u200f": "RLM"}
_DOTTED_CIRCLE = "◌"


def hex_bytes(data: bytes) -> str:
    """``E2 9C 93``."""
    return data.hex(" ").upper()


def spelled(data: bytes, longest: int = 0) -> str:
    """``data`` as one visible line: ``·the``, ``↵``, ``‹E2 9C›`` for bytes that are no whole character,
    ``‹ZWJ›`` or ``‹U+2060›`` for characters that have no shape, ``◌́`` for a mark without its letter.

    Of more than ``longest`` characters (0: no limit) the middle is left out, as ``aaaa…aaaa``.
    """
    if longest and len(data) > 4 * longest:
        # No more is decoded than may be shown; an incomplete character at the seam falls into the gap.
        half = longest // 2
        head = data[: 4 * half].decode("utf-8", "ignore")[:half]
        tail = data[-4 * half :].decode("utf-8", "ignore")[-half:]
        return f"{_visible(head)}…{_visible(tail)}"
    text = _decoded(data)
    if longest and len(text) > longest:
        half = longest // 2
        return f"{text[:half]}…{text[-half:]}"
    return text


def _decoded(data: bytes) -> str:
    """``data`` with what is UTF-8 visible and the rest as hex."""
    parts: list[str] = []
    broken = b""
    while data:
        try:
            good, bad = data.decode(), b""
            data = b""
        except UnicodeDecodeError as error:
            good, bad = data[: error.start].decode(), data[error.start : error.end]
            data = data[error.end :]
        if good:
            if broken:
                parts.append(f"‹{hex_bytes(broken)}›")
                broken = b""
            parts.append(_visible(good))
        broken += bad
    return "".join(parts) + (f"‹{hex_bytes(broken)}›" if broken else "")


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.replace(" ", "·")
    first = _DOTTED_CIRCLE if text and unicodedata.combining(text[0]) else ""
    return first + "".join(map(_sign, text))


def _sign(character: str) -> str:
    sign = _SIGNS.get(character)
    if sign is not None:
        return sign
    if unicodedata.category(character) in _INVISIBLE:
        return f"‹{_SHORT.get(character) or code_point(character)}›"
    return character
