"""The parts of a text that a byte-level engine cannot cut, and what is made of them."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.sentencepiece import gigatoken_sentencepiece
from tokviz.tokenization.sentencepiece.unsafe_spans import UnsafeSpans
from tokviz.tokenization.sentencepiece.vocabulary import Rewriting

CROSSING = [" ======", " =======", "> </", "০০", " ½", "²)"]
PIECES = [
    *(
        " ",
        "  ",
        " " * 31,
        " " * 32,
        "\t",
        "\n",
        "\n\n",
        "a",
        " b",
        "1",
        "=",
        "======",
        "=" * 17,
        "> </",
        "<",
    ),
    *(
        "/",
        "SSSR",
        " SSSR",
        "²",
        ")",
        "½",
        " ½",
        "০০",
        "می\u200c",
        "▁",
        "\x10",
        "\x0e",
        "'s",
        "é",
        "👍",
        "\r",
    ),
]
hard_texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@given(hard_texts)
def test_lines_and_words_are_the_text_in_parts(text: str) -> None:
    data = text.encode()
    spans = UnsafeSpans(CROSSING, Rewriting(runs_first=True))
    marks = [text.encode() for text in (*CROSSING, "▁", "\x10", "\x0e")]
    lines = list(spans.lines(data))
    assert b"".join(part for part, _ in lines) == data
    for part, easy in lines:
        assert easy == (not any(mark in part for mark in marks))
        assert part.endswith(b"\n") or part is lines[-1][0]
        if not easy:
            words = list(spans.words(part))
            assert b"".join(word for word, _ in words) == part
            assert all(not easy or not any(mark in word for mark in marks) for word, easy in words)
            assert not all(easy for _, easy in words)


@cache
def engines(name: str) -> tuple[Registry, Registry]:
    return Registry(Assets()), Registry(Assets(), ["tokenizers"])


@pytest.mark.parametrize("few", [1 << 15, 0], ids=["merging", "another engine"])
@pytest.mark.parametrize("name", ["gemma", "mistral-v7"])
@given(texts=st.lists(hard_texts, min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_hard_texts_are_cut_as_published(name: str, few: int, texts: list[str]) -> None:
    fast, reference = (registry.get(name) for registry in engines("pieces"))
    data = [text.encode() for text in texts]
    expected = [reference.encode(text).ids.tolist() for text in data]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gigatoken_sentencepiece, "_FEW", few)
        assert [fast.encode(text).ids.tolist() for text in data] == expected
        assert fast.count_many(data).tolist() == [len(ids) for ids in expected]


@pytest.mark.parametrize("name", ["gemma", "mistral-v7"])
def test_every_length_of_a_run_of_spaces_before_what_they_may_join(name: str) -> None:
    fast, reference = (registry.get(name) for registry in engines("pieces"))
    texts = [
        f"x{' ' * spaces}{word}".encode()
        for spaces in range(70)
        for word in ("======", "12", "word", "(", "\n")
    ]
    expected = [reference.encode(text).ids.tolist() for text in texts]
    assert [fast.encode(text).ids.tolist() for text in texts] == expected
    assert fast.count_many(texts, parallel=False).tolist() == [len(ids) for ids in expected]


def test_words_that_cannot_be_rewritten_are_not_remembered_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gigatoken_sentencepiece, "_MOST_MERGED", 4)
    fast, reference = (registry.get("gemma") for registry in engines("pieces"))
    texts = [f"x ======{'=' * number} {number}\n".encode() for number in range(40)]
    expected = [len(reference.encode(text)) for text in texts]

    def count(start: int) -> bool:
        part = slice(start, start + 10)
        return list(fast.count_many(texts[part], parallel=False)) == expected[part]

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(count, list(range(30)) * 5))
