"""What RTF's control words and numbers stand for, after its specification 1.9.1."""

import codecs

SPECIAL = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "softline": "\n",
    "bullet": "•",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "zwj": "\u200d",
    "zwnj": "\u200c",
    "ltrmark": "\u200e",
    "rtlmark": "\u200f",
}
"""Characters that have a word."""

HIDDEN_GROUPS = frozenset(
    (
        *("colortbl", "info", "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr"),
        *("footerf", "pict", "nonshppict", "objdata", "objclass", "objname", "objalias", "objsect"),
        *("fldinst", "bkmkstart", "bkmkend", "annotation", "atnid", "atnauthor", "atndate", "atnref"),
        *("atnicn", "atntime", "atnparent", "atrfstart", "atrfend", "tc", "tcn", "xe", "rxe", "txe"),
        *("listtable", "listoverridetable", "revtbl", "rsidtbl", "filetbl", "template", "generator"),
        *("sp", "sn", "sv", "shprslt", "upr", "nonesttables", "ftnsep", "ftnsepc", "ftncn", "aftnsep"),
        *("aftnsepc", "aftncn", "pnseclvl", "pntxta", "pntxtb", "datafield", "themedata", "datastore"),
        *("latentstyles", "xmlnstbl", "docvar", "private", "passwordhash", "background", "do", "falt"),
        *("panose", "mmathPr", "mmath", "ffname", "ffdeftext", "ffformat", "ffhelptext", "ffstattext"),
    )
)
"""Groups of which a page shows nothing, or the second time."""

SHOWN_GROUPS = frozenset(
    (
        "footnote",
        "fonttbl",
        "stylesheet",
        "pntext",
        "listtext",
        "ud",
        "nesttableprops",
        "shpinst",
        "shptxt",
        "shpgrp",
        "shppict",
    )
)
"""Groups that are read, even where a reader that does not know them should leave them out."""

CHARSETS = {
    "77": "mac_roman",
    "78": "shift_jis",
    "79": "big5",
    "80": "euc_kr",
    "83": "mac_greek",
    "84": "mac_cyrillic",
    "85": "mac_turkish",
    "128": "cp932",
    "129": "cp949",
    "130": "johab",
    "134": "gb18030",
    "136": "cp950",
    "161": "cp1253",
    "162": "cp1254",
    "163": "cp1258",
    "177": "cp1255",
    "178": "cp1256",
    "186": "cp1257",
    "204": "cp1251",
    "222": "cp874",
    "238": "cp1250",
    "254": "cp437",
    "255": "cp850",
}
"""How the characters of a font are coded, by the font's number of it; others as the document says."""

CODE_PAGES = {"mac": "10000", "pc": "437", "pca": "850"}
"""Of the words that name one."""
_PAGES = {"10000": "mac_roman", "936": "gb18030", "65001": "utf-8", "1361": "johab"}


def codec_of_page(number: str, otherwise: str) -> str:
    """Python's name of a code page; ``otherwise`` if it has none."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return otherwise
