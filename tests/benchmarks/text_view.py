"""The token view against Qt's own plain editor, and against the clock: frames, a paste, stalls.

The tokens are those of o200k_base, ready in memory: what tokenizing costs is measured elsewhere.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.benchmarks.harness import Benchmark, Result, Row, interleave
from tests.benchmarks.text_widgets import (
    CODE,
    HEIGHT,
    MB,
    Painted,
    application,
    close,
    open_view,
    percentile,
    plain_editor,
    repeated,
    tokens_of,
)

FRAME = 16.0
"""Milliseconds that a frame may take."""
STALL = 50.0
"""Milliseconds that the main thread may be busy without a break."""

_JSON = '{"key":"value and more","list":[1,2,3,4],"hash":"9f86d081884c7d659a2feaa0c55ad015"},'
_LOG = "2026-11-24T18:12:12.123Z INFO  service.module: request 4711 took 12.3 ms, status 200\n"
_CHINESE = "人工智能是计算机科学的一个分支，它企图了解智能的实质，并生产出一种新的智能机器。\n"
_ARABIC = "الذكاء الاصطناعي هو محاكاة الذكاء البشري في الآلات المبرمجة للتفكير والتعلم مثل البشر\n"
_HINDI = "कृत्रिम बुद्धिमत्ता मशीनों में मानव बुद्धि का अनुकरण है। " * 3 + "\n"
_EMOJI = "👩‍👩‍👧‍👦🇩🇪👍🏽😀 families, flags and hands\n"


def frames() -> list[Result]:
    """A frame at every size: scrolled by three rows, and jumped to somewhere else."""
    kinds = {
        "1 MB": repeated(CODE, MB),
        "10 MB": repeated(CODE, 10 * MB),
        "100 MB": repeated(_LOG, 100 * MB),
        "50 MB in one line": repeated(_JSON, 50 * MB),
        "1,000,000 blanks": b" " * MB,
        "Chinese": repeated(_CHINESE, MB),
        "Arabic": repeated(_ARABIC, MB),
        "Hindi": repeated(_HINDI, MB),
        "emoji": repeated(_EMOJI, MB),
    }
    results: list[Result] = []
    for name, data in kinds.items():
        for wrap in (True, False):
            view = open_view(data, wrap)
            painted, bar = Painted(view), view.verticalScrollBar()
            if bar.maximum() < HEIGHT:
                close(view)
                continue
            wheel = [painted.frame(partial(view.scroll_pixels, 69, 0)) for _ in range(60)]
            places = [round(bar.maximum() * (0.37 * number % 1)) for number in range(1, 40)]
            jump = [painted.frame(partial(bar.setValue, place)) for place in places]
            label = name if wrap else f"{name}, not wrapped"
            results.append(Row(f"scrolling, {label} (ms, 95 %)", percentile(wheel), FRAME, 1.0))
            results.append(Row(f"jumping, {label} (ms, 95 %)", percentile(jump), FRAME, 1.0))
            close(view)
    return results


def paste() -> list[Result]:
    """From a paste of 10 MB to the visible part on the screen, against setPlainText and its first paint."""
    data = repeated(CODE, 10 * MB)
    text, tokens = data.decode(), tokens_of(data)
    app = application()

    def ours() -> float:
        view = open_view()
        painted = Painted(view)
        view.set_token_map(tokens)
        app.processEvents()
        taken = painted.frame(lambda: view.editor.insert(data))
        close(view)
        return taken

    def theirs() -> float:
        editor = plain_editor("")
        painted = Painted(editor)
        taken = painted.frame(lambda: editor.setPlainText(text))
        close(editor)
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
        app = application()
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
                application().processEvents()

    return run


def stalls() -> list[Result]:
    """The longest time the event loop stands still: the least of three goes (the machine has other work)."""
    from PySide6.QtGui import QGuiApplication

    from tokviz.ui.editor.input.clipboard import TextMime

    small, large = repeated(CODE, 10 * MB), repeated(_LOG, 100 * MB)
    application()
    beat = _Heartbeat()
    longest: dict[str, float] = {}

    def watch(name: str, act: Callable[[], object]) -> None:
        longest[name] = min(longest.get(name, 1e9), beat.during(act))

    for _ in range(3):
        view = open_view()
        QGuiApplication.clipboard().setMimeData(TextMime(small))
        watch("pasting 10 MB", partial(view.commands.run, "paste"))
        watch("highlighting them", partial(view.set_token_map, tokens_of(small)))
        watch("selecting all", partial(view.commands.run, "select_all"))
        watch("copying them", partial(view.commands.run, "copy"))
        watch("undoing the paste", partial(view.commands.run, "undo"))
        watch("pasting again", partial(view.commands.run, "redo"))
        watch("opening 100 MB", partial(view.buffer.load, large))
        watch("switching tokenizer", partial(view.set_token_map, tokens_of(large)))
        bar = view.verticalScrollBar()
        places = [round(bar.maximum() * part / 40) for part in range(41)]
        scroll = _steps(*(partial(bar.setValue, place) for place in places))
        watch("scrolling 100 MB end to end", scroll)
        watch("selecting 100 MB", partial(view.commands.run, "select_all"))
        watch("copying 100 MB", partial(view.commands.run, "copy"))
        close(view)
    for name, copying in _copies(small).items():
        for _ in range(2):
            watch(name, copying)
    QGuiApplication.clipboard().clear()  # Qt would ask for it when Python has ended already
    return [Row(f"longest stall, {name} (ms)", value, STALL, 1.0) for name, value in longest.items()]


def _copies(data: bytes) -> dict[str, Callable[[], None]]:
    """Copying all tokens of a text, by id and by text, to the end."""
    from PySide6.QtCore import QSettings
    from PySide6.QtWidgets import QWidget

    from tests.ui.hosts import Host
    from tokviz.analysis.tokens.token_export import ids_json, tokens_json
    from tokviz.ui.common.settings import Settings
    from tokviz.ui.text.token_exports import TokenExports
    from tokviz.ui.tokens.document import Document

    host, window = Host(data), QWidget()
    view = open_view(data)
    exports = TokenExports(host.shown, view, Document(), Settings(QSettings()), view.theme, window)

    def copy(form: Any) -> None:
        exports.copy(form)
        while exports.doing:
            application().processEvents()

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
    "text_view_paste": paste,
    "text_view_stalls": stalls,
}
