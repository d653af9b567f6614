"""Who holds Alt and presses a letter means one thing."""

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.shell.mnemonics import doubled
from tests.ui.shell.test_keyboard_walk import PAGES
from tokviz.composition import Application


def test_no_two_things_in_sight_answer_to_one_letter(
    application: Application, qtbot: QtBot, tmp_path: Path
) -> None:
    empty = doubled(application)
    for name, show in PAGES.items():
        (tmp_path / name).mkdir()
        show(application, qtbot, tmp_path / name)
    assert [*empty, *doubled(application)] == []
