"""Chunks of a text that is sent part by part are those of the whole."""

import pytest

from tests.ui.hosts import worker_context
from tokviz.analysis.tokens.characters import character_start
from tokviz.analysis.tokens.chunking import TextChunk, split
from tokviz.analysis.tokens.text_breaks import BreakAt
from tokviz.analysis.tokens.token_gauge import make_gauge
from tokviz.worker.jobs import Reporter, SupersededError
from tokviz.worker.text_limit_jobs import FindTextEnds, SplitPart

TEXT = "Line by line, 漢字 and words. More of them!\n".encode() * 400
REPORTER = Reporter(lambda _: None, lambda: True)


@pytest.mark.parametrize("at", BreakAt)
def test_part_by_part(at: BreakAt) -> None:
    context = worker_context()
    whole = list(split(TEXT, make_gauge(context.registry, "r50k_base", TEXT), 100, 30, at))
    found: list[TextChunk] = []
    start, size = 0, 4000
    while not found or found[-1].end < len(TEXT):
        stop = character_start(TEXT, min(start + size, len(TEXT)))
        data, last = TEXT[start:stop], stop == len(TEXT)
        chunks, following = SplitPart("r50k_base", data, 100, 30, at, last).perform(context, REPORTER)
        assert chunks
        found += [TextChunk(c.start + start, c.end + start, c.tokens, c.at) for c in chunks]
        start += following
    assert found == whole


def test_nobody_waits() -> None:
    reporter = Reporter(lambda _: None, lambda: False)
    with pytest.raises(SupersededError):
        SplitPart("r50k_base", TEXT, 20, 0, BreakAt.TOKEN, True).perform(worker_context(), reporter)


def test_less_than_a_character_is_nothing() -> None:
    ends = FindTextEnds("r50k_base", "👩‍👩‍👧".encode(), None, 1, True).perform(worker_context(), REPORTER)
    assert (ends.token, ends.line, ends.sentence) == (0, 0, 0)
