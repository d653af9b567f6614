"""VS Code's chat sessions, as Copilot Chat leaves them: a document, or since 1.109 the log of its changes.

A request is what the person asked, with all the rounds of answer and tools that followed. What the model was
sent stands in the result's metadata; where that is missing, what the person was shown stands in for it. The
tokens are those of a request's last round.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tokviz import language
from tokviz.conversations.fields import Fields, fields_at, items, number, objects, parsed, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gathering import Gathered
from tokviz.conversations.model import (
    Conversation,
    Part,
    PartKind,
    Request,
    Side,
    Usage,
)
from tokviz.conversations.source import Source
from tokviz.language import _

_DEEPEST = 60
_ANSWERS = ("textEditGroup", "notebookEditGroup", "codeblockUri", "undoStop", "progressMessage")
"""Parts of an answer that the model did not write."""


_WHOLE, _SET, _PUSH, _DELETE = range(4)
_MOST = 1_000_000
"""Elements of a list that a change may ask for."""


@dataclass(slots=True)
class _Session(Gathered):
    """What is gathered of one session."""

    context: str = ""
    """What stands before the first prompt, as it was last told."""

    def add(self, role: str, side: Side, found: list[Part], line: int, time: str | None = None) -> None:
        """Append a message, if there is anything in it."""
        if found:
            self.say(role, side, found, line, time)


def read(source: Source) -> list[Conversation]:
    """The one session of the file."""
    whole = _whole(source)
    session = _Session()
    for line, asked in enumerate(objects(whole.get("requests")), 1):
        _take_request(session, asked, line)
    title = text(whole, "customTitle", "computedTitle")
    return [
        replace(
            session.conversation("vscode-chat", title=title),
            id=text(whole, "sessionId"),
            project=_path(whole.get("workingDirectory")),
            date=moment(whole.get("creationDate")),
            partial=_("The system prompt and the tools are not in the file."),
        )
    ]


def _whole(source: Source) -> Fields:
    """The session, put together from its log if it is one."""
    if isinstance(source.document, dict) and "requests" in source.document:
        return source.document
    session = _Log()
    for record in source.records():
        if not session.take(record.fields):
            said = _("Line {line} changes what is not there.", line=language.number(record.line))
            source.problems.add(said, record.line)
    return session.value


def _take_request(session: _Session, asked: Fields, line: int) -> None:
    told = fields_at(fields_at(asked, "result"), "metadata")
    time = moment(asked.get("timestamp"))
    session.add("user", Side.USER, _prompt(session, asked, told, line), line, time)
    answer = len(session.messages)
    rounds = objects(told.get("toolCallRounds"))
    summaries = {text(one, "toolCallRoundId"): text(one, "text") for one in _summaries(told)}
    for one in rounds:
        answer = len(session.messages)
        _take_round(session, one, fields_at(told, "toolCallResults"), line, summaries)
    if not rounds:
        _take_shown(session, asked.get("response"), line)
    _take_usage(session, asked, told, answer, line, time)


def _prompt(session: _Session, asked: Fields, told: Fields, line: int) -> list[Part]:
    """What the person's words became: with what the editor put before them, once for a session."""
    found: list[Part] = []
    context = _rendered(told.get("renderedGlobalContext"))
    if context and context != session.context:
        session.context = context
        found.append(session.parts.text(PartKind.TEXT, context, line=line))
    if rendered := _rendered(told.get("renderedUserMessage")):
        return [*found, session.parts.text(PartKind.TEXT, rendered, line=line)]
    message = asked.get("message")
    words = (
        message if isinstance(message, str) else text(message, "text") if isinstance(message, dict) else None
    )
    for chosen in objects(fields_at(asked, "variableData").get("variables")):
        value = chosen.get("value")
        name = text(chosen, "name", "fullName", "id")
        if isinstance(value, str):
            found.append(session.parts.text(PartKind.FILE, value, line=line, name=name))
        else:
            found.append(session.parts.hidden(PartKind.FILE, line=line, name=name))
    return found + (session.parts.blocks(words, line=line) if words else [])


