"""Recognizing encodings other than UTF-8: UTF-16, UTF-32, and the usual legacy ones."""

import codecs
import re
import unicodedata
from dataclasses import dataclass

_BOMS = (  # the 32-bit ones first: UTF-32 LE's begins with UTF-16 LE's
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32 LE"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32 BE"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16 LE"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16 BE"),
)
_SHOWN = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "iso8859_2": "ISO-8859-2",
    "cp1251": "Windows-1251",
    "koi8_r": "KOI8-R",
    "cp866": "CP866",
    "cp1253": "Windows-1253",
    "cp1255": "Windows-1255",
    "cp1256": "Windows-1256",
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
}
_LATIN = {
    "cp1252": "àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœ¡¿«»ÀÁÂÄÅÆÇÈÉÊËÍÎÏÑÓÔÖØÚÛÜŒ",
    "cp1250": "áâäąăćčçďđéěëęíîľĺłńňóôöőřŕśšşťţúůűüýźžżßÁĄČĎÉĚĘÍŁŃŇÓÖŐŘŚŠŤÚŮÜŰÝŹŽŻ",
    "iso8859_2": "áâäąăćčçďđéěëęíîľĺłńňóôöőřŕśšşťţúůűüýźžżßÁĄČĎÉĚĘÍŁŃŇÓÖŐŘŚŠŤÚŮÜŰÝŹŽŻ",
}
"""The letters that the languages of western and central Europe write beyond ASCII."""
_COMMON_SIGNS = "“”‘’„–—…•©®°§£€·«»±µ²³ \N{NO-BREAK SPACE}"
_FEW_BYTES = 6
"""Fewer bytes beyond ASCII than this say nothing about the language; Windows-1252 is by far the likeliest."""
_SAMPLE = 8 << 10
_NOT_UTF8_LINE = re.compile(rb"[^\n]{0,200}[\x80-\xff][^\n]{0,200}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding's name as shown, and how many U+FFFD stand for bytes that did not decode."""

    text: str
    encoding: str
    replaced: int = 0


def decode_wide(data: bytes, head: int) -> Decoded | None:
    """``data`` if it is UTF-16 or UTF-32, known by its byte order mark or by where its NULs stand.

    Here the mark is part of the encoding and not of the text (Unicode 3.10), so it is dropped.
    ``head`` is how many bytes are looked at.
    """
    for mark, codec, shown in _BOMS:
        if data.startswith(mark) and _reads_as_text(data[len(mark) : head], codec, "replace", odd_share=0.1):
            return _strictly_or_replaced(data[len(mark) :], codec, shown)
    if data.find(b"\0", 0, head) < 0:
        return None
    sample = data[: head & ~3]
    for _, codec, shown in _BOMS:
        if _nuls_fit(sample, codec) and _reads_as_text(sample, codec, "strict", odd_share=0.01):
            return _strictly_or_replaced(data, codec, shown)
    return None


def _nuls_fit(sample: bytes, codec: str) -> bool:
    width = 4 if codec.startswith("utf-32") else 2
    little = codec.endswith("le")
    units = len(sample) // width
    if units < 2:
        return False
    lanes = [sample[i::width].count(0) for i in range(width)]
    high, low = (lanes[-1], lanes[0]) if little else (lanes[0], lanes[-1])
    if width == 4:
        return high == units and low < units // 8 + 1
    # Blanks and line ends alone put a zero high byte into one unit in fifty, whatever the script.
    return low == 0 and high * 50 >= units


def _reads_as_text(sample: bytes, codec: str, errors: str, odd_share: float) -> bool:
    # A character may be cut at the sample's end: an incremental decoder waits for its rest.
    try:
        text = codecs.getincrementaldecoder(codec)(errors).decode(sample)
    except UnicodeDecodeError:
        return False
    return sum(_is_odd(character) for character in text) <= odd_share * len(text)


def _is_odd(character: str) -> bool:
    """Whether text hardly holds it: controls, unassigned and private code points, what did not decode."""
    if character in "\t\n\r\f\v\x1b":
        return False
    return character == "\ufffd" or unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")


def decode_legacy(data: bytes) -> Decoded:
    """Text that is not valid UTF-8: damaged UTF-8, or a legacy encoding, or, failing all, damaged UTF-8."""
    damaged = undecodable(data)
    high = len(data) - len(data.translate(None, bytes(range(0x80, 0x100))))
    # In a legacy encoding few neighbouring bytes happen to be UTF-8 (one pair in ten, in Chinese ones); in
    # damaged UTF-8 most are.
    whole = len(damaged.text) - (len(data) - high) - damaged.replaced
    if whole >= 2 * damaged.replaced or _cut_short(data):
        return damaged
    codec = "cp1252" if high < _FEW_BYTES else _guess(data)
    if codec is None:
        return damaged
    legacy = _strictly_or_replaced(data, codec, _SHOWN.get(codec, codec))
    return legacy if legacy.replaced * 50 <= high else damaged


def undecodable(data: bytes) -> Decoded:
    """``data`` as UTF-8 with a U+FFFD for each run of bytes that is none."""
    return _strictly_or_replaced(data, "utf-8", "UTF-8")


def _cut_short(data: bytes) -> bool:
    """Whether it is UTF-8 whose last character lacks bytes, as after a download that broke off."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data" and len(data) - error.start > 1
    return False


def _guess(data: bytes) -> str | None:
    sample = _sample(data)
    # It costs 30 ms to import, and most trees hold no such file.
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=list(_SHOWN), enable_fallback=False).best()
    if best is not None and best.encoding not in _LATIN:
        return str(best.encoding)
    # Among the Latin code pages the library's choice is little better than chance: see which letters appear.
    scores = {codec: _expected_letters(sample, codec) for codec in _LATIN}
    codec = max(scores, key=lambda name: scores[name])
    return codec if scores[codec] >= 0.5 else None


def _sample(data: bytes) -> bytes:
    """The lines that hold bytes beyond ASCII, up to a size that is quick to judge."""
    lines: list[bytes] = []
    size = 0
    for match in _NOT_UTF8_LINE.finditer(data):
        lines.append(match[0])
        size += len(match[0])
        if size > _SAMPLE:
            break
    return b"\n".join(lines)


def _expected_letters(sample: bytes, codec: str) -> float:
    beyond_ascii = [c for c in sample.decode(codec, "replace") if c >= "\x80"]
    letters = _LATIN[codec]
    return sum(c in letters or c in _COMMON_SIGNS for c in beyond_ascii) / max(1, len(beyond_ascii))


def _strictly_or_replaced(data: bytes, codec: str, shown: str) -> Decoded:
    try:
        return Decoded(data.decode(codec), shown)
    except UnicodeDecodeError:
        text = data.decode(codec, "replace")
        genuine = data.count("\ufffd".encode(codec)) if codec.startswith("utf") else 0
        return Decoded(text, shown, max(1, text.count("\ufffd") - genuine))
