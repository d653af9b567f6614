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
from tokviz.language import N_, _, gettext, ngettext
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens

_KINDS = {
    "system": N_("system"),
    "text": N_("text"),
    "thinking": N_("thinking"),
    "tool": N_("tool"),
    "tool_call": N_("call"),
    "tool_result": N_("result"),
    "image": N_("image"),
    "audio": N_("audio"),
    "file": N_("file"),
    "other": N_("other"),
    "schema": N_("schema"),
    "framing": N_("framing"),
}
"""What stands in a message, where it has no name."""


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
            # Translators: {cost} is such as "$0.046 instead of $0.0037 from the cache".
            anew = ngettext(
                "{n} token are read anew: {cost}.",
                "{n} tokens are read anew: {cost}.",
                self.reread,
                cost=in_words(self.cost),
            )
            lines.append(anew)
        return [line for line in lines if line]

    def _kept(self) -> str:
        """Why a cache serves less than what is shared."""
        shared = self.difference.shared
        if not shared or self.served == shared:
            return ""
        served = formatting.grouped(self.served)
        if self.shortest is not None and shared < self.shortest:
            return _(
                "The maker keeps no prefix shorter than {tokens} tokens: a cache serves nothing.",
                tokens=formatting.grouped(self.shortest),
            )
        if self.whole:
            return _(
                "The maker serves a beginning where an earlier request or answer ended, and here none did."
            )
        if self.asks is None:
            if not self.served:
                return ""
            return _("The maker serves whole steps: {tokens} tokens of it.", tokens=served)
        before, now = self.asks
        if not before:
            return _("The first request marks nothing to be kept (cache_control): a cache serves nothing.")
        if not now:
            return _("The second request has no cache_control to look from: a cache serves nothing.")
        if not self.served:
            return _("No cache_control of the first stands before the difference: a cache serves nothing.")
        return _("The last cache_control before the difference keeps {tokens} tokens of it.", tokens=served)


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
    shared = found.shared
    match found.change:
        case Change.SAME:
            return ngettext("Both read the same {n} token.", "Both read the same {n} tokens.", shared)
        case Change.EXTENDED:
            first = formatting.tokens(shared)
            # Translators: {first} is such as "12 tokens", {n} counts tokens as well.
            return ngettext(
                "The first {first} are the same; then the second goes on with {n} token more.",
                "The first {first} are the same; then the second goes on with {n} tokens more.",
                found.reread,
                first=first,
            )
        case Change.SHORTENED:
            return ngettext(
                "The second is the first {n} token of the first one.",
                "The second is the first {n} tokens of the first one.",
                shared,
            )
    if not shared:
        return _("They differ from the first token on.")
    return ngettext("The first {n} token are the same.", "The first {n} tokens are the same.", shared)


def _parting(context: ContextDifference) -> str:
    found = context.difference
    was, became = found.place_before, found.place_now
    if was is None or became is None:
        return ""
    # Translators (all four): a {place} is such as "in message 3, result of Read, at token 18 of 522".
    match found.change:
        case Change.INSERTED:
            place = place_in_words(became)
            return _("Then {place} was put in: “{text}”.", place=place, text=context.now)
        case Change.REMOVED:
            place = place_in_words(was)
            return _("Then {place} is gone: “{text}”.", place=place, text=context.before)
    stood, stands = _quoted(context.before), _quoted(context.now)
    if was.part == became.part:
        place = place_in_words(became)
        return _("Then {place} stood {before} and now stands {now}.", place=place, before=stood, now=stands)
    return _(
        "Then stood {before}, {place_before}, and now stands {now}, {place}.",
        before=stood,
        place_before=place_in_words(was),
        now=stands,
        place=place_in_words(became),
    )


def _quoted(text: str) -> str:
    return _("“{text}”", text=text) if text else _("framing")


def place_in_words(place: Place) -> str:
    """``in message 3, result of Read, at token 18 of 522``."""
    # Translators: {part} is such as "in message 3, result of Read".
    return _(
        "{part}, at token {token} of {tokens}",
        part=_part_in_words(place.part),
        token=formatting.grouped(place.offset + 1),
        tokens=formatting.grouped(place.length),
    )


def _part_in_words(part: StreamPart) -> str:
    if part.message is None:
        if part.kind == "tool":
            return _("in the tool {tool}", tool=part.name) if part.name else _("in the tools")
        if part.kind == "system":
            return _("in the system prompt")
        return _("in the schema of the answer") if part.kind == "schema" else _("in the framing")
    named = {"message": formatting.grouped(part.message + 1), "tool": part.name}
    if part.name and part.kind == "tool_call":
        return _("in message {message}, call of {tool}", **named)
    if part.name and part.kind == "tool_result":
        return _("in message {message}, result of {tool}", **named)
    if part.name and part.kind == "tool":
        return _("in message {message}, tool {tool}", **named)
    # Translators: {part} is such as "text" or "thinking".
    return _("in message {message}, {part}", **named, part=gettext(_KINDS.get(part.kind, part.kind)))
