"""What the page shows while nothing is open: where to begin."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from tokviz.language import _
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import WrappedLabel, clear

_MOST_RECENT = 6
_WIDTH = 420


class StartPage(QWidget):
    """A place to drop folders on (the window takes them), a button, and the folders opened lately."""

    folder_wanted = Signal()
    recent_chosen = Signal(object)
    """A folder (Path)."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        title = QLabel(_("Drop a folder here"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        title.setFont(font)
        text = WrappedLabel(
            _(
                "See which models it fits, what eats the budget, and what to leave out. Ignore files are "
                "respected; nothing leaves this computer."
            ),
            _WIDTH,
            "muted",
        )
        button = QPushButton(_("&Open Folder…"))
        button.setDefault(True)
        button.clicked.connect(self.folder_wanted)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(2)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (title, text, button):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(10)
        column.addLayout(self._recent)
        column.addStretch(3)

    def show_recent(self, folders: Sequence[Path]) -> None:
        """Offer the folders opened lately, newest first."""
        clear(self._recent)
        if not folders:
            return
        label = QLabel(_("Opened lately"))
        label.setProperty("role", "muted")
        self._recent.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        for folder in folders[:_MOST_RECENT]:
            button = QPushButton(self._shortened(folder))
            button.setFlat(True)
            button.setToolTip(str(folder))
            button.setAccessibleName(_("Open {folder}", folder=folder))
            button.clicked.connect(lambda _=False, folder=folder: self.recent_chosen.emit(folder))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self.theme.border, 2, Qt.PenStyle.DashLine))
            painter.setBrush(self.theme.surface)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 10, 10)

    def _shortened(self, folder: Path) -> str:
        try:
            text = f"~/{folder.relative_to(Path.home())}"
        except ValueError:
            text = str(folder)
        metrics = self.fontMetrics()
        return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, _WIDTH).replace("&", "&&")
