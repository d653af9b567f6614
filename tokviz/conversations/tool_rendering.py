"""Writes tools as models read them: OpenAI's TypeScript, JSON, or the bare strings that Gemini counts."""

import json
from collections.abc import Iterable, Iterator, Sequence

from tokviz.conversations.fields import Fields, as_json, fields_at, items, objects, parsed, text
from tokviz.conversations.model import Tool
from tokviz.conversations.request_options import AnswerSchema

_DEEPEST = 20
"""Levels of a schema that are rendered; what nests deeper is ``any``."""
_NOT_SHOWN = ("additionalProperties", "required", "default")
_MOST_TYPES = 20_000
"""Types of one tool that are rendered: references can multiply them without end."""


NAMESPACE_OPENS = "namespace functions {\n\n"  # verbatim
NAMESPACE_CLOSES = "} // namespace functions"  # verbatim


def as_typescript(tools: Iterable[Tool]) -> str:
    """The namespace of functions that OpenAI's models are given."""
    return NAMESPACE_OPENS + "".join(map(function_type, tools)) + NAMESPACE_CLOSES


def function_type(tool: Tool) -> str:
    """One function of the namespace.

    Titles and descriptions are comments; properties that are not required end in ``?``.
    """
    lines = [f"// {line}" for line in (tool.description or "").splitlines()]
    schema = parsed(tool.schema)
    fields = _Schema(schema).properties(schema, 0) if isinstance(schema, dict) else []
    if fields:
        lines += [f"type {tool.name} = (_: {{", *fields, "}) => any;"]  # verbatim
    else:
        lines.append(f"type {tool.name} = () => any;")  # verbatim
    return "\n".join([*lines, "", ""])


class _Schema:
    """Writes a JSON schema as TypeScript; references are followed inside of it."""

    def __init__(self, schema: Fields) -> None:
        self._definitions = {**fields_at(schema, "definitions"), **fields_at(schema, "$defs")}
        self._left = _MOST_TYPES

    def properties(self, schema: Fields, depth: int) -> list[str]:
        """The lines of an object's properties."""
        lines: list[str] = []
        required = items(schema, "required")
        for name, given in fields_at(schema, "properties").items():
            if self._left < 0:
                break
            inner = self._followed(given)
            lines += _comments(inner)
            mark = "" if name in required else "?"
            default = inner.get("default")
            note = f", // default: {as_json(default)}" if default is not None else ","  # verbatim
            lines.append(f"{name}{mark}: {self.type(inner, depth + 1)}{note}")
        return lines

    def type(self, schema: Fields, depth: int) -> str:
        """The type that a schema tells."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return "any"
        schema = self._followed(schema)
        choices = items(schema, "enum") or ([schema["const"]] if "const" in schema else [])
        if choices:
            return " | ".join(as_json_text(choice) for choice in choices)
        for key in ("anyOf", "oneOf", "allOf"):
            if options := objects(schema.get(key)):
                return " | ".join(self.type(option, depth + 1) for option in options)
        kind = schema.get("type")
        if isinstance(kind, list):
            return " | ".join(self.type({**schema, "type": one}, depth + 1) for one in kind)
        if kind == "object" or "properties" in schema:
            inner = self.properties(schema, depth)
            return "\n".join(["{", *inner, "}"]) if inner else "object"
        if kind == "array":
            element = self.type(fields_at(schema, "items"), depth + 1)
            return f"Array<{element}>" if element.startswith("{") else f"{element}[]"  # verbatim
        return "number" if kind == "integer" else str(kind or "any")

    def _followed(self, schema: object) -> Fields:
        """The schema, or the definition that it refers to."""
        for _ in range(8):
            named = text(schema, "$ref") if isinstance(schema, dict) else None
            if named is None or not isinstance(schema, dict):
                break
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            schema = {**fields_at(self._definitions, named.rpartition("/")[2]), **rest}
        return schema if isinstance(schema, dict) else {}


def _comments(schema: Fields) -> list[str]:
    said = [text(schema, "title"), text(schema, "description")]
    return [f"// {line}" for words in said if words for line in words.splitlines()]


def as_json_text(value: object) -> str:
    """A value as JSON; strings in their quotes."""
    return f'"{value}"' if isinstance(value, str) else as_json(value) or ""


def as_function(tool: Tool) -> dict[str, object]:
    """A tool as ``{name, description, parameters}``."""
    described = {} if tool.description is None else {"description": tool.description}
    schema = parsed(tool.schema) if tool.schema else {}
    return {"name": tool.name, **described, "parameters": schema}


def spaced_json(value: object, indent: int | None = None) -> str:
    """JSON as Python writes it, with a space after each comma and colon: what several makers count."""
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent)
    except (TypeError, ValueError, RecursionError):
        return ""


def schema_words(asked: AnswerSchema, form: str | None) -> str:
    """The schema that an answer must follow, as a maker's rule has it."""
    if form != "bare":
        return spaced_json(asked.schema, indent=2 if form == "indented" else None) if form else ""
    lines = (asked.name, asked.description, as_json(_bare(asked.schema, 0)))
    return "\n".join(line for line in lines if line)


