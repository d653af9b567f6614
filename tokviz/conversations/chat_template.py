"""A conversation as the text that an open model reads, and which part of it is whose."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from jinja2 import Template

from tokviz.conversations.fields import parsed
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Side, Tool
from tokviz.conversations.template_sandbox import (
    MARK,
    MARK_FIRST,
    MARK_LAST,
    MOST_MARKED,
    Sandbox,
    TemplateRefusedError,
)
from tokviz.conversations.tool_rendering import as_function
from tokviz.language import N_

_DEEPEST = 40
_READ = (PartKind.TEXT, PartKind.FILE, PartKind.THINKING, PartKind.TOOL_CALL, PartKind.TOOL_RESULT)


ALL_MESSAGES = N_("all messages")
"""The name of the one part where a template writes messages so that they cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of a rendered conversation, in characters: one part, or framing."""

    kind: str
    start: int
    end: int
    message: int | None = None
    """Index of the message; None for what belongs to none."""
    name: str | None = None
    file: str | None = None


@dataclass(frozen=True, slots=True)
class Rendered:
    """``spans`` follow one another and cover the whole text. A message's framing is what stands before and
    between its parts; ``left_out`` is what the template cannot show: images, files by reference."""

    text: str
    spans: tuple[Span, ...]
    left_out: tuple[Part | Tool, ...]


@dataclass(slots=True)
class _Request:
    """What a template is given, and the parts whose texts are in it, marked or not."""

    marked: bool
    messages: list[dict[str, object]] = field(default_factory=list)
    parts: list[Span] = field(default_factory=list)
    """``start`` and ``end`` are not known yet."""
    left_out: list[Part | Tool] = field(default_factory=list)

    def note(self, kind: str, message: int | None, name: str | None = None, file: str | None = None) -> int:
        """A new part's number."""
        self.parts.append(Span(kind, 0, 0, message, name, file))
        return len(self.parts) - 1

    def mark(self, number: int, text: str) -> str:
        """The text with its marks inside of the white space around it, which templates may strip."""
        core = text.strip()
        if not self.marked or not core or number >= MOST_MARKED:
            return text
        start = text.index(core)
        first, last = chr(MARK_FIRST + number), chr(MARK_LAST + number)
        return f"{text[:start]}{first}{core}{last}{text[start + len(core) :]}"

    def mark_strings(self, number: int, value: object, keys: tuple[str, ...] = (), depth: int = 0) -> object:
        """The same JSON with marks in its strings; with ``keys``, only in those under these names."""
        if depth > _DEEPEST:
            return value
        if isinstance(value, list):
            return [self.mark_strings(number, one, keys, depth + 1) for one in value]
        if isinstance(value, dict):
            return {
                key: self.mark(number, one)
                if isinstance(one, str) and (not keys or key in keys)
                else self.mark_strings(number, one, keys, depth + 1)
                for key, one in value.items()
            }
        return value


class ChatTemplate:
    """One published template, ``of`` a model, with the texts of its special tokens."""

    def __init__(
        self, of: str, source: str, bos: str, eos: str, today: date, *, plain_words: bool = False
    ) -> None:
        """``plain_words``: special tokens that stand in somebody's words are words there, as mistral-common
        has it; transformers takes them for tokens."""
        self.of = of
        self.plain_words = plain_words
        self.source = source
        self.special = {"bos_token": bos, "eos_token": eos}
        self.today = today

    @cached_property
    def _sandbox(self) -> Sandbox:
        return Sandbox(self.today)

    @cached_property
    def _template(self) -> Template:
        return self._sandbox.compiled(self.source)

    def write(
        self,
        messages: Sequence[Mapping[str, object]],
        tools: Sequence[object] | None = None,
        generation_prompt: bool = True,
    ) -> str:
        """The text for messages as OpenAI writes them; TemplateRefusedError if the template does not take
        them."""
        values: dict[str, object] = {
            "messages": list(messages),
            "tools": list(tools) if tools else None,
            "documents": None,
            "add_generation_prompt": generation_prompt,
            **self.special,
        }
        return self._sandbox.render(self._template, values)

    def render(self, conversation: Conversation, start: int = 0, end: int | None = None) -> Rendered:
        """The next request with ``messages[start:end]``. TemplateRefusedError as above.

        The text comes from the messages as they are. A second rendering has marks in them, and tells where
        each part is; where the marks change anything else, the whole text is one span.
        """
        plain, tools = _request(conversation, start, end, marked=False)
        text = self.write(plain.messages, tools)
        try:
            marked, marked_tools = _request(conversation, start, end, marked=True)
            places = _marked_places(self.write(marked.messages, marked_tools), text)
        except TemplateRefusedError:
            places = None
        places = places or {}
        last = max((part.message for part in plain.parts if part.message is not None), default=None)
        return Rendered(text, tuple(_spans(plain.parts, places, len(text), last)), tuple(plain.left_out))


