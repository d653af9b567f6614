"""The compare page with its real worker, used as a person uses it: by mouse and keys."""

import csv
import json
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tokviz.analysis import formatting
from tokviz.analysis.codebase import type_counts
from tokviz.analysis.codebase.type_counts import TypeCounts
from tokviz.analysis.comparison.comparison import compare
from tokviz.analysis.comparison.count_matrix import matrix
from tokviz.assets import Assets
from tokviz.documents.samples import Samples
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance
from tokviz.ui.common.theme import Themes
from tokviz.ui.compare.page import ComparePage
from tokviz.ui.compare.pane import Pane
from tokviz.ui.tokens.document import Document, Origin

TEXT = b"The tokenizer untokenizes 1234567 antidisestablishmentarian words.\n" * 40
REGISTRY = Registry(Assets())


def show(page: ComparePage, document: Document, data: bytes, qtbot: QtBot) -> None:
    document.show(data, Origin(title="A text"))
    settle(page, qtbot)


def settle(page: ComparePage, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: page.panes.comparer.result is not None and len(page.counts()) == 3, timeout=60_000
    )
    qtbot.wait(120)  # the figures are refreshed a moment later


def views(page: ComparePage) -> list[Pane]:
    return list(page.panes.panes)


def cell(page: ComparePage, tokenizer: str, column: int) -> str:
    table = page.tabs.tokenizers.table
    return table.texts()[1 + table.keys.index(tokenizer)][column]


