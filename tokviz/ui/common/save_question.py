"""The questions before changes would be lost: one's own that are not saved, or another program's."""

from collections.abc import Callable

from PySide6.QtWidgets import QMessageBox, QWidget

from tokviz.language import _

_BUTTON = QMessageBox.StandardButton


def saved_or_discarded(
    window: QWidget, question: str, save: Callable[[], bool], title: str = "tokviz"
) -> bool:
    """Ask what to do with unsaved changes; False if they stay as they are: the user cancels, or ``save``,
    which says whether it succeeded, fails."""
    choices = _BUTTON.Save | _BUTTON.Discard | _BUTTON.Cancel
    answer = QMessageBox.question(window, title, question, choices, _BUTTON.Save)
    return save() if answer == _BUTTON.Save else answer == _BUTTON.Discard


def may_write_over(window: QWidget, name: str) -> bool:
    """Whether what another program wrote to the file ``name`` meanwhile may go; the user is asked."""
    question = _(
        "{name} was changed by another program since it was read here. Save over those changes?", name=name
    )
    choices = _BUTTON.Save | _BUTTON.Cancel
    return QMessageBox.question(window, "tokviz", question, choices, _BUTTON.Cancel) == _BUTTON.Save
