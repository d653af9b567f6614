"""What ``tokviz chat`` says of the cache: the first difference of two requests, and a session's misses."""

from collections.abc import Sequence
from itertools import pairwise

from tokviz import language
from tokviz.analysis import formatting
from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.cache_misses import cache_misses
from tokviz.analysis.conversation.contexts import Context, NumberedRequest, numbered_requests, whole_contexts
from tokviz.analysis.conversation.differences import (
    ContextDifference,
    compare_contexts,
    pair_tokenizer,
    place_in_words,
)
from tokviz.analysis.conversation.model_names import model_finder
from tokviz.catalog.model import LanguageModel
from tokviz.cli.model_records import number
from tokviz.conversations.cache import Change, Place
from tokviz.conversations.model import Reading
from tokviz.language import _, ngettext
from tokviz.tokenization.registry import Registry

_MOST_MISSES = 5
_MOST_COMPARED = 500
"""Requests of one file compared with one another."""


def difference(
    earlier: Reading, context: Context, asked: AnsweringModel, registry: Registry
) -> ContextDifference:
    """Where ``context`` parts from what the next request of ``earlier`` would read. The registry's errors."""
    requests = numbered_requests(earlier.conversations)
    (before, *_) = whole_contexts(earlier.conversations, requests)
    tokenizer = pair_tokenizer(asked, registry)
    return compare_contexts(*tokenizer.tokenize_pair(before, context, asked.rule), asked.model, asked.caching)


def sequence_lines(contexts: Sequence[Context], asked: AnsweringModel, registry: Registry) -> list[str]:
    """Requests of one file, each beside the one before it: where it does not just go on. The registry's
    errors."""
    tokenizer = pair_tokenizer(asked, registry)
    lines: list[str] = []
    for index, (before, now) in enumerate(pairwise(contexts[:_MOST_COMPARED]), 1):
        pair = tokenizer.tokenize_pair(before, now, asked.rule)
        found = compare_contexts(*pair, asked.model, asked.caching)
        goes_on = found.difference.change in (Change.SAME, Change.EXTENDED)
        if not goes_on or (found.asks is not None and found.served < found.difference.shared):
            lines.append(
                _(
                    "Request {number} after {earlier}: {what}",
                    number=language.number(index + 1),
                    earlier=language.number(index),
                    what=" ".join(found.sentences),
                )
            )
    return lines


def difference_lines(found: ContextDifference, asked: AnsweringModel, name: str) -> list[str]:
    """For people."""
    lines = [*found.sentences, *([asked.caching.sentence] if asked.caching else [])]
    title = _("Compared with {file}, in tokens of {model}:", file=name, model=asked.name)
    return [title, *lines]


def difference_record(found: ContextDifference) -> dict[str, object]:
    """For programs."""
    told = found.difference
    return {
        "change": told.change,
        "shared": told.shared,
        "served": found.served,
        "reread": told.reread,
        "read_anew": found.reread,
        "shortest_kept": found.shortest,
        "breakpoints": found.asks,
        "place_before": _place_record(told.place_before),
        "place_now": _place_record(told.place_now),
        "before": found.before,
        "now": found.now,
        "cost_5m_usd": number(found.cost.five_minutes),
        "cost_1h_usd": number(found.cost.one_hour),
        "cost_cached_usd": number(found.cost.cached),
        "sentence": " ".join(found.sentences),
    }


def _place_record(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    message = None if place.part.message is None else place.part.message + 1
    return {
        "kind": place.part.kind,
        "message": message,
        "name": place.part.name,
        "token": place.offset + 1,
        "words": place_in_words(place),
    }


def miss_lines(requests: Sequence[NumberedRequest], models: Sequence[LanguageModel]) -> list[str]:
    """Why the cache missed in a session: the misses with most tokens, in order; empty if there are none."""
    misses = cache_misses(requests, model_finder(models))
    largest = sorted(misses, key=lambda miss: miss.reread, reverse=True)[:_MOST_MISSES]
    lines = [miss.sentence for miss in sorted(largest, key=lambda miss: miss.number)]
    if len(misses) > len(largest):
        rest = sum(miss.reread for miss in misses) - sum(miss.reread for miss in largest)
        lines.append(
            ngettext(
                "{n} more request read {tokens} anew.",
                "{n} more requests read {tokens} anew.",
                len(misses) - len(largest),
                tokens=formatting.tokens(rest),
            )
        )
    return lines
