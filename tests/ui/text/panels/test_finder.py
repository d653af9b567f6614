"""The finder: next and previous, round the end, counting, and never stale."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from tests.ui.hosts import Host
from tokviz.analysis.tokens.search import SearchError, TextQuery
from tokviz.ui.text.panels import finder as module
from tokviz.ui.text.panels.finder import Finder, TokenIdQuery, TokenTextQuery

TEXT = b"the cat and the hat and the bat\n" * 3


class Told:
    """What a finder has said."""

    def __init__(self, finder: Finder) -> None:
        self.found: list[tuple[int, int, bool]] = []
        self.missed: list[bool] = []
        self.failed: list[str] = []
        finder.found.connect(lambda *match: self.found.append(match))
        finder.missed.connect(lambda: self.missed.append(True))
        finder.failed.connect(self.failed.append)


def make(host: Host) -> tuple[Finder, Told]:
    finder = Finder(host.shown)
    return finder, Told(finder)


def go(
    qtbot: QtBot, finder: Finder, told: Told, offset: int, backwards: bool = False
) -> tuple[int, int, bool]:
    before = len(told.found)
    finder.go(offset, backwards)
    qtbot.waitUntil(lambda: len(told.found) > before)
    return told.found[-1]


def counted(qtbot: QtBot, finder: Finder) -> int:
    qtbot.waitUntil(lambda: finder.is_complete)
    return finder.count


def test_next_and_previous_go_round(qtbot: QtBot) -> None:
    finder, told = make(Host(TEXT))
    finder.look_for(TextQuery("THE"))
    assert go(qtbot, finder, told, 0) == (0, 3, False)
    assert go(qtbot, finder, told, 3) == (12, 15, False)
    assert go(qtbot, finder, told, len(TEXT) - 3) == (0, 3, True)
    assert go(qtbot, finder, told, 12, backwards=True) == (0, 3, False)
    assert go(qtbot, finder, told, 0, backwards=True) == (88, 91, True)
    assert counted(qtbot, finder) == 9
    assert [finder.ordinal(at) for at in (0, 12, 88, 5)] == [1, 2, 9, None]
    assert finder.matches_in(0, 20) == [(0, 3), (12, 15)]


def test_what_is_not_there_is_missed(qtbot: QtBot) -> None:
    finder, told = make(Host(TEXT))
    finder.look_for(TextQuery("dog"))
    finder.go(10)
    qtbot.waitUntil(lambda: bool(told.missed))
    assert counted(qtbot, finder) == 0


def test_tokens_by_id_and_by_text(qtbot: QtBot) -> None:
    host = Host(TEXT)
    finder, told = make(host)
    token = host.tokens.token(host.tokens.index_at(12))
    assert token is not None
    finder.look_for(TokenIdQuery(token[0]))
    assert counted(qtbot, finder) == 6
    finder.look_for(TokenTextQuery(b" the"))
    assert counted(qtbot, finder) == 6
    assert go(qtbot, finder, told, 0) == (11, 15, False)
    finder.look_for(TokenTextQuery(b"the"))
    assert counted(qtbot, finder) == 3


def test_it_counts_again_after_edits_and_with_another_tokenizer(qtbot: QtBot) -> None:
    host = Host(TEXT)
    finder, told = make(host)
    finder.look_for(TextQuery("cat"))
    assert counted(qtbot, finder) == 3
    host.buffer.replace(0, 0, b"cat cat ")
    assert not finder.is_complete
    assert counted(qtbot, finder) == 5
    assert go(qtbot, finder, told, 5) == (12, 15, False)
    finder.look_for(TokenTextQuery(b" cat"))
    assert counted(qtbot, finder) == 4
    host.buffer.replace(0, 8, b"")
    qtbot.waitUntil(lambda: finder.is_complete and finder.count == 3)
    host.owner.choose("r50k_base")
    token_id = int(host.tokens.ids()[1])
    finder.look_for(TokenIdQuery(token_id))
    qtbot.waitUntil(lambda: finder.is_complete and finder.count == 3)


def test_while_tokens_are_unknown_the_count_is_not_final(qtbot: QtBot) -> None:
    host = Host(TEXT)
    finder, told = make(host)
    host.owner.forget()
    finder.look_for(TokenTextQuery(b" the"))
    finder.go(0)
    qtbot.waitUntil(lambda: bool(told.missed))
    assert not finder.is_complete
    host.owner.choose("o200k_base")
    qtbot.waitUntil(lambda: finder.is_complete and finder.count == 6)


def test_bad_questions_are_refused(qtbot: QtBot) -> None:
    finder, _ = make(Host(TEXT))
    for query in (TextQuery("(", pattern=True), TextQuery(""), TokenTextQuery(b""), TokenIdQuery(-1)):
        with pytest.raises(SearchError):
            finder.look_for(query)
        finder.go(0)
        assert finder.matches_in(0, 10) == []


def test_an_endless_pattern_is_reported(qtbot: QtBot) -> None:
    finder, told = make(Host(b"a" * 2000))
    finder.look_for(TextQuery("(a+)+b|(a|aa)+$x", pattern=True))
    finder.go(0)
    qtbot.waitUntil(lambda: bool(told.failed))
    assert "takes too long" in told.failed[0]


def test_only_the_count_grows_beyond_the_remembered(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    monkeypatch.setattr("tokviz.analysis.tokens.search.LONGEST_RANGE", 16)
    finder, _ = make(Host(TEXT))
    finder.look_for(TextQuery("the", match_case=True))
    assert counted(qtbot, finder) == 9
    assert finder.ordinal(0) == 1
    assert finder.ordinal(88) is None


def test_a_large_text_stalls_nothing(qtbot: QtBot) -> None:
    host = Host(b"")
    host.owner.forget()
    data = np.random.default_rng(1).integers(97, 123, 30_000_000, np.uint8).tobytes()
    with qtbot.waitSignal(host.shown.changed):
        host.owner.choose = lambda *_: None  # type: ignore[method-assign]
        host.buffer.load(data)
        host.owner.map_changed.emit(None)
    finder, told = make(host)
    gaps, last = [0.0], [time.thread_time()]

    def beat() -> None:
        now = time.thread_time()
        gaps.append(now - last[0])
        last[0] = now

    timer = QTimer(interval=0)
    timer.timeout.connect(beat)
    timer.start()
    finder.look_for(TextQuery("Qzxj"))
    finder.go(0)
    assert counted(qtbot, finder) > 10
    assert told.found
    # Alone it is some 12 ms; the machine may be busy.
    assert sorted(gaps)[-3] < 0.05
