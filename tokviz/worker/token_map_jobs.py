"""What a token map has done elsewhere: jobs for the worker (see `jobs.Job`), without Qt."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.language import pgettext
from tokviz.tokenization.splitting.split_policy import SplitPolicy, split_policy_of
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.worker.jobs import WorkerContext

_PROBE = b"a"


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a token map needs to know of a tokenizer, which is loaded now."""

    split_policy: SplitPolicy
    prefix: tuple[int, ...]
    """The ids that the model adds before a text (none unless special tokens are framed)."""
    suffix: tuple[int, ...]
    special_tokens: Mapping[int, str]
    """Its special tokens by id, with their text."""


@dataclass(frozen=True, slots=True)
class RangeTokens:
    """The tokens of one range: ``ids`` and ``ends`` (bytes from its start) ``uint32[n]``, and how long
    that took."""

    ids: NDArray[np.uint32]
    ends: NDArray[np.uint32]
    seconds: float


@dataclass(frozen=True, slots=True)
class PrepareTokenizer:
    """Load a tokenizer and say how texts are split and framed for it."""

    tokenizer: str
    special: SpecialTokens
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: object) -> Prepared:  # noqa: ARG002
        """Load, and find out; the registry's errors if it cannot be used."""
        tokenizer = context.registry.get(self.tokenizer, self.special)
        policy = split_policy_of(context.registry.info(self.tokenizer), tokenizer, self.special)
        special_tokens = dict(tokenizer.special_tokens)
        if self.special is not SpecialTokens.FRAMED:
            return Prepared(policy, (), (), special_tokens)
        framed = tokenizer.encode(_PROBE).ids.tolist()
        bare = context.registry.get(self.tokenizer, SpecialTokens.PARSED).encode(_PROBE).ids.tolist()
        before = next(n for n in range(len(framed)) if framed[n : n + len(bare)] == bare)
        prefix, suffix = tuple(framed[:before]), tuple(framed[before + len(bare) :])
        return Prepared(policy, prefix, suffix, special_tokens)

    def __str__(self) -> str:
        return pgettext("stopped while …", "loading the tokenizer {tokenizer}", tokenizer=self.tokenizer)


@dataclass(frozen=True, slots=True)
class TokenizeRange:
    """Tokenize a range of a text (valid UTF-8) between two split points."""

    tokenizer: str
    special: SpecialTokens
    split_policy: SplitPolicy
    opens: bool
    """Whether the range begins the text."""
    data: bytes
    long: ClassVar[bool] = False

    def perform(self, context: WorkerContext, reporter: object) -> RangeTokens:  # noqa: ARG002
        """The range's tokens, without those of the model's frame."""
        start = time.perf_counter()
        framed = self.special is SpecialTokens.FRAMED
        tokenizer = context.registry.get(self.tokenizer, SpecialTokens.PARSED if framed else self.special)
        tokens = self.split_policy.encode(tokenizer, self.data, self.opens)
        return RangeTokens(tokens.ids, tokens.ends.astype(np.uint32), time.perf_counter() - start)

    def __str__(self) -> str:
        return pgettext("stopped while …", "tokenizing with {tokenizer}", tokenizer=self.tokenizer)
