"""The whole window with its real worker: what a user does first, and what may go wrong then."""

import os
import signal
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest
import tiktoken
from msgspec import structs
from PySide6.QtCore import QMimeData, QPoint, QSettings, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QSpinBox,
    QTabBar,
    QTableView,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from tests.references import reference
from tests.ui.shell.windows import end, opened_window
from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.app import Program
from tokviz.assets import Assets
from tokviz.composition import Application
from tokviz.ui.codebase.lower_pane import Lower
from tokviz.ui.common.failures import FailureLog
from tokviz.ui.common.settings import DEFAULT_MODEL, LETTERS, TEXT_FONT
from tokviz.ui.common.text_family import fixed_families
from tokviz.ui.editor.input.keys import command_of, move_of
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.shell.menu_entries import all_entries, entries_of
from tokviz.ui.tokens.document import Origin


@pytest.fixture(scope="module")
def shared(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One window for all tests here: loading every tokenizer again for each would take minutes."""
    with opened_window(qapp, tmp_path_factory.mktemp("window")) as application:
        yield application


@pytest.fixture
def application(shared: Application, qtbot: QtBot) -> Application:
    """The window with an empty text alone and no message."""
    while len(shared.text.texts.texts) > 1:
        shared.text.texts.close(0, lambda: True)
    shared.text.document.show(b"", Origin())
    shared.text.choose_tokenizer("o200k_base")
    shared.window.banner.clear()
    return shared


@pytest.fixture
def o200k() -> tiktoken.Encoding:
    return reference("o200k_base")


def tokens(application: Application) -> int | None:
    token_map = application.text.tokenizing.map
    return token_map.count if token_map is not None and application.text.tokenizing.is_settled else None


def says(application: Application, words: str) -> bool:
    return words in application.window.banner.text


def settle(application: Application, qtbot: QtBot, count: int) -> None:
    qtbot.waitUntil(lambda: tokens(application) == count, timeout=60_000)


def test_typing_and_pasting_show_the_tokens_of_the_reference(
    application: Application, qtbot: QtBot, o200k: tiktoken.Encoding
) -> None:
    view = application.text.view
    view.setFocus()
    QTest.keyClicks(view, "AI models are ")
    QGuiApplication.clipboard().setText("fascinating\r\n<|endoftext|>")
    QTest.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    text = "AI models are fascinating\r\n<|endoftext|>"
    assert application.text.document.buffer.snapshot() == text.encode()
    expected = o200k.encode_ordinary(text)
    settle(application, qtbot, len(expected))
    token_map = application.text.tokenizing.map
    assert token_map is not None
    assert token_map.ids().tolist() == expected
    qtbot.waitUntil(lambda: "o200k_base" in application.text.counts(), timeout=60_000)
    assert application.text.counts()["o200k_base"].tokens == len(expected)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbfone\r\ntwo\rthree\xc2\xa0four\n", b"", b"\r"])
def test_an_opened_file_is_counted_as_it_is(
    application: Application, qtbot: QtBot, tmp_path: Path, o200k: tiktoken.Encoding, content: bytes
) -> None:
    path = tmp_path / "file.txt"
    path.write_bytes(content)
    application.open([path], None)
    qtbot.waitUntil(lambda: application.text.location == str(path), timeout=60_000)
    assert application.text.document.buffer.snapshot() == content
    assert not application.text.modified
    settle(application, qtbot, len(o200k.encode_ordinary(content.decode())))


def test_switching_the_tokenizer_changes_the_tokens_and_not_the_text(
    application: Application, qtbot: QtBot
) -> None:
    text = "Text\r\nwith NBSP\u00a0and 字 and \u2028.".encode()
    application.text.show_text(text, "A text")
    for name in ("cl100k_base", "r50k_base"):
        application.text.choose_tokenizer(name)
        settle(application, qtbot, len(reference(name).encode_ordinary(text.decode())))
        assert application.text.document.buffer.snapshot() == text
        assert not application.text.modified


def test_a_worker_killed_at_work_is_replaced_and_the_text_untouched(
    application: Application, qtbot: QtBot, o200k: tiktoken.Encoding
) -> None:
    text = "Words to be counted, again and again.\n" * 20_000
    application.text.show_text(text.encode(), "Long")
    qtbot.waitUntil(lambda: application.worker.pid is not None)
    first = application.worker.pid
    assert first is not None
    os.kill(first, signal.SIGTERM)
    qtbot.waitUntil(lambda: application.worker.pid not in (None, first), timeout=60_000)
    assert "another one was started, and your text is untouched" in application.window.banner.text
    assert application.window.banner.isVisible()
    assert application.text.document.buffer.snapshot() == text.encode()
    settle(application, qtbot, len(o200k.encode_ordinary(text)))


def test_a_file_that_cannot_be_read_is_one_sentence_and_the_text_stays(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    application.text.show_text(b"kept", "Kept")
    binary = tmp_path / "program.bin"
    binary.write_bytes(b"\x00\x01\x02" * 100)
    for path, words in ((binary, "binary data"), (tmp_path / "missing.txt", "does not exist")):
        application.window.banner.clear()
        application.open([path], None)
        qtbot.waitUntil(partial(says, application, words), timeout=60_000)
        assert application.window.banner.isVisible()
        assert path.name in application.window.banner.text
    assert application.text.document.buffer.snapshot() == b"kept"


def test_the_line_of_a_problem_goes_when_what_it_was_about_is_over(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    banner = application.window.banner
    (tmp_path / "program.bin").write_bytes(b"\x00\x01\x02" * 100)
    (tmp_path / "fine.txt").write_bytes(b"fine")
    application.open([tmp_path / "program.bin"], None)
    qtbot.waitUntil(partial(says, application, "binary data"), timeout=60_000)
    application.codebase.problem.emit("The folder is gone.")
    application.open([tmp_path / "fine.txt"], None)
    qtbot.waitUntil(lambda: application.text.document.buffer.snapshot() == b"fine", timeout=60_000)
    assert banner.isVisible() and banner.text == "The folder is gone."
    application.codebase.open_paths([tmp_path])
    assert not banner.isVisible(), "the file that could not be read is no matter any more"
    application.open([tmp_path / "missing.txt"], None)
    assert says(application, "missing.txt")
    application.open([tmp_path / "fine.txt"], None)
    assert not banner.isVisible()
    application.text.tokenizing._fail("The vocabulary is damaged.", fatal=True)
    assert banner.isVisible() and banner.text == "The vocabulary is damaged."
    application.text.choose_tokenizer("o200k_base")
    assert not banner.isVisible()


def test_a_file_dropped_on_the_window_is_opened(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "dropped.md"
    path.write_text("dropped")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    copy, button, at = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, QPoint(20, 20)
    held = Qt.KeyboardModifier.NoModifier
    for target in (application.window, application.text.view.viewport()):
        application.text.document.show(b"", Origin())
        for event in (
            QDragEnterEvent(at, copy, data, button, held),
            QDragMoveEvent(at, copy, data, button, held),
            QDropEvent(at, copy, data, button, held),
        ):
            QApplication.sendEvent(target, event)
        qtbot.waitUntil(lambda: application.text.document.buffer.snapshot() == b"dropped", timeout=60_000)


def test_paste_works_wherever_the_focus_is(application: Application, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("pasted")
    application.window.show_page(application.compare)
    table = application.window.findChild(QTableView)
    assert table is not None
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert application.window.page is application.text
    assert application.text.document.buffer.snapshot() == b"pasted"


def test_escape_closes_the_message(application: Application, qtbot: QtBot) -> None:
    application.window.banner.show_problem("Something.")
    QTest.keyClick(application.text.view, Qt.Key.Key_Escape)
    assert not application.window.banner.isVisible()


def test_piped_text_is_shown(application: Application, qtbot: QtBot) -> None:
    application.window.show_page(application.codebase)
    application.open([], b"piped")
    assert application.window.page is application.text
    assert application.text.document.buffer.snapshot() == b"piped"
    assert "Standard input" in application.window.windowTitle()


def test_figures_of_a_text_and_a_selection(application: Application, qtbot: QtBot) -> None:
    application.text.show_text("two words\nzwei Wörter\n".encode(), "Figures")
    settle(application, qtbot, len(reference("o200k_base").encode_ordinary("two words\nzwei Wörter\n")))
    bar = application.text.metrics_bar
    qtbot.waitUntil(lambda: bar.texts("text")[1:5] == ["22", "23", "4", "2"], timeout=60_000)
    application.text.view.select(4, 9)
    qtbot.waitUntil(lambda: bar.texts("selection") == ["1", "5", "5", "1", "1", "5.00"], timeout=60_000)
    application.text.view.select(0, 0)
    qtbot.waitUntil(lambda: bar.texts("selection") == [], timeout=60_000)


def test_find_marks_and_goes_to_matches(application: Application, qtbot: QtBot) -> None:
    application.text.show_text(b"one two one two one", "Found")
    settle(application, qtbot, len(reference("o200k_base").encode_ordinary("one two one two one")))
    bar = application.text.details.find_bar
    QTest.keyClick(application.text.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(bar.isVisible)
    field = bar.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "one")
    selection = application.text.view.state
    qtbot.waitUntil(lambda: selection.selection == (0, 3))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: selection.selection == (8, 11))
    assert bar.matches_in(0, 19) == [(0, 3), (8, 11), (16, 19)]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_going_to_a_line(application: Application, qtbot: QtBot) -> None:
    application.text.show_text(b"a\nb\nc", "Lines")
    bar = application.text.details.goto_bar
    QTest.keyClick(application.text.view, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(bar.isVisible)
    field = bar.findChild(QLineEdit)
    assert field is not None
    QTest.keyClicks(field, "3")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert application.text.view.state.selection == (4, 4)
    assert not bar.isVisible()


def test_an_unexpected_exception_is_told_and_logged(application: Application) -> None:
    hook = sys.excepthook
    application.log.install()
    try:
        sys.excepthook(ZeroDivisionError, ZeroDivisionError("division by zero"), None)
    finally:
        sys.excepthook = hook
    assert "ZeroDivisionError" in application.window.banner.text
    assert "division by zero" in application.log.path.read_text()


def test_a_model_chosen_in_the_panel_is_the_codebases_too(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text("print(1)\n")
    (tmp_path / "b.py").write_text("print(2)\n")
    application.open([tmp_path], None)
    workspace = application.codebase.workspace
    qtbot.waitUntil(lambda: application.codebase.codebase.complete, timeout=60_000)
    panel = application.window.findChild(ModelsPanel)
    assert isinstance(panel, ModelsPanel)
    view = panel.findChild(QTableView)
    assert isinstance(view, QTableView)
    for row in (2, 0):
        place = view.visualRect(view.model().index(row, 0)).center()
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        name = view.model().index(row, 0).data()
        assert workspace.chosen_model is not None and workspace.chosen_model.name == name
        fitted = workspace.fit.findChild(QComboBox)
        assert isinstance(fitted, QComboBox) and fitted.currentText() == name
    application.window.show_page(application.text)


def test_two_dropped_folders_are_made_to_fit_and_keep_to_it(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "tests").mkdir(parents=True)
        (tmp_path / name / "main.py").write_text("print('hello')\n" * 20)
        (tmp_path / name / "tests" / "test_main.py").write_text("assert main() is None\n" * 400)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("one", "two")])
    application.window.dropEvent(
        QDropEvent(
            QPoint(200, 200),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    page = application.codebase
    codebase, plan = page.codebase, page.workspace.plan
    qtbot.waitUntil(lambda: codebase.complete, timeout=60_000)
    assert application.window.page is page and len(codebase.roots) == 2
    whole = page.counts()["o200k_base"].tokens
    page.workspace.show_lower(Lower.FIT)
    qtbot.waitUntil(lambda: bool(plan.offered), timeout=60_000)
    tests = next(each for each in plan.offered if each.kind is Kind.TESTS)
    plan.apply(tests)
    rest = page.counts()["o200k_base"].tokens
    assert rest == whole - int(tests.saves) < whole / 4
    codebase.undo()
    assert page.counts()["o200k_base"].tokens == whole
    codebase.redo()
    page.workspace.fit._save.click()
    saved = [tmp_path / name / ".tokvizignore" for name in ("one", "two")]
    qtbot.waitUntil(lambda: all(path.is_file() for path in saved), timeout=60_000)
    page.page_actions.rescan.trigger()
    qtbot.waitUntil(lambda: not codebase.scan.under_way, timeout=60_000)
    assert page.counts()["o200k_base"].tokens == rest
    assert {entry.what.path for entry in codebase.left_out.entries()} >= {"tests"}
    assert codebase.tree is not None and not codebase.tree.waiting
    application.window.show_page(application.text)


def test_a_file_opened_from_the_tree_has_the_trees_tokenizer(
    application: Application, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "a.txt").write_text("AI models are fascinating\n" * 20, encoding="utf-8")
    page = application.codebase
    page.open_paths([tmp_path])
    qtbot.waitUntil(lambda: page.codebase.complete and not page.codebase.scan.under_way, timeout=120_000)
    toolbar = page.workspace.toolbar
    toolbar.tokenizer.setCurrentIndex(toolbar.tokenizer.findData("cl100k_base"))
    qtbot.waitUntil(lambda: page.codebase.complete and page.tokenizer == "cl100k_base", timeout=120_000)
    assert page.workspace.metrics is not None
    counted = page.workspace.metrics.of(0).tokens.tokens
    page.workspace.file_chosen.emit(tmp_path / "a.txt")
    assert application.window.page is application.text
    assert application.text.tokenizing.tokenizer == "cl100k_base"
    settle(application, qtbot, counted)


def test_a_pack_of_a_codebase_is_asked_about(application: Application) -> None:
    application.codebase.prompt_wanted.emit((("project.md", "# project"), ("rest.md", "the rest")))
    page = application.conversation
    assert application.window.page is page and page.building.view.isVisible()
    files = page.building.draft.messages[0].files
    assert [(file.name, file.text) for file in files] == [
        ("project.md", "# project"),
        ("rest.md", "the rest"),
    ]
    assert application.window.focusWidget() is page.building.view.view
    QTest.keyClicks(page.building.view.view, "What is it?")
    assert page.building.draft.messages[0].text == "What is it?" and page.modified
    page.building.file.unsaved.forget()
    page.building.clear()


def test_no_two_entries_of_a_page_have_one_key(application: Application) -> None:
    window = application.window
    for page in window.pages:
        window.show_page(page)
        keys = [
            sequence.toString()
            for entry in entries_of(window.menuBar())
            for sequence in entry.action.shortcuts()
        ]
        assert sorted(set(keys)) == sorted(keys), page.title
    window.show_page(application.text)


def test_a_change_of_theme_reaches_the_fields_of_spin_boxes(application: Application) -> None:
    box = application.window.findChildren(QSpinBox)[0]
    entries = {
        entry.text(): entry for menu in application.window.findChildren(QMenu) for entry in menu.actions()
    }
    grounds = []
    for name in ("&Dark", "&Light"):
        entries[name].trigger()
        QApplication.processEvents()
        picture = box.grab().toImage()
        grounds.append(picture.pixelColor(picture.width() // 2, 6).lightness())
    assert grounds[0] < 80 and grounds[1] > 200


def test_no_key_of_a_menu_means_something_else_in_the_text(application: Application) -> None:
    # The text takes its keys before the menus do: it would do its own thing, and the entry would never hear.
    same = {"undo", "redo", "cut", "copy", "paste", "select_all", "zoom_in", "zoom_out", "zoom_reset"}
    same |= {"next_text", "previous_text"}
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    clashes = []
    entries = application.text.findChildren(QAction) + application.window.findChildren(QAction, "", direct)
    for entry in entries:
        for sequence in entry.shortcuts():
            keys = sequence[0]  # type: ignore[index]  # PySide6 stubs lack it
            event = QKeyEvent(QKeyEvent.Type.KeyPress, keys.key(), keys.keyboardModifiers())
            meant = command_of(event) or ("move" if move_of(event) else None)
            if meant is not None and meant not in same:
                clashes.append(f"{entry.text()}: {sequence.toString()} is {meant} in the text")
    assert len(entries) > 20
    assert not clashes


def test_every_page_keeps_its_entries_however_often_another_is_shown(application: Application) -> None:
    window = application.window
    found = []
    for page in (*window.pages, *window.pages, window.pages[0]):
        window.show_page(page)
        entries = all_entries(window.menuBar(), window.pages, page)
        found.append(sorted(entry.action.text() for entry in entries if "Recent" not in entry.place))
    assert "Windows-1252" in found[0] and "&Restore the Last One" in found[0]
    assert all(names == found[0] for names in found[1:])


def test_letters_and_fonts_that_are_set_are_in_use_at_once(application: Application, qtbot: QtBot) -> None:
    settings, view = application.settings, application.text.view
    before, rows = QApplication.font().pointSizeF(), application.panel.findChild(QTableView)
    assert rows is not None
    row, digits = rows.verticalHeader().defaultSectionSize(), application.text.details.ids
    summary = application.panel._head.summary.font().pointSizeF()
    settings.set(LETTERS, 3)
    assert QApplication.font().pointSizeF() == before + 3
    assert rows.verticalHeader().defaultSectionSize() > row
    assert application.panel._head.summary.font().pointSizeF() > summary
    settings.set(LETTERS, 0)
    assert (QApplication.font().pointSizeF(), rows.verticalHeader().defaultSectionSize()) == (before, row)
    own = view.text_viewport.layout.style.font.family()
    other = next((family for family in fixed_families() if family != own), None)
    if other is not None:
        settings.set(TEXT_FONT, other)
        assert view.text_viewport.layout.style.font.families() == [other]
        assert digits._style.font.families() == [other]
    settings.set(TEXT_FONT, "No Such Family")
    assert view.text_viewport.layout.style.font.family() == own
    settings.set(TEXT_FONT, "")


def test_the_model_of_the_start_is_selected_at_once(application: Application) -> None:
    chosen = application.panel.models[3].id
    application.settings.set(DEFAULT_MODEL, chosen)
    assert application.panel.selected == chosen
    application.settings.set(DEFAULT_MODEL, "no such model")
    assert application.panel.selected == chosen
    application.settings.set(DEFAULT_MODEL, "")


def test_the_codebase_says_of_a_rank_file_s_counts_that_they_are_assumed(application: Application) -> None:
    registry = application.text._registry
    info = structs.replace(registry.info("r50k_base"), name="own.tiktoken", is_assumed=True)
    registry.add_info(info)
    try:
        plan = application.codebase.codebase.plan_of(("r50k_base", "own.tiktoken"))
        assert [each.provenance.words for each in plan.decoders.values()] == ["exact", "assumed"]
        scan = application.codebase.codebase.scan
        scan._plan, before = plan, scan._plan
        with patch.object(scan, "_load"):
            scan._without(0, "It cannot be used.")
        assert scan._plan.decoders["own.tiktoken"].provenance.words == "assumed"
        scan._plan = before
    finally:
        del registry._own["own.tiktoken"]


def test_the_edit_menu_offers_what_can_be_done(application: Application) -> None:
    view, bar = application.text.view, application.window.menuBar()
    application.window.show_page(application.text)
    QGuiApplication.clipboard().clear()

    def offered() -> set[str]:
        names = ("Undo", "Redo", "Cut", "Copy", "Paste", "Select All")
        return {entry.title for entry in entries_of(bar) if entry.title in names and entry.is_able}

    assert offered() == set()
    QTest.keyClicks(view, "a")
    QGuiApplication.clipboard().setText("b")
    assert offered() == {"Undo", "Paste", "Select All"}
    view.commands.run("select_all")
    assert offered() == {"Undo", "Cut", "Copy", "Paste", "Select All"}
    view.commands.run("undo")
    assert offered() == {"Redo", "Paste"}
    application.window.show_page(application.compare)
    assert offered() == {"Redo", "Paste"}, "the same text on another page"
    application.window.show_page(application.text)


def test_the_view_menu_offers_other_sizes_of_letters(application: Application) -> None:
    view = application.text.view
    application.window.show_page(application.text)

    def offered() -> set[str]:
        names = ("Zoom In", "Zoom Out", "Normal Size")
        entries = entries_of(application.window.menuBar())
        return {entry.title for entry in entries if entry.title in names and entry.is_able}

    assert offered() == {"Zoom In", "Zoom Out"}
    view.zoom_by(1)
    assert offered() == {"Zoom In", "Zoom Out", "Normal Size"}
    view.zoom_by(100)
    assert offered() == {"Zoom Out", "Normal Size"}
    view.zoom_by(0)


def test_counting_for_all_models_is_offered_where_some_are_not_counted(
    application: Application, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offered() -> bool:
        entries = entries_of(application.window.menuBar())
        (entry,) = [one for one in entries if one.title == "Count for All Models Shown"]
        return entry.is_able

    page = application.text
    application.window.show_page(page)
    page.document.show(b"some words", Origin())
    qtbot.waitUntil(lambda: bool(page.counts()))
    for lacking in (True, False):
        monkeypatch.setattr(page, "counts_with", lambda _, lacking=lacking: not lacking)
        assert offered() is lacking
    monkeypatch.setattr(page, "counts", dict)
    monkeypatch.setattr(page, "counts_with", lambda _: False)
    assert not offered(), "there is nothing to count"


@pytest.mark.parametrize("size", [QSize(1280, 800), QSize(900, 600)])
def test_the_first_frame_has_menus_and_tabs_as_they_will_be(
    size: QSize, qapp: QApplication, tmp_path: Path
) -> None:
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    log = FailureLog(tmp_path)
    program = Program(qapp, Assets(), store, log)
    window = program.window
    window.resize(size)
    window.show()
    qapp.processEvents()

    (models,) = (each for each in window.findChildren(QToolButton) if each.text().strip() == "Models")
    (tabs,) = (bar for bar in window.findChildren(QTabBar) if bar.accessibleName() == "Pages")

    def seen() -> object:
        bar = window.menuBar()
        menus = [(entry.text(), bar.actionGeometry(entry)) for entry in bar.actions()]
        places = range(tabs.count())
        pages = [(tabs.tabText(at), tabs.mapTo(window, tabs.tabRect(at).topLeft())) for at in places]
        return menus, pages, models.geometry(), models.icon().pixmap(16).toImage()

    there = tabs.mapTo(window, tabs.tabRect(2).center())
    no_keys = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, no_keys, there)
    assert tabs.currentIndex() == 0, "there is no page yet"
    first = seen()
    application = program.fill()
    qapp.processEvents()
    assert seen() == first
    assert application.window.page is application.text
    assert tabs.focusPolicy() is not Qt.FocusPolicy.NoFocus
    end(window)
    log.close()