def _bare(schema: object, depth: int) -> object:
    """A schema without the keys that OpenAI's models are not shown."""
    if isinstance(schema, list):
        return [_bare(one, depth + 1) for one in schema] if depth <= _DEEPEST else schema
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return schema
    return {
        key: {name: _bare(one, depth + 1) for name, one in value.items()}
        if key in ("properties", "$defs", "definitions") and isinstance(value, dict)
        else _bare(value, depth + 1)
        for key, value in schema.items()
        if key not in _NOT_SHOWN
    }


def as_lines(arguments: Fields) -> str:
    """A call's arguments by name, each on a line of its own; what is no string as JSON."""
    written = (
        (name, given if isinstance(given, str) else spaced_json(given)) for name, given in arguments.items()
    )
    return "".join(f"{name}: {words}\n" for name, words in written)


def bare_strings(tool: Tool) -> list[str]:
    """Names, descriptions, types, enums and required names, each by itself."""
    return [words for words in (tool.name, tool.description, *_strings(parsed(tool.schema), 0)) if words]


def _strings(schema: object, depth: int) -> Iterator[str]:
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return
    for key in ("type", "description", "format", "title"):
        if words := text(schema, key):
            yield words
    for key in ("enum", "required"):
        yield from (word for word in items(schema, key) if isinstance(word, str))
    for name, inner in fields_at(schema, "properties").items():
        yield name
        yield from _strings(inner, depth + 1)
    yield from _strings(schema.get("items"), depth + 1)
    for option in objects(schema.get("anyOf")):
        yield from _strings(option, depth + 1)


_MARK = "\0"
"""Stands for the token that Gemma's template has on both sides of a string."""


def declared(tool: Tool) -> list[str]:
    """A function as Gemma's template declares it, as the texts between the marks around its strings."""
    return _declaration(tool).split(_MARK)


def declared_marks(words: Sequence[str]) -> int:
    """How many marks stand between those texts, and on both sides of the whole."""
    return len(words) - 1 + 2


def _declaration(tool: Tool) -> str:
    schema = parsed(tool.schema) if tool.schema else None
    written = f"declaration:{tool.name}{{description:{_marked(tool.description or '')}"
    if isinstance(schema, dict) and (schema.get("properties") or "additionalProperties" not in schema):
        written += ",parameters:{"
        if words := text(schema, "description"):
            written += f"description:{_marked(words)},"
        if fields := fields_at(schema, "properties"):
            written += f"properties:{{{_declared_fields(fields, 0)}}},"
        if required := items(schema, "required"):
            written += f"required:{_listed(required)},"
        written += f"type:{_type_of(schema)}}}"
    else:
        written += ",parameters:{}"
    return written + "}"


def _declared_fields(fields: Fields, depth: int) -> str:
    named = sorted(fields.items()) if depth <= _DEEPEST else []
    return ",".join(
        f"{name}:{{{_declared_field(given, depth)}}}" for name, given in named if isinstance(given, dict)
    )


def _declared_field(schema: Fields, depth: int) -> str:
    said: list[str] = []
    if words := text(schema, "description"):
        said.append(f"description:{_marked(words)}")
    if choices := items(schema, "enum"):
        said.append(f"enum:{_listed(choices)}")
    inner = schema.get("items")
    if isinstance(inner, dict) and inner and depth <= _DEEPEST:
        said.append(f"items:{{{_declared_field(inner, depth + 1)}}}")
    if schema.get("nullable"):
        said.append("nullable:true")
    if fields := fields_at(schema, "properties"):
        said.append(f"properties:{{{_declared_fields(fields, depth + 1)}}}")
        if required := items(schema, "required"):
            said.append(f"required:{_listed(required)}")
    return ",".join([*said, f"type:{_type_of(schema)}"])


def _listed(values: list[object]) -> str:
    return (
        "[" + ",".join(_marked(one) if isinstance(one, str) else as_json(one) or "" for one in values) + "]"
    )


def _type_of(schema: Fields) -> str:
    return _marked(str(schema.get("type") or "").upper())


def _marked(words: str) -> str:
    return f"{_MARK}{words}{_MARK}"
