"""The token view against Qt's own plain editor, and against the clock: frames, keys, stalls.

The tokens are those of o200k_base, ready in memory unless it says otherwise: what tokenizing costs is
measured elsewhere.
"""

import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.benchmarks.harness import Benchmark, Result, Row, interleave

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QPlainTextEdit

    from tokviz.tokens import Tokenization
    from tokviz.ui.text.page import TextPage
    from tokviz.ui.text.token_view import TokenView

MB = 1_000_000
WIDTH, HEIGHT = 1600, 1000
FRAME = 16.0
"""Milliseconds that a frame may take."""
STALL = 50.0
"""Milliseconds that the main thread may be busy without a break."""

_CODE = (
    "def function(argument: int, other: str = 'text') -> list[int]:\n"
    "\treturn [argument * number for number in range(12)]  # a note that says little\n\n"
)
_JSON = '{"key":"value and more","list":[1,2,3,4],"hash":"9f86d081884c7d659a2feaa0c55ad015"},'
_LOG = "2026-11-24T18:12:12.123Z INFO  service.module: request 4711 took 12.3 ms, status 200\n"
_CHINESE = "人工智能是计算机科学的一个分支，它企图了解智能的实质，并生产出一种新的智能机器。\n"
_ARABIC = "الذكاء الاصطناعي هو محاكاة الذكاء البشري في الآلات المبرمجة للتفكير والتعلم مثل البشر\n"
_HINDI = "कृत्रिम बुद्धिमत्ता मशीनों में मानव बुद्धि का अनुकरण है। " * 3 + "\n"
_EMOJI = "👩‍👩‍👧‍👦🇩🇪👍🏽😀 families, flags and hands\n"


