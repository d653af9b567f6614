"""The counts of a text stay those of the whole text through edits, with a user's own tokenizers too."""

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
import tokenizers
from pytestqt.qtbot import QtBot

from tests.tokenization.user.test_user_files import byte_level, word_piece
from tests.ui.hosts import HereWorker, worker_context
from tokviz.text.buffer import TextBuffer
from tokviz.tokenization.estimate import ESTIMATE
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Provenance
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.tokens import counting
from tokviz.ui.tokens.counting import TextCounter
from tokviz.worker.jobs import CountChunk, Reporter
from tokviz.worker.text_jobs import AddTokenizer

TEXT = b"It's a text, with words and  blanks. (Grow it: 12345!)\n" * 5000


class Counting:
    """A counter of a buffer's text, without a worker process."""

    def __init__(self, data: bytes, qtbot: QtBot, names: Sequence[str] = ("r50k_base",)) -> None:
        self.buffer, self.worker, self.qtbot = TextBuffer(data), HereWorker(), qtbot
        self.registry = worker_context().registry
        worker = cast(Worker, self.worker)
        self.counter = TextCounter(self.buffer, worker, self.registry, names)
        self.problems: list[str] = []
        self.counter.failed.connect(self.problems.append)
        self.counter.start()
        self.counter.want("test", names)

    def settle(self, name: str) -> None:
        """Wait until a name's count is that of the whole text."""
        count = self.registry.get(name).count(self.buffer.snapshot())
        self.qtbot.waitUntil(
            lambda: name in self.counter.counts and self.count(name) == count, timeout=60_000
        )

    def count(self, name: str) -> int:
        return self.counter.counts[name].tokens


@pytest.mark.parametrize(
    "text", [TEXT.decode(), "Слова, слова и 12 'слов' — 漢字. \n" * 4000], ids=["English", "Russian"]
)
def test_claude_is_counted_exactly_after_edits(text: str, qtbot: QtBot) -> None:
    names = ("claude-v3", "claude-opus-5", "r50k_base")
    counting = Counting(text.encode(), qtbot, names)
    for start, end, new in (
        (0, 0, b" It's "),
        (100_001, 100_002, b"\n\n"),
        (5, 120_000, b""),
        (0, 0, b"  x"),
    ):
        for name in names:
            counting.settle(name)
        low, high = (
            next(at for at in range(each, each + 4) if counting.buffer.is_boundary(at))
            for each in (start, end)
        )
        counting.buffer.replace(low, high, new)
    counting.buffer.replace(len(counting.buffer), len(counting.buffer), b"  \n\n ")
    for name in names:
        counting.settle(name)
    assert counting.counter.counts["claude-v3"].provenance is Provenance.RECONSTRUCTED


def own(path: Path, maker: Callable[[], tokenizers.Tokenizer]) -> str:
    maker().save(str(path))
    return worker_context().registry.add_file(path)


@pytest.mark.parametrize("maker", [byte_level, word_piece])
def test_a_users_tokenizer_is_counted_exactly_after_edits(
    tmp_path: Path, maker: Callable[[], tokenizers.Tokenizer], qtbot: QtBot
) -> None:
    counting = Counting(TEXT, qtbot)
    name = own(tmp_path / f"{maker.__name__}.json", maker)
    counting.counter.add(name)
    for edit in ((0, 0, b" [CLS]"), (100_000, 100_003, b"<|start|>"), (5, 200_000, b""), (0, 1000, b"x")):
        counting.settle(name)
        counting.settle("r50k_base")
        counting.buffer.replace(*edit)
    counting.settle(name)
    assert counting.counter.counts[name].provenance is Provenance.EXACT
    assert not counting.problems
    counting.counter.forget_added()
    assert set(counting.counter.counts) == {"r50k_base"}


