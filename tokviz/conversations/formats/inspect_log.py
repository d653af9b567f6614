"""Inspect's evaluation logs as JSON: one conversation for each sample.

A sample has its messages at the end, and events, of which those of a model are requests; each repeats all
that the model read, or refers to it by ranges. Scorers ask models as well, about other messages. An answer
out of Inspect's own cache is no request. Long texts stand beside, under their hash. Cached tokens stand apart
from the input, but in older logs some makers' stand inside: then the total is that of input and output alone.
"""

from collections.abc import Iterator

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, ModelUsage, Request, Usage, roles_of
from tokviz.conversations.parts import PartFactory, first_words, tools_of
from tokviz.conversations.source import Source

_ATTACHED = "attachment://"


def read(source: Source) -> list[Conversation]:
    """The samples of the log, or the one that stands alone."""
    whole = source.first
    samples = objects(whole.get("samples")) if "eval" in whole else [whole]
    parts = PartFactory()
    return [_sample(parts, fields_at(whole, "eval"), sample) for sample in samples]


def _sample(parts: PartFactory, told: Fields, sample: Fields) -> Conversation:
    attached = fields_at(sample, "attachments")
    said = [_whole(message, attached) for message in objects(sample.get("messages"))]
    calls = parts.tool_calls.copy()
    messages = read_messages(parts, [_as_openai(message) for message in said])
    events = objects(sample.get("events")) or objects(fields_at(sample, "transcript").get("events"))
    requests, tools = [], None
    pool = objects(fields_at(sample, "events_data").get("messages"))
    for line, event in enumerate(events, 1):
        if event.get("event") == "model" and event.get("cache") != "read":
            requests += _request(event, line, said, pool)
            tools = tools_of(event.get("tools")) if tools is None else tools
    name, epoch = sample.get("id"), number(sample, "epoch")
    return Conversation(
        format="inspect",
        messages=tuple(messages),
        requests=tuple(requests),
        tools=tools,
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls - calls),
        reported={} if requests else _reported(sample),
        id=text(sample, "uuid") or f"{name}/{epoch}",
        title=first_words(messages),
        project=text(told, "task"),
        model=requests[-1].model if requests else text(told, "model"),
        date=next(_times(events), None) or text(told, "created"),
    )


def _times(events: list[Fields]) -> Iterator[str]:
    return (time for event in events if (time := text(event, "timestamp")))


def _whole(message: Fields, attached: Fields) -> Fields:
    """The message with the texts that stand beside in their places."""

    def resolved(value: object) -> object:
        if isinstance(value, str) and value.startswith(_ATTACHED):
            return attached.get(value.removeprefix(_ATTACHED), value)
        return value

    content = message.get("content")
    if not isinstance(content, list):
        return {**message, "content": resolved(content)}
    blocks = [
        {key: resolved(value) for key, value in block.items()} if isinstance(block, dict) else block
        for block in content
    ]
    return {**message, "content": blocks}


def _as_openai(message: Fields) -> Fields:
    """The same as OpenAI's messages are spelled."""
    content = message.get("content")
    if isinstance(content, list):
        content = [_block(block) for block in content]
    error = text(fields_at(message, "error"), "message")
    calls = [
        {"id": call.get("id"), "function": {"name": call.get("function"), "arguments": call.get("arguments")}}
        for call in objects(message.get("tool_calls"))
    ]
    name = text(message, "function")
    return {
        "role": message.get("role"),
        "content": content if content or error is None else error,
        "tool_calls": calls,
        "tool_call_id": message.get("tool_call_id"),
        "name": name,
    }


def _block(block: object) -> object:
    """Thinking and media stand under the name of their type."""
    if not isinstance(block, dict) or block.get("type") in ("text", "data"):
        return block
    if block.get("type") == "reasoning":
        sealed = block.get("redacted") is True
        said = text(block, "summary") if sealed else text(block, "reasoning")
        return {"type": "thinking", "thinking": said, "data": block.get("reasoning")}
    if block.get("type") == "tool_use":
        return {**block, "input": block.get("arguments")}
    return {**block, "data": block.get(str(block.get("type")))}


def _request(event: Fields, line: int, said: list[Fields], pool: list[Fields]) -> list[Request]:
    output = fields_at(event, "output")
    usage = _usage(fields_at(output, "usage"))
    if not usage.context and not usage.output:
        return []
    model = text(event, "model") or text(output, "model")
    asked = objects(event.get("input")) or _referred(event, pool, len(said))
    shown = len(asked) if _begins(said, asked) else None
    start = None if shown is None else 0
    return [Request(model, usage, line, text(event, "timestamp"), start, shown, text(event, "uuid"))]


def _referred(event: Fields, pool: list[Fields], enough: int) -> list[Fields]:
    """The messages of ``pool`` that an event refers to; more than ``enough`` are not looked up."""
    found: list[Fields] = []
    for span in items(event, "input_refs"):
        if len(found) > enough:
            break
        if isinstance(span, list) and len(span) == 2 and all(type(end) is int for end in span):
            start = max(0, span[0])
            found += pool[start : max(start, min(span[1], start + enough + 1))]
    return found


def _begins(said: list[Fields], asked: list[Fields]) -> bool:
    """Whether what was asked is how the sample's messages begin."""
    if not asked or len(asked) > len(said):
        return False
    last, same = asked[-1], said[len(asked) - 1]
    if "id" in last and "id" in same:
        return last["id"] == same["id"]
    return last.get("role") == same.get("role") and asked[0].get("content") == said[0].get("content")


def _usage(told: Fields) -> Usage:
    read, written = number(told, "input_tokens_cache_read"), number(told, "input_tokens_cache_write")
    fresh, output = number(told, "input_tokens"), number(told, "output_tokens")
    apart = (read or 0) + (written or 0)
    if fresh is not None and apart <= fresh and number(told, "total_tokens") == fresh + (output or 0):
        fresh -= apart  # as older versions had it for some makers
    return Usage(fresh, output, read, written, reasoning=number(told, "reasoning_tokens"))


def _reported(sample: Fields) -> dict[str, ModelUsage]:
    """The sums of a sample whose events are not in the file."""
    return {
        name: ModelUsage(0, _usage(told))
        for name, told in fields_at(sample, "model_usage").items()
        if isinstance(told, dict)
    }


def _recognizes(source: Source) -> bool:
    whole = source.first
    if objects(whole.get("samples")):
        return "task" in fields_at(whole, "eval")
    return "epoch" in whole and isinstance(whole.get("messages"), list) and "scores" in whole


INSPECT = Format("inspect", _recognizes, read)
