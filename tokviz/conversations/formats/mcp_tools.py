"""Lists of tools: as MCP servers give them, or as a request would hold them.

Only name, description and input schema reach the model; annotations and output schemas do not.
"""

from tokviz.conversations.fields import Fields, fields_at, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.model import Conversation
from tokviz.conversations.parts import tools_of
from tokviz.conversations.source import Source

_SCHEMAS = ("inputSchema", "input_schema", "parameters")


def _tools(source: Source) -> list[Fields]:
    document = source.document
    if document is None:
        return [record.fields for record in source.head]
    if isinstance(document, dict):
        listed = objects(document.get("tools")) or objects(fields_at(document, "result").get("tools"))
        return listed or [document]
    return objects(document)


def _read(source: Source) -> list[Conversation]:
    lines = source.document is None
    found = [record.fields for record in source.records()] if lines else _tools(source)
    title = text(source.document, "name") if isinstance(source.document, dict) and len(found) != 1 else None
    return [Conversation(format="mcp-tools", tools=tools_of(found), title=title)]


def _is_tool(fields: Fields) -> bool:
    function = fields_at(fields, "function")
    if function:
        return text(function, "name") is not None
    named = text(fields, "name") is not None
    return named and ("description" in fields or any(key in fields for key in _SCHEMAS))


def _recognizes(source: Source) -> bool:
    found = _tools(source)[:50]
    if not found or not all(map(_is_tool, found)):
        return False
    return any("function" in f or any(isinstance(f.get(key), dict) for key in _SCHEMAS) for f in found)


MCP_TOOLS = Format("mcp-tools", _recognizes, _read)
