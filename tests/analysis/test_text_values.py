"""Counting by pieces: whatever is edited, the totals are those of the text as it is now."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tokviz.analysis.text_values import PIECE, TextValues
from tokviz.tokenization.splitting.split_points import SafeSplitRule

NAMES = ("bytes",)


def settle(counts: TextValues, text: bytes) -> None:
    """Count whatever is wanted; the figure shows exactly which bytes were counted."""
    while wanted := counts.next_piece(text, NAMES):
        assert counts.deliver(wanted.key, {"bytes": text[wanted.start : wanted.end]})


def total(counts: TextValues) -> bytes | None:
    parts = counts.parts("bytes")
    return None if parts is None else b"".join(parts)


def test_pieces_are_cut_where_it_is_safe_and_small() -> None:
    text = b"some words, and more " * 20_000
    counts: TextValues = TextValues(len(text), SafeSplitRule())
    sizes = []
    while wanted := counts.next_piece(text, NAMES):
        sizes.append(wanted.end - wanted.start)
        counts.deliver(wanted.key, {"bytes": text[wanted.start : wanted.end]})
    assert max(sizes) <= PIECE * 1.5
    assert counts.complete(NAMES)
    assert total(counts) == text


def test_a_text_without_cuts_is_one_piece() -> None:
    text = b" " * 300_000
    counts: TextValues = TextValues(len(text), SafeSplitRule())
    wanted = counts.next_piece(text, NAMES)
    assert wanted is not None
    assert (wanted.start, wanted.end) == (0, len(text))


def test_a_figure_wanted_later_is_asked_for_alone() -> None:
    text = b"some words, and more " * 20_000
    counts = TextValues(len(text), SafeSplitRule())
    settle(counts, text)
    names = (*NAMES, "more")
    wanted = counts.next_piece(text, names)
    assert wanted is not None
    assert wanted.names == ("more",)
    assert counts.parts("more") is None
    assert total(counts) == text


def test_an_edit_makes_little_unknown() -> None:
    text = b"some words, and more " * 20_000
    counts: TextValues = TextValues(len(text), SafeSplitRule())
    settle(counts, text)
    counts.edited(200_000, 0, 1)
    assert counts.known_bytes(NAMES) >= len(text) - 2 * PIECE


def test_a_late_result_for_edited_bytes_is_dropped() -> None:
    counts: TextValues = TextValues(9, SafeSplitRule())
    wanted = counts.next_piece(b"one, two.", NAMES)
    assert wanted is not None
    counts.edited(3, 1, 1)
    assert not counts.deliver(wanted.key, {"bytes": b"one, two."})
    assert not counts.complete(NAMES)
    again = counts.next_piece(b"one; two.", NAMES)
    assert again is not None
    counts.abandon(again.key)
    settle(counts, b"one; two.")
    assert total(counts) == b"one; two."


@given(st.integers(0, 2**32), st.integers(1, 12))
@settings(deadline=None, max_examples=60)
def test_totals_follow_any_edits(seed: int, edits: int) -> None:
    chance = random.Random(seed)
    text = b"".join(
        chance.choice([b"word ", b"x, ", b"(", b"line\n", "字".encode(), b"1"]) for _ in range(60_000)
    )
    counts: TextValues = TextValues(len(text), SafeSplitRule())
    settle(counts, text)
    for _ in range(edits):
        start = chance.randrange(len(text) + 1)
        removed = min(chance.choice([0, 1, 5, 90_000]), len(text) - start)
        new = chance.choice([b"", b"a", b", ", b"many words " * 9_000])
        text = text[:start] + new + text[start + removed :]
        counts.edited(start, removed, len(new))
        assert len(counts) == len(text)
        if chance.random() < 0.5:
            counts.next_piece(text, NAMES)
    counts_left = [counts.next_piece(text, NAMES) for _ in range(3)]
    for wanted in reversed([wanted for wanted in counts_left if wanted]):
        counts.deliver(wanted.key, {"bytes": text[wanted.start : wanted.end]})
    settle(counts, text)
    if counts.complete(NAMES):
        assert total(counts) == text
    else:  # pieces given out and never delivered stay unknown, and are not counted twice
        assert counts.known_bytes(NAMES) < len(text)
