"""What a cache could give of the request that is looked at, and each miss of the session in a sentence."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis.conversation.overview import RecordedRequest
from tokviz.language import _
from tokviz.ui.common.widgets import fill, plain_label
from tokviz.worker.cache_jobs import CacheAnswer

_NUMBER = Qt.ItemDataRole.UserRole
_NO_MISS = _("No request read anew what its cache held.")
_UNKNOWN = _("The file does not tell what the cache gave.")


class CachePane(QWidget):
    """Asks for its answer only while it can be seen."""

    wanted = Signal()
    """It can be seen, and there is nothing in it."""
    compare_wanted = Signal()
    """With another file."""
    chosen = Signal(int)
    """The number of a request that missed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = plain_label("", "metric")
        self._words = plain_label(name=_("What a cache can give of this request"))
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        compare = QPushButton(_("&Compare with a File…"))
        compare.setToolTip(
            _("The first token that differs from another request or session, and what that costs")
        )
        compare.clicked.connect(self.compare_wanted)
        self.misses = QListWidget()
        self.misses.setAccessibleName(_("Misses of the cache"))
        self.misses.setWordWrap(True)
        self.misses.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.misses.itemActivated.connect(lambda item: self.chosen.emit(int(item.data(_NUMBER) or 0)))
        self.misses.setToolTip(_("Enter or a double click looks at that request"))
        self._known = False
        head = fill(QHBoxLayout(), self._title, compare, wide=self._title, spacing=8)
        fill(QVBoxLayout(self), head, self._words, self.misses, wide=self.misses, spacing=6)

    @property
    def text(self) -> str:
        """What it says of the request."""
        return self._words.text()

    def forget(self) -> None:
        """Another request is looked at."""
        self._known = False
        self._title.setText("")
        self._words.setText("")
        self._ask()

    def show_answer(self, answer: CacheAnswer) -> None:
        """Say what came out."""
        self._known = True
        self._title.setText(answer.title)
        self._words.setText("\n".join(answer.sentences))

    def show_requests(self, requests: Sequence[RecordedRequest]) -> None:
        """List the session's misses."""
        self.misses.clear()
        for one in requests:
            if one.reread:
                item = QListWidgetItem(one.why)
                item.setData(_NUMBER, one.number)
                self.misses.addItem(item)
        if not self.misses.count():
            told = any(one.read is not None for one in requests)
            item = QListWidgetItem(_NO_MISS if told else _UNKNOWN)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.misses.addItem(item)

    def showEvent(self, event: object) -> None:
        self._ask()

    def _ask(self) -> None:
        if self.isVisible() and not self._known:
            self.wanted.emit()
