"""Each token's merge rank or score: which tokens of a vocabulary are merged before which."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokviz import system_errors
from tokviz.language import _
from tokviz.tokenization.merge_file import MergeFile
from tokviz.tokenization.sentencepiece.sentencepiece_model import PieceKind, read_sentencepiece_model
from tokviz.tokenization.sentencepiece.vocabulary import stored_merges
from tokviz.tokenization.tokenizer_info import Kind, TokenizerInfo
from tokviz.tokenization.vocabularies import VocabularyError

_NONE = -1


@dataclass(frozen=True, slots=True)
class MergeRank:
    """One token's place among the others; None is what its vocabulary does not have."""

    rank: int | None = None
    """In a rank file: of two merges the one whose token has the lower rank comes first."""
    merge: int | None = None
    """In a list of merges: the number, from 0, of the first that makes this token. Lower ones come first."""
    score: float | None = None
    """SentencePiece's: higher is preferred."""


class MergeRanks:
    """The merge ranks and scores of one vocabulary's tokens by id; special tokens have none."""

    def __init__(
        self,
        first_rank: int | None = None,
        merges: NDArray[np.int32] | None = None,
        scores: NDArray[np.float32] | None = None,
    ) -> None:
        """``first_rank``: the id of rank 0. ``merges``: by id, -1 where there is none; ``scores``: by id, nan
        where there is none."""
        self._first_rank = first_rank
        self._merges = merges if merges is not None else np.zeros(0, np.int32)
        self._scores = scores if scores is not None else np.zeros(0, np.float32)

    def of(self, token_id: int) -> MergeRank:
        """Those of an ordinary token."""
        rank = None if self._first_rank is None else token_id - self._first_rank
        merge = int(self._merges[token_id]) if token_id < len(self._merges) else _NONE
        score = float(self._scores[token_id]) if token_id < len(self._scores) else np.nan
        return MergeRank(rank, None if merge == _NONE else merge, None if np.isnan(score) else score)


def read_merge_ranks(info: TokenizerInfo, sha256: str = "") -> MergeRanks:
    """Read them from the vocabulary's file; VocabularyError if it has gone since it was loaded, or
    holds something else now (than what has the digest ``sha256``, unless that is empty)."""
    if info.kind is Kind.RANKS:
        return MergeRanks(first_rank=info.first_id)
    if info.kind is Kind.COVERING:
        return MergeRanks()
    file = info.merges_file if info.kind is Kind.PIECES and info.merges_file else info.file
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = system_errors.words(error)
        raise VocabularyError(
            _("{file} cannot be read ({reason}).", file=file.name, reason=reason)
        ) from error
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise VocabularyError(_("{file} has changed since it was read.", file=file.name))
    try:
        return _merge_ranks(info, data)
    except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise VocabularyError(_("{file} has changed since it was read.", file=file.name)) from error


def _merge_ranks(info: TokenizerInfo, data: bytes) -> MergeRanks:
    if info.kind is Kind.PIECES:
        return MergeRanks(merges=_published_merges(stored_merges(data)))
    if info.kind is Kind.MERGES:
        is_made = np.append(
            np.zeros(info.first_id, np.bool_), MergeFile(data, tokens=info.tokens or None).lefts > 0
        )
        return MergeRanks(merges=np.where(is_made, np.cumsum(is_made) - 1, _NONE).astype(np.int32))
    if data.lstrip(b" \t\r\n")[:1] != b"{":
        return MergeRanks(scores=_model_scores(data))
    return _json_merge_ranks(json.loads(data)["model"])


def _published_merges(table: NDArray[np.int32]) -> NDArray[np.int32]:
    """By id; see `SentencePieceVocabulary` for the table."""
    ids, order = np.cumsum(table[0], dtype=np.int64), np.cumsum(table[1], dtype=np.int64)
    made = (ids >= 0) & (table[2] > 0)
    merges = np.full(int(ids.max()) + 1, _NONE, np.int32)
    merges[ids[made]] = order[made]
    return merges


def _model_scores(data: bytes) -> NDArray[np.float32]:
    kinds = (PieceKind.NORMAL, PieceKind.USER_DEFINED)
    pieces = read_sentencepiece_model(data).pieces
    return np.array([piece.score if piece.kind in kinds else np.nan for piece in pieces], np.float32)


def _json_merge_ranks(model: dict[str, Any]) -> MergeRanks:
    vocabulary = model["vocab"]
    if isinstance(vocabulary, list):  # Unigram: each piece with its log probability
        return MergeRanks(scores=np.array([score for _, score in vocabulary], np.float32))
    return MergeRanks(merges=_listed_merges(vocabulary, model.get("merges") or ()))


def _listed_merges(vocabulary: dict[str, int], merges: Sequence[str | Sequence[str]]) -> NDArray[np.int32]:
    numbers = np.full(max(vocabulary.values()) + 1, _NONE, np.int32)
    for number, merge in reversed(list(enumerate(merges))):
        left, right = merge.split(" ") if isinstance(merge, str) else merge
        made = vocabulary.get(left + right)
        if made is not None:
            numbers[made] = number
    return numbers
