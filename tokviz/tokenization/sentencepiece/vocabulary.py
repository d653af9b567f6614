"""SentencePiece vocabularies, written so that a byte-level engine can tokenize with them.

SentencePiece merges characters over a whole text, spaces included. The engines that do so begin anew with
each part of a text and remember little, so they are slow: Gemma 30 MB/s of processor time on Linux's
source, against 71 for the same tokens in this form (Mistral 32 and 123). A byte-level engine first splits a
text by a pattern, then remembers how each word is split. That gives the same tokens if no token reaches over
a place where the pattern splits; of 236,000 tokens some 300 do (``crossing``), and lines that hold the text
of one are merged as SentencePiece does.

How a text is rewritten for the pattern (`SCHEME`), so that lengths hold but for the runs of 31:

- The pattern splits contractions off, so a control character stands for an apostrophe.
- Where runs of white space merge before anything else (Gemma), the pattern would join the last space of a
  run to the word after it. So a control character stands for each space of a run, and a carriage return
  for a tab, since the pattern keeps those together. A run of 31, the longest that is a token, is one byte,
  because longer runs are split into 31s from the left.
- Where runs of spaces merge after everything else (Mistral), the pattern is right, but for a last space
  that joins no word: see `gigatoken_sentencepiece`.
"""

import heapq
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.tokenization.token_tables import SPACE, RankTable, TokenTable

SCHEME = "qwen35"
"""gigatoken's name for the pattern that splits the rewritten text: ``[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+``,
``\\p{N}``, `` ?[^\\s\\p{L}\\p{M}\\p{N}]+[\\r\\n]*``, ``\\s*[\\r\\n]+``, ``\\s+(?!\\S)``, ``\\s+``."""
LONGEST_RUN = 31
"""The longest run of spaces, newlines or tabs that is one token, where runs merge first."""

FindMerge = Callable[[str, str], int | None]
"""Two pieces -> the rank of their merge (lower goes first), or None if they do not merge."""

_APOSTROPHE, _SPACE_IN_RUN, _RETURN = b"\x10", b"\x0e", b"\x0f"
_RUNS = {b" ": b"\x11", b"\n": b"\x12", b"\t": b"\x13"}
_APOSTROPHES_ONLY = bytes.maketrans(b"'", _APOSTROPHE)
_RUNS_TOO = bytes.maketrans(b"'\t\r", _APOSTROPHE + b"\r" + _RETURN)
_BACK = bytes.maketrans(_APOSTROPHE + b"\r" + _RETURN + _SPACE_IN_RUN, b"'\t\r ")


@dataclass(frozen=True, slots=True)
class Rewriting:
    """How texts and tokens are written for the byte-level engine."""

    runs_first: bool
    """Runs of spaces, newlines and tabs merge before anything else does."""

    @property
    def reserved(self) -> tuple[bytes, ...]:
        """The bytes that stand for something else. A text that holds one cannot be rewritten."""
        return (_APOSTROPHE, _SPACE_IN_RUN, _RETURN, *_RUNS.values()) if self.runs_first else (_APOSTROPHE,)

    def text(self, data: bytes) -> bytes:
        """``data`` as the engine is to see it."""
        if not self.runs_first:
            return data.translate(_APOSTROPHES_ONLY)
        data = data.translate(_RUNS_TOO)
        if b"  " in data:
            data = _mark_runs(data.replace(b" " * LONGEST_RUN, _RUNS[b" "]))
        data = data.replace(b"\n" * LONGEST_RUN, _RUNS[b"\n"])
        return data.replace(b"\r" * LONGEST_RUN, _RUNS[b"\t"])

    def original(self, written: bytes) -> bytes:
        """The text that ``text`` wrote so."""
        if not self.runs_first:
            return written.replace(_APOSTROPHE, b"'")
        written = written.translate(_BACK)
        for character, run in _RUNS.items():
            written = written.replace(run, character * LONGEST_RUN)
        return written


def stored_merges(data: bytes) -> NDArray[np.int32]:
    """The ``merges`` out of their file: the four bytes of each number stand apart there, which zip
    packs well."""
    merges: NDArray[np.int32] = np.load(io.BytesIO(data)).transpose(0, 2, 1).copy().view("<i4")[:, :, 0]
    return merges


