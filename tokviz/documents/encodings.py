"""The encodings that tokviz knows: their names, and which of them a detector may answer."""

import codecs
import difflib
from dataclasses import dataclass

from tokviz.language import N_, _, gettext


@dataclass(frozen=True, slots=True)
class Encoding:
    codec: str
    """Python's name."""
    shown: str
    """The name that users read, and may give."""
    script: str
    """What is written in it."""
    aliases: tuple[str, ...] = ()
    """Other names that files and users give it. Names that Python knows need not stand here."""

    @property
    def script_words(self) -> str:
        """The same for people; menus group by it."""
        return gettext(self.script)

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


# Translators: what is written in an encoding; menus group by it
_UNICODE = N_("Unicode")
_WESTERN = N_("Western")
_CENTRAL_EUROPEAN = N_("Central European")
_BALTIC = N_("Baltic")
_TURKISH = N_("Turkish")
_VIETNAMESE = N_("Vietnamese")
_CYRILLIC = N_("Cyrillic")
_GREEK = N_("Greek")
_HEBREW = N_("Hebrew")
_ARABIC = N_("Arabic")
_THAI = N_("Thai")
_JAPANESE = N_("Japanese")
_CHINESE = N_("Chinese")
_KOREAN = N_("Korean")
_OTHER = N_("Other")
_EAST_ASIAN = (_JAPANESE, _CHINESE, _KOREAN)
UTF8 = Encoding("utf-8", "UTF-8", _UNICODE, ("utf-8-sig",))
WESTERN = Encoding("cp1252", "Windows-1252", _WESTERN, ("iso8859-1", "ascii"))
"""It reads ISO-8859-1 as well: what differs, 0x80 to 0x9F, are controls there, which no text holds."""
ENCODINGS = (
    UTF8,
    Encoding("utf-16-le", "UTF-16 LE", _UNICODE, ("utf-16", "unicode", "ucs-2")),
    Encoding("utf-16-be", "UTF-16 BE", _UNICODE),
    Encoding("utf-32-le", "UTF-32 LE", _UNICODE, ("utf-32",)),
    Encoding("utf-32-be", "UTF-32 BE", _UNICODE),
    WESTERN,
    Encoding("iso8859-15", "ISO-8859-15", _WESTERN),
    Encoding("mac-roman", "Mac Roman", _WESTERN, ("macintosh",)),  # verbatim
    Encoding("cp437", "CP437", _WESTERN),
    Encoding("cp850", "CP850", _WESTERN),
    Encoding("cp1250", "Windows-1250", _CENTRAL_EUROPEAN),
    Encoding("iso8859-2", "ISO-8859-2", _CENTRAL_EUROPEAN),
    Encoding("cp852", "CP852", _CENTRAL_EUROPEAN),
    Encoding(
        "mac-latin2",
        "Mac Central European",  # verbatim
        _CENTRAL_EUROPEAN,
        ("x-mac-centraleurroman",),
    ),
    Encoding("cp1257", "Windows-1257", _BALTIC),
    Encoding("iso8859-13", "ISO-8859-13", _BALTIC),
    Encoding("iso8859-4", "ISO-8859-4", _BALTIC),
    Encoding("cp1254", "Windows-1254", _TURKISH),
    Encoding("iso8859-9", "ISO-8859-9", _TURKISH),
    Encoding("cp1258", "Windows-1258", _VIETNAMESE),
    Encoding("cp1251", "Windows-1251", _CYRILLIC),
    Encoding("koi8-r", "KOI8-R", _CYRILLIC),
    Encoding("koi8-u", "KOI8-U", _CYRILLIC),
    Encoding("iso8859-5", "ISO-8859-5", _CYRILLIC),
    Encoding("cp866", "CP866", _CYRILLIC),
    Encoding("mac-cyrillic", "Mac Cyrillic", _CYRILLIC, ("x-mac-cyrillic",)),  # verbatim
    Encoding("cp1253", "Windows-1253", _GREEK),
    Encoding("iso8859-7", "ISO-8859-7", _GREEK),
    Encoding("cp1255", "Windows-1255", _HEBREW),
    Encoding("iso8859-8", "ISO-8859-8", _HEBREW, ("iso-8859-8-i",)),
    Encoding("cp1256", "Windows-1256", _ARABIC),
    Encoding("iso8859-6", "ISO-8859-6", _ARABIC),
    Encoding("cp874", "Windows-874", _THAI, ("tis-620", "iso8859-11")),
    Encoding("cp932", "Shift_JIS", _JAPANESE, ("shift_jis_2004", "sjis", "windows-31j", "x-sjis")),
    Encoding("euc_jp", "EUC-JP", _JAPANESE, ("euc_jis_2004", "x-euc-jp")),
    Encoding("iso2022_jp", "ISO-2022-JP", _JAPANESE),
    Encoding("gb18030", "GB18030", _CHINESE, ("gbk", "gb2312", "x-gbk")),
    Encoding("big5hkscs", "Big5", _CHINESE, ("big5", "cp950", "x-x-big5", "big5-hkscs")),
    Encoding("cp949", "EUC-KR", _KOREAN, ("euc_kr", "uhc", "ks_c_5601-1987")),
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
        super().__init__(
            _('There is no encoding "{name}": do you mean "{near}"?', name=name, near=shown)
            if shown
            else _('There is no encoding "{name}": use a name such as "UTF-8" or "Windows-1252".', name=name)
        )


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
    return _BY_NAME.get(plain_name(codec)) or Encoding(codec, codec.upper(), _OTHER)
