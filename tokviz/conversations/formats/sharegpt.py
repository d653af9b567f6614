"""ShareGPT's and fine-tuning files: one conversation a row, in a list or one a line.

ShareGPT's rows have ``conversations`` of ``{from, value}`` and their tools as JSON text; the others have
``messages`` as OpenAI or LLaMA-Factory spell them, or a prompt with its answer. Alpaca's have an
instruction, what it is to be done with, and the answer. Of two answers of which one is preferred, that one is
read.
"""

from collections.abc import Iterator

from tokviz.conversations.fields import Fields, fields_at, items, objects, parsed, text
from tokviz.conversations.formats.format import Format
from tokviz.conversations.formats.openai_chat import read_messages
from tokviz.conversations.model import Conversation, Message, Part, PartKind, Side, roles_of
from tokviz.conversations.parts import PartFactory, first_words, side_of, tools_of
from tokviz.conversations.source import Source


def _read(source: Source, name: str) -> list[Conversation]:
    parts = PartFactory()
    found: list[Conversation] = []
    for position, row in _rows(source):
        calls = parts.tool_calls.copy()
        messages = _turns(parts, row) if items(row, "conversations") else _messages(parts, row)
        if not messages:
            source.tell_no_messages(position)
            continue
        system = text(row, "system", "system_prompt")
        found.append(
            Conversation(
                format=name,
                messages=tuple(messages),
                system=(parts.text(PartKind.TEXT, system),) if system else (),
                tools=tools_of(row.get("tools")) or (),
                roles=roles_of(messages),
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
    return read_messages(parts, _told(row))


def _told(row: Fields) -> list[object]:
    """The messages of a row; of a preference what was asked and the preferred answer."""
    if preferred := items(row, "preferred_output"):
        return items(fields_at(row, "input"), "messages") + preferred
    whole = items(row, "messages", "chosen_messages")
    if whole:
        return whole
    if _is_alpaca(row):
        return _instructed(row)
    asked, answered = row.get("prompt"), row.get("chosen", row.get("completion"))
    if isinstance(asked, str) and answered is None:
        return []  # a setting of some program's
    return _spoken("user", asked) + _spoken("assistant", answered)


def _instructed(row: Fields) -> list[object]:
    """Alpaca's: earlier turns as pairs, then the instruction and what it is for, and the answer."""
    told: list[object] = []
    for pair in items(row, "history"):
        if isinstance(pair, list) and len(pair) == 2:
            told += _spoken("user", pair[0]) + _spoken("assistant", pair[1])
    asked = [said for key in ("instruction", "input") if (said := text(row, key))]
    return [
        *told,
        *_spoken("user", "\n".join(asked)),
        *_spoken("assistant", row.get("chosen", row.get("output"))),
    ]


def _is_alpaca(row: Fields) -> bool:
    answered, whole = row.get("chosen", row.get("output")), {"conversations", "messages"} & row.keys()
    return isinstance(row.get("instruction"), str) and isinstance(answered, str) and not whole


def _spoken(role: str, said: object) -> list[object]:
    """Messages, one message, or the words of one."""
    if isinstance(said, list):
        return said
    if isinstance(said, dict):
        return [said]
    return [{"role": role, "content": said}] if isinstance(said, str) else []


def _turns(parts: PartFactory, row: Fields) -> list[Message]:
    messages = []
    chosen = fields_at(row, "chosen")  # of a preference
    told = objects(row.get("conversations")) + ([chosen] if _is_turn(chosen) else [])
    for index, turn in enumerate(told):
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
    return bool(turns) and all(map(_is_turn, turns[:5]))


def _is_turn(turn: Fields) -> bool:
    return "from" in turn or "role" in turn


def _is_messages(row: Fields) -> bool:
    messages = objects(_told(row))
    return bool(messages) and all("role" in message and "content" in message for message in messages[:2])


def _recognizes_sharegpt(source: Source) -> bool:
    rows = _first_rows(source)
    if any(_is_turns(row) for row in rows):
        return True
    return isinstance(source.document, list) and any(_is_messages(row) for row in rows)


SHAREGPT = Format("sharegpt", _recognizes_sharegpt, lambda source: _read(source, "sharegpt"))
ALPACA = Format(
    "alpaca",
    lambda source: any(map(_is_alpaca, _first_rows(source))),
    lambda source: _read(source, "alpaca"),
)
FINE_TUNING = Format(
    "fine-tuning",
    lambda source: not isinstance(source.document, list) and any(map(_is_messages, _first_rows(source))),
    lambda source: _read(source, "fine-tuning"),
)
