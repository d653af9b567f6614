"""From bytes to text: whether they are text at all, in which encoding, and how that is known.

The rules, first that applies: a byte order mark; escape sequences that switch to Japanese; UTF-16 and UTF-32
by what they look like; binary data; UTF-8; UTF-8 with damage; what the file says of itself; a guess.
"""

import codecs
import re
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from tokviz.documents.binary_formats import binary_format, is_pdf
from tokviz.documents.declarations import declared_encoding
from tokviz.documents.detection import Guess, guess_encoding, sample_of
from tokviz.documents.document_text import DocumentText
from tokviz.documents.encodings import UTF8, WESTERN, Encoding, find_encoding
from tokviz.documents.shortening.shortenings import RULES, Shortening
from tokviz.documents.wide import CONTROLS, marked, unmarked
from tokviz.language import _

MB = 1_000_000
"""Bytes: limits are given in megabytes."""
HEAD = 8000
"""How far binary data is looked for, in bytes (git looks at as many)."""
_CONTROL_SAMPLE = 1000
_MOST_CONTROLS = 0.3
"""The share of control bytes up to which UTF-8 is text (perl's ``-T`` has the same)."""
_MOST_LEGACY_CONTROLS = 0.02
_WIDE_CONTROLS = 0.01
"""From this share on, what is not UTF-8 may be UTF-16: in East Asian text it has no NULs, but such bytes."""
_HIGH_BYTES = bytes(range(0x80, 0x100))
_REPLACEMENT = "\ufffd".encode()
_UTF8_MARK = b"\xef\xbb\xbf"
_DISAGREES = 0.3
"""With this confidence the detector is believed rather than what the file says of itself."""
_TOO_MUCH_DAMAGE = 0.05
_ISO_2022_JP = find_encoding("iso2022_jp")
_STAND_INS = re.compile("[\uf8f0-\uf8f3]")
"""What Python makes of the four bytes that Shift_JIS leaves undefined: private characters."""
SWITCHES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I")
"""What begins Japanese in ISO-2022-JP."""


class Basis(Enum):
    """How the encoding is known."""

    VALID = "valid"
    """It is UTF-8 throughout, or but for damage."""
    MARK = "byte order mark"  # verbatim
    DECLARED = "declared in the file"  # verbatim
    FORM = "form"
    """No other encoding has bytes like these: UTF-16 and UTF-32 without a mark, ISO-2022-JP."""
    GUESSED = "guessed"
    UNSURE = "unsure"
    """Guessed, with so little to go by that it may well be wrong."""
    GIVEN = "given"
    """Somebody chose it."""


class TextFile(NamedTuple):
    """A text with what was done to get it: a tuple, which is quickly made, once for every file."""

    text: bytes
    """Valid UTF-8."""
    encoding: str
    """``UTF-8``, ``UTF-16 LE``, ``Windows-1252``…; for people see ``encoding_words``."""
    replaced: int = 0
    """How many U+FFFD stand in ``text`` for bytes that could not be decoded."""
    basis: Basis = Basis.VALID
    others: tuple[str, ...] = ()
    """The next likely encodings, as shown, where the basis is UNSURE."""
    shortened: tuple[Shortening, ...] = ()
    """What made ``text`` shorter than the file's, in order."""
    size_before: int = 0
    """Bytes of the text (UTF-8) before that; 0 if nothing did."""
    kept: str = ""
    """Why it was not shortened although that was asked for, if something about the file forbids it."""
    document: DocumentText | None = None
    """What the text was made of, if not of the file's own; then ``encoding`` is its label."""

    @property
    def plain(self) -> bool:
        """Whether there is nothing to say of it: UTF-8 as it lies in the file."""
        return not (self.replaced or self.encoding not in PLAIN_UTF8 or self.shortened or self.kept)

    @property
    def guessed(self) -> bool:
        return self.basis in (Basis.GUESSED, Basis.UNSURE)


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How bytes are to become text."""

    binaries: bool = False
    """Read what is not text nevertheless, as UTF-8 with U+FFFD."""
    encoding: Encoding | None = None
    """The encoding of what is not UTF-8; None: it is found out."""
    forced: bool = False
    """It is the encoding of everything, UTF-8 or not."""
    largest: int | None = None
    """Bytes of the largest text that is taken as a whole; None: of any."""
    shortened: frozenset[Shortening] = frozenset()
    """What is to make texts shorter."""
    document_text: bool = False
    """Read documents (PDF, DOCX and the like) as the text that they hold."""
    markup_text: bool = False
    """Read HTML, RTF and e-mail, by the names of the files, as the text that they show."""

    @property
    def extracted(self) -> bool:
        """Whether the text of some files is taken out of what they hold."""
        return self.document_text or self.markup_text

    @property
    def by_name(self) -> bool:
        """Whether a file's name has a say in what its text is."""
        return bool(self.shortened or self.extracted)

    def fingerprint(self, name: str) -> str:
        """What decides which text ``make_text`` makes of the bytes of the file ``name`` (or path): equal
        bytes with equal fingerprints give equal texts, as long as the libraries that read them are the same.
        """
        named = name.rpartition("/")[2] if self.by_name else ""
        encoding = self.encoding.codec if self.encoding else ""
        steps = ",".join(sorted(self.shortened))
        flags = f"{self.binaries:d}{self.forced:d}{self.document_text:d}{self.markup_text:d}"
        return f"{encoding}|{flags}|{f'{RULES}:{steps}' if steps else ''}|{named}"