def _request(
    conversation: Conversation, start: int, end: int | None, *, marked: bool
) -> tuple[_Request, list[object]]:
    """The messages and tools as templates expect them."""
    request = _Request(marked)
    tools: list[object] = []
    for tool in conversation.tools or ():
        if tool.builtin:
            request.left_out.append(tool)
            continue
        number = request.note("tool", None, tool.name)
        function = request.mark_strings(number, as_function(tool), ("name", "description"))
        tools.append({"type": "function", "function": function})
    system = [part.text for part in conversation.system if part.text]
    if system:
        number = request.note("system", None)
        request.messages.append({"role": "system", "content": request.mark(number, "\n".join(system))})
    for index, message in list(enumerate(conversation.messages))[start:end]:
        if message.side is not Side.NOTE:
            _add_message(request, index, message)
    return request, tools


def _add_message(request: _Request, index: int, message: Message) -> None:
    """One message, or several: each tool's result is one of its own."""
    texts: list[str] = []
    thoughts: list[str] = []
    calls: list[object] = []
    results: list[dict[str, object]] = []
    for part in message.parts:
        if part.kind not in _READ or part.text is None:
            request.left_out.append(part)
            continue
        number = request.note(part.kind.value, index, part.name, part.file)
        if part.kind is PartKind.TOOL_CALL:
            calls.append(_call(request, number, part))
        elif part.kind is PartKind.TOOL_RESULT:
            content = request.mark(number, part.text)
            named = {"name": part.name} if part.name else {}
            results.append({"role": "tool", "content": content, "tool_call_id": part.call or "", **named})
        else:
            into = thoughts if part.kind is PartKind.THINKING else texts
            into.append(request.mark(number, part.text))
    request.messages += results
    if results and not texts and not calls:
        return
    told: dict[str, object] = {"role": _role(message), "content": "\n".join(texts)}
    if thoughts:
        thought = "\n".join(thoughts)
        told |= {"thinking": thought, "reasoning_content": thought}
    request.messages.append(told | ({"tool_calls": calls} if calls else {}))


def _call(request: _Request, number: int, part: Part) -> dict[str, object]:
    arguments = parsed(part.text or "")
    told = request.mark_strings(number, arguments) if isinstance(arguments, dict) else part.text
    function = {"name": request.mark(number, part.name or ""), "arguments": told}
    return {"type": "function", "id": part.call or "", "function": function}


def _role(message: Message) -> str:
    return message.side.value


def _marked_places(marked: str, text: str) -> dict[int, tuple[int, int]] | None:
    """Where each part begins and ends in ``text``, by its marks; None if they changed the text."""
    if MARK.sub("", marked) != text:
        return None
    places: dict[int, tuple[int, int]] = {}
    for removed, found in enumerate(MARK.finditer(marked)):
        code, at = ord(found[0]), found.start() - removed
        number = code - (MARK_LAST if code >= MARK_LAST else MARK_FIRST)
        first, _ = places.get(number, (at, at))
        places[number] = (first, at)
    return places


def _spans(
    parts: Sequence[Span], places: Mapping[int, tuple[int, int]], length: int, last: int | None
) -> Iterator[Span]:
    """The parts in the order of the text, and framing in between: it belongs to the part after it."""
    at = 0
    for number in sorted(places, key=places.__getitem__):
        part, (start, end) = parts[number], places[number]
        start = max(start, at)
        if start > at:
            yield Span("framing", at, start, part.message, N_("tools") if part.kind == "tool" else None)
        if end > start:
            yield Span(part.kind, start, end, part.message, part.name, part.file)
        at = max(at, end)
    if at < length:
        if places or not parts:
            yield Span("framing", at, length, last, N_("answer"))
        else:
            yield Span("text", at, length, None, ALL_MESSAGES)
