"""Token ids are pasted or opened, and their text is shown with their own tokens."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.references import reference
from tests.ui.hosts import HereWorker, theme
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.settings import Settings
from tokviz.ui.text.decode_dialog import DecodeDialog


class Asked:
    """The dialog, and what it was given."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self._qtbot = qtbot
        parent = QWidget()
        parent.resize(900, 600)
        qtbot.addWidget(parent)
        self.parent = parent
        self.worker = HereWorker()
        settings = Settings(QSettings(str(folder / "s.ini"), QSettings.Format.IniFormat))
        registry = Registry(Assets())
        self.dialog = DecodeDialog(self.worker, registry, settings, theme(), "cl100k_base", parent)  # type: ignore[arg-type]
        self.dialog.show()

    def give(self, ids: str) -> None:
        self.dialog.field.setPlainText(ids)
        self.settle()

    def settle(self) -> None:
        dialog = self.dialog
        dialog._later.flush()
        self._qtbot.waitUntil(lambda: dialog._ticket is None, timeout=60_000)

    @property
    def text(self) -> str:
        return self.dialog._buffer.snapshot().decode()

    @property
    def shown(self) -> list[tuple[int, int]]:
        """The id and the end of each token that is shown."""
        tokens = self.dialog.view.state.tokens.source
        assert tokens is not None
        run = tokens.tokens_in(0, len(self.dialog._buffer))
        return list(zip(run.ids.tolist(), run.ends.tolist(), strict=True))


@pytest.fixture
def asked(qtbot: QtBot, tmp_path: Path) -> Iterator[Asked]:
    made = Asked(qtbot, tmp_path)
    yield made
    made.dialog.close()
    made.worker.close()


def test_the_text_and_the_given_tokens_are_shown(asked: Asked) -> None:
    asked.give("[9906, 1917]")
    assert asked.text == "Hello world"
    assert asked.shown == [(9906, 5), (1917, 11)]
    assert asked.dialog.says.text() == "2 tokens, 11 bytes."
    asked.dialog._hover(1, 5, 11)
    assert asked.dialog.hovered.text() == "Token 1: id 1917, ·world, 6 bytes"


def test_tokens_that_the_tokenizer_would_not_give_are_shown_as_given(asked: Asked) -> None:
    letters = reference("cl100k_base")
    ids = [letters.encode_single_token(one) for one in "Hello"]
    asked.give(" ".join(map(str, ids)))
    assert asked.text == "Hello"
    assert asked.shown == list(zip(ids, range(1, 6), strict=True))
    assert "The tokenizer itself gives other ids for this text." in asked.dialog.says.text()


def test_half_a_character_is_shown_and_said(asked: Asked) -> None:
    assert reference("cl100k_base").decode_single_token_bytes(161) == "字".encode()[:1]
    asked.give("9906 161 1917")
    assert asked.text == "Hello� world"
    assert "1 place is no whole character" in asked.dialog.says.text()
    assert [token for token, _ in asked.shown] == [9906, 161, 1917]


def test_what_cannot_be_decoded_is_said_and_another_tokenizer_is_tried_at_once(asked: Asked) -> None:
    asked.give("9906 150000")
    assert "cl100k_base has no token 150000 (number 2): 1 of 2 ids." in asked.dialog.says.text()
    assert asked.text == "Hello"
    asked.dialog.tokenizers.setCurrentIndex(asked.dialog.tokenizers.findData("o200k_base"))
    asked.settle()
    assert asked.text == reference("o200k_base").decode([9906, 150000])
    asked.give("twelve")
    assert asked.dialog.says.text() == "“twelve” is no token id."
    assert asked.text == ""
    assert not asked.dialog.as_text.isEnabled()


def test_ids_in_a_file_and_pasted_by_the_million(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "ids.json"
    path.write_text("[9906, 1917]")
    asked.dialog.open_file(path)
    asked.settle()
    assert asked.text == "Hello world"
    assert asked.dialog.says.text().startswith("ids.json: 2 tokens")
    pasted = QMimeData()
    pasted.setText("9906 1917 " * 200_000)
    asked.dialog.field.insertFromMimeData(pasted)
    asked.settle()
    assert asked.dialog.field.toPlainText() == ""
    assert asked.dialog.says.text().startswith("400,000 tokens")
    asked.give("9906")
    assert asked.text == "Hello"


def test_the_text_is_opened_with_its_tokenizer(asked: Asked, qtbot: QtBot) -> None:
    asked.give("9906 1917")
    with qtbot.waitSignal(asked.dialog.text_wanted) as wanted:
        asked.dialog.as_text.click()
    assert wanted.args == [b"Hello world", "Decoded by cl100k_base (GPT-4, GPT-3.5)", "cl100k_base"]


def test_the_text_is_opened_by_the_tokenizer_that_it_was_decoded_by(asked: Asked, qtbot: QtBot) -> None:
    asked.give("9906 1917")
    asked.dialog.tokenizers.setCurrentIndex(asked.dialog.tokenizers.findData("o200k_base"))
    with qtbot.waitSignal(asked.dialog.text_wanted) as wanted:
        asked.dialog.as_text.click()  # before the other one has decoded them
    assert wanted.args is not None
    assert wanted.args[::2] == [b"Hello world", "cl100k_base"]


def test_nothing_is_said_of_nothing(asked: Asked) -> None:
    asked.give("")
    assert "as soon as there are ids" in asked.dialog.says.text()
