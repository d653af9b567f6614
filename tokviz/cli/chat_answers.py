"""What ``tokviz chat`` answers people about one file."""

from collections import Counter
from datetime import date

from tokviz.analysis import fit_words, formatting
from tokviz.analysis.budget import Standing
from tokviz.analysis.conversation.answering_model import AnsweringModel
from tokviz.analysis.conversation.counted_context import ContextPart
from tokviz.analysis.conversation.groups import Group, GroupBy, grouped, kind_words, part_name, repeats
from tokviz.analysis.conversation.model_names import model_finder
from tokviz.analysis.conversation.recorded_cost import recorded_cost
from tokviz.cli.cells import shortened, shortened_inside
from tokviz.cli.chat_cache import miss_lines
from tokviz.cli.chat_records import Answer, largest_parts
from tokviz.cli.chat_request import ChatRequest
from tokviz.cli.console import Console
from tokviz.cli.count_answers import MODEL_COLUMNS, model_remarks, model_row
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.conversations.model import (
    Usage,
    count_roles,
    count_tool_calls,
    largest_context,
    usage_by_model,
)
from tokviz.conversations.sessions import known_date
from tokviz.conversations.user_template import UserTemplate
from tokviz.language import _, ngettext, number
from tokviz.lists import listed

_MOST_REPEATS, _MOST_NAMED = 3, 5
_LONGEST_TITLE = 60
_UNKNOWN = "unknown"
"""The name of a model that no request names, as a program reads it."""
_FIGURES, _SINGLE_FIGURES = 34, 62
"""Columns of a terminal that the figures beside a name take."""
_USAGE_COLUMNS = (
    Column(_("Recorded for")),
    Column(_("Requests"), right=True),
    Column(_("Fresh input"), right=True),
    Column(_("Cache read"), right=True),
    Column(_("Cache write"), right=True),
    Column(_("Output"), right=True),
    Column(_("Cost"), right=True),
)
_PART_COLUMNS = (
    Column(_("Part")),
    Column(_("Number"), right=True, optional=1),
    Column(_("Tokens"), right=True),
    Column(_("Share"), right=True),
)
_SINGLE_COLUMNS = (
    Column(_("Part")),
    Column(_("Name")),
    Column(_("Message"), right=True, optional=1),
    Column(_("Request"), right=True, optional=2),
    Column(_("Tokens"), right=True),
    Column(_("Share"), right=True),
)


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
        lines += ["", _("Why the cache missed:"), *remark_lines(misses, width)]
    remarks = _remarks(answer)
    if request.fits:
        remarks += model_remarks(answer.evaluations, date.today())
    return [*lines, "", *remark_lines(remarks, width, styled)]


def _heading(name: str, answer: Answer) -> list[str]:
    conversations = answer.reading.conversations
    first = conversations[0]
    facts = [f"{name}: {answer.reading.format}"]
    if len(conversations) > 1:
        facts.append(ngettext("{n} conversation", "{n} conversations", len(conversations)))
    elif first.title:
        facts.append(f"“{_shortened(first.title)}”")
    facts += [fact for fact in (first.project, formatting.day(known_date(first) or "")) if fact]
    lines = [listed(facts)]
    told = _told_numbers(answer)
    return [*lines, "; ".join(told)] if told else lines


def _told_numbers(answer: Answer) -> list[str]:
    """How much of everything is in the file."""
    conversations, told = answer.reading.conversations, []
    if answer.requests:
        told.append(ngettext("{n} recorded request", "{n} recorded requests", len(answer.requests)))
    if roles := count_roles(conversations):
        told.append(
            # Translators: {roles} says how many messages each role has: “user 3, assistant 2”.
            ngettext(
                "{n} message ({roles})",
                "{n} messages ({roles})",
                roles.total(),
                roles=_most_common(roles),
            )
        )
    if tools := count_tool_calls(conversations):
        told.append(
            ngettext(
                "{n} tool call ({tools})",
                "{n} tool calls ({tools})",
                tools.total(),
                tools=_most_common(tools),
            )
        )
    if subagents := sum(sum(1 for _lane in one.lanes()) - 1 for one in conversations):
        told.append(ngettext("{n} subagent", "{n} subagents", subagents))
    if compactions := sum(len(one.compactions) for one in conversations):
        told.append(ngettext("{n} compaction", "{n} compactions", compactions))
    largest = largest_context(conversations)
    if largest is not None:
        told.append(ngettext("largest context {n} token", "largest context {n} tokens", largest))
    return told


