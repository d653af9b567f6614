"""Putting a codebase's files together as one text for a model, or in parts of so many tokens, counted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.pack_splitting import PackSplitter, part_name
from tokviz.analysis.codebase.pack_template import LARGEST, PackTemplate, read_template
from tokviz.analysis.codebase.packing import PackedFile, PackLayout, PackOrder, pack
from tokviz.analysis.codebase.scan import count_texts
from tokviz.analysis.codebase.secrets import Secret, SecretFinder, searched
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import CountPlan
from tokviz.analysis.tokens.token_gauge import make_gauge
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import read_text
from tokviz.documents.shortening.shortenings import Shortening, shortened_note
from tokviz.documents.tree.git_history import last_changes
from tokviz.documents.tree.git_reader import GitReader
from tokviz.documents.tree.known_packs import KnownPacks
from tokviz.documents.tree.reading import read_files
from tokviz.documents.tree.walking import FoundFile
from tokviz.documents.writing import write_file
from tokviz.language import pgettext
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count
from tokviz.worker.jobs import Compute, Reporter, WorkerContext
from tokviz.worker.packed_changes import WantedChanges, find_changes, taking_part
from tokviz.worker.transport import LargeBytes


@dataclass(frozen=True, slots=True)
class Packing:
    """How far the packing has come."""

    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class PackedPart:
    """Bytes ``start`` to ``end`` of a packed text."""

    start: int
    end: int
    count: Count
    """Of the part by itself."""
    contents: tuple[str, ...]
    """The files in it; of one that is divided, which piece."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed text and its count."""

    text: LargeBytes
    """UTF-8; of several parts one after the other."""
    parts: tuple[PackedPart, ...]
    """One, if it is not split."""
    wrapping: Count | None
    """Of what stands around the files' own texts: what the text would count with every file empty. None for
    several parts."""
    missing: tuple[str, ...]
    """Files that could not be read any more."""
    secrets: tuple[Secret, ...]
    """What looks like a key or a password in them."""
    undated: int
    """Files whose last change was not found in time, and which therefore stand last."""
    remarks: tuple[str, ...] = ()
    """A sentence for each part of ``PackFiles.changes`` that there is not."""

    @property
    def in_parts(self) -> bool:
        """Whether it was split, were it into one."""
        return self.wrapping is None

    @property
    def count(self) -> Count:
        """By the tokenizer or estimator that was asked for: of the whole text, or of its largest part."""
        return max((part.count for part in self.parts), key=lambda count: count.tokens)

    def targets(self, path: Path) -> list[Path]:
        """The files that it is written to: ``path``, or for each part one that is numbered like it."""
        if not self.in_parts:
            return [path]
        of = len(self.parts)
        return [path.with_name(part_name(path.name, number, of)) for number in range(1, of + 1)]

    def part(self, number: int) -> bytes:
        """The text of a part, from 0."""
        chosen = self.parts[number]
        return bytes(memoryview(self.text.data)[chosen.start : chosen.end])


@dataclass(frozen=True, slots=True)
class WrittenPack:
    """Where a packed text was written to."""

    paths: tuple[Path, ...]
    problem: str
    """Why it cannot be known again, in a sentence; empty if it is."""


_Count = Callable[[Sequence[bytes]], list[Count]]
_Made = tuple[bytearray, tuple[PackedPart, ...], Count | None]
"""A text, its parts, and its wrapping."""


