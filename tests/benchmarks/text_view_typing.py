"""Keys typed into the token view and into the whole text page."""

import gc
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.harness import Benchmark, Result, Row
from tests.benchmarks.text_widgets import (
    CODE,
    HEIGHT,
    MB,
    WIDTH,
    Painted,
    application,
    close,
    open_view,
    percentile,
    repeated,
)

if TYPE_CHECKING:
    from tokviz.ui.editor.token_view import TokenView
    from tokviz.ui.text.page import TextPage


_LIMIT = 2.0
"""Milliseconds that a key's own frame may take in 95 of 100 cases: far less than anybody feels."""


def keys() -> list[Result]:
    """Typing into the middle of 5 MB: the view alone, its tokens ready in memory, a key here and there, or
    twenty in a row; and the whole text page with its worker, each key after the last one's tokens came."""
    data = repeated(CODE, 5 * MB)
    view = open_view(data)
    rows = [
        _keys("a key in 5 MB, here and there", view, lambda: None, in_a_row=1),
        _keys("a key in 5 MB, twenty in a row", view, lambda: None, in_a_row=20),
    ]
    close(view)
    with _page(data) as (page, settle):
        rows.append(_keys("a key in 5 MB on the text page, twenty in a row", page.view, settle, in_a_row=20))
        settle()
        _end_a_window(page)
        rows.append(_keys("the same where a window ends in sight", page.view, settle, in_a_row=20))
    return list(rows)


def _keys(name: str, view: "TokenView", settle: Callable[[], None], in_a_row: int) -> Row:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    middle = view.buffer.lines.line_start(view.buffer.lines.line_count // 2) + 8
    view.select(middle, middle)
    view.activateWindow()
    view.setFocus()
    painted, times = Painted(view), list[float]()
    for block in range(400 // in_a_row):
        for number in range(-2 if in_a_row > 1 else 0, in_a_row):
            # Other letters each time: what is drawn was not drawn before.
            place = block * in_a_row + number + block // 20
            key = Qt.Key(int(Qt.Key.Key_A) + place * 7 % 26) if place % 6 else Qt.Key.Key_Space
            settle()
            application().processEvents()
            taken = painted.frame(partial(QTest.keyClick, view, key))
            if number >= 0:
                times.append(taken)
        if (block + 1) * in_a_row % 20 == 0:  # before the line wraps: that is another frame
            painted.frame(partial(_undo_all, view))
    return Row(f"{name} (ms, 95 %) against 2 ms", percentile(times), _LIMIT, 1)


def _end_a_window(page: "TextPage") -> None:
    """Have a model take so much of the text that its end is a few rows below the middle."""
    from tokviz.ui.common.model_limits import ModelLimit

    tokens, lines = page.tokenizing.map, page.view.buffer.lines
    assert tokens is not None
    limit = tokens.index_at(lines.line_start(lines.line_count // 2 + 4))
    page.window_ends.limits.set_limits(ModelLimit("Model", page.tokenizing.tokenizer, limit), ())
    assert page.window_ends.limits.selected is not None


def _undo_all(view: "TokenView") -> None:
    while view.history.can_undo:
        view.commands.run("undo")


@contextmanager
def _page(data: bytes) -> Iterator[tuple["TextPage", Callable[[], None]]]:
    """The text page as the program has it, with a worker, and what waits until its tokens are right."""
    app = application()
    from PySide6.QtCore import QSettings

    from tokviz.assets import Assets
    from tokviz.catalog.catalog import Catalog
    from tokviz.documents.unsaved import UnsavedTexts
    from tokviz.tokenization.registry import Registry
    from tokviz.ui.common.settings import Settings
    from tokviz.ui.common.theme import Themes
    from tokviz.ui.common.worker_client import Worker
    from tokviz.ui.models.panel import ModelsPanel
    from tokviz.ui.text.page import TextPage

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(QSettings(str(Path(folder, "s.ini")), QSettings.Format.IniFormat))
        assets, worker = Assets(), Worker()
        theme = Themes(assets).load("light")
        panel = ModelsPanel(Catalog(assets).models, settings, theme)
        page = TextPage(
            worker, Registry(assets), panel.tokenizers(), settings, theme, unsaved=UnsavedTexts(Path(folder))
        )
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


BENCHMARKS: dict[str, Benchmark] = {"text_view_keys": keys}
