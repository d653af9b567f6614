"""Tokens joined by characters: what people see as one is not torn, and no more is joined than that."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.tokens.character_groups import Token, character_groups
from tokviz.analysis.tokens.characters import grapheme_bounds, graphemes
from tokviz.analysis.tokens.html_page import page_head

TEXTS = st.text(alphabet=st.sampled_from("ab \r\né\u0301日ก็क्षि👨\u200d👩🇩🇪🏳\ufe0f"), min_size=1, max_size=30)


def tokens_at(ends: list[int]) -> list[Token]:
    return [(index, 7, start, end) for index, (start, end) in enumerate(pairwise([0, *ends]))]


def ends_of(data: bytes) -> set[int]:
    ends, at = set[int](), 0
    for cluster in graphemes(data.decode()):
        at += len(cluster.encode())
        ends.add(at)
    return ends


@settings(deadline=None)
@given(TEXTS.filter(lambda text: not text.isascii()), st.data())
def test_groups_end_where_a_token_and_a_character_end(text: str, data: st.DataObject) -> None:
    body = text.encode()
    cuts = data.draw(st.lists(st.integers(1, len(body)), max_size=20))
    tokens = tokens_at(sorted([*cuts, len(body)]))
    size = data.draw(st.integers(1, 20))
    parts = [tokens[first : first + size] for first in range(0, len(tokens), size)]
    groups = [group for part in character_groups(body, parts) for group in part]
    assert [token for group in groups for token in group] == tokens
    whole = ends_of(body)
    assert all(group[-1][3] in whole for group in groups)
    if "\r\n" not in text:  # between parts, and where all is ASCII, a CR may stand without its LF
        assert all(token[3] not in whole for group in groups for token in group[:-1])


def test_what_ends_inside_a_character_comes_last() -> None:
    body = "a🇩🇪".encode()
    groups = list(character_groups(body, [tokens_at([1, 5])]))
    assert groups == [[[(0, 7, 0, 1)]], [[(1, 7, 1, 5)]]]


@settings(deadline=None)
@given(TEXTS, st.data())
def test_bounds_are_found_from_any_place(text: str, data: st.DataObject) -> None:
    body = text.encode()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, len(body)))
    bounds = grapheme_bounds(body, start, end)
    assert bounds[0] <= start <= end <= bounds[-1]
    assert set(bounds[1:]) <= ends_of(body)


def test_a_title_stays_text() -> None:
    head = page_head("<b> & c", "p{}")
    assert "<title>&lt;b&gt; &amp; c</title>" in head
    assert head.endswith("</style>\n</head>\n<body>\n")
