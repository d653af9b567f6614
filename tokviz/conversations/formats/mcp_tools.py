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
        return [tool for record in source.head for tool in _listed(record.fields) if _counts(record.fields)]
    return _listed(document)


def _listed(value: object) -> list[Fields]:
    """The tools in an answer, in its result, of several servers by their names, or in a list of such."""
    if isinstance(value, list):
        return [tool for each in value for tool in _listed(each)]
    if not isinstance(value, dict):
        return []
    for inner in (value, fields_at(value, "result")):
        if isinstance(inner.get("tools"), list):
            return objects(inner["tools"])
    servers = fields_at(value, "servers", "mcpServers") or value
    if servers and all(isinstance(server, dict) and "tools" in server for server in servers.values()):
        return [tool for server in servers.values() for tool in _listed(server)]
    return [value]


def _read(source: Source) -> list[Conversation]:
    lines = source.document is None
    told = (record.fields for record in source.records()) if lines else iter(())
    found = [tool for fields in told for tool in _listed(fields) if _counts(fields)] or _tools(source)
    title = text(source.document, "name") if isinstance(source.document, dict) and len(found) != 1 else None
    return [Conversation(format="mcp-tools", tools=tools_of(found), title=title)]


def _counts(fields: Fields) -> bool:
    """False for the other messages of a recorded exchange with a server."""
    return "jsonrpc" not in fields or "tools" in fields_at(fields, "result")


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
    return any("function" in f or any(_is_schema(f.get(key)) for key in _SCHEMAS) for f in found)


def _is_schema(value: object) -> bool:
    """Whether it is a JSON schema: what else has a name has parameters of other kinds."""
    if not isinstance(value, dict):
        return False
    told = isinstance(value.get("type"), (str, list)) or isinstance(value.get("properties"), dict)
    return told or not value or bool({"$ref", "anyOf", "oneOf", "allOf", "json"} & value.keys())


MCP_TOOLS = Format("mcp-tools", _recognizes, _read)
