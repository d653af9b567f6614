"""Where the models' windows end in a text: exact, through edits, whatever tokenizer the text is shown in."""

from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker, worker_context
from tokviz.text.buffer import TextBuffer
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.common.model_limits import ModelLimit
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.tokens.counting import TextCounter
from tokviz.ui.tokens.text_limits import TextLimits
from tokviz.ui.tokens.tokenizing import Tokenizing

LINES = b"".join(b"Line %d is here. It's a text, with words.\n" % n for n in range(12_000))


class Limited:
    """A text shown by one tokenizer, and the limits of models that count by others."""

    def __init__(self, data: bytes, qtbot: QtBot, shown: str = "r50k_base") -> None:
        self.buffer, self.qtbot = TextBuffer(data), qtbot
        worker = HereWorker()
        self.registry = worker_context().registry
        self.tokenizing = Tokenizing(self.buffer, worker)
        names = ["r50k_base", "mistral-v3", *ESTIMATES]
        self.counter = TextCounter(self.buffer, cast(Worker, worker), self.registry, names)
        self.limits = TextLimits(self.buffer, worker, self.counter, self.tokenizing)
        self.counter.start()
        self.counter.want("test", names)
        self.tokenizing.choose(shown)

    def is_right(self) -> bool:
        """Whether the selected end is where so many tokens of the text end, and the lines' is too."""
        end, limit, text = self.limits.selected, self.limits.limit, self.buffer.snapshot()
        if end is None or limit is None or end.line is None or end.sentence is None:
            return False
        tokenizer = self.registry.get(limit.tokenizer)
        assert end.offset == int(tokenizer.encode(text).ends[limit.tokens - 1])
        line = text[: end.line]
        assert line.endswith(b"\n")
        assert tokenizer.count(line) <= limit.tokens
        assert end.line <= end.sentence <= end.offset < end.line + 60
        return True

    def settle(self) -> None:
        self.qtbot.waitUntil(self.is_right, timeout=60_000)


ESTIMATES = worker_context().registry.estimator_names()[:1]


@pytest.mark.parametrize("tokenizer", ["r50k_base", "mistral-v3"])
def test_an_end_is_exact_through_edits(tokenizer: str, qtbot: QtBot) -> None:
    limited = Limited(LINES, qtbot)
    limited.limits.set_limits(ModelLimit("GPT", tokenizer, 100_000), ())
    limited.settle()
    for edit in (
        (0, 0, b"Some more words in front. "),
        (200_000, 260_000, b""),
        (len(LINES) - 70_000, len(LINES) - 70_000, b"end"),
    ):
        limited.buffer.replace(*edit)
        limited.settle()


def test_an_end_moves_with_the_text_at_once(qtbot: QtBot) -> None:
    limited = Limited(LINES, qtbot)
    limited.limits.set_limits(ModelLimit("Other", "mistral-v3", 100_000), ())
    limited.settle()
    end = limited.limits.selected
    assert end is not None
    limited.buffer.replace(10, 10, b"word ")
    moved = limited.limits.selected
    assert moved is not None
    assert moved.offset == end.offset + 5
    assert moved.line is None  # not known to be right any more
    limited.settle()


def test_the_shown_tokenizers_end_is_right_as_soon_as_its_tokens_are(qtbot: QtBot) -> None:
    limited = Limited(LINES, qtbot)
    limited.limits.set_limits(ModelLimit("GPT", "r50k_base", 50), ())
    limited.settle()
    limited.buffer.replace(0, 0, b"a b c ")
    qtbot.waitUntil(lambda: limited.tokenizing.is_settled)
    end = limited.limits.selected
    assert end is not None
    tokens = limited.registry.get("r50k_base").encode(limited.buffer.snapshot())
    assert end.offset == int(tokens.ends[49])


def test_what_fits_has_no_end(qtbot: QtBot) -> None:
    limited = Limited(LINES, qtbot)
    fits = ModelLimit("Large", "mistral-v3", 10_000_000)
    small, other = ModelLimit("Small", "r50k_base", 1_000), ModelLimit("Other", "mistral-v3", 500)
    limited.limits.set_limits(small, (small, fits, other))
    qtbot.waitUntil(lambda: len(limited.limits.others) == 1, timeout=60_000)
    limited.settle()
    assert [end.limit for end in limited.limits.others] == [other]
    with qtbot.waitSignal(limited.limits.changed):
        limited.limits.set_limits(fits, ())
    assert limited.limits.selected is None
    limited.limits.set_limits(small, ())
    limited.settle()
    limited.buffer.replace(0, len(LINES) - 100, b"")
    qtbot.waitUntil(lambda: limited.limits.selected is None, timeout=60_000)
    limited.limits.set_limits(None, ())
    assert limited.limits.selected is None


def test_special_tokens_do_not_move_the_end(qtbot: QtBot) -> None:
    """The models count plain text, whatever the view does with special tokens."""
    limited = Limited(b"<|endoftext|> word" * 900, qtbot, "r50k_base")
    limited.tokenizing.choose("r50k_base", SpecialTokens.PARSED)
    limited.limits.set_limits(ModelLimit("GPT", "r50k_base", 1_000), ())
    tokens = limited.registry.get("r50k_base").encode(limited.buffer.snapshot())
    qtbot.waitUntil(lambda: limited.limits.selected is not None, timeout=60_000)
    end = limited.limits.selected
    assert end is not None
    assert end.offset == int(tokens.ends[999])


def test_estimates_end_twice(qtbot: QtBot) -> None:
    limited = Limited(LINES, qtbot)
    (name,) = ESTIMATES
    limited.limits.set_limits(ModelLimit("Estimated", name, 90_000), ())

    def found() -> bool:
        end = limited.limits.selected
        return end is not None and end.latest is not None and end.line is not None

    qtbot.waitUntil(found, timeout=60_000)
    end = limited.limits.selected
    assert end is not None
    assert end.latest is not None
    assert end.count is not None
    assert end.offset < end.latest < len(LINES)
    share = 90_000 / end.count.high
    assert abs(end.offset / len(LINES) - share) < 0.05
    # By its low end all of it may fit.
    limited.limits.set_limits(ModelLimit("Larger", name, (end.count.low + end.count.high) // 2), ())
    qtbot.waitUntil(found, timeout=60_000)
    end = limited.limits.selected
    assert end is not None
    assert end.offset < end.latest == len(LINES)  # type: ignore[operator]
