"""The line of figures under the text: how much there is of what, and how much of it is selected."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from tokviz.analysis.formatting import grouped


@dataclass(frozen=True, slots=True)
class TextMetrics:
    """Sizes of a text or of a part of one; None: not known yet."""

    tokens: int | None = None
    characters: int | None = None
    bytes: int | None = None
    words: int | None = None
    lines: int | None = None

    @property
    def characters_per_token(self) -> float | None:
        """None where there are no tokens or they are not known yet."""
        return self.characters / self.tokens if self.tokens and self.characters is not None else None


_HEADS = ("Tokens", "Characters", "Bytes", "Words", "Lines", "Chars/token")
_TIPS = (
    "Tokens under the chosen tokenizer",
    "Unicode code points",
    "Bytes of UTF-8",
    "Runs without white space",
    "Lines; an empty text has none",
    "Characters per token, on average",
)


class MetricsBar(QWidget):
    """Two rows of figures: the whole text, and the selection while there is one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(2, 0, 2, 0)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(0)
        self._heads = [self._label(text, tip, "muted") for text, tip in zip(_HEADS, _TIPS, strict=True)]
        self._text = [self._label("", tip, "figure") for tip in _TIPS]
        self._selection = [self._label("", tip, "figure") for tip in _TIPS]
        self._selection_head = self._label("Selection", "", "muted")
        for row, labels in enumerate((self._heads, self._text, self._selection)):
            for column, label in enumerate(labels):
                self._grid.addWidget(label, row, column + 1)
        self._grid.addWidget(self._label("Text", "", "muted"), 1, 0)
        self._grid.addWidget(self._selection_head, 2, 0)
        # A selection must not make the text jump.
        for label in (self._selection_head, *self._selection):
            policy = label.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            label.setSizePolicy(policy)
        self._grid.setColumnStretch(len(_HEADS) + 1, 1)
        self.set_text(TextMetrics())
        self.set_selection(None)

    def set_text(self, figures: TextMetrics) -> None:
        """Show the whole text's figures."""
        self._fill(self._text, figures, "text")

    def set_selection(self, figures: TextMetrics | None) -> None:
        """Show the selection's figures; None hides them."""
        for label in (self._selection_head, *self._selection):
            label.setVisible(figures is not None)
        if figures is not None:
            self._fill(self._selection, figures, "selection")

    def texts(self, what: str) -> list[str]:
        """What is shown of ``text`` or ``selection``; nothing while it is hidden."""
        labels = self._text if what == "text" else self._selection
        return [label.text() for label in labels if not label.isHidden()]

    def _fill(self, labels: list[QLabel], figures: TextMetrics, what: str) -> None:
        whole = (figures.tokens, figures.characters, figures.bytes, figures.words, figures.lines)
        texts = [grouped(value) if value is not None else "…" for value in whole]
        ratio = figures.characters_per_token
        texts.append(f"{ratio:.2f}" if ratio is not None else "–")
        for label, head, text in zip(labels, _HEADS, texts, strict=True):
            label.setText(text)
            label.setAccessibleName(f"{head} of the {what}: {text}")

    def _label(self, text: str, tip: str, role: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("role", role)
        label.setToolTip(tip)
        label.setTextFormat(Qt.TextFormat.PlainText)
        return label
