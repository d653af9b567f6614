"""What ``tokviz chat`` answers for one file: tables for people, JSON for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Standing
from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.contexts import NumberedRequest
from tokviz.analysis.conversation.counted_context import ContextPart, CountedContext, total
from tokviz.analysis.conversation.groups import Group, GroupBy, grouped, kind_words, part_name, repeats
from tokviz.analysis.conversation.model_names import model_finder
from tokviz.analysis.conversation.recorded_cost import recorded_cost
from tokviz.analysis.evaluation import Evaluation
from tokviz.catalog.model import LanguageModel
from tokviz.cli.chat_cache import miss_lines
from tokviz.cli.chat_request import ChatRequest
from tokviz.cli.console import Console
from tokviz.cli.count_answers import MODEL_COLUMNS, model_record, model_remarks, model_row
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.conversations.model import (
    Reading,
    Usage,
    count_roles,
    count_tool_calls,
    largest_context,
    usage_by_model,
)
from tokviz.conversations.user_template import UserTemplate
from tokviz.tokens import Count

_MOST_REPEATS = 3
_LONGEST_TITLE = 60
_FIGURES, _SINGLE_FIGURES = 34, 62
"""Columns of a terminal that the figures beside a name take."""
_USAGE_COLUMNS = (
    Column("Recorded for"),
    Column("Requests", right=True),
    Column("Fresh input", right=True),
    Column("Cache read", right=True),
    Column("Cache write", right=True),
    Column("Output", right=True),
    Column("Cost", right=True),
)
_PART_COLUMNS = (
    Column("Part"),
    Column("Number", right=True, optional=1),
    Column("Tokens", right=True),
    Column("Share", right=True),
)
_SINGLE_COLUMNS = (
    Column("Part"),
    Column("Name"),
    Column("Message", right=True, optional=1),
    Column("Request", right=True, optional=2),
    Column("Tokens", right=True),
    Column("Share", right=True),
)


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
    parts = answer.parts if request.top is None else _largest(answer.parts)[: request.top]
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


def _largest(parts: Sequence[ContextPart]) -> list[ContextPart]:
    return sorted(parts, key=lambda part: -1 if part.tokens is None else part.tokens, reverse=True)


# -- for people ----------------------------------------------------------------------------------------


def report(name: str, answer: Answer, request: ChatRequest, console: Console) -> list[str]:
    """The answer for people."""
    width, styled = console.width, console.styled
    lines = remark_lines(_heading(name, answer), width)
    if rows := _usage_rows(answer):
        lines += ["", *render(_USAGE_COLUMNS, rows, width, styled)]
    lines += ["", *remark_lines([_size(answer, request)], width), ""]
    lines += _part_table(answer, request, width, styled)
    if request.fits:
        today = date.today()
        cells = [model_row(row, today) for row in answer.evaluations]
        lines += ["", *render(MODEL_COLUMNS, cells, width, styled)]
    if misses := miss_lines(answer.requests, answer.catalog):
        lines += ["", "Why the cache missed:", *remark_lines(misses, width)]
    remarks = _remarks(answer)
    if request.fits:
        remarks += model_remarks(answer.evaluations, date.today())
    return [*lines, "", *remark_lines(remarks, width, styled)]


def _heading(name: str, answer: Answer) -> list[str]:
    conversations = answer.reading.conversations
    first = conversations[0]
    facts = [f"{name}: {answer.reading.format}"]
    if len(conversations) > 1:
        facts.append(formatting.quantity(len(conversations), "conversation"))
    elif first.title:
        facts.append(f"“{_shortened(first.title)}”")
    facts += [fact for fact in (first.project, (first.date or "")[:10]) if fact]
    subagents = sum(sum(1 for _ in one.lanes()) - 1 for one in conversations)
    lines = [", ".join(facts)]
    told = []
    if answer.requests:
        told.append(formatting.quantity(len(answer.requests), "recorded request"))
    for what, numbers in (
        ("message", count_roles(conversations)),
        ("tool call", count_tool_calls(conversations)),
    ):
        if numbers:
            most = ", ".join(f"{key} {number:,}" for key, number in numbers.most_common(5))
            more = ", …" if len(numbers) > 5 else ""
            told.append(f"{formatting.quantity(numbers.total(), what)} ({most}{more})")
    if subagents:
        told.append(formatting.quantity(subagents, "subagent"))
    if compactions := sum(len(one.compactions) for one in conversations):
        told.append(formatting.quantity(compactions, "compaction"))
    largest = largest_context(conversations)
    if largest is not None:
        told.append(f"largest context {largest:,} tokens")
    return [*lines, "; ".join(told)] if told else lines


def _shortened(title: str) -> str:
    words = " ".join(title.split())
    return words if len(words) <= _LONGEST_TITLE else f"{words[: _LONGEST_TITLE - 1]}…"


def _usage_rows(answer: Answer) -> list[list[str]]:
    rows, find = [], model_finder(answer.catalog)
    for name, told in usage_by_model(answer.reading.conversations).items():
        model = find(name)
        usages = [one.request.usage for one in answer.requests if (one.request.model or "unknown") == name]
        cost = recorded_cost(usages, model.prices if model else None)
        rows.append([name, f"{told.requests:,}", *_figures(told.usage), formatting.money(cost)])
    for conversation in answer.reading.conversations:
        for name, told in conversation.reported.items():
            rows.append(
                [f"{name} (as a sum)", f"{told.requests:,}", *_figures(told.usage), formatting.UNKNOWN]
            )
    return rows


def _figures(usage: Usage) -> list[str]:
    told = (usage.input, usage.cache_read, usage.cache_write, usage.output)
    return list(map(formatting.grouped, told))


def _size(answer: Answer, request: ChatRequest) -> str:
    """What is counted, how many tokens that is, and what of a window."""
    count, model = answer.count, answer.model
    several = len(answer.contexts) > 1
    form = answer.reading.format or ""
    if request.request is not None:
        what = f"Request {request.request:,} read"
    elif several:
        what = "All conversations together are"
    elif form.startswith("request-"):
        what = "The request reads"
    else:
        what = "The tools are" if form == "mcp-tools" else "The next request would read"
    between = formatting.count_range(count)
    label = f"{count.provenance}, {between}" if between else str(count.provenance)
    text = f"{what} {formatting.count(count)} tokens for {model.name} ({label})"
    if several or not answer.evaluations or answer.evaluations[0].model is not model.model:
        return f"{text}."
    fit = answer.evaluations[0].fit
    if fit.standing is Standing.UNKNOWN:
        return f"{text}."
    return f"{text}: {fit_words.share(fit)} of its window, {fit_words.room_and_doubt(fit)}."


def _part_table(answer: Answer, request: ChatRequest, width: int, styled: bool) -> list[str]:
    whole = answer.count.tokens
    if request.by is None and request.top is not None:
        parts = _largest(answer.parts)
        rows = [_single_row(part, whole, width - _SINGLE_FIGURES) for part in parts[: request.top]]
        return [*render(_SINGLE_COLUMNS, rows, width, styled), *_more(len(parts) - len(rows), "part")]
    groups = grouped(answer.parts, request.by)
    rows = [_group_row(group, request.by, whole, width - _FIGURES) for group in groups[: request.top]]
    return [*render(_PART_COLUMNS, rows, width, styled), *_more(len(groups) - len(rows), "row")]


def _more(number: int, noun: str) -> list[str]:
    return [f"and {formatting.quantity(number, f'more {noun}')}"] if number > 0 else []


def _group_row(group: Group, by: GroupBy | None, whole: int, room: int) -> list[str]:
    name = _elided(group.words, room)
    if by in (GroupBy.TOOL, GroupBy.FILE) and group.kind == by:
        name = f"{group.kind} {name}"
    if group.unknown and group.tokens is not None:
        name += f" ({group.unknown:,} of unknown size)"
    return [name, f"{len(group.parts):,}", *_tokens_and_share(group.tokens, whole)]


def _single_row(part: ContextPart, whole: int, room: int) -> list[str]:
    message = "" if part.message is None else f"{part.message + 1:,}"
    request = "" if part.request is None else f"{part.request:,}"
    name = _elided(part.file or part_name(part), room)
    return [kind_words(part), name, message, request, *_tokens_and_share(part.tokens, whole)]


def _elided(name: str, room: int) -> str:
    """A name shortened in its middle, as paths are; 12 characters remain in the narrowest terminal."""
    most = max(12, room)
    return name if len(name) <= most else f"{name[: most // 2]}…{name[len(name) - most + most // 2 + 1 :]}"


def _tokens_and_share(tokens: int | None, whole: int) -> list[str]:
    if tokens is None:
        return [formatting.UNKNOWN, ""]
    return [formatting.grouped(tokens), formatting.percent(tokens / whole) if whole else ""]


def _template_remark(model: AnsweringModel) -> str:
    of = model.template.of if model.template is not None else ""
    if model.template_assumed:
        return f"Framed by the chat template of {of}, which is assumed to be that of {model.name}."
    if isinstance(model.template, UserTemplate):
        return f"Framed by the chat template in {of}, ready for the answer."
    return f"Framed by the published chat template of {of}, ready for the answer."


def _remarks(answer: Answer) -> list[str]:
    model, parts = answer.model, answer.parts
    lines = []
    for repeat in repeats(parts)[:_MOST_REPEATS]:
        lines.append(
            f"{repeat.file} stands in it {repeat.times:,} times: {repeat.tokens:,} tokens; only the last one "
            f"would save {repeat.saved:,}."
        )
    if model.stands_in_for is not None:
        named = f"“{model.stands_in_for}” is not known" if model.stands_in_for else "The file names no model"
        lines.append(f"{named}: counted as for {model.name}. Another one: --model ID.")
    if answer.refusal is not None:
        lines.append(answer.refusal)
    if model.template is not None and answer.refusal is None:
        lines.append(_template_remark(model))
    elif model.rule is not None:
        lines.append(f"What the maker of {model.name} adds is measured on requests: {model.rule.measured}.")
        if model.rule.tools is not None and any(part.kind == "tool" for part in parts):
            lines.append(f"Tools likewise: {model.rule.tools.measured}.")
    else:
        lines.append(f"What the maker of {model.name} adds to the texts is not known and not counted.")
    if unknown := [part for part in parts if part.tokens is None and part.kind != "framing"]:
        kinds = ", ".join(dict.fromkeys(kind_words(part) for part in unknown))
        number = formatting.quantity(len(unknown), "part")
        lines.append(f"{number} of unknown size ({kinds}): not in the sum.")
    if answer.requests:
        lines.append("Costs of recorded requests: at today's prices.")
    lines += dict.fromkeys(c.partial for c in answer.reading.conversations if c.partial)
    return lines
