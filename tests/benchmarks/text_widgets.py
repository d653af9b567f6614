"""Text widgets to measure, ours and Qt's, and what counts their frames."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QPlainTextEdit

    from tokviz.tokens import Tokenization
    from tokviz.ui.editor.token_view import TokenView

MB = 1_000_000

WIDTH, HEIGHT = 1600, 1000

CODE = (
    "def function(argument: int, other: str = 'text') -> list[int]:\n"
    "\treturn [argument * number for number in range(12)]  # a note that says little\n\n"
)


def repeated(text: str, size: int) -> bytes:
    data = text.encode()
    return data * max(1, size // len(data))


class ReadyTokens:
    """Tokens ready in memory, as a view reads them."""

    def __init__(self, tokens: "Tokenization") -> None:
        self._tokens = tokens
        self._starts = np.concatenate((np.zeros(1, np.int64), tokens.ends[:-1]))
        self._stale = np.zeros(len(tokens), np.bool_)

    def tokens_in(self, start: int, end: int) -> Any:
        """The tokens that touch these bytes."""
        from tokviz.analysis.tokens.token_list import TokenRun

        tokens = self._tokens
        first = int(np.searchsorted(tokens.ends, start, side="right"))
        last = max(first, int(np.searchsorted(self._starts, end, side="left")))
        part = slice(first, last)
        return TokenRun(first, tokens.ids[part], self._starts[part], tokens.ends[part], self._stale[part])


@cache
def tokens_of(data: bytes) -> ReadyTokens:
    from tokviz.assets import Assets
    from tokviz.tokenization.registry import Registry

    return ReadyTokens(Registry(Assets()).get("o200k_base").encode(data))


@cache
def application() -> "QApplication":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication([])


def open_view(data: bytes = b"", wrap: bool = True) -> "TokenView":
    app = application()
    from tokviz.assets import Assets
    from tokviz.text.buffer import TextBuffer
    from tokviz.ui.common.theme import Themes
    from tokviz.ui.editor.token_view import TokenView

    view = TokenView(TextBuffer(data), Themes(Assets()).load("light"))
    view.resize(WIDTH, HEIGHT)
    view.set_options(replace(view.options, wrap=wrap))
    if data:
        view.set_token_map(tokens_of(data))
    view.show()
    view.setFocus()
    view.buffer.lines.complete_now()
    app.processEvents()
    return view


def plain_editor(text: str) -> "QPlainTextEdit":
    app = application()
    from PySide6.QtWidgets import QPlainTextEdit

    from tokviz.ui.editor.layout.fonts import text_font

    editor = QPlainTextEdit()
    editor.setFont(text_font(0))
    editor.resize(WIDTH, HEIGHT)
    editor.setPlainText(text)
    editor.show()
    editor.setFocus()
    app.processEvents()
    return editor


class Painted:
    """Counts the paint events of a widget's viewport."""

    def __init__(self, widget: "QAbstractScrollArea") -> None:
        from PySide6.QtCore import QEvent, QObject

        self.count = 0
        self._widget = widget
        painted = self

        class Filter(QObject):
            def eventFilter(self, watched: QObject, event: QEvent) -> bool:
                painted.count += event.type() == QEvent.Type.Paint
                return False

        self._filter = Filter(widget)
        widget.viewport().installEventFilter(self._filter)

    def frame(self, act: Callable[[], object]) -> float:
        """Milliseconds of this thread from ``act`` until what it changed is painted.

        (Its own time, as by the clock on the wall a busy machine is measured, not the frame. What was to be
        painted before ``act`` is painted first: it is a frame by itself.)
        """
        from PySide6.QtCore import QCoreApplication, QEvent

        app, update = application(), int(QEvent.Type.UpdateRequest.value)
        QCoreApplication.sendPostedEvents(self._widget.window(), update)
        before = self.count
        start, limit = time.thread_time(), time.monotonic() + 1
        act()
        # The paint alone, and not yet what was put off until after it, or arrives from elsewhere.
        QCoreApplication.sendPostedEvents(self._widget.window(), update)
        while self.count == before and time.monotonic() < limit:
            app.processEvents()
        return (time.thread_time() - start) * 1e3


def close(widget: "QAbstractScrollArea") -> None:
    from shiboken6 import delete

    widget.hide()
    delete(widget)
    application().processEvents()


def percentile(values: list[float], percent: int = 95) -> float:
    return float(np.percentile(values, percent))
