"""What stands under the list of models: the legend of the window bars, and how old the figures are."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from tokviz.language import _, ngettext
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import LEGEND, keep_sized
from tokviz.ui.common.widgets import fill, plain_label, show_badge
from tokviz.ui.common.window_bar_legend import WindowBarLegend

_MARGIN = 12


class PanelFoot(QWidget):
    """Small and quiet, unless the figures are old."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._legend = WindowBarLegend(theme)
        self.age = plain_label(role="muted")
        keep_sized(self.age, LEGEND)
        self.age.hide()
        row = fill(QHBoxLayout(self), self._legend, self.age, wide=self._legend, spacing=8)
        row.setContentsMargins(reading_margins(0, 0, _MARGIN, 0))

    def show_age(self, days: int, sentence: str, aged: bool) -> None:
        """Say how old the figures are; ``sentence`` says it in full, ``aged`` that it is too old."""
        text = ngettext("figures {n} day old", "figures {n} days old", days)
        if aged:
            text = _("{figures_old}, likely changed", figures_old=text)
        show_badge(self.age, text, "warning" if aged else "")
        self.age.setToolTip(sentence)
        self.age.setAccessibleName(sentence)

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self._legend.set_theme(theme)
