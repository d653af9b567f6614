"""Chatbot UI's export: a ``history`` of chats, each with its messages and its prompt; no usage."""

from tokviz.conversations.fields import Fields, fields_at, items, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, PartKind, roles_of
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Source

_LOOKED_AT = 5


def read(source: Source) -> list[Conversation]:
    """Every chat of the export."""
    whole, parts = source.first, PartFactory()
    folders = {text(each, "id"): text(each, "name") for each in objects(whole.get("folders"))}
    return [_conversation(parts, chat, folders) for chat in objects(whole.get("history"))]


def _conversation(parts: PartFactory, chat: Fields, folders: dict[str | None, str | None]) -> Conversation:
    calls = parts.tool_calls.copy()
    messages = read_messages(parts, items(chat, "messages"))
    prompt = text(chat, "prompt")
    return Conversation(
        format="chatbot-ui",
        messages=tuple(messages),
        system=(parts.text(PartKind.TEXT, prompt),) if prompt else (),
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls - calls),
        id=text(chat, "id"),
        title=text(chat, "name") or first_words(messages),
        project=folders.get(text(chat, "folderId")) if text(chat, "folderId") else None,
        model=text(fields_at(chat, "model"), "id", "name") or text(chat, "model"),
    )


CHATBOT_UI = Format(
    "chatbot-ui",
    lambda source: any(
        isinstance(chat.get("messages"), list) and "prompt" in chat
        for chat in objects(items(source.first, "history")[:_LOOKED_AT])
    ),
    read,
)
