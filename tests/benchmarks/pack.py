"""Packing a million tokens: searched for secrets, laid out, and split into parts that are counted exactly.

The baseline is the libraries' bare loop over the same texts in memory: the patterns of the table by
google-re2, each where one of its marks is, and gigatoken twice, once over the files and once over parts of
that size.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import re2

from tests.benchmarks import corpora
from tests.benchmarks.harness import Benchmark, Missing, Result, Row, interleave, timed
from tokviz.analysis.codebase.pack_splitting import PackSplitter
from tokviz.analysis.codebase.packing import PackedFile, PackLayout
from tokviz.analysis.codebase.scan import count_texts
from tokviz.analysis.codebase.secrets import Secret, SecretFinder, searched
from tokviz.analysis.count_plan import Counter, CountPlan, make_decoder
from tokviz.analysis.tokens.token_gauge import make_gauge
from tokviz.assets import Assets
from tokviz.documents.tree.listing import list_folder
from tokviz.documents.tree.reading import read_files
from tokviz.tokenization.registry import Registry

_TOKENIZER = "o200k_base"
_TOKENS, _PART = 1_000_000, 50_000


def packing() -> list[Result]:
    """Split into parts of 50,000 tokens."""
    tree = corpora.django()
    if tree is None:
        return [Missing("pack", corpora.how_to_get())]
    registry = Registry(Assets())
    counters = CountPlan((_TOKENIZER,)).counters(registry)
    files = _files(tree, counters)
    texts = [file.text for file in files]
    kinds = [
        (re2.compile(kind.pattern.encode()), [mark.encode() for mark in kind.marks])
        for kind in SecretFinder(Assets()).kinds
    ]
    tokenizer = registry.get(_TOKENIZER)
    whole = b"".join(texts)
    size = len(whole) * _PART // _TOKENS
    parts = [whole[start : start + size] for start in range(0, len(whole), size)]

    def bare() -> None:
        for text in texts:
            for pattern, marks in kinds:
                if any(mark in text for mark in marks):
                    for _ in pattern.finditer(text):
                        pass
        tokenizer.count_many(texts)
        tokenizer.count_many([part.decode("utf-8", "ignore").encode() for part in parts])

    def ours() -> None:
        secrets: list[Secret] = []
        finder, layout = SecretFinder(Assets()), PackLayout()
        splitter = PackSplitter(
            "django",
            [file.path for file in files],
            layout,
            _PART,
            lambda some: [count.high for count in count_texts(some, make_decoder(_TOKENIZER), counters)],
            partial(make_gauge, registry, _TOKENIZER),
        )
        found = splitter.parts(list(searched(layout, files, finder, secrets)))
        assert sum(part.tokens for part in found) > _TOKENS
        assert max(part.tokens for part in found) <= _PART

    subject, baseline = interleave(partial(timed, ours), partial(timed, bare))
    name = "1 M tokens of Django searched for secrets and split (s) against the libraries' bare loop"
    return [Row(name, subject, baseline, 1.5)]


def _files(tree: Path, counters: Sequence[Counter]) -> list[PackedFile]:
    """The first files of a tree that have a million tokens together."""
    listing, found, tokens = list_folder(tree), list[PackedFile](), 0
    for batch in read_files(listing.root, enumerate(listing.files)):
        counts = count_texts(batch.texts, make_decoder(_TOKENIZER), counters)
        for number, text, count in zip(batch.numbers, batch.texts, counts, strict=True):
            if tokens < _TOKENS:
                found.append(PackedFile(listing.files[number].path, text))
                tokens += count.tokens
    return found


BENCHMARKS: dict[str, Benchmark] = {"pack": packing}
