"""Counting whole source trees: against the bare engine, against tiktoken, by size, and in memory.

The trees come from ``corpora``; what is missing is named and not measured.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from tests.analysis.codebase.density import DENSITY
from tests.benchmarks import corpora
from tests.benchmarks.harness import Benchmark, Missing, Result, Row, interleave, timed
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.codebase.treemap import TreemapLayout
from tokviz.analysis.count_plan import SIZE_COLUMNS
from tokviz.documents.tree.listing import list_folder

_ROOT = Path(__file__).resolve().parents[2]
FIRST_EIGHT = (
    *("gpt-4o", "claude-opus-4", "claude-sonnet-4", "gemini-2.5-pro", "gemini-2.5-flash"),
    *("llama-3.1-405b", "mistral-large-2411", "deepseek-v3"),
)
"""The models that the catalog must have, by id."""
THEIR_TOKENIZERS = ("o200k_base", "claude-2", "gemma", "llama3", "mistral-v7", "deepseek-v3")
"""What was counted for them when Claude was estimated from claude-2. The reconstructed counts are to cost no
more than a fifth above that."""
MOST_MEMORY = 700_000_000
MOST_STALL = 0.05

_BATCHES = """
import sys, time
from tokviz.documents.tree.listing import list_folder
from tokviz.documents.tree.reading import read_files
listing = list_folder(sys.argv[1])
batches = [batch.texts for batch in read_files(listing.root, enumerate(listing.files))]
start = time.perf_counter()
"""
_BARE = (
    _BATCHES
    + """
import gigatoken
from tokviz.assets import Assets
vocabulary = Assets().path("vocabularies", "o200k_base.tiktoken")
tokenizer = gigatoken.Tokenizer.from_tiktoken(str(vocabulary), pretokenizer="o200k", special_tokens={})
tokenizer.encode_batch([text for texts in batches for text in texts], parallel=True)
print(time.perf_counter() - start)
"""
)
_ENGINES = (
    _BATCHES
    + """
import gigatoken
from tokviz.assets import Assets
from tokviz.tokenization.tokenizer_info import Kind, read_tokenizer_infos
from tokviz.tokenization.vocabularies import Vocabulary
infos = read_tokenizer_infos(Assets())
for name in sys.argv[2:]:
    info, vocabulary = infos[name], Vocabulary(infos[name])
    if info.kind is Kind.RANKS:
        load = gigatoken.Tokenizer.from_tiktoken
        tokenizer = load(str(info.file), pretokenizer=info.scheme, special_tokens={})
    else:
        tokenizer = gigatoken.Tokenizer.from_json(vocabulary.tokenizer_json())
    one = time.perf_counter()
    for texts in batches:
        tokenizer.encode_batch(texts, parallel=True)
    print(name, round(time.perf_counter() - one, 1), file=sys.stderr)
print(time.perf_counter() - start)
"""
)
"""Each tokenizer as gigatoken itself reads it, over the same texts in memory, on all processors."""
_TIKTOKEN = (
    _BATCHES
    + """
import base64, tiktoken, tomllib
from tokviz.assets import Assets
row = tomllib.loads(Assets().path("catalog", "tokenizers.toml").read_text("utf-8"))["o200k_base"]
lines = Assets().path("vocabularies", row["file"]).read_bytes().splitlines()
ranks = {base64.b64decode(token): int(rank) for token, rank in map(bytes.split, lines)}
encoding = tiktoken.Encoding("o200k", pat_str=row["pattern"], mergeable_ranks=ranks, special_tokens={})
tokens = 0
for texts in batches:
    parts = encoding.encode_ordinary_batch([text.decode() for text in texts], num_threads=2)
    tokens += sum(map(len, parts))
print(tokens if sys.argv[2:] == ["tokens"] else time.perf_counter() - start)
"""
)


_TWO_SCANS = """
import sys
from tokviz.analysis.codebase.scan import count, measure
from tokviz.analysis.count_plan import TokenCounter
from tokviz.assets import Assets
from tokviz.documents.tree.listing import list_folder
from tokviz.documents.tree.reading import ReadAhead, read_files
from tokviz.tokenization.memory import resident_bytes
from tokviz.tokenization.registry import Registry
registry = Registry(Assets())
counters = [TokenCounter(registry.get(name)) for name in sys.argv[2:]]
after = []
for _ in range(2):
    listing = list_folder(sys.argv[1])
    with ReadAhead(measure(batch) for batch in read_files(listing.root, enumerate(listing.files))) as batches:
        results = list(count(batches, counters))
    after.append(resident_bytes())
