"""Makes parts of the shapes that content has in the formats, with a bound on the text that is kept."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tokviz.conversations.fields import NO_FIELDS, Fields, as_json, fields_at, objects, parsed, text
from tokviz.conversations.media import pixels_of
from tokviz.conversations.model import Message, Part, PartKind, Side, Tool

TEXT_KEPT = 1 << 29
"""Characters of text that one file's parts keep; of later parts only the size is known."""

_PATHS = (
    *("file_path", "filePath", "path", "absolute_path", "notebook_path", "filename", "file"),
    *("AbsolutePath", "TargetFile"),
)
_TEXT_TYPES = ("text", "input_text", "output_text", "summary_text", "refusal")
_THINKING_TYPES = ("thinking", "reasoning", "reasoning_text", "redacted_thinking", "redacted_reasoning")
_IMAGE_TYPES = ("image", "image_url", "input_image", "localImage")
_AUDIO_TYPES = ("audio", "input_audio", "audio_url")
_FILE_TYPES = ("document", "file", "input_file", "file_url", "video", "video_url", "container_upload")
_MEDIA_TYPES = (*_IMAGE_TYPES, *_AUDIO_TYPES, *_FILE_TYPES)
_SIDES = {
    "system": Side.SYSTEM,
    "developer": Side.SYSTEM,
    "user": Side.USER,
    "human": Side.USER,
    "assistant": Side.ASSISTANT,
    "model": Side.ASSISTANT,
    "gemini": Side.ASSISTANT,
    "gpt": Side.ASSISTANT,
    "bot": Side.ASSISTANT,
    "chatgpt": Side.ASSISTANT,
    "tool": Side.TOOL,
    "function": Side.TOOL,
    "observation": Side.TOOL,
    "function_call_output": Side.TOOL,
    "function_call": Side.ASSISTANT,
    "reasoning": Side.ASSISTANT,
}


def side_of(role: str) -> Side:
    """Who speaks under a role's name; names that no maker uses count as the user's."""
    return _SIDES.get(role.lower(), Side.USER)


