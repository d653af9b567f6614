"""Replacing gives what the search library's own ``sub`` gives, as one edit that says what really changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tokviz.analysis.tokens import search as searching
from tokviz.analysis.tokens.replacing import Replacement, make_replacer, replace_all
from tokviz.analysis.tokens.search import SearchError, TextQuery, text_search
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase, Reason


@dataclass
class Source:
    data: bytes


def replaced(text: bytes, query: TextQuery, by: str) -> Replacement | None:
    steps = replace_all(text, text_search(Source(text), query), make_replacer(query, by))

    def run() -> Iterator[None]:
        made.append((yield from steps))

    made: list[Replacement | None] = []
    list(run())
    return made[0]


def applied(text: bytes, query: TextQuery, by: str) -> bytes:
    made = replaced(text, query, by)
    return text if made is None else text[: made.start] + made.data + text[made.end :]


@given(st.text("ab é\n", max_size=60), st.sampled_from(["a", "ab", "é", "a b"]), st.text("ab\\é", max_size=4))
def test_plain_text(text: str, needle: str, by: str) -> None:
    assert applied(text.encode(), TextQuery(needle, match_case=True), by).decode() == text.replace(needle, by)


@given(st.text("ab é\n", max_size=60))
def test_patterns_with_groups(text: str) -> None:
    query = TextQuery(r"(a+)(?P<rest>b*)", match_case=True, pattern=True)
    expected = re.sub(query.text, r"<\2\n\g<rest>|\1>", text)
    assert applied(text.encode(), query, r"<\2\n\g<rest>|\1>").decode() == expected


@given(st.text("ab", min_size=1, max_size=40), st.sampled_from(["", "x", "long"]))
def test_what_really_changed_is_said(text: str, by: str) -> None:
    made = replaced(text.encode(), TextQuery("a", match_case=True), by)
    if made is None:
        assert "a" not in text
        return
    assert made.count == text.count("a")
    ends = made.parts[:, 0] + made.parts[:, 1]
    assert (made.parts[1:, 0] > ends[:-1]).all()
    buffer = TextBuffer(text.encode())
    changes: list[Change] = []
    buffer.follow(Phase.MODEL, changes.append)
    buffer.replace(made.start, made.end, made.data, Reason.EDIT, made.parts)
    after = buffer.snapshot()
    for offset, letter in enumerate(text):
        if letter == "b":
            at = changes[0].map_range(offset, offset + 1)
            assert at is not None and after[slice(*at)] == b"b"


def test_a_match_over_two_ranges_is_replaced_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "_FIRST", 7)
    text = b"abc " * 30
    assert applied(text, TextQuery("ABC "), "x") == b"x" * 30


@pytest.mark.parametrize("by", [r"\2", r"\g<name>", "\\", r"\q"])
def test_a_group_that_is_not_there_is_told(by: str) -> None:
    with pytest.raises(SearchError, match="This cannot be put in the place of a match"):
        replaced(b"some text", TextQuery("(text)", pattern=True), by)


def test_context_is_looked_at() -> None:
    query = TextQuery(r"(?<=b)a$", pattern=True)
    assert applied(b"ba\nca\nba", query, "x") == b"bx\nca\nbx"
    assert applied("éa ä".encode(), TextQuery("A"), "ü") == "éü ä".encode()
