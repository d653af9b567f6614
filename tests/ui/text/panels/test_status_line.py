"""Where the caret is, and what is open."""

from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker, theme
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.panels.status_line import StatusLine
from tokviz.ui.tokens.document import Document, Origin
from tokviz.ui.tokens.tokenizing import Tokenizing


class Opened:
    def __init__(self, data: bytes, origin: Origin, qtbot: QtBot) -> None:
        self.document = Document()
        self.view = TokenView(self.document.buffer, theme())
        self.tokenizing = Tokenizing(self.document.buffer, HereWorker())
        self.tokenizing.choose("o200k_base")
        self.line = StatusLine(self.view, self.tokenizing, self.document, QLabel("as read"))
        qtbot.addWidget(self.view)
        qtbot.addWidget(self.line)
        self.line.resize(900, 25)
        self.line.show()
        self.document.show(data, origin)


def test_position_and_file(qtbot: QtBot) -> None:
    opened = Opened("first\nnaïve 漢字 here\n".encode(), Origin(Path("/tmp/notes.md")), qtbot)
    offset = len("first\nnaïve 漢字 ".encode())
    opened.view.select(offset, offset)
    expected = ["Ln 2, Col 10", "Markdown", "notes.md"]
    qtbot.waitUntil(lambda: [t for t in opened.line.texts if not t.startswith("Token")] == expected)
    qtbot.waitUntil(lambda: opened.tokenizing.is_settled)
    tokens = opened.tokenizing.map
    assert tokens is not None
    qtbot.waitUntil(lambda: f"Token {tokens.index_at(offset)}" in opened.line.texts)
    opened.view.select(6, offset)
    qtbot.waitUntil(lambda: opened.line.texts[0] == "Ln 2, Col 10 (9 selected)")


def test_remarks(qtbot: QtBot) -> None:
    opened = Opened(b"text", Origin(title="A sample", replaced=2), qtbot)
    opened.view.set_read_only("It is being compared.")
    expected = "2 places not decodable, shown as �  It is being compared."
    qtbot.waitUntil(lambda: expected in opened.line.texts)
    assert opened.line.texts[-1] == "A sample"