class PartFactory:
    """Makes the parts of one file. It knows the calls made so far, so a result gets its tool's name."""

    def __init__(self, kept: int = TEXT_KEPT, detail: str | None = None) -> None:
        """``detail``: how closely the model is asked to look at images that do not say so themselves."""
        self._left = kept
        self._detail = detail
        self._calls: dict[str, tuple[str | None, str | None]] = {}
        self.tool_calls: Counter[str] = Counter()
        """Calls by tool, over every part made."""
        self.tools_found: set[str] = set()
        """Tools that a search for tools has found, or that were added amid the messages."""

    def text(self, kind: PartKind, content: str, *, line: int | None = None, name: str | None = None) -> Part:
        """A part that holds text."""
        return Part(kind, self._keep(content), len(content), name, line=line)

    def hidden(
        self, kind: PartKind, size: int | None = None, *, line: int | None = None, name: str | None = None
    ) -> Part:
        """A part whose text is not in the file (encrypted, a reference)."""
        return Part(kind, None, size, name, line=line)

    def media(
        self,
        kind: PartKind,
        data: str | None,
        *,
        line: int | None = None,
        name: str | None = None,
        detail: str | None = None,
    ) -> Part:
        """An image, a recording or a file: ``data`` is its base64 or where it lies."""
        pixels = pixels_of(data) if data and kind is PartKind.IMAGE else None
        size = None if data is None else len(data)
        return Part(kind, None, size, name, line=line, pixels=pixels, detail=detail or self._detail)

    def tool_call(
        self, name: str | None, arguments: object, *, call: str | None = None, line: int | None = None
    ) -> Part:
        """A call of a tool: its text is the arguments as JSON."""
        content = as_json(arguments) or ""
        file = _file_of(arguments)
        if call:
            self._calls[call] = (name, file)
        self.tool_calls[str(name)] += 1
        return Part(PartKind.TOOL_CALL, self._keep(content), len(content), name, call, file, line)

    def tool_results(
        self, content: object, *, call: str | None = None, name: str | None = None, line: int | None = None
    ) -> list[Part]:
        """What a tool gave: text, and parts of their own for images."""
        known, file = self._calls.get(call or "", (None, None))
        found: list[Part] = []
        texts: list[str] = []
        sealed = 0
        for block in content if isinstance(content, list) else [content]:
            if isinstance(block, str):
                texts.append(block)
            elif isinstance(block, dict) and (inner := _plain_text(block)) is not None:
                texts.append(inner)
            elif isinstance(block, dict) and (names := _tools_named(block)):
                texts += names
                self.tools_found.update(names)
            elif isinstance(block, dict) and isinstance(hidden := block.get("encrypted_content"), str):
                sealed += len(hidden)
                texts.append(as_json({key: told for key, told in block.items() if told is not hidden}) or "")
            elif isinstance(block, dict) and block.get("type") == "tool-result":
                found += self._block(block, line)
            elif isinstance(block, dict) and block.get("type") in _MEDIA_TYPES:
                found += self.blocks([block], line=line)
            elif block is not None:
                texts.append(as_json(block) or "")
        if found and not texts and all(part.kind is PartKind.TOOL_RESULT for part in found):
            return found
        joined = "\n".join(texts)
        result = Part(PartKind.TOOL_RESULT, self._keep(joined), len(joined), name or known, call, file, line)
        if sealed:  # what a search of the maker's found, which its servers alone can read
            found.append(replace(result, text=None, size=sealed))
        return [result, *found]

    def blocks(self, content: object, *, line: int | None = None) -> list[Part]:
        """The parts of a message's content: a string, or a list of strings and typed blocks."""
        if isinstance(content, str):
            return [self.text(PartKind.TEXT, content, line=line)] if content else []
        if isinstance(content, dict):
            content = [content]
        if not isinstance(content, list):
            return []
        found: list[Part] = []
        for block in content:
            if isinstance(block, str):
                found.append(self.text(PartKind.TEXT, block, line=line))
            elif isinstance(block, dict):
                found += self._block(block, line)
                if found and (kept := cache_asked(block)):
                    found[-1] = replace(found[-1], cache=kept)
        return found

    def _block(self, block: Fields, line: int | None) -> list[Part]:
        kind = block.get("type")
        if kind in _TEXT_TYPES or (kind is None and isinstance(block.get("text"), str)):
            content = text(block, "text", "refusal", "value", "content") or ""
            return [self.text(PartKind.TEXT, content, line=line)]
        if kind in _THINKING_TYPES:
            return [self.thinking(block, line)]
        if kind in ("tool_use", "server_tool_use", "mcp_tool_use"):
            name, call = text(block, "name"), text(block, "id")
            return [self.tool_call(name, block.get("input"), call=call, line=line)]
        if isinstance(kind, str) and (kind == "tool_result" or kind.endswith("_tool_result")):
            return self.tool_results(block.get("content"), call=text(block, "tool_use_id"), line=line)
        if isinstance(kind, str) and (found := self._of_ai_sdk(kind, block, line)) is not None:
            return found
        if kind == "tool_call":  # LLaMA-Factory's: the call as JSON text
            given = parsed(block.get("value"))
            call_fields = given if isinstance(given, dict) else NO_FIELDS
            return [self.tool_call(text(call_fields, "name"), call_fields.get("arguments"), line=line)]
        if names := _tools_named(block):
            self.tools_found.update(names)
            return [self.text(PartKind.OTHER, "\n".join(names), line=line, name=str(kind))]
        return [self._attachment(kind, block, line)]

    def _of_ai_sdk(self, kind: str, block: Fields, line: int | None) -> list[Part] | None:
        """A call, its result, or both in one, as Vercel's AI SDK has them; None: it is none of that."""
        told = fields_at(block, "toolInvocation") or block
        call = text(told, "toolCallId")
        if kind == "step-start":
            return []
        if call is None or not kind.startswith(("tool-", "dynamic-tool")):
            return None
        name = text(told, "toolName") or kind.removeprefix("tool-")
        found: list[Part] = []
        if kind != "tool-result":
            found.append(self.tool_call(name, told.get("input", told.get("args", {})), call=call, line=line))
        result = next((told[key] for key in ("output", "result", "errorText") if key in told), None)
        if isinstance(result, dict) and {"type", "value"} <= result.keys():
            result = result["value"]
        return found if result is None else found + self.tool_results(result, call=call, name=name, line=line)

    def _attachment(self, kind: object, block: Fields, line: int | None) -> Part:
        source = fields_at(block, "source")
        name = text(block, "title", "filename", "name", "file_name") or text(
            fields_at(block, "file"), "filename"
        )
        if kind == "document" and source.get("type") == "text":
            return self.text(PartKind.FILE, text(source, "data") or "", line=line, name=name)
        data = _data_of(block)
        detail = text(block, "detail") or text(fields_at(block, "image_url"), "detail")
        kinds = ((PartKind.IMAGE, _IMAGE_TYPES), (PartKind.AUDIO, _AUDIO_TYPES), (PartKind.FILE, _FILE_TYPES))
        for shown, types in kinds:
            if kind in types:
                return self.media(shown, data, line=line, name=name, detail=detail)
        return self.media(PartKind.OTHER, data, line=line, name=str(kind) if kind else None)

    def thinking(self, block: Fields, line: int | None = None) -> Part:
        """Thinking: its text, or only the size of what is encrypted."""
        content = text(block, "thinking", "text", "value", "content")
        if content:
            return self.text(PartKind.THINKING, content, line=line)
        sealed = text(block, "signature", "data", "encrypted_content")
        return self.hidden(PartKind.THINKING, len(sealed) if sealed else None, line=line)

    def _keep(self, content: str) -> str | None:
        if len(content) > self._left:
            self._left = 0
            return None
        self._left -= len(content)
        if not content.isascii():
            try:
                content.encode()
            except UnicodeEncodeError:  # half a surrogate pair, which JSON can spell and UTF-8 cannot
                content = content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return content


