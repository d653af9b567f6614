"""What a span of OpenTelemetry tells of a request's messages and tools, in the three ways that are written.

OpenTelemetry's own conventions have them as JSON; OpenLLMetry and OpenInference have an attribute for each
message's field, with the message's number in its name.
"""

from collections.abc import Iterator, Mapping

from tokviz.conversations.fields import Fields, fields_at, items, objects, parsed, text

_ASKED = ("gen_ai.input.messages", "gen_ai.prompt.", "llm.input_messages.")
_ANSWERED = ("gen_ai.output.messages", "gen_ai.completion.", "llm.output_messages.")
_TOOLS = ("gen_ai.tool.definitions", "llm.request.functions.", "llm.tools.")
_REQUESTS = ("chat", "text_completion", "generate_content")
_MOST = 10_000
"""Messages, or tools, of one request."""
_DEEPEST = 20
"""Names in an attribute's key after the message's number."""


def operation_of(facts: Fields) -> str | None:
    """What the span does, in the words of OpenTelemetry's conventions."""
    if named := text(facts, "gen_ai.operation.name"):
        return named
    kind = text(facts, "openinference.span.kind", "llm.request.type")
    return "chat" if kind in ("LLM", "chat", "completion") else None


def is_request(facts: Fields) -> bool:
    """Whether it is a request to a model, whose usage its parents repeat."""
    return operation_of(facts) in _REQUESTS


def asked_of(facts: Fields) -> list[Fields]:
    """The messages that the model read, as OpenAI has them; none if the writer left them out."""
    system = objects(parsed(facts.get("gen_ai.system_instructions")))
    first = [{"role": "system", "content": [block_of(part) for part in system]}] if system else []
    told = [one for message in _listed(facts, _ASKED) for one in _messages(message)]
    return [*first, *told] if told else []


def answered_of(facts: Fields) -> list[Fields]:
    """The answer's messages."""
    return [one for message in _listed(facts, _ANSWERED) for one in _messages(message)]


def tools_of_span(facts: Fields) -> list[object]:
    """The tools that the model was offered."""
    found: list[object] = []
    for tool in _listed(facts, _TOOLS):
        schema = parsed(fields_at(tool, "tool").get("json_schema"))
        parameters = parsed(tool.get("parameters"))
        found.append(schema if isinstance(schema, dict) else {**tool, "parameters": parameters})
    return found


def _listed(facts: Fields, keys: tuple[str, str, str]) -> list[Fields]:
    whole, *numbered = keys
    if told := objects(parsed(facts.get(whole))):
        return told
    return next(filter(None, (_numbered(facts, prefix) for prefix in numbered)), [])


def has_more(facts: Fields) -> bool:
    """Whether there are more messages, or tools, than are read."""
    prefixes = [prefix for keys in (_ASKED, _ANSWERED, _TOOLS) for prefix in keys[1:]]
    return len(facts) > _MOST and any(
        len({one for one, _path, _value in _fields(facts, each)}) > _MOST for each in prefixes
    )


def _numbered(facts: Fields, prefix: str) -> list[Fields]:
    """The objects whose fields are in attributes such as ``gen_ai.prompt.0.content``."""
    found: dict[str, dict[str, object]] = {}
    for number, path, value in _fields(facts, prefix):
        if number in found or len(found) < _MOST:
            _put(found.setdefault(number, {}), path, value)
    return [_with_lists(found[number]) for number in sorted(found, key=int)]


def _fields(facts: Fields, prefix: str) -> Iterator[tuple[str, list[str], object]]:
    """Each with the number of its object, and the names in its key after that."""
    for key, value in facts.items():
        number, dot, rest = key.removeprefix(prefix).partition(".")
        if key.startswith(prefix) and dot and number.isdecimal() and len(number) < 6:
            yield number, rest.split(".", _DEEPEST), value


def _put(place: dict[str, object], path: list[str], value: object) -> None:
    if len(path) > _DEEPEST:
        return
    for name in path[:-1]:
        inner = place.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        place = inner
    place[path[-1]] = value


def _with_lists(value: Mapping[str, object]) -> Fields:
    """The same with lists where all keys are numbers, and without the word that OpenInference puts around."""

    def plain(inner: object) -> object:
        if not isinstance(inner, dict):
            return inner
        if inner and all(key.isdecimal() and len(key) < 6 for key in inner):
            return [plain(inner[key]) for key in sorted(inner, key=int)]
        return _with_lists(inner)

    told = {key: plain(inner) for key, inner in value.items()}
    return {**fields_at(told, "message", "tool_call", "message_content"), **told}


def _messages(message: Fields) -> Iterator[Fields]:
    """One message, or one for each result of a tool in it."""
    role = text(message, "role") or "user"
    if "parts" not in message:
        calls = [_call(each) for each in items(message, "tool_calls") if isinstance(each, dict)]
        content = message.get("content") or items(message, "contents")
        yield {**message, "role": role, "content": content, "tool_calls": calls}
        return
    parts = objects(message["parts"])
    results = [part for part in parts if part.get("type") == "tool_call_response"]
    if others := [block_of(part) for part in parts if part.get("type") != "tool_call_response"]:
        yield {"role": "user" if results and role == "tool" else role, "content": others}
    for part in results:
        given = part.get("response", part.get("result"))
        yield {"role": "tool", "tool_call_id": part.get("id"), "content": given}


def _call(told: Fields) -> Fields:
    """OpenInference wraps it once more."""
    inner = fields_at(told, "tool_call") or told
    function = fields_at(inner, "function") or inner
    return {"id": inner.get("id"), "function": function}


def block_of(part: Fields) -> Fields:
    """A part as Anthropic has it."""
    match part.get("type"):
        case "tool_call":
            given = parsed(part.get("arguments"))
            return {"type": "tool_use", "id": part.get("id"), "name": part.get("name"), "input": given}
        case "tool_call_response":
            given = part.get("response", part.get("result"))
            return {"type": "tool_result", "tool_use_id": part.get("id"), "content": given}
        case "reasoning" | "thinking":
            return {"type": "thinking", "thinking": part.get("content")}
        case "text":
            return {"type": "text", "text": part.get("content")}
        case "blob" | "uri" | "file":
            return {
                **part,
                "type": text(part, "modality") or "file",
                "data": part.get("content", part.get("uri")),
            }
    return part
