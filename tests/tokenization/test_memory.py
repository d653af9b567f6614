"""What tokenizers remember is bounded, and forgetting changes no answer."""

import platform
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from tokviz.assets import Assets
from tokviz.tokenization.gigatoken_engine import GigatokenEncoder
from tokviz.tokenization.memory import MemoryBound, resident_bytes, return_free_memory

if TYPE_CHECKING:
    import gigatoken

MB = 1 << 20


class Learner:
    """Remembers a megabyte of every megabyte it cuts, until it knows all there is to learn."""

    def __init__(self) -> None:
        self.knows_all = 1 << 40
        self.held = 0
        self.forgotten = 0

    def forget(self) -> None:
        self.held = 0
        self.forgotten += 1


class Process:
    """Learners in a process that holds ``other`` bytes besides."""

    def __init__(self, limit: int, other: int = 0, measurable: bool = True) -> None:
        self.learners = [Learner() for _ in range(4)]
        self.other = other
        self.freed = 0
        """What was freed and not given back."""
        self.most = 0
        self.most_freed = 0
        self._measurable = measurable
        self._bound = MemoryBound(limit, self.resident, self.trim)

    def resident(self) -> int | None:
        held = sum(learner.held for learner in self.learners)
        return self.other + self.freed + held if self._measurable else None

    def trim(self) -> None:
        self.freed = 0

    def load(self, learner: Learner, seconds: float) -> None:
        self._bound.loaded(learner, seconds)

    def cut(self, megabytes: int, freed: int = 0) -> None:
        """``freed``: bytes that each megabyte of text needs and frees."""
        for _ in range(megabytes):
            for learner in self.learners:
                learner.held = min(learner.held + MB, learner.knows_all)
                self.freed += freed
                self._bound.note(learner, MB)
                self.most = max(self.most, sum(each.held for each in self.learners))
                self.most_freed = max(self.most_freed, self.freed)


def test_they_forget_in_turn_and_only_what_is_needed() -> None:
    process = Process(limit=600 * MB)
    process.cut(140)
    assert not any(each.forgotten for each in process.learners)
    process.cut(1000)
    assert process.most <= 720 * MB
    times = [each.forgotten for each in process.learners]
    # Each time the one that held most forgot: four that hold 700 MB together forget 1000 / 280 times each.
    assert max(times) - min(times) <= 1 and 3 <= min(times) <= max(times) <= 8


def test_they_forget_seldom_where_they_soon_learn_the_same_again() -> None:
    process = Process(limit=100 * MB)
    for learner in process.learners:
        learner.knows_all = 40 * MB
    process.cut(1000)
    # 60 MB too much; every 500 of 4000 MB one of them.
    assert 4 <= sum(each.forgotten for each in process.learners) <= 8


def test_what_others_hold_does_not_make_them_forget_all_the_time() -> None:
    process = Process(limit=100 * MB, other=900 * MB)
    process.cut(400)
    # Every 28 MB one of them.
    assert all(each.forgotten <= 15 for each in process.learners)
    assert process.most >= 4 * 14 * MB


def test_they_forget_twice_as_often_where_that_keeps_the_process_within_bounds() -> None:
    often, seldom = Process(limit=100 * MB, other=180 * MB), Process(limit=100 * MB, other=900 * MB)
    for process in (often, seldom):
        process.cut(400)
    times = [sum(each.forgotten for each in process.learners) for process in (often, seldom)]
    assert times[0] == pytest.approx(2 * times[1], abs=4)
    assert often.most < 0.6 * seldom.most


def test_what_is_soon_loaded_again_forgets_more_often() -> None:
    process = Process(limit=100 * MB, other=900 * MB)
    for learner, seconds in zip(process.learners, (0.9, 0.9, 0.1, 0.1), strict=True):
        process.load(learner, seconds)
    process.cut(2000)
    dear, cheap = (sum(each.forgotten for each in process.learners[k : k + 2]) for k in (0, 2))
    # Nine times the work: a third as often, but for the steps that so few of them make.
    assert 1.9 <= cheap / dear <= 3.1
    assert process.most <= 8 * 28 * MB


def test_what_loading_has_freed_is_given_back_at_once() -> None:
    process = Process(limit=600 * MB)
    process.freed = 30 * MB
    process.load(process.learners[0], 0.5)
    assert process.freed == 0


def test_what_was_forgotten_is_given_back_before_more_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    memory = MemoryBound(trim=lambda: done.append("given back"))
    subject, loads = encoder(memory)
    load = subject._load

    def noted(with_separator: bool) -> "gigatoken.Tokenizer":
        done.append("load")
        return load(with_separator)

    monkeypatch.setattr(subject, "_load", noted)
    subject.forget()
    done.clear()
    subject.encode(b"words to remember")
    assert done == ["given back", "load", "given back"]
    assert loads == [True, True]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries do it otherwise")
def test_large_blocks_leave_no_holes_in_a_heap() -> None:
    """By default one block of 30 MB that was freed has all smaller ones lie in the heap from then on."""
    work = """
import ctypes, sys
from tokviz.tokenization.memory import keep_few_heaps, resident_bytes
library = ctypes.CDLL(None)
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
if sys.argv[1] == "few":
    keep_few_heaps()
def make(size):
    block = library.malloc(size)
    ctypes.memset(block, 1, size)
    return block
library.free(make(30 << 20))
begin = resident_bytes()
blocks = [make((2 << 20) if number % 2 else (100 << 10)) for number in range(100)]
for block in blocks[1::2]:
    library.free(block)
print((resident_bytes() - begin) >> 20)
"""

    def grown(how: str) -> int:
        command = [sys.executable, "-c", work, how]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    assert grown("few") < 20
    assert grown("default") > 80, "this test tries what it says"


