"""What is asked of the worker process to decode token ids: see ``jobs``. No Qt here."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.tokens.id_text import decode_ids, parse_ids, shown_text, unknown_words
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import read_text
from tokviz.language import pgettext
from tokviz.worker.jobs import Reporter, WorkerContext

_COMPARED = 1 << 20
"""Bytes up to which it is asked whether the tokenizer itself gives these ids."""


@dataclass(frozen=True, slots=True)
class DecodedIds:
    """What ids stand for, to be shown."""

    ids: NDArray[np.uint32]
    text: bytes
    """UTF-8, U+FFFD where their bytes are none."""
    ends: NDArray[np.int64]
    """For each id, where in ``text`` it ends."""
    size: int
    """Their bytes."""
    replaced: int
    """How many U+FFFD stand for bytes that are no characters."""
    unknown: str
    """Names the ids that the tokenizer does not have; empty if it has all."""
    canonical: bool | None
    """Whether the tokenizer gives these ids for this text; None: not looked at."""


@dataclass(frozen=True, slots=True)
class DecodeIds:
    """Find out what ids stand for that stand in a text or, with ``path``, in a file."""

    tokenizer: str
    given: str
    path: Path | None = None
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: Reporter) -> DecodedIds:  # noqa: ARG002
        """IdsError if they are none; the registry's errors if the tokenizer cannot be used."""
        given = read_text(self.path, ReadOptions()).text.decode() if self.path else self.given
        tokenizer = context.registry.get(self.tokenizer)
        ids = parse_ids(given)
        found = decode_ids(tokenizer, context.registry.info(self.tokenizer), ids)
        text, ends, replaced = shown_text(found)
        canonical = None
        if not replaced and len(text) <= _COMPARED:
            canonical = bool(np.array_equal(tokenizer.encode(text).ids, found.ids))
        unknown = unknown_words(self.tokenizer, found.unknown, len(ids))
        shown = found.ids.astype(np.uint32)
        return DecodedIds(shown, text, ends, len(found.data), replaced, unknown, canonical)

    def __str__(self) -> str:
        return pgettext("stopped while …", "decoding token ids")
