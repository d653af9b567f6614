"""The composition root: builds the objects of the window, hands them to one another, and shows it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.documents.samples import Samples
from tokviz.tokenization.registry import Registry
from tokviz.ui.appearance import Appearance
from tokviz.ui.failures import FailureLog
from tokviz.ui.help import Help
from tokviz.ui.main_window import MainWindow
from tokviz.ui.menus import Commands, Menus
from tokviz.ui.models.panel import ModelsPanel
from tokviz.ui.opening import Opening
from tokviz.ui.settings import Settings
from tokviz.ui.text.page import TextPage
from tokviz.ui.theme import Themes
from tokviz.ui.worker import Worker


class Application:
    """Every object of the running program, built once; the worker starts while the window paints."""

    def __init__(self, qt: QApplication, assets: Assets, store: QSettings, log: FailureLog) -> None:
        self.log = log
        self.settings = Settings(store)
        self.appearance = Appearance(qt, Themes(assets), self.settings)
        self.worker = Worker()
        theme = self.appearance.theme
        models = ModelsPanel(Catalog(assets).models, self.settings, theme)
        self.text = TextPage(self.worker, Registry(assets), models.tokenizers(), self.settings, theme)
        self.window = MainWindow([self.text], models, self.settings)
        self.opening = Opening(self.window, (self.text, self.text), (self.text, None), self.settings)  # type: ignore[arg-type]
        self.help = Help(self.window, assets, log)
        self.menus = Menus(
            self.window,
            Commands(self.opening, self.help, Samples(assets), self.text.show_sample),
            self.settings,
        )
        self._connect(log)

    def open(self, paths: Sequence[Path], piped: bytes | None) -> None:
        """Show what the command line names."""
        if piped is not None:
            self.text.show_text(piped, "Standard input")
        if paths:
            self.opening.open_paths(paths)

    def _connect(self, log: FailureLog) -> None:
        log.listen(self.window.notices.show_problem)
        self.appearance.changed.connect(self.window.set_theme)
        self.worker.restarted.connect(self.window.notices.show_problem)
        self.settings.failed.connect(self.window.notices.show_problem)
        self.window.closed.connect(self.worker.close)
        self.text.view.files_dropped.connect(self.opening.open_names)


def main(paths: Sequence[str], piped: bytes | None = None) -> int:
    """Open the window on ``paths`` or the ``piped`` text (UTF-8) and run until it is closed."""
    qt = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(qt, QApplication)
    qt.setApplicationName("tokviz")
    qt.setDesktopFileName("tokviz")
    assets = Assets()
    log = FailureLog(
        Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation))
    )
    log.install()
    qt.setWindowIcon(QIcon(str(assets.path("icons", "tokviz.svg"))))
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "tokviz", "tokviz")
    application = Application(qt, assets, store, log)
    application.window.show()
    QTimer.singleShot(0, lambda: application.open([Path(path) for path in paths], piped))
    try:
        return qt.exec()
    finally:
        application.worker.close()
        log.close()
