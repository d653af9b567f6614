"""The part of the text page under the text: the pinned token, the table of tokens, what costs most."""

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget


class DetailsPane(QWidget):
    """Tabs over a stack."""

    def __init__(self, parts: Sequence[tuple[str, QWidget]], parent: QWidget | None = None) -> None:
        """``parts``: titles and widgets, in order."""
        super().__init__(parent)
        self._tabs = QTabBar()
        self._tabs.setObjectName("pages")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setAccessibleName("Details of the text")
        self._stack = QStackedWidget()
        for title, widget in parts:
            self._tabs.addTab(title)
            self._stack.addWidget(widget)
        self._tabs.currentChanged.connect(self._stack.setCurrentIndex)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._tabs)
        column.addWidget(self._stack, 1)

    def show_part(self, widget: QWidget) -> None:
        """Bring a part to the front."""
        self._tabs.setCurrentIndex(self._stack.indexOf(widget))

    def is_in_front(self, widget: QWidget) -> bool:
        """Whether a part can be seen."""
        return self.isVisible() and self._stack.currentWidget() is widget
