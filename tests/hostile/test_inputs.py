"""Each text of the list, pasted into the window, piped into commands and opened as a file."""

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QMimeData, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.cli.conftest import Runner
from tests.hostile.conftest import check
from tests.hostile.inputs import INPUTS, Input
from tests.references import reference
from tests.ui.hosts import HereWorker, theme, worker_context
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.text.page import TextPage
from tokviz.ui.tokens.document import Origin

NAME = "r50k_base"
ALL = pytest.mark.parametrize("name", INPUTS)
SLOW_REFERENCE = {"only blanks", "no line end", "marks without end"}
"""What takes the published tokenizer minutes; the commands and the window are held against each other."""


@cache
def count_of(name: str) -> int | None:
    """The tokens by the published tokenizer; None where that takes too long."""
    given = INPUTS[name]
    if name in SLOW_REFERENCE:
        return None
    text = given.data.decode("utf-8", "replace") if given.expected is None else given.expected
    return len(reference(NAME).encode_ordinary(text))


@ALL
def test_piped_into_count(command: Runner, name: str) -> None:
    given = INPUTS[name]
    outcome = command("count", "-", "--tokenizer", NAME, "--json", piped=given.data)
    check("count", outcome)
    assert outcome.code == (0 if given.encoding or not given.refusal else 1)
    if not given.encoding:
        assert given.refusal in outcome.err
        return
    answer = json.loads(outcome.out)
    assert count_of(name) in (None, answer["counts"][0]["tokens"])
    (read,) = answer["paths"]
    assert read["bytes"] == len(given.data)
    plain = given.encoding == "UTF-8" and not given.replaced
    assert ("encoding" in read) != plain
    if not plain:
        assert read["encoding"].startswith(given.encoding)
        assert read.get("replaced", 0) == given.replaced


@ALL
def test_cut_and_split_lose_nothing(command: Runner, name: str, tmp_path: Path) -> None:
    given = INPUTS[name]
    path = tmp_path / "input"
    path.write_bytes(given.data)
    chunks = command("split", str(path), "--tokens", "700", "--tokenizer", NAME, "--json")
    check("split", chunks)
    cut = command("cut", str(path), "--tokens", "9", "--tokenizer", NAME, "--json")
    check("cut", cut)
    assert cut.code == chunks.code == (0 if given.encoding else 1)
    if given.encoding and given.text is not None:
        told = json.loads(chunks.out)["chunks"]
        assert "".join(one["text"] for one in told) == given.text
        assert all(one["tokens"] <= 700 for one in told)
        assert given.text.startswith(json.loads(cut.out)["text"])


@ALL
def test_other_commands(command: Runner, name: str, tmp_path: Path) -> None:
    path = tmp_path / "input"
    path.write_bytes(INPUTS[name].data)
    one = ("--tokenizer", NAME)
    for arguments in (("tokens", *one), ("compare", *one), ("chat",), ("cost", "--model", "gpt-4o")):
        check(arguments[0], command(arguments[0], str(path), *arguments[1:]))
    check("compare", command("compare", "--forms", str(path), *one))
    pack = tmp_path / "pack.xml"
    packed = command("count", str(path), *one, "--pack", str(pack))
    check("count", packed)
    # What is no text is refused, and no pack of nothing is written over one that may be there.
    assert pack.exists() == (packed.code == 0)
    if pack.exists():
        ElementTree.fromstring(pack.read_bytes())


@pytest.fixture(scope="module")
def page(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TextPage]:
    folder = tmp_path_factory.mktemp("inputs")
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    worker = HereWorker()
    registry = worker_context().registry
    page = TextPage(cast(Worker, worker), registry, [], settings, theme(), unsaved=UnsavedTexts(folder))
    page.resize(900, 700)
    page.choose_tokenizer(NAME)
    page.show()
    yield page
    page.hide()
    worker.close()
    page.deleteLater()


def settle(page: TextPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.tokenizing.is_settled, timeout=60_000)


def ids(page: TextPage) -> list[int]:
    tokens = page.tokenizing.map
    assert tokens is not None
    return list(map(int, tokens.ids()))


@pytest.mark.parametrize("name", [name for name, one in INPUTS.items() if one.text is not None])
def test_pasted_into_the_window(page: TextPage, qtbot: QtBot, name: str) -> None:
    """It stands there byte by byte, has the published tokens, is drawn, and is gone after one undo."""
    given: Input = INPUTS[name]
    assert given.text is not None
    page.document.show(b"before ", Origin())
    settle(page, qtbot)
    offered = QMimeData()  # as bytes: Qt's own way of a string loses a BOM
    offered.setData("text/plain;charset=utf-8", given.text.encode())
    QGuiApplication.clipboard().setMimeData(offered)
    page.view.setFocus()
    QTest.keyClick(page.view, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(page.view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    text = "before " + given.text
    assert bytes(page.document.buffer.snapshot()) == text.encode()
    settle(page, qtbot)
    page.grab()
    if name not in SLOW_REFERENCE:
        assert ids(page) == reference(NAME).encode_ordinary(text)
    for key in (Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(page.view, key)
    page.grab()
    QTest.keyClick(page.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert bytes(page.document.buffer.snapshot()) == b"before "