class SentencePieceVocabulary(TokenTable):
    """The tokens of a SentencePiece vocabulary: a rank file of rewritten tokens, and how each is merged.

    ``merges`` is ``int32[3, ranks]``: the id in the published vocabulary (-1 where a rank is no token, but
    the first bytes of a character); the rank among the published merges; the bytes of the merge's left half
    (0 where a rank is no merge). The first two rows are differences, which zip packs well.
    ``first_byte`` is the id of ``<0x00>``; the other 255 byte tokens follow it. ``reserved`` has the ids of
    the characters that stand for something else in a rewritten text.
    """

    def __init__(
        self,
        ranks: bytes,
        merges: NDArray[np.int32],
        rewriting: Rewriting,
        first_byte: int,
        reserved: Mapping[str, int],
    ) -> None:
        self.rewriting = rewriting
        self._ranks = RankTable(ranks, 0)
        self._first_byte = first_byte
        self._reserved = {token_id: character for character, token_id in reserved.items()}
        self._ids = np.cumsum(merges[0], dtype=np.int64)
        self._order = np.cumsum(merges[1], dtype=np.int64)
        self._halves = merges[2]
        self.ids = self._ids.astype(np.uint32)
        """``uint32[ranks]``: the published id of each rank; meaningless where ``partial`` is true."""
        self.partial = self._ids < 0
        """``bool[ranks]``: the rank is no token: each of its bytes is one."""
        self.rank_lengths = self._ranks.lengths.copy()
        """``uint32[ranks]``: the bytes of the text that each rank covers."""
        for run in _RUNS.values() if rewriting.runs_first else ():
            self.rank_lengths[ord(run)] = LONGEST_RUN
        self.lengths = np.zeros(int(self._ids.max()) + 1, np.uint32)
        self.lengths[self._ids[~self.partial]] = self.rank_lengths[~self.partial]
        self.lengths[first_byte : first_byte + 256] = 1
        self.lengths[list(self._reserved)] = 1

    def token_bytes(self, token_id: int) -> bytes:
        """See TokenTable."""
        byte = token_id - self._first_byte
        if 0 <= byte < 256:
            return bytes([byte])
        reserved = self._reserved.get(token_id)
        return self._original(self._rank_of[token_id]) if reserved is None else reserved.encode()

    def byte_ids(self, rank: int) -> list[int]:
        """The byte tokens that a partial rank stands for."""
        return [self._first_byte + byte for byte in self._ranks.token_bytes(rank)]

    @cached_property
    def space_marks(self) -> NDArray[np.uint32]:
        """See TokenTable."""
        marks = np.zeros(len(self.lengths), np.uint32)
        for token_id, rank in self._rank_of.items():
            marks[token_id] = self._original(rank).count(b" ")
        return marks

    @cached_property
    def is_spaces(self) -> NDArray[np.bool_]:
        """``bool[ranks]``: the rank is one or more spaces and nothing else."""
        return np.array([not self._original(rank).strip(b" ") for rank in range(len(self.ids))])

    def merge_rank(self, rank: int, left: bytes) -> int | None:
        """The rank among the published merges of the one that makes ``rank`` of ``left`` and the rest."""
        return int(self._order[rank]) if 0 < self._halves[rank] == len(left) else None

    def tokenizer_json(self) -> bytes:
        """The vocabulary as a ``tokenizer.json`` without added tokens."""
        merges: list[tuple[int, str, str]] = []
        for rank in np.flatnonzero(self._halves).tolist():
            whole, half = self._original(rank), int(self._halves[rank])
            merges.append((int(self._order[rank]), _piece(whole[:half]), _piece(whole[half:])))
        pieces = {f"<0x{byte:02X}>": self._first_byte + byte for byte in range(256)}
        pieces |= {character: token_id for token_id, character in self._reserved.items()}
        pieces |= {_piece(self._original(rank)): token_id for token_id, rank in self._rank_of.items()}
        unknown = {"<unk>": len(self.lengths)}  # the format demands one; byte tokens leave nothing unknown
        return sentencepiece_json(unknown | pieces, [(left, right) for _, left, right in sorted(merges)])

    @cached_property
    def _rank_of(self) -> dict[int, int]:
        ranks = np.flatnonzero(~self.partial)
        of = dict(zip(self._ids[ranks].tolist(), ranks.tolist(), strict=True))
        return {i: rank for i, rank in of.items() if not 0 <= i - self._first_byte < 256}

    def holding(self, written: bytes) -> dict[bytes, int]:
        """The ranks of the tokens that hold ``written`` (two bytes at least), by what the engine sees."""
        return {self._ranks.token_bytes(rank): rank for rank in self._ranks.holding(written)}

    def _original(self, rank: int) -> bytes:
        return self.rewriting.original(self._ranks.token_bytes(rank))


def _mark_runs(data: bytes) -> bytes:
    """``data`` with another byte for each space that has a space beside it."""
    codes = np.frombuffer(data, np.uint8)
    spaces = (codes == ord(" ")).view(np.uint8)
    inner = spaces.copy()
    inner[0] = 0
    inner[1:] &= spaces[:-1]
    inner[:-1] |= inner[1:]
    marked: bytes = (codes - inner * np.uint8(ord(" ") - ord(_SPACE_IN_RUN))).tobytes()
    return marked


def sentencepiece_json(vocabulary: Mapping[str, int], merges: Sequence[tuple[str, str]]) -> bytes:
    """A ``tokenizer.json`` that tokenizes as SentencePiece does: spaces are U+2581, unknown characters bytes.

    No added tokens, and no dummy prefix: both are tokviz's own (`vocabulary_tokenizer`).
    """
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": "<unk>",
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": True,
        "byte_fallback": True,
        "ignore_merges": False,
        "vocab": dict(vocabulary),
        "merges": merges,
    }
    spaces = {"type": "Replace", "pattern": {"String": " "}, "content": SPACE}  # verbatim
    parts: dict[str, object] = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": spaces,
    }
    parts |= {"pre_tokenizer": None, "post_processor": None, "decoder": None, "model": model}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def merge(text: str, find: FindMerge) -> list[str]:
    """The pieces of ``text`` (spaces as U+2581): the lowest rank merges first, and of those the leftmost."""
    parts: list[str] = list(text)
    after = [*range(1, len(parts)), -1]
    before = [*range(-1, len(parts) - 1)]
    waiting: list[tuple[int, int, str, str]] = []

    def consider(left: int, right: int) -> None:
        if left >= 0 and right >= 0 and (rank := find(parts[left], parts[right])) is not None:
            heapq.heappush(waiting, (rank, left, parts[left], parts[right]))

    for i in range(len(parts) - 1):
        consider(i, i + 1)
    while waiting:
        _, left, first, second = heapq.heappop(waiting)
        right = after[left]
        # One of the two may have merged with its other neighbour meanwhile; what is merged away is empty.
        if right < 0 or parts[left] != first or parts[right] != second:
            continue
        parts[left], parts[right] = first + second, ""
        after[left] = after[right]
        if after[right] >= 0:
            before[after[right]] = left
        consider(before[left], left)
        consider(left, after[left])
    return [part for part in parts if part]


def _piece(text: bytes) -> str:
    return text.decode().replace(" ", SPACE)
