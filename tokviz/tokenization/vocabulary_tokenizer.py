"""A tokenizer made of a vocabulary, an engine that cuts ordinary text, and everything around it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.added_tokens import AddedTokenFinder
from tokviz.tokenization.engine import Engine
from tokviz.tokenization.normalization import Form, normalize, normalize_with_offsets
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.vocabularies import SPACE, PieceTable, Vocabulary
from tokviz.tokens import Tokenization

_SPACE_MARK = SPACE.encode()


class VocabularyTokenizer:
    """Implements Tokenizer; see there for what each answer means."""

    def __init__(self, vocabulary: Vocabulary, engine: Engine, mode: SpecialTokens) -> None:
        info, added = vocabulary.info, vocabulary.added
        self.mode = mode
        self._info = info
        self._vocabulary = vocabulary
        self._engine = engine
        self._form = cast(Form, info.normalization) if info.normalization else None
        self._prefix = info.prefix.encode()
        self._special = {token_id: text for text, token_id in {**added.special, **added.atomic}.items()}
        self._finder = AddedTokenFinder(
            added.atomic if mode is SpecialTokens.PLAIN else {**added.special, **added.atomic}
        )
        framed = mode is SpecialTokens.FRAMED
        self._begin = [added.special[info.begin]] if framed and info.begin else []
        self._end = [added.special[info.end]] if framed and info.end else []

    @property
    def name(self) -> str:
        """The tokenizer's name."""
        return self._info.name

    @property
    def engine(self) -> str:
        """The library that cuts the text."""
        return self._engine.name

    @property
    def vocabulary_size(self) -> int:
        """How many token ids there are, special tokens included."""
        return self._info.vocabulary_size

    @property
    def special_tokens(self) -> Mapping[int, str]:
        """The special tokens by id, with their text."""
        return self._special

    def encode(self, data: bytes, revision: int = 0) -> Tokenization:
        """See Tokenizer."""
        ids: list[NDArray[np.uint32]] = [np.array(self._begin, np.uint32)]
        ends: list[NDArray[np.int64]] = [np.zeros(len(self._begin), np.int64)]
        for start, end, token_id in self._parts(data):
            if token_id is None:
                part_ids, part_ends = self._encode_ordinary(data[start:end])
                ids.append(part_ids)
                ends.append(part_ends + start if start else part_ends)
            else:
                ids.append(np.array([token_id], np.uint32))
                ends.append(np.array([end], np.int64))
        ids.append(np.array(self._end, np.uint32))
        ends.append(np.full(len(self._end), len(data), np.int64))
        return Tokenization(self.name, np.concatenate(ids), np.concatenate(ends), revision)

    def count(self, data: bytes) -> int:
        """See Tokenizer."""
        return int(self.count_many([data])[0])

    def count_many(self, batch: Sequence[bytes]) -> NDArray[np.int64]:
        """See Tokenizer."""
        counts = np.full(len(batch), len(self._begin) + len(self._end), np.int64)
        ordinary: list[bytes] = []
        owner: list[int] = []
        for index, data in enumerate(batch):
            for start, end, token_id in self._parts(data):
                if token_id is None:
                    ordinary.append(self._prepared(data[start:end]))
                    owner.append(index)
                else:
                    counts[index] += 1
        if ordinary:
            np.add.at(counts, owner, self._engine.count_many(ordinary))
        return counts

    def token_bytes(self, token_id: int) -> bytes:
        """See Tokenizer."""
        special = self._special.get(token_id)
        return self._vocabulary.tokens.token_bytes(token_id) if special is None else special.encode()

    def _parts(self, data: bytes) -> Iterator[tuple[int, int, int | None]]:
        """The stretches of ``data`` in order: ordinary text (None) or one added token (its id)."""
        done = 0
        for start, end, token_id in self._finder.find(data):
            if start > done:
                yield done, start, None
            yield start, end, token_id
            done = end
        if done < len(data):
            yield done, len(data), None

    def _prepared(self, data: bytes) -> bytes:
        """What the engine is to cut, for counting."""
        data = normalize(data, self._form) if self._form else data
        return self._prefix + data if self._prefix else data

    def _encode_ordinary(self, data: bytes) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        if self._form:
            text = normalize_with_offsets(data, self._form)
            ids = self._engine.encode(text.data)
            return ids, text.original_ends(self._ends(ids))
        if not self._info.space:
            ids = self._engine.encode(data)
            return ids, self._ends(ids)
        text_with_prefix = self._prefix + data
        ids = self._engine.encode(text_with_prefix)
        ends = self._ends(ids) if _SPACE_MARK not in data else self._ends_among_marks(text_with_prefix, ids)
        # A token that holds the prefix alone stands for no text.
        return ids, np.maximum(ends - len(self._prefix), 0) if self._prefix else ends

    def _ends(self, ids: NDArray[np.uint32]) -> NDArray[np.int64]:
        return np.cumsum(self._lengths[ids], dtype=np.int64)

    def _ends_among_marks(self, data: bytes, ids: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The ends where ``data`` itself holds U+2581: a token does not say which of its marks are spaces."""
        marked = self._lengths + 2 * self._pieces.space_marks
        ends = np.cumsum(marked[ids], dtype=np.int64)
        # In the marked text each space has become three bytes; take two away for each one passed.
        spaces = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(" "))
        marked_space_ends = spaces + 2 * np.arange(len(spaces)) + 3
        return ends - 2 * np.searchsorted(marked_space_ends, ends, side="right")

    @cached_property
    def _lengths(self) -> NDArray[np.uint32]:
        return self._vocabulary.tokens.lengths

    @cached_property
    def _pieces(self) -> PieceTable:
        tokens = self._vocabulary.tokens
        assert isinstance(tokens, PieceTable)  # only SentencePiece vocabularies write spaces as marks
        return tokens
