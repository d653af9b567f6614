"""The user's own models and newer lists of models, from the menus of the window."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from tokviz.catalog.catalog import Catalog
from tokviz.catalog.updates import (
    Difference,
    Update,
    UpdateError,
    difference_lines,
    read_update,
    revert,
    take,
)
from tokviz.language import _, date, ngettext, within
from tokviz.lists import listed
from tokviz.ui.common.actions import action
from tokviz.ui.common.file_dialogs import MODEL_LISTS, ask_file
from tokviz.ui.common.placement import resize_within
from tokviz.ui.common.settings import Settings
from tokviz.ui.models.own_models_dialog import OwnModelsDialog


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
            self.information.emit(_("{age} Tools ▸ List of Models takes a newer one.", age=self._catalog.age))

    def actions(self, parent: QWidget) -> list[QAction]:
        """An entry for the Tools menu."""
        menu = QMenu(_("List of Mode&ls"), parent)
        menu.addActions(
            [
                action(menu, _("&Own Models…"), self.edit, tip=_("Models of your own, discounts, machines")),
                action(
                    menu,
                    _("&Update from a File…"),
                    self.ask,
                    tip=_("Take a newer list of models from a file"),
                ),
                action(menu, _("Go &Back to the Shipped List"), self.go_back),
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
        self.information.emit(
            _("Your own models are saved and in use. What is wrong in them is left out.")
            if self._catalog.problems
            else _("Your own models are saved and in use.")
        )

    def ask(self) -> None:
        """Take the list in the file that the user picks, once they have seen what it changes."""
        if path := ask_file(self._window, self._settings, _("Update Models"), MODEL_LISTS):
            self.update_from(path)

    def update_from(self, path: Path) -> None:
        """Show what the list at ``path`` changes, and take it if the user says so."""
        try:
            update = read_update(path, self._catalog.listed, self._catalog.today)
            if not update.differences:
                self.information.emit(
                    _("{name} changes nothing. {age}", name=path.name, age=self._catalog.age)
                )
            elif UpdateDialog(update, self._catalog.age, self._window).exec():
                take(update, self._folders)
                self.renew()
                self.information.emit(
                    _("The list of {published} is in use now.", published=date(update.published))
                )
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
            _("The list that ships with tokviz is in use now.")
            if dropped
            else _("No update was taken: this is the list that ships. {age}", age=self._catalog.age)
        )


class UpdateDialog(QDialog):
    """What a newer list changes, and whether to take it."""

    def __init__(self, update: Update, age: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Update Models"))
        resize_within(self, 640, 480)
        heading = QLabel(
            _(
                "{name}, of {published}, changes this. In use now: {age} Tools ▸ List of Models undoes it.",
                name=update.path.name,
                published=date(update.published),
                age=within(age),
            )
        )
        heading.setWordWrap(True)
        summary = QLabel(f"{changes_in_short(update.differences)} · {_('US dollars per million tokens')}")
        summary.setWordWrap(True)
        summary.setProperty("role", "muted")
        self.changes = QPlainTextEdit("\n".join(difference_lines(update.differences)))
        self.changes.setReadOnly(True)
        self.changes.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.changes.setAccessibleName(_("Changes"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(_("&Take It"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(heading)
        column.addWidget(summary)
        column.addWidget(self.changes, 1)
        column.addWidget(buttons)


def changes_in_short(differences: Sequence[Difference]) -> str:
    """How many models change, come and go."""
    changed = len({each.model for each in differences if each.figure})
    new = sum(each.added for each in differences)
    gone = sum(not each.figure and not each.added for each in differences)
    parts = (
        ngettext("{n} model changes", "{n} models change", changed) if changed else "",
        ngettext("{n} model is new", "{n} models are new", new) if new else "",
        ngettext("{n} model is no longer listed", "{n} models are no longer listed", gone) if gone else "",
    )
    return listed(filter(None, parts))
