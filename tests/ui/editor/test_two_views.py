"""Two views on one text: what is done in one leaves the other where it was."""

from dataclasses import dataclass

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.conftest import OpenView
from tokviz.ui.editor.token_view import TokenView

LINES = [f"line {number} of the text".encode() for number in range(400)]


@pytest.fixture
def views(open_view: OpenView, qtbot: QtBot) -> tuple[TokenView, TokenView]:
    one = open_view(b"\n".join(LINES))
    other = TokenView(one.buffer, one.theme, one.history)
    qtbot.addWidget(other)
    other.resize(one.size())
    with qtbot.waitExposed(other):
        other.show()
    return one, other


@dataclass
class Seen:
    """What a view has selected and on top, as text."""

    before_anchor: bytes
    selected: bytes
    top_line: bytes

    @classmethod
    def of(cls, view: TokenView) -> "Seen":
        start, end = view.state.selection
        lines = view.buffer.lines
        top = view.visible_bytes()[0]
        return cls(
            view.buffer.slice(lines.start_of_line(start), start).strip(),
            view.buffer.slice(start, end).replace(b"\t", b""),
            view.buffer.slice(top, lines.end_of_line(top)).strip(),
        )


@pytest.mark.parametrize("backwards", [False, True])
def test_indenting_all_in_one_and_undoing_it_leaves_the_other_in_place(
    views: tuple[TokenView, TokenView], backwards: bool
) -> None:
    one, other = views
    text = one.buffer.snapshot()
    start, end = text.index(b"200 of"), text.index(b"202 of")
    other.select(*((end, start) if backwards else (start, end)))
    other.set_pinned((start, start + 3))
    other.set_scroll_state((text.index(b"line 195"), 3, 0))
    seen = Seen.of(other)
    assert seen == Seen(b"line", text[start:end], b"line 195 of the text")
    for command in ("select_all", "tab", "undo", "redo", "undo"):
        one.commands.run(command)
        assert Seen.of(other) == seen, command
        assert other.scroll_state()[1] == 3
        assert (other.state.caret.offset < other.state.anchor) is backwards
        assert one.buffer.slice(*(other.state.decorations.pinned or (0, 0))) == b"200"
    assert one.buffer.snapshot() == text
    one.commands.run("select_all")
    one.commands.run("tab")
    one.commands.run("outdent")
    assert Seen.of(other) == seen


def test_another_text_is_shown_from_its_beginning(views: tuple[TokenView, TokenView]) -> None:
    for view in views:
        view.select(3000, 3005)
        view.set_pinned((3000, 3003))
        view.set_scroll_state((3000, 3, 0))
    views[0].buffer.load(views[0].buffer.snapshot())
    for view in views:
        assert view.state.selection == (0, 0) and view.scroll_state() == (0, 0, 0)
        assert view.state.decorations.pinned is None


def test_a_text_that_is_replaced_whole_in_one_is_shown_from_its_beginning_in_the_other(
    views: tuple[TokenView, TokenView],
) -> None:
    one, other = views
    other.set_scroll_state((3000, 3, 0))
    one.editor.select_all()
    one.editor.insert(b"\n".join(reversed(LINES)))
    assert other.scroll_state() == (0, 0, 0)
