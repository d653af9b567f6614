"""The question before unsaved changes would be lost."""

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

_BUTTON = QMessageBox.StandardButton


def saved_or_discarded(
    window: QWidget, question: str, save: Callable[[], bool], title: str = "tokviz"
) -> bool:
    """Ask what to do with unsaved changes; False if they stay as they are: the user cancels, or ``save``,
    which says whether it succeeded, fails."""
    choices = _BUTTON.Save | _BUTTON.Discard | _BUTTON.Cancel
    answer = QMessageBox.question(window, title, question, choices, _BUTTON.Save)
    return save() if answer == _BUTTON.Save else answer == _BUTTON.Discard
