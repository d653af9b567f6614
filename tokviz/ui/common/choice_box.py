"""A box of choices that says when it has no room for the whole of one."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

_ICON_GAP = 4
"""Pixels between an icon and the words, as Qt has it."""
_FREE = 1
"""Pixels of the field that are none for words: Qt leaves two free, of which rounding takes one."""


class ChoiceBox(QComboBox):
    """Its choice ends in an ellipsis where it has no room; Qt's own box cuts it off amid a letter."""

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, self._room(option)
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _room(self, option: QStyleOptionComboBox) -> int:
        """Pixels for the words."""
        field = QStyle.SubControl.SC_ComboBoxEditField
        whole = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        before = 0 if option.currentIcon.isNull() else self.iconSize().width() + _ICON_GAP
        return whole.width() - before - _FREE
