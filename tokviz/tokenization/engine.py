"""What tokviz asks of a tokenizing library: the ids of an ordinary text, and nothing else.

Added tokens, normalization, spaces and offsets are ours, so they are the same whichever library tokenizes.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tokviz.language import _, number
from tokviz.tokenization.vocabularies import VocabularyError

_MOST_TOGETHER = 1 << 20
"""Bytes of texts that are counted in one call, unless one alone has more."""
MOST_AT_ONCE = 8 << 20
"""Bytes of a text that a library takes as a whole, at most: `tokenizers` needs 100 to 140 times as many."""


class TextRefusedError(Exception):
    """A library cannot tokenize this text; the message is one sentence that names the tokenizer."""


class Encoding(Protocol):
    """What `tokenizers` gives for one text."""

    @property
    def ids(self) -> list[int]:
        """Its tokens."""


class _Silence:
    """Keeps from standard error what libraries write there by themselves while its context is open.

    A library written in Rust reports each panic there, before it becomes an exception, and cannot be asked
    not to. The stream is the whole process's: what others write meanwhile is lost too.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._kept: int | None = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._open:
                try:
                    self._kept = os.dup(_STANDARD_ERROR)
                except OSError:  # it is closed
                    self._kept = None
                else:
                    nothing = os.open(os.devnull, os.O_WRONLY)
                    os.dup2(nothing, _STANDARD_ERROR)
                    os.close(nothing)
            self._open += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._open -= 1
            if not self._open and self._kept is not None:
                os.dup2(self._kept, _STANDARD_ERROR)
                os.close(self._kept)


_STANDARD_ERROR = 2
_SILENCE = _Silence()
"""One for the process, as the stream is."""


class EngineError(Exception):
    """A library refuses a vocabulary; the message is its reason."""


class Engine(Protocol):
    """Tokenizes ordinary text (valid UTF-8). Safe to call from several threads."""

    @property
    def name(self) -> str:
        """The library, such as ``gigatoken``."""

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """The ids (``uint32[n]``) of ``data``; special-token text in it is text like any other."""

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """How many ids ``encode`` gives for each text: ``int64[len(batch)]``, of at least one text.

        ``parallel``: on all processors, where the library can; else as far as it can on one.
        """


class GuardedEngine:
    """An engine with a user's vocabulary: TextRefusedError for whatever goes wrong inside of the library."""

    def __init__(self, engine: Engine, tokenizer: str) -> None:
        """``tokenizer``: its name."""
        self.name = engine.name
        self._engine = engine
        self._tokenizer = tokenizer

    def encode(self, data: bytes) -> NDArray[np.uint32]:
        """See Engine."""
        with text_refusal(self._tokenizer):
            return self._engine.encode(data)

    def count_many(self, batch: Sequence[bytes], parallel: bool = True) -> NDArray[np.int64]:
        """See Engine."""
        with text_refusal(self._tokenizer):
            return self._engine.count_many(batch, parallel)


@contextmanager
def refusal(engine: str) -> Iterator[None]:
    """Turns whatever a library raises while it loads a vocabulary into EngineError."""
    try:
        with _SILENCE:
            yield
    except (ImportError, VocabularyError, MemoryError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        raise EngineError(
            _("{engine} cannot read it ({reason})", engine=engine, reason=plain_reason(error))
        ) from error


@contextmanager
def text_refusal(tokenizer: str, size: int = 0) -> Iterator[None]:
    """Refuses a text of more than MOST_AT_ONCE bytes before a library takes it as a whole, and turns
    whatever the library raises into TextRefusedError."""
    if size > MOST_AT_ONCE:
        raise TextRefusedError(
            _(
                "The tokenizer {tokenizer} takes a text only as a whole, of at most {most} MB; "
                "this one has {size} MB.",
                tokenizer=tokenizer,
                most=MOST_AT_ONCE >> 20,
                size=number(f"{size / (1 << 20):,.0f}"),
            )
        )
    try:
        with _SILENCE:
            yield
    except (MemoryError, TextRefusedError):
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and not is_panic(error):
            raise
        raise TextRefusedError(
            _(
                "The tokenizer {tokenizer} cannot tokenize this text: {reason}.",
                tokenizer=tokenizer,
                reason=plain_reason(error),
            )
        ) from error


def count_together(
    tokenizer: str, batch: Sequence[bytes], encode: Callable[[list[str]], Sequence[Encoding]]
) -> NDArray[np.int64]:
    """How many tokens ``encode`` makes of each text, ``int64[len(batch)]``; TextRefusedError as above."""
    counts: list[int] = []
    for group in _groups(batch):
        with text_refusal(tokenizer, max(map(len, group))):
            encodings = encode([data.decode() for data in group])
        counts += [len(encoding.ids) for encoding in encodings]
    return np.array(counts, np.int64)


def _groups(batch: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Successive texts that are counted in one call."""
    group: list[bytes] = []
    size = 0
    for data in batch:
        if group and size + len(data) > _MOST_TOGETHER:
            yield group
            group, size = [], 0
        group.append(data)
        size += len(data)
    if group:
        yield group


_PARTS = {
    "Model": _("its model is of no kind that the library knows, or lacks something"),  # verbatim
    "PreTokenizer": _(
        "its pre-tokenizer is of no kind that the library knows, or lacks something"
    ),  # verbatim
    "Normalizer": _("its normalizer is of no kind that the library knows, or lacks something"),  # verbatim
    "PostProcessor": _(
        "its post-processor is of no kind that the library knows, or lacks something"
    ),  # verbatim
    "Decoder": _("its decoder is of no kind that the library knows, or lacks something"),  # verbatim
}
"""What is wrong with a part of a ``tokenizer.json``, by what `tokenizers` calls it inside."""
_UNTAGGED = re.compile(r"untagged enum (?:Py)?(\w+?)(?:Wrapper|Untagged)?\b")


def plain_reason(error: BaseException) -> str:
    """What a library's error means to the owner of a tokenizer file, without the library's inner names."""
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    if untagged := _UNTAGGED.search(reason):
        other = _("its content is of no kind that the library knows, or lacks something")
        return _PARTS.get(untagged[1], other)
    # What sentencepiece says begins with a code, and may name a line of its source.
    if coded := re.match(r"[A-Z_]{5,}: (?:\S+\(\d+\) \[.*\]\s*)?(.*)", reason):
        return coded[1].rstrip(".") or _("it is damaged")
    if "retry-limit" in reason or "backtrack" in reason.lower():
        return _("its split pattern goes back and forth without end in this text, as (a+)+ does")
    if is_panic(error):
        return _("the library broke off ({reason})", reason=reason)
    return reason


def is_panic(error: BaseException) -> bool:
    """Whether a library written in Rust panicked, which arrives as a BaseException that is no Exception."""
    return type(error).__name__ == "PanicException"