_MARKED_UTF8 = "UTF-8 with BOM"  # verbatim
PLAIN_UTF8 = ("UTF-8", _MARKED_UTF8)
"""What needs no word: nearly all files are it."""
FOUND_OUT = ReadOptions()
"""The encoding is found out, and binary data refused."""


class NotTextError(Exception):
    """The bytes are no text; ``str()`` says why in a few words."""


def decode_bytes(data: bytes, options: ReadOptions = FOUND_OUT) -> TextFile:
    """``data`` as text, NotTextError if it is binary. Valid UTF-8 is not copied.

    Binary is a PDF; a NUL in the first 8,000 bytes, unless it reads as UTF-16 or UTF-32; a NUL anywhere in
    data that is not UTF-8; control bytes that text does not use making up more than 30 % of the first 1,000
    bytes, or 2 % where the data is not UTF-8; what is not UTF-8 and begins as a binary format does.
    """
    if options.forced and options.encoding:
        return _decode_as(data, options.encoding, options.binaries)
    nul = data.find(b"\0", 0, HEAD) >= 0
    ascii_only = data.isascii()
    utf8 = ascii_only or _is_utf8(data)
    if utf8 and not nul and _control_share(data) <= _MOST_CONTROLS and not is_pdf(data):
        return _utf8(data, ascii_only)  # nearly every file of a source tree
    if mark := marked(data, HEAD):
        encoding, length = mark
        return _decoded(data[length:], encoding, Basis.MARK)
    may_be_wide = nul or utf8 or _control_share(data) > _WIDE_CONTROLS
    if may_be_wide and (wide := unmarked(data, HEAD)):
        return _decoded(data, wide, Basis.FORM)
    if reason := _why_binary(data, nul, utf8):
        if options.binaries:
            return _decoded(data, UTF8, Basis.GIVEN)
        raise _no_text(reason)
    if damaged := _damaged_utf8(data):
        return damaged
    return _decoded(data, options.encoding, Basis.GIVEN) if options.encoding else _declared_or_guessed(data)


def _utf8(data: bytes, ascii_only: bool) -> TextFile:
    if ascii_only:
        return (b"\x1b" in data and _iso_2022_jp(data)) or TextFile(data, "UTF-8")
    if data.startswith(_UTF8_MARK):
        return TextFile(data, _MARKED_UTF8, basis=Basis.MARK)
    return TextFile(data, "UTF-8")


def _decode_as(data: bytes, encoding: Encoding, binaries: bool) -> TextFile:
    """``data`` in the encoding that somebody chose; a byte order mark of it is left out."""
    mark = marked(data, HEAD) if encoding.wide else None
    if mark and mark[0].codec[:6] == encoding.codec[:6]:  # in whichever order, the mark knows better
        return _decoded(data[mark[1] :], mark[0], Basis.GIVEN)
    # The escape sequences of ISO-2022 are controls, and belong to its text.
    apart = encoding.wide or encoding.codec.startswith("iso2022")
    reason = "" if apart else _why_binary_as_named(data)
    if reason and not binaries:
        raise _no_text(reason)
    return _decoded(data, encoding, Basis.GIVEN)


def _no_text(reason: str) -> NotTextError:
    # Translators: {why} is such as “a PDF document” or “it holds NUL bytes”
    return NotTextError(_("it is binary data ({why})", why=reason))


def _why_binary_as_named(data: bytes) -> str:
    """Why it is no text in the encoding that somebody chose; empty if it may be."""
    nul, ascii_only = data.find(b"\0", 0, HEAD) >= 0, data.isascii()
    if ascii_only and not nul and _control_share(data) <= _MOST_CONTROLS and not is_pdf(data):
        return ""
    return _why_binary(data, nul, ascii_only)