print(after[1] / after[0])
"""


def script(code: str, *arguments: str) -> float:
    """Run Python code in a process of its own; what it prints is the metric that counts."""
    command = [sys.executable, "-c", code, *arguments]
    return float(subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True).stdout)


def tokviz(*arguments: str) -> list[str]:
    """The command line that runs ``tokviz count``, without what earlier runs have counted."""
    return [sys.executable, "-m", "tokviz", "count", "--no-cache", *arguments]


def run(command: list[str]) -> None:
    """Run it, its output thrown away; exit codes that say something about the input are fine."""
    done = subprocess.run(command, cwd=_ROOT, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode not in (0, 3):
        raise RuntimeError(f"{command} failed: {done.stderr.decode(errors='replace')[-500:]}")


def start_to_exit(*arguments: str) -> float:
    """Seconds of ``tokviz count ARGUMENTS``, from start to exit."""
    return timed(lambda: run(tokviz(*arguments)))


def peak_memory(*arguments: str, cache: Path | None = None) -> float:
    """Most bytes that ``tokviz count ARGUMENTS`` had in memory, with the counts kept in ``cache``, if at
    all."""
    command, environment = tokviz(*arguments), dict(os.environ)
    if cache is not None:
        command.remove("--no-cache")
        environment["XDG_CACHE_HOME"] = str(cache)
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.DEVNULL, env=environment)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def same_tokens(tree: str) -> Row:
    """Whether tokviz and tiktoken find the same number of tokens; RuntimeError if not."""
    done = subprocess.run(
        tokviz(tree, "--tokenizer", "o200k_base", "--json"), cwd=_ROOT, check=True, capture_output=True
    )
    ours, theirs = json.loads(done.stdout)["counts"][0]["tokens"], script(_TIKTOKEN, tree, "tokens")
    if ours != theirs:
        raise RuntimeError(f"tokviz counts {ours:,} tokens in {tree}, tiktoken {theirs:,.0f}")
    return Row(f"{Path(tree).name}: tokens, the same as tiktoken's", ours, theirs, 1)


def with_tree(
    name: str, tree: Callable[[], Path | None], measure: Callable[[str], list[Result]]
) -> Benchmark:
    """A benchmark of a tree that may be missing."""

    def benchmark() -> list[Result]:
        path = tree()
        return [Missing(name, corpora.how_to_get())] if path is None else measure(str(path))

    return benchmark


def _one_tokenizer(tree: str) -> list[Result]:
    subject, bare = interleave(
        partial(start_to_exit, tree, "--tokenizer", "o200k_base"), partial(script, _BARE, tree), rounds=5
    )
    slow = script(_TIKTOKEN, tree)
    return [
        Row(
            "o200k_base on Linux, start to exit, against bare gigatoken on bytes in memory (s)",
            subject,
            bare,
            1.25,
        ),
        Row("o200k_base on Linux, against tiktoken with two threads (s)", subject, slow, 10, at_least=True),
    ]


def _first_eight(tree: str) -> list[Result]:
    models = [option for model in FIRST_EIGHT for option in ("--model", model)]
    subject, bare = interleave(
        partial(start_to_exit, tree, *models), partial(script, _ENGINES, tree, *THEIR_TOKENIZERS), rounds=3
    )
    memory = peak_memory(tree, *models)
    return [
        Row(
            "the first eight models on Linux, start to exit, against their engines alone (s)",
            subject,
            bare,
            1.2,
        ),
        Row("the same, most memory (bytes) against 700 MB", memory, MOST_MEMORY, 1),
    ]


def _second_scan() -> list[Result]:
    tree = corpora.linux_part(10_000)
    if tree is None:
        return [Missing("codebase-second-scan", corpora.how_to_get())]
    growth = script(_TWO_SCANS, str(tree), *THEIR_TOKENIZERS)
    return [Row("memory after a second scan of 10,000 files, against after the first", growth, 1, 1.1)]


def _excluding(tree: str) -> list[Result]:
    listing = list_folder(tree)
    shape = TreeShape([("linux", [file.path for file in listing.files])])
    columns = (*SIZE_COLUMNS, *THEIR_TOKENIZERS, *(f"feature {number}" for number in range(20)))
    whole = TokenTree.begin(shape, [file.size for file in listing.files], columns, DENSITY)
    drivers = shape.find("drivers")
    assert drivers is not None
    roots, visible = shape.children(0), shape.children(1)
    trees = [whole, whole.with_included([drivers], False)]
    _ = whole.total()

    def exclude() -> object:
        trees.reverse()
        tree = trees[0].with_included([drivers], bool(trees[0].included[0]))
        return tree.total(), tree.totals(roots), tree.totals(visible), tree.inclusion(visible)

    layout = TreemapLayout(shape, whole.totals(np.arange(len(shape)))[:, 0])
    (excluding,) = interleave(partial(timed, exclude), rounds=9)
    (drawing,) = interleave(partial(timed, lambda: layout.picture(1, (0, 0, 1600, 1000))), rounds=9)
    return [
        Row("taking drivers/ out of Linux, every total anew (s) against 50 ms", excluding, MOST_STALL, 1),
        Row("the treemap of Linux at 1600 x 1000 (s) against 50 ms", drawing, MOST_STALL, 1),
    ]


def _growth() -> list[Result]:
    """Time and memory by size; a megabyte of a large tree may cost no more than one of a small tree."""
    rows: list[Result] = []
    smallest = 0.0
    for files in (1_000, 10_000, 78_000):
        tree = corpora.linux_part(files) if files < 78_000 else corpora.linux()
        if tree is None:
            return [Missing("growth", corpora.how_to_get())]
        megabytes = sum(file.size for file in list_folder(tree).files) / 1e6
        name = f"{files:,} files of Linux, {megabytes:,.0f} MB"
        (seconds,) = interleave(partial(start_to_exit, str(tree), "--tokenizer", "o200k_base"), rounds=3)
        smallest = smallest or seconds / megabytes
        rows.append(Row(f"{name}: seconds per MB against 1,000 files'", seconds / megabytes, smallest, 1.1))
        memory = peak_memory(str(tree), "--tokenizer", "o200k_base")
        rows.append(Row(f"{name}: most memory (bytes) against 700 MB", memory, MOST_MEMORY, 1))
    return rows


BENCHMARKS: dict[str, Benchmark] = {
    "codebase-one-tokenizer": with_tree("codebase-one-tokenizer", corpora.linux, _one_tokenizer),
    "codebase-first-eight": with_tree("codebase-first-eight", corpora.linux, _first_eight),
    "codebase-excluding": with_tree("codebase-excluding", corpora.linux, _excluding),
    "codebase-growth": _growth,
    "codebase-second-scan": _second_scan,
}
