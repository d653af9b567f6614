"""The line that says how far a scan has come."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QWidget

from tokviz.analysis import formatting
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.scan import Progress, Stage

_THOUSANDTHS = 1000


class ProgressLine(QWidget):
    """A bar, the metrics, and a way to end it; hidden while nothing is under way."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(8)
        self._bar.setMaximumWidth(150)
        self._bar.setAccessibleName("Progress of the scan")
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        cancel = QToolButton()
        cancel.setText("Stop")
        cancel.setToolTip("End the scan and keep what is counted (Esc)")
        cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._bar)
        row.addWidget(self._text, 1)
        row.addWidget(cancel)
        self.hide()

    @property
    def text(self) -> str:
        """What the line says."""
        return self._text.text()

    def show_progress(self, progress: Progress, tokens: str) -> None:
        """Show how far it is; ``tokens`` is what is counted so far, in words."""
        self.setVisible(progress.stage is not Stage.IDLE)
        if progress.stage is Stage.COUNTING and progress.all_bytes:
            self._bar.setRange(0, _THOUSANDTHS)
            self._bar.setValue(_THOUSANDTHS * progress.bytes // progress.all_bytes)
        else:
            self._bar.setRange(0, 0)
        self._text.setText(progress_text(progress, tokens))
        self._text.setToolTip(self._text.text())


def progress_text(progress: Progress, tokens: str) -> str:
    """How far a scan is, in words; empty while none is under way."""
    match progress.stage:
        case Stage.IDLE:
            return ""
        case Stage.WALKING:
            return f"Looking through the folders: {formatting.quantity(progress.all_files, 'file')}"
        case Stage.LOADING:
            return f"Loading the tokenizer {progress.loading}"
    parts = [
        f"{progress.files:,} of {formatting.quantity(progress.all_files, 'file')}",
        f"{size(progress.bytes)} of {size(progress.all_bytes)}",
    ]
    if tokens:
        parts.append(f"{tokens} tokens")
    if progress.rate:
        parts.append(f"{size(int(progress.rate))}/s")
    if progress.seconds_left is not None:
        parts.append(f"{duration(progress.seconds_left)} left")
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """``7 s``, ``2 min 5 s``, ``1 h 12 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{max(1, whole)} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
