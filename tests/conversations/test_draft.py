"""Requests that are written: nothing that was read is lost, and each maker gets what it takes."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.conversations.draft import (
    ANTHROPIC,
    GEMINI,
    OPENAI,
    SHAPES,
    Draft,
    DraftFile,
    DraftMessage,
    convert_draft,
    draft_json,
    read_draft,
    write_draft,
)
from tokviz.conversations.model import Tool

UNKNOWN: tuple[Any, ...] = (
    {"a": [1, 0.5, None]},
    [],
    "words",
    12345678901234567890,
    None,
    True,
    {"type": "ephemeral"},
    [{}, "x"],
)
WORDS = st.text(max_size=40)
FILES = st.lists(st.builds(DraftFile, st.text(min_size=1, max_size=12), WORDS), max_size=2).map(tuple)
MESSAGES = st.builds(DraftMessage, st.sampled_from(["user", "assistant"]), WORDS.filter(bool), FILES)
TOOL = Tool("weather", "The weather.", '{"type":"object","properties":{"city":{"type":"string"}}}')
DRAFTS = st.builds(
    Draft,
    WORDS,
    st.lists(MESSAGES, max_size=4).map(tuple),
    st.sampled_from([(), (TOOL,), (TOOL, Tool("now"))]),
)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """A request of any maker with fields and blocks that nobody knows."""
    unknown = st.sampled_from(UNKNOWN)
    blocks = st.one_of(
        st.fixed_dictionaries({"type": st.just("text"), "text": WORDS}, optional={"cache_control": unknown}),
        st.fixed_dictionaries({"text": WORDS}),
        st.fixed_dictionaries(
            {"type": st.sampled_from(["tool_use", "image", "document", "file"]), "x": unknown}
        ),
        st.fixed_dictionaries({"functionCall": unknown}),
    )
    content = st.one_of(WORDS, st.lists(blocks, max_size=3), st.none())
    role = st.sampled_from(["system", "developer", "user", "assistant", "model", "tool"])
    key = draw(st.sampled_from(["messages", "contents"]))
    held = "parts" if key == "contents" else "content"
    messages = st.fixed_dictionaries(
        {"role": role, held: content}, optional={"tool_calls": unknown, "name": unknown, "extra": unknown}
    )
    more = {
        "model": st.sampled_from(["gpt-4o", "claude-sonnet-4-5"]),
        "system": st.one_of(WORDS, st.lists(blocks, max_size=2)),
        "systemInstruction": unknown,
        "tools": unknown,
        "temperature": unknown,
        "stream": st.booleans(),
    }
    known = draw(st.fixed_dictionaries({}, optional=more))
    return {key: draw(st.lists(messages, max_size=4)), **known}


@given(requests())
def test_what_was_opened_is_saved_as_it_was(request: dict[str, Any]) -> None:
    draft = read_draft(request)
    assert draft is not None
    assert write_draft(draft) == request
    assert list(write_draft(draft)) == list(request)


@given(requests(), st.data())
def test_an_edit_changes_its_own_message_and_nothing_else(
    request: dict[str, Any], data: st.DataObject
) -> None:
    draft = read_draft(request)
    assert draft is not None
    if not draft.messages:
        return
    place = data.draw(st.integers(0, len(draft.messages) - 1))
    edited = replace(draft.messages[place], text="Something else altogether")
    messages = (*draft.messages[:place], edited, *draft.messages[place + 1 :])
    saved = write_draft(replace(draft, messages=messages))
    again = read_draft(saved)
    assert again is not None and again.messages == messages and again.system == draft.system
    key = "contents" if "contents" in request else "messages"
    differ = [one != other for one, other in zip(request[key], saved[key], strict=True)]  # type: ignore[call-overload]
    assert sum(differ) == 1
    assert {k: v for k, v in saved.items() if k != key} == {k: v for k, v in request.items() if k != key}
    before, after = draft.messages[place].raw, again.messages[place].raw
    assert before is not None and after is not None
    held = "parts" if key == "contents" else "content"
    assert {k: v for k, v in after.items() if k != held} == {k: v for k, v in before.items() if k != held}


@pytest.mark.parametrize("shape", SHAPES)
@given(draft=DRAFTS)
def test_every_makers_request_reads_back_as_the_draft(shape: str, draft: Draft) -> None:
    written = convert_draft(draft, shape, "claude-sonnet-4-5" if shape == ANTHROPIC else "gpt-4o", 1000)
    assert not written.left_out
    again = read_draft(json.loads(draft_json(written.request)))
    assert again is not None
    if draft.messages or draft.system or draft.tools or shape != OPENAI:
        assert again.shape == shape
    roles = {"assistant": "model"} if shape == GEMINI else {}
    assert again.system == draft.system
    assert [(roles.get(m.role, m.role), m.text, m.files) for m in draft.messages] == [
        (m.role, m.text, m.files) for m in again.messages
    ]
    assert [(tool.name, tool.description) for tool in again.tools] == [
        (tool.name, tool.description) for tool in draft.tools
    ]


def test_what_another_maker_cannot_take_is_named() -> None:
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"}}
    call = {"type": "tool_use", "id": "t", "name": "f", "input": {}}
    request = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 9,
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "See"}, image]},
            {"role": "assistant", "content": [call]},
        ],
    }
    draft = read_draft(request)
    assert draft is not None and draft.shape == ANTHROPIC
    written = convert_draft(draft, OPENAI, "gpt-4o", 100)
    assert written.left_out == ("1 × image", "1 × tool use")
    assert written.request["messages"] == [
        {"role": "user", "content": "See"},
        {"role": "assistant", "content": ""},
    ]
    assert convert_draft(draft, ANTHROPIC, "claude-opus-4.1", 5).request == request


@pytest.mark.parametrize(
    "value", [None, 3, "a", [], {}, {"messages": "x"}, {"messages": [1]}, {"input": "hi"}]
)
def test_what_is_no_request_is_no_draft(value: object) -> None:
    assert read_draft(value) is None
