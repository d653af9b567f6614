"""Numbers on the disk: found as they were kept or not at all, whatever happens to the files."""

import os
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tokviz.count_cache.store import LOGS, NumberStore, Words

NUMBERS = st.integers(0, 2**64 - 1)
VALUES = NUMBERS | st.integers(0xFFFD, 0x10002)
"""Also those about the largest that is held in two bytes."""
KEY = st.tuples(NUMBERS, NUMBERS)


def keys_of(pairs: list[tuple[int, int]]) -> Words:
    return np.array(pairs, np.uint64).reshape(-1, 2)


def values_of(values: list[int]) -> Words:
    return np.array(values, np.uint64)


def many(number: int, seed: int = 1) -> tuple[Words, Words]:
    random = np.random.default_rng(seed)
    return (
        random.integers(0, 2**64, (number, 2), dtype=np.uint64),
        random.integers(0, 2**64, number, dtype=np.uint64),
    )


def keep(folder: Path, keys: Words, values: Words, most: int = 1 << 20) -> None:
    store = NumberStore(folder, most)
    store.add(keys, values)
    store.flush()


class Machine(RuleBasedStateMachine):
    """What is kept is found again, by whoever opens the folder."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "counts")
        self.written: dict[tuple[int, int], int] = {}
        self.waiting: dict[tuple[int, int], int] = {}
        self.store = NumberStore(self.path)

    @rule(found=st.dictionaries(KEY, VALUES, max_size=5))
    def add(self, found: dict[tuple[int, int], int]) -> None:
        # Keys are hashes: no two have the same first word.
        known = {high for high, _ in (*self.written, *self.waiting)}
        firsts = {key[0]: key for key in found if key[0] not in known}
        new = {key: found[key] for key in firsts.values()}
        self.waiting |= new
        self.store.add(keys_of(list(new)), values_of(list(new.values())))

    @rule()
    def flush(self) -> None:
        self.store.flush()
        self.written |= self.waiting
        self.waiting = {}

    @rule()
    def open_again(self) -> None:
        self.store.flush()
        self.written |= self.waiting
        self.waiting = {}
        self.store = NumberStore(self.path)

    @rule()
    def clear(self) -> None:
        self.store.clear()
        self.written, self.waiting = {}, {}
        self.store = NumberStore(self.path)
        assert self.store.size() == 0

    @invariant()
    def all_that_is_written_is_found(self) -> None:
        others = [(high ^ 1, low) for high, low in self.written] + [
            (high, low ^ 1) for high, low in self.written
        ]
        wanted = [*self.written, *others]
        values, found = NumberStore(self.path).find(keys_of(wanted))
        assert found.tolist() == [key in self.written for key in wanted]
        assert values[found].tolist() == [self.written[key] for key in wanted if key in self.written]

    def teardown(self) -> None:
        self.folder.cleanup()


Machine.TestCase.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
TestMachine = Machine.TestCase


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_byte_costs_numbers_and_changes_none(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    keys, values = many(300)
    keep(folder, keys, values)
    files = sorted(folder.iterdir())
    for _ in range(data.draw(st.integers(1, 4))):
        file = data.draw(st.sampled_from(files))
        content = bytearray(file.read_bytes())
        kind = data.draw(st.sampled_from(["byte", "cut", "grown", "zeros", "noise"]))
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        if kind == "byte" and content:
            content[at] ^= data.draw(st.integers(1, 255))
        elif kind == "cut":
            del content[at:]
        elif kind == "grown":
            content[at:at] = data.draw(st.binary(min_size=1, max_size=70))
        elif kind == "zeros":
            content[at:] = bytes(len(content) - at)
        else:
            content[at:] = os.urandom(len(content) - at)
        file.write_bytes(content)
    store = NumberStore(folder)
    found_values, found = store.find(keys)
    assert (found_values[found] == values[found]).all()
    # What is counted anew is kept again, damaged files or not.
    store.add(keys[~found], values[~found])
    store.flush()
    again, all_found = NumberStore(folder).find(keys)
    assert (again[all_found] == values[all_found]).all()
    assert all_found.sum() >= found.sum()
    if NumberStore(folder).secret == store.secret:
        assert all_found.all()


def test_each_single_bit_of_a_record_is_guarded(tmp_path: Path) -> None:
    keys, values = many(1)
    keep(tmp_path, keys, values)
    (log,) = tmp_path.glob("*.new")
    whole = log.read_bytes()
    for bit in range(len(whole) * 8):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        log.write_bytes(damaged)
        assert not NumberStore(tmp_path).find(keys)[1].any()


def test_zeros_are_no_records(tmp_path: Path) -> None:
    keep(tmp_path, *many(1))
    (log,) = tmp_path.glob("*.new")
    log.rename(tmp_path / "00.new").write_bytes(bytes(3200))
    assert not NumberStore(tmp_path).find(np.zeros((1, 2), np.uint64))[1].any()


def test_records_made_with_another_secret_are_not_believed(tmp_path: Path) -> None:
    keys, values = many(50)
    keep(tmp_path, keys, values)
    (tmp_path / "secret").write_bytes(os.urandom(32))
    assert not NumberStore(tmp_path).find(keys)[1].any()


def test_the_files_say_nothing_without_the_secret(tmp_path: Path) -> None:
    for name in ("a", "b"):
        keep(tmp_path / name, *many(1))
    assert (tmp_path / "a" / "secret").read_bytes() != (tmp_path / "b" / "secret").read_bytes()
    if os.name == "posix":
        assert (tmp_path / "a").stat().st_mode & 0o077 == 0
        assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "a").iterdir())


def test_it_stays_in_its_bound_and_what_is_used_stays_in_it(tmp_path: Path) -> None:
    most = 2 * LOGS * 32 * 40
    used, numbers = many(100)
    keep(tmp_path, used, numbers, most)
    for round_ in range(30):
        store = NumberStore(tmp_path, most)
        values, found = store.find(used)
        assert found.all()
        assert (values == numbers).all()
        store.add(*many(400, seed=10 + round_))
        store.flush()
        assert store.size() <= most
    first = many(400, seed=10)[0]
    assert NumberStore(tmp_path, most).find(first)[1].sum() == 0
    assert NumberStore(tmp_path, most).find(many(400, seed=39)[0])[1].all()


def test_what_was_read_takes_half_of_what_lies_on_the_disk(tmp_path: Path) -> None:
    number = 200_000
    keys, _ = many(number)
    # One of seven is what is known of a file; the others are tokens.
    values = np.where(np.arange(number) % 7, np.arange(number) % 60_000, 1 << 57).astype(np.uint64)
    keep(tmp_path / "counts", keys, values, 1 << 25)
    store = NumberStore(tmp_path / "counts", 1 << 25)
    tracemalloc.start()
    try:
        kept, found = store.find(keys[:1000])
        assert tracemalloc.get_traced_memory()[0] < store.size() / 2
    finally:
        tracemalloc.stop()
    assert found.all()
    assert (kept == values[:1000]).all()


def test_a_block_larger_than_all_is_cut(tmp_path: Path) -> None:
    most = 2 * LOGS * 32 * 4
    keep(tmp_path, *many(5000), most)
    assert 0 < NumberStore(tmp_path, most).size() <= most


WRITER = """
import sys
from pathlib import Path
from tests.count_cache.test_store import keep, many
for seed in range(int(sys.argv[2]), int(sys.argv[2]) + 20):
    keep(Path(sys.argv[1]), *many(200, seed))
