"""Reading a SentencePiece ``.model`` file: its pieces and the settings that decide how it tokenizes a text.

The file is one protobuf message (``sentencepiece_model.proto``); only the few fields that matter are read,
so neither protobuf nor sentencepiece has to be installed.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from tokviz.language import _

_PIECES, _TRAINER, _NORMALIZER = 1, 2, 3


class PieceKind(IntEnum):
    """What a piece is for (``SentencePiece.Type``)."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


class ModelKind(IntEnum):
    """How the model tokenizes (``TrainerSpec.ModelType``)."""

    UNIGRAM = 1
    BPE = 2
    WORD = 3
    CHAR = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """One token: its text (a space written as U+2581), its score (higher merges first) and its kind."""

    text: str
    score: float
    kind: PieceKind


@dataclass(frozen=True, slots=True)
class SentencePieceModel:
    """A model's pieces in id order and the settings tokviz needs."""

    pieces: tuple[Piece, ...]
    kind: ModelKind
    byte_fallback: bool
    dummy_prefix: bool
    """A space is put before every text."""
    rewrites_text: bool
    """It folds characters or drops extra spaces, which tokviz does not do."""


def read_sentencepiece_model(data: bytes) -> SentencePieceModel:
    """The model in ``data``, the contents of a ``.model`` file; ValueError where it is not one."""
    try:
        model = _read(data)
    except (IndexError, struct.error, UnicodeDecodeError, TypeError, AttributeError) as error:
        raise ValueError(_("it is not a SentencePiece model ({error})", error=error)) from error
    if not model.pieces:
        raise ValueError(_("it is not a SentencePiece model (it holds no pieces)"))
    return model


def merges_by_score(pieces: Sequence[Piece]) -> list[tuple[str, str]]:
    """The merges a BPE model makes, best first: every way to build a normal piece from two of them."""
    ranks = {p.text: i for i, p in enumerate(pieces) if p.kind is PieceKind.NORMAL}
    scores = {p.text: p.score for p in pieces}
    found = [
        (-scores[text], ranks[text], left, text[middle:])
        for text in ranks
        for middle in range(1, len(text))
        if (left := text[:middle]) in ranks and text[middle:] in ranks
    ]
    found.sort()
    return [(left, right) for _, _, left, right in found]


def _read(data: bytes) -> SentencePieceModel:
    pieces: list[Piece] = []
    trainer: Mapping[int, int | bytes] = {}
    normalizer: Mapping[int, int | bytes] = {}
    for field, value in _fields(data):
        if field == _PIECES:
            pieces.append(_piece(dict(_fields(_as_bytes(value)))))
        elif field == _TRAINER:
            trainer = dict(_fields(_as_bytes(value)))
        elif field == _NORMALIZER:
            normalizer = dict(_fields(_as_bytes(value)))
    return SentencePieceModel(
        pieces=tuple(pieces),
        kind=ModelKind(int(trainer.get(3, ModelKind.UNIGRAM))),
        byte_fallback=bool(trainer.get(35, 0)),
        dummy_prefix=bool(normalizer.get(3, 1)),
        rewrites_text=bool(
            normalizer.get(2)  # a precompiled character map
            or normalizer.get(4, 1)  # remove_extra_whitespaces
            or not normalizer.get(5, 1)  # escape_whitespaces
            or trainer.get(24)  # treat_whitespace_as_suffix
        ),
    )


def _piece(fields: Mapping[int, int | bytes]) -> Piece:
    score = struct.unpack("<f", _as_bytes(fields.get(2, bytes(4))))[0]
    return Piece(
        _as_bytes(fields.get(1, b"")).decode(), score, PieceKind(int(fields.get(3, PieceKind.NORMAL)))
    )


def _as_bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise TypeError("a number stands where text should")
    return value


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Each field of a protobuf message as (number, value)."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        if wire == 0:
            number, at = _varint(data, at)
            yield key >> 3, number
            continue
        size = {1: 8, 5: 4}.get(wire)
        if wire == 2:
            size, at = _varint(data, at)
        if size is None:
            raise TypeError(f"unknown wire type {wire}")
        if at + size > len(data):
            raise IndexError("it ends too early")  # verbatim
        yield key >> 3, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
