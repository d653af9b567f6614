"""Open WebUI's export: ``history.messages`` is a tree with a ``currentId``; ``messages`` is a flat copy."""

from tokviz.conversations.fields import Fields, fields_at, items, number, objects, text
from tokviz.conversations.formats.chatgpt import moment
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.trees import branch
from tokviz.conversations.model import Conversation, Message, PartKind, Request, Usage, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of
from tokviz.conversations.source import Source


def read(source: Source) -> list[Conversation]:
    """Every chat of the export."""
    parts = PartFactory()
    return [_conversation(parts, chat) for chat in _chats(source)]


def _chats(source: Source) -> list[Fields]:
    document = source.document
    rows = objects(document) if isinstance(document, list) else objects([document])
    return [fields_at(row, "chat") or row for row in rows]


def _conversation(parts: PartFactory, chat: Fields) -> Conversation:
    history = fields_at(chat, "history")
    tree = {name: node for name, node in fields_at(history, "messages").items() if isinstance(node, dict)}
    parents = {name: text(node, "parentId") for name, node in tree.items()}
    leaf = text(history, "currentId")
    live = branch(leaf if leaf in tree else next(reversed(tree), None), parents)
    kept = set(live)
    dead = [name for name in tree if name not in kept]
    calls = parts.tool_calls.copy()
    messages: list[Message] = []
    requests: list[Request] = []
    for index, name in enumerate([*live, *dead]):
        node, here = tree[name], index < len(live)
        usage = _usage(fields_at(node, "usage", "info"))
        if usage.context or usage.output:
            start, end = (0, len(messages)) if here else (None, None)
            requests.append(Request(text(node, "model"), usage, None, None, start, end, name))
        if here:
            messages.append(_message(parts, node, len(messages) + 1))
    system = text(fields_at(chat, "params"), "system")
    return Conversation(
        format="open-webui",
        messages=tuple(messages),
        requests=tuple(requests),
        system=(parts.text(PartKind.TEXT, system),) if system else (),
        roles=roles_of(messages),
        tool_calls=dict(parts.tool_calls - calls),
        id=text(chat, "id"),
        title=text(chat, "title") or first_words(messages),
        model=next((model for model in items(chat, "models") if isinstance(model, str)), None),
        date=messages[0].time if messages else moment(chat.get("timestamp")),
    )


def _message(parts: PartFactory, node: Fields, line: int) -> Message:
    role = text(node, "role") or "unknown"
    found = parts.blocks(node.get("content"), line=line)
    for file in objects(node.get("files")):
        kind = PartKind.IMAGE if file.get("type") == "image" else PartKind.FILE
        found.append(parts.hidden(kind, line=line, name=text(file, "name")))
    return Message(role, side_of(role), tuple(found), line, moment(node.get("timestamp")))


def _usage(told: Fields) -> Usage:
    """OpenAI's figures, which hold the cached tokens, or Ollama's."""
    read = number(told, "prompt_tokens", "prompt_eval_count", "input_tokens")
    cached = number(fields_at(told, "prompt_tokens_details"), "cached_tokens")
    output = number(told, "completion_tokens", "eval_count", "output_tokens")
    return Usage(None if read is None else max(0, read - (cached or 0)), output, cached)


OPEN_WEBUI = Format(
    "open-webui",
    lambda source: any(
        isinstance(fields_at(chat, "history").get("messages"), dict) for chat in _chats(source)[:5]
    ),
    read,
)
