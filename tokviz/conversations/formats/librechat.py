"""LibreChat's export: messages flat with ``parentMessageId``, or nested in ``children``."""

from collections import Counter

from tokviz.conversations.fields import Fields, fields_at, items, objects, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.trees import branch
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Side
from tokviz.conversations.parts import PartFactory, first_words
from tokviz.conversations.source import Source


def read(source: Source) -> list[Conversation]:
    """The one conversation of the file."""
    whole, parts = source.first, PartFactory()
    flat = _flat(objects(whole.get("messages")))
    live = _live(flat)
    messages = [_message(parts, told, index + 1) for index, told in enumerate(live)]
    options = fields_at(whole, "options")
    prompt = text(options, "promptPrefix", "system", "instructions")
    return [
        Conversation(
            format="librechat",
            messages=tuple(messages),
            system=(parts.text(PartKind.TEXT, prompt),) if prompt else (),
            roles=dict(Counter(_role(told) for told in flat)),
            tool_calls=dict(parts.tool_calls),
            id=text(whole, "conversationId"),
            title=text(whole, "title") or first_words(messages),
            model=text(options, "model")
            or next((m for t in reversed(live) if (m := text(t, "model"))), None),
            date=text(live[0], "createdAt") if live else None,
        )
    ]


def _flat(nested: list[Fields]) -> list[Fields]:
    """All messages, each before its children, however deep they are nested."""
    found: list[Fields] = []
    waiting = list(reversed(nested))
    while waiting:
        message = waiting.pop()
        found.append(message)
        waiting += reversed(objects(message.get("children")))
    return found


def _live(messages: list[Fields]) -> list[Fields]:
    """The branch of the message written last; all of them where no parents are told."""
    named = {name: message for message in messages if (name := text(message, "messageId"))}
    parents = {name: text(message, "parentMessageId") for name, message in named.items()}
    if not named or not any(parent in named for parent in parents.values()):
        return messages
    leaf = max(named, key=lambda name: text(named[name], "createdAt") or "")
    if not text(named[leaf], "createdAt"):
        leaf = next(reversed(named))
    below = {parent: name for name, parent in parents.items() if parent}
    seen: set[str] = set()
    while leaf in below and leaf not in seen:  # an undated answer below the newest dated message
        seen.add(leaf)
        leaf = below[leaf]
    return [named[name] for name in branch(leaf, parents)]


def _role(told: Fields) -> str:
    return "user" if told.get("isCreatedByUser") is True else "assistant"


def _message(parts: PartFactory, told: Fields, line: int) -> Message:
    role = _role(told)
    found: list[Part] = []
    for block in items(told, "content"):
        found += _block(parts, block, line)
    if not found:
        found = parts.blocks(text(told, "text") or "", line=line)
    found += [
        parts.hidden(PartKind.FILE, line=line, name=text(f, "filename")) for f in objects(told.get("files"))
    ]
    side = Side.USER if role == "user" else Side.ASSISTANT
    return Message(role, side, tuple(found), line, text(told, "createdAt"))


def _block(parts: PartFactory, block: object, line: int) -> list[Part]:
    """Words, thinking, or a call with what it gave, each under a key that is called as its type."""
    if not isinstance(block, dict):
        return parts.blocks([block], line=line)
    call = fields_at(block, "tool_call")
    if call:
        asked = fields_at(call, "function") or call
        name, identity = text(asked, "name"), text(call, "id")
        given = asked.get("args", asked.get("arguments", {}))
        found = [parts.tool_call(name, given, call=identity, line=line)]
        answered = asked.get("output")
        return found + (parts.tool_results(answered, call=identity, line=line) if answered else [])
    if "think" in block:
        return [parts.thinking({"text": block["think"]}, line)]
    words = block.get("text")
    if isinstance(words, dict):
        words = words.get("value")
    return parts.blocks([block if words is None else {**block, "text": words}], line=line)


LIBRECHAT = Format(
    "librechat",
    lambda source: (
        "conversationId" in source.first
        and any("isCreatedByUser" in m for m in objects(items(source.first, "messages")[:3]))
    ),
    read,
)
