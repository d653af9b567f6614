"""Where two requests part, in words: what a cache of the first serves of the second, and why not more."""

from dataclasses import dataclass

from tokviz.analysis import formatting
from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.cache_cost import RereadCost, in_words, reread_cost
from tokviz.analysis.conversation.token_streams import ContextTokenizer, TokenizedContext
from tokviz.catalog.caching import CachingRule
from tokviz.catalog.model import LanguageModel
from tokviz.conversations.cache import (
    CacheRule,
    Change,
    Difference,
    Place,
    StreamPart,
    compare,
    served,
    served_asked,
)
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens

_TEXTS = {"tool_call": "call of", "tool_result": "result of", "tool": "tool"}


@dataclass(frozen=True, slots=True)
class ContextDifference:
    """Two contexts compared; see ``Difference``."""

    difference: Difference
    before: str
    """The beginning of what stood where they part; empty where the first one ends, and for framing."""
    now: str
    cost: RereadCost
    """Of what is read anew."""
    shortest: int | None
    """Tokens of the shortest prefix that the maker keeps; None is unknown."""
    served: int
    """Tokens that a cache of the first can serve at most."""
    tokens: int
    """Of the second request."""
    asks: tuple[int, int] | None = None
    """How many breakpoints each request has, where only what is marked is kept; None for other makers."""
    whole: bool = False
    """Whether the maker serves an earlier request as a whole, and no part of it."""

    @property
    def reread(self) -> int:
        """Tokens of the second request that no cache can serve."""
        return self.tokens - self.served

    @property
    def sentences(self) -> list[str]:
        """What is the same, what differs first and where, what a cache makes of it, and what that costs."""
        found = self.difference
        lines = [_shared(found), _parting(self), self._kept()]
        if found.change in (Change.REPLACED, Change.INSERTED, Change.REMOVED) or self.served < found.shared:
            tokens = formatting.quantity(self.reread, "token")
            lines.append(f"{tokens} are read anew: {in_words(self.cost)}.")
        return [line for line in lines if line]

    def _kept(self) -> str:
        """Why a cache serves less than what is shared."""
        shared = self.difference.shared
        if not shared or self.served == shared:
            return ""
        if self.shortest is not None and shared < self.shortest:
            return f"The maker keeps no prefix shorter than {self.shortest:,} tokens: a cache serves nothing."
        if self.whole:
            return "The maker serves a beginning where an earlier request or answer ended, and here none did."
        if self.asks is None:
            return f"The maker serves whole steps: {self.served:,} tokens of it." if self.served else ""
        before, now = self.asks
        if not before:
            return "The first request marks nothing to be kept (cache_control): a cache serves nothing."
        if not now:
            return "The second request has no cache_control to look from: a cache serves nothing."
        if not self.served:
            return "No cache_control of the first stands before the difference: a cache serves nothing."
        return f"The last cache_control before the difference keeps {self.served:,} tokens of it."


STAND_IN = "o200k_base"
"""Tokenizes where the model's own tokenizer is not known, since some boundaries are needed."""


def pair_tokenizer(asked: AnsweringModel, registry: Registry) -> ContextTokenizer:
    """Tokenizes contexts as a model reads them; the registry's errors."""
    if asked.tokenizer not in registry.names():
        return ContextTokenizer(registry.get(STAND_IN))
    tokenizer = registry.get(asked.tokenizer)
    if asked.template is None:
        return ContextTokenizer(tokenizer)
    return ContextTokenizer(tokenizer, asked.template, registry.get(asked.tokenizer, SpecialTokens.PARSED))


def compare_contexts(
    before: TokenizedContext,
    now: TokenizedContext,
    model: LanguageModel | None,
    caching: CachingRule | None = None,
) -> ContextDifference:
    """The first difference, at the prices of ``model``. ``caching``: what its maker publishes."""
    found = compare(before.stream, now.stream)
    texts = [
        "" if place is None else context.text_from(place)
        for context, place in ((before, found.place_before), (now, found.place_now))
    ]
    shortest = model.min_cacheable if model else None
    asks = None
    rule = CacheRule(shortest or 0)
    if caching is not None:
        shortest = shortest or caching.minimum or None
        rule = CacheRule(shortest or 0, caching.step, caching.lookback)
    if before.breakpoints is not None and now.breakpoints is not None and (caching is None or caching.asked):
        asks = len(before.breakpoints), len(now.breakpoints)
        given = served_asked(found.shared, rule, before.breakpoints, now.breakpoints)
    else:
        given = served(found.shared, rule)
    whole = caching is not None and caching.whole
    if whole and found.shared < len(before.stream):
        given = 0
    cost = reread_cost(len(now.stream) - given, len(now.stream), model.prices if model else None)
    return ContextDifference(found, texts[0], texts[1], cost, shortest, given, len(now.stream), asks, whole)


def _shared(found: Difference) -> str:
    shared = formatting.quantity(found.shared, "token")
    match found.change:
        case Change.SAME:
            return f"Both read the same {shared}."
        case Change.EXTENDED:
            more = formatting.quantity(found.reread, "token")
            return f"The first {shared} are the same; then the second goes on with {more} more."
        case Change.SHORTENED:
            return f"The second is the first {shared} of the first one."
    return f"The first {shared} are the same." if found.shared else "They differ from the first token on."


def _parting(context: ContextDifference) -> str:
    found = context.difference
    was, became = found.place_before, found.place_now
    if was is None or became is None:
        return ""
    match found.change:
        case Change.INSERTED:
            return f"Then {place_in_words(became)} was put in: “{context.now}”."
        case Change.REMOVED:
            return f"Then {place_in_words(was)} is gone: “{context.before}”."
    stood, stands = _quoted(context.before), _quoted(context.now)
    if was.part == became.part:
        return f"Then {place_in_words(became)} stood {stood} and now stands {stands}."
    return f"Then stood {stood}, {place_in_words(was)}, and now stands {stands}, {place_in_words(became)}."


def _quoted(text: str) -> str:
    return f"“{text}”" if text else "framing"


def place_in_words(place: Place) -> str:
    """``in message 3, result of Read, at token 18 of 522``."""
    at = f"at token {place.offset + 1:,} of {place.length:,}"
    return f"in {_part_in_words(place.part)}, {at}"


def _part_in_words(part: StreamPart) -> str:
    if part.message is None:
        if part.kind == "tool":
            return f"the tool {part.name}" if part.name else "the tools"
        return {"system": "the system prompt", "schema": "the schema of the answer"}.get(
            part.kind, "the framing"
        )
    kind = _TEXTS.get(part.kind, part.kind)
    named = f"{kind} {part.name}" if part.kind in _TEXTS and part.name else kind.removesuffix(" of")
    return f"message {part.message + 1:,}, {named}"
