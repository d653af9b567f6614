"""Counting 120,000 small files with the tokenizers of the first eight models: the most memory it takes."""

import random
import tempfile
from pathlib import Path

from tests.benchmarks.codebase import MOST_MEMORY, peak_memory
from tests.benchmarks.harness import Benchmark, Result, Row

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


def memory() -> list[Result]:
    """The first eight models, as without any option."""
    with tempfile.TemporaryDirectory() as folder:
        make_files(Path(folder), FILES)
        most = peak_memory(folder)
    return [Row(f"{FILES:,} small files, most memory (bytes) against 700 MB", most, MOST_MEMORY, 1)]


BENCHMARKS: dict[str, Benchmark] = {"codebase-small-files": memory}
