"""A request that is being written: its system prompt, tools, messages with files; and as each maker has it.

A draft that was read keeps every block and field that it does not know, and writes them as they were.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from tokviz.conversations.fields import Fields, fields_at, objects, parsed, text
from tokviz.conversations.json_parts import json_parts
from tokviz.conversations.model import Tool
from tokviz.conversations.parts import tools_of
from tokviz.language import N_, _, gettext, number

OPENAI, ANTHROPIC, GEMINI = "openai", "anthropic", "gemini"
SHAPES = {OPENAI: _("OpenAI and compatible"), ANTHROPIC: "Anthropic", GEMINI: "Google"}  # verbatim
"""The makers whose requests are written, and what they are called."""
_FILE = re.compile(r'<file name="([^"\n]*)">\n(.*)\n</file>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file that goes with a message, as text."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftMessage:
    """``role`` is ``user`` or ``assistant``, or what else the request has."""

    role: str
    text: str
    files: tuple[DraftFile, ...] = ()
    raw: Fields | None = field(default=None, compare=False)
    """The message as it was read."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole request."""

    system: str = ""
    messages: tuple[DraftMessage, ...] = ()
    tools: tuple[Tool, ...] = ()
    shape: str = OPENAI
    raw: Fields = field(default_factory=dict, compare=False)
    """The request as it was read."""

    @property
    def empty(self) -> bool:
        """Whether nothing was written yet."""
        return not (self.system or self.tools or any(one.text or one.files for one in self.messages))

    @property
    def size(self) -> int:
        """Characters of its texts."""
        files = (file for message in self.messages for file in message.files)
        return (
            len(self.system)
            + sum(len(message.text) for message in self.messages)
            + sum(len(file.text) for file in files)
        )


@dataclass(frozen=True, slots=True)
class Written:
    """A request as a maker takes it, and what could not be carried over, in words."""

    request: dict[str, object]
    left_out: tuple[str, ...] = ()


def read_draft(value: object) -> Draft | None:
    """The draft in a request's JSON value; None where it is of no shape that is written here."""
    if not isinstance(value, dict):
        return None
    shape = _shape_of(value)
    if shape is None:
        return None
    system, messages = _split(value, shape)
    read = [DraftMessage(_role(one), *_content(one, shape), one) for one in messages]
    return Draft(system, tuple(read), tools_of(value.get("tools")) or (), shape, value)


def write_draft(draft: Draft) -> dict[str, object]:
    """The request in its own shape: where nothing was edited, what was read."""
    shape, raw = draft.shape, draft.raw
    request = dict(raw)
    read = read_draft(raw) if raw else Draft(shape=shape)
    assert read is not None
    messages: list[object] = [_message(one, shape) for one in draft.messages]
    if draft.system != read.system or not raw:
        _set_system(request, draft.system, shape)
    key = "contents" if shape == GEMINI else "messages"
    if shape == OPENAI:
        messages = [*_system_messages(request, draft, read), *messages]
    if messages != raw.get(key) or key not in raw:
        request[key] = messages
    if draft.tools != read.tools:
        _set_tools(request, draft.tools, shape)
    return request


def convert_draft(draft: Draft, shape: str, model: str | None, answer: int) -> Written:
    """The request as another maker takes it; ``answer``: the most tokens of it, which Anthropic must know."""
    if shape == draft.shape and draft.raw:
        return Written(write_draft(draft))
    left_out: dict[str, int] = {}
    messages = []
    for one in draft.messages:
        for name in _opaque(one, draft.shape):
            left_out[name] = left_out.get(name, 0) + 1
        messages.append(replace(one, role=_ROLES[shape].get(one.role, one.role), raw=None))
    given = [tool for tool in draft.tools if not tool.builtin]
    if len(given) < len(draft.tools):
        left_out[N_("tool of the maker")] = len(draft.tools) - len(given)
    request = write_draft(replace(draft, messages=tuple(messages), tools=tuple(given), shape=shape, raw={}))
    head: dict[str, object] = {"model": model} if model and shape != GEMINI else {}
    if shape == ANTHROPIC:
        head["max_tokens"] = answer
    words = (f"{number(count)} × {gettext(name)}" for name, count in left_out.items())
    return Written(head | request, tuple(words))


_ROLES: Mapping[str, Mapping[str, str]] = {
    OPENAI: {"model": "assistant"},
    ANTHROPIC: {"model": "assistant", "system": "user", "developer": "user", "tool": "user"},
    GEMINI: {"assistant": "model", "system": "user", "developer": "user", "tool": "user"},
}


# -- reading -------------------------------------------------------------------------------------------


def _shape_of(value: Fields) -> str | None:
    contents = value.get("contents")
    if isinstance(contents, list) and all(isinstance(one, dict) for one in contents):
        return GEMINI
    messages = value.get("messages")
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        return None
    blocks = [b for one in messages for b in objects(one.get("content"))]
    own = {"tool_use", "tool_result", "document", "thinking", "redacted_thinking", "image"}
    flat = any("input_schema" in tool for tool in objects(value.get("tools")))
    claude = "system" in value or (text(value, "model") or "").startswith("claude")
    return ANTHROPIC if claude or flat or any(block.get("type") in own for block in blocks) else OPENAI


def _split(value: Fields, shape: str) -> tuple[str, list[Fields]]:
    """The system prompt, and the messages that are no part of it."""
    if shape == GEMINI:
        told = value.get("systemInstruction", value.get("system_instruction"))
        return _plain(told.get("parts") if isinstance(told, dict) else told), objects(value.get("contents"))
    messages = objects(value.get("messages"))
    if shape == ANTHROPIC:
        return _plain(value.get("system")), messages
    number = _leading(messages)
    return _plain(messages[0].get("content")) if number else "", messages[number:]


