"""Gemini CLI's sessions: one document, or (from 0.40) a header and one message a line.

In lines, a message whose id stood above replaces it, and ``{"$set": …}`` only patches the header. A gemini
message is one request, whatever tools it called. Cached tokens stand inside the input, thoughts outside of
the output.
"""

from collections import Counter

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Request, Side, Usage
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Source
from tokviz.language import _

_SIDES = {"user": Side.USER, "gemini": Side.ASSISTANT}


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    if isinstance(source.document, dict) and "messages" in source.document:
        messages = {index + 1: message for index, message in enumerate(objects(source.document["messages"]))}
        return [_conversation(source.document, messages)]
    header: dict[str, object] = {}
    placed: dict[str, int] = {}
    messages = {}
    for record in source.records():
        fields = record.fields
        if "$set" in fields:
            header.update(fields_at(fields, "$set"))
        elif "type" in fields and ("content" in fields or "id" in fields):
            line = placed.setdefault(text(fields, "id") or f"line {record.line}", record.line)  # verbatim
            messages[line] = fields
        elif not header:
            header.update(fields)
    return [_conversation(header, messages)]


def _conversation(header: Fields, found: dict[int, Fields]) -> Conversation:
    parts = PartFactory()
    messages: list[Message] = []
    requests: list[Request] = []
    for line, fields in found.items():
        role = text(fields, "type") or "unknown"
        request = _request(fields, line, len(messages)) if role == "gemini" else None
        if request is not None:
            requests.append(request)
        content = _content(parts, fields, line)
        messages.append(
            Message(role, _SIDES.get(role, Side.NOTE), tuple(content), line, text(fields, "timestamp"))
        )
    return Conversation(
        format="gemini-cli",
        messages=tuple(messages),
        requests=tuple(requests),
        roles=dict(Counter(message.role for message in messages)),
        tool_calls=dict(parts.tool_calls),
        id=text(header, "sessionId"),
        title=text(header, "summary", "title") or first_words(messages),
        project=text(header, "projectRoot", "projectHash"),
        model=next((request.model for request in reversed(requests) if request.model), None),
        date=text(header, "startTime") or (messages[0].time if messages else None),
        partial=_("The system prompt and the tools are not in the file."),
    )


def _request(fields: Fields, line: int, end: int) -> Request | None:
    told = fields_at(fields, "tokens")
    read, cached = number(told, "input"), number(told, "cached")
    answer, thoughts = number(told, "output"), number(told, "thoughts")
    if read is None and answer is None:
        return None
    usage = Usage(
        input=None if read is None else max(0, read - (cached or 0)),
        output=None if answer is None else answer + (thoughts or 0),
        cache_read=cached,
        reasoning=thoughts,
    )
    return Request(text(fields, "model"), usage, line, text(fields, "timestamp"), 0, end, text(fields, "id"))


def _content(parts: PartFactory, fields: Fields, line: int) -> list[Part]:
    found: list[Part] = []
    for thought in objects(fields.get("thoughts")):
        said = "\n".join(filter(None, (text(thought, "subject"), text(thought, "description", "text"))))
        if said:
            found.append(parts.text(PartKind.THINKING, said, line=line))
    found += content_parts(parts, fields.get("content"), line)
    for call in objects(fields.get("toolCalls")):
        identity, name = text(call, "id"), text(call, "name")
        found.append(parts.tool_call(name, call.get("args"), call=identity, line=line))
        result = call.get("result")
        if result is not None:
            found += parts.tool_results(_response(result), call=identity, name=name, line=line)
    return found


def content_parts(parts: PartFactory, content: object, line: int | None) -> list[Part]:
    """Gemini's content: a string or parts, each with one key that tells its kind."""
    if not isinstance(content, list):
        return parts.blocks(content, line=line)
    found: list[Part] = []
    for block in content:
        if isinstance(block, dict):
            found += _part(parts, block, line)
            if sealed := text(block, "thoughtSignature", "thought_signature"):
                found.append(parts.hidden(PartKind.THINKING, len(sealed), line=line))
        elif isinstance(block, str):
            found.append(parts.text(PartKind.TEXT, block, line=line))
    return found


def _part(parts: PartFactory, block: Fields, line: int | None) -> list[Part]:
    if isinstance(block.get("text"), str):
        kind = PartKind.THINKING if block.get("thought") is True else PartKind.TEXT
        return [parts.text(kind, str(block["text"]), line=line)]
    call = fields_at(block, "functionCall", "function_call")
    if call:
        identity = text(call, "id")
        return [parts.tool_call(text(call, "name"), call.get("args", {}), call=identity, line=line)]
    answer = fields_at(block, "functionResponse", "function_response")
    if answer:
        content = _response([block])
        return parts.tool_results(content, call=text(answer, "id"), name=text(answer, "name"), line=line)
    inline = fields_at(block, "inlineData", "inline_data")
    linked = fields_at(block, "fileData", "file_data")
    if inline or linked:
        media = text(inline or linked, "mimeType", "mime_type") or ""
        kinds = {"image": PartKind.IMAGE, "audio": PartKind.AUDIO}
        data = text(inline, "data") or text(linked, "fileUri", "file_uri") or ""
        level = block.get("mediaResolution", block.get("media_resolution"))
        detail = text(level, "level") if isinstance(level, dict) else level
        kind = kinds.get(media.partition("/")[0], PartKind.FILE)
        return [parts.media(kind, data, line=line, detail=detail if isinstance(detail, str) else None)]
    code = text(fields_at(block, "executableCode", "executable_code"), "code")
    if code is not None:
        return [parts.tool_call("code_execution", code, line=line)]
    printed = fields_at(block, "codeExecutionResult", "code_execution_result")
    if printed:
        return parts.tool_results(text(printed, "output") or "", name="code_execution", line=line)
    if text(block, "thoughtSignature", "thought_signature"):
        return []
    return [parts.hidden(PartKind.OTHER, line=line, name=next(iter(block), None))]


def _response(result: object) -> object:
    """What the model was given of a result: ``functionResponse.response``, not what the screen showed."""
    found: list[object] = []
    for block in result if isinstance(result, list) else [result]:
        answer = fields_at(block, "functionResponse", "function_response") if isinstance(block, dict) else {}
        response = answer.get("response") if answer else block
        if isinstance(response, dict):
            simple = text(response, "output", "content", "result") if len(response) == 1 else None
            found.append(simple if simple is not None else response)
        else:
            found.append(response)
    return found


def _recognizes(source: Source) -> bool:
    first = source.first
    types = ("gemini", "user", "info") if "projectHash" in first or "sessionId" in first else ("gemini",)
    if isinstance(source.document, dict) and items(first, "messages"):
        return any(
            m.get("type") in types and "message" not in m and "role" not in m
            for m in objects(first.get("messages"))
        )
    if {"sessionId", "projectHash"} <= first.keys():
        return True
    return any(
        r.fields.get("type") == "gemini" and ("content" in r.fields or "toolCalls" in r.fields)
        for r in source.head
    )


GEMINI_CLI = Format("gemini-cli", _recognizes, read)
