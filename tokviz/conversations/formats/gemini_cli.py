"""Gemini CLI's sessions: one document, or (from 0.40) a header and one message a line.

In lines, a message whose id stood above replaces it, ``{"$rewindTo": …}`` takes back all from a message on,
and ``{"$set": …}`` patches the header or puts another history in the place of all above. A gemini message is
one request, whatever tools it called. Cached tokens stand inside the input, thoughts outside of the output.
"""

from collections import Counter
from dataclasses import dataclass, field

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Request, Side, Usage, last_model
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Source
from tokviz.language import _

_SIDES = {"user": Side.USER, "gemini": Side.ASSISTANT}


@dataclass(slots=True)
class _Chat:
    """The messages of a session while its lines are read, by their ids."""

    header: dict[str, object] = field(default_factory=dict)
    live: dict[str, tuple[int, Fields]] = field(default_factory=dict)
    """With the line that each was first told on."""
    left: list[tuple[int, Fields]] = field(default_factory=list)
    """What was rewound, or gave way to a shorter history; it was paid for."""

    def take(self, line: int, fields: Fields) -> None:
        """One line of the file."""
        if "$set" in fields:
            self._patch(line, fields_at(fields, "$set"))
        elif name := text(fields, "$rewindTo"):
            names = list(self.live)
            self._leave(names[names.index(name) if name in self.live else 0 :])
        elif "type" in fields and ("content" in fields or "id" in fields):
            self.add(line, fields, f"line {line}")  # verbatim
        elif "messages" in fields or not self.header:
            self._patch(line, fields)

    def add(self, line: int, fields: Fields, otherwise: str) -> None:
        """One message, in the place of that with its id, which is ``otherwise`` if it names none."""
        name = text(fields, "id") or otherwise
        self.live[name] = (self.live.get(name, (line,))[0], fields)

    def _patch(self, line: int, told: Fields) -> None:
        self.header.update(told)
        messages = objects(self.header.pop("messages", None))
        if not isinstance(told.get("messages"), list):
            return
        before, self.live = self.live, {}
        for index, message in enumerate(messages):
            name = text(message, "id") or f"line {line}, {index}"  # verbatim
            self.live[name] = (before.pop(name, (line,))[0], message)
        self.left += before.values()

    def _leave(self, names: list[str]) -> None:
        self.left += [self.live.pop(name) for name in names]


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    chat = _Chat()
    document = source.document
    if isinstance(document, dict) and "messages" in document:
        for index, message in enumerate(objects(document["messages"])):
            chat.add(index + 1, message, f"line {index + 1}")  # verbatim
        chat.header.update(document)
    else:
        for record in source.records():
            chat.take(record.line, record.fields)
    return [_conversation(chat)]


def read_log(source: Source) -> list[Conversation]:
    """The prompts in ``logs.json``, a conversation for each session."""
    rows = objects(source.document)
    sessions: dict[str, list[tuple[int, Fields]]] = {}
    for index, row in enumerate(rows):
        sessions.setdefault(text(row, "sessionId") or "", []).append((index + 1, row))
    found = []
    for name, told in sessions.items():
        chat = _Chat({"sessionId": name, "startTime": text(told[0][1], "timestamp")})
        for line, row in told:
            chat.add(line, {**row, "content": row.get("message")}, f"line {line}")  # verbatim
        found.append(_conversation(chat))
    return found


def _conversation(chat: _Chat) -> Conversation:
    parts = PartFactory()
    messages: list[Message] = []
    requests: list[Request] = []
    roles: Counter[str] = Counter()
    answered: set[str] = set()
    for line, fields in chat.live.values():
        role = _role(fields)
        roles[role] += 1
        if role == "gemini" and (request := _request(fields, line, (0, len(messages)))) is not None:
            requests.append(request)
        content = _content(parts, fields, line, answered)
        side = _SIDES.get(role, Side.NOTE)
        messages.append(Message(role, side, tuple(content), line, text(fields, "timestamp")))
    for line, fields in chat.left:
        roles[_role(fields)] += 1
        _content(parts, fields, line, set())
        if (request := _request(fields, line, (None, None))) is not None:
            requests.append(request)
    requests.sort(key=lambda one: one.line or 0)
    header = chat.header
    return Conversation(
        format="gemini-cli",
        messages=tuple(messages),
        requests=tuple(requests),
        roles=dict(roles),
        tool_calls=dict(parts.tool_calls),
        id=text(header, "sessionId"),
        is_subagent=header.get("kind") == "subagent",
        title=text(header, "summary", "title") or first_words(messages),
        project=text(header, "projectRoot", "projectHash"),
        model=last_model(requests),
        date=text(header, "startTime") or (messages[0].time if messages else None),
        partial=_("The system prompt and the tools are not in the file."),
    )


def _role(fields: Fields) -> str:
    return text(fields, "type") or "unknown"


def _request(fields: Fields, line: int, span: tuple[int | None, int | None]) -> Request | None:
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
    return Request(text(fields, "model"), usage, line, text(fields, "timestamp"), *span, text(fields, "id"))


def _content(parts: PartFactory, fields: Fields, line: int, answered: set[str]) -> list[Part]:
    """A message's parts; calls and results that stand in its content a second time are left out."""
    found: list[Part] = []
    for thought in objects(fields.get("thoughts")):
        said = "\n".join(filter(None, (text(thought, "subject"), text(thought, "description", "text"))))
        if said:
            found.append(parts.text(PartKind.THINKING, said, line=line))
    calls, content = objects(fields.get("toolCalls")), fields.get("content")
    asked = {text(call, "id") for call in calls} | ({None} if calls else set())
    if isinstance(content, list):
        content = [block for block in content if not _repeats(block, asked, answered)]
    found += content_parts(parts, content, line)
    for call in calls:
        identity, name = text(call, "id"), text(call, "name")
        found.append(parts.tool_call(name, call.get("args"), call=identity, line=line))
        result = call.get("result")
        if result is not None:
            answered.add(identity or "")
            found += parts.tool_results(_response(result), call=identity, name=name, line=line)
    return found


def _repeats(block: object, asked: set[str | None], answered: set[str]) -> bool:
    """Whether a block is a call among those asked for, or the result of one that has been answered."""
    if not isinstance(block, dict):
        return False
    call = fields_at(block, "functionCall", "function_call")
    answer = fields_at(block, "functionResponse", "function_response")
    return bool(call and text(call, "id") in asked) or bool(answer and text(answer, "id") in answered)


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


def _recognizes_log(source: Source) -> bool:
    rows = objects(source.document)
    return bool(rows) and {"sessionId", "messageId", "message"} <= rows[0].keys()


GEMINI_CLI = Format("gemini-cli", _recognizes, read)
GEMINI_LOG = Format("gemini-cli", _recognizes_log, read_log)