def test_memory_given_back_is_enough() -> None:
    process = Process(limit=600 * MB)
    process.freed = 400 * MB
    process.cut(120)
    assert not any(each.forgotten for each in process.learners)


def test_freed_memory_is_given_back_long_before_the_limit() -> None:
    process = Process(limit=600 * MB, other=100 * MB)
    process.cut(60, freed=MB)
    # A look comes after each 7 MB; the process may have grown by 24 then, with what was learned meanwhile.
    assert process.most_freed <= 32 * MB
    assert not any(each.forgotten for each in process.learners)


def test_where_memory_cannot_be_measured_the_text_is() -> None:
    process = Process(limit=0, measurable=False)
    process.cut(240)
    assert not any(each.forgotten for each in process.learners)
    process.cut(400)
    assert process.most <= 1100 * MB and all(each.forgotten for each in process.learners)


def test_memory_of_this_process() -> None:
    return_free_memory()
    resident = resident_bytes()
    assert (resident is not None) == Path("/proc/self/statm").exists()
    assert resident is None or resident > 10 * MB


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_tokenizer_is_not_loaded_where_there_is_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    monkeypatch.setattr(resource, "getrlimit", lambda _: (held + 50 * MB, resource.RLIM_INFINITY))
    with pytest.raises(MemoryError):
        encoder(MemoryBound())
    monkeypatch.setattr(resource, "getrlimit", lambda _: (held + 4000 * MB, resource.RLIM_INFINITY))
    assert encoder(MemoryBound())[1] == [True]


def encoder(memory: MemoryBound) -> tuple[GigatokenEncoder, list[bool]]:
    import gigatoken

    loads: list[bool] = []

    def load(with_separator: bool) -> gigatoken.Tokenizer:
        loads.append(with_separator)
        path = Assets().path("vocabularies", "r50k_base.tiktoken")
        added = {"\U0010fffe\U0010ffff": 50_257} if with_separator else {}
        return gigatoken.Tokenizer.from_tiktoken(str(path), pretokenizer="gpt2", special_tokens=added)

    return GigatokenEncoder(load, 50_257, memory), loads


def test_an_encoder_that_forgets_is_loaded_anew_when_it_is_used_again() -> None:
    subject, loads = encoder(MemoryBound())
    before = subject.encode(b"words to remember")
    subject.forget()
    subject.forget()
    assert loads == [True]
    assert np.array_equal(subject.encode(b"words to remember"), before)
    assert loads == [True, True]


def test_texts_are_encoded_beside_python_once_there_are_many() -> None:
    """At first a copy of the vocabulary for each thread takes longer than the texts."""
    subject, _ = encoder(MemoryBound())
    large, beside = b"some words of a text\n" * 25_000, list[bool]()  # half a megabyte
    encode = subject._encode_large

    def noted(tokenizer: "gigatoken.Tokenizer", data: bytes, parallel: bool) -> NDArray[np.uint32]:
        beside.append(parallel)
        return encode(tokenizer, data, parallel)

    subject._encode_large = noted  # type: ignore[method-assign]
    expected = subject.encode(large)
    for _time in range(6):
        assert np.array_equal(subject.encode(large), expected)
    assert not beside, "so little is faster without"
    for _time in range(3):
        assert np.array_equal(subject.encode(large), expected)
    assert beside == [True, True, True]
    subject.forget()
    subject.encode(large)
    assert len(beside) == 3, "what is loaded anew has no copies yet"
    subject.encode(large * 3)
    assert len(beside) == 4, "nor would they be late for a large text"


def test_small_and_large_texts_at_the_same_time() -> None:
    subject, loads = encoder(MemoryBound())
    large, small = b"some words of a text that is cut over and over again\n" * 8000, b"a few words"
    expected = [len(subject.encode(text)) for text in (large, small)]

    def cut(number: int) -> bool:
        found = [len(subject.encode_many([text], parallel=bool(number % 3)).ids) for text in (large, small)]
        return found == expected

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(cut, range(24)))
    assert loads == [True]


def test_texts_that_hold_the_separator_load_one_encoder_more_until_it_is_forgotten() -> None:
    subject, loads = encoder(MemoryBound())
    text = "words \U0010fffe\U0010ffff to remember".encode()
    first = subject.encode(text)
    batch = subject.encode_many([text, b"words", text])
    assert loads == [True, False]
    assert 50_257 not in first.tolist()
    assert [batch.ids[start:end].tolist() for start, end in zip(batch.starts, batch.ends, strict=True)][
        ::2
    ] == [first.tolist()] * 2
    subject.forget()
    assert subject.encode(text).tolist() == first.tolist()
    assert loads == [True, False, False]
    subject.encode(b"words")
    assert loads == [True, False, False, True]


def test_forgetting_while_others_cut_changes_nothing() -> None:
    subject, loads = encoder(MemoryBound())
    text = b"some words of a text that is cut over and over again\n" * 8000
    expected = len(subject.encode(text))
    found: list[int] = []

    def cut() -> None:
        for parallel in (True, False, True) * 5:
            found.append(len(subject.encode_many([text], parallel).ids))

    threads = [threading.Thread(target=cut) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        subject.forget()
        threads[0].join(0.001)
    assert found == [expected] * 45 and len(loads) > 1


def test_an_encoder_that_learns_too_much_forgets_by_itself() -> None:
    subject, loads = encoder(MemoryBound(limit=0))
    text = b" ".join(str(number).encode() for number in range(1_000_000))
    for _ in range(8):
        subject.encode_many([text], parallel=False)
    assert len(loads) == 2
