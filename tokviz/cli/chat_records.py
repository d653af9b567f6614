"""What ``tokviz chat`` has found out about one file, and the same for programs, as JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.contexts import NumberedRequest
from tokviz.analysis.conversation.counted_context import ContextPart, CountedContext, total
from tokviz.analysis.conversation.groups import grouped
from tokviz.analysis.evaluation import Evaluation
from tokviz.catalog.model import LanguageModel
from tokviz.cli.chat_request import ChatRequest
from tokviz.cli.count_answers import model_record
from tokviz.conversations.model import (
    Reading,
    count_roles,
    count_tool_calls,
    largest_context,
    usage_by_model,
)
from tokviz.tokens import Count


@dataclass(frozen=True)
class Answer:
    """Everything that is known of one file."""

    reading: Reading
    requests: Sequence[NumberedRequest]
    contexts: Sequence[CountedContext]
    """Counted for ``model``; one for each conversation, or that of the request asked for."""
    model: AnsweringModel
    evaluations: Sequence[Evaluation]
    catalog: Sequence[LanguageModel] = ()
    refusal: str | None = None
    """Why the model's chat template could not be used, in a sentence."""

    @property
    def count(self) -> Count:
        """All contexts together."""
        return total(self.contexts)

    @property
    def parts(self) -> list[ContextPart]:
        """Those of all contexts."""
        return [part for context in self.contexts for part in context.parts]


def record(answer: Answer, request: ChatRequest) -> dict[str, object]:
    """The answer for programs. What is not known is null; ``input`` is what was read afresh."""
    conversations, count = answer.reading.conversations, answer.count
    return {
        "format": answer.reading.format,
        "requests": len(answer.requests),
        "models": usage_records(answer.reading),
        "largest_context": largest_context(conversations),
        "messages": dict(count_roles(conversations)),
        "tool_calls": dict(count_tool_calls(conversations)),
        "tokens": count.tokens,
        "low": count.low,
        "high": count.high,
        "provenance": count.provenance,
        "parts": _part_records(answer, request),
        "fits": [model_record(row) for row in answer.evaluations],
    }


def usage_records(reading: Reading) -> dict[str, dict[str, int | None]]:
    """The recorded usage by model; cached tokens apart, 0 where the provider reports none."""
    return {
        name: {
            "requests": told.requests,
            "input": told.usage.input,
            "output": told.usage.output,
            "cache_read": told.usage.cache_read or 0,
            "cache_write": told.usage.cache_write or 0,
        }
        for name, told in usage_by_model(reading.conversations).items()
    }


def _part_records(answer: Answer, request: ChatRequest) -> list[Mapping[str, object]]:
    whole = answer.count.tokens
    if request.by is not None:
        groups = grouped(answer.parts, request.by)[: request.top]
        return [_record(one.parts[0], one.kind, one.name, one.tokens, whole) for one in groups]
    parts = answer.parts if request.top is None else largest_parts(answer.parts)[: request.top]
    return [_record(part, part.kind, part.name, part.tokens, whole) for part in parts]


def _record(
    part: ContextPart, kind: str, name: str | None, tokens: int | None, whole: int
) -> dict[str, object]:
    return {
        "kind": kind,
        "role": part.role,
        "name": name,
        "request": part.request,
        "tokens": tokens,
        "share": tokens / whole if whole and tokens is not None else None,
    }


def largest_parts(parts: Sequence[ContextPart]) -> list[ContextPart]:
    """Those with most tokens first."""
    return sorted(parts, key=lambda part: -1 if part.tokens is None else part.tokens, reverse=True)
