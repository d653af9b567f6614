"""The counts that are kept from one run to the next: the menu entries that switch them off and clear them."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from tokviz.count_cache.user_cache import CacheError, UserCache
from tokviz.language import _, number


class KeptCounts(QObject):
    """Two entries at the end of a menu. The command line has the same switch: it is looked up each time."""

    problem = Signal(str)

    def __init__(self, folder: Path, menu: QMenu, parent: QObject) -> None:
        super().__init__(parent)
        self._cache = UserCache(folder)
        menu.addSeparator()
        self.keep = QAction(_("&Keep counts for the next time"), menu, checkable=True)
        tip = _(
            "What was counted is not counted again when a folder is opened anew: counts by the bytes of "
            "each file, nothing of the texts, up to {size} MB in {folder}",
            size=number(f"{self._cache.most / 1e6:,.0f}"),
            folder=folder,
        )
        self.keep.setToolTip(tip)
        self.keep.setStatusTip(tip)
        self.keep.triggered.connect(self._use)
        self.clear = QAction(_("Remove kept &counts"), menu)
        self.clear.triggered.connect(self._clear)
        menu.addActions([self.keep, self.clear])
        self.keep.setChecked(self._cache.used)
        menu.aboutToShow.connect(self.renew)  # and not before: the size is that of a folder of many files

    def renew(self) -> None:
        """Show how things are now."""
        size = self._cache.size
        self.keep.setChecked(self._cache.used)
        self.clear.setEnabled(size > 0)
        self.clear.setText(
            _("Remove kept &counts ({size} MB)", size=number(f"{size / 1e6:,.1f}"))
            if size
            else _("Remove kept &counts")
        )

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