"""


def test_processes_write_at_once(tmp_path: Path) -> None:
    keep(tmp_path, *many(1))
    commands = [[sys.executable, "-c", WRITER, str(tmp_path), str(first)] for first in (100, 200, 300)]
    for process in [subprocess.Popen(command) for command in commands]:
        assert process.wait(120) == 0
    store = NumberStore(tmp_path)
    for seed in (*range(100, 120), *range(200, 220), *range(300, 320)):
        keys, values = many(200, seed)
        found_values, found = store.find(keys)
        assert found.all()
        assert (found_values == values).all()


def test_two_that_begin_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    first, second = NumberStore(tmp_path), NumberStore(tmp_path)
    for store, seed in ((first, 1), (second, 2)):
        store.add(*many(10, seed))
        store.flush()
    opened = NumberStore(tmp_path)
    assert opened.find(many(10, 1)[0])[1].all()
    # The other's are no longer what the secret makes, so nothing was written.
    assert opened.size() == 320


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "locked"
    keep(folder, *many(10))
    folder.chmod(0o500)
    yield folder
    folder.chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_cannot_be_written_is_read(locked: Path) -> None:
    keep(locked, *many(10, 2))
    assert NumberStore(locked).find(many(10)[0])[1].all()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes among files")
def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    keys, values = many(400)
    keep(tmp_path, keys, values)
    for name, make in (("00.new", os.mkfifo), ("01.new", os.mkdir), ("02.old", os.mkfifo)):
        (tmp_path / name).unlink(missing_ok=True)
        make(tmp_path / name)
    (tmp_path / "03.new").unlink()
    (tmp_path / "03.new").symlink_to("/dev/zero")
    keep(tmp_path, *many(400, 2))
    logs = keys[:, 0] >> np.uint64(59)
    found_values, found = NumberStore(tmp_path).find(keys)
    assert found.tolist() == [log not in (0, 1, 3) for log in logs]
    assert (found_values[found] == values[found]).all()


def test_a_place_that_cannot_be_a_folder_costs_nothing_but_time(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine", encoding="utf-8")
    keep(file, *many(5))
    keep(file / "inside", *many(5))
    assert file.read_text(encoding="utf-8") == "mine"
    assert not NumberStore(file).find(many(5)[0])[1].any()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys, values = many(100)
    keep(tmp_path, keys[:50], values[:50])

    def full(descriptor: int, data: bytes) -> int:
        taken = len(data) // 2  # part of a record too
        real(descriptor, data[:taken])
        raise OSError(28, "No space left on device")

    real = os.write
    monkeypatch.setattr(os, "write", full)
    keep(tmp_path, keys[50:], values[50:])
    monkeypatch.undo()
    keep(tmp_path, keys[50:], values[50:])
    found_values, found = NumberStore(tmp_path).find(keys)
    assert found.all()
    assert (found_values == values).all()
