"""The fast engine, gigatoken, for SentencePiece vocabularies as `sentencepiece.vocabulary` describes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.engine import refusal
from tokviz.tokenization.gigatoken_engine import (
    SEPARATOR,
    EncodedBatch,
    GigatokenEncoder,
    with_added_token,
)
from tokviz.tokenization.memory import MemoryBound
from tokviz.tokenization.sentencepiece.unsafe_spans import UnsafeSpans
from tokviz.tokenization.sentencepiece.vocabulary import SCHEME, Rewriting, SentencePieceVocabulary, merge
from tokviz.tokenization.token_tables import SPACE
from tokviz.tokenization.vocabularies import Vocabulary

if TYPE_CHECKING:
    import gigatoken

_FEW = 1 << 15
"""Bytes up to which Python merges the lines that cannot be rewritten: it spares another tokenizer."""
_MOST_MERGED = 1 << 14
"""Words that cannot be rewritten and whose ids are remembered."""


@dataclass(frozen=True, slots=True)
class _Runs:
    """Tokens of spaces alone that follow each other: from token ``starts`` to before ``ends``."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    spaces: NDArray[np.int64]
    """How many spaces each run has."""


class GigatokenSentencePiece:
    """Tokenizes with gigatoken's byte-level engine, and with its SentencePiece engine where that is wrong.

    ImportError where it is not installed; EngineError where it cannot read the vocabulary.
    """

    name = "gigatoken"

    def __init__(self, vocabulary: Vocabulary, memory: MemoryBound) -> None:
        self._vocabulary = vocabulary
        self._memory = memory
        self._rewriting = Rewriting(vocabulary.info.runs_first)
        self._unsafe = UnsafeSpans(vocabulary.added.crossing, self._rewriting)
        self._separator_id = vocabulary.info.vocabulary_size
        self._merged: dict[bytes, NDArray[np.uint32]] = {}
        self._count_run = lru_cache(maxsize=1 << 12)(lambda spaces: len(self._encode_run(spaces)))
        with refusal(self.name):
            self._encoder = GigatokenEncoder(self._load, self._separator_id, memory)

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """See Engine."""
        if not self._unsafe.unreported(data):
            ranks = self._encoder.encode(self._rewriting.text(data))
            if not (ranks > self._separator_id).any():
                return self._published(ranks, data)
        parts = [self._encode_easy(part) if easy else part for part, easy in self._unsafe.lines(data)]
        merged = iter(self._encode_hard([part for part in parts if isinstance(part, bytes)]))
        return np.concatenate([next(merged) if isinstance(part, bytes) else part for part in parts])

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Engine."""
        is_hard = np.array([self._unsafe.unreported(data) for data in batch])
        counts = np.zeros(len(batch), np.int64)
        easy = np.flatnonzero(~is_hard)
        if len(easy):
            encoded = self._encoder.encode_many([self._rewriting.text(batch[i]) for i in easy], parallel)
            counts[easy] = self._counts(encoded)
            reported = np.flatnonzero(encoded.ids > self._separator_id)
            is_hard[easy[np.unique(np.searchsorted(encoded.ends, reported, side="right"))]] = True
        hard = np.flatnonzero(is_hard)
        if len(hard):
            counts[hard] = self._count_hard([batch[i] for i in hard])
        return counts

    @cached_property
    def _table(self) -> SentencePieceVocabulary:
        return self._vocabulary.pieces

    # The rewritten text

    def _encode_easy(self, data: bytes) -> NDArray[np.uint32]:
        return self._published(self._encoder.encode(self._rewriting.text(data)), data)

    def _published(self, ranks: NDArray[np.uint32], data: bytes) -> NDArray[np.uint32]:
        """The published ids of the ranks that ``data`` is split into."""
        if self._rewriting.runs_first or b"  " not in data:
            return self._ids(ranks)
        runs = self._runs(ranks)
        parts, done = [], 0
        for start, end, spaces in zip(
            runs.starts.tolist(), runs.ends.tolist(), runs.spaces.tolist(), strict=True
        ):
            parts += [ranks[done:start], self._encode_run(spaces)]
            done = end
        return self._ids(np.concatenate([*parts, ranks[done:]]))

    def _ids(self, ranks: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """The published ids of ranks."""
        ids = self._table.ids[ranks]
        partial = np.flatnonzero(self._table.partial[ranks])
        if not len(partial):
            return ids
        # The first bytes of a character that is no token: each byte is one.
        repeats = np.ones(len(ranks), np.int64)
        repeats[partial] = self._table.rank_lengths[ranks[partial]]
        firsts = np.cumsum(repeats) - repeats
        ids = np.repeat(ids, repeats)
        for at in partial:
            byte_ids = self._table.byte_ids(int(ranks[at]))
            ids[firsts[at] : firsts[at] + len(byte_ids)] = byte_ids
        return ids

    def _counts(self, encoded: EncodedBatch) -> NDArray[np.int64]:
        counts = encoded.ends - encoded.starts
        ranks = encoded.ids
        # What is past the last rank, such as a separator, is neither partial nor a run.
        partial = np.flatnonzero(self._is_partial[ranks])
        if len(partial):
            extra = self._table.rank_lengths[ranks[partial]].astype(np.int64) - 1
            np.add.at(counts, np.searchsorted(encoded.ends, partial, side="right"), extra)
        if not self._rewriting.runs_first:
            runs = self._runs(ranks)
            lengths, which = np.unique(runs.spaces, return_inverse=True)
            tokens = np.array([self._count_run(length) for length in lengths.tolist()], np.int64)
            extra = tokens[which] - (runs.ends - runs.starts)
            np.add.at(counts, np.searchsorted(encoded.ends, runs.starts, side="right"), extra)
        return counts

    def _runs(self, ranks: NDArray[np.uint32]) -> "_Runs":
        """Where two or more tokens of spaces alone follow each other (runs merge after everything else).

        The pattern leaves the last space of a run to the word after it. If the word does not take it, it
        belongs to the run.
        """
        at = np.flatnonzero(self._is_spaces[ranks])
        firsts = np.flatnonzero(np.diff(at, prepend=-2) > 1)
        sizes = np.diff(firsts, append=len(at))
        lengths = self._table.rank_lengths[ranks[at]].astype(np.int64)
        spaces = np.add.reduceat(lengths, firsts) if len(at) else lengths
        several = sizes > 1
        starts = at[firsts][several]
        return _Runs(starts, starts + sizes[several], spaces[several])

    def _encode_run(self, spaces: int) -> NDArray[np.uint32]:
        return self._encoder.encode(b" " * spaces)

    @cached_property
    def _is_spaces(self) -> NDArray[np.bool_]:
        """``bool[what the engine answers]``: the rank is a run of spaces."""
        return self._for_answers(self._table.is_spaces)

    @cached_property
    def _is_partial(self) -> NDArray[np.bool_]:
        """``bool[what the engine answers]``: see SentencePieceVocabulary."""
        return self._for_answers(self._table.partial)

    def _for_answers(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.append(flags, np.zeros(len(self._added) + self._separator_id - len(flags), np.bool_))

    @cached_property
    def _added(self) -> dict[str, int]:
        """What the engine looks for: the separator and the texts that make a span unsafe."""
        return {text: self._separator_id + i for i, text in enumerate((SEPARATOR, *self._unsafe.reported))}

    def _load(self, with_separator: bool) -> "gigatoken.Tokenizer":
        from gigatoken import Tokenizer

        info = self._vocabulary.info
        self._vocabulary.data()  # checks the file, which gigatoken reads itself
        added = {text: i for text, i in self._added.items() if with_separator or text != SEPARATOR}
        return Tokenizer.from_tiktoken(str(info.file), pretokenizer=SCHEME, special_tokens=added)

    # The lines that cannot be rewritten

    def _count_hard(self, batch: Sequence[bytes]) -> list[int]:
        parts = [list(self._unsafe.lines(data)) for data in batch]
        merged = iter(self._encode_hard([part for of in parts for part, easy in of if not easy]))
        return [
            sum(len(self._encode_easy(part) if easy else next(merged)) for part, easy in of) for of in parts
        ]

    def _encode_hard(self, parts: Sequence[bytes]) -> list[NDArray[np.uint32]]:
        """The ids of lines that cannot be rewritten; of most of them only some words cannot."""
        split = [list(self._unsafe.words(part)) for part in parts]
        # Other threads may be reading it, so it is replaced, not emptied.
        if len(self._merged) > _MOST_MERGED:
            self._merged = {}
        known = self._merged
        new = {words for part in split for words, easy in part if not easy} - known.keys()
        if sum(map(len, new)) > _FEW:
            encoded = self._slow_encoder.encode_many(parts)
            return [encoded.ids[start:end] for start, end in zip(encoded.starts, encoded.ends, strict=True)]
        for words in new:
            known[words] = self._merge(words)
        return [
            np.concatenate([self._encode_easy(words) if easy else known[words] for words, easy in part])
            for part in split
        ]

    def _merge(self, words: bytes) -> NDArray[np.uint32]:
        pieces = merge(words.decode().replace(" ", SPACE), lru_cache(maxsize=None)(self._find_merge))
        return np.concatenate([self._piece_ids(piece) for piece in pieces])

    def _find_merge(self, left: str, right: str) -> int | None:
        ranks = self._piece_ranks(left + right)
        return self._table.merge_rank(int(ranks[0]), _text(left)) if len(ranks) == 1 else None

    def _piece_ids(self, piece: str) -> NDArray[np.uint32]:
        reserved = self._vocabulary.added.reserved.get(piece)
        if reserved is not None:
            return np.array([reserved], np.uint32)
        return self._ids(self._piece_ranks(piece))

    def _piece_ranks(self, piece: str) -> NDArray[np.uint32]:
        """The ranks that the piece alone is split into: one, if it is a token."""
        text = _text(piece)
        crossing = self._vocabulary.added.crossing.get(text.decode())
        if crossing is not None:
            return np.array([crossing], np.uint32)
        if any(byte in text for byte in self._rewriting.reserved):
            return np.zeros(0, np.uint32)
        written = self._rewriting.text(text)
        if any(report in written.decode() for report in self._unsafe.reported):
            rank = self._with_reported.get(written)
            return np.array([] if rank is None else [rank], np.uint32)
        return self._encoder.encode(written)

    @cached_property
    def _with_reported(self) -> dict[bytes, int]:
        """The ranks of the tokens, as written, that hold what the engine reports."""
        ranks: dict[bytes, int] = {}
        for text in self._unsafe.reported:
            ranks |= self._table.holding(text.encode())
        return ranks

    @cached_property
    def _slow_encoder(self) -> GigatokenEncoder:
        return GigatokenEncoder(self._load_slow, self._vocabulary.info.vocabulary_size + 1, self._memory)

    def _load_slow(self, with_separator: bool) -> "gigatoken.Tokenizer":
        from gigatoken import Tokenizer

        data = self._table.tokenizer_json()
        token_id = self._vocabulary.info.vocabulary_size + 1
        return Tokenizer.from_json(with_added_token(data, SEPARATOR, token_id) if with_separator else data)


def _text(piece: str) -> bytes:
    return piece.replace(SPACE, " ").encode()
