"""The button that opens a list of all models, to choose by check boxes and search which are compared."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.ui.common.search_field import SearchField
from tokviz.ui.common.widgets import fill

_WIDTH, _HEIGHT = 320, 340
_ID = Qt.ItemDataRole.UserRole


class ModelChooser(QToolButton):
    """The button, the list under it, and what is chosen there."""

    models_chosen = Signal(list)
    """The ids (``list[str]``) that the user wants, in the order of the catalog."""

    def __init__(self, models: Sequence[LanguageModel], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = SearchField(_("Search models"), _("Search models"))
        self._list = QListWidget()
        self._list.setAccessibleName(_("Models to compare"))
        self.set_models(models)
        menu = QMenu(self)
        action = QWidgetAction(menu)
        action.setDefaultWidget(self._content())
        menu.addAction(action)
        menu.aboutToShow.connect(self._begin)
        self.setText(_("Choose &Models"))
        self.setAccessibleName(_("Choose models"))
        self.setToolTip(_("Choose which models are compared"))
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._search.textChanged.connect(self._filter)
        self._list.itemChanged.connect(lambda _: self.models_chosen.emit(self.chosen))

    @property
    def chosen(self) -> list[str]:
        """The ids that are checked."""
        return [str(item.data(_ID)) for item in self._items() if item.checkState() is Qt.CheckState.Checked]

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """Offer these from now on; what is checked stays so."""
        chosen = self.chosen
        with QSignalBlocker(self._list):
            self._list.clear()
            for model in models:
                item = QListWidgetItem(f"{model.name} · {model.developer}")
                item.setData(_ID, model.id)
                item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if model.id in chosen else Qt.CheckState.Unchecked)
                self._list.addItem(item)

    def choose(self, ids: Sequence[str]) -> None:
        """Check exactly these, without a word."""
        with QSignalBlocker(self._list):
            for item in self._items():
                wanted = item.data(_ID) in ids
                item.setCheckState(Qt.CheckState.Checked if wanted else Qt.CheckState.Unchecked)

    def _content(self) -> QWidget:
        holder = QWidget()
        none = QPushButton(_("Clear"))
        none.setAccessibleName(_("Choose no model"))
        none.clicked.connect(self._clear)
        layout = fill(QVBoxLayout(holder), self._search, self._list, none, wide=self._list, spacing=6)
        layout.setContentsMargins(8, 8, 8, 8)
        holder.setFixedSize(_WIDTH, _HEIGHT)
        return holder

    def _begin(self) -> None:
        self._search.clear()
        self._search.setFocus()

    def _clear(self) -> None:
        self.choose(())
        self.models_chosen.emit([])

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            own = f"{item.text()} {item.data(_ID)}".casefold()
            item.setHidden(not all(word in own for word in words))

    def _items(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]
