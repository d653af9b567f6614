"""OpenCode's sessions: an export ``{info, messages: [{info, parts}]}``, its event stream, and single files.

Text stands in parts. One assistant message may hold several steps: each ``step-finish`` is a request, and
the message's own tokens repeat them. Reasoning stands outside of the output.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.model import (
    Compaction,
    Conversation,
    Part,
    PartKind,
    Side,
    Usage,
)
from tokviz.conversations.parts import side_of
from tokviz.conversations.source import Source
from tokviz.language import _

_PART_TYPES = ("text", "reasoning", "tool", "step-start", "step-finish", "file", "patch", "snapshot")
_RESULTS = "tool results"  # verbatim
CLEARED = "[Old tool result content cleared]"  # verbatim
"""What the model is given in place of an output that a compaction cleared."""


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    document = source.document
    if isinstance(document, list):
        return [conversation({}, objects(document))]
    if isinstance(document, dict) and isinstance(document.get("messages"), list):
        return [conversation(fields_at(document, "info"), objects(document["messages"]))]
    whole: list[Fields] = [document] if isinstance(document, dict) else []
    return [_stream(whole or [record.fields for record in source.records()])]


def _stream(events: list[Fields]) -> Conversation:
    """A session of events that each hold a part, of bare parts, or of bare messages."""
    session: Fields = {}
    infos: dict[str, Fields] = {}
    found: dict[str, list[Fields]] = {}
    for event in events:
        part = fields_at(event, "part") or event
        message = text(part, "messageID")
        if message:
            found.setdefault(message, []).append(part)
        elif text(part, "role") and text(part, "id"):
            infos[text(part, "id") or ""] = part
            found.setdefault(text(part, "id") or "", [])
        session = session or {"id": text(event, "sessionID") or text(part, "sessionID")}
    shaped: list[Fields] = [
        {"info": infos.get(name, {"role": "assistant"}), "parts": p} for name, p in found.items()
    ]
    return conversation(session, shaped)


def conversation(info: Fields, messages: list[Fields]) -> Conversation:
    """A conversation of messages as OpenCode exports them: ``{info, parts}`` each."""
    reader = _Reader()
    for position, message in enumerate(messages):
        reader.take(fields_at(message, "info") or message, objects(message.get("parts")), position + 1)
    times = fields_at(info, "time")
    title, began = text(info, "title"), moment(times.get("created"))
    found = reader.conversation("opencode", title=title)
    return replace(
        found,
        roles=dict(reader.roles),
        id=text(info, "id"),
        parent=text(info, "parentID"),
        is_subagent=text(info, "parentID") is not None,
        project=text(info, "directory") or text(fields_at(info, "path"), "cwd", "root"),
        date=began,
        partial=_("The system prompt and the tools are not in the file."),
    )


@dataclass(slots=True)
class _Reader(Gathered):
    """Gathers messages and requests in order."""

    roles: Counter[str] = field(default_factory=Counter)

    def take(self, info: Fields, parts: list[Fields], line: int) -> None:
        """One message and its requests."""
        role = text(info, "role") or "unknown"
        self.roles[role] += 1
        time = moment(fields_at(info, "time").get("created"))
        began = len(self.messages)
        steps = _steps(parts)
        for step in steps:
            end = len(self.messages)
            results: list[Part] = []
            content: list[Part] = []
            for part in step:
                self._part(part, content, results, line)
            if content or len(steps) == 1:
                self.say(role, side_of(role), content, line, time)
            if results:
                self.say(_RESULTS, Side.TOOL, results, line, time)
            if step and step[-1].get("type") == "step-finish" and step[-1].get("tokens"):
                self._request(info, step[-1], line, time, end)
            elif len(steps) == 1 and role == "assistant":
                self._request(info, info, line, time, end)
        if info.get("summary") is True or any(part.get("type") == "compaction" for part in parts):
            self.compactions.append(Compaction(began, line=line))  # its own request read all above

    def _part(self, part: Fields, content: list[Part], results: list[Part], line: int) -> None:
        kind = part.get("type")
        if kind == "text" and part.get("ignored") is not True:
            content.append(self.parts.text(PartKind.TEXT, text(part, "text") or "", line=line))
        elif kind == "reasoning":
            content.append(self.parts.thinking(part, line))
        elif kind == "tool":
            state, call, name = fields_at(part, "state"), text(part, "callID"), text(part, "tool")
            content.append(self.parts.tool_call(name, state.get("input", {}), call=call, line=line))
            output = state.get("output", state.get("error"))
            if "compacted" in fields_at(state, "time"):
                output = CLEARED
            if output is not None:
                results += self.parts.tool_results(output, call=call, name=name, line=line)
        elif kind == "file":
            media = text(part, "mime") or ""
            shown = PartKind.IMAGE if media.startswith("image/") else PartKind.FILE
            url, name = text(part, "url"), text(part, "filename")
            content.append(self.parts.media(shown, url or None, line=line, name=name))

    def _request(self, info: Fields, told: Fields, line: int, time: str | None, end: int) -> None:
        model = text(info, "modelID") or text(fields_at(info, "model"), "modelID")
        self.use(model, _read_usage(fields_at(told, "tokens")), line, time, text(told, "id"), end)


def _steps(parts: list[Fields]) -> list[list[Fields]]:
    """The parts up to each ``step-finish``; one step that may be empty where there is none."""
    steps: list[list[Fields]] = [[]]
    for part in parts:
        steps[-1].append(part)
        if part.get("type") == "step-finish":
            steps.append([])
    return steps if len(steps) == 1 or steps[-1] else steps[:-1]


def _read_usage(told: Fields) -> Usage:
    cache = fields_at(told, "cache")
    output, reasoning = number(told, "output"), number(told, "reasoning")
    return Usage(
        input=number(told, "input"),
        output=None if output is None else output + (reasoning or 0),
        cache_read=number(cache, "read"),
        cache_write=number(cache, "write"),
        reasoning=reasoning,
    )


def _recognizes(source: Source) -> bool:
    document = source.document
    if isinstance(document, dict) and isinstance(document.get("messages"), list):
        return _are_messages(objects(items(document, "messages")[:3]))
    if isinstance(document, list):
        return _are_messages(objects(document[:3]))
    return any(
        isinstance(text(part := fields_at(fields, "part") or fields, "sessionID"), str)
        and (part.get("type") in _PART_TYPES or ("role" in part and text(part, "id") is not None))
        for fields in ([document] if isinstance(document, dict) else [r.fields for r in source.head])
    )


def _are_messages(messages: list[Fields]) -> bool:
    return bool(messages) and all(
        isinstance(m.get("info"), dict) and isinstance(m.get("parts"), list) for m in messages
    )


OPENCODE = Format("opencode", _recognizes, read)
