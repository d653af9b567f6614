"""The line that says how far a scan has come."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from tokviz.language import _, ngettext, number
from tokviz.ui.codebase.cells import size
from tokviz.ui.codebase.scan import Progress, Stage
from tokviz.ui.common.widgets import ElidedLabel

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
        self._bar.setAccessibleName(_("Progress of the scan"))
        self._text = ElidedLabel()
        cancel = QToolButton()
        cancel.setText(_("Stop"))
        cancel.setToolTip(_("End the scan and keep what is counted (Esc)"))
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


def progress_text(progress: Progress, tokens: str) -> str:
    """How far a scan is, in words; empty while none is under way."""
    match progress.stage:
        case Stage.IDLE:
            return ""
        case Stage.WALKING:
            return ngettext(
                "Looking through the folders: {n} file",
                "Looking through the folders: {n} files",
                progress.all_files,
            )
        case Stage.LOADING:
            return _("Loading the tokenizer {tokenizer}", tokenizer=progress.loading)
    parts = [
        ngettext(
            "{done} of {n} file", "{done} of {n} files", progress.all_files, done=number(progress.files)
        ),
        # Translators: how much of something is done: “1.2 MB of 4.5 MB”
        _("{done} of {all}", done=size(progress.bytes), all=size(progress.all_bytes)),
    ]
    if tokens:
        parts.append(_("{tokens} tokens", tokens=tokens))
    if progress.rate:
        parts.append(f"{size(int(progress.rate))}/s")
    if progress.seconds_left is not None:
        parts.append(_("{time} left", time=duration(progress.seconds_left)))
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """``7 s``, ``2 min 5 s``, ``1 h 12 min``."""
    whole = round(seconds)
    if whole < 60:
        return _("{seconds} s", seconds=max(1, whole))
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return _("{minutes} min {seconds} s", minutes=minutes, seconds=rest)
    return _("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
