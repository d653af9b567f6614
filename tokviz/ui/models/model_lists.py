"""The user's own models and newer lists of models, from the menus of the window."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from tokviz.catalog.catalog import Catalog
from tokviz.catalog.updates import Update, UpdateError, difference_lines, read_update, revert, take
from tokviz.ui.common.actions import action
from tokviz.ui.common.settings import Settings
from tokviz.ui.models.own_models_dialog import OwnModelsDialog

_FILTER = "Lists of Models (*.toml);;All Files (*)"


class ModelLists(QObject):
    """Opens the dialogs. What they change is in use at once: ``catalog_changed``."""

    catalog_changed = Signal(object)
    """The catalog (Catalog) from now on."""
    problem = Signal(str)
    information = Signal(str)

    def __init__(self, catalog: Catalog, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        assert catalog.folders is not None, "the window knows whose models to edit"
        self._catalog = catalog
        self._folders = catalog.folders
        self._settings = settings
        self._window = parent

    def report(self) -> None:
        """Tell what is wrong in the user's files, and that the figures are old if they are."""
        for sentence in self._catalog.problems:
            self.problem.emit(sentence)
        if self._catalog.is_aged:
            self.information.emit(f"{self._catalog.age} Tools ▸ List of Models takes a newer one.")

    def actions(self, parent: QWidget) -> list[QAction]:
        """An entry for the Tools menu."""
        menu = QMenu("List of Mode&ls", parent)
        menu.addActions(
            [
                action(menu, "&Own Models…", self.edit, tip="Models of your own, discounts, machines"),
                action(menu, "&Update from a File…", self.ask, tip="Take a newer list of models from a file"),
                action(menu, "Go &Back to the Shipped List", self.go_back),
            ]
        )
        return [menu.menuAction()]

    def edit(self) -> None:
        """Edit the own models."""
        OwnModelsDialog(self._catalog, self._folders.own_models, self._window, self._saved).exec()

    def renew(self) -> None:
        """Read the lists again."""
        self._catalog = self._catalog.renewed()
        self.catalog_changed.emit(self._catalog)

    def _saved(self) -> None:
        self.renew()
        wrong = " What is wrong in them is left out." * bool(self._catalog.problems)
        self.information.emit(f"Your own models are saved and in use.{wrong}")

    def ask(self) -> None:
        """Take the list in the file that the user picks, once they have seen what it changes."""
        folder = str(self._settings.folder)
        name, _ = QFileDialog.getOpenFileName(self._window, "Update Models", folder, _FILTER)
        if name:
            self.update_from(Path(name))

    def update_from(self, path: Path) -> None:
        """Show what the list at ``path`` changes, and take it if the user says so."""
        try:
            update = read_update(path, self._catalog.listed, self._catalog.today)
            if not update.differences:
                self.information.emit(f"{path.name} changes nothing. {self._catalog.age}")
            elif UpdateDialog(update, self._catalog.age, self._window).exec():
                take(update, self._folders)
                self.renew()
                self.information.emit(f"The list of {update.published} is in use now.")
        except UpdateError as error:
            self.problem.emit(str(error))

    def go_back(self) -> None:
        """Drop the update."""
        try:
            dropped = revert(self._folders)
        except UpdateError as error:
            self.problem.emit(str(error))
            return
        if dropped:
            self.renew()
        self.information.emit(
            "The list that ships with tokviz is in use now."
            if dropped
            else f"No update was taken: this is the list that ships. {self._catalog.age}"
        )


class UpdateDialog(QDialog):
    """What a newer list changes, and whether to take it."""

    def __init__(self, update: Update, age: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Update Models")
        self.resize(640, 480)
        heading = QLabel(
            f"{update.path.name}, of {update.published}, changes this. In use now: "
            f"{age[0].lower()}{age[1:]} Tools ▸ List of Models undoes it."
        )
        heading.setWordWrap(True)
        self.changes = QPlainTextEdit("\n".join(difference_lines(update.differences)))
        self.changes.setReadOnly(True)
        self.changes.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.changes.setAccessibleName("Changes")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton("&Take It", QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(heading)
        column.addWidget(self.changes, 1)
        column.addWidget(buttons)