@dataclass(frozen=True, slots=True, eq=False)
class PackFiles:
    """Put files together as one text for a model, and count it."""

    roots: tuple[Path, ...]
    shape: TreeShape
    taken: NDArray[np.bool_]
    """Which files: ``bool[files]``."""
    layout: PackLayout
    tokenizer: str
    """Or an estimator."""
    reading: ReadOptions
    weights: NDArray[np.int64] | None = None
    """The tokens of each file (``int64[files]``), if the largest are to be first."""
    split: int | None = None
    """The most tokens of a part."""
    shortened: Mapping[int, frozenset[Shortening]] | None = None
    """By file, what is to make its text shorter."""
    changes: WantedChanges | None = None
    """The diff and the log that stand in front of the files."""
    long: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """What the text is called."""
        return self.roots[0].name or str(self.roots[0])

    def perform(self, context: WorkerContext, reporter: Reporter) -> Packed:
        """Reports ``Packing``. The registry's errors if the tokenizer cannot be used, GitError if the order
        needs a repository and there is none or if there is no such revision, TemplateError, CannotSplitError.
        """
        self.layout.check(split=self.split is not None)
        paths = dict(self._paths())
        front, remarks = self._changes(reporter)
        missing: list[str] = []
        ranks, undated = self._ranks(paths, reporter)
        numbered = self._read(paths, reporter, missing)
        if ranks is not None:
            numbered = iter(sorted(numbered, key=lambda file: ranks[file[0]]))
        secrets: list[Secret] = []
        checked = chain(front, (file for _, file in numbered))
        files = searched(self.layout, checked, SecretFinder(context.assets), secrets)
        plan = CountPlan((self.tokenizer,), context.registry.assumed)
        counters, decoder = plan.counters(context.registry), plan.decoders[self.tokenizer]

        def count(texts: Sequence[bytes]) -> list[Count]:
            reporter.check()
            return count_texts(texts, decoder, counters)

        make = self._one if self.split is None else partial(self._several, context.registry, self.split)
        every = self._with_changes([file.path for file in front], paths.values())
        text, parts, wrapping = make(every, files, count)
        return Packed(LargeBytes(text), parts, wrapping, tuple(missing), tuple(secrets), undated, remarks)

    def _one(self, paths: list[str], files: Iterable[PackedFile], count: _Count) -> _Made:
        text = bytearray().join(pack(self.name, paths, files, self.layout))
        empty = (PackedFile(path, b"") for path in paths)
        around = b"".join(pack(self.name, paths, empty, self.layout))
        whole, wrapping = count([bytes(text), around])
        return text, (PackedPart(0, len(text), whole, tuple(paths)),), wrapping

    def _several(
        self, registry: Registry, most: int, paths: list[str], files: Iterable[PackedFile], count: _Count
    ) -> _Made:
        def high(texts: Sequence[bytes]) -> list[int]:
            return [counted.high for counted in count(texts)]

        gauge = partial(make_gauge, registry, self.tokenizer)
        text, parts = bytearray(), list[PackedPart]()
        for part in PackSplitter(self.name, paths, self.layout, most, high, gauge).parts(list(files)):
            (counted,) = count([part.text])
            parts.append(PackedPart(len(text), len(text) + len(part.text), counted, part.contents))
            text += part.text
        return text, tuple(parts), None

    def _paths(self) -> Iterator[tuple[int, str]]:
        """Each file's number and path, in the order of the tree; with several roots, a path says which one it
        is of."""
        for root, prefix in self._roots():
            node = self.shape.root_nodes[root]
            for file in range(int(self.shape.first_files[node]), int(self.shape.end_files[node])):
                if self.taken[file]:
                    yield file, prefix + self.shape.path(int(self.shape.file_nodes[file]))

    def _roots(self) -> Iterator[tuple[int, str]]:
        """Each root's number, and what stands before its paths."""
        for number, node in enumerate(self.shape.root_nodes):
            yield number, f"{self.shape.names[node].strip('/')}/" if len(self.roots) > 1 else ""

    def _of_root(self, root: int, paths: dict[int, str], prefix: str) -> dict[int, str]:
        """The files of a root that are packed, with their paths there."""
        node = self.shape.root_nodes[root]
        first, end = int(self.shape.first_files[node]), int(self.shape.end_files[node])
        return {file: path.removeprefix(prefix) for file, path in paths.items() if first <= file < end}

    def _read(
        self, paths: dict[int, str], reporter: Reporter, missing: list[str]
    ) -> Iterator[tuple[int, PackedFile]]:
        """The files with their numbers."""
        files = size = 0
        for root, prefix in self._roots():
            inside = self._of_root(root, paths, prefix)
            named = ((number, FoundFile(path, 0, 0)) for number, path in inside.items())
            for batch in read_files(self.roots[root], named, self.reading, shortened=self.shortened):
                missing += [prefix + gone.path for _, gone in batch.left_out]
                for number, text in zip(batch.numbers, batch.texts, strict=True):
                    note = shortened_note(batch.shortened(number))
                    yield number, PackedFile(paths[number], text, shortened=note)
                files, size = files + len(batch.texts), size + batch.size
                reporter.progress(Packing(files, size))

    def _changes(self, reporter: Reporter) -> tuple[list[PackedFile], tuple[str, ...]]:
        """The diff and the log of every root, and what of them there is not."""
        if self.changes is None:
            return [], ()
        front, remarks, known = list[PackedFile](), dict[str, None](), set[bytes]()
        with GitReader() as reader:
            for root, prefix in self._roots():
                takes = taking_part(self.shape, self.taken, root)
                found = find_changes(reader, self.roots[root], self.changes, takes, known, reporter)
                front += [PackedFile(prefix + name, text) for name, text in found.texts.items()]
                remarks |= dict.fromkeys(found.remarks)
        return front, tuple(remarks)

    def _with_changes(self, front: list[str], paths: Iterable[str]) -> list[str]:
        """All paths for the tree: those of each root's changes, then those of its files."""
        if len(self.roots) == 1:
            return [*front, *paths]
        of_roots = [prefix for _, prefix in self._roots()]
        return sorted([*front, *paths], key=lambda path: of_roots.index(path[: path.index("/") + 1]))

    def _ranks(self, paths: dict[int, str], reporter: Reporter) -> tuple[dict[int, float] | None, int]:
        """By which the files are ordered (None: as they are), and of how many the last change is unknown."""
        if self.layout.order is PackOrder.TOKENS and self.weights is not None:
            return {number: -float(self.weights[number]) for number in paths}, 0
        if self.layout.order is not PackOrder.CHANGE:
            return None, 0
        ranks = dict.fromkeys(paths, float("inf"))
        unknown = 0
        for root, prefix in self._roots():
            inside = self._of_root(root, paths, prefix)
            found = last_changes(self.roots[root], set(inside.values()), check=reporter.check)
            ranks |= {number: -found[path] for number, path in inside.items() if path in found}
            unknown += len(inside) - len(found)
        return ranks, unknown

    def __str__(self) -> str:
        return pgettext("stopped while …", "packing {folder}", folder=self.name)


