"""Guessing the encoding of text that is not UTF-8: the detector, and our rules for what it is weak in.

The rules and their thresholds come from a comparison on 10,700 texts in 36 encodings, which
``tests/benchmarks/encoding_quality.py`` repeats.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tokviz.documents.encodings import ENCODINGS, WESTERN, Encoding, UnknownEncodingError, find_encoding

_HIGH = re.compile(rb"[\x80-\xff]")
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 8 << 10
"""As many bytes as the detector judges: more change no answer and take longer."""
_LONG_LINE = 2000
_AROUND = 60
"""Of a longer line, the detector is shown this many bytes before and after what tells something."""
_LINE_ENDS = (b"\n", b"\r")
_BETWEEN = frozenset(b"\t\r\n !\"#$%&'()*+,-./")
"""ASCII bytes that are never the second half of a character, in any encoding."""
_SIGNS = frozenset(
    byte for byte in range(0x80, 0x100) if not bytes([byte]).decode("cp1252", "replace").isalpha()
) - frozenset(b"\x81\x8d\x8f\x90\x9d") | frozenset("µªº".encode("cp1252"))
"""Bytes that are signs in Windows-1252, such as ° and ’, and no letters."""
_WITHIN_WORDS = frozenset("’‘·–—…×\u00a0\u00ad".encode("cp1252"))
"""Signs that may have a letter on both sides."""
_BEFORE_WORDS = frozenset("‚„ˆ‹“¡£¥§«¿µ€‘".encode("cp1252")) - _WITHIN_WORDS
"""Signs that hardly follow a letter."""
_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_TRUSTED = 0.15
"""With this confidence or more, 99 % of the detector's answers are right."""
_HOPELESS = 0.035
"""With less confidence than this, Windows-1252 is right more often than the detector."""
_READINGS = 3
"""How many readings are told where the guess is not sure: they hold the right one in 97 of 100 cases."""
_MIXED_WORD = re.compile("[A-Za-z][\u0370-\u1fff]|[\u0370-\u1fff][A-Za-z]")
_JAPANESE = ("cp932", "euc_jp")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]{2,}")
"""Alone, one may be an â and the letter after it, in CP850."""
_BEYOND_ASCII = re.compile("[^\\x00-\\x7f]")
_LEAST_KANA = 4
_BAD_BYTES = 0.05
"""The share of bytes beyond ASCII that may be damage."""


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding that a text may be in."""

    encoding: Encoding
    sure: bool
    """Whether it is right in 99 of 100 cases; else it is only the likeliest."""
    confidence: float
    others: tuple[Encoding, ...] = ()
    """The next likely encodings by which the text reads differently, where the guess is not sure."""


def guess_encoding(data: bytes) -> Guess:
    """The likeliest encoding of text that holds bytes beyond ASCII and is not UTF-8."""
    if _only_single_signs(data):
        return Guess(WESTERN, True, 1.0)
    sample = sample_of(data)
    answers = _ask(sample)
    if not (answers and answers[0][0].east_asian):
        answers = _east_asian_but_for_damage(sample) or answers
    if not answers or answers[0][1] < _TRUSTED:
        answers = _by_kana(sample) or answers
    if not answers or answers[0][1] < _HOPELESS:
        answers = [(WESTERN, 0.0), *(answer for answer in answers if answer[0] != WESTERN)]
    elif answers[0][1] < _TRUSTED:
        answers.sort(key=lambda answer: _mixes_scripts(sample, answer[0]))
    confidence = answers[0][1]
    readings = _readings(sample, [encoding for encoding, _ in answers])
    sure = confidence >= _TRUSTED
    return Guess(readings[0], sure, confidence, () if sure else tuple(readings[1:_READINGS]))


def _east_asian_but_for_damage(sample: bytes) -> list[tuple[Encoding, float]]:
    """The detector's answers where, but for a few bytes, the sample is text of an East Asian encoding."""
    for encoding in (encoding for encoding in ENCODINGS if encoding.east_asian):
        mended = _without_damage(sample, encoding)
        answers = _ask(mended) if mended and mended != sample else []
        if answers and answers[0][0] == encoding and answers[0][1] >= _TRUSTED:
            return answers
    return []


def _by_kana(sample: bytes) -> list[tuple[Encoding, float]]:
    """A Japanese encoding in which most of the sample is runs of kana: no other text looks so, and the
    detector knows few that have no Chinese characters in them."""
    for codec in _JAPANESE:
        encoding = find_encoding(codec)
        text = _without_damage(sample, encoding).decode(encoding.codec, "replace")
        kana = sum(len(run) for run in _KANA.findall(text))
        if kana >= _LEAST_KANA and 2 * kana >= len(_BEYOND_ASCII.findall(text)):
            return [(encoding, _TRUSTED)]
    return []


