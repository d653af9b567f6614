"""What floats over the page and says what went wrong, or what happened, without stopping anybody."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from tokviz.language import _, npgettext
from tokviz.ui.common.icons import SIDE, Tint, icon
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.widgets import icon_button, plain_label, restyle

_STAYS = 8000
"""Milliseconds for which a plain message stays; problems stay until they are closed."""
_POINTED_AT = 600_000
"""The same while it is pointed at: whoever reads it is not hurried."""
_EDGE, _WIDEST, _LOWEST = 12, 560, 40
"""Pixels: between it and the page's edges, its largest width, its least height."""


class Kind(StrEnum):
    """How serious a notice is."""

    INFORMATION = "information"
    PROBLEM = "problem"


_SIGNS = {Kind.INFORMATION: ("info", Tint.ACCENT), Kind.PROBLEM: ("triangle-alert", Tint.ERROR)}
_MOST = 20
"""Problems that wait; the oldest are forgotten."""


@dataclass(slots=True)
class _Problem:
    """A problem that is not over."""

    sentence: str
    about: object
    """Who told it, and will say when it is over."""
    offer: str = ""
    act: Callable[[], object] | None = None
    times: int = 1


class Banner(QFrame):
    """Shows one sentence at a time: the newest problem, then those before it, as each is closed or over. One
    that is told again counts up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._label = plain_label()
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = plain_label("", "muted")
        self._sign = QLabel()
        close = icon_button("x", _("Close this message"), self.dismiss)
        self._offer = QPushButton()
        self._offer.clicked.connect(self._take_offer)
        self._problems: list[_Problem] = []
        self._suggestion: _Problem | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(reading_margins(12, 6, 6, 6))
        row.addWidget(self._sign)
        row.addWidget(self._label, 1)
        row.addWidget(self._more)
        row.addWidget(self._offer)
        row.addWidget(close)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._show_newest)
        self._under: QWidget | None = None
        self.hide()

    def float_over(self, page: QWidget) -> None:
        """Lie over the lower edge of ``page``, and move nothing in it."""
        self._under = page
        self.setParent(page)
        page.installEventFilter(self)

    @property
    def text(self) -> str:
        """The sentence shown, or the last one."""
        return self._label.text()

    def show_problem(self, sentence: str, about: object = None) -> None:
        """Show a problem until it is closed, or ``over`` for ``about``. Earlier ones wait."""
        self._add(_Problem(sentence, about))

    def show_offer(self, sentence: str, text: str, act: Callable[[], object], about: object = None) -> None:
        """Show a problem with a button that says ``text``: it closes the notice and calls ``act``."""
        self._forget(lambda each: each.sentence == sentence)  # again, it is no news: it is still to be done
        self._add(_Problem(sentence, about, text, act))

    def show_information(self, sentence: str) -> None:
        """Show a passing message; it never covers a problem that is still open."""
        if not self._problems:
            self._show(sentence, Kind.INFORMATION)
            self._timer.start(_STAYS)

    def over(self, about: object, sentence: str = "") -> None:
        """What ``about`` told of is over: this sentence, or all that it told."""
        suggestion = self._suggestion
        if suggestion and suggestion.about is about and sentence in ("", suggestion.sentence):
            self._suggestion = None
            if not self._timer.isActive():  # an information is shown for its time
                self._show_newest()
        self._forget(lambda each: each.about is about and sentence in ("", each.sentence))

    def dismiss(self) -> None:
        """Close what is shown; what it covered comes next."""
        if self._problems:
            self._problems.pop()
        elif not self._timer.isActive():  # an information, over a suggestion perhaps
            self._suggestion = None
        self._show_newest()

    def clear(self) -> None:
        """Close everything."""
        self._problems.clear()
        self._suggestion = None
        self._show_newest()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._under and event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # other words, or letters of another size
            self._place()
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        if self._timer.isActive():
            self._timer.start(_POINTED_AT)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._timer.isActive():
            self._timer.start(_STAYS)
        super().leaveEvent(event)

    def _place(self) -> None:
        layout = self.layout()
        if self._under is None or layout is None:
            return
        page = self._under.rect()
        width = min(_WIDEST, page.width() - 2 * _EDGE)
        height = max(_LOWEST, layout.totalHeightForWidth(width))
        left = (page.width() - width) // 2
        self.setGeometry(left, page.height() - _EDGE - height, width, height)
        self.raise_()

    def _add(self, problem: _Problem) -> None:
        for same in self._problems:
            if (same.sentence, same.about) == (problem.sentence, problem.about):
                problem.times = same.times + 1
                self._problems.remove(same)
                break
        self._problems = [*self._problems, problem][-_MOST:]
        self._show_newest()

    def _forget(self, is_over: Callable[[_Problem], bool]) -> None:
        left = [each for each in self._problems if not is_over(each)]
        if len(left) < len(self._problems):
            self._problems = left
            self._show_newest()

    def show_suggestion(
        self, sentence: str, text: str, act: Callable[[], object], about: object = None
    ) -> None:
        """Show a message with a button, as ``show_offer`` does, that is no problem; problems come first."""
        self._suggestion = _Problem(sentence, about, text, act)
        self._show_newest()

    def _take_offer(self) -> None:
        taken = self._problems[-1] if self._problems else self._suggestion
        act = taken.act if taken else None
        self.dismiss()
        if act:
            act()

    def _show_newest(self) -> None:
        self._timer.stop()
        if not self._problems:
            if self._suggestion is None:
                self.hide()
            else:
                self._show(self._suggestion.sentence, Kind.INFORMATION, self._suggestion.offer)
            return
        newest, waiting = self._problems[-1], len(self._problems) - 1
        sentence = newest.sentence
        if newest.times > 1:
            sentence = _("{sentence} ({times} times)", sentence=sentence, times=newest.times)
        self._show(sentence, Kind.PROBLEM, newest.offer, waiting)

    def _show(self, sentence: str, kind: Kind, offer: str = "", waiting: int = 0) -> None:
        self._label.setText(sentence)
        more = npgettext("messages that wait", "{n} more", "{n} more", waiting)
        self._more.setText(more if waiting else "")
        self._more.setVisible(waiting > 0)
        self._offer.setText(offer)
        self._offer.setVisible(bool(offer))
        restyle(self, "kind", kind)
        name, tint = _SIGNS[kind]
        self._sign.setPixmap(icon(name, tint).pixmap(SIDE, SIDE))
        self._place()
        self.show()
        self._label.setAccessibleName(sentence)
        # Here, since the window's first frame needs none of it.
        from PySide6.QtGui import QAccessible, QAccessibleEvent

        QAccessible.updateAccessibility(QAccessibleEvent(self._label, QAccessible.Event.Alert))
