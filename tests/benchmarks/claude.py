"""Claude's counts against ctok, which counts the same: Django's files, one thread, our start included.

ctok 1.3.0 is looked for where ``TOKVIZ_CTOK`` says (see ``tests/tokenization/claude/oracle.py``). It has been
loaded before it is measured, and is given a part of the files: it needs a minute for them all.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks import corpora
from tests.benchmarks.harness import Benchmark, Missing, Result, Row, interleave
from tests.tokenization.claude.oracle import ctok, has_ctok
from tokviz.assets import Assets
from tokviz.tokenization.claude.counter import ClaudeCounter
from tokviz.tokenization.claude.families import FAMILIES

ROUNDS = 3
MEMORY_MB = 120
_ROOT = Path(__file__).resolve().parents[2]
_EVERY = 90
"""ctok counts one file of so many."""
_PEAK = """
import sys
from pathlib import Path
from tokviz.assets import Assets
from tokviz.tokenization.claude.counter import ClaudeCounter
from tokviz.tokenization.claude.families import FAMILIES
counter = ClaudeCounter(Assets(), FAMILIES[sys.argv[2]])
files = sorted(Path(sys.argv[1]).rglob("*.p[yo]"))
for first in range(0, len(files), 100):
    counter.count_many([file.read_bytes() for file in files[first : first + 100]])
status = Path("/proc/self/status").read_text()
print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
"""


def _count(family: str, texts: Sequence[bytes]) -> float:
    """Seconds per MB from nothing to the counts of all texts."""
    return _cost(lambda: ClaudeCounter(Assets(), FAMILIES[family]).count_many(texts), texts)


def _count_with_ctok(family: str, texts: Sequence[bytes]) -> float:
    count = ctok(family)
    decoded = [text.decode() for text in texts]
    return _cost(lambda: [count(text) for text in decoded], texts)


def _cost(work: Callable[[], object], texts: Sequence[bytes]) -> float:
    """Seconds of the processor per MB: both work in one thread, and others may want the machine."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1e6 / sum(map(len, texts))


def _speed(ending: str, limit: float) -> list[Result]:
    name = f"Claude's counts of Django's .{ending} files, against ctok"
    tree = corpora.django()
    if tree is None:
        return [Missing(name, corpora.how_to_get())]
    if not has_ctok():
        return [Missing(name, "TOKVIZ_CTOK names no folder with ctok")]
    read = [file.read_bytes() for file in sorted(tree.rglob(f"*.{ending}"))]
    texts = [text for text in read if text.decode(errors="replace").encode() == text]
    results: list[Result] = []
    for family in ("v3", "v4.8"):
        ctok(family)("loads it")
        ours, theirs = interleave(
            partial(_count, family, texts), partial(_count_with_ctok, family, texts[::_EVERY]), rounds=ROUNDS
        )
        results.append(Row(f"{name}, {family} (s/MB)", ours, theirs, limit, at_least=True))
    return results


def _memory() -> list[Result]:
    name = "Claude's counts of Django, most memory"
    tree = corpora.django()
    if tree is None:
        return [Missing(name, corpora.how_to_get())]
    if sys.platform != "linux":
        return [Missing(name, "measured on Linux alone")]
    results: list[Result] = []
    for family in ("v3", "v4.8"):
        command = [sys.executable, "-c", _PEAK, str(tree), family]
        peak = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True).stdout
        results.append(Row(f"{name}, {family} (MB)", int(peak) / 1024, MEMORY_MB, 1))
    return results


BENCHMARKS: dict[str, Benchmark] = {
    "claude-py": partial(_speed, "py", 60),
    "claude-po": partial(_speed, "po", 20),
    "claude-memory": _memory,
}