def test_panes_compare_one_text(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show(page, document, TEXT, qtbot)
    ends = [REGISTRY.get(pane.tokenizer).encode(TEXT).ends for pane in views(page)]
    expected = compare(len(TEXT), ends).counts
    assert f"{expected.differing:,} differ" in page.toolbar.summary
    assert cell(page, "o200k_base", 1) == f"{len(ends[0]):,}"
    assert cell(page, "cl100k_base", 3) == formatting.percent(len(ends[1]) / len(ends[0]))
    assert cell(page, "estimate", 2) == "estimate" and "–" in cell(page, "estimate", 1)
    assert page.tabs.agreement.texts()[1][2] == f"{100 * expected.agreement(0, 1).share:.1f} %"


def test_nothing_is_said_of_a_text_that_is_not_there(
    page: ComparePage, document: Document, qtbot: QtBot
) -> None:
    show(page, document, TEXT, qtbot)
    document.show(b"", Origin(title="Nothing"))
    qtbot.waitUntil(lambda: page.toolbar.summary.startswith("No text yet"), timeout=60_000)


def test_the_tabs_look_like_those_of_the_other_pages(page: ComparePage) -> None:
    bar = page.tabs.tabBar()
    assert bar.objectName() == "pages"  # what the style sheet knows them by
    assert not bar.drawBase()


def test_typing_in_one_pane_edits_all(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show(page, document, b"one two", qtbot)
    first, second = views(page)
    second.view.setFocus()
    QTest.keyClick(second.view, Qt.Key.Key_End)
    QTest.keyClicks(second.view, " three")
    assert document.buffer.snapshot() == b"one two three" and page.modified
    settle(page, qtbot)
    maps = [pane.tokenizing.map for pane in (first, second)]
    assert [each.count for each in maps if each is not None] == [3, 3]
    while page.modified and document.buffer.revision < 50:
        QTest.keyClick(first.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        if document.buffer.snapshot() == b"one two":
            break
    assert document.buffer.snapshot() == b"one two", "undone in the other pane"


def test_panes_scroll_zoom_and_wrap_together(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    page.panes.show_tokenizers(["o200k_base", "cl100k_base", "o200k_base"])
    show(page, document, TEXT, qtbot)
    panes = views(page)
    panes[1].view.scroll_pixels(333, 0)
    assert len({pane.view.scroll_state() for pane in panes}) == 1
    assert panes[0].view.scroll_state() != (0, 0, 0)
    panes[2].view.verticalScrollBar().setValue(panes[2].view.verticalScrollBar().maximum())
    assert len({pane.view.visible_bytes() for pane in panes}) == 1
    assert panes[0].view.visible_bytes()[1] == len(TEXT)
    panes[0].view.zoom_by(3)
    assert len({pane.view.row_height for pane in panes}) == 1
    panes[0].view.zoom_by(0)
    page.panes.show_tokenizers(["o200k_base", "cl100k_base"])
    assert not panes[2].isVisible()


def test_pointing_at_a_token_marks_its_bytes_in_the_others(
    page: ComparePage, document: Document, qtbot: QtBot
) -> None:
    show(page, document, TEXT, qtbot)
    said: list[str] = []
    page.panes.pointed.connect(said.append)
    first, second = views(page)
    plain = second.view.viewport().grab().toImage()
    for x in range(4, first.view.viewport().width(), 12):
        QTest.mouseMove(first.view.viewport(), QPoint(x, first.view.row_height // 2))
        if said and "tokenizer" in said[-1]:
            break
    token_map = second.tokenizing.map
    assert token_map is not None
    assert "o200k_base 1 token" in said[-1] and "cl100k_base" in said[-1]
    assert second.view.viewport().grab().toImage() != plain, "outlined there"
    QTest.mouseMove(first.view.viewport(), QPoint(first.view.viewport().width() - 2, 2))
    first.view._pointing.hover_at(None)
    assert said[-1] == ""
    page.panes.next_difference()
    assert "cl100k_base" in said[-1]
    page.panes.show_tokenizers(["o200k_base", "r50k_base"])
    assert said[-1] == "", "it was about other tokenizers"
    settle(page, qtbot)
    page.panes.next_difference()
    assert "r50k_base" in said[-1]
    document.show(b"Another text", Origin(title="Another"))
    assert said[-1] == "", "it was about another text"


def test_keys_go_from_difference_to_difference(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    parts = (b"a b c " * 500, "ห้องสมุด".encode(), b" d e f" * 500, "पुस्तकालय".encode(), b"." * 9)
    text = b"".join(parts)
    show(page, document, text, qtbot)
    sets = [set(REGISTRY.get(pane.tokenizer).encode(text).ends.tolist()) for pane in views(page)]
    assert sets[0] ^ sets[1]
    expected = naive_differences(len(text), sets)
    view = views(page)[0].view
    view.setFocus()
    view.select(0, 0)
    for place in [*expected, expected[0]]:
        QTest.keyClick(view, Qt.Key.Key_F8)
        start, stop = view.visible_bytes()
        assert view.state.caret.offset == place and start <= place <= stop
    for place in reversed(expected):
        QTest.keyClick(view, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
        assert view.state.caret.offset == place
    QTest.keyClicks(view, "x")
    settle(page, qtbot)
    QTest.keyClick(view, Qt.Key.Key_F8)
    assert view.state.caret.offset > expected[0]


def naive_differences(size: int, sets: list[set[int]]) -> list[int]:
    """Where differences start."""
    common = sorted({0, size} | (sets[0] & sets[1]))
    differing = sets[0] ^ sets[1]
    return [low for low, high in pairwise(common) if any(low < place < high for place in differing)]


def test_beams_stand_where_tokenizers_differ_and_nowhere_else(
    page: ComparePage, document: Document, qtbot: QtBot
) -> None:
    theme = Themes(Assets()).load("light")

    def columns(pane: Pane, row: int) -> set[int]:
        image: QImage = pane.view.viewport().grab().toImage()
        y = row * pane.view.row_height + 4  # below the heads, where only whole beams have a stem
        return {x for x in range(image.width()) if image.pixelColor(x, y) == theme.error}

    show(page, document, b"same words here\nantidisestablishmentarianism\n", qtbot)
    one, other = views(page)
    assert not columns(one, 0) and not columns(other, 0)
    ends = [
        set(REGISTRY.get(pane.tokenizer).encode(document.buffer.snapshot()).ends.tolist())
        for pane in (one, other)
    ]
    for pane, own, foreign in ((one, ends[0], ends[1]), (other, ends[1], ends[0])):
        expected = sum(16 < end < 45 for end in own - foreign)
        assert len(columns(pane, 1)) == 2 * expected, "two pixels wide each"
    page.panes.show_tokenizers(["o200k_base", "o200k_base"])
    settle(page, qtbot)
    assert not columns(views(page)[0], 1)


def test_another_tokenizer_is_chosen_and_remembered(
    page: ComparePage, document: Document, qtbot: QtBot
) -> None:
    show(page, document, b"some text", qtbot)
    chooser = views(page)[1].findChild(QComboBox)
    assert isinstance(chooser, QComboBox)
    chooser.setCurrentIndex(chooser.findData("r50k_base"))
    settle(page, qtbot)
    assert page.panes.tokenizers == ["o200k_base", "r50k_base"]
    table = page.tabs.tokenizers.table
    table.line_chosen.emit("cl100k_base")
    assert page.panes.tokenizers == ["o200k_base", "cl100k_base"]
    table.line_chosen.emit("estimate")
    assert page.panes.tokenizers == ["o200k_base", "cl100k_base"], "an estimate has no boundaries to show"
    page._set_count(4)
    assert len(set(page.panes.tokenizers)) == 4


def test_the_baseline_is_what_one_chooses(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show(page, document, Samples(Assets()).text("hindi"), qtbot)
    box = page.tabs.tokenizers.findChild(QComboBox)
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData("cl100k_base"))
    assert cell(page, "cl100k_base", 3) == "100 %" and cell(page, "o200k_base", 3) != "100 %"
    box.setCurrentIndex(box.findData("o200k_base"))


def test_kinds_and_languages_are_counted(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show(page, document, "Größe 12345 漢字漢字\n".encode() * 30, qtbot)
    page.tabs.setCurrentWidget(page.tabs.kinds)
    qtbot.waitUntil(lambda: len(page.tabs.kinds.table.keys) > 4)
    assert {"Latin", "Han", "Digits", "Whitespace", "total"} == set(page.tabs.kinds.table.keys)
    total = page.tabs.kinds.table.texts()[-1]
    count = views(page)[0].tokenizing.map
    assert count is not None and count.count is not None and f"{count.count:,}" in total[2]
    page.tabs.setCurrentWidget(page.tabs.languages)
    table = page.tabs.languages.table
    qtbot.waitUntil(lambda: "o200k_base" in table.keys, timeout=120_000)
    passages = Samples(Assets()).passages()
    thai = next(each for each in passages if each.name == "Thai")
    english, other = (REGISTRY.get("o200k_base").count(each.text.encode()) for each in (passages[0], thai))
    texts = table.texts()
    line = texts[1 + table.keys.index("o200k_base")]
    assert line[1] == f"{english:,}" and line[texts[0].index(thai.endonym)] == f"{other / english:.2f}×"
    page.tabs.languages.passages_wanted.emit()
    assert thai.text.encode() in document.buffer.snapshot() and document.name == "Ten languages"


def test_samples_open_in_the_panes(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    page.toolbar.sample_chosen.emit("hindi")
    assert document.buffer.snapshot() == Samples(Assets()).text("hindi")
    assert document.name == "Hindi prose"


def test_exports_hold_what_is_shown(
    page: ComparePage, document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    show(page, document, TEXT, qtbot)
    exports = page.exports
    exports.save_csv(tmp_path / "t.csv")
    with (tmp_path / "t.csv").open() as file:
        rows = {row["tokenizer"]: row for row in csv.DictReader(file)}
    expected = REGISTRY.get("o200k_base").count(TEXT)
    assert rows["o200k_base"]["tokens"] == str(expected) and rows["estimate"]["provenance"] == "estimate"
    exports.save_json(tmp_path / "t.json")
    record = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert record["agreement"][0]["first"] == "o200k_base" and record["bytes"] == len(TEXT)
    exports.save_markdown(tmp_path / "t.md")
    exports.copy_markdown()
    assert QGuiApplication.clipboard().text() == (tmp_path / "t.md").read_text("utf-8")
    exports.save_picture(tmp_path / "t.png")
    assert QImage(str(tmp_path / "t.png")).width() == 2 * page.panes.width()
    exports.save_page(tmp_path / "t.html")
    qtbot.waitUntil(lambda: not exports.doing)
    text = (tmp_path / "t.html").read_text("utf-8")
    assert text.count("<section>") == 2 and text.endswith("</html>\n")
    assert f">{expected:,} tokens<" in text
    show(page, document, b"a", qtbot)
    exports.save_page(tmp_path / "t.html")
    qtbot.waitUntil(lambda: not exports.doing)
    assert ">1 token<" in (tmp_path / "t.html").read_text("utf-8")


def test_the_open_codebase_is_exported_by_file_type(page: ComparePage, tmp_path: Path, qtbot: QtBot) -> None:
    exports = page.exports
    entries = [entry for entry in exports.actions if entry.text().replace("&", "").startswith("File Types")]
    assert len(entries) == 3 and not any(entry.isEnabled() for entry in entries)
    with qtbot.waitSignal(exports.problem) as said:
        exports.save_types(tmp_path / "types.csv", type_counts.csv_table)
    assert "open a folder" in said.args[0]
    found = matrix(["Python"], ["o200k_base"], [900], [[300]])
    page.tabs.types.source = lambda: TypeCounts(found, (Provenance.EXACT,), (3,))
    page.tabs.types.renew(True)
    assert all(entry.isEnabled() for entry in entries)
    exports.save_types(tmp_path / "types.csv", type_counts.csv_table)
    assert (tmp_path / "types.csv").read_text() == "type,files,bytes,o200k_base\nPython,3,900,300\n"
    exports.save_types(tmp_path / "types.json", type_counts.json_table)
    assert json.loads((tmp_path / "types.json").read_text())["types"][0]["tokens"] == {"o200k_base": 300}
    exports.save_types(tmp_path / "types.md", type_counts.markdown)
    assert "| Python | 3 | 900 | 300 |" in (tmp_path / "types.md").read_text()
    page.tabs.types.source = lambda: None
    page.tabs.types.renew(False)
    assert not any(entry.isEnabled() for entry in entries)


def test_an_export_that_cannot_be_written_says_so(page: ComparePage, tmp_path: Path, qtbot: QtBot) -> None:
    missing = tmp_path / "missing" / "t.csv"
    with qtbot.waitSignal(page.exports.problem) as said:
        page.exports.save_csv(missing)
    assert str(missing) in said.args[0] and "another place" in said.args[0]


def test_a_hidden_page_lets_its_tokens_go_when_the_text_is_edited(
    page: ComparePage, document: Document, qtbot: QtBot
) -> None:
    show(page, document, TEXT, qtbot)
    page.hide()
    document.buffer.replace(0, 3, b"A")
    assert all(pane.tokenizing.map is None for pane in views(page))
    document.buffer.replace(0, 1, b"The very first")
    page.show()
    settle(page, qtbot)
    count = views(page)[0].tokenizing.map
    assert count is not None and count.count == REGISTRY.get("o200k_base").count(document.buffer.snapshot())


def test_every_control_has_a_name_and_is_reached_by_tab(page: ComparePage, qtbot: QtBot) -> None:
    qtbot.wait(10)
    for kind in (QComboBox, QToolButton):
        for widget in page.findChildren(kind):
            if widget.isVisible() and widget.objectName() == "" and not _inner(widget):
                assert widget.accessibleName(), widget
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget.accessibleName()
    page.toolbar.findChildren(QComboBox)[0].setFocus()
    order = []
    while (focused := page.window().focusWidget()) and focused.accessibleName() not in order:
        order.append(focused.accessibleName())
        page.focusNextPrevChild(True)
    assert order == [
        "Number of panes",
        "Samples",
        "Previous Difference",
        "Next Difference",
        "Show",
        "Export",
        "Tokenizer of pane 1",
        "Text cut by o200k_base (GPT-4o, GPT-5)",
        "Tokenizer of pane 2",
        "Text cut by cl100k_base (GPT-4, GPT-3.5)",
        "Where the tokenizers differ",
        "Figures of the comparison",
        "Baseline, which is 100 %",
        "All tokenizers for this text",
    ]


def _inner(widget: QWidget) -> bool:
    """Whether Qt made it for itself, such as a tab bar's arrows."""
    parent = widget.parentWidget()
    return parent is None or parent.metaObject().className() in ("QTabBar", "QComboBoxPrivateContainer")


def test_a_click_beside_the_scroll_bar_goes_there(
    page: ComparePage, document: Document, qtbot: QtBot
) -> None:
    show(page, document, TEXT, qtbot)
    ruler = page.panes.ruler
    QTest.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=QPoint(8, ruler.height() - 3))
    assert views(page)[0].view.visible_bytes()[1] == len(TEXT)
    assert page.panes.mapTo(page, QPointF(0, 0)).y() > 0


def test_it_has_room_in_a_window_of_600(page: ComparePage) -> None:
    # Menus, tabs, status bar and the models' drawer take 216 with the fonts of the tests.
    assert page.minimumSizeHint().height() <= 350


def test_titles_stand_closer_where_they_have_no_room(page: ComparePage) -> None:
    tabs, bar = page.tabs, page.tabs.tabBar()
    wide = sum(bar.tabRect(place).width() for place in range(bar.count()))
    for width, tight in ((wide + 50, False), (wide - 10, True), (wide + 50, False)):
        tabs.resize(width, 300)
        assert bool(bar.property("tight")) is tight


def test_saving_leaves_the_carets_where_they_are(
    page: ComparePage, document: Document, qtbot: QtBot, tmp_path: Path
) -> None:
    document.show(b"one two three", Origin())
    views = [pane.view for pane in page.panes.panes]
    for view in views:
        view.select(4, 7)
    with qtbot.waitSignal(page.location_changed):
        assert document.save(tmp_path / "a.txt") == ""
    assert [view.state.selection for view in views] == [(4, 7), (4, 7)]
    document.show(b"another text", Origin())
    assert [view.state.selection for view in views] == [(0, 0), (0, 0)]
