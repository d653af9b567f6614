"""The small widgets: what they say to a screen reader, and what they do with the keyboard and with markup."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QFont, QFontMetrics, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QTableWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.widgets import (
    ElidedLabel,
    caption,
    choose,
    menu_button,
    name_box,
    offer,
    plain_label,
    set_up_table,
    shortened,
    tool_button,
)


def test_a_sign_on_a_button_is_read_as_what_it_does(qtbot: QtBot) -> None:
    clicked: list[bool] = []
    button = tool_button("✕", "Close (Esc)", lambda: clicked.append(True))
    qtbot.addWidget(button)
    accessible = QAccessible.queryAccessibleInterface(button)
    assert accessible.text(QAccessible.Text.Name) == "Close (Esc)"
    assert button.toolTip() == "Close (Esc)"
    button.click()
    assert clicked == [True]


def test_a_menu_s_button_is_named_without_its_mnemonic(qtbot: QtBot) -> None:
    menu = QMenu()
    button = menu_button("Sho&w", menu, "What is shown")
    for widget in (menu, button):
        qtbot.addWidget(widget)
    assert (button.menu(), button.accessibleName(), button.toolTip()) == (menu, "Show", "What is shown")


def test_a_label_takes_no_text_for_markup(qtbot: QtBot) -> None:
    plain, bold = plain_label("b", role="muted", name="A letter"), plain_label("<b>b</b>")
    for label in (plain, bold):
        qtbot.addWidget(label)
    assert bold.sizeHint().width() > 2 * plain.sizeHint().width()
    assert (plain.property("role"), plain.accessibleName()) == ("muted", "A letter: b")


def test_a_screen_reader_says_a_label_s_name_and_its_text(qtbot: QtBot) -> None:
    """Its name alone would stand in the text's place: nobody would hear the figure."""
    label, silent = plain_label(name="Matches"), plain_label("none")
    for each in (label, silent):
        qtbot.addWidget(each)
    spoken = QAccessible.queryAccessibleInterface(label)
    assert spoken.text(QAccessible.Text.Name) == "Matches"
    label.setText("3 of 17")
    assert spoken.text(QAccessible.Text.Name) == "Matches: 3 of 17"
    assert QAccessible.queryAccessibleInterface(silent).text(QAccessible.Text.Name) == "none"


def test_a_box_says_what_it_is_for_by_its_caption_or_by_a_name_of_its_own(qtbot: QtBot) -> None:
    plain, named = QComboBox(), QComboBox()
    name_box(named, "Tokenizer of the tree")
    for box in (plain, named):
        qtbot.addWidget(box)
        qtbot.addWidget(caption("&Tokenizer", box))
    said = [(box.accessibleName(), box.accessibleDescription()) for box in (plain, named)]
    assert said == [("Tokenizer", "Tokenizer"), ("Tokenizer of the tree", "Tokenizer of the tree")]


def test_a_caption_leads_to_its_field_and_tab_leaves_a_table(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    field, table, after = QLineEdit(), QTableWidget(2, 2), QLineEdit()
    set_up_table(table, "Numbers", 30)
    column = QVBoxLayout(window)
    for widget in (caption("&Field", field), field, table, after):
        column.addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
    after.setFocus()
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.AltModifier)
    assert field.hasFocus()
    table.setFocus()
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert after.hasFocus()
    assert table.accessibleName() == "Numbers"
    assert table.rowHeight(0) == 30
    assert [index.column() for index in table.selectionModel().selectedIndexes()] == [0, 1]


def test_escape_empties_a_search_and_then_reaches_what_is_around_it(qtbot: QtBot) -> None:
    field = SearchField("Search", "Type here")
    qtbot.addWidget(field)
    QTest.keyClicks(field, "gpt")
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    field.keyPressEvent(event)
    assert (field.text(), event.isAccepted()) == ("", True)
    field.keyPressEvent(event)
    assert not event.isAccepted()


def test_a_box_offers_and_chooses_without_a_word(qtbot: QtBot) -> None:
    box = QComboBox()
    said: list[int] = []
    qtbot.addWidget(box)
    box.currentIndexChanged.connect(said.append)
    offer(box, (("One", "1"), ("Two", "2")), "2")
    assert [box.itemText(place) for place in range(box.count())] == ["One", "Two"]
    assert box.currentData() == "2"
    choose(box, "none of them")
    assert box.currentData() == "1"
    offer(box, ())
    assert box.count() == 0
    assert not said


def test_a_screen_reader_says_what_a_box_and_the_cross_in_a_field_are_for(qtbot: QtBot) -> None:
    """On Linux a box's name is its entry, and the cross has no text."""
    box, field = QComboBox(), SearchField("Search models")
    for widget in (box, field):
        qtbot.addWidget(widget)
    box.addItem("GPT-4o")
    name_box(box, "Model to fit to")
    spoken = QAccessible.queryAccessibleInterface(box)
    said = [spoken.text(kind) for kind in (QAccessible.Text.Name, QAccessible.Text.Description)]
    assert "Model to fit to" in said
    assert [button.accessibleName() for button in field.findChildren(QToolButton)][:1] == ["Clear"]


@given(
    st.lists(
        st.sampled_from(["12,345 tokens", "5,577 % of GPT-4o", "~$1,052.27", "192 MB", "over"]), min_size=1
    )
)
def test_a_line_without_room_shows_no_part_of_a_number(qapp: QApplication, parts: list[str]) -> None:
    metrics = QFontMetrics(QFont())
    for between in (" · ", ", "):
        text = between.join(parts)
        whole = metrics.horizontalAdvance(text)
        assert shortened(text, metrics, whole) == text
        for room in range(0, whole, 9):
            short = shortened(text, metrics, room)
            assert short.endswith("…") or not short
            assert text.startswith(short[:-1])
            rest = text[len(short) - 1 :]
            assert not (short[-2:-1].isdecimal() and rest[:1].isdecimal()), short


def test_a_hint_is_whole_or_a_word_or_not_there(qtbot: QtBot) -> None:
    field = SearchField("Search models", "Search models, makers, tokenizers")
    qtbot.addWidget(field)
    field.show()
    for width, hint in ((400, "Search models, makers, tokenizers"), (130, "Search"), (60, "")):
        field.resize(width, 28)
        assert field.placeholderText() == hint, width
    field.set_hints("Everything there is", "All")
    field.resize(90, 28)
    assert field.placeholderText() == "All"


def test_a_label_says_less_before_it_is_cut(qtbot: QtBot) -> None:
    label, other = ElidedLabel(), ElidedLabel()
    for one in (label, other):
        qtbot.addWidget(one)
        one.resize(QFontMetrics(one.font()).horizontalAdvance("Fits 108 of 112") + 4, 24)
        one.show()
    label.setText("Fits 108 of 112 known")
    label.shorter = "Fits 108 of 112"
    other.setText("Fits 108 of 112")
    assert label.grab().toImage() == other.grab().toImage()
