"""Vocabulary files: reading them, checking them, and what each token id stands for."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo

SPACE = "▁"
"""What SentencePiece writes for a space (U+2581, three bytes in UTF-8)."""


class VocabularyError(Exception):
    """A vocabulary cannot be used; the message is one sentence that names the tokenizer."""


@dataclass(frozen=True, slots=True)
class AddedTokens:
    """Tokens recognized by their text before anything else is cut, by text: their ids."""

    special: Mapping[str, int]
    """Recognized only where special tokens are parsed."""
    atomic: Mapping[str, int]
    """Recognized always, as the published tokenizer does."""


class Vocabulary:
    """One tokenizer's files, checked when they are read and read only when they are needed."""

    def __init__(self, info: TokenizerInfo) -> None:
        self.info = info

    def data(self) -> bytes:
        """The contents of the vocabulary file; VocabularyError if it is missing or not as recorded."""
        return self._read(self.info.file, self.info.sha256)

    @cached_property
    def added(self) -> AddedTokens:
        """The special and atomic tokens; VocabularyError as in ``data``."""
        if self.info.special_file is None:
            return AddedTokens({}, {})
        tables = json.loads(self._read(self.info.special_file, self.info.special_sha256))
        return AddedTokens(tables["special"], tables["atomic"])

    @cached_property
    def tokens(self) -> "TokenTable":
        """What each ordinary token stands for."""
        if self.info.kind is Kind.RANKS:
            return RankTable(self.data(), self.info.first_id)
        return PieceTable(self.data(), self.info.space)

    def _read(self, path: Path, sha256: str) -> bytes:
        name = self.info.name
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            raise VocabularyError(
                f"The tokenizer {name} cannot be used: its file {path.name} is missing; install tokviz again."
            ) from None
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise VocabularyError(
                f"The tokenizer {name} cannot be used: its file {path.name} cannot be read ({reason})."
            ) from error
        if sha256 and hashlib.sha256(data).hexdigest() != sha256:
            raise VocabularyError(
                f"The tokenizer {name} cannot be used: its file {path.name} is damaged or altered; "
                "install tokviz again."
            )
        return data


class TokenTable:
    """The bytes of every ordinary token, and how many there are."""

    lengths: NDArray[np.uint32]
    """``uint32[ids]``: the bytes of the text that each token covers; a space counts as one."""

    def token_bytes(self, token_id: int) -> bytes:
        """The token's bytes, a space written as a space; KeyError if there is no such ordinary token."""
        raise NotImplementedError


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


class PieceTable(TokenTable):
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
            return bytes(_BYTE_OF[letter] for letter in piece)
        return bytes([int(piece[3:5], 16)]) if _is_byte(piece) else piece.replace(SPACE, " ").encode()

    @cached_property
    def space_marks(self) -> NDArray[np.uint32]:
        """``uint32[ids]``: how many U+2581 each token holds."""
        marks = np.zeros(len(self.lengths), np.uint32)
        for i, piece in self._pieces.items():
            marks[i] = piece.count(SPACE)
        return marks

    def _length(self, piece: str) -> int:
        if not self._space:
            return len(piece)
        return 1 if _is_byte(piece) else len(piece.encode()) - 2 * piece.count(SPACE)


def _is_byte(piece: str) -> bool:
    """Whether a piece is SentencePiece's ``<0xHH>``, which stands for one byte."""
    return len(piece) == 6 and piece.startswith("<0x") and piece.endswith(">")


def _byte_alphabet() -> dict[str, int]:
    """The byte that each character of GPT-2's byte alphabet stands for."""
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [b for b in range(256) if b not in set(shown)]
    return {chr(b): b for b in shown} | {chr(256 + n): b for n, b in enumerate(hidden)}


_BYTE_OF = _byte_alphabet()