def _only_single_signs(data: bytes) -> bool:
    """Whether bytes beyond ASCII are single and stand where signs do: no other encoding's text looks so."""
    for match in _HIGH_RUN.finditer(data):
        start, end = match.span()
        byte = data[start]
        if end - start > 1 or byte not in _SIGNS:
            return False
        if start and data[start - 1] in _LETTERS and byte not in _WITHIN_WORDS:
            followed = end < len(data) and data[end] in _LETTERS
            if followed or byte in _BEFORE_WORDS:
                return False
    return True


def sample_of(data: bytes) -> bytes:
    """The lines that hold bytes beyond ASCII; of long ones the parts around these bytes."""
    parts: list[bytes] = []
    size = 0
    for part in _telling_parts(data):
        parts.append(part[: _SAMPLE - size])
        size += len(part)
        if size >= _SAMPLE:
            break
    return b"\n".join(parts)


def _telling_parts(data: bytes) -> Iterator[bytes]:
    position = 0
    while found := _HIGH.search(data, position):
        at = found.start()
        start = max(position, *(data.rfind(end, position, at) + 1 for end in _LINE_ENDS))
        ends = [end for sign in _LINE_ENDS if (end := data.find(sign, at, at + _SAMPLE)) >= 0]
        end = min(ends, default=min(len(data), at + _SAMPLE))
        if at - start > _LONG_LINE:
            start = next((i for i in range(at - _AROUND, at) if data[i] in _BETWEEN), at)
        if end - at > _LONG_LINE:
            end = _end_of_run(data, at, end)
        yield data[start:end]
        position = end


def _end_of_run(data: bytes, start: int, end: int) -> int:
    """Where bytes beyond ASCII stop to follow one another, none of them more than a few words apart."""
    while start < end and (found := _HIGH_RUN.search(data, start, min(end, start + _AROUND))):
        start = found.end()
    return min(end, start + _AROUND)


def _ask(sample: bytes) -> list[tuple[Encoding, float]]:
    """The detector's answers with their confidence, the likeliest first."""
    # Imported when first asked: it costs 34 ms, 83 more at the first question, and most trees never need it.
    import chardet

    answers = chardet.detect_all(
        sample,
        ignore_threshold=True,
        prefer_superset=False,
        compat_names=False,
        include_encodings=_ASKED,
        no_match_encoding="cp1252",
    )
    found: dict[Encoding, float] = {}
    for answer in answers:
        try:
            encoding = find_encoding(answer["encoding"] or "")
        except UnknownEncodingError:
            continue
        found.setdefault(encoding, answer["confidence"])
    return list(found.items())


_ASKED = (
    "big5hkscs",
    "cp932",
    "cp949",
    "euc_jis_2004",
    "euc_kr",
    "gb18030",
    "shift_jis_2004",
    "cp874",
    "tis-620",
    "cp1250",
    "cp1251",
    "cp1252",
    "cp1253",
    "cp1254",
    "cp1255",
    "cp1256",
    "cp1257",
    "cp1258",
    "koi8-r",
    "koi8-u",
    "iso8859-1",
    "iso8859-2",
    "iso8859-4",
    "iso8859-5",
    "iso8859-6",
    "iso8859-7",
    "iso8859-8",
    "iso8859-9",
    "iso8859-13",
    "iso8859-15",
    "mac-cyrillic",
    "mac-roman",
    "cp437",
    "cp850",
    "cp852",
    "cp866",
)
"""What the detector may answer, by its names: the encodings that people really wrote files in."""


def _without_damage(sample: bytes, encoding: Encoding) -> bytes:
    """The sample without what is no text in ``encoding``; empty if that is more than a little."""
    kept = sample.decode(encoding.codec, "ignore").encode(encoding.codec, "ignore")
    high = len(sample) - len(sample.translate(None, bytes(range(0x80, 0x100))))
    return kept if len(sample) - len(kept) <= max(2, _BAD_BYTES * high) else b""


def _mixes_scripts(sample: bytes, encoding: Encoding) -> bool:
    """Whether a word of the reading holds letters of two scripts, as cafι does: an é read as Greek."""
    return _MIXED_WORD.search(sample.decode(encoding.codec, "replace")) is not None


def _readings(sample: bytes, encodings: list[Encoding]) -> list[Encoding]:
    """The encodings by which the sample reads in different ways, each way once, by its commonest encoding."""
    readings: dict[str, Encoding] = {}
    for encoding in encodings:
        text = sample.decode(encoding.codec, "replace")
        readings[text] = min(readings.get(text, encoding), encoding, key=ENCODINGS.index)
    return list(readings.values())