def test_a_tokenizer_that_is_read_anew_is_counted_anew(tmp_path: Path, qtbot: QtBot) -> None:
    counting = Counting(b"the three", qtbot)
    path = tmp_path / "read_anew.tiktoken"
    letters = [bytes([byte]) for byte in range(256)]

    def write(tokens: list[bytes]) -> None:
        path.write_bytes(b"".join(b"%s %d\n" % (base64.b64encode(t), n) for n, t in enumerate(tokens)))
        info = AddTokenizer(path).perform(worker_context(), None)  # type: ignore[arg-type]  # it reports nothing
        counting.counter.add(info.name)
        counting.settle(info.name)

    write(letters)
    assert counting.count("read_anew.tiktoken") == 9
    write([*letters, b"th"])
    assert counting.count("read_anew.tiktoken") == 7
    provenance = counting.counter.counts["read_anew.tiktoken"].provenance
    assert provenance is Provenance.ASSUMED, "how a rank file's text is split is assumed"


def test_a_large_text_is_not_counted_whole_after_every_edit(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_MOST_WHOLE", 100)
    counted = Counting(b"a " * 49, qtbot)
    name = own(tmp_path / "whole.json", word_piece)
    counted.counter.add(name)
    counted.settle(name)
    counted.buffer.replace(0, 0, b"a " * 10)
    counted.settle("r50k_base")
    assert name not in counted.counter.counts, "rather nothing than what is wrong"
    said = f"{name} takes a text only as a whole, so a text of more than 100 bytes is not counted with it."
    assert counted.problems == [said]
    assert not counted.counter.counts_with(name), "nobody is to wait for it"
    counted.buffer.replace(0, 0, b"a ")
    counted.settle("r50k_base")
    assert counted.problems == [said], "once is enough"
    counted.buffer.replace(0, 22, b"")
    counted.settle(name)


class SlowWorker:
    """Keeps every job and what waits for it."""

    def __init__(self) -> None:
        self.kept: list[tuple[Any, Callable[[Any], None]]] = []

    def submit(self, job: Any, done: Callable[[Any], None], *_: object) -> int:
        self.kept.append((job, done))
        return len(self.kept)

    def cancel(self, ticket: int | None) -> None:
        """The answer may be on its way already."""

    def perform(self, number: int) -> None:
        job, done = self.kept[number]
        done(job.perform(worker_context(), Reporter(print, lambda: True)))


def test_an_answer_on_its_way_does_not_ask_for_a_text_that_has_grown_too_large(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_MOST_WHOLE", 100)
    buffer, worker = TextBuffer(b"a " * 40), SlowWorker()
    counter = TextCounter(buffer, cast(Worker, worker), worker_context().registry, [])
    name = own(tmp_path / "whole_late.json", word_piece)

    def asked() -> list[int]:
        return [n for n, (job, _) in enumerate(worker.kept) if name in getattr(job, "names", ())]

    counter.add(name)
    worker.perform(0)  # it is loaded
    (whole,) = asked()
    buffer.replace(0, 0, b"a " * 40)
    worker.perform(whole)
    assert asked() == [whole]


def test_one_that_is_gone_is_told(qtbot: QtBot) -> None:
    counted = Counting(b"text", qtbot)
    counted.counter.add("gone.json")
    qtbot.waitUntil(lambda: bool(counted.problems))
    assert "gone.json" in counted.problems[0]
    assert not counted.counter.counts_with("gone.json"), "nobody is to wait for it"
    assert isinstance(counted.registry, Registry)


def test_what_could_not_be_counted_is_not_waited_for_until_the_text_is_edited(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("It went wrong.")

    with monkeypatch.context() as patched:
        patched.setattr(CountChunk, "perform", fail)
        counted = Counting(b"some text", qtbot)
        qtbot.waitUntil(lambda: bool(counted.problems))
        with qtbot.waitSignal(counted.counter.changed):
            pass
        assert not counted.counter.counts_with("r50k_base")
    counted.buffer.replace(0, 0, b"more of ")
    assert counted.counter.counts_with("r50k_base")
    counted.settle("r50k_base")


def test_how_many_tokens_there_are_at_most_is_known_of_what_is_bundled(tmp_path: Path, qtbot: QtBot) -> None:
    counting = Counting(b"0123456789", qtbot)
    most = counting.counter.most_tokens
    assert (most("o200k_base"), most("mistral-v3"), most("qwen3"), most("claude-2")) == (10, 11, 30, 110)
    assert most(ESTIMATE) == most("claude-v4.8") == 71
    counting.buffer.replace(0, 10, b"")
    assert most("o200k_base") == 0
    assert most(own(tmp_path / "mine.json", byte_level)) is None
    assert most("no-such-tokenizer") is None