def _leading(messages: Sequence[Fields]) -> int:
    """1 if the first message is the system prompt."""
    return int(bool(messages) and messages[0].get("role") in ("system", "developer"))


def _role(message: Fields) -> str:
    return text(message, "role") or "user"


def _plain(content: object) -> str:
    """The text of a string or of blocks."""
    if isinstance(content, str):
        return content
    blocks = [content] if isinstance(content, dict) else content
    return "\n\n".join(str(block["text"]) for block in objects(blocks) if isinstance(block.get("text"), str))


def _content(message: Fields, shape: str) -> tuple[str, tuple[DraftFile, ...]]:
    """A message's words, and the files that go with it."""
    content = message.get("parts" if shape == GEMINI else "content")
    if isinstance(content, str):
        return content, ()
    words, files = [], []
    for block in objects([content] if isinstance(content, dict) else content):
        found = _file_of(block)
        if found is not None:
            files.append(found)
        elif _is_words(block):
            words.append(str(block["text"]))
    return "\n\n".join(words), tuple(files)


def _is_words(block: Fields) -> bool:
    return (
        isinstance(block.get("text"), str) and block.get("type") in (None, "text") and "thought" not in block
    )


def _file_of(block: Fields) -> DraftFile | None:
    source = fields_at(block, "source")
    if block.get("type") == "document" and source.get("type") == "text":
        return DraftFile(text(block, "title") or "", text(source, "data") or "")
    found = _FILE.fullmatch(str(block["text"])) if _is_words(block) else None
    return None if found is None else DraftFile(html.unescape(found[1]), found[2])


def _opaque(message: DraftMessage, shape: str) -> Iterable[str]:
    """What a message holds besides words and files."""
    raw = message.raw or {}
    for block in objects(raw.get("parts" if shape == GEMINI else "content")):
        if _file_of(block) is None and not _is_words(block):
            yield str(block.get("type") or next(iter(block), "part")).replace("_", " ")
    for _call in objects(raw.get("tool_calls")):
        yield N_("tool call")


# -- writing -------------------------------------------------------------------------------------------


def _message(message: DraftMessage, shape: str) -> dict[str, object]:
    raw = message.raw
    if raw is not None and (_role(raw), *_content(raw, shape)) == (message.role, message.text, message.files):
        return dict(raw)
    key = "parts" if shape == GEMINI else "content"
    words: list[object] = [_words(message.text, shape)] if message.text or shape == GEMINI else []
    blocks = [*words, *(_file(one, shape) for one in message.files)]
    if raw is None:
        plain = shape != GEMINI and not message.files
        return {"role": message.role, key: message.text if plain else blocks}
    kept = [one for one in objects(raw.get(key)) if _file_of(one) is None and not _is_words(one)]
    plain = shape != GEMINI and not kept and not message.files and not isinstance(raw.get(key), list)
    return dict(raw) | {"role": message.role, key: message.text if plain else [*blocks, *kept]}


def _words(words: str, shape: str) -> dict[str, object]:
    return {"text": words} if shape == GEMINI else {"type": "text", "text": words}


def _file(file: DraftFile, shape: str) -> dict[str, object]:
    if shape == ANTHROPIC:
        source = {"type": "text", "media_type": "text/plain", "data": file.text}
        return {"type": "document", "source": source, "title": file.name}
    name = html.escape(file.name).replace("\n", "&#10;").replace("\r", "&#13;")
    return _words(f'<file name="{name}">\n{file.text}\n</file>', shape)  # verbatim


def _set_system(request: dict[str, object], system: str, shape: str) -> None:
    if shape == OPENAI:
        return
    key = "system" if shape == ANTHROPIC else "systemInstruction"
    request.pop("system_instruction", None)
    if not system:
        request.pop(key, None)
    else:
        request[key] = system if shape == ANTHROPIC else {"parts": [{"text": system}]}


def _system_messages(request: Mapping[str, object], draft: Draft, read: Draft) -> list[object]:
    """OpenAI's first message, if it is the system prompt."""
    messages = objects(request.get("messages"))
    first = messages[:1] if _leading(messages) else []
    if draft.system == read.system and first:
        return [dict(first[0])]
    if not draft.system:
        return []
    return [
        dict(first[0]) | {"content": draft.system} if first else {"role": "system", "content": draft.system}
    ]


def _set_tools(request: dict[str, object], tools: Sequence[Tool], shape: str) -> None:
    if not tools:
        request.pop("tools", None)
        return
    written = [_TOOLS[shape](tool) for tool in tools]
    request["tools"] = [{"functionDeclarations": written}] if shape == GEMINI else written


def _function(tool: Tool, key: str) -> dict[str, object]:
    schema = parsed(tool.schema) if tool.schema else {"type": "object", "properties": {}}
    told = {"name": tool.name or "", "description": tool.description}
    return {name: value for name, value in told.items() if value is not None} | {key: schema}


_TOOLS: Mapping[str, Callable[[Tool], dict[str, object]]] = {
    OPENAI: lambda tool: {"type": "function", "function": _function(tool, "parameters")},
    ANTHROPIC: lambda tool: _function(tool, "input_schema"),
    GEMINI: lambda tool: _function(tool, "parameters"),
}


def draft_json(request: Mapping[str, object]) -> bytes:
    """A request as JSON that people can read; half a surrogate pair stays the escape that it was."""
    return b"".join(draft_json_parts(request))


def draft_json_parts(request: Mapping[str, object]) -> Iterator[bytes]:
    """The same part by part, each of which takes no time."""
    yield from json_parts(request)
    yield b"\n"
