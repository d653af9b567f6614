"""The counts that are kept from one run to the next: the menu entries that switch them off and clear them."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tokviz.count_cache.user_cache import CacheError, UserCache

_TIP = (
    "What was counted is not counted again when a folder is opened anew: counts by the bytes of each file, "
    "nothing of the texts, up to {most:,.0f} MB in {folder}"
)


class KeptCounts(QObject):
    """Two entries at the end of a menu. The command line has the same switch: it is looked up each time."""

    problem = Signal(str)

    def __init__(self, folder: Path, menu: QMenu, parent: QObject) -> None:
        super().__init__(parent)
        self._cache = UserCache(folder)
        menu.addSeparator()
        self.keep = QAction("&Keep counts for the next time", menu, checkable=True)
        tip = _TIP.format(most=self._cache.most / 1e6, folder=folder)
        self.keep.setToolTip(tip)
        self.keep.setStatusTip(tip)
        self.keep.triggered.connect(self._use)
        self.clear = QAction("Remove kept &counts", menu)
        self.clear.triggered.connect(self._clear)
        menu.addActions([self.keep, self.clear])
        self.keep.setChecked(self._cache.used)
        menu.aboutToShow.connect(self.renew)  # and not before: the size is that of a folder of many files

    def renew(self) -> None:
        """Show how things are now."""
        size = self._cache.size
        self.keep.setChecked(self._cache.used)
        self.clear.setEnabled(size > 0)
        self.clear.setText(f"Remove kept &counts ({size / 1e6:,.1f} MB)" if size else "Remove kept &counts")

    def _use(self, used: bool) -> None:
        try:
            self._cache.use(used)
        except CacheError as error:
            self.problem.emit(str(error))
        self.renew()

    def _clear(self) -> None:
        try:
            self._cache.clear()
        except CacheError as error:
            self.problem.emit(str(error))
        self.renew()
