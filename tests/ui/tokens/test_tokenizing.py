"""The tokens of a buffer come from the worker, what is in sight first, and are exact whatever is edited."""

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tokviz.analysis.tokens.token_map import UNKNOWN, TokenMap
from tokviz.analysis.tokens.token_map_chunks import TokenChunk
from tokviz.assets import Assets
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.tokens.tokenizing import Tokenizing

TEXT = "Tokens of a text — in sight first; edited, 是的。 <|endoftext|> don't\r\n".encode()
WAIT = 60_000


@pytest.fixture(scope="module")
def worker(qapp: QApplication) -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@cache
def registry() -> Registry:
    return Registry(Assets())


def settle(qtbot: QtBot, tokenizing: Tokenizing) -> TokenMap:
    qtbot.waitUntil(lambda: tokenizing.is_settled or bool(tokenizing.failure), timeout=WAIT)
    assert not tokenizing.failure
    assert tokenizing.map is not None
    return tokenizing.map


def check(qtbot: QtBot, tokenizing: Tokenizing, buffer: TextBuffer) -> None:
    tokens = settle(qtbot, tokenizing)
    whole = registry().get(tokenizing.tokenizer, tokenizing.mode).encode(buffer.snapshot())
    assert tokens.count == len(whole)
    assert np.array_equal(tokens.ids(), whole.ids) and np.array_equal(tokens.ends(), whole.ends)


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("o200k_base", SpecialTokens.PLAIN),
        ("mistral-v3", SpecialTokens.PLAIN),
        ("claude-2", SpecialTokens.PARSED),
        ("llama3", SpecialTokens.FRAMED),
    ],
    ids=str,
)
def test_tokens_are_exact_after_typing_without_a_pause(
    qtbot: QtBot, worker: Worker, name: str, mode: SpecialTokens
) -> None:
    buffer = TextBuffer(TEXT * 3000)
    tokenizing = Tokenizing(buffer, worker)
    tokenizing.choose(name, mode)
    # Before the tokenizer is loaded, while the text is tokenized, and after.
    chance = random.Random(name)
    for burst in range(6):
        for _ in range(chance.randint(1, 12)):
            start = buffer.boundary_before(chance.randrange(len(buffer)))
            end = buffer.boundary_after(min(start + chance.choice([0, 0, 0, 3, 5000]), len(buffer)))
            buffer.replace(start, end, chance.choice([b"x", b" ", b"\n", "é".encode(), b"", TEXT * 40]))
        if burst % 2:
            qtbot.wait(chance.choice([1, 15, 40]))
        elif burst:
            check(qtbot, tokenizing, buffer)
    check(qtbot, tokenizing, buffer)
    tokenizing.close()


def test_what_is_in_sight_comes_first(qtbot: QtBot, worker: Worker) -> None:
    buffer = TextBuffer(TEXT * 60_000)
    tokenizing = Tokenizing(buffer, worker)
    middle = len(buffer) // 2
    tokenizing.set_visible(middle, middle + 4000)
    known: list[tuple[int, int]] = []
    tokenizing.tokens_changed.connect(lambda start, end: known.append((start, end)))
    tokenizing.choose("cl100k_base")
    qtbot.waitUntil(lambda: bool(known), timeout=WAIT)
    assert known[0][0] <= middle and known[0][1] >= middle + 4000
    assert known[0][1] - known[0][0] < 6000
    tokens = tokenizing.map
    assert tokens is not None and tokens.is_known(middle, middle + 4000) and tokens.count is None
    # Somewhere else now: it is next but for what is in flight.
    tokenizing.set_visible(100, 2000)
    behind = len(known)
    qtbot.waitUntil(lambda: tokens.is_known(100, 2000), timeout=WAIT)
    # However late this looks, in the order of arrival it was next but for what was in flight.
    place = next(n for n, (start, end) in enumerate(known[behind:]) if start <= 100 and end >= 2000)
    assert place <= 4
    shares: list[tuple[int, int]] = []
    tokenizing.progressed.connect(lambda done, of: shares.append((done, of)))
    check(qtbot, tokenizing, buffer)
    assert shares == sorted(shares) and shares[-1] == (len(buffer), len(buffer))
    tokenizing.close()


def test_an_edit_has_its_tokens_at_once_in_a_large_text(qtbot: QtBot, worker: Worker) -> None:
    buffer = TextBuffer(TEXT * 60_000)
    tokenizing = Tokenizing(buffer, worker)
    tokenizing.choose("o200k_base")
    settle(qtbot, tokenizing)
    counts: list[int] = []
    tokenizing.settled.connect(counts.append)
    before = tokenizing.map.count if tokenizing.map else None
    changed: list[tuple[int, int]] = []
    tokenizing.tokens_changed.connect(lambda start, end: changed.append((start, end)))
    place = len(TEXT) * 30_000
    buffer.replace(place, place, b"one ")
    assert tokenizing.map is not None and tokenizing.map.count is None
    qtbot.waitUntil(lambda: bool(counts), timeout=WAIT)
    assert changed and changed[0][1] - changed[0][0] < 100
    assert before is not None and counts == [before + 1]
    assert changed[-1][1] - changed[-1][0] < 100
    buffer.replace(place, place + 4, b"")
    qtbot.waitUntil(lambda: len(counts) == 2, timeout=WAIT)
    assert counts[-1] == before
    tokenizing.close()


