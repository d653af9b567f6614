"""Google AI Studio's saved prompts: ``chunkedPrompt.chunks``, each with the tokens that Studio counted."""

from tokviz.conversations.fields import Fields, fields_at, items, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gemini_cli import content_parts
from tokviz.conversations.model import Conversation, Message, Part, PartKind, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of
from tokviz.conversations.source import Source


def read(source: Source) -> list[Conversation]:
    """The one prompt of the file."""
    whole, parts = source.first, PartFactory()
    chunks = objects(fields_at(whole, "chunkedPrompt").get("chunks"))
    messages = [_message(parts, chunk, index + 1) for index, chunk in enumerate(chunks)]
    instruction = fields_at(whole, "systemInstruction")
    words = text(instruction, "text")
    system = (
        [parts.text(PartKind.TEXT, words)] if words else content_parts(parts, instruction.get("parts"), None)
    )
    return [
        Conversation(
            format="ai-studio",
            messages=tuple(messages),
            system=tuple(system),
            roles=roles_of(messages),
            tool_calls=dict(parts.tool_calls),
            title=first_words(messages),
            model=(text(fields_at(whole, "runSettings"), "model") or "").removeprefix("models/") or None,
        )
    ]


def _message(parts: PartFactory, chunk: Fields, line: int) -> Message:
    role = text(chunk, "role") or "unknown"
    words, found = text(chunk, "text"), list[Part]()
    if words:
        kind = PartKind.THINKING if chunk.get("isThought") is True else PartKind.TEXT
        found.append(parts.text(kind, words, line=line))
    elif "parts" in chunk:
        found = content_parts(parts, chunk["parts"], line)
    else:
        kinds = {"driveImage": PartKind.IMAGE, "inlineImage": PartKind.IMAGE, "driveAudio": PartKind.AUDIO}
        found += [parts.hidden(kinds.get(key, PartKind.FILE), line=line) for key in _files(chunk)]
    return Message(role, side_of(role), tuple(found), line)


def _files(chunk: Fields) -> list[str]:
    return [key for key in chunk if key.startswith(("drive", "inline"))]


AI_STUDIO = Format(
    "ai-studio",
    lambda source: bool(items(fields_at(source.first, "chunkedPrompt"), "chunks")),
    read,
)
