"""What a tokenizer's normalization changes: found, counted, underlined, told."""

import random
from dataclasses import replace

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView
from tests.ui.hosts import HereWorker, worker_context
from tokviz.text.buffer import TextBuffer
from tokviz.tokenization.normalization import Form, rewritten_ranges
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.panels.tokenizer_note import NormalizationMarks, TokenizerNote
from tokviz.ui.tokens.normalization_changes import NormalizationChanges

TEXT = "ﬁ ① e\u0301 ½ plain Å\u0301, text.\n"


def settled(text: str, form: Form | None, qtbot: QtBot) -> NormalizationChanges:
    changes = NormalizationChanges(TextBuffer(text.encode()), HereWorker())
    changes.choose(form)
    if form:
        settle(changes, qtbot)
    return changes


def settle(changes: NormalizationChanges, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: changes.complete, timeout=60_000)


def expected(buffer: TextBuffer, form: Form) -> list[tuple[int, int]]:
    return [(start, end) for start, end, _ in rewritten_ranges(buffer.snapshot(), form)]


@pytest.mark.parametrize("form", ["NFC", "NFKC"])
def test_places_stay_those_of_the_whole_text_through_edits(form: Form, qtbot: QtBot) -> None:
    buffer = TextBuffer((TEXT * 12_000).encode())
    changes = NormalizationChanges(buffer, HereWorker())
    changes.choose(form)
    chance = random.Random(7)
    for _ in range(6):
        settle(changes, qtbot)
        places = expected(buffer, form)
        assert changes.count == len(places)
        assert changes.ranges_in(0, len(buffer)) == places
        low = buffer.boundary_before(chance.randrange(len(buffer)))
        high = buffer.boundary_before(min(len(buffer), low + chance.choice([0, 3, 40, 90_000])))
        assert changes.ranges_in(low, high) == [
            (start, end) for start, end in places if start < high and end > low
        ]
        buffer.replace(low, high, chance.choice(["", "\u0301", "ｱｲ ", "plain", TEXT * 3]).encode())
    buffer.load("\u212b new".encode())
    settle(changes, qtbot)
    assert changes.ranges_in(0, 7) == [(0, 3)]


def test_the_next_and_the_previous_place_go_round(qtbot: QtBot) -> None:
    changes = settled("a ① b ② c", "NFKC", qtbot)
    first, second = (2, 5), (8, 11)
    assert [changes.following(at) for at in (0, 2, 3, 8, 9, 99)] == [
        *(first, first, second, second, first, first)
    ]
    assert [changes.preceding(at) for at in (0, 2, 3, 8, 9, 99)] == [
        *(second, second, first, first, second, second)
    ]
    nothing = settled("a b", "NFKC", qtbot)
    assert nothing.following(0) is None and nothing.preceding(2) is None and nothing.count == 0


def test_without_normalization_nothing_is_asked(qtbot: QtBot) -> None:
    buffer, worker = TextBuffer(TEXT.encode()), HereWorker()
    changes = NormalizationChanges(buffer, worker)
    buffer.replace(0, 0, b"x")
    qtbot.wait(100)
    assert worker.jobs == []
    changes.choose("NFC")
    settle(changes, qtbot)
    changes.choose(None)
    assert changes.count == 0 and not changes.complete


def underlined(view: TokenView) -> set[int]:
    """The columns of the first row whose foot has a dash."""
    image = view.viewport().grab().toImage()
    style = view.text_viewport.layout.style
    y = style.row_height - 2
    return {
        round((x - 8 - style.advance / 2) / style.advance)
        for x in range(8, image.width())
        if image.pixelColor(x, y) == view.theme.accent
    }


def test_what_is_changed_is_underlined_and_nothing_else(open_view: OpenView, qtbot: QtBot) -> None:
    view = open_view("ab ½ e\u0301d\n")
    view.set_options(replace(view.options, boundaries=False, colors=False))
    changes = NormalizationChanges(view.buffer, HereWorker())
    NormalizationMarks(view, changes)
    assert underlined(view) == set()
    changes.choose("NFKC")
    settle(changes, qtbot)
    assert underlined(view) == {3, 5}
    view.editor.replace(0, 3, b"")
    settle(changes, qtbot)
    assert underlined(view) == {0, 2}
    changes.choose("NFC")
    settle(changes, qtbot)
    assert underlined(view) == {2}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "claude-2",
            "Claude 2 (and earlier) normalizes the text (NFKC) before it cuts it: 5 places are changed",
        ),
        ("qwen3", "Qwen 3 normalizes the text (NFC) before it cuts it: 2 places are changed"),
        ("o200k_base", ""),
    ],
)
def test_the_note_says_what_is_normalized(name: str, told: str, qtbot: QtBot) -> None:
    info = worker_context().registry.info(name)
    form: Form | None = {"NFC": "NFC", "NFKC": "NFKC"}.get(info.normalization)  # type: ignore[assignment]  # both are forms
    changes = settled(TEXT, form, qtbot)
    note = TokenizerNote(changes)
    qtbot.addWidget(note)
    note.show_info(info)
    assert note.text.startswith(told) if told else note.text == ""
    assert note.isHidden() == (not told)


def test_the_note_tells_where_nothing_is_changed_and_asks_for_places(qtbot: QtBot) -> None:
    buffer = TextBuffer(b"plain")
    changes = NormalizationChanges(buffer, HereWorker())
    note = TokenizerNote(changes)
    qtbot.addWidget(note)
    note.show_info(worker_context().registry.info("qwen3"))
    changes.choose("NFC")
    settle(changes, qtbot)
    qtbot.waitUntil(lambda: note.text.endswith("nothing in this text is changed."))
    buttons = note.findChildren(QToolButton)
    assert all(button.isHidden() for button in buttons)
    buffer.replace(0, 0, "e\u0301".encode())
    settle(changes, qtbot)
    qtbot.waitUntil(lambda: "1 place is changed, underlined." in note.text)
    wanted: list[bool] = []
    note.change_wanted.connect(wanted.append)
    for button in buttons:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert wanted == [False, True]


def test_what_a_users_file_does_not_say_is_told(qtbot: QtBot) -> None:
    note = TokenizerNote(settled("", None, qtbot))
    qtbot.addWidget(note)
    info = worker_context().registry.info("cl100k_base")
    note.show_info(structs.replace(info, sha256="", note="Assumed: split as cl100k_base does."))
    assert note.text == "Assumed: split as cl100k_base does."
    note.show_info(info)
    assert note.text == ""


def test_boundaries_that_are_not_claudes_own_are_said_to_be_none(qtbot: QtBot) -> None:
    note = TokenizerNote(settled("", None, qtbot))
    qtbot.addWidget(note)
    note.show_info(worker_context().registry.info("claude-v4.8"))
    assert "not Claude's own" in note.text
