"""Tasks of Cline and of Roo Code, and the sessions of Cline 4: messages as Anthropic has them, with figures.

A task's ``api_conversation_history.json`` is a list of messages. Roo leaves what it condensed or cut off in
the file, marked with the id of what stands in its place. Prompt tokens hold the cached ones in both of
Cline's spellings; a turn of several messages tells its figures on the last one.
"""

import re

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.hosts import split_host
from tokviz.conversations.model import (
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Usage,
    first_time,
    uncached,
)
from tokviz.conversations.parts import PartFactory, first_words, side_of
from tokviz.conversations.source import Source
from tokviz.language import _

_LOOKED_AT = 20
_OWN = {"ts", "modelInfo", "metrics", "condenseParent", "truncationParent", "isSummary"}
"""Keys that a message of Anthropic's has not."""
_TASK = re.compile(r"\s*<(task|user_message|feedback)>\s*(\S.*)")
_FOLDER = re.compile(r"# Current (?:Working|Workspace) Directory \((.+?)\)")


def read(source: Source) -> list[Conversation]:
    """The one task of the file."""
    whole, parts = source.first, PartFactory()
    told = objects(source.document if isinstance(source.document, list) else whole.get("messages"))
    messages: list[Message] = []
    requests: list[Request] = []
    roles: dict[str, int] = {}
    model = None
    gone = _replaced(told)
    for line, fields in enumerate(told, 1):
        role = text(fields, "role") or "unknown"
        roles[role] = roles.get(role, 0) + 1
        model = _model(fields) or model
        if text(fields, "condenseParent") in gone or text(fields, "truncationParent") in gone:
            continue
        usage = _usage(fields_at(fields, "metrics"))
        if usage.context or usage.output:
            time, key = moment(fields.get("ts")), text(fields, "id")
            requests.append(Request(model, usage, line, time, 0, len(messages), key))
        content = tuple(_content(parts, fields, line))
        messages.append(Message(role, side_of(role), content, line, moment(fields.get("ts"))))
    system = text(whole, "system_prompt", "systemPrompt")
    subagent = whole.get("agent") in ("subagent", "teammate")
    session = text(whole, "sessionId")
    partial = _("The tools are not in the file.")
    return [
        Conversation(
            format="cline",
            messages=tuple(messages),
            requests=tuple(requests),
            system=(parts.text(PartKind.TEXT, system),) if system else (),
            roles=roles,
            tool_calls=dict(parts.tool_calls),
            id=(text(told[0], "id") if told else None) if subagent else session,
            parent=session if subagent else None,
            is_subagent=subagent,
            title=_title(messages),
            project=_project(messages),
            model=model,
            host=_host(told),
            date=first_time(messages) or text(whole, "updated_at"),
            partial=partial if system else _("The system prompt and the tools are not in the file."),
        )
    ]


def _replaced(told: list[Fields]) -> set[str | None]:
    """The ids of the summaries and of the cuts that stand in the file for messages marked with them."""
    found: set[str | None] = {text(one, "condenseId") for one in told if one.get("isSummary") is True}
    found |= {text(one, "truncationId") for one in told if one.get("isTruncationMarker") is True}
    return found - {None}


def _content(parts: PartFactory, fields: Fields, line: int) -> list[Part]:
    """The parts of a message; a file that was attached is its text, and some thinking stands beside."""
    said = text(fields, "reasoning_content")
    found = [parts.text(PartKind.THINKING, said, line=line)] if said else []
    if fields.get("type") == "reasoning":
        return [*found, parts.thinking(fields, line)]
    content = fields.get("content")
    for block in content if isinstance(content, list) else [content]:
        told = text(block, "content") if isinstance(block, dict) and block.get("type") == "file" else None
        if told is not None and isinstance(block, dict):
            found.append(parts.text(PartKind.FILE, told, line=line, name=text(block, "path", "name")))
        else:
            found += parts.blocks(block, line=line)
    return found


def _model(fields: Fields) -> str | None:
    return text(fields_at(fields, "modelInfo"), "modelId", "id")


def _host(told: list[Fields]) -> str | None:
    """Through whom the last model was asked."""
    for fields in reversed(told):
        if provider := text(fields_at(fields, "modelInfo"), "providerId", "provider"):
            return split_host(f"{provider}/model")[0]
    return None


def _usage(metrics: Fields) -> Usage:
    older = fields_at(metrics, "tokens")
    read = number(older, "cached") if older else number(metrics, "cacheReadTokens")
    written = number(metrics, "cacheWriteTokens")
    prompt = number(older, "prompt") if older else number(metrics, "inputTokens")
    output = number(older, "completion") if older else number(metrics, "outputTokens")
    return Usage(uncached(prompt, read, written), output, read, written)


def _title(messages: list[Message]) -> str | None:
    """What was asked for, which stands in a tag at first."""
    for message in messages[:1]:
        for part in message.parts:
            if match := _TASK.match(part.text or ""):
                return match[2][:200].removesuffix(f"</{match[1]}>")
    return first_words(messages)


def _project(messages: list[Message]) -> str | None:
    for message in messages[:3]:
        for part in message.parts:
            if match := _FOLDER.search(part.text or ""):
                return match[1]
    return None


def _recognizes(source: Source) -> bool:
    whole = source.document
    if isinstance(whole, dict):
        known = isinstance(whole.get("version"), int) and text(whole, "sessionId") is not None
        return (
            known and isinstance(whole.get("messages"), list) and bool({"agent", "updated_at"} & whole.keys())
        )
    told = objects(items({"messages": whole}, "messages")[:_LOOKED_AT])
    return (
        bool(told)
        and all(one.get("role") in ("user", "assistant") and {"content", "type"} & one.keys() for one in told)
        and any(_OWN & one.keys() for one in told)
    )


CLINE = Format("cline", _recognizes, read)
