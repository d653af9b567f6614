"""The token under the mouse, said beside it after a moment; or the one at the caret, when a key asks."""

from html import escape

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QCursor, QFont
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout

from tokviz.analysis.formatting import grouped
from tokviz.analysis.tokens.token_details import TokenDetails
from tokviz.language import _, ngettext, pgettext
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.type_sizes import BODY, SECOND_LINE, keep_sized, sized
from tokviz.ui.common.widgets import plain_label
from tokviz.ui.editor.layout.fonts import text_font
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.shown_tokens import ShownTokens

_PAUSE = 500
"""Milliseconds that the mouse rests on a token before it is told."""
_LISTED = 6
"""Characters that are named."""
_WIDTH = 280
_OFFSET = 10
"""Between the token and what is said of it, in pixels."""
_SHADOW = (0, 4, 14)
_SHADOW_LIGHT, _SHADOW_DARK = 0.16, 0.5


class TokenTip(QFrame):
    """Stands in the view, over its text, and lets the mouse through. Whatever scrolls or edits hides it."""

    def __init__(self, view: TokenView, shown: ShownTokens, theme: Theme) -> None:
        super().__init__(view)
        self._view = view
        self._shown = shown
        self._at: tuple[int, int, int] | None = None
        self._by_key = False
        self.enabled = True
        """Whether anything is said at all."""
        self._chip = plain_label()
        self._id = plain_label()
        self._number = plain_label(role="muted")
        self._bytes = plain_label()
        self._characters = QLabel()
        self._heads = [plain_label(_("Bytes"), "muted"), plain_label(_("Characters"), "muted")]
        self._effect = QGraphicsDropShadowEffect(self)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE)
        self._timer.timeout.connect(self._show)
        self._build()
        self.set_theme(theme)
        view.token_hovered.connect(self._hovered)
        for signal in (view.edited, view.scrolled):
            signal.connect(self.hide)
        view.state.cursor_moved.connect(self._leave_caret)
        shown.facts_arrived.connect(self._refresh)

    @property
    def text(self) -> str:
        """All that is said; empty while it is hidden."""
        if self.isHidden():
            return ""
        labels = (self._chip, self._id, self._number, self._bytes, self._characters)
        return " | ".join(label.text() for label in labels)

    def set_theme(self, theme: Theme) -> None:
        """Use these colours from now on."""
        self._theme = theme
        x, y, blur = _SHADOW
        ink = QColor(theme.text if not theme.dark else QColor(0, 0, 0))
        ink.setAlphaF(_SHADOW_DARK if theme.dark else _SHADOW_LIGHT)
        self._effect.setOffset(x, y)
        self._effect.setBlurRadius(blur)
        self._effect.setColor(ink)

    def _build(self) -> None:
        self.setObjectName("tokenTip")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setGraphicsEffect(self._effect)
        self.setFixedWidth(_WIDTH)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._chip)
        head.addWidget(self._id)
        head.addStretch(1)
        head.addWidget(self._number)
        rows = QGridLayout()
        rows.setHorizontalSpacing(12)
        rows.setVerticalSpacing(2)
        for number, (label, value) in enumerate(
            zip(self._heads, (self._bytes, self._characters), strict=True)
        ):
            rows.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            rows.addWidget(value, number, 1)
            value.setWordWrap(True)
        rows.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(rows)
        self._characters.setTextFormat(Qt.TextFormat.RichText)
        keep_sized(self._id, BODY, semibold=True)
        for label in (self._number, *self._heads, self._characters):
            keep_sized(label, SECOND_LINE)
        mono = QFont(text_font(0))
        mono.setPointSizeF(sized(self.font(), SECOND_LINE).pointSizeF())
        self._bytes.setFont(mono)
        self._chip.setFont(text_font(0))
        self.hide()

    def tell(self, index: int, start: int, end: int) -> None:
        """Say what a token is, at once and even where nothing is said of those under the mouse."""
        self.hide()
        self._timer.stop()
        self._at, self._by_key = (index, start, end), True
        self._show()

    def _leave_caret(self) -> None:
        if self._by_key:
            self.hide()

    def _hovered(self, index: int, start: int, end: int) -> None:
        self.hide()
        self._by_key = False
        self._at = (index, start, end) if start >= 0 else None
        if self._at is not None and self.enabled:
            self._shown.details(*self._at)  # the vocabulary is asked for what it does not know yet
            self._timer.start()
        else:
            self._timer.stop()

    def _show(self) -> None:
        if self._at is None or not self._view.isVisible() or not self._refresh():
            return
        self._fit()
        self.move(self._place())
        self.show()
        self.raise_()

    def _fit(self) -> None:
        """As wide as its first line needs, and as high as all of them."""
        self._chip.setMinimumWidth(self._chip.sizeHint().width())
        layout = self.layout()
        if layout is not None:
            layout.activate()
            least = layout.totalMinimumSize()
            width = max(_WIDTH, least.width())
            self.setFixedSize(width, max(layout.totalHeightForWidth(width), least.height()))

    def _refresh(self) -> bool:
        """Say what is known of the token; False if nothing is."""
        details = self._shown.details(*self._at) if self._at else None
        if details is None:
            return False
        colors = self._theme.token_colors
        color = self._theme.violet if details.special else colors[max(details.index, 0) % len(colors)]
        ink = self._theme.accent_text if details.special else self._theme.text
        look = "border-radius: 3px; padding: 1px 5px;"  # verbatim
        self._chip.setStyleSheet(f"background: {color.name()}; color: {ink.name()}; {look}")  # verbatim
        self._chip.setText(_short(details.spelled))
        self._id.setText(_("id {id}", id=grouped(details.token_id)))
        self._number.setText(_numbered(details))
        self._bytes.setText(details.hex or _none())
        self._characters.setText(self._names(details))
        return True

    def _names(self, details: TokenDetails) -> str:
        """Each character by its name, but for what everybody can read."""
        mono = escape(text_font(0).family(), quote=True)
        plain = [item for item in details.code_points if _is_plain(item.character)]
        named = [item for item in details.code_points if item not in plain or len(plain) == 1]
        lines = [
            f"<span style='font-family:\"{mono}\"'>{item.code}</span> {escape(item.name.lower())}"  # verbatim
            + (f" × {item.count}" if item.count > 1 else "")
            for item in named[:_LISTED]
        ]
        if len(named) > _LISTED:
            lines.append(_("and more"))
        if len(plain) > 1:
            many = sum(item.count for item in plain)
            lines.append(
                ngettext("{n} letter or digit of ASCII", "{n} letters and digits of ASCII", many, n=many)
            )
        lines += [
            # Translators: of a character; {bytes} are its bytes.
            _("part of {character} ({bytes})", character=escape(item.text), bytes=item.notation)
            for item in details.shared[:_LISTED]
        ]
        return "<br>".join(lines) or _none()

    def _place(self) -> QPoint:
        """Under the token, or over it where there is no room; inside the view."""
        view, viewport = self._view, self._view.viewport()
        _, start, end = self._at or (0, 0, 0)
        box = view.text_viewport.box_of(start, end) or QRect(
            viewport.mapFromGlobal(QCursor.pos()), self.size()
        )
        left = viewport.mapTo(view, box.bottomLeft()).x() + _OFFSET
        below = viewport.mapTo(view, box.bottomLeft()).y() + _OFFSET
        above = viewport.mapTo(view, box.topLeft()).y() - _OFFSET - self.height()
        top = below if below + self.height() <= view.height() or above < 0 else above
        room = view.width() - self.width() - _SHADOW[2]
        return QPoint(max(min(left, room), 0), max(min(top, view.height() - self.height()), 0))


def _is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _short(text: str) -> str:
    return text if len(text) <= 16 else f"{text[:15]}…"


def _none() -> str:
    return pgettext("bytes or characters of a token", "none")


def _numbered(details: TokenDetails) -> str:
    """Which token it is."""
    if details.index < 0:
        return _("special token") if details.special else _("token")
    index = grouped(details.index)
    return _("special token {index}", index=index) if details.special else _("token {index}", index=index)
