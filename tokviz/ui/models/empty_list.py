"""What stands in place of the list when no model is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from tokviz.language import _
from tokviz.ui.common.widgets import plain_label
from tokviz.ui.models.cells import Summary


class EmptyList(QWidget):
    """One sentence, and the button that helps."""

    cleared = Signal()
    """All models are wanted again."""

    def __init__(self) -> None:
        super().__init__()
        self._said = plain_label(role="muted")
        button = QPushButton(_("Show All Models"))
        button.clicked.connect(self.cleared)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._said, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)

    def show_summary(self, summary: Summary) -> None:
        """Say why there is none: none matches, or none is counted yet."""
        self._said.setText(summary.headline())
