"""Looking for a few byte strings at once."""

import re

from hypothesis import given
from hypothesis import strategies as st

from tokviz.tokenization.byte_search import ByteSearch, keys, longest_first

pieces = st.lists(st.sampled_from(["a", "b", "<", "think>", "</", "é", "▁", "|"]), max_size=5).map("".join)


@given(st.lists(pieces.map(str.encode), max_size=5), pieces)
def test_it_finds_what_is_there_and_nothing_else(texts: list[bytes], data: str) -> None:
    assert ByteSearch(texts).occurs(data.encode()) == any(text in data.encode() for text in texts)


@given(st.lists(pieces.map(str.encode), max_size=8))
def test_each_text_holds_a_key(texts: list[bytes]) -> None:
    found = keys(texts)
    assert len(found) <= len(texts)
    assert all(any(key in text for key in found) for text in texts)


def test_texts_that_begin_or_end_alike_share_a_key() -> None:
    assert keys([b"<think>", b"</think>"]) == [b"think>"]
    assert keys([b"[REF_1]", b"[REF_2]"]) == [b"[REF_"]
    assert keys([b"[REF_1]", b"[REF]", b"[/REF]"]) == [b"REF"]


def test_many_strings_together_are_found_as_each_alone() -> None:
    texts = [b"\n\n", b"<a.b>", b"[x]", b"\0\x01", b"a|b", b"\\d", b"\x7f+"]
    search = ByteSearch(texts)
    for text in texts:
        assert search.occurs(b"\xff 12 \xc3\xa9" + text + b"\xfe")
    for data in (b"", b"\n \n", b"<axb>", b"x", b"ab", b"5", b"\xff\xfe\x00", "é[é]".encode()):
        assert not search.occurs(data)


@given(st.lists(pieces.map(str.encode).filter(bool), min_size=1, max_size=8), pieces)
def test_the_leftmost_comes_first_and_of_those_the_longest(texts: list[bytes], data: str) -> None:
    by_length = sorted(texts, key=len, reverse=True)
    expected = re.finditer(b"|".join(map(re.escape, by_length)), data.encode())
    found = longest_first(texts).finditer(data.encode())
    assert [(m.start(), m.end(), m.group()) for m in found] == [
        (m.start(), m.end(), m.group()) for m in expected
    ]