def _most_common(numbers: Counter[str]) -> str:
    named = [f"{_shortened(key)} {number(count)}" for key, count in numbers.most_common(_MOST_NAMED)]
    return listed([*named, "…"] if len(numbers) > len(named) else named)


def _shortened(title: str) -> str:
    return shortened(" ".join(title.split()), _LONGEST_TITLE)


def _usage_rows(answer: Answer) -> list[list[str]]:
    rows, find = [], model_finder(answer.catalog)
    for name, told in usage_by_model(answer.reading.conversations).items():
        model = find(name)
        usages = [one.request.usage for one in answer.requests if (one.request.model or _UNKNOWN) == name]
        cost = recorded_cost(usages, model.prices if model else None)
        shown = formatting.UNKNOWN if name == _UNKNOWN else name
        rows.append([shown, number(told.requests), *_figures(told.usage), formatting.money(cost)])
    for conversation in answer.reading.conversations:
        for name, told in conversation.reported.items():
            rows.append(
                [
                    # Translators: of what several requests to a model used, only the sum is recorded.
                    _("{model} (as a sum)", model=formatting.UNKNOWN if name == _UNKNOWN else name),
                    number(told.requests) if told.requests else formatting.UNKNOWN,
                    *_figures(told.usage),
                    formatting.UNKNOWN,
                ]
            )
    return rows


def _figures(usage: Usage) -> list[str]:
    told = (usage.input, usage.cache_read, usage.cache_write, usage.output)
    return list(map(formatting.grouped, told))


def _size(answer: Answer, request: ChatRequest) -> str:
    """What is counted, how many tokens that is, and what of a window."""
    model = answer.model
    text = _size_words(answer, request)
    if len(answer.contexts) > 1 or not answer.evaluations or answer.evaluations[0].model is not model.model:
        return formatting.stopped(text)
    fit = answer.evaluations[0].fit
    if fit.standing is Standing.UNKNOWN:
        return formatting.stopped(text)
    # Translators: {size} says how many tokens a request reads, {room} how many are left in the window.
    return _(
        "{size}: {share} of its window, {room}.",
        size=text,
        share=fit_words.share(fit),
        room=fit_words.room_and_doubt(fit),
    )


def _size_words(answer: Answer, request: ChatRequest) -> str:
    count, form = answer.count, answer.reading.format or ""
    between = formatting.count_range(count)
    how = f"{count.provenance.words}, {between}" if between else count.provenance.words
    values = {"n": formatting.count(count), "model": answer.model.name, "how": how}
    if request.request is not None:
        # Translators: {how} says how the tokens are counted: “exact”, or “estimate, 1,040–1,380”.
        return ngettext(
            "Request {number} read {n} token for {model} ({how})",
            "Request {number} read {n} tokens for {model} ({how})",
            count.tokens,
            number=number(request.request),
            **values,
        )
    if len(answer.contexts) > 1:
        return ngettext(
            "All conversations together are {n} token for {model} ({how})",
            "All conversations together are {n} tokens for {model} ({how})",
            count.tokens,
            **values,
        )
    if form.startswith("request-"):
        return ngettext(
            "The request reads {n} token for {model} ({how})",
            "The request reads {n} tokens for {model} ({how})",
            count.tokens,
            **values,
        )
    if form == "mcp-tools":
        return ngettext(
            "The tools are {n} token for {model} ({how})",
            "The tools are {n} tokens for {model} ({how})",
            count.tokens,
            **values,
        )
    return ngettext(
        "The next request would read {n} token for {model} ({how})",
        "The next request would read {n} tokens for {model} ({how})",
        count.tokens,
        **values,
    )


def _part_table(answer: Answer, request: ChatRequest, width: int, styled: bool) -> list[str]:
    whole = answer.count.tokens
    if request.by is None and request.top is not None:
        parts = largest_parts(answer.parts)
        rows = [_single_row(part, whole, width - _SINGLE_FIGURES) for part in parts[: request.top]]
        return [*render(_SINGLE_COLUMNS, rows, width, styled), *_more_parts(len(parts) - len(rows))]
    groups = grouped(answer.parts, request.by)
    rows = [_group_row(group, whole, width - _FIGURES) for group in groups[: request.top]]
    return [*render(_PART_COLUMNS, rows, width, styled), *_more_rows(len(groups) - len(rows))]


