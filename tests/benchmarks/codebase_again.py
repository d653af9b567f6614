"""Opening a tree a second time: what was counted is looked up by the bytes; and the cost the first time."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from tests.benchmarks import corpora
from tests.benchmarks.codebase import FIRST_EIGHT
from tests.benchmarks.harness import Benchmark, Missing, Result, Row, interleave, timed

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 3.0
"""A second opening of Linux takes at most as long, on two processors with a warm page cache."""
_ONE = ("--tokenizer", "o200k_base")
_READING = """
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        descriptor = os.open(os.path.join(folder, name), os.O_RDONLY | os.O_NONBLOCK)
        while os.read(descriptor, 1 << 20):
            pass
        os.close(descriptor)
"""


def _run(command: list[str], environment: Mapping[str, str]) -> float:
    def work() -> None:
        subprocess.run(command, cwd=_ROOT, check=True, stdout=subprocess.DEVNULL, env=environment)

    return timed(work)


def _count(tree: Path, cache: str, *options: str) -> float:
    """Seconds from start to exit, with a cache in this folder."""
    command = [sys.executable, "-m", "tokviz", "count", str(tree), *options]
    return _run(command, {**os.environ, "XDG_CACHE_HOME": cache})


def _linked(tree: Path, made: str) -> Path:
    """The tree by links."""
    copy = Path(made, "edited")
    subprocess.run(["cp", "-al", str(tree), str(copy)], check=True)
    return copy


def _edited(copy: Path, cache: str, *options: str) -> float:
    """``_count`` after ten of the files have changed, which they do again each time."""
    for file in sorted(copy.glob("kernel/*.c"))[:10]:
        text = file.read_bytes()
        file.unlink()  # the other link stays as it is
        file.write_bytes(text + b"\n/* edited */\n")
    return _count(copy, cache, *options)


def codebase_again() -> list[Result]:
    """Linux with the first eight models: opened again, and after ten files were edited."""
    tree = corpora.linux()
    if tree is None:
        return [Missing("codebase-again", corpora.how_to_get())]
    models = [option for model in FIRST_EIGHT for option in ("--model", model)]
    with tempfile.TemporaryDirectory(dir=tree.parent) as cache:
        first = _count(tree, cache, *models)
        reading = partial(_run, [sys.executable, "-c", _READING, str(tree)], os.environ)
        again, bare = interleave(partial(_count, tree, cache, *models), reading, rounds=5)
        # Most of what it takes longer is loading six vocabularies for ten files: 1.7 s of processor time.
        (edited,) = interleave(partial(_edited, _linked(tree, cache), cache, *models), rounds=3)
    return [
        Row("Linux with the first eight models, opened again (s) against 3 s", again, _SECONDS, 1),
        Row("the same after ten files were edited (s) against 3 s", edited, _SECONDS, 1),
        Row("the same against the first opening (s)", again, first, 0.1),
        Row("the same against a bare loop that only reads the files (s)", again, bare, 5),
    ]


def first_count() -> list[Result]:
    """What hashing and keeping cost the first time."""
    tree = corpora.linux()
    if tree is None:
        return [Missing("codebase-first-count", corpora.how_to_get())]
    with tempfile.TemporaryDirectory() as made:
        caches = iter(range(1000))
        with_cache, without = interleave(
            lambda: _count(tree, f"{made}/{next(caches)}", *_ONE),
            lambda: _count(tree, made, *_ONE, "--no-cache"),
            rounds=3,
        )
    name = "o200k_base on Linux for the first time, with its counts kept, against without (s)"
    return [Row(name, with_cache, without, 1.1)]


BENCHMARKS: dict[str, Benchmark] = {"codebase-again": codebase_again, "codebase-first-count": first_count}
