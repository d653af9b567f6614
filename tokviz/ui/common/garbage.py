"""Python's cyclic garbage, collected where Qt can bear it: on the main thread, between two events."""

import gc

from PySide6.QtCore import QObject, QTimer

_LOOK = 500
"""Milliseconds between two looks at what has gathered."""


class GarbageCollector(QObject):
    """Collects instead of Python, by Python's own thresholds, while this object lives.

    Python collects in whichever thread happens to allocate: in the one that receives the worker's answers,
    too. A QObject that is freed there, or while Qt delivers an event to it, ends the program.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self.destroyed.connect(gc.enable)
        self._timer = QTimer(self, interval=_LOOK)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    def collect_if_due(self) -> None:
        """Collect the oldest generation that has passed its threshold, and all younger ones."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
