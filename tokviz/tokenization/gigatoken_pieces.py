"""The fast engine, gigatoken, for SentencePiece vocabularies in the form that `pieces` describes."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.byte_search import ByteSearch
from tokviz.tokenization.engine import refusal
from tokviz.tokenization.gigatoken_cutter import SEPARATOR, CutBatch, GigatokenCutter
from tokviz.tokenization.gigatoken_engine import with_added_token
from tokviz.tokenization.pieces import SCHEME, PieceTable, Rewriting, merge
from tokviz.tokenization.token_tables import SPACE
from tokviz.tokenization.vocabularies import Vocabulary

if TYPE_CHECKING:
    import gigatoken

_LINES = re.compile(rb"[^\n]*\n+|[^\n]+")
"""A line with all the line ends after it: no token holds a line end and anything else."""
_WORDS = re.compile(rb" +[^ \n]*\n*|[^ \n]+\n*|\n+")
"""A word with the spaces before it and the line ends after it: no token reaches from one into the next, but
those that `Obstacles` knows."""
_FEW = 1 << 15
"""Bytes up to which Python merges the lines that cannot be rewritten: it spares another tokenizer."""


@dataclass(frozen=True, slots=True)
class _Runs:
    """Tokens of spaces alone that follow each other: from token ``starts`` to before ``ends``."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    spaces: NDArray[np.int64]
    """How many spaces each run has."""


