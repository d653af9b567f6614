"""A tokenizer made of a vocabulary, an engine for ordinary text, and everything around it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.byte_search import ByteSearch, Pattern, keys, longest_first
from tokviz.tokenization.engine import Engine
from tokviz.tokenization.normalization import normalize, normalize_with_offsets
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.token_tables import SPACE
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.vocabularies import Vocabulary
from tokviz.tokens import Tokenization

_SPACE_MARK = SPACE.encode()
_MOST_PARALLEL = 8 << 20
"""Bytes of text that are encoded in one call on all processors: enough to keep them busy."""
_MOST_ALONE = 1 << 20
"""The same on one: an engine needs about ten times as much for its answer."""


class AddedTokenFinder:
    """Finds the added tokens in a text: the leftmost first, and of those the longest."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self._ids = {text.encode(): token_id for text, token_id in ids.items()}
        self._search = ByteSearch(keys(self._ids))

    def occurs(self, data: bytes) -> bool:
        """Whether a token may be in ``data``; a False is certain."""
        return self._search.occurs(data)

    def find(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        """Each added token in ``data``: its start and end in bytes, and its id."""
        if self.occurs(data):
            for match in self._pattern.finditer(data):
                yield match.start(), match.end(), self._ids[match.group()]

    @cached_property
    def _pattern(self) -> Pattern:
        return longest_first(self._ids)


class VocabularyTokenizer:
    """Implements Tokenizer; see there for what each answer means."""

    def __init__(
        self, vocabulary: Vocabulary, engine: Engine, mode: SpecialTokens, rule: SafeSplitRule | None = None
    ) -> None:
        """``rule``: where ordinary text may be split, if that is known."""
        info, added = vocabulary.info, vocabulary.added
        self.name = info.name
        self.engine = engine.name
        self.vocabulary_size = info.vocabulary_size
        self.mode = mode
        self._vocabulary = vocabulary
        self._engine = engine
        self._rule = rule
        self._marks_spaces = info.space
        self._form = info.normalization or None
        self._prefix = info.prefix.encode()
        self._atomic = frozenset(added.atomic.values())
        every = {**added.special, **added.atomic}
        # Gemma 3's runs of U+2581 are those of spaces, too: ordinary tokens.
        self.special_tokens = {token_id: text for text, token_id in every.items() if text.strip(SPACE)}
        recognized = added.atomic if mode is SpecialTokens.PLAIN else every
        self.recognized = frozenset(recognized)
        self._finder = AddedTokenFinder(recognized)
        framed = mode is SpecialTokens.FRAMED
        self._begin = [added.special[info.begin]] if framed and info.begin else []
        self._end = [added.special[info.end]] if framed and info.end else []

    def encode(self, data: bytes, revision: int = 0) -> Tokenization:
        """See Tokenizer."""
        _check(data)
        ids: list[NDArray[np.uint32]] = [np.array(self._begin, np.uint32)]
        ends: list[NDArray[np.int64]] = [np.zeros(len(self._begin), np.int64)]
        for start, end, token_id, prefix in self._parts(data):
            if token_id is None:
                # `tokenizers` alone takes so much memory that a large text is better taken in parts.
                most = _MOST_ALONE if self.engine == "tokenizers" else end - start
                for chunk in self._chunks(data[start:end], most):
                    part_ids, part_ends = self._encode_ordinary(chunk, prefix)
                    ids.append(part_ids)
                    ends.append(part_ends + start if start else part_ends)
                    start, prefix = start + len(chunk), b""
            else:
                ids.append(np.array([token_id], np.uint32))
                ends.append(np.array([end], np.int64))
        ids.append(np.array(self._end, np.uint32))
        ends.append(np.full(len(self._end), len(data), np.int64))
        return Tokenization(self.name, np.concatenate(ids), np.concatenate(ends), revision)

    def count(self, data: bytes) -> int:
        """See Tokenizer."""
        return int(self.count_many([data])[0])

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Tokenizer."""
        counts = np.full(len(batch), len(self._begin) + len(self._end), np.int64)
        most = _MOST_PARALLEL if parallel else _MOST_ALONE
        ordinary: list[bytes] = []
        owners: list[int] = []
        size = 0
        for index, data in enumerate(batch):
            _check(data)
            for start, end, token_id, prefix in self._parts(data):
                if token_id is not None:
                    counts[index] += 1
                    continue
                for chunk in self._chunks(data[start:end], most):
                    ordinary.append(prefix + (normalize(chunk, self._form) if self._form else chunk))
                    owners.append(index)
                    prefix, size = b"", size + len(chunk)
                    if size >= most:
                        np.add.at(counts, owners, self._engine.count_many(ordinary, parallel))
                        ordinary, owners, size = [], [], 0
        if ordinary:
            np.add.at(counts, owners, self._engine.count_many(ordinary, parallel))
        return counts

    def _chunks(self, text: bytes, most: int) -> Iterator[bytes]:
        """An ordinary text in chunks of about ``most`` bytes, if it may be split."""
        if len(text) <= most or self._rule is None:
            yield text
            return
        start = 0
        for end in self._rule.chunk_ends(text, most):
            yield text[start:end]
            start = end

    def token_bytes(self, token_id: int) -> bytes:
        """See Tokenizer."""
        special = self.special_tokens.get(token_id)
        return self._vocabulary.tokens.token_bytes(token_id) if special is None else special.encode()

    def _parts(self, data: bytes) -> Iterator[tuple[int, int, int | None, bytes]]:
        """The ranges of ``data`` in order: start, end, the id if it is an added token, and a prefix.

        The prefix stands before ordinary text at the start and behind each special token; an atomic token
        does not part a text.
        """
        done, prefix = 0, self._prefix
        for start, end, token_id in self._finder.find(data):
            if start > done or (prefix and token_id in self._atomic):
                yield done, start, None, prefix
            yield start, end, token_id, b""
            done, prefix = end, b"" if token_id in self._atomic else self._prefix
        if done < len(data):
            yield done, len(data), None, prefix

    def _encode_ordinary(self, data: bytes, prefix: bytes) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        if self._form:
            text = normalize_with_offsets(data, self._form)
            ids = self._engine.encode(text.data)
            return ids, text.original_ends(self._ends(ids))
        data = prefix + data
        ids = self._engine.encode(data)
        if self._marks_spaces and _SPACE_MARK in data:
            ends = self._ends_among_marks(data, ids)
        else:
            ends = self._ends(ids)
        # A token that holds the prefix alone stands for no text.
        return ids, np.maximum(ends - len(prefix), 0) if prefix else ends

    def _ends(self, ids: NDArray[np.uint32]) -> NDArray[np.int64]:
        return np.cumsum(self._lengths[ids], dtype=np.int64)

    def _ends_among_marks(self, data: bytes, ids: NDArray[np.uint32]) -> NDArray[np.int64]:
        """The ends where ``data`` itself holds U+2581: a token does not say which of its marks are spaces."""
        marked = self._lengths + 2 * self._vocabulary.tokens.space_marks
        ends = np.cumsum(marked[ids], dtype=np.int64)
        # In the marked text each space has become three bytes; take two away for each one passed.
        spaces = np.flatnonzero(np.frombuffer(data, np.uint8) == ord(" "))
        marked_space_ends = spaces + 2 * np.arange(len(spaces)) + 3
        return ends - 2 * np.searchsorted(marked_space_ends, ends, side="right")

    @cached_property
    def _lengths(self) -> NDArray[np.uint32]:
        return self._vocabulary.tokens.lengths


def _check(data: bytes) -> None:
    """ValueError unless ``data`` is valid UTF-8, which native code may rely on without looking."""
    if not data.isascii():
        data.decode()
