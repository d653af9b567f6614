"""What Codex records of its requests' usage, each request once.

``token_count`` events are cumulative and repeated: one counts only when the total has changed, and what it
adds is in ``last_token_usage``. Newer rollouts tell each response in a ``token_usage_record``, too, also that
of a compaction, which no total holds. Cached tokens stand inside the input.
"""

from collections import Counter
from typing import TypeAlias

from tokviz.conversations.fields import Fields, fields_at, number, text
from tokviz.conversations.model import Usage

Figures: TypeAlias = tuple[int | None, ...]
"""Input, cached, written to the cache, output, reasoning."""

_FIGURES = (
    *("input_tokens", "cached_input_tokens", "cache_write_input_tokens"),
    *("output_tokens", "reasoning_output_tokens"),
)
_EVENT, _RECORD = 0, 1


class UsageEvents:
    """Takes one rollout's events in order and gives what each adds."""

    def __init__(self) -> None:
        self._total: Figures | None = None
        self._told: tuple[Counter[Figures], Counter[Figures]] = (Counter(), Counter())
        """By kind of event what only events of that kind have told so far."""
        self._responses: set[str] = set()

    def event(self, info: Fields) -> tuple[Usage, str] | None:
        """A ``token_count`` event's usage and key; None if it adds nothing."""
        last = info.get("last_token_usage")
        total = info.get("total_token_usage", last)
        if not isinstance(total, dict):
            return None
        figures = _figures(total)
        if figures == self._total:
            return None
        before, self._total = self._total, figures
        added = _figures(last) if isinstance(last, dict) else _difference(figures, before)
        return self._once(_EVENT, added, "codex " + " ".join(map(str, figures)))  # verbatim

    def record(self, payload: Fields) -> tuple[Usage, str] | None:
        """A ``token_usage_record``'s usage and key; None if it repeats another's."""
        response = text(payload, "response_id")
        if response is None or response in self._responses:
            return None
        self._responses.add(response)
        return self._once(_RECORD, _figures(fields_at(payload, "usage")), response)

    def _once(self, kind: int, added: Figures, key: str) -> tuple[Usage, str] | None:
        if not any(added):
            return None
        same = (added[0], added[3])
        if self._told[1 - kind][same] > 0:
            self._told[1 - kind][same] -= 1
            return None
        self._told[kind][same] += 1
        return _usage(added), key


def usage_of(told: Fields) -> Usage:
    """Usage as Codex spells it."""
    return _usage(_figures(told))


def _figures(told: Fields) -> Figures:
    return tuple([number(told, name) for name in _FIGURES])


def _difference(total: Figures, before: Figures | None) -> Figures:
    """What one event added; a total that fell began anew."""
    if before is None or (total[0] or 0) < (before[0] or 0):
        return total
    return tuple(
        None if now is None else max(0, now - (then or 0)) for now, then in zip(total, before, strict=True)
    )


def _usage(figures: Figures) -> Usage:
    read, cached, written, output, reasoning = figures
    fresh = None if read is None else max(0, read - (cached or 0) - (written or 0))
    return Usage(fresh, output, cached, written, reasoning=reasoning)
