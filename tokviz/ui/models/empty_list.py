"""What stands in place of the list when no model matches."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from tokviz.ui.common.widgets import plain_label


class EmptyList(QWidget):
    """One sentence, and the button that helps."""

    cleared = Signal()
    """All models are wanted again."""

    def __init__(self) -> None:
        super().__init__()
        said = plain_label("No model matches", role="muted")
        button = QPushButton("Show All Models")
        button.clicked.connect(self.cleared)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(said, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