@pytest.mark.parametrize(
    ("start", "end", "data"),
    [(0, 0, b"x"), (30_000, 30_000, b"one "), (30_001, 30_002, b""), (30_000, 30_300, b"z"), (-1, -1, b"y")],
    ids=["at the beginning", "typed", "deleted", "a selection replaced", "at the end"],
)
def test_the_frame_of_a_key_shows_the_tokens_of_before_moved(
    qtbot: QtBot, worker: Worker, start: int, end: int, data: bytes
) -> None:
    buffer = TextBuffer(b"a few words, no more\n" * 3000)
    tokenizing = Tokenizing(buffer, worker)
    tokenizing.choose("o200k_base")
    settle(qtbot, tokenizing)
    size = len(buffer)
    start, end = start % (size + 1), end % (size + 1)
    far = tokenizing.tokens_in(max(start - 500, 0), max(start - 400, 0)), tokenizing.tokens_in(40_000, 40_500)
    buffer.replace(start, end, data)
    for low, high in ((max(start - 60, 0), start + 80), (start, start + 1), (start + len(data), start + 400)):
        low, high = min(low, len(buffer) - 1), min(high, len(buffer))
        shown = tokenizing.tokens_in(low, high)
        assert shown.starts[0] <= low and shown.ends[-1] >= high
        assert shown.starts[1:].tolist() == shown.ends[:-1].tolist()
        assert UNKNOWN not in shown.ids
    for run, low, high in zip(far, (max(start - 500, 0), 40_000), (max(start - 400, 0), 40_500), strict=True):
        by = len(data) - (end - start) if low > start else 0
        shown = tokenizing.tokens_in(low + by, high + by)
        if high < start or low > end:
            assert shown.ends.tolist() == (run.ends + by).tolist() and not shown.stale.any()
    check(qtbot, tokenizing, buffer)
    tokenizing.close()


class Muted(Worker):
    """A worker that may be told to answer no more."""

    mute = False

    def submit(self, *asked: Any, **more: Any) -> int:
        return -1 if self.mute else super().submit(*asked, **more)


def test_old_tokens_are_shown_as_stale_when_the_right_ones_are_late(qtbot: QtBot) -> None:
    muted = Muted()
    buffer = TextBuffer(TEXT * 100)
    tokenizing = Tokenizing(buffer, muted)
    tokenizing.set_visible(400, 600)
    tokenizing.choose("o200k_base")
    settle(qtbot, tokenizing)
    muted.mute = True
    changed: list[tuple[int, int]] = []
    tokenizing.tokens_changed.connect(lambda start, end: changed.append((start, end)))
    buffer.replace(500, 500, b"x")
    qtbot.waitUntil(lambda: bool(changed), timeout=WAIT)
    assert changed == [(400, 600)]
    assert tokenizing.tokens_in(400, 600).stale.any()
    tokenizing.close()
    muted.close()


