"""Claude's counts: equal to ctok's and to the maker's own."""

import json
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tokenization.claude.claude_texts import EXAMPLES, NEWER, mixture, texts
from tests.tokenization.claude.oracle import FIXTURE, RECORDED, VERSIONS, counter, ctok, has_ctok, recorded
from tokviz.assets import Assets
from tokviz.tokenization.claude.counter import ClaudeCounter
from tokviz.tokenization.claude.families import FAMILIES
from tokviz.tokenization.claude.infos import read_claude_infos
from tokviz.tokenization.claude.normalization import to_utf8
from tokviz.tokens import Provenance

needs_ctok = pytest.mark.skipif(not has_ctok(), reason="TOKVIZ_CTOK names no folder with ctok")


def fresh(family: str) -> ClaudeCounter:
    return ClaudeCounter(Assets(), FAMILIES[family])


@pytest.mark.parametrize("family", VERSIONS)
def test_counts_are_those_that_ctok_gave_for_our_texts(family: str) -> None:
    column = 1 + list(VERSIONS).index(family)
    rows = json.loads(FIXTURE.read_text(encoding="utf-8"))
    counts = counter(family).count_many([to_utf8(row[0]) for row in rows])
    assert [(row[0], row[column]) for row in rows] == [
        (row[0], count) for row, count in zip(rows, counts.tolist(), strict=True)
    ]


@pytest.mark.parametrize("family", ["v3", "v4.7", "opus-5"])
def test_counts_are_those_of_the_maker(family: str) -> None:
    rows = recorded()
    if rows is None:
        pytest.skip("no recorded counts are there")
    assert len(rows) == RECORDED
    assert f"equal on {RECORDED:,} of {RECORDED:,} texts" in Provenance.RECONSTRUCTED.explanation
    counts = counter(family).count_many([text.encode() for text, _ in rows.values()])
    ours = counts + FAMILIES[family].frame_tokens
    assert dict(zip(rows, ours.tolist(), strict=True)) == {name: row[1][family] for name, row in rows.items()}


@needs_ctok
@pytest.mark.parametrize("family", VERSIONS)
@given(text=texts())
@settings(max_examples=300, deadline=None)
def test_counts_are_ctoks(family: str, text: str) -> None:
    assert counter(family).count(text) == ctok(family)(text)


@needs_ctok
@pytest.mark.slow
@pytest.mark.parametrize("family", VERSIONS)
def test_every_character_counts_as_with_ctok(family: str) -> None:
    frames = ("{}", "a{}b", "a {}", "1{} a", "{}'s x", "文{} 文", "({}) ", "A{0}{0}{0}", "{}b {}B")
    codes = [*range(0x10000), *range(0x10000, 0x110000, 0x1FF)]
    characters = [c for c in map(chr, codes) if c not in NEWER]
    text_of = {c: frames[index % len(frames)].format(c, c) for index, c in enumerate(characters)}
    counts = counter(family).count_many([to_utf8(text) for text in text_of.values()])
    for text, count in zip(text_of.values(), counts.tolist(), strict=True):
        assert count == ctok(family)(text), ascii(text)


@pytest.mark.parametrize("family", FAMILIES)
def test_texts_together_count_as_one_by_one(family: str) -> None:
    draw = random.Random(5)
    many = [to_utf8("".join(mixture(draw) for _ in range(draw.choice((1, 1, 1, 400))))) for _ in range(120)]
    many += [b"", b"word " * 40_000, b"x" * 200_000, "文".encode() * 50_000, b"12" * 90_000, b"", b"\x07"]
    together = counter(family).count_many(many)
    alone = [fresh(family).count(text) for text in many[::40]]
    assert together[::40].tolist() == alone
    assert together.tolist() == [counter(family).count(text) for text in many]


def test_texts_of_the_same_bytes_in_other_widths_are_told_apart() -> None:
    # In UTF-16 † is two spaces, 慢 is "ba".
    many = [text.encode() for text in ("a  b", "a†b", "ba", "慢", "a  †b", "a††  b")]
    together = counter("v3").count_many(many).tolist()
    assert together == [fresh("v3").count(text) for text in many]


def test_a_long_text_counts_as_the_sum_of_its_lines() -> None:
    lines = [f"it's line {number}, 'quoted' (and don't end)!" for number in range(20_000)]
    together, first, second = counter("v3").count_many([b"a!\nb", b"a!", b"b"])
    single = counter("v3").count_many([text.encode() for text in lines])
    joints = (len(lines) - 1) * (together - first - second)
    assert counter("v3").count("\n".join(lines)) == single.sum() + joints


def test_counts_from_the_facts() -> None:
    known = {"a b": 2, "a 1": 3, "it's": 2, "it'S": 3, "e\x07\u0301": 2, "é": 1, "\u00a0a": 2, "": 0}
    assert {text: counter("v3").count(text) for text in known} == known
    hello = {"v3": 10, "v4.7": 15, "v4.8": 10}
    assert hello == {
        name: counter(name).count("hello, world") + FAMILIES[name].frame_tokens for name in hello
    }


def test_opus_5_gives_away_white_space_at_the_end() -> None:
    for text in EXAMPLES:
        bare = to_utf8(text).rstrip(b" \t\n\r\x0b\x0c")
        assert counter("opus-5").count(to_utf8(text)) == counter("v4.8").count(bare)


def test_bytes_that_are_no_text_count_as_replaced() -> None:
    data = b"a\xff b\xe2\x82"
    assert counter("v3").count(data) == counter("v3").count(data.decode(errors="replace"))
    assert counter("v3").count("\ud83d\ude00") == counter("v3").count("\ufffd\ufffd")


def test_counts_are_one_array_of_whole_numbers() -> None:
    counts = counter("v3").count_many([])
    assert counts.dtype == np.int64
    assert len(counts) == 0


@pytest.mark.parametrize("family", FAMILIES)
@given(text=texts() | st.text("\U0001d160\ufb2c\u0390\u023aA' ,1\n\u0e4d", max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_text_has_more_pieces_than_its_size_allows(family: str, text: str) -> None:
    most = read_claude_infos(Assets())[f"claude-{family}"].most_tokens(len(text.encode(errors="replace")))
    assert most is not None and counter(family).count(text) <= most
