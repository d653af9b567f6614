"""Why a provider's cache did not serve what it had just read: each recorded request beside the one before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from tokviz.analysis import formatting
from tokviz.analysis.conversation.cache_cost import RereadCost, in_words, reread_cost
from tokviz.analysis.conversation.contexts import NumberedRequest
from tokviz.analysis.conversation.model_names import FindModel
from tokviz.conversations.model import Altered, Request
from tokviz.language import _, ngettext

_FIVE_MINUTES, _HOUR = timedelta(minutes=5), timedelta(hours=1)
_LEAST, _SHARE = 256, 50
"""A miss has at least so many tokens, and at least this fraction (a fiftieth) of what could be served: caches
serve whole blocks."""


@dataclass(frozen=True, slots=True)
class CacheMiss:
    """A request that read anew what the one before it had left in the cache."""

    number: int
    """Of the request; see ``NumberedRequest``."""
    held: int
    """Tokens that the cache held."""
    served: int
    why: str
    """A clause: ``it came 12 minutes after the one before, …``."""
    cost: RereadCost

    @property
    def reread(self) -> int:
        """Tokens that it could have served and did not."""
        return self.held - self.served

    @property
    def sentence(self) -> str:
        """Why the cache missed here, and what that cost."""
        # Translators: {why} is such as "nothing was served", {cost} such as "$0.046 instead of $0.0037 …".
        return _(
            "Request {number} read {tokens} anew: {why}; {cost}.",
            number=formatting.grouped(self.number),
            tokens=formatting.tokens(self.reread),
            why=self.why,
            cost=in_words(self.cost),
        )


def cache_misses(requests: Sequence[NumberedRequest], model_of: FindModel) -> list[CacheMiss]:
    """All misses in order. Requests whose provider tells nothing of its cache have none."""
    lanes: dict[int, list[NumberedRequest]] = {}
    for one in requests:
        lanes.setdefault(id(one.lane), []).append(one)
    found = [miss for lane in lanes.values() for miss in _of_lane(lane, model_of)]
    return sorted(found, key=lambda miss: miss.number)


def _of_lane(lane: Sequence[NumberedRequest], model_of: FindModel) -> Iterator[CacheMiss]:
    for before, now in pairwise(lane):
        held, usage = _held(before.request), now.request.usage
        if held is None or usage.context is None or usage.cache_read is None:
            continue
        held = min(held, usage.context)
        model = model_of(now.request.model)
        if model is not None and model.min_cacheable is not None and held < model.min_cacheable:
            continue
        if held - usage.cache_read >= max(_LEAST, held // _SHARE):
            why = _why(before.request, now.request)
            cost = reread_cost(held - usage.cache_read, usage.context, model.prices if model else None)
            yield CacheMiss(now.number, held, usage.cache_read, why, cost)


def _held(request: Request) -> int | None:
    """What a request left in the cache: what it read of it and wrote to it. Where writing is not told, its
    whole context: such makers keep all prefixes unasked."""
    usage = request.usage
    if usage.cache_read is None and usage.cache_write is None:
        return None
    if usage.cache_write is None:
        return usage.context
    return (usage.cache_read or 0) + usage.cache_write


def _why(before: Request, now: Request) -> str:
    if before.model != now.model:
        return _(
            "it went to {model} after {before}, and each model has a cache of its own",
            model=now.model,
            before=before.model,
        )
    if before.start is not None and now.start is not None and before.start != now.start:
        return _("the conversation was compacted before it, so that it begins otherwise")
    if now.altered is not None and (said := _altered(now.altered)):
        return said
    waited = _between(before.time, now.time)
    hour = bool(before.usage.cache_write_1h)
    if waited is not None and waited > (_HOUR if hour else _FIVE_MINUTES):
        return _late(_in_words(waited), hour)
    if now.altered is not None:
        return _("all that it repeats stayed the same, so the provider had dropped it")
    served = now.usage.cache_read or 0
    if served:
        return ngettext(
            "after its first {n} token something changed that the file does not show",
            "after its first {n} tokens something changed that the file does not show",
            served,
        )
    return _(
        "nothing was served, though the file shows no change: what is not in it (system prompt, tools) "
        "changed, or the provider had dropped it"
    )


def _altered(altered: Altered) -> str | None:
    """What is another than before; None where nothing is."""
    match altered.kind:
        case "tools":
            return _("its tools are not those of the request before")
        case "system":
            return _("its system prompt is not that of the request before")
        case "message":
            said = formatting.grouped(altered.message or 0)
            return _("message {number} is no longer as the request before had it", number=said)
    return None


def _late(time: str, hour: bool) -> str:
    if hour:
        return _("it came {time} after the one before, and a cache keeps one hour", time=time)
    return _(
        "it came {time} after the one before, and a cache keeps five minutes unless asked for longer",
        time=time,
    )


def _between(earlier: str | None, later: str | None) -> timedelta | None:
    try:
        if earlier is None or later is None:
            return None
        return datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    except (ValueError, TypeError):  # no time, or only one of them with a zone
        return None


def _in_words(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 120:
        return ngettext("{n} minute", "{n} minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("{n} hour", "{n} hours", minutes // 60)
    return ngettext("{n} day", "{n} days", minutes // 1440)