def test_for_the_frame_of_a_large_edit_not_all_old_tokens_are_read(
    qtbot: QtBot, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = TextBuffer(TEXT * 5000)
    tokenizing = Tokenizing(buffer, worker)
    tokenizing.choose("o200k_base")
    settle(qtbot, tokenizing)
    read: list[int] = []
    replace = TokenMap._replace

    def noted(tokens: TokenMap, start: int, end: int, chunk: TokenChunk) -> None:
        read.append(len(chunk.ids))
        replace(tokens, start, end, chunk)

    monkeypatch.setattr(TokenMap, "_replace", noted)
    buffer.load(TEXT * 4000)
    tokenizing.tokens_in(100, 200)
    settle(qtbot, tokenizing)
    buffer.replace(0, len(TEXT) * 2000, b"x")
    tokenizing.tokens_in(100, 200)
    buffer.replace(500, 500, TEXT * 2000)
    tokenizing.tokens_in(100, 200)
    assert 0 < max(read) < 50_000
    check(qtbot, tokenizing, buffer)
    tokenizing.close()


def test_a_text_that_is_deleted_has_no_tokens_at_once(qtbot: QtBot, worker: Worker) -> None:
    buffer = TextBuffer(TEXT)
    tokenizing = Tokenizing(buffer, worker)
    tokenizing.choose("o200k_base")
    settle(qtbot, tokenizing)
    changed: list[tuple[int, int]] = []
    tokenizing.tokens_changed.connect(lambda start, end: changed.append((start, end)))
    buffer.replace(0, len(buffer), b"")
    assert len(tokenizing.tokens_in(0, 0)) == 0
    qtbot.waitUntil(lambda: bool(changed), timeout=WAIT)
    assert tokenizing.map is not None and tokenizing.map.count == 0
    tokenizing.close()


def test_another_tokenizer_shows_the_old_boundaries_in_sight_until_its_own_come(
    qtbot: QtBot, worker: Worker
) -> None:
    buffer = TextBuffer(TEXT * 300)
    tokenizing = Tokenizing(buffer, worker)
    maps: list[object] = []
    tokenizing.map_changed.connect(maps.append)
    tokenizing.choose("o200k_base")
    tokenizing.set_visible(0, 3000)
    old = settle(qtbot, tokenizing).tokens_in(0, 3000)
    tokenizing.choose("r50k_base")
    assert tokenizing.map is maps[-1] and not tokenizing.is_settled and tokenizing.special_tokens == {}
    buffer.replace(0, 0, b"xy")
    shown = tokenizing.map.tokens_in(2, 3002) if tokenizing.map else None
    assert shown is not None and shown.stale.all() and set(shown.ids.tolist()) == {UNKNOWN}
    assert set((old.ends[3:-1] + 2).tolist()) <= set(shown.ends.tolist())
    check(qtbot, tokenizing, buffer)
    assert tokenizing.special_tokens == {50256: "<|endoftext|>"}
    tokenizing.close()


def test_an_empty_text_and_one_that_is_loaded(qtbot: QtBot, worker: Worker) -> None:
    buffer = TextBuffer()
    tokenizing = Tokenizing(buffer, worker)
    assert tokenizing.map is None
    with qtbot.waitSignal(tokenizing.settled, timeout=WAIT) as settled:
        tokenizing.choose("llama3", SpecialTokens.FRAMED)
    assert settled.args == [1]
    buffer.load(TEXT * 5000)
    buffer.load(TEXT * 100)
    check(qtbot, tokenizing, buffer)
    buffer.load(b"")
    assert tokenizing.is_settled and settle(qtbot, tokenizing).count == 1
    tokenizing.close()


def test_a_tokenizer_that_cannot_be_used_is_told_of_and_another_works(qtbot: QtBot, worker: Worker) -> None:
    buffer = TextBuffer(TEXT)
    tokenizing = Tokenizing(buffer, worker)
    with qtbot.waitSignal(tokenizing.failed, timeout=WAIT) as failed:
        tokenizing.choose("o200k")
    assert failed.args == ["There is no tokenizer “o200k”; did you mean “o200k_base”?"]
    assert tokenizing.failure == failed.args[0] and tokenizing.map is None and not tokenizing.is_settled
    buffer.replace(0, 0, b"more ")
    tokenizing.choose("o200k_base")
    assert not tokenizing.failure
    check(qtbot, tokenizing, buffer)
    tokenizing.close()


def test_a_worker_that_dies_is_replaced_and_the_tokens_come(qtbot: QtBot) -> None:
    worker = Worker()
    buffer = TextBuffer(TEXT * 60_000)
    tokenizing = Tokenizing(buffer, worker)
    tokenizing.choose("r50k_base")
    qtbot.waitUntil(lambda: bool(tokenizing.map and tokenizing.map.known_bytes), timeout=WAIT)
    with qtbot.waitSignal(worker.restarted, timeout=WAIT):
        worker._process.kill()
        buffer.replace(10, 20, b"while it is dead")
    check(qtbot, tokenizing, buffer)
    worker.close()


def test_a_listener_may_say_what_is_in_sight_before_the_edit_is_taken_in(
    qtbot: QtBot, worker: Worker
) -> None:
    """As a view does that was made first and scrolls with the edit."""
    buffer = TextBuffer(TEXT * 2000)
    made: list[Tokenizing] = []

    def scrolled(change: Change) -> None:
        made[0].set_visible(change.start, change.start + 3000)

    buffer.follow(Phase.VIEW, scrolled)
    made.append(Tokenizing(buffer, worker))
    made[0].choose("o200k_base")
    for place in range(0, 100_000, 9973):
        at = buffer.boundary_before(place)
        buffer.replace(at, at, b"z")
        qtbot.wait(2)
    check(qtbot, made[0], buffer)
    made[0].close()


def test_nothing_is_asked_after_closing(qtbot: QtBot, worker: Worker) -> None:
    buffer = TextBuffer(TEXT * 1000)
    tokenizing = Tokenizing(buffer, worker)
    tokenizing.choose("o200k_base")
    tokenizing.close()
    assert not worker.busy
    buffer.replace(0, 0, b"x")
    tokenizing.set_visible(0, 10)
    assert not worker.busy and tokenizing.map is None
