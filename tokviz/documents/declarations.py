"""The encoding that a file names in its own text: for Python, XML, HTML and CSS, and for editors."""

import re

from tokviz.documents.encodings import Encoding, UnknownEncodingError, find_encoding

_NAME = rb"([A-Za-z0-9][-\w.:]{1,30})"
_HEAD = 1024
"""How far a declaration of HTML is looked for, in bytes, as its standard has it."""
_TAIL = 5 * 200
"""How far from the end vim's five lines are looked for, in bytes."""
_XML = re.compile(rb"^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']" + _NAME)
_CSS = re.compile(rb"^@charset \"" + _NAME)
_HTML = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?\s*" + _NAME, re.IGNORECASE)
_COMMENT = re.compile(rb"^[ \t\f]*#.{0,200}?coding[:=][ \t]*" + _NAME)
"""As PEP 263 has it, in the first or second line; Ruby and emacs write it so as well."""
_EMACS = re.compile(rb"-\*-.{0,200}?\bcoding:[ \t]*" + _NAME + rb".{0,200}?-\*-")
_VIM = re.compile(rb"\b(?:vim?|ex):.{0,200}?\b(?:fileencoding|fenc)=" + _NAME)
_PO = re.compile(rb"^\"Content-Type:[^\"\n]{0,200}?charset=" + _NAME, re.MULTILINE | re.IGNORECASE)
_LINE_ENDS = re.compile("-(unix|dos|mac)$")
"""What emacs adds to a name."""


def declared_encoding(data: bytes) -> Encoding | None:
    """What the file says it is encoded in; None if it says nothing, or what nobody knows."""
    for name in _declared_names(data):
        try:
            encoding = find_encoding(_LINE_ENDS.sub("", name))
        except UnknownEncodingError:
            continue
        if not encoding.wide:  # read as ASCII so far, it cannot be
            return encoding
    return None


def _declared_names(data: bytes) -> list[str]:
    head = data[:_HEAD]
    lines = head.split(b"\n", 2)[:2]
    tail = data[-_TAIL:].split(b"\n")[-6:]
    found = [_XML.search(head), _CSS.search(head), _HTML.search(head), _PO.search(head)]
    found += [pattern.search(line) for pattern in (_COMMENT, _EMACS) for line in lines]
    found += [_VIM.search(line) for line in head.split(b"\n", 5)[:5] + tail]
    return [match[1].decode("ascii") for match in found if match]
