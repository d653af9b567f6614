"""Counting 120,000 small files with the tokenizers of the first eight models: the most memory it takes."""

import random
import tempfile
from pathlib import Path

import numpy as np

from tests.benchmarks.codebase import MOST_MEMORY, peak_memory
from tests.benchmarks.harness import Benchmark, Result, Row
from tokviz.count_cache.store import MOST_BYTES, NumberStore

FILES = 120_000
"""As in a tree of packages. All are counted in one process; they have 1.6 kB each."""
_IN_A_FOLDER = 100
_SYLLABLES = "ba ke li mo nu ra si to vu xe ya zo pre tion ing get set user data node list map err"


def make_files(folder: Path, files: int) -> None:
    """Write so many files of a made-up program: words repeat in them as seldom as in code."""
    chance, syllables = random.Random(2), _SYLLABLES.split()

    def word() -> str:
        return "".join(chance.choices(syllables, k=chance.randint(1, 4)))

    def line() -> str:
        call = f"    const {word()} = {word()}.{word()}({chance.randint(0, 99_999)}, '{word()}');"
        return chance.choice((call, call, f"// {' '.join(word() for _ in range(6))} — naïve", ""))

    for number in range(files):
        parent = folder / f"m{number // _IN_A_FOLDER}"
        parent.mkdir(exist_ok=True)
        lines = [line() for _ in range(chance.randint(5, 70))]
        (parent / f"{word()}-{number}.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")


def fill_cache(cache: Path) -> None:
    """Keep as many counts of other files as there may be."""
    store, chance = NumberStore(cache / "tokviz" / "counts"), np.random.default_rng(1)
    while store.size() < 0.95 * MOST_BYTES:
        keys = chance.integers(0, 2**64, (1 << 16, 2), dtype=np.uint64)
        # Of a file are kept its tokens by six tokenizers, and what its size is.
        counts = np.where(chance.integers(0, 7, 1 << 16) > 0, chance.integers(0, 5000, 1 << 16), 1 << 57)
        store.add(keys, counts.astype(np.uint64))
        store.flush()


def memory() -> list[Result]:
    """The first eight models, as without any option."""
    with tempfile.TemporaryDirectory() as made:
        folder, empty, full = (Path(made, name) for name in ("files", "empty", "full"))
        folder.mkdir()
        make_files(folder, FILES)
        fill_cache(full)
        most = {
            "no counts kept": peak_memory(str(folder)),
            "an empty cache": peak_memory(str(folder), cache=empty),
            "a cache full of other files": peak_memory(str(folder), cache=full),
        }
    name = f"{FILES:,} small files, most memory (bytes) against 700 MB"
    return [Row(f"{name}, {how}", bytes_, MOST_MEMORY, 1) for how, bytes_ in most.items()]


BENCHMARKS: dict[str, Benchmark] = {"codebase-small-files": memory}
