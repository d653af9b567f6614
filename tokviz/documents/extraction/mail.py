"""E-mail (.eml): who wrote whom about what, the message, and what is attached by name."""

import email
import email.errors
import email.policy
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import EmailMessage

from tokviz.documents.extraction import markup
from tokviz.documents.extraction.output import FORMAT, DocumentError, Output, Units, damaged, one_line
from tokviz.language import _
from tokviz.language import number as in_signs

_HEADERS = ("From", "To", "Cc", "Date", "Subject")  # verbatim
_MOST_PARTS = 1_000
_ODD = (ValueError, TypeError, LookupError, AttributeError, OverflowError, email.errors.MessageError)
"""What the library makes of headers that nobody should send."""
_BOUNDARY = re.compile(r"^--(\S[^\r\n]{0,68})\r?\n(?=[Cc]ontent-)", re.MULTILINE)
_UNQUOTED = re.compile(r";\s*(?:file)?name\s*=\s*([^\s;\"][^;\"]*[^\s;\"])", re.IGNORECASE)
"""The name of a file in a header."""
_ADDRESSES = ("http:", "https:", "cid:", "file:")
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "euc-kr": "cp949"}
"""Character sets in whose name mail is sent that uses the rest of these, too."""
_TWO_BYTES = ("gb", "big5", "euc", "cp949", "shift", "cp932")
_FEW = 12
"""Bytes beyond ASCII that may be valid as UTF-8 by chance, where characters take two."""
_BEYOND_ASCII = bytes(range(128, 256))


def extract(data: bytes, output: Output) -> Units:
    """A message and those that are forwarded in it."""
    try:
        message = _parsed(data)
        if not message.keys() and b"\0" in data[:1_024]:
            raise damaged()
        _Writer(output).write(message)
    except (*_ODD, RecursionError) as error:
        raise damaged() from error
    return Units(0)


def _parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


class _Writer:
    def __init__(self, output: Output) -> None:
        self._output = output
        self._parts = 0
        self._texts: set[str] = set()
        """The words of each text of the message."""

    def write(self, message: EmailMessage) -> None:
        """Write the headers that people read, then what the message holds in its order."""
        self._texts.clear()
        for header in _HEADERS:
            if value := _header(message, header):
                self._output.block(f"{header}: {value}", "header")
        self._part(_mended(message))

    def _part(self, part: EmailMessage) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise DocumentError(
                _(
                    "the {format} has more than {number} attachments",
                    format=FORMAT,
                    number=in_signs(_MOST_PARTS),
                )
            )
        kind = part.get_content_type()
        if kind == "multipart/alternative":
            self._best(part)
        elif kind == "multipart/related":
            for number, inner in enumerate(_inner(part)):
                if not number or inner.is_attachment() or not _drawn(inner):
                    self._part(inner)
        elif part.is_multipart() and kind != "message/rfc822":
            for inner in _inner(part):
                self._part(inner)
        elif kind in ("text/plain", "text/html") and not part.is_attachment():
            self._text(part, kind)
        else:
            self._output.block(f"Attachment: {_file_name(part) or kind}", "attachment")  # verbatim
            for inner in _inner(part) if kind == "message/rfc822" else ():
                self.write(inner)

    def _text(self, part: EmailMessage, kind: str) -> None:
        if name := _file_name(part):
            self._output.block(f"Attachment: {name}", "attachment")  # verbatim
            return
        text = _decoded(part).replace("\r\n", "\n")
        if kind == "text/html":
            page = Output()
            markup.write(text, page)
            text = page.text()
        words = one_line(text)
        if words not in self._texts:  # badly nested, the two forms of one text stand one after the other
            self._texts.add(words)
            self._output.part()
            self._output.block(text)

    def _best(self, part: EmailMessage) -> None:
        """The plain one of several forms of a text, if anything stands in it; else the last."""
        forms = list(_inner(part))
        plain = (form for form in forms if form.get_content_type() == "text/plain")
        chosen = next((form for form in plain if _decoded(form).strip()), None)
        if chosen is not None:
            self._part(chosen)
            forms = [form for form in forms if form.get_content_maintype() not in ("text", "multipart")]
        else:
            forms = [form for form in forms if form.get_content_type() != "text/plain"]
        for form in forms:  # what an odd program put beside them
            self._part(form)


def _inner(part: EmailMessage) -> Iterator[EmailMessage]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (inner for inner in payload if isinstance(inner, EmailMessage))


def _drawn(part: EmailMessage) -> bool:
    """Whether the page that it belongs to shows it in its place, as pictures are."""
    return part.get_content_maintype() == "image" or "content-id" in part or "content-location" in part


def _header(message: EmailMessage, name: str) -> str:
    raw = _raw(message, name)
    try:
        if raw.isascii():
            return one_line(str(message.get(name) or ""))
        return one_line(str(email.policy.default.header_factory(name, one_line(raw))))
    except _ODD:
        return one_line(raw)


def _raw(message: EmailMessage, name: str) -> str:
    """A header as it was sent, in which bytes beyond ASCII should not be, but are."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return raw if raw.isascii() else markup.decoded(raw.encode("utf-8", "surrogateescape"))


def _file_name(part: EmailMessage) -> str:
    """What an attachment is called; “” if it has no name. Names with blanks, or with encoded words, need
    quotation marks that many programs leave out."""
    name = part.get_filename() or ""
    for header in ("Content-Disposition", "Content-Type"):  # verbatim
        found = _UNQUOTED.search(_raw(part, header))
        if found and (" " in found[1] or "=?" in found[1]) and (not name or found[1].startswith(name)):
            name = _words(found[1])
            break
    place = _raw(part, "Content-Location")  # verbatim
    if not name and part.get_content_maintype() != "text" and not place.startswith(_ADDRESSES):
        name = place
    return one_line(name)


def _words(encoded: str) -> str:
    """Encoded words, such as “=?utf-8?Q?…?=”, as what they stand for."""
    try:
        return str(make_header(decode_header(encoded)))
    except _ODD:
        return encoded


def _mended(message: EmailMessage) -> EmailMessage:
    """The message, read by the boundary that stands in it if it is not the one that its header names."""
    payload = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(payload, str):
        if found := _BOUNDARY.search(payload):
            head = f'Content-Type: multipart/mixed; boundary="{found[1].rstrip()}"\n\n'  # verbatim
            return _parsed((head + payload).encode("utf-8", "surrogateescape"))
        message.set_type("text/plain")
    return message


def _decoded(part: EmailMessage) -> str:
    """The text of a part, by its character set unless the bytes say that it is another."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    named = (part.get_content_charset() or "us-ascii").lower()
    named = _LARGER.get(named, named)
    foreign = len(data) - len(data.translate(None, _BEYOND_ASCII))
    sure = not foreign or (foreign < _FEW and named.startswith(_TWO_BYTES))
    for charset in (named, "utf-8") if sure else ("utf-8", named):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeError):
            continue
    try:
        return markup.decoded(data) if named == "us-ascii" else data.decode(named, "replace")
    except LookupError:
        return markup.decoded(data)
