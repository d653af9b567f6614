"""The encodings that tokviz knows: their names, and which of them a detector may answer."""

import codecs
import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Encoding:
    codec: str
    """Python's name."""
    shown: str
    """The name that users read, and may give."""
    script: str
    """What is written in it; menus group by it."""
    aliases: tuple[str, ...] = ()
    """Other names that files and users give it. Names that Python knows need not stand here."""

    @property
    def unicode(self) -> bool:
        return self.codec.startswith("utf")

    @property
    def wide(self) -> bool:
        """Whether every character takes two or four bytes, ASCII too."""
        return self.codec.startswith(("utf-16", "utf-32"))

    @property
    def east_asian(self) -> bool:
        return self.script in _EAST_ASIAN


_EAST_ASIAN = ("Japanese", "Chinese", "Korean")
UTF8 = Encoding("utf-8", "UTF-8", "Unicode", ("utf-8-sig",))
WESTERN = Encoding("cp1252", "Windows-1252", "Western", ("iso8859-1", "ascii"))
"""It reads ISO-8859-1 as well: what differs, 0x80 to 0x9F, are controls there, which no text holds."""
ENCODINGS = (
    UTF8,
    Encoding("utf-16-le", "UTF-16 LE", "Unicode", ("utf-16", "unicode", "ucs-2")),
    Encoding("utf-16-be", "UTF-16 BE", "Unicode"),
    Encoding("utf-32-le", "UTF-32 LE", "Unicode", ("utf-32",)),
    Encoding("utf-32-be", "UTF-32 BE", "Unicode"),
    WESTERN,
    Encoding("iso8859-15", "ISO-8859-15", "Western"),
    Encoding("mac-roman", "Mac Roman", "Western", ("macintosh",)),
    Encoding("cp437", "CP437", "Western"),
    Encoding("cp850", "CP850", "Western"),
    Encoding("cp1250", "Windows-1250", "Central European"),
    Encoding("iso8859-2", "ISO-8859-2", "Central European"),
    Encoding("cp852", "CP852", "Central European"),
    Encoding("mac-latin2", "Mac Central European", "Central European", ("x-mac-centraleurroman",)),
    Encoding("cp1257", "Windows-1257", "Baltic"),
    Encoding("iso8859-13", "ISO-8859-13", "Baltic"),
    Encoding("iso8859-4", "ISO-8859-4", "Baltic"),
    Encoding("cp1254", "Windows-1254", "Turkish"),
    Encoding("iso8859-9", "ISO-8859-9", "Turkish"),
    Encoding("cp1258", "Windows-1258", "Vietnamese"),
    Encoding("cp1251", "Windows-1251", "Cyrillic"),
    Encoding("koi8-r", "KOI8-R", "Cyrillic"),
    Encoding("koi8-u", "KOI8-U", "Cyrillic"),
    Encoding("iso8859-5", "ISO-8859-5", "Cyrillic"),
    Encoding("cp866", "CP866", "Cyrillic"),
    Encoding("mac-cyrillic", "Mac Cyrillic", "Cyrillic", ("x-mac-cyrillic",)),
    Encoding("cp1253", "Windows-1253", "Greek"),
    Encoding("iso8859-7", "ISO-8859-7", "Greek"),
    Encoding("cp1255", "Windows-1255", "Hebrew"),
    Encoding("iso8859-8", "ISO-8859-8", "Hebrew", ("iso-8859-8-i",)),
    Encoding("cp1256", "Windows-1256", "Arabic"),
    Encoding("iso8859-6", "ISO-8859-6", "Arabic"),
    Encoding("cp874", "Windows-874", "Thai", ("tis-620", "iso8859-11")),
    Encoding("cp932", "Shift_JIS", "Japanese", ("shift_jis_2004", "sjis", "windows-31j", "x-sjis")),
    Encoding("euc_jp", "EUC-JP", "Japanese", ("euc_jis_2004", "x-euc-jp")),
    Encoding("iso2022_jp", "ISO-2022-JP", "Japanese"),
    Encoding("gb18030", "GB18030", "Chinese", ("gbk", "gb2312", "x-gbk")),
    Encoding("big5hkscs", "Big5", "Chinese", ("big5", "cp950", "x-x-big5", "big5-hkscs")),
    Encoding("cp949", "EUC-KR", "Korean", ("euc_kr", "uhc", "ks_c_5601-1987")),
)
"""What a file can be read as, in each script the commonest first. Where one encoding holds another whole,
only the larger stands here."""


def plain_name(name: str) -> str:
    """A name without what people write in different ways: case, blanks, hyphens, underscores."""
    return "".join(character for character in name.lower() if character.isalnum())


_BY_NAME = {
    plain_name(name): encoding
    for encoding in reversed(ENCODINGS)
    for name in (encoding.shown, *encoding.aliases, encoding.codec)
}
_NO_TEXT = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")
"""Codecs of Python that no file is written in."""


class UnknownEncodingError(ValueError):
    """A name that stands for no encoding; ``str()`` is one sentence with a near name, where there is one."""

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name.lower(), {e.shown.lower(): e for e in ENCODINGS}, 1, 0.7)
        shown = next((e.shown for e in ENCODINGS if near and e.shown.lower() == near[0]), "")
        advice = f'do you mean "{shown}"?' if shown else 'use a name such as "UTF-8" or "Windows-1252".'
        super().__init__(f'There is no encoding "{name}": {advice}')


def find_encoding(name: str) -> Encoding:
    """The encoding of any of its names, UnknownEncodingError if there is none.

    A name that Python's codecs know is found even where the encoding is not in ``ENCODINGS``.
    """
    found = _BY_NAME.get(plain_name(name))
    if found is not None:
        return found
    try:
        "".encode(name)  # refuses what is no encoding of text, such as base64
        codec = codecs.lookup(name).name
    except (LookupError, ValueError) as error:
        raise UnknownEncodingError(name) from error
    if codec in _NO_TEXT:
        raise UnknownEncodingError(name)
    return _BY_NAME.get(plain_name(codec)) or Encoding(codec, codec.upper(), "Other")