def _rendered(blocks: object) -> str:
    """The text among blocks that Copilot has rendered."""
    return "".join(words for block in objects(blocks) if (words := text(block, "text")))


def _take_round(
    session: _Session, one: Fields, results: Fields, line: int, summaries: dict[str | None, str | None]
) -> None:
    """One answer of the model with its calls, and what the tools gave."""
    found = _thinking(session, one.get("thinking"), line)
    found += session.parts.blocks(text(one, "response") or "", line=line)
    calls = objects(one.get("toolCalls"))
    for call in calls:
        given = call.get("arguments", "")
        found.append(session.parts.tool_call(text(call, "name"), given, call=text(call, "id"), line=line))
    session.add("assistant", Side.ASSISTANT, found, line, moment(one.get("timestamp")))
    for call in calls:
        identity = text(call, "id") or ""
        if identity in results:
            content = _joined(fields_at(results, identity).get("content"))
            found = session.parts.tool_results(content, call=identity, line=line)
            session.add("tool results", Side.TOOL, found, line)  # verbatim
    if summary := summaries.get(text(one, "id")) or text(one, "summary"):
        session.compact(line)
        kept = [session.parts.text(PartKind.TEXT, summary, line=line)]
        session.add("conversation summary", Side.USER, kept, line)  # verbatim


def _summaries(told: Fields) -> list[Fields]:
    """What took the place of all above, each by the round that it follows."""
    return objects(told.get("summaries")) or [one for one in [fields_at(told, "summary")] if one]


def _thinking(session: _Session, thought: object, line: int) -> list[Part]:
    if not isinstance(thought, dict):
        return []
    said = "".join(_strings(thought.get("text", thought.get("value")), 0))
    sealed = text(thought, "encrypted", "encrypted_content")
    return [session.parts.thinking({"text": said, "data": sealed}, line)] if said or sealed else []


def _joined(content: object) -> str:
    """The text of what a tool gave, each of its parts on a line of its own."""
    parts = content if isinstance(content, list) else [content]
    return "\n".join("".join(_strings(part, 0)) for part in parts)


def _strings(value: object, depth: int) -> Iterator[str]:
    """The texts in what a tool gave: strings, or Copilot's tree of what is rendered."""
    if depth > _DEEPEST:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one, depth + 1)
    elif isinstance(value, dict):
        if value.get("lineBreakBefore"):
            yield "\n"
        for key in ("text", "value", "node", "children"):
            if key in value:
                yield from _strings(value[key], depth + 1)


def _take_shown(session: _Session, response: object, line: int) -> None:
    """The answer as the person was shown it, where the rounds are not in the file."""
    found: list[Part] = []
    results: list[Part] = []
    written: list[str] = []

    def end_text() -> None:
        if words := "".join(written):
            found.append(session.parts.text(PartKind.TEXT, words, line=line))
        written.clear()

    for part in response if isinstance(response, list) else [response]:
        kind = part.get("kind") if isinstance(part, dict) else None
        if isinstance(part, str):
            written.append(part)
        elif not isinstance(part, dict) or kind in _ANSWERS:
            continue
        elif kind == "thinking":
            end_text()
            found += _thinking(session, part, line)
        elif kind in ("toolInvocationSerialized", "toolInvocation"):
            end_text()
            found.append(_call(session, part, line))
            results += _result(session, part, line)
        elif kind == "inlineReference":
            written.append(f"`{_path(part.get('inlineReference')) or ''}`")
        elif kind is None or kind == "markdownContent":
            content = part.get("content") if kind else part
            written.append(
                (text(content, "value") or "") if isinstance(content, dict) else str(content or "")
            )
    end_text()
    session.add("assistant", Side.ASSISTANT, found, line)
    session.add("tool results", Side.TOOL, results, line)  # verbatim


