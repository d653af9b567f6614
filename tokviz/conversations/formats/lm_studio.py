"""LM Studio's chats: ``*.conversation.json``. Each message has versions, of which one is selected.

An answer consists of steps: blocks of words, thinking, calls and what those gave, each with the figures of
the generation that wrote it. Blocks of one generation may repeat its figures. Prompt tokens are all that were
read. A step that is taken out of the context is only shown.
"""

from dataclasses import dataclass, field

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, parsed, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import (
    Conversation,
    Message,
    Part,
    PartKind,
    Request,
    Side,
    Usage,
    roles_of,
)
from tokviz.conversations.parts import PartFactory, first_words, side_of
from tokviz.conversations.source import Source

_ENDING = ".conversation.json"
_SYSTEM_PROMPT, _WINDOW = "llm.prediction.systemPrompt", "llm.load.contextLength"  # verbatim
_RESULT = "toolCallResult"


@dataclass(slots=True)
class _Chat:
    """Gathers one chat while its messages are read."""

    parts: PartFactory = field(default_factory=PartFactory)
    messages: list[Message] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    window: int | None = None

    def take(self, told: Fields, line: int) -> None:
        """One message: the version that is selected, and what the others cost."""
        versions = objects(told.get("versions"))
        selected = number(told, "currentlySelected") or 0
        selected = selected if selected < len(versions) else 0
        for index, version in enumerate(versions):
            if index != selected:
                self._pay_for(version, line)
        if versions:
            self._read(versions[selected], line)

    def _pay_for(self, version: Fields, line: int) -> None:
        """A version that was left was generated as well."""
        last: Fields = {}
        for step in objects(version.get("steps")):
            told = fields_at(step, "genInfo")
            if (usage := _usage(told)) is not None and told != last:
                self.requests.append(Request(_model(told), usage, line))
            last = told or last

    def _read(self, version: Fields, line: int) -> None:
        role = text(version, "role") or "user"
        time = moment(fields_at(version, "preprocessed").get("timestamp"))
        steps = items(version, "steps")
        if not steps:
            self._add(role, side_of(role), self._content(version.get("content"), line), line, time)
            return
        found: list[Part] = []
        last: Fields = {}
        for step in objects(steps):
            if step.get("type") != "contentBlock":
                continue
            results = [part for part in objects(step.get("content")) if part.get("type") == _RESULT]
            said = [part for part in objects(step.get("content")) if part.get("type") != _RESULT]
            told = fields_at(step, "genInfo")
            if (usage := _usage(told)) is not None and told != last:
                self._add(role, Side.ASSISTANT, found, line, time)
                found = []
                self.requests.append(Request(_model(told), usage, line, time, 0, len(self.messages)))
                self.window = _field(told, "loadModelConfig", _WINDOW) or self.window
            last = told or last
            thought = fields_at(step, "style").get("type") == "thinking"
            if thought or step.get("shouldIncludeInContext") is not False:
                found += self._content(said, line, thought=thought)
            if results:
                self._add(role, Side.ASSISTANT, found, line, time)
                self._add("tool", Side.TOOL, self._content(results, line), line, time)
                found, last = [], {}
        self._add(role, Side.ASSISTANT, found, line, time)

    def _add(self, role: str, side: Side, found: list[Part], line: int, time: str | None) -> None:
        if found:
            self.messages.append(Message(role, side, tuple(found), line, time))

    def _content(self, content: object, line: int, *, thought: bool = False) -> list[Part]:
        if isinstance(content, str):
            return self.parts.blocks(content, line=line)
        found: list[Part] = []
        for block in objects(content):
            kind, call = block.get("type"), _call(block)
            if thought and kind == "text":
                found.append(self.parts.thinking(block, line))
            elif kind == "toolCallRequest":
                name, given = text(block, "name"), block.get("parameters")
                found.append(self.parts.tool_call(name, given, call=call, line=line))
            elif kind == _RESULT:
                given = parsed(block.get("content"))
                name = text(block, "name")
                found += self.parts.tool_results(given, call=call, name=name, line=line)
            elif kind == "file":
                shown = PartKind.IMAGE if block.get("fileType") == "image" else PartKind.FILE
                found.append(self.parts.hidden(shown, line=line, name=text(block, "name", "fileIdentifier")))
            else:
                found += self.parts.blocks([block], line=line)
        return found


def _call(block: Fields) -> str | None:
    """A call's name: the model's own, or the number that the program gives it."""
    told = number(block, "callId")
    return text(block, "toolCallRequestId", "callId") or (None if told is None else str(told))


def _usage(told: Fields) -> Usage | None:
    """The figures of a generation; None if it has none."""
    stats = fields_at(told, "stats")
    read, written = number(stats, "promptTokensCount"), number(stats, "predictedTokensCount")
    whole = number(stats, "totalTokensCount")
    if read is None and whole is not None:
        read = max(0, whole - (written or 0))
    return Usage(read, written) if read or written else None


def _model(told: Fields) -> str | None:
    return text(told, "identifier", "indexedModelIdentifier")


def _field(told: Fields, config: str, key: str) -> int | None:
    """A number among the settings, which stand as keys with values."""
    for each in objects(fields_at(told, config).get("fields")):
        if each.get("key") == key:
            return number(each, "value")
    return None


def _system(whole: Fields) -> str | None:
    if whole.get("usePerChatPredictionConfig") is not False:
        for each in objects(fields_at(whole, "perChatPredictionConfig").get("fields")):
            if each.get("key") == _SYSTEM_PROMPT and (said := text(each, "value")):
                return said
    return text(whole, "systemPrompt")


def read(source: Source) -> list[Conversation]:
    """The one chat of the file."""
    whole, chat = source.first, _Chat()
    for index, told in enumerate(objects(whole.get("messages"))):
        chat.take(told, index + 1)
    system, last = _system(whole), fields_at(whole, "lastUsedModel")
    answered = (request.model for request in reversed(chat.requests) if request.start is not None)
    return [
        Conversation(
            format="lm-studio",
            messages=tuple(chat.messages),
            requests=tuple(chat.requests),
            system=(chat.parts.text(PartKind.TEXT, system),) if system else (),
            roles=roles_of(chat.messages),
            tool_calls=dict(chat.parts.tool_calls),
            id=source.name.removesuffix(_ENDING) if source.name.endswith(_ENDING) else None,
            title=text(whole, "name") or first_words(chat.messages),
            model=next(answered, None) or _model(last),
            date=moment(whole.get("createdAt")),
            window=chat.window or _field(last, "instanceLoadTimeConfig", _WINDOW),
        )
    ]


LM_STUDIO = Format(
    "lm-studio",
    lambda source: (
        any("versions" in told and "currentlySelected" in told for told in _first_messages(source))
        or ("usePerChatPredictionConfig" in source.first and isinstance(source.first.get("messages"), list))
    ),
    read,
)


def _first_messages(source: Source) -> list[Fields]:
    return objects(items(source.first, "messages")[:3])
