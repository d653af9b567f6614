"""ShareGPT's and fine-tuning files: one conversation a row, in a list or one a line.

ShareGPT's rows have ``conversations`` of ``{from, value}`` and their tools as JSON text; the others have
``messages`` as OpenAI or LLaMA-Factory spell them.
"""

from collections import Counter
from collections.abc import Iterator

from tokviz import language
from tokviz.conversations.fields import Fields, fields_at, items, objects, parsed, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Side
from tokviz.conversations.parts import PartFactory, first_words, side_of, tools_of
from tokviz.conversations.source import Source
from tokviz.language import _


def _read(source: Source, name: str) -> list[Conversation]:
    parts = PartFactory()
    found: list[Conversation] = []
    for position, row in _rows(source):
        calls = parts.tool_calls.copy()
        messages = _turns(parts, row) if items(row, "conversations") else _messages(parts, row)
        if not messages:
            source.problems.add(
                _("Row {number} has no messages.", number=language.number(position)), position
            )
            continue
        system = text(row, "system", "system_prompt")
        found.append(
            Conversation(
                format=name,
                messages=tuple(messages),
                system=(parts.text(PartKind.TEXT, system),) if system else (),
                tools=tools_of(row.get("tools")) or (),
                roles=dict(Counter(message.role for message in messages)),
                tool_calls=dict(parts.tool_calls - calls),
                id=text(row, "id", "conversation_id"),
                title=first_words(messages),
                model=text(row, "model"),
            )
        )
    return found


def _rows(source: Source) -> Iterator[tuple[int, Fields]]:
    document = source.document
    if isinstance(document, list):
        yield from ((i + 1, row) for i, row in enumerate(document) if isinstance(row, dict))
    elif isinstance(document, dict):
        yield 1, document
    else:
        yield from ((record.line, record.fields) for record in source.records())


def _messages(parts: PartFactory, row: Fields) -> list[Message]:
    """Messages; of a preference the input and the preferred answer."""
    preferred = items(row, "preferred_output")
    if preferred:
        return read_messages(parts, items(fields_at(row, "input"), "messages") + preferred)
    return read_messages(parts, items(row, "messages"))


def _turns(parts: PartFactory, row: Fields) -> list[Message]:
    messages = []
    for index, turn in enumerate(objects(row.get("conversations"))):
        role = text(turn, "from", "role") or "unknown"
        value = text(turn, "value", "content") or ""
        found: list[Part]
        if role == "function_call":
            found = _call(parts, value, index + 1)
        elif side_of(role) is Side.TOOL:
            found = parts.tool_results(value, line=index + 1)
        else:
            found = [parts.text(PartKind.TEXT, value, line=index + 1)]
        messages.append(Message(role, side_of(role), tuple(found), index + 1))
    return messages


def _call(parts: PartFactory, value: str, line: int) -> list[Part]:
    given = parsed(value)
    calls = objects(given if isinstance(given, list) else [given])
    if not calls:
        return [parts.tool_call(None, value, line=line)]
    return [parts.tool_call(text(call, "name"), call.get("arguments", {}), line=line) for call in calls]


def _first_rows(source: Source) -> list[Fields]:
    document = source.document
    if isinstance(document, list):
        return objects(document[:20])
    if isinstance(document, dict):
        return [document]
    return [record.fields for record in source.head]


def _is_turns(row: Fields) -> bool:
    turns = objects(row.get("conversations"))
    return bool(turns) and all("from" in turn or "role" in turn for turn in turns[:5])


def _is_messages(row: Fields) -> bool:
    told = items(row, "messages") or items(row, "preferred_output")
    messages = objects(told)
    return bool(messages) and all("role" in message and "content" in message for message in messages[:2])


def _recognizes_sharegpt(source: Source) -> bool:
    rows = _first_rows(source)
    if any(_is_turns(row) for row in rows):
        return True
    return isinstance(source.document, list) and any(_is_messages(row) for row in rows)


SHAREGPT = Format("sharegpt", _recognizes_sharegpt, lambda source: _read(source, "sharegpt"))
FINE_TUNING = Format(
    "fine-tuning",
    lambda source: not isinstance(source.document, list) and any(map(_is_messages, _first_rows(source))),
    lambda source: _read(source, "fine-tuning"),
)
