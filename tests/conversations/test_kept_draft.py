"""A draft that is kept comes back with all it had, also what a maker's request had beside it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.conversations.draft import Draft, DraftFile, DraftMessage, read_draft, write_draft
from tokviz.conversations.json_parts import json_parts
from tokviz.conversations.kept_draft import draft_parts, keep_draft, kept_draft
from tokviz.conversations.model import Tool

_TEXT = st.text(st.sampled_from('ab \n"<é\ud83d\U0001f600\0'), max_size=8)
_FILES = st.lists(st.builds(DraftFile, _TEXT, _TEXT), max_size=2).map(tuple)
_MESSAGES = st.lists(st.builds(DraftMessage, _TEXT, _TEXT, _FILES), max_size=3).map(tuple)
_TOOLS = st.lists(st.builds(Tool, st.none() | _TEXT, st.none() | _TEXT, st.none() | _TEXT), max_size=2)
_DRAFTS = st.builds(Draft, _TEXT, _MESSAGES, _TOOLS.map(tuple))


@given(_DRAFTS, _DRAFTS)
def test_every_draft_comes_back(draft: Draft, opened: Draft) -> None:
    assert kept_draft(keep_draft(draft, opened)) == (draft, opened)


def test_what_was_read_is_written_as_it_was() -> None:
    request = {
        "model": "m",
        "temperature": 0.5,
        "messages": [{"role": "user", "content": [{"type": "text", "text": "half \ud83d"}, {"type": "x"}]}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"a": [1, None]}}}],
    }
    draft = read_draft(json.loads(json.dumps(request)))
    assert draft is not None
    back, opened = kept_draft(keep_draft(draft, Draft()))
    assert write_draft(back) == request and opened.empty and not back.empty


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"draft": {"system": 3}, "opened": {}}', b"\xff", b"[" * 9999]
)
def test_what_is_no_draft_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        kept_draft(data)


@given(_DRAFTS)
def test_its_parts_are_the_whole(draft: Draft) -> None:
    assert b"".join(draft_parts(draft, draft)) == keep_draft(draft, draft)


def test_a_large_draft_is_written_in_short_steps() -> None:
    text = 'a "b" \u20ac\n\ud83d' * 100_000
    draft = Draft("", (DraftMessage("user", text), DraftMessage("user", text, raw={"content": text})))
    parts = list(draft_parts(draft, draft))
    assert max(map(len, parts)) < 1 << 20 < sum(map(len, parts))
    back, _opened = kept_draft(b"".join(parts))
    assert back.messages[0].text == text and back.messages[1].raw == {"content": text}


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    )
)
def test_a_value_is_written_as_json_for_people(value: object) -> None:
    assert b"".join(json_parts(value)).decode() == json.dumps(value, ensure_ascii=False, indent=2)


def test_a_message_that_is_nested_deeply_comes_back() -> None:
    deep: object = "x"
    for _ in range(300):
        deep = [deep]
    draft = Draft("", (DraftMessage("user", "", raw={"content": deep}),))
    assert kept_draft(keep_draft(draft, draft))[0].messages[0].raw == {"content": deep}
