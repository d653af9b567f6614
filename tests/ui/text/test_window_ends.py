"""Where a model's window ends: seen in the text, selected, cut off, copied; and the chunks a text makes."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject, QPoint, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker, theme, worker_context
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.ui.common.model_limits import ModelLimit
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.text.page import TextPage
from tokviz.ui.text.panels.window_end import VEIL

NAME = "o200k_base"
TEXT = "".join(f"Line {n} has some words. It goes on like that.\n" for n in range(400))


class Models(QObject):
    """Stands for the models panel."""

    limits_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.selected_limit: ModelLimit | None = None
        self.other_limits: Sequence[ModelLimit] = ()

    def select(self, limit: ModelLimit | None, *others: ModelLimit) -> None:
        self.selected_limit, self.other_limits = limit, others
        self.limits_changed.emit()


@pytest.fixture
def models() -> Models:
    return Models()


@pytest.fixture
def page(tmp_path: Path, models: Models, qtbot: QtBot) -> Iterator[TextPage]:
    """The page, shown, with a text that its models may be too small for."""
    settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    worker = HereWorker()
    page = TextPage(
        cast(Worker, worker),
        worker_context().registry,
        [NAME, "mistral-v3"],
        settings,
        theme(),
        unsaved=UnsavedTexts(tmp_path),
    )
    qtbot.addWidget(page)
    page.resize(700, 700)
    page.window_ends.follow(models)
    with qtbot.waitExposed(page):
        page.show()
    page.show_text(TEXT.encode(), "A text")
    qtbot.waitUntil(lambda: page.tokenizing.is_settled and NAME in page.counts(), timeout=60_000)
    yield page
    page.hide()
    worker.close()


def settle(page: TextPage, qtbot: QtBot) -> int:
    """Wait until the selected end is known wholly; where it is."""

    def known() -> bool:
        end = page.window_ends.limits.selected
        return end is not None and end.cut is not None

    qtbot.waitUntil(known, timeout=60_000)
    end = page.window_ends.limits.selected
    assert end is not None
    return end.offset


def entry(page: TextPage, *words: str) -> None:
    """Choose an entry of the Edit menu, or of a menu in it."""
    actions = page.actions_for("edit")
    for number, word in enumerate(words):
        found = next(each for each in actions if word in each.text().replace("&", ""))
        if number + 1 < len(words):
            actions = found.menu().actions()  # type: ignore[attr-defined]
        else:
            found.trigger()


def pixel(page: TextPage, offset: int) -> QColor:
    """The background at the foot of the character at a byte, beside its letter."""
    viewport = page.view.viewport()
    box = page.view.text_viewport.box_of(offset, offset + 1)
    assert box is not None
    return viewport.grab().toImage().pixelColor(box.topLeft() + QPoint(1, box.height() - 4))


def test_what_does_not_fit_is_paler_and_the_mouse_restores_it(
    page: TextPage, models: Models, qtbot: QtBot
) -> None:
    page.view.set_options(page.view.options.__class__(boundaries=False))
    full, first = pixel(page, 200), pixel(page, 3)
    models.select(ModelLimit("Small", NAME, 20))
    assert settle(page, qtbot) < 200
    pale, surface = pixel(page, 200), theme().surface
    for part in (QColor.red, QColor.green, QColor.blue):
        assert abs(part(pale) - (part(full) * (1 - VEIL) + part(surface) * VEIL)) <= 2
    assert pixel(page, 3) == first
    box = page.view.text_viewport.box_of(200, 201)
    assert box is not None
    QTest.mouseMove(page.view.viewport(), box.center())
    qtbot.waitUntil(lambda: page.view.state.decorations.hovered is not None)
    assert pixel(page, 200) == full
    models.select(None)
    assert pixel(page, 240) != pale


def test_the_rule_steps_up_at_the_token(page: TextPage, models: Models, qtbot: QtBot) -> None:
    models.select(ModelLimit("Small", NAME, 20), ModelLimit("Other", "mistral-v3", 40))
    offset = settle(page, qtbot)
    qtbot.waitUntil(lambda: len(page.window_ends.limits.others) == 1)
    image, error = page.view.viewport().grab().toImage(), theme().error
    ((y, row),) = page.view.text_viewport.touching(offset, offset + 1)
    x = page.view.text_viewport.geometry.text_left + round(row.x_of(offset))
    height = page.view.row_height
    assert image.pixelColor(x - 20, y + height - 1) == error
    assert image.pixelColor(x, y + height // 2) == error
    assert image.pixelColor(x + 20, y) == error
    assert image.pixelColor(x - 20, y) != error


def test_rows_drawn_one_by_one_show_what_the_whole_shows(
    page: TextPage, models: Models, qtbot: QtBot
) -> None:
    models.select(ModelLimit("Small", NAME, 50), ModelLimit("Other", "mistral-v3", 90))
    settle(page, qtbot)
    qtbot.waitUntil(lambda: len(page.window_ends.limits.others) == 1)
    viewport, height = page.view.viewport(), page.view.row_height
    whole = QImage(viewport.size(), QImage.Format.Format_RGB32)
    viewport.render(whole)
    parts = QImage(whole.size(), whole.format())
    for y in range(0, viewport.height(), height):
        viewport.render(parts, QPoint(0, y), QRegion(0, y, viewport.width(), height))
    assert parts == whole


def test_the_ruler_shows_the_end(page: TextPage, models: Models, qtbot: QtBot) -> None:
    models.select(ModelLimit("Small", NAME, 2000))
    offset = settle(page, qtbot)
    bar = page.view.verticalScrollBar()
    share = offset / len(TEXT)

    def hatched() -> bool:
        image = bar.grab().toImage()
        above = image.pixelColor(10, round((share - 0.05) * bar.height()))
        below = image.pixelColor(12, round((share + 0.03) * bar.height()))
        return above == theme().surface and below != theme().surface

    qtbot.waitUntil(hatched)
    label = page.view.findChild(QLabel, "endLabel")
    assert label is not None
    qtbot.waitUntil(label.isVisible)
    assert label.text() == "Small window ends here"
    page.view.reveal(offset)
    qtbot.waitUntil(label.isHidden)


def test_the_ruler_scrolls(page: TextPage, qtbot: QtBot) -> None:
    bar = page.view.verticalScrollBar()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(7, bar.height() - 3))
    assert bar.value() == bar.maximum()
    QTest.mouseMove(bar, QPoint(7, 2))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(7, 2))
    qtbot.waitUntil(lambda: bar.value() == 0)
    assert page.view.visible_bytes()[0] == 0


def test_select_and_cut(page: TextPage, models: Models, qtbot: QtBot) -> None:
    said: list[str] = []
    page.information.connect(said.append)
    entry(page, "Select What Does Not Fit")
    assert "Select a model" in said[-1]
    models.select(ModelLimit("Large", NAME, 1_000_000))
    entry(page, "Select What Does Not Fit")
    assert said[-1] == "The whole text fits Large: 1,000,000 tokens."
    models.select(ModelLimit("Small", NAME, 500))
    offset = settle(page, qtbot)
    entry(page, "Select What Does Not Fit")
    assert page.view.state.selection == (offset, len(TEXT))
    encoding = worker_context().registry.get(NAME)
    for word, ends in (("Token", None), ("Line", "\n"), ("Sentence", (". ", ".\n"))):
        settle(page, qtbot)
        entry(page, "Cut to Fit", word)
        kept = page.view.buffer.snapshot().decode()
        assert TEXT.startswith(kept)
        assert 470 < encoding.count(kept.encode()) <= 500
        assert ends is None or kept.endswith(ends)
        assert "Undo brings them back" in said[-1]
        page.view.commands.run("undo")
        assert page.view.buffer.snapshot() == TEXT.encode()


def test_nothing_is_cut_where_nothing_may_be_edited(page: TextPage, models: Models, qtbot: QtBot) -> None:
    models.select(ModelLimit("Small", NAME, 500))
    settle(page, qtbot)
    page.view.set_read_only("It is being compared.")
    with qtbot.waitSignal(page.problem) as said:
        entry(page, "Cut to Fit", "Line")
    assert said.args == ["It is being compared."]
    assert len(page.view.buffer) == len(TEXT)


def test_the_first_tokens_are_copied(page: TextPage) -> None:
    page.window_ends.actions.copy_first(100)
    copied = QGuiApplication.clipboard().text().encode()
    ends = worker_context().registry.get(NAME).encode(TEXT.encode()).ends
    assert copied == TEXT.encode()[: ends[99]]
    page.window_ends.actions.copy_first(10_000_000)
    assert QGuiApplication.clipboard().text() == TEXT


def test_how_many_are_asked_for_is_written_as_all_numbers_are(page: TextPage, qtbot: QtBot) -> None:
    shown: list[str] = []

    def look() -> None:
        (dialog,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, QInputDialog)]
        shown.extend(field.text() for field in dialog.findChildren(QSpinBox))
        dialog.reject()

    QTimer.singleShot(50, look)
    page.window_ends.actions.ask_how_many()
    assert shown == ["1,000"]


def test_chunks_are_shown_selected_and_taken_away(
    page: TextPage, models: Models, tmp_path: Path, qtbot: QtBot
) -> None:
    models.select(ModelLimit("Small", NAME, 500))
    entry(page, "Preview Chunks")
    dialog, count = page.window_ends.chunks, worker_context().registry.get(NAME).count
    dialog.choose(300, 40, BreakAt.LINE)
    qtbot.waitUntil(lambda: bool(dialog.chunks) and dialog.chunks[-1].end == len(TEXT))
    chunks = dialog.chunks
    assert all(count(TEXT[c.start : c.end].encode()) == c.tokens <= 300 for c in chunks)
    qtbot.waitUntil(lambda: dialog.text.startswith(f"{len(chunks)} chunks of "))
    assert "longer" not in dialog.text
    dialog.choose(8, 0, BreakAt.LINE)
    qtbot.waitUntil(lambda: "end inside a line that is longer" in dialog.text)
    dialog.choose(300, 40, BreakAt.LINE)
    qtbot.waitUntil(lambda: dialog.chunks == chunks and "longer" not in dialog.text)
    dialog.select_chunk(3)
    assert page.view.state.selection == (chunks[2].start, chunks[2].end)
    dialog.copy_chunk()
    assert QGuiApplication.clipboard().text() == TEXT[chunks[2].start : chunks[2].end]
    path = tmp_path / "chunks.json"
    with qtbot.waitSignal(page.information):
        dialog.export(path)
    records = json.loads(path.read_text("utf-8"))
    assert [record["text"] for record in records] == [TEXT[c.start : c.end] for c in chunks]
    with qtbot.waitSignal(page.information):
        dialog.export(tmp_path / "chunks.jsonl")
    lines = (tmp_path / "chunks.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == records
    page.view.editor.replace(0, len(TEXT) - 50, b"")
    qtbot.waitUntil(lambda: [(c.start, c.end) for c in dialog.chunks] == [(0, 50)])
    dialog.choose(1, 0, BreakAt.TOKEN)
    page.view.editor.replace(0, 50, "👩‍👩‍👧".encode())
    qtbot.waitUntil(lambda: "alone takes" in dialog.text)
    dialog.reject()


def test_a_long_text_is_split_part_by_part(page: TextPage, qtbot: QtBot) -> None:
    long = TEXT * 40
    page.show_text(long.encode(), "Long")
    dialog = page.window_ends.chunks
    dialog.open_for(NAME, None)
    dialog.choose(5000, 0, BreakAt.SENTENCE)
    qtbot.waitUntil(lambda: bool(dialog.chunks) and dialog.chunks[-1].end == len(long), timeout=60_000)
    assert "".join(long[c.start : c.end] for c in dialog.chunks) == long
    dialog.reject()
