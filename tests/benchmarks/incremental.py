"""Keeping tokens right while a text is edited: time from a key to its tokens, stalls, and memory."""

import os
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.compare import corpus
from tests.benchmarks.harness import Benchmark, Missing, Result, Row, interleave, timed
from tests.text.changes import change
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_policy import SplitPolicy, split_policy_of
from tokviz.tokenization.tokenizer import SpecialTokens, Tokenizer

if TYPE_CHECKING:
    from tokviz.text.buffer import TextBuffer
    from tokviz.ui.common.worker_client import Worker
    from tokviz.ui.tokens.tokenizing import Tokenizing

DOCUMENT = 5_000_000
LARGE = 100_000_000
KEYS = 80
SIGHT = 6_000
"""Bytes in sight: a full screen of text."""
TO_TOKENS, STALL = 0.050, 0.050
"""Seconds: from a key to the right tokens in sight, and the longest time the main thread may be busy."""
_WAIT = 300.0


@contextmanager
def _running(text: bytes) -> Iterator[tuple["TextBuffer", "Tokenizing", "Worker", Callable[[], None]]]:
    """A buffer of ``text`` with its tokens kept by a worker, and what runs one turn of the event loop."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from tokviz.text.buffer import TextBuffer
    from tokviz.ui.common.worker_client import Worker
    from tokviz.ui.tokens.tokenizing import Tokenizing

    qt = QApplication.instance() or QApplication([])
    worker, buffer = Worker(), TextBuffer(text)
    tokenizing = Tokenizing(buffer, worker)
    yield buffer, tokenizing, worker, qt.processEvents
    tokenizing.close()
    worker.close()


def _until(true: Callable[[], bool], turn: Callable[[], None]) -> float:
    """Run the event loop until ``true``; the longest turn in seconds."""
    longest, end = 0.0, time.monotonic() + _WAIT
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"the tokens did not come within {_WAIT:.0f} s")
        longest = max(longest, timed(turn))
        time.sleep(0.0002)
    return longest


def typing() -> list[Result]:
    """A key at any place of a 5 MB document, for every tokenizer, through the worker process."""
    text, rows = corpus(DOCUMENT), list[Result]()
    with _running(text) as (buffer, tokenizing, _, turn):
        for name in Registry(Assets()).names():
            buffer.load(text)
            tokenizing.choose(name)
            _until(lambda: tokenizing.is_settled, turn)
            chance, times = random.Random(name), list[float]()
            for number in range(KEYS):
                place = buffer.boundary_before(chance.randrange(len(buffer)))
                sight = max(place - SIGHT // 2, 0), min(place + SIGHT // 2, len(buffer))
                tokenizing.set_visible(*sight)
                start = time.perf_counter()
                buffer.replace(place, place, b" x\n.e5"[number % 6 :][:1])
                _until(partial(_known, tokenizing, sight), turn)
                times.append(time.perf_counter() - start)
            rows.append(
                Row(
                    f"{name}: key in 5 MB to right tokens in sight (s, 95th percentile) against 50 ms",
                    sorted(times)[len(times) * 95 // 100],
                    TO_TOKENS,
                    1,
                )
            )
    return rows


def _known(tokenizing: "Tokenizing", sight: tuple[int, int]) -> bool:
    return tokenizing.map is not None and tokenizing.map.is_known(*sight)


def large() -> list[Result]:
    """100 MB: the longest stall while its tokens come, the time, and the memory of both processes."""
    text = corpus(LARGE // 10) * 10
    registry = Registry(Assets())
    tokenizer = registry.get("o200k_base")
    with _running(b"") as (buffer, tokenizing, worker, turn):
        tokenizing.choose("o200k_base")
        _until(lambda: tokenizing.is_settled, turn)
        before = _resident(worker.pid)
        start = time.perf_counter()
        loading = timed(lambda: buffer.load(text))
        stall = max(loading, _until(lambda: tokenizing.is_settled, turn))
        whole = time.perf_counter() - start
        after = _resident(worker.pid)
        switching = _switch(tokenizing, turn)
        count = tokenizing.map.count if tokenizing.map else None
        sight = statistics.median(_opening(buffer, tokenizing, text, turn) for _ in range(5))
    bare = timed(lambda: tokenizer.encode(text))
    rows: list[Result] = [
        Row("100 MB: the longest stall until every token is there (s) against 50 ms", stall, STALL, 1),
        Row(
            "100 MB: from opening it to the tokens in sight (s, median of 5) against 50 ms",
            sight,
            TO_TOKENS,
            1,
        ),
        Row("100 MB: the longest stall of choosing another tokenizer (s) against 50 ms", switching, STALL, 1),
        Row("100 MB: every token through the worker (s) against one call of the engine", whole, bare, 4),
    ]
    if before is None or after is None or not count:
        rows.append(
            Missing("100 MB: memory of both processes", "this system does not tell a process's memory")
        )
    else:
        # The text itself was there before: it is one of the four times it may take.
        allowed = 12 * len(tokenizer.encode(text)) + 3 * len(text)
        name = "100 MB: memory of both processes (bytes) against 12 a token and 3 times the text"
        rows.append(Row(name, after - before, allowed, 1))
    return rows


def _opening(buffer: "TextBuffer", tokenizing: "Tokenizing", text: bytes, turn: Callable[[], None]) -> float:
    """Seconds from opening ``text`` until the tokens in sight are right."""
    buffer.load(b"")
    _until(lambda: tokenizing.is_settled, turn)
    start = time.perf_counter()
    buffer.load(text)
    tokenizing.set_visible(LARGE // 2, LARGE // 2 + SIGHT)
    _until(partial(_known, tokenizing, (LARGE // 2, LARGE // 2 + SIGHT)), turn)
    return time.perf_counter() - start


def _switch(tokenizing: "Tokenizing", turn: Callable[[], None]) -> float:
    longest = timed(lambda: tokenizing.choose("cl100k_base"))
    return max(longest, _until(lambda: tokenizing.is_settled, turn))


def _resident(worker: int | None) -> int | None:
    """Bytes of memory that this process and the worker hold; None where /proc does not say."""
    total = 0
    for process in ("self", str(worker)):
        status = Path("/proc", process, "status")
        if not status.is_file():
            return None
        total += next(int(line.split()[1]) for line in status.read_text().splitlines() if "VmRSS" in line)
    return total * 1024


def map_alone() -> list[Result]:
    """An edit without a worker, against tokenizing all again; and what the map itself holds."""
    text, rows = corpus(DOCUMENT), list[Result]()
    registry = Registry(Assets())
    for name in ("o200k_base", "gemma", "qwen3"):
        tokenizer = registry.get(name)
        how = split_policy_of(registry.info(name), tokenizer, SpecialTokens.PLAIN)
        tokens, edited = TokenMap(len(text), how.rule), bytearray(text)
        tokenizer.encode(text)  # so that what the tokenizer itself keeps is not measured
        tracemalloc.start()
        _settle(tokens, tokenizer, how, edited)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        rows.append(
            Row(f"{name}: memory of the map (bytes a token) against 12", held / (tokens.count or 1), 12, 1)
        )
        subject, baseline = interleave(
            partial(_keys, tokens, tokenizer, how, edited), partial(timed, partial(tokenizer.encode, text))
        )
        what = f"{name}: the tokens of 5 MB after a key (s) against tokenizing all of it"
        rows.append(Row(what, subject, baseline, 20, at_least=True))
    return rows


def _keys(tokens: TokenMap, tokenizer: Tokenizer, how: SplitPolicy, text: bytearray, keys: int = 20) -> float:
    """Seconds that a key at some place takes."""
    chance, start = random.Random(len(text)), time.perf_counter()
    for _ in range(keys):
        place = chance.randrange(len(text))
        while text[place] & 0xC0 == 0x80:
            place -= 1
        text[place:place] = b"x"
        tokens.apply(change(place, 0, 1, len(tokens)), text)
        _settle(tokens, tokenizer, how, text)
    return (time.perf_counter() - start) / keys


def _settle(tokens: TokenMap, tokenizer: Tokenizer, how: SplitPolicy, text: bytearray) -> None:
    while not tokens.complete:
        if request := tokens.next_request(text, (0, 0)):
            chunk = how.encode(tokenizer, bytes(text[request.start : request.end]), request.start == 0)
            tokens.deliver(request.key, chunk.ids, chunk.ends)


BENCHMARKS: dict[str, Benchmark] = {
    "incremental-typing": typing,
    "incremental-large": large,
    "incremental-map": map_alone,
}
