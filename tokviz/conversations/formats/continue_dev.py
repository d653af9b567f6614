"""Continue's sessions: one document, whose ``history`` holds each message with what was put to it.

What the model reads of an item is its message and, before it, the files and other context chosen for it. A
tool's answer stands twice, as a message of its own and as the call's output: the output is what is sent. Only
what follows the last summary is sent, and the summary with the system prompt. Whether cached tokens are among
the prompt's depends on the maker.
"""

import re

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import (
    Compaction,
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Side,
    Usage,
    uncached,
)
from tokviz.conversations.parts import PartFactory, first_words, side_of
from tokviz.conversations.source import Source
from tokviz.language import _

_LOOKED_AT = 20
_ESCAPED = re.compile(rb"%([0-9A-Fa-f]{2})")
_SIDES = {"thinking": Side.ASSISTANT}
_SUMMARY = "Previous conversation summary:\n\n "  # verbatim


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    whole, parts = source.first, PartFactory()
    history = objects(whole.get("history"))
    messages: list[Message] = []
    requests: list[Request] = []
    compactions: list[Compaction] = []
    roles: dict[str, int] = {}
    model = text(whole, "chatModelTitle")
    answer = 0
    """Where the answer under way begins: its thinking is a message before it."""
    for line, item in enumerate(history, 1):
        fields = fields_at(item, "message")
        role = text(fields, "role") or "unknown"
        roles[role] = roles.get(role, 0) + 1
        start = compactions[-1].message if compactions else 0
        usage = _usage(fields_at(fields, "usage"), _is_anthropic(item, model))
        if usage.context or usage.output:
            end = max(start, answer)
            requests.append(Request(_model(item) or model, usage, line, None, start, end))
        if role not in ("tool", "system"):
            content = _content(parts, item, fields, line)
            if content:
                messages.append(Message(role, _SIDES.get(role, side_of(role)), tuple(content), line))
            messages += _results(parts, item, line)
        if summary := text(item, "conversationSummary"):
            compactions.append(Compaction(len(messages), line=line))
            kept = (parts.text(PartKind.TEXT, _SUMMARY + summary, line=line),)
            messages.append(Message("conversation summary", Side.SYSTEM, kept, line))  # verbatim
        if messages and messages[-1].role != "thinking":
            answer = len(messages)
    return [
        Conversation(
            format="continue",
            messages=tuple(messages),
            requests=tuple(requests),
            compactions=tuple(compactions),
            roles=roles,
            tool_calls=dict(parts.tool_calls),
            id=text(whole, "sessionId"),
            title=text(whole, "title") or first_words(messages),
            project=_folder(text(whole, "workspaceDirectory")),
            model=next((name for item in reversed(history) if (name := _model(item))), model),
            partial=_("The system prompt and the tools are not in the file."),
        )
    ]


def _folder(address: str | None) -> str | None:
    """The path in a file's address; anything else as it is."""
    if address is None or not address.startswith("file://"):
        return address
    path = address.removeprefix("file://").encode(errors="replace")
    return _ESCAPED.sub(lambda match: bytes.fromhex(match[1].decode()), path).decode(errors="replace")


def _content(parts: PartFactory, item: Fields, fields: Fields, line: int) -> list[Part]:
    found: list[Part] = []
    if fields.get("role") == "user":
        for chosen in objects(item.get("contextItems")):
            words = text(chosen, "content")
            if words and words.strip():
                named = text(chosen, "description", "name")
                found.append(parts.text(PartKind.FILE, words + "\n", line=line, name=named))
    if fields.get("role") == "thinking":
        sealed = text(fields, "redactedThinking")
        said = {"text": fields.get("content"), "data": sealed or text(fields, "signature")}
        return [parts.thinking(said, line)]
    images = [_image(block) for block in items(fields, "content")]
    found += parts.blocks(images or fields.get("content"), line=line)
    for call in objects(fields.get("toolCalls")):
        asked = fields_at(call, "function")
        given = asked.get("arguments", "")
        found.append(parts.tool_call(text(asked, "name"), given, call=text(call, "id"), line=line))
    return found


def _image(block: object) -> object:
    """Continue's blocks for images are called as no maker's are."""
    return {**block, "type": "image_url"} if isinstance(block, dict) and "imageUrl" in block else block


def _results(parts: PartFactory, item: Fields, line: int) -> list[Message]:
    """What tools gave, a message each."""
    found = []
    for state in objects(item.get("toolCallStates")):
        given = [words for each in objects(state.get("output")) if (words := text(each, "content"))]
        if given or "output" in state:
            call = text(state, "toolCallId") or text(fields_at(state, "toolCall"), "id")
            result = parts.tool_results("\n\n".join(given), call=call, line=line)
            found.append(Message("tool", Side.TOOL, tuple(result), line))
    return found


def _model(item: Fields) -> str | None:
    """The model of an answer, where its prompt was logged."""
    logs = objects(item.get("promptLogs"))
    return text(logs[-1], "modelTitle") if logs else None


def _is_anthropic(item: Fields, model: str | None) -> bool:
    logs = objects(item.get("promptLogs"))
    provider = text(logs[-1], "modelProvider") if logs else None
    return provider == "anthropic" if provider else "claude" in (_model(item) or model or "").lower()


def _usage(told: Fields, apart: bool) -> Usage:
    """``apart``: whether cached tokens are not among the prompt's."""
    details = fields_at(told, "promptTokensDetails")
    read, written = number(details, "cachedTokens"), number(details, "cacheWriteTokens")
    prompt = number(told, "promptTokens")
    fresh = prompt if apart else uncached(prompt, read, written)
    reasoning = number(fields_at(told, "completionTokensDetails"), "reasoningTokens")
    return Usage(fresh, number(told, "completionTokens"), read, written, reasoning=reasoning)


def _recognizes(source: Source) -> bool:
    history = objects(items(source.first, "history")[:_LOOKED_AT])
    return (
        text(source.first, "sessionId") is not None
        and bool(history)
        and all("role" in fields_at(item, "message") for item in history)
    )


CONTINUE = Format("continue", _recognizes, read)
