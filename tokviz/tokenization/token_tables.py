"""What each token id stands for."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from tokviz.language import _

SPACE = "▁"
"""What SentencePiece writes for a space (U+2581, three bytes in UTF-8)."""

BYTE_PIECES = {f"<0x{byte:02X}>": byte for byte in range(256)}
"""SentencePiece's byte tokens, each with the byte it stands for."""


class TokenTable:
    """The bytes of every ordinary token, and how many there are."""

    lengths: NDArray[np.uint32]
    """``uint32[ids]``: the bytes of the text that each token covers; a space counts as one."""

    def token_bytes(self, token_id: int) -> bytes:
        """The token's bytes, a space written as a space; KeyError if there is no such ordinary token."""
        raise NotImplementedError

    @property
    def space_marks(self) -> NDArray[np.uint32]:
        """``uint32[ids]``: how many spaces of each token SentencePiece writes as U+2581."""
        return np.zeros(len(self.lengths), np.uint32)


class RankTable(TokenTable):
    """The tokens of a tiktoken rank file, decoded one by one when asked for."""

    def __init__(self, data: bytes, first_id: int) -> None:
        self._data = data
        self._first = first_id
        characters = np.frombuffer(data, np.uint8)
        self._blanks = np.flatnonzero(characters == ord(" "))
        line_ends = np.flatnonzero(characters == ord("\n"))
        self._starts = np.zeros(len(self._blanks), np.int64)
        self._starts[1:] = line_ends[: len(self._blanks) - 1] + 1
        # Base64 writes three bytes as four characters and pads the last group with one or two "=".
        padding = (characters[self._blanks - 1] == ord("=")).astype(np.int64)
        padding += characters[self._blanks - 2] == ord("=")
        self.lengths = np.zeros(first_id + len(self._blanks), np.uint32)
        self.lengths[first_id:] = (self._blanks - self._starts) // 4 * 3 - padding

    def token_bytes(self, token_id: int) -> bytes:
        """See TokenTable."""
        rank = token_id - self._first
        if not 0 <= rank < len(self._blanks):
            raise KeyError(token_id)
        return b64decode(self._data[self._starts[rank] : self._blanks[rank]])

    def holding(self, text: bytes) -> set[int]:
        """The ids of the tokens that hold ``text`` (two bytes at least), without decoding all of them."""
        found: set[int] = set()
        for shift in range(3):  # base64 writes three bytes at a time, so it spells a text in three ways
            written = b64encode(bytes(shift) + text)
            spelling = written[(0, 2, 3)[shift] : (shift + len(text)) * 8 // 6]
            at = self._data.find(spelling)
            while at >= 0:
                found.add(self._first + int(np.searchsorted(self._starts, at, side="right")) - 1)
                at = self._data.find(spelling, at + 1)
        return {token_id for token_id in found if text in self.token_bytes(token_id)}


class DictTable(TokenTable):
    """The tokens of a rank file whose ranks have holes, or are not in order."""

    def __init__(self, ranks: Mapping[bytes, int]) -> None:
        self._tokens = {rank: token for token, rank in ranks.items()}
        self.lengths = np.zeros(max(self._tokens) + 1, np.uint32)
        self.lengths[list(self._tokens)] = [len(token) for token in self._tokens.values()]

    def token_bytes(self, token_id: int) -> bytes:
        """See TokenTable."""
        return self._tokens[token_id]


class JsonTable(TokenTable):
    """The tokens of a ``tokenizer.json``: byte-level (``space`` false) or SentencePiece-like (true)."""

    def __init__(self, data: bytes, space: bool) -> None:
        vocab: Mapping[str, int] = json.loads(data)["model"]["vocab"]
        self._pieces = {i: text for text, i in vocab.items()}
        self._space = space
        self.lengths = np.zeros(max(vocab.values()) + 1, np.uint32)
        self.lengths[list(vocab.values())] = [self._length(text) for text in vocab]

    def token_bytes(self, token_id: int) -> bytes:
        """See TokenTable."""
        piece = self._pieces[token_id]
        if not self._space:
            return unspell(piece)
        byte = BYTE_PIECES.get(piece)
        return piece.replace(SPACE, " ").encode() if byte is None else bytes([byte])

    @property
    def space_marks(self) -> NDArray[np.uint32]:
        """See TokenTable."""
        marks = np.zeros(len(self.lengths), np.uint32)
        for i, piece in self._pieces.items():
            marks[i] = piece.count(SPACE)
        return marks

    def _length(self, piece: str) -> int:
        if not self._space:
            return len(piece)
        return 1 if piece in BYTE_PIECES else len(piece.encode()) - 2 * piece.count(SPACE)


def _byte_alphabet() -> dict[str, int]:
    """The byte that each character of GPT-2's byte alphabet stands for."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [b for b in range(256) if b not in set(shown)]
    return {chr(b): b for b in shown} | {chr(256 + n): b for n, b in enumerate(hidden)}


_BYTE_OF = _byte_alphabet()
_LETTERS = {byte: letter for letter, byte in _BYTE_OF.items()}
BYTE_LETTERS = frozenset(_BYTE_OF)
"""The 256 letters of GPT-2's byte alphabet."""


def bytes_before(text: str) -> NDArray[np.int64]:
    """``int64[len(text) + 1]``: how many bytes of UTF-8 stand before each character, and in all."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    sizes = 1 + (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
    return np.concatenate(([0], np.cumsum(sizes)))


def spell(token: bytes) -> str:
    """The token in GPT-2's byte alphabet."""
    return token.decode("latin-1").translate(_LETTERS)


def unspell(piece: str) -> bytes:
    """The bytes of a token in GPT-2's byte alphabet; a piece that is not in it stands for itself."""
    if BYTE_LETTERS.issuperset(piece):
        return bytes(_BYTE_OF[letter] for letter in piece)
    return piece.encode()


def byte_level_splits(patterns: Iterable[str]) -> dict[str, object]:
    """A ``tokenizer.json``'s pre-tokenizer: split by one pattern after the other, then spelled as by
    ``spell``."""
    splits = [
        {
            "type": "Split",  # verbatim
            "pattern": {"Regex": pattern},  # verbatim
            "behavior": "Isolated",  # verbatim
            "invert": False,
        }
        for pattern in patterns
    ]
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
    return {"type": "Sequence", "pretokenizers": [*splits, level]}  # verbatim


def read_ranks(data: bytes) -> dict[bytes, int]:
    """The ranks of a tiktoken rank file by token; ValueError where it is malformed."""
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(data.splitlines(), 1):
        if line:
            try:
                token, rank = line.split()
                ranks[b64decode(token, validate=True)] = int(rank)
            except ValueError:
                said = _("its line {line} is not a token in base64 and its rank", line=number)
                raise ValueError(said) from None
    return ranks
