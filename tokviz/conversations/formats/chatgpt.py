"""ChatGPT's data export: a list of conversations, each a tree of nodes.

The live branch leads from ``current_node`` upwards; a partial export may lack it, then the newest leaf
stands in. No usage is recorded, and images lie outside of the file.
"""

from dataclasses import replace
from datetime import UTC, datetime

from tokviz import language
from tokviz.conversations.fields import NO_FIELDS, Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.trees import branch
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Side, roles_of
from tokviz.conversations.parts import PartFactory, side_of
from tokviz.conversations.source import Source
from tokviz.language import _

_TEXT_KEYS = ("text", "result", "content", "user_profile", "user_instructions", "model_set_context")


def read(source: Source) -> list[Conversation]:
    """Every conversation of the export; one whose tree cannot be followed is named."""
    parts = PartFactory()
    found: list[Conversation] = []
    for index, fields in enumerate(_conversations(source)):
        mapping = fields.get("mapping")
        if isinstance(mapping, dict):
            found.append(_conversation(parts, fields, mapping))
        else:
            source.problems.add(
                _("Conversation {number} has no messages.", number=language.number(index + 1))
            )
    return found


def _conversations(source: Source) -> list[Fields]:
    document = source.document
    if isinstance(document, list):
        return objects(document)
    if isinstance(document, dict):
        return objects(document.get("conversations")) or [document]
    return [record.fields for record in source.records()]


def _conversation(parts: PartFactory, fields: Fields, mapping: Fields) -> Conversation:
    nodes = {name: node for name, node in mapping.items() if isinstance(node, dict)}
    parents = {name: text(node, "parent") for name, node in nodes.items()}
    leaf = text(fields, "current_node")
    if leaf not in nodes:
        leaf = _newest_leaf(nodes)
    messages: list[Message] = []
    model = text(fields, "default_model_slug")
    for name in branch(leaf, parents):
        told = fields_at(nodes[name], "message")
        if told:
            model = text(fields_at(told, "metadata"), "model_slug") or model
            messages.append(_message(parts, told, len(messages) + 1))
    return Conversation(
        format="chatgpt-export",
        messages=tuple(messages),
        roles=roles_of(messages),
        id=text(fields, "conversation_id", "id"),
        title=text(fields, "title"),
        project=text(fields, "gizmo_id", "conversation_template_id"),
        model=model,
        date=moment(fields.get("create_time")),
        partial=_("ChatGPT's own system prompt and tools are not in the export."),
    )


def _newest_leaf(nodes: Fields) -> str | None:
    """The leaf written last; of those without a time the last in the file."""
    best: tuple[float, int] | None = None
    found = None
    for index, (name, node) in enumerate(nodes.items()):
        message = fields_at(node, "message") if isinstance(node, dict) else NO_FIELDS
        if (
            message
            and isinstance(node, dict)
            and not any(isinstance(c, str) and c in nodes for c in items(node, "children"))
        ):
            time = message.get("create_time")
            rank = (float(time) if isinstance(time, (int, float)) else 0.0, index)
            if best is None or rank >= best:
                best, found = rank, name
    return found


def moment(time: object) -> str | None:
    """Seconds, or milliseconds, since 1970 as ISO 8601; a string as it is."""
    if isinstance(time, str):
        return time or None
    if isinstance(time, (int, float)) and not isinstance(time, bool) and 0 < time < 1e14:
        seconds = time / 1000 if time > 1e11 else time
        return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    return None


def _message(parts: PartFactory, told: Fields, position: int) -> Message:
    author = fields_at(told, "author")
    role = text(author, "role") or "unknown"
    content = fields_at(told, "content")
    recipient = text(told, "recipient")
    found = _parts(parts, content, role, recipient, text(author, "name"), position)
    side = side_of(role)
    return Message(role, side, tuple(found), position, moment(told.get("create_time")), text(author, "name"))


def _parts(
    parts: PartFactory,
    content: Fields,
    role: str,
    recipient: str | None,
    name: str | None,
    line: int,
) -> list[Part]:
    kind = content.get("content_type")
    if kind == "thoughts":
        thoughts = objects(content.get("thoughts"))
        said = [text(thought, "content", "summary") for thought in thoughts]
        return [parts.text(PartKind.THINKING, words, line=line) for words in said if words]
    if kind == "reasoning_recap":
        return []
    texts = [words for key in _TEXT_KEYS if (words := text(content, key))]
    found: list[Part] = []
    for piece in items(content, "parts"):
        if isinstance(piece, str):
            texts.append(piece)
        elif isinstance(piece, dict):
            found += _asset(parts, piece, line)
    words = "\n".join(filter(None, texts))
    if words:
        if side_of(role) is Side.TOOL:
            found = [*parts.tool_results(words, name=name, line=line), *found]
        elif role == "assistant" and recipient not in (None, "all"):
            found.insert(0, Part(PartKind.TOOL_CALL, words, len(words), recipient, line=line))
        else:
            found.insert(0, parts.text(PartKind.TEXT, words, line=line))
    return found


def _asset(parts: PartFactory, piece: Fields, line: int) -> list[Part]:
    kind = str(piece.get("content_type"))
    if isinstance(piece.get("text"), str):
        return [parts.text(PartKind.TEXT, str(piece["text"]), line=line)]
    size = number(piece, "size_bytes")
    shown = PartKind.IMAGE if "image" in kind else PartKind.AUDIO if "audio" in kind else PartKind.FILE
    width, height = number(piece, "width"), number(piece, "height")
    pixels = (width, height) if width and height and shown is PartKind.IMAGE else None
    return [replace(parts.hidden(shown, size, line=line), pixels=pixels)]


def _recognizes(source: Source) -> bool:
    document = source.document
    if isinstance(document, list):
        candidates: list[Fields] = objects(document[:5])
    elif isinstance(document, dict):
        candidates = objects(items(document, "conversations")[:5]) or [document]
    else:
        candidates = [record.fields for record in source.head]
    return any(
        isinstance(mapping := fields.get("mapping"), dict)
        and all(isinstance(node, dict) and "message" in node for node in list(mapping.values())[:3])
        for fields in candidates
    )


CHATGPT = Format("chatgpt-export", _recognizes, read)
