"""The row of tabs over the text, from two open texts on."""

from PySide6.QtCore import QPoint, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QToolButton, QWidget

from tokviz.language import _
from tokviz.ui.common.type_sizes import scaled
from tokviz.ui.common.widgets import fill, icon_button
from tokviz.ui.text.open_texts import OpenTexts
from tokviz.ui.tokens.document import OpenText

_WIDEST, _LEAST = 220, 130
"""Pixels of a tab; a longer name is shortened. Where they are so many that each would have less, they scroll:
Qt would shorten all names to two letters first."""
_NOT_SAVED = "●"


class TextTabs(QTabBar):
    """A tab for each text. The middle mouse button closes one; they can be dragged."""

    close_asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("texts")
        self.setAccessibleName(_("Open texts"))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setMovable(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setUsesScrollButtons(True)
        self.setSelectionBehaviorOnRemove(QTabBar.SelectionBehavior.SelectPreviousTab)
        self._pressed = -1

    def tabSizeHint(self, index: int) -> QSize:
        hint = super().tabSizeHint(index)
        return QSize(min(hint.width(), _WIDEST), hint.height())

    def minimumTabSizeHint(self, index: int) -> QSize:
        hint = self.tabSizeHint(index)
        return QSize(min(hint.width(), max(_LEAST, scaled(self.font(), _LEAST))), hint.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = self.tabAt(event.position().toPoint())
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and at >= 0 and at == self._pressed:
            self.close_asked.emit(at)

    def add(self) -> None:
        """Add one more, with a button that closes it."""
        index = self.addTab("")
        button = icon_button("x", _("Close this text (Ctrl+W)"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setFixedSize(22, 22)  # the least that is easily hit
        button.setIconSize(QSize(12, 12))
        button.clicked.connect(lambda: self.close_asked.emit(self._index_of(button)))
        self.setTabButton(index, QTabBar.ButtonPosition.RightSide, button)

    def _index_of(self, button: QToolButton) -> int:
        return self.tabAt(button.mapTo(self, QPoint(2, 2)))


class TabRow(QWidget):
    """Shows the open texts, and brings to the front the one that is chosen."""

    close_asked = Signal(int)

    def __init__(self, texts: OpenTexts) -> None:
        super().__init__()
        self._texts = texts
        self.tabs = TextTabs()
        self.new = icon_button("plus", _("New text (Ctrl+N)"), texts.new)
        fill(QHBoxLayout(self), self.tabs, self.new, wide=self.tabs, spacing=4)
        self.tabs.currentChanged.connect(self._chosen)
        self.tabs.tabMoved.connect(texts.move)
        self.tabs.close_asked.connect(self.close_asked)
        texts.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what the texts are called, and which are not saved."""
        tabs, texts = self.tabs, self._texts.texts
        with QSignalBlocker(tabs):
            while tabs.count() < len(texts):
                tabs.add()
            while tabs.count() > len(texts):
                tabs.removeTab(tabs.count() - 1)
            for index, text in enumerate(texts):
                self._show(index, text)
            tabs.setCurrentIndex(self._texts.front)
        self.setVisible(len(texts) > 1)

    def _show(self, index: int, text: OpenText) -> None:
        name = text.name or _("Untitled")
        label = f"{_NOT_SAVED} {name}" if text.unsaved else name
        self.tabs.setTabText(index, label.replace("&", "&&"))
        place = str(text.origin.path or name)
        self.tabs.setTabToolTip(index, _not_saved(place) if text.unsaved else place)
        self.tabs.setAccessibleTabName(index, _not_saved(name) if text.unsaved else name)

    def _chosen(self, index: int) -> None:
        if index >= 0:
            self._texts.show(index)


def _not_saved(name: str) -> str:
    return _("{name}, not saved", name=name)
