"""``tokviz chat FOLDER``: the conversations of a folder as a list, newest first."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from tokviz.analysis import formatting
from tokviz.analysis.conversation.model_names import model_finder
from tokviz.analysis.conversation.summaries import Summary, summary
from tokviz.catalog.model import LanguageModel
from tokviz.cli.cells import shortened, shortened_before
from tokviz.cli.chat_records import usage_records
from tokviz.cli.chat_request import ChatRequest
from tokviz.cli.console import Console, Failure
from tokviz.cli.model_records import number
from tokviz.cli.tables import Column, remark_lines, render
from tokviz.conversations.model import (
    Conversation,
    Reading,
    count_roles,
    count_tool_calls,
    largest_context,
    usage_by_model,
)
from tokviz.conversations.sessions import known_date, read_folder
from tokviz.language import _, ngettext, pgettext

_COLUMNS = (
    Column(_("Date")),
    Column(_("Project")),
    Column(_("Title"), optional=2),
    Column(_("Format"), optional=3),
    Column(_("Requests"), right=True),
    # Translators: tokens that a model has read, and has written.
    Column(pgettext("tokens of a model", "Read"), right=True),
    Column(pgettext("tokens of a model", "Written"), right=True, optional=1),
    Column(_("Cost"), right=True),
)
_SHORTEST, _LONGEST = 16, 40
"""Cells of a title, and of a project's path."""
_OTHERS = 62
"""About as many cells are taken by the columns that are always shown, without the project's."""


def run(request: ChatRequest, folder: Path, models: Sequence[LanguageModel], console: Console) -> int:
    """Print the list; 1 if the folder holds no conversation."""
    refused = {
        "--request": request.request,
        "--diff": request.diff,
        "--fits": request.fits,
        "--tokenizer": request.tokenizer,
        "--by": request.by,
        "--template": request.template,
    }
    for option, given in refused.items():
        if given:
            raise Failure(
                _(
                    "{option} takes one file, and {folder} is a folder; name a file in it.",
                    option=option,
                    folder=folder,
                ),
                2,
            )
    found = read_folder(folder)
    find = model_finder(models)
    summaries = [summary(one, find) for one in found.conversations]
    if request.as_json:
        console.print_json(json.dumps(_record(summaries), indent=2))
    elif summaries:
        console.print(_report(summaries[: request.top], summaries, console))
    for path, problem in found.problems:
        console.complain(f"{path}: {problem.sentence}")
    if not summaries:
        console.complain(_("{folder} holds no conversation that is known.", folder=folder))
        return 1
    return 0


def _report(shown: Sequence[Summary], all_of_them: Sequence[Summary], console: Console) -> list[str]:
    each = min(_LONGEST, max(_SHORTEST, (console.width - _OTHERS) // 2))
    lines = render(_COLUMNS, [_row(one, each) for one in shown], console.width, console.styled)
    if len(shown) < len(all_of_them):
        rest = len(all_of_them) - len(shown)
        lines.append(ngettext("and {n} more conversation", "and {n} more conversations", rest))
    costs = [one.cost for one in all_of_them]
    known = [cost for cost in costs if cost is not None]
    requests = sum(one.requests for one in all_of_them)
    sums = {
        "conversations": ngettext("{n} conversation", "{n} conversations", len(all_of_them)),
        "requests": ngettext("{n} recorded request", "{n} recorded requests", requests),
    }
    if known:
        cost = formatting.money(sum(known, Decimal(0)))
        told = _("{conversations}, {requests}, {cost} where the price is known.", **sums, cost=cost)
    else:
        told = _("{conversations}, {requests}.", **sums)
    remarks = [
        told,
        _(
            "Read: the contexts of all requests, cached tokens included. Costs in US dollars at today's "
            "prices."
        ),
    ]
    return [*lines, "", *remark_lines(remarks, console.width, console.styled)]


def _row(one: Summary, longest: int) -> list[str]:
    conversation = one.listed.conversation
    project = conversation.project or str(one.listed.path.parent)
    return [
        formatting.day(known) if (known := known_date(conversation)) else formatting.UNKNOWN,
        shortened_before(project, longest),
        shortened(" ".join((conversation.title or one.listed.path.name).split()), longest),
        conversation.format,
        formatting.grouped(one.requests),
        formatting.grouped(one.read),
        formatting.grouped(one.written),
        formatting.money(one.cost) if one.requests else "",
    ]


def _record(summaries: Sequence[Summary]) -> dict[str, object]:
    """The sums of the folder under the names that one file's have, and ``conversations``."""
    conversations = tuple(one.listed.conversation for one in summaries)
    formats = {one.format for one in conversations}
    return {
        "format": formats.pop() if len(formats) == 1 else None,
        "requests": sum(one.requests for one in summaries),
        "models": usage_records(Reading(None, conversations)),
        "largest_context": largest_context(conversations),
        "messages": dict(count_roles(conversations)),
        "tool_calls": dict(count_tool_calls(conversations)),
        "conversations": [_conversation_record(one) for one in summaries],
    }


def _conversation_record(one: Summary) -> dict[str, object]:
    conversation: Conversation = one.listed.conversation
    return {
        "path": str(one.listed.path),
        "format": conversation.format,
        "project": conversation.project,
        "date": conversation.date,
        "title": conversation.title,
        "models": list(usage_by_model((conversation,))),
        "requests": one.requests,
        "read": one.read,
        "written": one.written,
        "largest_context": largest_context((conversation,)),
        "cost_usd": number(one.cost),
    }
