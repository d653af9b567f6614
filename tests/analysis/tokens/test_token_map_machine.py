"""After any sequence of edits, with answers late and out of order, the tokens are those of the whole text."""

from collections import Counter
from functools import cache
from itertools import takewhile

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.text.changes import change
from tests.tokenization.split_texts import texts
from tokviz.analysis import range_map
from tokviz.analysis.tokens import token_map
from tokviz.analysis.tokens.token_map import UNKNOWN, Request, TokenMap
from tokviz.assets import Assets
from tokviz.tokenization.claude.infos import read_claude_infos
from tokviz.tokenization.tokenizer import SpecialTokens
from tokviz.tokenization.tokenizer_info import read_tokenizer_infos
from tokviz.worker.jobs import WorkerContext
from tokviz.worker.token_map_jobs import Prepared, PrepareTokenizer, TokenizeRange

INFOS = {**read_tokenizer_infos(Assets()), **read_claude_infos(Assets())}
MODES = [(name, mode) for name, info in INFOS.items() for mode in info.modes]


@cache
def context() -> WorkerContext:
    return WorkerContext(Assets())


@cache
def prepared(name: str, mode: SpecialTokens) -> Prepared:
    return PrepareTokenizer(name, mode).perform(context(), None)


def shorten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have short texts divided, searched and joined as long ones are."""
    for module in (range_map, token_map):
        for limit, size in {"CHUNK": 48, "SMALL": 6, "NEAR": 24, "_SHOWN": 16, "_BUDGET": 120}.items():
            if hasattr(module, limit):
                monkeypatch.setattr(module, limit, size)


class Editing(RuleBasedStateMachine):
    """Edits a text and its map; the worker is a list of requests that have not been answered."""

    name: str
    mode: SpecialTokens

    def __init__(self) -> None:
        super().__init__()
        self.tokenizer = context().registry.get(self.name, self.mode)
        self.known = prepared(self.name, self.mode)
        self.more = sorted(self.known.special_tokens.values())
        self.text = bytearray()
        self.map = TokenMap(0, self.known.split_policy.rule, self.known.prefix, self.known.suffix)
        self.asked: list[tuple[Request, bytes]] = []
        self.undo: list[tuple[int, bytes, bytes]] = []
        self.redo: list[tuple[int, bytes, bytes]] = []

    def boundary(self, place: float) -> int:
        """The character boundary at this share of the text."""
        at = round(place * len(self.text))
        while at < len(self.text) and self.text[at] & 0xC0 == 0x80:
            at += 1
        return at

    def swap(self, start: int, old: bytes, new: bytes) -> None:
        assert self.text[start : start + len(old)] == old
        self.text[start : start + len(old)] = new
        stale = self.map.apply(change(start, len(old), len(new), len(self.map)), self.text)
        assert stale[0] <= start and stale[1] >= start + len(new)

    def edit(self, start: int, end: int, new: bytes) -> None:
        old = bytes(self.text[start:end])
        self.swap(start, old, new)
        self.undo.append((start, old, new))
        self.redo.clear()

    @rule(data=st.data(), place=st.floats(0, 1), size=st.sampled_from([2, 2, 6, 60]))
    def insert(self, data: st.DataObject, place: float, size: int) -> None:
        new = data.draw(texts(self.more, size)).encode()
        at = self.boundary(place)
        self.edit(at, at, new)

    @rule(place=st.floats(0, 1), share=st.floats(0, 1))
    def delete(self, place: float, share: float) -> None:
        start, end = sorted((self.boundary(place), self.boundary(share)))
        self.edit(start, end, b"")

    @rule(place=st.floats(0, 1), size=st.integers(1, 4), before=st.booleans())
    def delete_nearby(self, place: float, size: int, before: bool) -> None:
        at = self.boundary(place)
        text = (self.text[:at] if before else self.text[at:]).decode()
        gone = len((text[-size:] if before else text[:size]).encode())
        self.edit(at - gone if before else at, at if before else at + gone, b"")

    @rule(data=st.data(), place=st.floats(0, 1), share=st.floats(0, 1))
    def replace(self, data: st.DataObject, place: float, share: float) -> None:
        start, end = sorted((self.boundary(place), self.boundary(share)))
        self.edit(start, end, data.draw(texts(self.more, 4)).encode())

    @precondition(lambda self: self.undo)
    @rule()
    def take_back(self) -> None:
        start, old, new = self.undo.pop()
        self.swap(start, new, old)
        self.redo.append((start, old, new))

    @precondition(lambda self: self.redo)
    @rule()
    def make_again(self) -> None:
        start, old, new = self.redo.pop()
        self.swap(start, old, new)
        self.undo.append((start, old, new))

    @rule(
        visible=st.tuples(st.floats(0, 1), st.floats(0, 1)),
        limit=st.integers(1, 3),
        size=st.sampled_from([1, 8, 40, 1 << 18]),
    )
    def ask(self, visible: tuple[float, float], limit: int, size: int) -> None:
        start, end = sorted(self.boundary(place) for place in visible)
        for _ in range(limit):
            if request := self.map.next_request(self.text, (start, end), size):
                self.asked.append((request, bytes(self.text[request.start : request.end])))

    @precondition(lambda self: self.asked)
    @rule(place=st.floats(0, 1, exclude_max=True))
    def answer(self, place: float) -> None:
        request, data = self.asked.pop(int(place * len(self.asked)))
        job = TokenizeRange(self.name, self.mode, self.known.split_policy, request.start == 0, data)
        tokens = job.perform(context(), None)
        awaited = request.key in self.map.requested
        assert (self.map.deliver(request.key, tokens.ids, tokens.ends) is not None) == awaited

    @rule()
    def abandon(self) -> None:
        self.asked.clear()
        self.map.abandon()

    @invariant()
    def tokens_that_are_not_stale_are_right(self) -> None:
        whole = self.tokenizer.encode(bytes(self.text))
        starts = [0, *whole.ends.tolist()]
        right = Counter(zip(whole.ids.tolist(), starts, whole.ends.tolist(), strict=False))
        shown: list[int] = []
        known: Counter[tuple[int, int, int]] = Counter()
        for run in self.map.runs():
            assert run.starts.tolist() == [shown[-1] if shown else 0, *run.ends.tolist()][:-1]
            shown += run.ends.tolist()
            stale = run.stale.tolist()
            parts = zip(run.ids.tolist(), run.starts.tolist(), run.ends.tolist(), stale, strict=True)
            known.update((i, start, end) for i, start, end, old in parts if not old)
        assert known <= right
        # What a tokenizer drops at the end has no token: of a text that is all dropped, or until the range
        # before it is known.
        dropped = takewhile(
            lambda chunk: chunk.valid and not len(chunk.ids), reversed(self.map._chunks[1:-1])
        )
        assert (shown[-1] if shown else 0) + sum(chunk.length for chunk in dropped) == len(self.text)
        assert known.total() == self.map.known_tokens
        assert self.map.count == (known.total() if self.map.complete else None)

    def teardown(self) -> None:
        while not self.map.complete:
            self.ask((0.3, 0.6), 3, 40)
            assert self.asked or self.map.searching, "the map is not complete, and asks for nothing"
            if self.asked:
                self.answer(0.5)
        whole = self.tokenizer.encode(bytes(self.text))
        assert self.map.ids().tolist() == whole.ids.tolist()
        assert self.map.ends().tolist() == whole.ends.tolist()
        assert self.map.count == len(whole) and UNKNOWN not in self.map.ids()


@pytest.mark.parametrize(("name", "mode"), MODES, ids=str)
def test_tokens_after_any_edits_are_those_of_the_whole_text(
    name: str, mode: SpecialTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten(monkeypatch)
    machine = type("EditingWith", (Editing,), {"name": name, "mode": mode})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=20, stateful_step_count=25, deadline=None)
    )
