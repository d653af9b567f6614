"""Taking a codebase's text and metrics away: packed for a model, as CSV, as JSON."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.packing import PackedFile, PackFormat, pack
from tokviz.analysis.codebase.scan import count_text
from tokviz.analysis.codebase.secrets import Secret, SecretFinder, searched
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_export import as_csv, as_json, tokens_by_file
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import CountPlan, Decoder
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.tree.reading import read_files
from tokviz.documents.tree.walking import FoundFile
from tokviz.documents.writing import write_file
from tokviz.tokens import Count, Provenance
from tokviz.worker.jobs import Compute, Reporter, WorkerContext
from tokviz.worker.transport import LargeBytes

_Source = tuple[Path, str, list[str]]
"""A root, what stands before its paths in the text, and the paths of its files."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How far the packing has come."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed text and its count."""

    text: LargeBytes
    """UTF-8."""
    count: Count
    """Of the whole text, by the tokenizer or estimator that was asked for."""
    wrapping: Count
    """Of what stands around the files' own texts: what the text would count with every file empty."""
    missing: tuple[str, ...]
    """Files that could not be read any more."""
    secrets: tuple[Secret, ...]
    """What looks like a key or a password in them."""


@dataclass(frozen=True, slots=True, eq=False)
class PackFiles:
    """Put files together as one text for a model, and count it."""

    roots: tuple[Path, ...]
    shape: TreeShape
    taken: NDArray[np.bool_]
    """Which files: ``bool[files]``."""
    form: PackFormat
    tokenizer: str
    """Or an estimator."""
    reading: ReadOptions
    long: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """What the text is called."""
        return self.roots[0].name or str(self.roots[0])

    def perform(self, context: WorkerContext, reporter: Reporter) -> Packed:
        """Reports ``Packing``. The registry's errors if the tokenizer cannot be used."""
        sources = self._sources()
        paths = [prefix + path for _, prefix, inside in sources for path in inside]
        missing: list[str] = []
        secrets: list[Secret] = []
        files = searched(
            _read(sources, self.reading, reporter, missing), SecretFinder(context.assets), secrets
        )
        text = bytearray().join(pack(self.name, paths, files, self.form))
        reporter.check()
        empty = (PackedFile(path, b"") for path in paths)
        wrapping = b"".join(pack(self.name, paths, empty, self.form))
        plan = CountPlan((self.tokenizer,))
        counters = plan.counters(context.registry)
        counts = [count_text(part, plan, counters)[self.tokenizer] for part in (bytes(text), wrapping)]
        return Packed(LargeBytes(text), counts[0], counts[1], tuple(missing), tuple(secrets))

    def _sources(self) -> list[_Source]:
        """Root by root, in the order of the tree; with several roots, a path says which one it is of."""
        shape, several = self.shape, len(self.roots) > 1
        sources = []
        for node, root in zip(shape.root_nodes, self.roots, strict=True):
            files = range(int(shape.first_files[node]), int(shape.end_files[node]))
            inside = [shape.path(int(shape.file_nodes[file])) for file in files if self.taken[file]]
            prefix = f"{shape.names[node].strip('/')}/" if several else ""
            sources.append((root, prefix, inside))
        return sources

    def __str__(self) -> str:
        return f"packing {self.name}"


def _read(
    sources: Iterable[_Source], reading: ReadOptions, reporter: Reporter, missing: list[str]
) -> Iterator[PackedFile]:
    files = size = 0
    for root, prefix, paths in sources:
        named = (FoundFile(path, 0, 0) for path in paths)
        for batch in read_files(root, enumerate(named), reading):
            missing += [prefix + gone.path for _, gone in batch.left_out]
            for number, text in zip(batch.numbers, batch.texts, strict=True):
                yield PackedFile(prefix + paths[number], text)
            files, size = files + len(batch.texts), size + batch.size
            reporter.progress(Packing(files, size))


def write_text(path: Path, text: LargeBytes) -> Compute:
    """Write a text to a file, all of it or nothing: the file is the result. WriteError if it cannot be
    written."""
    return Compute(_write_text, (path, text), f"writing {path.name}")


def _write_text(path: Path, text: LargeBytes) -> Path:
    write_file(path, text.data)
    return path


class MetricsFormat(StrEnum):
    """How a table of metrics is written."""

    CSV = "csv"
    JSON = "json"


def write_metrics(path: Path, tree: TokenTree, plan: CountPlan, form: MetricsFormat) -> Compute:
    """Write the metrics of every folder and file to a file, by what ``plan`` counts with. WriteError if it
    cannot be written."""
    return Compute(_write_metrics, (path, tree, plan, form), f"writing {path.name}")


def _write_metrics(path: Path, tree: TokenTree, plan: CountPlan, form: MetricsFormat) -> None:
    counted = tokens_by_file(tree, plan)
    tokens = {_title(plan.decoders[name]): each for name, each in counted.items()}
    write = as_csv if form is MetricsFormat.CSV else as_json
    write_file(path, write(tree, tokens).encode())


def _title(decoder: Decoder) -> str:
    return f"{decoder.name} (estimate)" if decoder.provenance is Provenance.ESTIMATE else decoder.name