def _more_parts(rest: int) -> list[str]:
    return [ngettext("and {n} more part", "and {n} more parts", rest)] if rest > 0 else []


def _more_rows(rest: int) -> list[str]:
    return [ngettext("and {n} more row", "and {n} more rows", rest)] if rest > 0 else []


def _group_row(group: Group, whole: int, room: int) -> list[str]:
    name = _elided(group.words, room)
    if group.by is GroupBy.TOOL:
        name = _("tool {name}", name=name)
    elif group.by is GroupBy.FILE:
        name = _("file {name}", name=name)
    if group.unknown and group.tokens is not None:
        # Translators: {name} is a kind of parts of a conversation, of which {number} are of unknown size.
        name = _("{name} ({number} of unknown size)", name=name, number=number(group.unknown))
    return [name, number(len(group.parts)), *_tokens_and_share(group.tokens, whole)]


def _single_row(part: ContextPart, whole: int, room: int) -> list[str]:
    message = "" if part.message is None else number(part.message + 1)
    request = "" if part.request is None else number(part.request)
    name = _elided(part.file or part_name(part), room)
    return [kind_words(part), name, message, request, *_tokens_and_share(part.tokens, whole)]


def _elided(name: str, room: int) -> str:
    """A name shortened in its middle, as paths are; 12 cells remain in the narrowest terminal."""
    return shortened_inside(name, max(12, room))


def _tokens_and_share(tokens: int | None, whole: int) -> list[str]:
    if tokens is None:
        return [formatting.UNKNOWN, ""]
    return [formatting.grouped(tokens), formatting.percent(tokens / whole) if whole else ""]


def _template_remark(model: AnsweringModel) -> str:
    of = model.template.of if model.template is not None else ""
    if model.template_assumed:
        return _(
            "Framed by the chat template of {source}, which is assumed to be that of {model}.",
            source=of,
            model=model.name,
        )
    if isinstance(model.template, UserTemplate):
        return _("Framed by the chat template in {file}, ready for the answer.", file=of)
    return _("Framed by the published chat template of {source}, ready for the answer.", source=of)


def _remarks(answer: Answer) -> list[str]:
    model, parts = answer.model, answer.parts
    lines = [
        ngettext(
            "{file} stands in it {n} time: {tokens} tokens; only the last one would save {saved}.",
            "{file} stands in it {n} times: {tokens} tokens; only the last one would save {saved}.",
            repeat.times,
            file=repeat.file,
            tokens=number(repeat.tokens),
            saved=number(repeat.saved),
        )
        for repeat in repeats(parts)[:_MOST_REPEATS]
    ]
    if model.stands_in_for:
        lines.append(
            _(
                "“{name}” is not known: counted as for {model}. Another one: --model ID.",
                name=_shortened(model.stands_in_for),
                model=model.name,
            )
        )
    elif model.stands_in_for is not None:
        told = _(
            "The file names no model: counted as for {model}. Another one: --model ID.", model=model.name
        )
        lines.append(told)
    lines += _framing_remarks(answer)
    if unknown := [part for part in parts if part.tokens is None and part.kind != "framing"]:
        lines.append(
            ngettext(
                "{n} part of unknown size ({kinds}): not in the sum.",
                "{n} parts of unknown size ({kinds}): not in the sum.",
                len(unknown),
                kinds=listed(dict.fromkeys(kind_words(part) for part in unknown)),
            )
        )
    if answer.requests:
        lines.append(_("Costs of recorded requests: at today's prices."))
    lines += dict.fromkeys(c.partial for c in answer.reading.conversations if c.partial)
    return lines


def _framing_remarks(answer: Answer) -> list[str]:
    """How what stands around the texts is counted."""
    model = answer.model
    lines = [] if answer.refusal is None else [answer.refusal]
    if model.template is not None and answer.refusal is None:
        return [*lines, _template_remark(model)]
    if model.rule is None:
        told = _(
            "What the maker of {model} adds to the texts is not known and not counted.", model=model.name
        )
        return [*lines, told]
    lines.append(
        # Translators: {how} says on how many requests it was measured.
        _(
            "What the maker of {model} adds is measured on requests: {how}.",
            model=model.name,
            how=model.rule.measured,
        )
    )
    if model.rule.tools is not None and any(part.kind == "tool" for part in answer.parts):
        lines.append(_("Tools likewise: {how}.", how=model.rule.tools.measured))
    return lines
