"""Changing a draft: every change can be undone, and nothing else is changed by it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.conversations.draft import Draft, DraftFile, DraftMessage, convert_draft, read_draft
from tokviz.conversations.draft_editing import DraftEditor, Entry, Kind, read_tools, tools_json

START = Draft(
    "Be brief.",
    (
        DraftMessage("user", "Hello", (DraftFile("a.txt", "one"),)),
        DraftMessage("assistant", "Hi"),
        DraftMessage("user", "Go on"),
    ),
)
TOOLS = '{"result": {"tools": [{"name": "f", "description": "Does.", "inputSchema": {"type": "object"}}]}}'


def editor() -> DraftEditor:
    made = DraftEditor(lambda: None)
    made.open(START)
    return made


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 20)), max_size=12))
def test_every_change_can_be_undone_and_done_again(steps: list[tuple[int, int]]) -> None:
    made = editor()
    states = [made.draft]
    for kind, place in steps:
        entries, count = made.entries, len(made.draft.messages)
        entry = entries[place % len(entries)]
        number = place % count if count else None
        if kind == 0:
            made.remove(entry)
        elif kind == 1:
            made.add_message(number)
        elif number is None:
            continue
        elif kind == 2:
            made.attach(number, "b.txt", "two")
        elif kind == 3:
            made.move(number, 1)
        elif kind == 4:
            made.set_role(number, "assistant" if place % 2 else "user")
        elif kind == 5 and entry.kind is not Kind.TOOLS:
            made.set_text(entry, f"text {len(states)}")
        elif kind == 6:
            made.set_text(Entry(Kind.TOOLS), TOOLS)
        if made.draft != states[-1]:
            states.append(made.draft)
    while made.undo():
        pass
    assert made.draft == START and not made.modified
    while made.redo():
        pass
    assert made.draft == states[-1]
    assert read_draft(convert_draft(made.draft, "openai", "gpt-4o", 9).request) == made.draft or not (
        made.draft.messages or made.draft.system or made.draft.tools
    )


def test_typing_is_undone_as_a_whole() -> None:
    made = editor()
    for text in ("Hello t", "Hello th", "Hello the"):
        made.set_text(Entry(Kind.MESSAGE, 0), text)
    made.set_text(Entry(Kind.SYSTEM), "Be long.")
    assert made.undo() and made.draft.messages[0].text == "Hello the"
    assert made.undo() and made.draft == START
    assert not made.undo()


def test_tools_are_read_from_a_list_of_any_kind_and_shown_as_mcp_has_them() -> None:
    (tool,) = read_tools(TOOLS)
    assert (tool.name, tool.description, tool.schema) == ("f", "Does.", '{"type":"object"}')
    assert read_tools(tools_json((tool,))) == (tool,)
    openai: list[dict[str, Any]] = [{"type": "function", "function": {"name": "g", "parameters": {}}}]
    assert [one.name for one in read_tools(json.dumps(openai))] == ["g"]
    assert read_tools(" ") == ()


@pytest.mark.parametrize("text", ["{", "3", "[{}]", '{"tools": 3}', "words"])
def test_what_is_no_list_of_tools_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="The tools must be JSON"):
        read_tools(text)
