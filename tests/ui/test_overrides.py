"""An error in what Qt calls is an exception, and never the end of the program."""

import subprocess
import sys
from types import FunctionType

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tokviz.ui.codebase.tree_model import TreeModel
from tokviz.ui.overrides import guarded

_PROGRAM = """
import tokviz.ui
from PySide6.QtCore import QAbstractListModel, QModelIndex
from PySide6.QtWidgets import QApplication, QListView

class Broken(QAbstractListModel):
    broken = False

    def rowCount(self, parent=QModelIndex()):
        return [3][self.broken]

    def data(self, index, role=0):
        return None

application = QApplication([])
model, view = Broken(), QListView()
view.setModel(model)
view.show()
application.processEvents()
model.broken = True
try:
    model.layoutChanged.emit()
    view.doItemsLayout()
except IndexError as error:
    print("told:", error)
print("it goes on")
"""


def test_an_error_of_c_code_in_what_qt_calls_does_not_end_the_program() -> None:
    """In a process of its own, which a segmentation fault would end."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "it goes on"
    assert "list index out of range" in done.stdout + done.stderr


def test_arguments_their_names_and_defaults_stay() -> None:
    def method(self: object, first: int, second: int = 5) -> tuple[int, int]:
        """What it does."""
        return first, second

    assert isinstance(method, FunctionType)
    call = guarded(method)
    assert call(None, 1) == (1, 5)
    assert call(None, second=2, first=1) == (1, 2)
    assert (call.__name__, call.__doc__) == ("method", "What it does.")
    with pytest.raises(TypeError):
        call(None)


class _Dialog(QDialog):
    asked = Signal(bool)
    accepted_so_often = 0

    def accept(self) -> None:
        self.accepted_so_often += 1

    def own(self) -> None:
        """Not a method of Qt's."""


def test_a_slot_is_handed_as_many_arguments_as_it_takes(qtbot: QtBot) -> None:
    dialog = _Dialog()
    qtbot.addWidget(dialog)
    dialog.asked.connect(dialog.accept)
    dialog.asked.emit(True)
    assert dialog.accepted_so_often == 1


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="Python raises whole exceptions itself")
def test_methods_of_qt_are_guarded_and_others_left_alone() -> None:
    guard = "<guarded>"
    assert _Dialog.accept.__code__.co_filename == guard
    assert TreeModel.rowCount.__code__.co_filename == guard
    assert _Dialog.own.__code__.co_filename != guard
    assert TreeModel.reorder.__code__.co_filename != guard
