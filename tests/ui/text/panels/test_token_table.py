"""The table of tokens: right in every cell, instant at a million rows, one selection with the text."""

import time
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from tests.ui.hosts import Host, theme, whole
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.text.panels.token_table import Column, TokenTable
from tokviz.ui.text.panels.token_table_view import TokenTableView


def row(table: TokenTable, number: int) -> list[str]:
    return [str(table.index(number, column).data()) for column in Column]


@pytest.fixture
def host(qtbot: QtBot) -> Host:
    return Host("AI models are ✓ 🫠\n".encode())


def make(host: Host, qtbot: QtBot) -> TokenTableView:
    view = TokenTableView(host.shown, theme())
    qtbot.addWidget(view)
    view.resize(680, 400)
    view.show()
    return view


def test_cells(host: Host) -> None:
    table = TokenTable(host.shown, theme())
    assert table.rowCount() == host.tokens.count
    assert row(table, 1) == ["1", "7015", "·models", "7", "20 6D 6F 64 65 6C 73", "7"]
    split = row(table, host.tokens.index_at(host.buffer.data.index("🫠".encode()) + 3))
    assert split[Column.TOKEN].startswith("‹")
    assert split[Column.CHARACTERS] == "0"
    assert row(table, (host.tokens.count or 0) - 1)[Column.TOKEN].endswith("↵")
    assert sum(int(row(table, n)[Column.BYTES]) for n in range(table.rowCount())) == len(host.buffer)
    heads = [table.headerData(c, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) for c in Column]
    assert heads == ["Index", "Id", "Token", "Bytes", "Hex", "Characters"]


def test_it_keeps_to_qts_rules_while_tokens_come_and_go(host: Host, qtbot: QtBot) -> None:
    table = TokenTable(host.shown, theme())
    tester = QAbstractItemModelTester(table, QAbstractItemModelTester.FailureReportingMode.Fatal)
    host.buffer.replace(0, 0, b"Some more words here. ")
    qtbot.waitUntil(lambda: table.rowCount() == host.tokens.count)
    host.owner.choose("r50k_base")
    qtbot.waitUntil(lambda: table.rowCount() == host.tokens.count)
    host.buffer.load(b"")
    qtbot.waitUntil(lambda: table.rowCount() == 0)
    host.buffer.load(b"back")
    qtbot.waitUntil(lambda: table.rowCount() == 1)
    host.owner.forget()
    qtbot.waitUntil(lambda: table.rowCount() == 0)
    assert tester.model() is table


def test_a_token_without_text_is_told_by_the_vocabulary(qtbot: QtBot) -> None:
    host = Host(b"Hi", "llama3", SpecialTokens.FRAMED)
    table = TokenTable(host.shown, theme())
    assert row(table, 0)[Column.TOKEN] == "…"
    qtbot.waitUntil(lambda: row(table, 0)[Column.TOKEN] == "<|begin_of_text|>")
    assert row(table, 0)[Column.BYTES] == "0"


def test_selecting_rows_selects_their_bytes(host: Host, qtbot: QtBot) -> None:
    view = make(host, qtbot)
    selected: list[tuple[int, int]] = []
    view.tokens_selected.connect(lambda start, end: selected.append((start, end)))
    at = view.visualRect(view.table.index(1, Column.TOKEN)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert selected[-1] == (2, 9)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert selected[-1] == (2, 13)
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert selected[-1] == (0, len(host.buffer))
    QTest.keyClick(view, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert selected[-1] == (0, 2)


def test_the_texts_selection_selects_rows_in_silence(host: Host, qtbot: QtBot) -> None:
    view = make(host, qtbot)
    with qtbot.assertNotEmitted(view.tokens_selected):
        view.select_bytes(3, 10)
        assert view.selected_rows == (1, 3)
        assert view.currentIndex().row() == 1
        view.select_bytes(9, 9)
        assert view.selected_rows == (2, 3)


def test_copying_asks_for_the_selected_rows(host: Host, qtbot: QtBot) -> None:
    view = make(host, qtbot)
    view.select_bytes(2, 13)
    with qtbot.waitSignal(view.copy_asked) as asked:
        QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [1, 3]
    assert view.table.line(1) == "1\t7015\t·models\t7\t20 6D 6F 64 65 6C 73\t7"


def million(host: Host) -> None:
    """Give the host a text of 1.2 million tokens."""
    data = b"word " * 1_200_000
    host.buffer.load(data)
    count = len(data) // 5
    tokens = TokenMap(len(data), SafeSplitRule.never())
    if request := whole(tokens, data):
        tokens.deliver(request.key, np.full(count, 1195, np.uint32), np.arange(5, len(data) + 1, 5))
    host.owner.map = tokens
    host.owner.map_changed.emit(tokens)


def test_a_million_rows_are_there_at_once(host: Host, qtbot: QtBot) -> None:
    view = make(host, qtbot)
    million(host)
    qtbot.waitUntil(lambda: view.table.rowCount() > 10**6)
    times = [time.thread_time()]

    def measure() -> None:
        view.grab()
        times.append(time.thread_time())

    measure()
    view.scrollToBottom()
    measure()
    view.selectAll()
    measure()
    view.select_bytes(3_000_000, 3_000_010)
    measure()
    assert view.selected_rows == (600_000, 600_002)
    assert row(view.table, 1_199_999)[:4] == ["1,199,999", "1195", "word·", "5"]
    # A frame of such a table is some 25 ms here; ten times that still tells it from one that is not lazy.
    assert max(after - before for before, after in pairwise(times)) < 0.25


@pytest.mark.parametrize("name", ["light", "dark"])
def test_tokens_have_their_colours(host: Host, qtbot: QtBot, name: str) -> None:
    view = make(host, qtbot)
    view.set_theme(theme(name))
    for number in range(3):
        brush = view.table.index(number, Column.TOKEN).data(Qt.ItemDataRole.BackgroundRole)
        assert brush.color() == theme(name).token_colors[number]
