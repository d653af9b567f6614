"""Comparing four tokenizers: the arithmetic against the tokenizations, and four panes of 10 MB."""

import gc
import os
import statistics
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.harness import Benchmark, Result, Row, interleave, timed
from tokviz.analysis.comparison.comparison import compare
from tokviz.assets import Assets
from tokviz.documents.samples import Samples
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tokviz.ui.compare.page import ComparePage
    from tokviz.ui.tokens.document import Document

SIZE = 10_000_000
FRAME, STALL = 0.016, 0.050
"""Seconds: a frame at 60 a second, and the longest time the main thread may be busy at once."""
FASTEST = ("o200k_base", "cl100k_base", "llama3", "deepseek-v3")
"""The four quickest engines, against which the comparison looks slowest."""
SHOWN = ("o200k_base", "gemma", "llama3", "deepseek-v3")
"""The page's own first four."""
_FRAMES = 200
_WAIT = 120.0


def corpus(size: int) -> bytes:
    """Python's own standard library, then prose of ten languages over and over: valid UTF-8."""
    parts, total = [], 0
    for path in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        data = path.read_bytes()
        parts.append(data)
        total += len(data)
        if total >= size * 9 // 10:
            break
    prose = "\n".join(passage.text for passage in Samples(Assets()).passages()).encode() + b"\n"
    parts += [prose] * (max(0, size - total) // len(prose) + 1)
    return b"".join(parts)[:size].decode("utf-8", "replace").encode()


def arithmetic() -> list[Result]:
    """All of a comparison but the tokens themselves, on top of the four tokenizations."""
    text, registry = corpus(SIZE), Registry(Assets())
    rows: list[Result] = []
    for names in (SHOWN, FASTEST):
        tokenizers = [registry.get(name) for name in names]
        ends = [tokenizer.encode(text).ends for tokenizer in tokenizers]

        tokenize = partial(_tokenize, tokenizers, text)
        compared = partial(compare, len(text), ends)
        bare, added = interleave(partial(timed, tokenize), partial(timed, compared))
        name = f"10 MB with {', '.join(names)}: tokenizing and comparing (s) against tokenizing alone"
        rows.append(Row(name, bare + added, bare, 1.2))
    return rows


def _tokenize(tokenizers: Sequence[Tokenizer], text: bytes) -> None:
    for tokenizer in tokenizers:
        tokenizer.encode(text)


def window() -> list[Result]:
    """Four panes of 10 MB: scrolling them, and the longest stall while they are tokenized and compared."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from tokviz.ui.tokens.document import Origin

    qt = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        page, document, close = _page(Path(folder))
        stalls: list[float] = []
        gc.freeze()  # as the program does once its window is built

        def turn() -> None:
            stalls.append(timed(partial(qt.processEvents, QEventLoop.ProcessEventsFlag.AllEvents)))
            time.sleep(0.001)

        def compared() -> bool:
            found = page.panes.comparer.result
            return found is not None and found.counts.common > 0

        page.show()
        for _ in range(300):
            turn()
        showing = max(stalls)
        stalls.clear()
        text, end = corpus(SIZE), time.monotonic() + _WAIT
        stalls.append(timed(lambda: document.show(text, Origin(title="Ten megabytes"))))
        while not compared() and time.monotonic() < end:
            turn()
        if not compared():
            raise TimeoutError(f"10 MB were not compared within {_WAIT:.0f} s")
        comparing = max(stalls)
        frames = [timed(partial(_scroll, page, qt.processEvents, number)) for number in range(_FRAMES)]
        jumps = [timed(partial(_jump, page, qt.processEvents, number)) for number in range(40)]
        difference = [timed(page.panes.next_difference) for _ in range(100)]
        close()
    frames.sort()
    high = frames[len(frames) * 95 // 100]
    return [
        Row(
            "a frame of scrolling four panes of 10 MB (s, median) against 16 ms",
            frames[_FRAMES // 2],
            FRAME,
            1,
        ),
        Row("the same, 95th percentile", high, FRAME, 1),
        Row("a jump elsewhere in four panes (s, median) against 50 ms", statistics.median(jumps), STALL, 1),
        Row("the longest stall while the page is shown first (s) against 50 ms", showing, STALL, 1),
        Row("the longest stall while 10 MB are opened and compared (s) against 50 ms", comparing, STALL, 1),
        Row("going to the next difference (s, worst of 100) against 50 ms", max(difference), STALL, 1),
    ]


def _page(folder: Path) -> tuple["ComparePage", "Document", Callable[[], None]]:
    """The page alone, over an empty document, with its worker; and what closes them."""
    from PySide6.QtCore import QSettings

    from tokviz.catalog.catalog import Catalog
    from tokviz.ui.common.settings import Settings
    from tokviz.ui.common.theme import Themes
    from tokviz.ui.common.worker_client import Worker
    from tokviz.ui.compare.page import ComparePage, SharedText
    from tokviz.ui.tokens.counting import TextCounter
    from tokviz.ui.tokens.document import Document, Origin

    assets, worker, document = Assets(), Worker(), Document()
    settings = Settings(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    settings.set("compare/tokenizers", SHOWN)
    registry = Registry(assets)
    shared = SharedText(
        document,
        TextCounter(document.buffer, worker, registry, ()),
        lambda data, title: document.show(data, Origin(title=title)),
    )
    page = ComparePage(
        shared,
        worker,
        registry,
        Catalog(assets).models,
        Samples(assets),
        settings,
        Themes(assets).load("light"),
    )
    page.resize(1600, 1000)

    def close() -> None:
        worker.close()
        page.close()

    return page, document, close


def _scroll(page: "ComparePage", paint: Callable[[], None], number: int) -> None:
    page.panes.panes[number % 4].view.scroll_pixels(77, 0)
    paint()


def _jump(page: "ComparePage", paint: Callable[[], None], number: int) -> None:
    page.panes.panes[0].view.reveal(number * 7_919 * 31 % SIZE)
    paint()


BENCHMARKS: dict[str, Benchmark] = {"compare": arithmetic, "compare-window": window}
