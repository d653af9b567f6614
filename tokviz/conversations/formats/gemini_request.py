"""Google's generateContent, in camel or snake case."""

from tokviz.conversations.fields import Fields, fields_at, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.gemini_cli import content_parts
from tokviz.conversations.formats.requests import is_request, options_of, read_each
from tokviz.conversations.model import Conversation, Message, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of, tools_of
from tokviz.language import _


def conversation(fields: Fields) -> Conversation:
    """One request."""
    config = fields_at(fields, "generationConfig", "generation_config")
    parts = PartFactory(detail=text(config, "mediaResolution", "media_resolution"))
    told = fields.get("contents")
    messages = []
    for index, content in enumerate(objects([told] if isinstance(told, dict) else told)):
        role = text(content, "role") or "user"
        found = content_parts(parts, content.get("parts"), index + 1)
        messages.append(Message(role, side_of(role), tuple(found), index + 1))
    system = fields.get("systemInstruction", fields.get("system_instruction"))
    if isinstance(system, dict):
        system = system.get("parts")
    if isinstance(system, dict):
        system = [system]
    cached = text(fields, "cachedContent", "cached_content")
    return Conversation(
        format="request-gemini",
        messages=tuple(messages),
        system=tuple(content_parts(parts, system, None)),
        tools=tools_of(fields.get("tools")) or (),
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls),
        options=options_of(fields),
        title=first_words(messages),
        model=text(fields, "model") or text(config, "model"),
        partial=_("It reads cached content, which is not in the file.") if cached else None,
    )


def _is_gemini(fields: Fields) -> bool:
    told = fields.get("contents")
    found = objects([told] if isinstance(told, dict) else told)
    return bool(found) and all("parts" in content for content in found)


GEMINI = Format(
    "request-gemini",
    lambda source: is_request(source, _is_gemini),
    lambda source: read_each(source, conversation),
)
