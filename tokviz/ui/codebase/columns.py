"""The tree model's columns. No Qt here."""

from enum import IntEnum


class Column(IntEnum):
    """What a row says, from left to right."""

    NAME = 0
    TOKENS = 1
    FOLDER = 2
    WINDOW = 3
    BYTES = 4
    DENSITY = 5
    LANGUAGE = 6
    ENCODING = 7


HEADERS = {
    Column.NAME: ("Name", "Unchecked files and folders take no part: every figure leaves them out"),
    Column.TOKENS: ("Tokens", "Tokens under the chosen tokenizer; ~ before what is estimated"),
    Column.FOLDER: ("Of folder", "Share of the tokens of the folder that it lies in"),
    Column.WINDOW: ("Of window", "Share of the chosen model's context window"),
    Column.BYTES: ("Bytes", "Bytes of the text as UTF-8; on the disk until a file is read"),
    Column.DENSITY: ("Bytes/token", "Bytes per token: the fewer, the more a byte costs"),
    Column.LANGUAGE: ("Type", "The kind of file, by its name; for a folder, how many files take part"),
    Column.ENCODING: ("Encoding", "How the file is encoded; it is counted as the text that it stands for"),
}
HIDDEN_AT_FIRST = frozenset((Column.ENCODING,))
NUMERIC = frozenset((Column.TOKENS, Column.FOLDER, Column.WINDOW, Column.BYTES, Column.DENSITY))
