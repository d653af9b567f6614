"""The models whose rows can be seen are counted first; nothing that is known is counted again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from tests.ui.conversation.conftest import settle
from tests.ui.hosts import worker_context
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokens import Count
from tokviz.ui.common.page import model_key
from tokviz.ui.conversation.model_counts import ModelCounts, Take
from tokviz.ui.conversation.page import ConversationPage
from tokviz.worker.context_jobs import CountContext, CountForModels
from tokviz.worker.conversation_store import Source
from tokviz.worker.jobs import Reporter


class Asked:
    """What a ``ModelCounts`` asks for."""

    def __init__(self) -> None:
        self.calls: list[tuple[tuple[str, ...], frozenset[str]]] = []
        self.takes: list[Take] = []

    def ask(self, first: Sequence[str], known: frozenset[str], take: Take) -> None:
        self.calls.append((tuple(first), known))
        self.takes.append(take)


def one(tokens: int) -> Count:
    return Count.certain(tokens)


def test_what_can_be_seen_meanwhile_is_asked_for_without_what_is_known(qtbot: QtBot) -> None:
    asked, parent = Asked(), QObject()
    counts = ModelCounts(asked.ask, parent)
    counts.set_needed(["cl100k_base"])
    counts.renew({"own": one(1)})
    assert counts.counts == {model_key("own"): one(1)}, "at once"
    qtbot.waitUntil(lambda: asked.calls == [(("cl100k_base",), frozenset({"own"}))])
    asked.takes[0]({"a": one(2), "b": one(3)})
    counts.set_needed(["o200k_base", "cl100k_base"])
    qtbot.waitUntil(lambda: len(asked.calls) == 2)
    assert asked.calls[1] == (("o200k_base", "cl100k_base"), frozenset({"own", "a", "b"}))
    counts.end()
    counts.set_needed(["llama3"])
    qtbot.wait(400)
    assert len(asked.calls) == 2, "all are known"
    counts.count_again()
    assert len(counts.counts) == 3, "what was counted is shown until it is counted again"
    qtbot.waitUntil(lambda: len(asked.calls) == 3)
    assert asked.calls[2] == (("llama3",), frozenset())


@pytest.mark.usefixtures("qapp")
def test_they_are_counted_tokenizer_by_tokenizer_in_the_order_asked_for(session_file: Path) -> None:
    every = Catalog(Assets()).models
    chosen = {"o200k_base", "cl100k_base", "claude-v3", "r50k_base"}
    models = tuple(model for model in every if model.tokenizer in chosen)
    found: list[Any] = []
    context = worker_context()
    reporter = Reporter(found.append, lambda: True)
    known = next(model.id for model in models if model.tokenizer == "cl100k_base")
    first = ("r50k_base", "cl100k_base")
    job = CountForModels(Source(session_file), 0, 4, models, None, frozenset(), first, frozenset({known}))
    job.perform(context, reporter)
    by_id = {model.id: model for model in models}
    order = [{by_id[model_id].tokenizer for model_id in batch} for batch in found]
    assert order[:2] == [{"r50k_base"}, {"cl100k_base"}] and len(order) == len(chosen)
    counted = {model_id for batch in found for model_id in batch}
    assert counted == by_id.keys() - {known}
    everything: list[Any] = []
    again = CountForModels(Source(session_file), 0, 4, models, None, frozenset())
    again.perform(context, Reporter(everything.append, lambda: True))
    whole = {model_id: count for batch in everything for model_id, count in batch.items()}
    assert {name: whole[name] for name in counted} == {n: c for batch in found for n, c in batch.items()}


def test_the_next_request_waits_for_no_other_model(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    own = page.session.model
    assert own is not None and page.counts()[model_key(own.id)] == page.session.count
    page.session.model_counts.count_again()
    page.session.model_counts._begin()
    assert "models" in page.session._doing
    page.session.choose_request(1)
    assert "models" not in page.session._doing and "counting" in page.session._doing
    settle(page, qtbot)
    jobs = page.session._worker.jobs  # type: ignore[attr-defined]
    last = [job for job in jobs if isinstance(job, CountContext | CountForModels)][-2:]
    assert [type(job) for job in last] == [CountContext, CountForModels]
    assert isinstance(last[1], CountForModels) and last[1].known == frozenset({own.id})


def test_whatever_is_asked_meanwhile_comes_first_and_the_rest_is_counted_then(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    counts = dict(page.counts())
    page.session.model_counts.count_again()
    page.session.model_counts._begin()
    page.session.explain_cache()
    assert set(page.session._doing) == {"comparing"}
    settle(page, qtbot)
    assert page.counts() == counts
    page.session.model_counts.count_again()
    page.session.model_counts._begin()
    with qtbot.waitSignal(page.problem, timeout=10_000):
        page.open_file(session_file.parent / "gone.jsonl")
    settle(page, qtbot)
    assert page.counts() == counts, "what cannot be opened leaves the other as it was"
