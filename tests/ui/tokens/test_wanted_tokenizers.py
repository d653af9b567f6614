"""Only what someone wants is loaded and counted, what was wanted first first, and what is told is right."""

from collections.abc import Callable
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from tests.ui.hosts import HereWorker, worker_context
from tokviz.analysis.count_plan import CountPlan
from tokviz.text.buffer import TextBuffer
from tokviz.tokenization.estimate import ESTIMATE, SOURCES
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.tokens.counting import TextCounter
from tokviz.ui.tokens.wanted_tokenizers import WantedTokenizers
from tokviz.worker.jobs import CountChunk, LoadTokenizer

NAMES = ("r50k_base", "cl100k_base", "claude-v3", "o200k_base", ESTIMATE)
QUICK = ("r50k_base", "cl100k_base", "mistral-v3")


class Loads:
    """Keeps what is to be loaded, until ``end`` or ``fail``."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._waiting: list[tuple[Callable[[Any], None], Callable[[str], None]]] = []

    def submit(self, job: Any, done: Callable[[Any], None], failed: Callable[[str], None]) -> int:
        assert isinstance(job, LoadTokenizer)
        self.names.append(job.name)
        self._waiting.append((done, failed))
        return len(self.names)

    def cancel(self, ticket: int | None) -> None:
        raise AssertionError("a load is not cancelled")

    def end(self) -> None:
        self._waiting.pop()[0](None)

    def fail(self, sentence: str) -> None:
        self._waiting.pop()[1](sentence)

    @property
    def under_way(self) -> bool:
        return bool(self._waiting)

    def end_all(self) -> None:
        while self.under_way:
            self.end()


def make() -> tuple[Loads, WantedTokenizers]:
    loads = Loads()
    return loads, WantedTokenizers(loads, CountPlan(NAMES))


def test_nothing_is_loaded_that_nobody_wants() -> None:
    loads, wanted = make()
    assert not loads.names
    wanted.want("text", ["claude-v3", "r50k_base", "claude-v3", "a user's own"])
    assert loads.names == ["claude-v3"], "one at a time"
    assert wanted.counts_with("r50k_base") and not wanted.counts_with("cl100k_base")
    assert not wanted.counts_with("a user's own")
    loads.end_all()
    assert loads.names == wanted.usable == ["claude-v3", "r50k_base"]


def test_what_is_wanted_first_is_loaded_first_whenever_it_was_said() -> None:
    loads, wanted = make()
    wanted.want("text", ["r50k_base"])
    wanted.want("compare", ["cl100k_base", "o200k_base"])
    wanted.want("text", ["r50k_base", "claude-v3"])
    loads.end_all()
    assert loads.names == ["r50k_base", "claude-v3", "cl100k_base", "o200k_base"]


def test_what_is_not_wanted_any_more_is_not_loaded() -> None:
    loads, wanted = make()
    wanted.want("text", ["r50k_base", "cl100k_base", "claude-v3"])
    wanted.want("text", ["claude-v3"])
    loads.end_all()
    assert loads.names == ["r50k_base", "claude-v3"]
    assert wanted.usable == ["claude-v3"]
    wanted.want("text", ["r50k_base"])
    assert wanted.usable == ["r50k_base"]
    assert loads.names == ["r50k_base", "claude-v3"], "it is there still"


def test_what_was_asked_for_stays_wanted() -> None:
    loads, wanted = make()
    wanted.ask(["r50k_base"])
    wanted.ask(["cl100k_base"])
    wanted.want("text", ["claude-v3"])
    wanted.want("text", [])
    loads.end_all()
    assert set(wanted.usable) == {"r50k_base", "cl100k_base"}


def test_an_estimate_needs_its_sources() -> None:
    loads, wanted = make()
    wanted.want("text", ["o200k_base", ESTIMATE])
    loads.end_all()
    assert loads.names[0] == "o200k_base" and set(loads.names) == set(SOURCES)
    assert wanted.counts_with(ESTIMATE)


def test_what_cannot_be_loaded_is_told_once_and_is_not_being_counted() -> None:
    loads, wanted = make()
    said: list[str] = []
    wanted.failed.connect(said.append)
    wanted.want("text", ["r50k_base", ESTIMATE])
    loads.end()
    loads.fail("It is gone.")
    loads.end_all()
    wanted.want("text", [ESTIMATE])
    assert said == ["It is gone."]
    assert not wanted.counts_with(ESTIMATE) and not loads.under_way


def counted(data: bytes) -> tuple[TextBuffer, HereWorker, TextCounter]:
    buffer, worker = TextBuffer(data), HereWorker()
    counter = TextCounter(buffer, cast(Worker, worker), worker_context().registry, QUICK)
    counter.start()
    return buffer, worker, counter


def names_counted(worker: HereWorker) -> set[str]:
    chunks = (job for job in worker.jobs if isinstance(job, CountChunk))
    return {name for job in chunks for name in job.names}


def test_what_is_not_wanted_any_more_keeps_its_count_until_an_edit(qtbot: QtBot) -> None:
    buffer, worker, counter = counted(b"Some words. " * 20_000)
    counter.want("text", ["r50k_base", "cl100k_base"])
    qtbot.waitUntil(lambda: set(counter.counts) == {"r50k_base", "cl100k_base"}, timeout=60_000)
    counter.want("text", ["r50k_base"])
    assert "cl100k_base" in counter.counts and not counter.counts_with("cl100k_base")
    worker.jobs.clear()
    buffer.replace(5, 5, b"more ")
    assert set(counter.counts) == {"r50k_base"}, "rather nothing than the count of another text"
    right = worker_context().registry.get("r50k_base").count(buffer.snapshot())
    qtbot.waitUntil(lambda: counter.counts["r50k_base"].tokens == right, timeout=60_000)
    assert names_counted(worker) == {"words", "r50k_base"}
    counter.want("text", ["cl100k_base"])
    right = worker_context().registry.get("cl100k_base").count(buffer.snapshot())
    qtbot.waitUntil(lambda: "cl100k_base" in counter.counts, timeout=60_000)
    assert counter.counts["cl100k_base"].tokens == right
    counter.deleteLater()


WANTS = st.lists(st.sampled_from(QUICK), unique=True)
EDITS = st.tuples(st.floats(0, 1), st.integers(0, 90_000), st.sampled_from([b"", b"new words ", b"\n\n"]))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WANTS | EDITS, max_size=8), WANTS)
def test_counts_are_those_of_the_text_however_wants_and_edits_mix(
    qtbot: QtBot, steps: list[Any], last: list[str]
) -> None:
    buffer, _, counter = counted(b"It's a line of 12 words, more or less, isn't it?\n" * 3_000)
    for step in steps:
        if isinstance(step, list):
            counter.want("text", step)
            qtbot.wait(1)
        else:
            place, removed, new = step
            start = int(place * len(buffer))
            buffer.replace(start, min(start + removed, len(buffer)), new)
    counter.want("text", last)
    text = buffer.snapshot()
    right = {name: worker_context().registry.get(name).count(text) for name in QUICK}

    def is_right() -> bool:
        counts = counter.counts
        return all(name in counts and counts[name].tokens == right[name] for name in last)

    qtbot.waitUntil(is_right, timeout=60_000)
    counter.deleteLater()
