"""base64 and data URIs, each replaced by a note of what it was and how large.

Replaced are: what a data URI holds, from 64 characters on; runs of base64 of 256 characters and more;
base64 in lines of one length, as in e-mails and PEM files (certificates and keys, whose BEGIN and END lines
stay). A run is taken for base64 only if it looks random: capitals, small letters and digits in it.
"""

import re

_URI = re.compile(
    rb"""data:([\w.+-]+/[\w.+-]+)?((?:;[\w.=+-]+)*?)
    (?:(;base64),([A-Za-z0-9+/_%-]{64,}={0,2})
    |,([^\s"'`()<>\\]{128,}))""",
    re.VERBOSE,
)
_QUOTED_URI = re.compile(
    rb"""(?<=(["'`]))data:([\w.+-]+/[\w.+-]+)((?:;[\w.=+-]+)*),((?:(?!\1)[^\r\n\\]){128,})(?=\1)"""
)
_RUN = re.compile(rb"(?<![A-Za-z0-9+/_-])(?:[A-Za-z0-9+/]{256,}|[A-Za-z0-9_-]{256,})={0,2}")
_LINES = re.compile(
    rb"(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{60,100})(?:(?:\r?\n|\\n|\\r\\n)[ \t]*[A-Za-z0-9+/]{60,100}){2,}"
    rb"(?:(?:\r?\n|\\n|\\r\\n)[ \t]*[A-Za-z0-9+/]{1,100}={0,2})?(?![A-Za-z0-9+/])"
)
_BREAK = re.compile(rb"(?:\r?\n|\\n|\\r\\n)[ \t]*")
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_MAGIC = (
    (b"iVBORw0KGg", "image/png"),
    (b"/9j/", "image/jpeg"),
    (b"R0lGOD", "image/gif"),
    (b"UklGR", "image/webp"),
    (b"JVBERi0", "application/pdf"),
    (b"UEsDB", "application/zip"),
    (b"H4sI", "application/gzip"),
    (b"d09GM", "font/woff2"),
    (b"d09GR", "font/woff"),
    (b"AAEAAAA", "font/ttf"),
    (b"AGFzbQ", "application/wasm"),
)
_SHAPE = bytes(0x41 if byte in _ALPHABET else 0x20 for byte in range(256))
_LONG_RUN = b"A" * 60
"""The shortest line of base64, when every letter of it is made an A."""
_LEAST_KINDS = 30
"""Different characters in a run of base64, at least: repeated letters and long words have fewer."""
_DIGITS = re.compile(rb"[0-9]")
_CAPITALS = re.compile(rb"[A-Z]")
_SMALL = re.compile(rb"[a-z]")
_LEAST_SHARE = 0.02
_SAMPLE = 4096


def shorten_encoded(text: bytes) -> bytes:
    """``text`` with a note in the place of all base64 and of what data URIs hold."""
    if b"data:" in text:
        text = _QUOTED_URI.sub(_quoted_uri, _URI.sub(_uri, text))
    # Nearly no text has so long a run, and this is found out a hundred times as fast.
    if _LONG_RUN not in text.translate(_SHAPE):
        return text
    text = _LINES.sub(_lines, text)
    return _RUN.sub(_run, text)


def base64_size(data: str | bytes) -> int:
    """Bytes that a text of base64 stands for; blanks and line ends do not count."""
    raw = data.encode("ascii", "replace") if isinstance(data, str) else data
    return len(raw.translate(None, b" \t\r\n=")) * 3 // 4


def _uri(match: re.Match[bytes]) -> bytes:
    kind, more, encoded, data, other = match.groups()
    head = b"data:" + (kind or b"") + more
    if encoded:
        return head + b";base64,[" + _bytes(base64_size(data)) + b"]"
    return head + b",[" + f"{len(other):,} characters".encode() + b"]"  # verbatim


def _quoted_uri(match: re.Match[bytes]) -> bytes:
    _, kind, more, data = match.groups()
    if more.endswith(b";base64"):
        return match[0]
    return b"data:" + kind + more + b",[" + f"{len(data):,} characters".encode() + b"]"  # verbatim


def _run(match: re.Match[bytes]) -> bytes:
    return _note(match[0]) if _is_random(match[0]) else match[0]


def _lines(match: re.Match[bytes]) -> bytes:
    *whole, last = _BREAK.split(match[0])
    one_length = len({len(line) for line in whole}) == 1 and len(last.rstrip(b"=")) <= len(whole[0])
    data = b"".join((*whole, last))
    return _note(data) if one_length and _is_random(data) else match[0]


def _is_random(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    least = len(sample) * _LEAST_SHARE
    kinds = (len(each.findall(sample)) for each in (_DIGITS, _CAPITALS, _SMALL))
    return len(set(sample)) >= _LEAST_KINDS and all(number > least for number in kinds)


def _note(data: bytes) -> bytes:
    kind = next((name for magic, name in _MAGIC if data.startswith(magic)), "")
    said = f" in base64{': ' if kind else ''}{kind}]"  # verbatim
    return b"[" + _bytes(base64_size(data)) + said.encode()


def _bytes(size: int) -> bytes:
    return f"{size:,} bytes".encode()  # verbatim