def read_own_template(path: Path) -> Compute:
    """Read a template of the user's own. ReadError or TemplateError."""
    return Compute(_read_template, (path,), pgettext("stopped while …", "reading {file}", file=path.name))


def _read_template(path: Path) -> PackTemplate:
    return read_template(read_text(path, ReadOptions(largest=LARGEST)).text.decode(), path.name)


def read_own_text(path: Path) -> Compute:
    """Read a text of the user's own, to stand before or after the files. ReadError."""
    return Compute(
        read_text,
        (path, ReadOptions(largest=LARGEST)),
        pgettext("stopped while …", "reading {file}", file=path.name),
    )


def write_pack(path: Path, packed: Packed, packs: KnownPacks | None = None) -> Compute:
    """Write a packed text to a file, or its parts to files numbered like it, and remember it in ``packs``.
    ``WrittenPack`` is the result; WriteError if a file cannot be written. (Whoever chose them was asked about
    those that are there.)"""
    return Compute(
        _write_pack, (path, packed, packs), pgettext("stopped while …", "writing {file}", file=path.name)
    )


def _write_pack(path: Path, packed: Packed, packs: KnownPacks | None) -> WrittenPack:
    paths = packed.targets(path)
    for number, each in enumerate(paths):
        write_file(each, packed.part(number))
    problem = packs.try_to_remember(packed.part(number) for number in range(len(paths))) if packs else ""
    return WrittenPack(tuple(paths), problem)