def _plain_text(block: Fields) -> str | None:
    """The text of a block that holds nothing else."""
    return text(block, "text") or (text(block, "value") if block.get("type") == "text" else None)


def _tools_named(block: Fields) -> list[str]:
    """The tools that a block adds to those that the model knows: one, or what a search has found."""
    told = objects(block.get("tool_references")) or [fields_at(block, "tool") or block]
    named = (text(each, "tool_name", "name") for each in told if each.get("type") == "tool_reference")
    return [name for name in named if name]


def _file_of(arguments: object) -> str | None:
    """The path among a call's arguments, which may be JSON text."""
    if isinstance(arguments, str):
        named = "path" in arguments or "Path" in arguments or "file" in arguments  # verbatim
        arguments = parsed(arguments) if named and len(arguments) < 1 << 16 else None
    return text(arguments, *_PATHS) if isinstance(arguments, dict) else None


def _data_of(block: Fields) -> str | None:
    """The base64 or the reference, wherever the block holds it."""
    for holder in (block, *(value for value in block.values() if isinstance(value, dict))):
        for key in (
            "data",
            "file_data",
            "url",
            "image_url",
            "bytes",
            "value",
            "file_id",
            "encrypted_content",
        ):
            value = holder.get(key)
            if isinstance(value, str):
                return value
    return None


def tools_of(value: object) -> tuple[Tool, ...] | None:
    """The tools in a list of any maker's shape, or in JSON text of one; None where there is no list.

    Anthropic's and MCP's are flat, OpenAI's stand in ``function``, Gemini's in ``functionDeclarations``,
    Bedrock's in ``toolSpec``. A tool without parameters that only has a type is the maker's own.
    """
    value = parsed(value)
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list):
        return None
    found: list[Tool] = []
    for entry in objects(value):
        if "cachePoint" in entry:
            found[-1:] = [replace(tool, cache="5m") for tool in found[-1:]]
            continue
        declarations = objects(entry.get("functionDeclarations") or entry.get("function_declarations"))
        for function in declarations or [fields_at(entry, "function", "toolSpec", "tool_spec") or entry]:
            found.append(replace(_tool(function), cache=cache_asked(entry)))
    return tuple(found)


def cache_asked(block: Fields) -> str | None:
    """How long a block asks for all up to itself to be kept; None if it does not ask."""
    asked = block.get("cache_control")
    return (text(asked, "ttl") or "5m") if isinstance(asked, dict) else None


_SCHEMAS = (
    *("parameters", "input_schema", "inputSchema", "parameters_json_schema", "parametersJsonSchema"),
    "parameter_definitions",
)


def _tool(function: Fields) -> Tool:
    schema = next((function[key] for key in _SCHEMAS if isinstance(function.get(key), dict)), None)
    if isinstance(schema, dict) and set(schema) == {"json"}:  # Bedrock wraps it
        schema = schema["json"]
    name, kind = text(function, "name"), text(function, "type")
    builtin = schema is None and "description" not in function and kind not in (None, "function", "custom")
    if name is None and len(function) == 1:  # Gemini's own: {"googleSearch": {}}
        name, builtin = next(iter(function)), True
    told = function.get("description")
    described = told if isinstance(told, str) else None
    deferred = function.get("defer_loading") is True
    written, own = as_json(schema) if schema else None, kind if builtin else None
    return Tool(name or kind, described, written, builtin, own, deferred=deferred)


_NOT_TYPED = ("<", "# AGENTS.md", "# Context from my IDE", "Caveat: ")  # verbatim
_FROM_IDE = re.compile(
    r"# Context from my IDE.*?^## My request for [^\n]*\n\s*(?=\S)", re.DOTALL | re.MULTILINE
)
"""What an editor puts before the words that were typed."""
_COMMAND = re.compile(r"<command-name>([^<]+)</command-name>(?:\s*<command-args>([^<]*))?")


def first_words(messages: Iterable[Message]) -> str | None:
    """The first line that the person typed, as a title; what a program put in their name is passed over, and
    a command as well if words follow."""
    command = None
    for message in messages:
        if (words := _typed_words(message)) is not None:
            return words.partition("\n")[0][:200]
        command = command or _command(message)
    return command


def _command(message: Message) -> str | None:
    """The command of an agent that a message stands for, with what was added to it."""
    for part in message.parts if message.role == "user" else ():
        if part.kind is PartKind.TEXT and (match := _COMMAND.search(part.text or "", 0, 2000)):
            return " ".join(" ".join(filter(None, match.groups())).split())[:200] or None
    return None


def is_typed(message: Message) -> bool:
    """Whether a person typed it, and no program in their name."""
    return _typed_words(message) is not None


def _typed_words(message: Message) -> str | None:
    for part in message.parts if message.role in ("user", "human") else ():
        if part.kind is PartKind.TEXT and part.text and part.text.strip():
            words = part.text.strip()
            if match := _FROM_IDE.match(words):
                return words[match.end() :]
            if not words.startswith(_NOT_TYPED):
                return words
    return None
