"""In whatever order they came, within their phases, the followers of a text come to the same results."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from PySide6.QtCore import QSettings
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker, theme, worker_context
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.page import TextPage
from tokviz.ui.tokens.document import Origin

TEXT = "".join(f"line {number} of the \u00e9 text, ﬁve words\n" for number in range(120)).encode()
OTHER = b"another text\n" * 50
_EDITS = ("type", "select_all", "tab", "undo", "redo", "undo", "undo", "delete", "undo", "open")


@contextmanager
def opened(folder: Path, qtbot: QtBot) -> Iterator[tuple[TextPage, list[TokenView]]]:
    """A page with a text, and two views on that text beside it, in which something is selected, pinned and
    scrolled to. (The page's own view changes its size with the notes around it, which takes time.)"""
    worker = HereWorker()
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    page = TextPage(
        cast(Worker, worker),
        worker_context().registry,
        ["o200k_base"],
        settings,
        theme(),
        unsaved=UnsavedTexts(folder),
    )
    views = [TokenView(page.document.buffer, theme(), page.view.history) for _ in range(2)]
    for view in views:
        page.tokenizing.map_changed.connect(lambda _, view=view: view.set_token_map(page.tokenizing))
        page.tokenizing.tokens_changed.connect(view.tokens_changed)
    for widget in (page, *views):
        qtbot.addWidget(widget)
        widget.resize(700, 700)
        with qtbot.waitExposed(widget):
            widget.show()
    page.choose_tokenizer("claude-2")  # which normalizes
    page.show_text(TEXT, "A text")
    settle(page, qtbot)
    place = TEXT.index(b"line 60")
    for view in views:
        view.select(place + 2, place + 9)
        view.set_scroll_state((TEXT.index(b"line 50"), 3, 0))
        view.set_pinned((place, place + 4))
    views[0].select(TEXT.index(b"line 70"), TEXT.index(b"line 70"))
    yield page, views
    for widget in (page, *views):
        widget.hide()
    worker.close()


def settle(page: TextPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: page.tokenizing.is_settled and page.counter.share == 1 and bool(page.counter.counts),
        timeout=60_000,
    )
    qtbot.wait(250)  # what is announced a little later


def results(page: TextPage, views: list[TokenView]) -> list[object]:
    """What each follower came to."""
    seen: list[object] = [page.document.buffer.snapshot(), page.view.history.can_undo]
    for view in views:
        view._blinking.stop()
        start, end = view.state.selection
        pinned = view.state.decorations.pinned
        seen += [start, end, view.state.caret, view.scroll_state(), view.visible_bytes(), pinned]
    return seen


def settled_results(page: TextPage, views: list[TokenView]) -> list[object]:
    tokens = page.tokenizing.map
    assert tokens is not None
    seen = [*results(page, views), tokens.ids().tolist(), dict(page.counter.counts), page.counter.words]
    details = page.details.inspector.details
    seen += [details and (details.index, details.start), page.details.note.text]
    for view in views:
        image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        seen.append(bytes(image.constBits()))
    return seen


def edit(page: TextPage, view: TokenView, what: str) -> None:
    if what == "open":
        page.document.show(OTHER, Origin())
    elif what == "type":
        view.editor.insert("ﬁ x".encode())
    else:
        view.commands.run(what)


def run(folder: Path, qtbot: QtBot, seed: int | None) -> list[list[object]]:
    with opened(folder, qtbot) as (page, views):
        if seed is not None:
            chance = random.Random(seed)
            for followers in page.document.buffer._followers.values():
                assert len(followers) > 2
                chance.shuffle(followers)
        seen = []
        for what in _EDITS:
            edit(page, views[0], what)
            seen.append([what, *results(page, views)])
            settle(page, qtbot)
            seen.append([what, *settled_results(page, views)])
        return seen


def test_any_order_of_followers_comes_to_the_same(tmp_path: Path, qtbot: QtBot) -> None:
    expected = run(tmp_path, qtbot, None)
    for seed in range(2):
        for before, now in zip(expected, run(tmp_path, qtbot, seed), strict=True):
            different = [
                number for number, pair in enumerate(zip(before, now, strict=True)) if pair[0] != pair[1]
            ]
            assert not different, (seed, now[0], [(before[n], now[n]) for n in different if n < 20])