class GigatokenPieces:
    """Cuts with gigatoken's byte-level engine, and with its SentencePiece engine where that is not exact.

    ImportError where it is not installed; EngineError where it cannot read the vocabulary.
    """

    name = "gigatoken"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._rewriting = Rewriting(vocabulary.info.runs_first)
        self._obstacles = Obstacles(vocabulary.added.crossing, self._rewriting.reserved)
        self._merged = lru_cache(maxsize=1 << 14)(self._merge)
        self._count_run = lru_cache(maxsize=1 << 12)(lambda spaces: len(self._cut_run(spaces)))
        with refusal(self.name):
            self._cutter = GigatokenCutter(self._load, vocabulary.info.vocabulary_size)

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """See Engine."""
        parts = [self._encode_rewritten(part) if easy else part for part, easy in self._obstacles.parts(data)]
        hard = [part for part in parts if isinstance(part, bytes)]
        merged = iter(self._encode_merging(hard))
        ids = [next(merged) if isinstance(part, bytes) else part for part in parts]
        return ids[0] if len(ids) == 1 else np.concatenate([np.zeros(0, np.uint32), *ids])

    def count_many(self, batch: Sequence[bytes]) -> NDArray[np.int64]:
        """See Engine."""
        counts = np.zeros(len(batch), np.int64)
        easy: list[tuple[int, bytes]] = []
        hard: list[tuple[int, bytes]] = []
        for index, data in enumerate(batch):
            for part, is_easy in self._obstacles.parts(data):
                if is_easy:
                    easy.append((index, self._rewriting.text(part)))
                else:
                    hard.append((index, part))
        if easy:
            owners, texts = zip(*easy, strict=True)
            np.add.at(counts, list(owners), self._counts(self._cutter.encode_many(texts)))
        for (index, _), ids in zip(hard, self._encode_merging([part for _, part in hard]), strict=True):
            counts[index] += len(ids)
        return counts

    @cached_property
    def _table(self) -> PieceTable:
        return self._vocabulary.pieces

    # The rewritten text

    def _encode_rewritten(self, data: bytes) -> NDArray[np.uint32]:
        ranks = self._cutter.encode(self._rewriting.text(data))
        if self._rewriting.runs_first or b"  " not in data:
            return self._published(ranks)
        runs = self._runs(ranks)
        parts, done = [], 0
        for start, end, spaces in zip(
            runs.starts.tolist(), runs.ends.tolist(), runs.spaces.tolist(), strict=True
        ):
            parts += [ranks[done:start], self._cut_run(spaces)]
            done = end
        return self._published(np.concatenate([*parts, ranks[done:]]))

    def _published(self, ranks: NDArray[np.uint32]) -> NDArray[np.uint32]:
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

    def _counts(self, cut: CutBatch) -> NDArray[np.int64]:
        counts = cut.ends - cut.starts
        ranks = cut.ids
        # A separator is past the last rank and is neither partial nor a run.
        partial = np.flatnonzero(
            np.append(self._table.partial, False)[np.minimum(ranks, len(self._table.partial))]
        )
        if len(partial):
            extra = self._table.rank_lengths[ranks[partial]].astype(np.int64) - 1
            np.add.at(counts, np.searchsorted(cut.ends, partial, side="right"), extra)
        if not self._rewriting.runs_first:
            runs = self._runs(ranks)
            lengths, which = np.unique(runs.spaces, return_inverse=True)
            tokens = np.array([self._count_run(length) for length in lengths.tolist()], np.int64)
            extra = tokens[which] - (runs.ends - runs.starts)
            np.add.at(counts, np.searchsorted(cut.ends, runs.starts, side="right"), extra)
        return counts

    def _runs(self, ranks: NDArray[np.uint32]) -> "_Runs":
        """Where two or more tokens of spaces alone follow each other (runs merge after everything else).

        The pattern leaves the last space of a run to the word after it. If the word does not take it, it
        belongs to the run.
        """
        at = np.flatnonzero(self._is_spaces[np.minimum(ranks, len(self._is_spaces) - 1)])
        firsts = np.flatnonzero(np.diff(at, prepend=-2) > 1)
        sizes = np.diff(firsts, append=len(at))
        lengths = self._table.rank_lengths[ranks[at]]
        spaces = np.add.reduceat(lengths, firsts) if len(at) else lengths
        several = sizes > 1
        starts = at[firsts][several]
        return _Runs(starts, starts + sizes[several], spaces[several])

    def _cut_run(self, spaces: int) -> NDArray[np.uint32]:
        return self._cutter.encode(b" " * spaces)

    @cached_property
    def _is_spaces(self) -> NDArray[np.bool_]:
        """``bool[ranks + 1]``: the rank is a run of spaces; the last entry is for ids past the ranks."""
        return np.append(self._table.is_spaces, False)

    def _load(self, with_separator: bool) -> "gigatoken.Tokenizer":
        from gigatoken import Tokenizer

        info = self._vocabulary.info
        self._vocabulary.data()  # checks the file, which gigatoken reads itself
        added = {SEPARATOR: info.vocabulary_size} if with_separator else {}
        return Tokenizer.from_tiktoken(str(info.file), pretokenizer=SCHEME, special_tokens=added)

    # The lines that cannot be rewritten

    def _encode_merging(self, parts: Sequence[bytes]) -> list[NDArray[np.uint32]]:
        if sum(map(len, parts)) > _FEW:
            cut = self._slow_cutter.encode_many(parts)
            return [cut.ids[start:end] for start, end in zip(cut.starts, cut.ends, strict=True)]
        return [
            np.concatenate(
                [
                    self._encode_rewritten(words) if easy else self._merged(words)
                    for words, easy in self._obstacles.words(part)
                ]
            )
            for part in parts
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
        return self._published(self._piece_ranks(piece))

    def _piece_ranks(self, piece: str) -> NDArray[np.uint32]:
        """The ranks that the piece alone is cut into: one, if it is a token."""
        text = _text(piece)
        crossing = self._vocabulary.added.crossing.get(text.decode())
        if crossing is not None:
            return np.array([crossing], np.uint32)
        if any(byte in text for byte in self._rewriting.reserved):
            return np.zeros(0, np.uint32)
        return self._cutter.encode(self._rewriting.text(text))

    @cached_property
    def _slow_cutter(self) -> GigatokenCutter:
        return GigatokenCutter(self._load_slow, self._vocabulary.info.vocabulary_size + 1)

    def _load_slow(self, with_separator: bool) -> "gigatoken.Tokenizer":
        from gigatoken import Tokenizer

        data = self._table.tokenizer_json()
        token_id = self._vocabulary.info.vocabulary_size + 1
        return Tokenizer.from_json(with_added_token(data, SEPARATOR, token_id) if with_separator else data)


class Obstacles:
    """Finds the parts of a text that cannot be rewritten: those with the text of a crossing token."""

    def __init__(self, crossing: Collection[str], reserved: Sequence[bytes]) -> None:
        # The shortest will do: a text with a longer one has a shorter one too.
        crossing = [text for text in crossing if not any(o != text and o in text for o in crossing)]
        ascii_texts = [text.encode() for text in crossing if text.isascii()]
        self._search = ByteSearch([SPACE.encode(), *reserved, *ascii_texts])
        self._crossing = [text for text in crossing if not text.isascii()]
        # U+2581 is a space to SentencePiece.
        self._over_words = ByteSearch(
            [SPACE.encode(), *(text.encode() for text in crossing if " " in text[1:])]
        )

    def parts(self, data: bytes) -> Iterator[tuple[bytes, bool]]:
        """The text in order, in parts of whole lines, each with whether it can be rewritten."""
        if self._any(data):
            yield from self._grouped(data, _LINES)
        elif data:
            yield data, True

    def words(self, lines: bytes) -> Iterator[tuple[bytes, bool]]:
        """The same for lines that cannot, in parts of whole words with the spaces before them."""
        if self._over_words.occurs(lines):
            yield lines, False
        else:
            yield from self._grouped(lines, _WORDS)

    def _grouped(self, data: bytes, units: re.Pattern[bytes]) -> Iterator[tuple[bytes, bool]]:
        start, easy = 0, True
        for unit in units.finditer(data):
            is_easy = not self._any(unit.group())
            if is_easy != easy:
                if unit.start() > start:
                    yield data[start : unit.start()], easy
                start, easy = unit.start(), is_easy
        yield data[start:], easy

    def _any(self, data: bytes) -> bool:
        if self._search.occurs(data):
            return True
        return not data.isascii() and bool(self._crossing) and self._pattern.search(data.decode()) is not None

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        followers: dict[str, list[str]] = {}
        for text in self._crossing:
            followers.setdefault(text[0], []).append(text[1:])
        return re.compile(
            "|".join(f"{re.escape(c)}(?:{'|'.join(map(re.escape, f))})" for c, f in followers.items())
        )


def _text(piece: str) -> bytes:
    return piece.replace(SPACE, " ").encode()
