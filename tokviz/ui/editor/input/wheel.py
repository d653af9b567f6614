"""The mouse wheel and what takes its place on a touch pad."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent

if TYPE_CHECKING:
    from tokviz.ui.editor.text_surface import TextSurface

_NOTCH = 120
"""Eighths of a degree that a wheel turns at a time."""


def counts_pixels(event: QWheelEvent) -> bool:
    """Whether the device counts in pixels, as a touch pad does. Where a finger goes slowly, an event may hold
    none: its angle must not be taken for a turn of a wheel then."""
    return not event.pixelDelta().isNull() or event.phase() != Qt.ScrollPhase.NoScrollPhase


class Wheel:
    """Scrolls a view by pixels where the device gives them, else by rows; with Ctrl it zooms."""

    def __init__(self, view: "TextSurface") -> None:
        self._view = view
        self._zoom = 0

    def turn(self, event: QWheelEvent) -> None:
        """Do what the event asks."""
        pixels, angle, view = event.pixelDelta(), event.angleDelta(), self._view
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom += angle.y()
            steps = int(self._zoom / _NOTCH)
            self._zoom -= steps * _NOTCH
            if steps:
                view.zoom_by(steps)
        elif counts_pixels(event):
            view.scroll_pixels(-pixels.y(), -pixels.x())
        else:
            step = view.row_height * QGuiApplication.styleHints().wheelScrollLines() / _NOTCH
            aside = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            down, right = (0, angle.y() + angle.x()) if aside else (angle.y(), angle.x())
            view.scroll_pixels(-round(down * step), -round(right * step))
        event.accept()