def _repeated(text: str, size: int) -> bytes:
    data = text.encode()
    return data * max(1, size // len(data))


class _Tokens:
    """Tokens ready in memory, as a view reads them."""

    def __init__(self, tokens: "Tokenization") -> None:
        self._tokens = tokens
        self._starts = np.concatenate((np.zeros(1, np.int64), tokens.ends[:-1]))
        self._stale = np.zeros(len(tokens), np.bool_)

    def tokens_in(self, start: int, end: int) -> Any:
        """The tokens that touch these bytes."""
        from tokviz.analysis.token_map_list import TokenRun

        tokens = self._tokens
        first = int(np.searchsorted(tokens.ends, start, side="right"))
        last = max(first, int(np.searchsorted(self._starts, end, side="left")))
        part = slice(first, last)
        return TokenRun(first, tokens.ids[part], self._starts[part], tokens.ends[part], self._stale[part])


@cache
def _tokens_of(data: bytes) -> _Tokens:
    from tokviz.assets import Assets
    from tokviz.tokenization.registry import Registry

    return _Tokens(Registry(Assets()).get("o200k_base").encode(data))


@cache
def _application() -> "QApplication":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication([])


def _view(data: bytes = b"", wrap: bool = True) -> "TokenView":
    app = _application()
    from tokviz.assets import Assets
    from tokviz.ui.text.buffer import TextBuffer
    from tokviz.ui.text.token_view import TokenView
    from tokviz.ui.theme import Themes

    view = TokenView(TextBuffer(data), Themes(Assets()).load("light"))
    view.resize(WIDTH, HEIGHT)
    view.set_options(replace(view.options, wrap=wrap))
    if data:
        view.set_token_map(_tokens_of(data))
    view.show()
    view.setFocus()
    view.buffer.lines.complete_now()
    app.processEvents()
    return view


def _plain_editor(text: str) -> "QPlainTextEdit":
    app = _application()
    from PySide6.QtWidgets import QPlainTextEdit

    from tokviz.ui.text.fonts import text_font

    editor = QPlainTextEdit()
    editor.setFont(text_font(0))
    editor.resize(WIDTH, HEIGHT)
    editor.setPlainText(text)
    editor.show()
    editor.setFocus()
    app.processEvents()
    return editor


class _Painted:
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

        (Its own time, as by the clock on the wall a busy machine is measured, not the frame.)
        """
        from PySide6.QtCore import QCoreApplication, QEvent

        app, before = _application(), self.count
        start, limit = time.thread_time(), time.monotonic() + 1
        act()
        # The paint alone, and not yet what was put off until after it, or arrives from elsewhere.
        QCoreApplication.sendPostedEvents(self._widget.window(), int(QEvent.Type.UpdateRequest.value))
        while self.count == before and time.monotonic() < limit:
            app.processEvents()
        return (time.thread_time() - start) * 1e3


def _close(widget: "QAbstractScrollArea") -> None:
    from shiboken6 import delete

    widget.hide()
    delete(widget)
    _application().processEvents()


def _percentile(values: list[float], percent: int = 95) -> float:
    return float(np.percentile(values, percent))


def frames() -> list[Result]:
    """A frame at every size: scrolled by three rows, and jumped to somewhere else."""
    kinds = {
        "1 MB": _repeated(_CODE, MB),
        "10 MB": _repeated(_CODE, 10 * MB),
        "100 MB": _repeated(_LOG, 100 * MB),
        "50 MB in one line": _repeated(_JSON, 50 * MB),
        "1,000,000 blanks": b" " * MB,
        "Chinese": _repeated(_CHINESE, MB),
        "Arabic": _repeated(_ARABIC, MB),
        "Hindi": _repeated(_HINDI, MB),
        "emoji": _repeated(_EMOJI, MB),
    }
    results: list[Result] = []
    for name, data in kinds.items():
        for wrap in (True, False):
            view = _view(data, wrap)
            painted, bar = _Painted(view), view.verticalScrollBar()
            if bar.maximum() < HEIGHT:
                _close(view)
                continue
            wheel = [painted.frame(partial(view.scroll_pixels, 69, 0)) for _ in range(60)]
            places = [round(bar.maximum() * (0.37 * number % 1)) for number in range(1, 40)]
            jump = [painted.frame(partial(bar.setValue, place)) for place in places]
            label = name if wrap else f"{name}, not wrapped"
            results.append(Row(f"scrolling, {label} (ms, 95 %)", _percentile(wheel), FRAME, 1.0))
            results.append(Row(f"jumping, {label} (ms, 95 %)", _percentile(jump), FRAME, 1.0))
            _close(view)
    return results


def _undo_all(widget: "TokenView | QPlainTextEdit") -> None:
    from PySide6.QtWidgets import QPlainTextEdit

    if isinstance(widget, QPlainTextEdit):
        while widget.document().isUndoAvailable():
            widget.undo()
    else:
        while widget.history.can_undo:
            widget.commands.run("undo")


def keys() -> list[Result]:
    """Typing into the middle of 5 MB, against QPlainTextEdit with 5 KB: the view alone, its tokens ready in
    memory, and the whole text page with its worker, each key after the last one's tokens have come."""
    data = _repeated(_CODE, 5 * MB)
    view = _view(data)
    rows = _keys("a key in 5 MB", view, lambda: None)
    _close(view)
    with _page(data) as (page, settle):
        rows += _keys("a key in 5 MB on the text page", page.view, settle)
    return rows


def _keys(name: str, view: "TokenView", settle: Callable[[], None]) -> list[Result]:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QWidget

    editor = _plain_editor(_repeated(_CODE, 5000).decode())
    cursor = editor.textCursor()
    cursor.setPosition(500)
    editor.setTextCursor(cursor)
    middle = view.buffer.lines.line_start(view.buffer.lines.line_count // 2) + 8
    view.select(middle, middle)
    times: dict[QWidget, list[float]] = {view: [], editor: []}
    painted = {widget: _Painted(widget) for widget in (view, editor)}
    for block in range(20):  # by turns, as the machine may be busier now than then
        for widget in (view, editor):
            widget.activateWindow()
            widget.setFocus()
            for number in range(-2, 20):
                # Other letters each time: what is drawn was not drawn before.
                key = (
                    Qt.Key(int(Qt.Key.Key_A) + (block + number) * 7 % 26) if number % 6 else Qt.Key.Key_Space
                )
                settle()
                _application().processEvents()
                taken = painted[widget].frame(partial(QTest.keyClick, widget, key))
                if number >= 0:
                    times[widget].append(taken)
            painted[widget].frame(partial(_undo_all, widget))  # before the line wraps: that is another frame
    mine, other = times[view], times[editor]
    _close(editor)
    return [
        Row(
            f"{name} against QPlainTextEdit in 5 KB (ms, 95 %)",
            _percentile(mine),
            _percentile(other),
            2.0,
        ),
        Row("the same (ms, median)", _percentile(mine, 50), _percentile(other, 50), 2.0),
    ]


@contextmanager
def _page(data: bytes) -> Iterator[tuple["TextPage", Callable[[], None]]]:
    """The text page as the program has it, with a worker, and what waits until its tokens are right."""
    app = _application()
    from PySide6.QtCore import QSettings

    from tokviz.assets import Assets
    from tokviz.catalog.catalog import Catalog
    from tokviz.tokenization.registry import Registry
    from tokviz.ui.models.panel import ModelsPanel
    from tokviz.ui.settings import Settings
    from tokviz.ui.text.page import TextPage
    from tokviz.ui.theme import Themes
    from tokviz.ui.worker import Worker

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(QSettings(str(Path(folder, "s.ini")), QSettings.Format.IniFormat))
        assets, worker = Assets(), Worker()
        theme = Themes(assets).load("light")
        panel = ModelsPanel(Catalog(assets).models, settings, theme)
        page = TextPage(worker, Registry(assets), panel.tokenizers(), settings, theme)
        page.resize(WIDTH, HEIGHT)
        page.show()
        page.show_text(data, "A text")

        def settle() -> None:
            end = time.monotonic() + 60
            while not page.tokenizing.is_settled and time.monotonic() < end:
                app.processEvents()

        end = time.monotonic() + 60
        while page.counter.share < 1 and time.monotonic() < end:
            app.processEvents()
        settle()
        gc.freeze()  # as the program does once its window is built
        yield page, settle
        gc.unfreeze()
        page.tokenizing.close()
        worker.close()
        page.hide()


def paste() -> list[Result]:
    """From a paste of 10 MB to the visible part on the screen, against setPlainText and its first paint."""
    data = _repeated(_CODE, 10 * MB)
    text, tokens = data.decode(), _tokens_of(data)
    app = _application()

    def ours() -> float:
        view = _view()
        painted = _Painted(view)
        view.set_token_map(tokens)
        app.processEvents()
        taken = painted.frame(lambda: view.editor.insert(data))
        _close(view)
        return taken

    def theirs() -> float:
        editor = _plain_editor("")
        painted = _Painted(editor)
        taken = painted.frame(lambda: editor.setPlainText(text))
        _close(editor)
        return taken

    value, baseline = interleave(ours, theirs, rounds=3)
    return [Row("paste of 10 MB to first paint, against QPlainTextEdit (ms)", value, baseline, 0.25)]


class _Heartbeat:
    """Beats every millisecond in the event loop, and remembers the longest time without."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now

    def during(self, act: Callable[[], object], settle: float = 0.15) -> float:
        """The longest gap in milliseconds while ``act`` and what follows it are done."""
        app = _application()
        app.processEvents()
        self.longest, self._last = 0.0, time.perf_counter()
        act()
        end = time.perf_counter() + settle
        while time.perf_counter() < end:
            app.processEvents()
        self._beat()
        return self.longest * 1e3


def _steps(*acts: Callable[[], object]) -> Callable[[], None]:
    """Do one after the other, with the event loop between."""

    def run() -> None:
        for act in acts:
            act()
            for _ in range(3):
                _application().processEvents()

    return run


def stalls() -> list[Result]:
    """The longest time the event loop stands still: the least of three goes (the machine has other work)."""
    from PySide6.QtGui import QGuiApplication

    from tokviz.ui.text.clipboard import TextMime

    small, large = _repeated(_CODE, 10 * MB), _repeated(_LOG, 100 * MB)
    _application()
    beat = _Heartbeat()
    longest: dict[str, float] = {}

    def watch(name: str, act: Callable[[], object]) -> None:
        longest[name] = min(longest.get(name, 1e9), beat.during(act))

    for _ in range(3):
        view = _view()
        QGuiApplication.clipboard().setMimeData(TextMime(small))
        watch("pasting 10 MB", partial(view.commands.run, "paste"))
        watch("highlighting them", partial(view.set_token_map, _tokens_of(small)))
        watch("selecting all", partial(view.commands.run, "select_all"))
        watch("copying them", partial(view.commands.run, "copy"))
        watch("undoing the paste", partial(view.commands.run, "undo"))
        watch("pasting again", partial(view.commands.run, "redo"))
        watch("opening 100 MB", partial(view.buffer.load, large))
        watch("switching tokenizer", partial(view.set_token_map, _tokens_of(large)))
        bar = view.verticalScrollBar()
        places = [round(bar.maximum() * part / 40) for part in range(41)]
        scroll = _steps(*(partial(bar.setValue, place) for place in places))
        watch("scrolling 100 MB end to end", scroll)
        watch("selecting 100 MB", partial(view.commands.run, "select_all"))
        watch("copying 100 MB", partial(view.commands.run, "copy"))
        _close(view)
    for name, copying in _copies(small).items():
        for _ in range(2):
            watch(name, copying)
    QGuiApplication.clipboard().clear()  # Qt would ask for it when Python has ended already
    return [Row(f"longest stall, {name} (ms)", value, STALL, 1.0) for name, value in longest.items()]


def _copies(data: bytes) -> dict[str, Callable[[], None]]:
    """Copying all tokens of a text, by id and by text, to the end."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from tests.ui.text.panels import Host
    from tokviz.analysis.token_export import ids_json, tokens_json
    from tokviz.ui.settings import Settings
    from tokviz.ui.text.document import Document
    from tokviz.ui.text.token_exports import TokenExports

    host, window = Host(data), QWidget()
    view = _view(data)
    exports = TokenExports(host.shown, view, Document(), Settings(QSettings()), window)

    def copy(form: Any) -> None:
        exports.copy(form)
        while exports.doing:
            _application().processEvents()

    count = host.tokens.known_tokens
    forms = (("ids", ids_json), ("tokens", tokens_json))
    # What is in these closures lives as long as they do.
    kept = (host, window, view)
    return {
        f"copying the {name} of {count:,} tokens": partial(lambda form, _: copy(form), form, kept)
        for name, form in forms
    }


BENCHMARKS: dict[str, Benchmark] = {
    "text_view_frames": frames,
    "text_view_keys": keys,
    "text_view_paste": paste,
    "text_view_stalls": stalls,
}
