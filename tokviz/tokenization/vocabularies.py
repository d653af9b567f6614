"""Vocabulary files: reading them, checking them, and what each token id stands for."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from tokviz import system_errors
from tokviz.language import _
from tokviz.tokenization.merge_file import MergeFile
from tokviz.tokenization.sentencepiece.vocabulary import (
    Rewriting,
    SentencePieceVocabulary,
    stored_merges,
)
from tokviz.tokenization.token_tables import JsonTable, RankTable, TokenTable, read_ranks
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo


class VocabularyError(Exception):
    """A vocabulary cannot be used; the message is one sentence that names the tokenizer."""


@dataclass(frozen=True, slots=True)
class AddedTokens:
    """Tokens recognized by their text before anything else is done, by text: their ids."""

    special: Mapping[str, int]
    """Recognized only where special tokens are parsed."""
    atomic: Mapping[str, int]
    """Recognized always, as the published tokenizer does."""
    crossing: Mapping[str, int] = field(default_factory=dict)
    """The ranks of the ordinary tokens that reach over a split (see `sentencepiece.vocabulary`)."""
    reserved: Mapping[str, int] = field(default_factory=dict)
    """The ids of characters that stand for something else in a rewritten text."""


class Vocabulary:
    """One tokenizer's files, checked when they are read and read only when they are needed."""

    def __init__(self, info: TokenizerInfo) -> None:
        self.info = info

    def data(self) -> bytes:
        """The contents of the vocabulary file; VocabularyError if it is missing or not as recorded."""
        return read_checked(self.info.name, self.info.file, self.info.sha256)

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """A file with what ``data`` gives."""
        yield self.info.file

    def tokenizer_json(self) -> bytes:
        """The same as a ``tokenizer.json`` without added tokens, of a kind that is not ``ranks``."""
        info = self.info
        if info.kind is Kind.PIECES:
            return self.pieces.tokenizer_json()
        if info.kind is Kind.MERGES:
            return self._merge_file.tokenizer_json(info.splits or (info.pattern,), info.whole_words)
        return self.data()

    @cached_property
    def added(self) -> AddedTokens:
        """The special and atomic tokens; VocabularyError as in ``data``."""
        if self.info.special_file is None:
            return AddedTokens({}, {})
        tables = json.loads(read_checked(self.info.name, self.info.special_file, self.info.special_sha256))
        return AddedTokens(**tables)

    def ranks(self) -> dict[bytes, int]:
        """The rank of each ordinary token of a byte-level vocabulary, by its bytes."""
        if self.info.kind is Kind.RANKS:
            return read_ranks(self.data())
        first = self.info.first_id
        return {self.tokens.token_bytes(i): i - first for i in np.flatnonzero(self.tokens.lengths).tolist()}

    @cached_property
    def tokens(self) -> TokenTable:
        """What each ordinary token stands for."""
        if self.info.kind is Kind.RANKS:
            return RankTable(self.data(), self.info.first_id)
        if self.info.kind is Kind.MERGES:
            return self._merge_file
        return self.pieces if self.info.kind is Kind.PIECES else JsonTable(self.data(), self.info.space)

    @cached_property
    def pieces(self) -> SentencePieceVocabulary:
        """The same for a vocabulary of that kind, with its merges; VocabularyError as in ``data``."""
        if self.info.merges_file is None:
            raise TypeError(f"{self.info.name} is not a vocabulary of pieces")
        data = read_checked(self.info.name, self.info.merges_file, self.info.merges_sha256)
        merges = stored_merges(data)
        rewriting = Rewriting(self.info.runs_first)
        return SentencePieceVocabulary(
            self.data(), merges, rewriting, self.info.first_byte, self.added.reserved
        )

    @cached_property
    def _merge_file(self) -> MergeFile:
        return MergeFile(self.data(), self.info.first_id, self.info.tokens or None)


def read_checked(name: str, path: Path, sha256: str) -> bytes:
    """The contents of a file of the tokenizer ``name``; VocabularyError if it is missing, or is not what has
    that digest (which is empty where nothing is known)."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise VocabularyError(
            _(
                "The tokenizer {tokenizer} cannot be used: its file {file} is missing; install tokviz again.",
                tokenizer=name,
                file=path.name,
            )
        ) from None
    except OSError as error:
        reason = system_errors.words(error) if error.strerror else type(error).__name__
        raise VocabularyError(
            _(
                "The tokenizer {tokenizer} cannot be used: its file {file} cannot be read ({reason}).",
                tokenizer=name,
                file=path.name,
                reason=reason,
            )
        ) from error
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise VocabularyError(
            _(
                "The tokenizer {tokenizer} cannot be used: its file {file} is damaged or altered; "
                "install tokviz again.",
                tokenizer=name,
                file=path.name,
            )
        )
    return data
