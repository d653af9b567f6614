"""Claude.ai's data export: a list of conversations with ``chat_messages``.

A message's ``text`` repeats its ``content``. The text of attachments is in the file and was sent, files are
only named. Branches part at ``parent_message_uuid``; no usage and no system prompt are recorded.
"""

from collections import Counter

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.trees import branch
from tokviz.conversations.model import Conversation, Message, Part, PartKind, roles_of
from tokviz.conversations.parts import PartFactory, side_of
from tokviz.conversations.source import Source
from tokviz.language import _

_NO_PARENT = "00000000-0000-4000-8000-000000000000"


def read(source: Source) -> list[Conversation]:
    """Every conversation of the export."""
    parts = PartFactory()
    document = source.document
    if isinstance(document, list):
        found = objects(document)
    elif isinstance(document, dict):
        found = objects(document.get("conversations")) or [document]
    else:
        found = [record.fields for record in source.records()]
    return [_conversation(parts, fields) for fields in found if "chat_messages" in fields]


def _conversation(parts: PartFactory, fields: Fields) -> Conversation:
    told = _live(fields, objects(fields.get("chat_messages")))
    messages = [_message(parts, message, index + 1) for index, message in enumerate(told)]
    calls = (p.name or "None" for m in messages for p in m.parts if _is_call(p))  # verbatim
    return Conversation(
        format="claude-ai-export",
        messages=tuple(messages),
        roles=roles_of(messages),
        tool_calls=dict(Counter(calls)),
        id=text(fields, "uuid"),
        title=text(fields, "name"),
        project=text(fields_at(fields, "project"), "name", "uuid"),
        model=text(fields, "model"),
        date=text(fields, "created_at"),
        partial=_("Claude.ai's own system prompt and tools are not in the export."),
    )


def _is_call(part: Part) -> bool:
    return part.kind is PartKind.TOOL_CALL


def _live(fields: Fields, messages: list[Fields]) -> list[Fields]:
    """The messages on the branch of the current leaf; all of them where no parents are told."""
    named = {name: message for message in messages if (name := text(message, "uuid"))}
    parents = {name: text(message, "parent_message_uuid") for name, message in named.items()}
    if not any(parent in named for parent in parents.values()):
        return messages
    leaf = text(fields, "current_leaf_message_uuid")
    if leaf not in named:
        leaf = text(messages[-1], "uuid")
    return [named[name] for name in branch(leaf, parents)]


def _message(parts: PartFactory, told: Fields, line: int) -> Message:
    role = text(told, "sender", "role") or "unknown"
    found = parts.blocks([block for block in items(told, "content") if _counts(block)], line=line)
    whole = text(told, "text")
    if not found and whole:
        found = [parts.text(PartKind.TEXT, whole, line=line)]
    for attachment in objects(told.get("attachments")):
        name, content = text(attachment, "file_name"), text(attachment, "extracted_content")
        if content:
            found.append(parts.text(PartKind.FILE, content, line=line, name=name))
        else:
            found.append(parts.hidden(PartKind.FILE, number(attachment, "file_size"), line=line, name=name))
    for file in objects(told.get("files")) + objects(told.get("files_v2")):
        found.append(parts.hidden(PartKind.FILE, line=line, name=text(file, "file_name")))
    return Message(role, side_of(role), tuple(found), line, text(told, "created_at"))


def _counts(block: object) -> bool:
    """False for what only the program keeps."""
    return not isinstance(block, dict) or block.get("type") not in ("token_budget", "flag")


def _recognizes(source: Source) -> bool:
    document = source.document
    if isinstance(document, list):
        found = objects(document[:5])
    elif isinstance(document, dict):
        found = objects(items(document, "conversations")[:5]) or [document]
    else:
        found = [record.fields for record in source.head]
    return any(isinstance(fields.get("chat_messages"), list) for fields in found)


CLAUDE_AI = Format("claude-ai-export", _recognizes, read)