def _why_binary(data: bytes, nul: bool, utf8: bool) -> str:
    """Why it is no text, empty if it may be. What is UTF-8 and gets here is none."""
    named = binary_format(data) if nul or not utf8 or is_pdf(data) else ""
    if named:
        return named
    if nul:
        return _("it holds NUL bytes")
    if utf8:
        return _("it is full of control characters")
    if b"\0" in data or _control_share(data) > _MOST_LEGACY_CONTROLS:
        return _("neither UTF-8 nor another text encoding")
    return ""


def _iso_2022_jp(data: bytes) -> TextFile | None:
    if not any(switch in data for switch in SWITCHES):
        return None
    text = _decoded(data, _ISO_2022_JP, Basis.FORM)
    return text if text.replaced <= _TOO_MUCH_DAMAGE * len(text.text) else None


def _damaged_utf8(data: bytes) -> TextFile | None:
    """The text if it is UTF-8 with damage: at least as many characters beyond ASCII are whole as are not."""
    replaced, intact = count_damage(data)
    # In a legacy encoding few neighbouring bytes happen to be UTF-8: one pair in ten, in Chinese ones.
    if (intact and intact >= replaced) or _cut_short(data):
        return TextFile(data.decode("utf-8", "replace").encode(), UTF8.shown, replaced)
    return None


def count_damage(data: bytes) -> tuple[int, int]:
    """Read as UTF-8: how many U+FFFD stand for bytes, and how many characters beyond ASCII are whole."""
    text = data.decode("utf-8", "replace")
    replaced = text.count("\ufffd") - data.count(_REPLACEMENT)
    return replaced, len(text) - len(data.translate(None, _HIGH_BYTES)) - replaced


def _cut_short(data: bytes) -> bool:
    """Whether it is UTF-8 whose last character lacks bytes, as after a download that broke off."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(data) - error.start > 1  # verbatim
    return False


def _declared_or_guessed(data: bytes) -> TextFile:
    guess = guess_encoding(data)
    declared = declared_encoding(data)
    if declared is not None and _credible(data, declared, guess):
        return _decoded(data, declared, Basis.DECLARED)
    basis = Basis.GUESSED if guess.sure else Basis.UNSURE
    return _decoded(data, guess.encoding, basis, tuple(other.shown for other in guess.others))


def _credible(data: bytes, declared: Encoding, guess: Guess) -> bool:
    """Whether the file is in the encoding that it names. Latin 1 is named in files of every encoding."""
    if declared in (guess.encoding, UTF8, WESTERN):
        return declared == guess.encoding
    sample = sample_of(data)
    text = sample.decode(declared.codec, "replace")
    if any("\x80" <= character < "\xa0" for character in text):
        return False
    if text.count("\ufffd") > _TOO_MUCH_DAMAGE * len(text):
        return False
    return guess.confidence < _DISAGREES or text == sample.decode(guess.encoding.codec, "replace")


def _decoded(data: bytes, encoding: Encoding, basis: Basis, others: tuple[str, ...] = ()) -> TextFile:
    text, replaced = decode_block(data, encoding)
    return TextFile(text, encoding.shown, replaced, basis, others)


def decode_block(
    data: bytes,
    encoding: Encoding,
    decoder: codecs.IncrementalDecoder | None = None,
    *,
    final: bool = False,
) -> tuple[bytes, int]:
    """``data`` in UTF-8, and how many U+FFFD in it stand for bytes. Valid UTF-8 is not copied.

    ``decoder``: a strict one of the encoding, if ``data`` is a block of a longer text; the last is ``final``.
    """
    replaced = 0
    before = decoder.getstate() if decoder else (b"", 0)
    try:
        text = decoder.decode(data, final) if decoder else data.decode(encoding.codec)
    except UnicodeDecodeError:
        if decoder:
            decoder.setstate(before)
            decoder.errors = "replace"
            text = decoder.decode(data, final)
            decoder.errors = "strict"
        else:
            text = data.decode(encoding.codec, "replace")
        genuine = data.count("\ufffd".encode(encoding.codec)) if encoding.unicode else 0
        replaced = max(1, text.count("\ufffd") - genuine)
    else:
        if encoding == UTF8 and decoder is None:
            return data, 0
    if encoding.codec == "cp932" and (stand_ins := len(_STAND_INS.findall(text))):
        replaced += stand_ins
        text = _STAND_INS.sub("\ufffd", text)
    return encode_text(text), replaced


def encode_text(text: str) -> bytes:
    """``text`` as UTF-8, with each lone surrogate (which UTF-8 cannot hold) as U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _control_share(data: bytes) -> float:
    head = data[:_CONTROL_SAMPLE]
    return 1 - len(head.translate(None, CONTROLS)) / len(head) if head else 0.0
