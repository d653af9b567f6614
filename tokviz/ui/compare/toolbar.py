"""The row above the panes: how many, sample texts, the way from difference to difference, export."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from tokviz.documents.samples import SampleKind, Samples
from tokviz.language import _
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.mnemonics import without_mnemonic
from tokviz.ui.common.widgets import ElidedLabel, caption, fill, menu_button, name_box

TEN_LANGUAGES = "ten-languages"
"""What ``sample_chosen`` carries for the passages, which are no sample of their own."""


class CompareToolbar(QWidget):
    """Emits what the user chose; shows what is in force."""

    count_chosen = Signal(int)
    sample_chosen = Signal(str)

    def __init__(self, counts: Sequence[int], samples: Samples, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = ChoiceBox()
        self._last: QWidget = self._counts
        name_box(self._counts, _("Number of panes"))
        for count in counts:
            self._counts.addItem(str(count), count)
        self._summary = ElidedLabel()
        self._row = fill(QHBoxLayout(self), caption(_("&Panes:"), self._counts), self._counts, spacing=6)
        self.add_menu(_("S&amples"), self._sample_menu(samples))
        self._row.addWidget(self._summary, 1)
        self._counts.currentIndexChanged.connect(
            lambda: self.count_chosen.emit(int(self._counts.currentData()))
        )

    def show_count(self, count: int) -> None:
        """Show this number without emitting it."""
        with QSignalBlocker(self._counts):
            self._counts.setCurrentIndex(self._counts.findData(count))

    def set_summary(self, text: str, tip: str = "") -> None:
        """What is known of the comparison."""
        self._summary.setText(text)
        self._summary.setToolTip(tip or text)

    @property
    def summary(self) -> str:
        """What is shown of the comparison."""
        return self._summary.text()

    @property
    def last(self) -> QWidget:
        """The control at the right end."""
        return self._last

    def add_actions(self, actions: Sequence[QAction]) -> None:
        """Put a button for each of these at the right end."""
        for entry in actions:
            button = QToolButton()
            entry.setIconText(without_mnemonic(entry.text()))
            button.setDefaultAction(entry)
            button.setAccessibleName(entry.iconText())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._row.addWidget(button)
            self._last = button

    def add_menu(self, title: str, menu: QMenu) -> None:
        """Put a button with ``menu`` at the right end."""
        self._last = menu_button(title, menu)
        self._row.addWidget(self._last)

    def _sample_menu(self, samples: Samples) -> QMenu:
        menu = QMenu(self)
        kind: SampleKind | None = None
        for sample in samples.all():
            if kind is not None and sample.kind is not kind:
                menu.addSeparator()
            kind = sample.kind
            entry = menu.addAction(sample.words)
            entry.triggered.connect(lambda _on=False, name=sample.id: self.sample_chosen.emit(name))
        menu.addSeparator()
        entry = menu.addAction(_("The Same Passage in Ten Languages"))
        entry.triggered.connect(lambda: self.sample_chosen.emit(TEN_LANGUAGES))
        return menu
