"""Whatever is edited, drawn and answered, in whatever order, the tokens drawn cover the text at once, and at
the end they are those of the whole text."""

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from PySide6.QtWidgets import QApplication

from tokviz.assets import Assets
from tokviz.text.buffer import TextBuffer
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.ui.tokens import tokenizing as module
from tokviz.ui.tokens.tokenizing import Tokenizing
from tokviz.worker.jobs import Job

PARTS = [
    "a",
    "word ",
    " ",
    "\n",
    "\r\n",
    "é",
    "漢字",
    "👩‍👩‍👧",
    "don't",
    "12",
    "<|endoftext|>",
    "ﬁ",
    "\u0000",
    "",
]
texts = st.lists(st.sampled_from(PARTS), max_size=8).map("".join)
MODES = [
    ("o200k_base", SpecialTokens.PLAIN),
    ("llama3", SpecialTokens.FRAMED),
    ("mistral-v3", SpecialTokens.PLAIN),
    ("claude-2", SpecialTokens.PARSED),
    ("gemma", SpecialTokens.FRAMED),
    ("claude-v3", SpecialTokens.PLAIN),
    ("claude-opus-5", SpecialTokens.PLAIN),
]


@cache
def context() -> SimpleNamespace:
    return SimpleNamespace(registry=Registry(Assets()))


class Queue:
    """A worker that does its jobs when it is told to."""

    def __init__(self) -> None:
        self.jobs: dict[int, tuple[Job, Any, Any]] = {}
        self._next = 0

    def submit(self, job: Job, done: Any, failed: Any) -> int:
        self._next += 1
        self.jobs[self._next] = (job, done, failed)
        return self._next

    def cancel(self, ticket: int | None) -> None:
        self.jobs.pop(ticket or 0, None)

    def answer(self, number: int) -> None:
        job, done, _ = self.jobs.pop(sorted(self.jobs)[number % len(self.jobs)])
        done(job.perform(context(), None))  # type: ignore[arg-type]


class Keeping(RuleBasedStateMachine):
    """Edits a buffer whose tokens are kept, draws it, and lets events and answers come as they like."""

    name: str
    mode: SpecialTokens

    def __init__(self) -> None:
        super().__init__()
        self.worker = Queue()
        self.buffer = TextBuffer(b"some text. " * 30)
        self.tokenizing = Tokenizing(self.buffer, self.worker)
        self.tokenizing.choose(self.name, self.mode)

    def boundary(self, place: float) -> int:
        return self.buffer.boundary_before(round(place * len(self.buffer)))

    @rule(
        place=st.floats(0, 1), text=texts, size=st.sampled_from([0, 0, 0, 1, 3, 40, 400]), again=st.booleans()
    )
    def edit(self, place: float, text: str, size: int, again: bool) -> None:
        start = self.boundary(place)
        end = self.buffer.boundary_after(min(start + size, len(self.buffer)))
        self.buffer.replace(start, end, text.encode())
        if again:
            start += len(text.encode())
            self.buffer.replace(start, start, b"x")

    @rule(place=st.floats(0, 1), size=st.sampled_from([0, 1, 30, 1000]))
    def draw(self, place: float, size: int) -> None:
        start = self.boundary(place)
        end = min(start + size, len(self.buffer))
        run = self.tokenizing.tokens_in(start, end)
        assert (run.starts[1:] == run.ends[:-1]).all() and (run.starts <= run.ends).all()
        if self.tokenizing.mode is not SpecialTokens.FRAMED and end > start:
            assert run.starts[0] <= start and run.ends[-1] >= end
        if len(run):
            assert run.starts[0] >= 0 and run.ends[-1] <= len(self.buffer)

    @rule(first=st.floats(0, 1), last=st.floats(0, 1))
    def look(self, first: float, last: float) -> None:
        start, end = sorted((self.boundary(first), self.boundary(last)))
        self.tokenizing.set_visible(start, end)

    @rule()
    def turn(self) -> None:
        QApplication.processEvents()

    @precondition(lambda self: self.worker.jobs)
    @rule(number=st.integers(0, 5))
    def answer(self, number: int) -> None:
        self.worker.answer(number)

    @rule()
    def read(self) -> None:
        tokens = self.tokenizing.map
        assert tokens is not None and len(tokens) == len(self.buffer)

    def teardown(self) -> None:
        for _ in range(10_000):
            QApplication.processEvents()
            if self.worker.jobs:
                self.worker.answer(0)
            elif self.tokenizing.is_settled:
                break
        tokens = self.tokenizing.map
        assert tokens is not None and tokens.complete
        whole = context().registry.get(self.name, self.mode).encode(self.buffer.snapshot())
        assert np.array_equal(tokens.ids(), whole.ids) and np.array_equal(tokens.ends(), whole.ends)
        self.tokenizing.close()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("name", "mode"), MODES, ids=str)
def test_the_tokens_follow_whatever_happens(
    name: str, mode: SpecialTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LEAST", 64)  # several requests, in a small text too
    machine = type("Machine", (Keeping,), {"name": name, "mode": mode})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=40, stateful_step_count=30, deadline=None)
    )