def _call(session: _Session, part: Fields, line: int) -> Part:
    data = fields_at(part, "toolSpecificData")
    command = text(fields_at(data, "commandLine"), "original") or text(data, "command")
    given = (
        {"command": command}
        if command
        else data.get("rawInput", fields_at(part, "resultDetails").get("input", ""))
    )
    return session.parts.tool_call(
        text(part, "toolId", "toolName"), parsed(given), call=text(part, "toolCallId"), line=line
    )


def _result(session: _Session, part: Fields, line: int) -> list[Part]:
    given = _joined(fields_at(part, "resultDetails").get("output"))
    return session.parts.tool_results(given, call=text(part, "toolCallId"), line=line) if given else []


def _take_usage(
    session: _Session, asked: Fields, told: Fields, answer: int, line: int, time: str | None
) -> None:
    """The tokens of the last round, which read all before its answer."""
    read = number(told, "promptTokens") or number(asked, "promptTokens")
    wrote = number(told, "outputTokens") or number(asked, "completionTokens")
    model = text(told, "resolvedModel") or (text(asked, "modelId") or "").rpartition("/")[2] or None
    if read or wrote:
        start = next((one.message for one in reversed(session.compactions) if one.message <= answer), 0)
        request = Request(
            model, Usage(read, wrote), line, time, start, max(start, answer), text(asked, "requestId")
        )
        session.requests.append(request)


def _path(address: object) -> str | None:
    """The path of an address as VS Code writes it, as text or in its parts."""
    if isinstance(address, dict):
        inner = fields_at(address, "uri", "location") or address
        return text(inner, "fsPath", "path", "external")
    return address.removeprefix("file://") if isinstance(address, str) and address else None


class _Log:
    """A value that a log of changes makes: the whole, then what was set, added and deleted."""

    def __init__(self) -> None:
        self.value: dict[str, object] = {}

    def take(self, change: Fields) -> bool:
        """One line of the log; False if it is no change of what is there."""
        kind = change.get("kind")
        value = change.get("v")
        if kind == _WHOLE:
            self.value = value if isinstance(value, dict) else {}
            return isinstance(value, dict)
        path = items(change, "k")
        if not path or kind not in (_SET, _PUSH, _DELETE):
            return False
        holder: object = self.value
        for step in path[:-1]:
            holder = _inner(holder, step)
        if kind == _PUSH:
            return _push(holder, path[-1], value, number(change, "i"))
        return _put(holder, path[-1], value, delete=kind == _DELETE)


def _inner(holder: object, step: object) -> object:
    if isinstance(holder, dict) and isinstance(step, str):
        return holder.get(step)
    if isinstance(holder, list) and isinstance(step, int) and 0 <= step < len(holder):
        return holder[step]
    return None


def _put(holder: object, step: object, value: object, *, delete: bool) -> bool:
    if isinstance(holder, dict) and isinstance(step, str):
        holder.pop(step, None) if delete else holder.__setitem__(step, value)
        return True
    if isinstance(holder, list) and isinstance(step, int) and 0 <= step < min(len(holder) + 1, _MOST):
        holder[step : step + 1] = [] if delete else [value]
        return True
    return False


def _push(holder: object, step: object, value: object, start: int | None) -> bool:
    """Add the elements of ``value`` to a list, which is cut at ``start`` before."""
    if _inner(holder, step) is None and not _put(holder, step, [], delete=False):
        return False
    held = _inner(holder, step)
    if not isinstance(held, list):
        return False
    if start is not None:
        del held[start:]
    if isinstance(value, list):
        held += value[:_MOST]
    return True


def _recognizes(source: Source) -> bool:
    first = source.first
    if first.get("kind") == 0 and isinstance(first.get("v"), dict):
        return _is_session(fields_at(first, "v"))
    return _is_session(first)


def _is_session(fields: Fields) -> bool:
    named = {"responderUsername", "requesterUsername", "initialLocation"} & fields.keys()
    return isinstance(fields.get("requests"), list) and bool(named)


VSCODE_CHAT = Format("vscode-chat", _recognizes, read)
