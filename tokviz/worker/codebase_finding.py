"""Finding the files of a codebase, and carrying over what an earlier scan knew of them."""

import contextlib
import os
import stat
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.glob_budgets import matches
from tokviz.analysis.codebase.token_density_priors import TokenDensity, read_token_density
from tokviz.analysis.codebase.token_tree import FileState, TokenTree
from tokviz.analysis.codebase.tree_shape import TOP, TreeShape
from tokviz.documents.decoding import FOUND_OUT, ReadOptions
from tokviz.documents.reading import ReadError, is_folder
from tokviz.documents.tree.ignore_files import IGNORE_FILES
from tokviz.documents.tree.listing import Listing, named_file, relisted, without_repeats
from tokviz.documents.tree.project_file import OWN, SHARED, ProjectFile, read_project_file
from tokviz.documents.tree.walking import FoundFile, LeftOut, WalkOptions, walk
from tokviz.language import npgettext, pgettext
from tokviz.lists import listed
from tokviz.worker.jobs import Compute, Reporter, WorkerContext

_REPORT_EVERY = 0.1
"""Seconds between two reports of a walk."""
_FIRST_PREVIEW = 0.3
"""Seconds after which a walk that is not over shows what it has found; then again whenever it has taken
three times as long."""


@dataclass(frozen=True, slots=True)
class Walking:
    """How far a walk has come."""

    files: int
    preview: TokenTree | None = None
    """Now and then, the tree so far. Its nodes and files keep their numbers as the tree grows."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundTree:
    """A codebase as a walk has found it; what an earlier scan had counted is in ``tree`` already."""

    tree: TokenTree
    roots: tuple[Path, ...]
    """Where each root of ``tree.shape`` lies."""
    modified: NDArray[np.int64]
    """When each file was changed, in nanoseconds since 1970: ``int64[m]``."""
    left_out: tuple[tuple[int, LeftOut], ...]
    """What the walk left out, each with the number of its root."""
    kept: NDArray[np.int64]
    """Files that did not change since the earlier scan, as (number before, number now): ``int64[k, 2]``."""
    problems: tuple[str, ...]
    """Sentences about what could not be opened."""
    reading: ReadOptions = FOUND_OUT
    """How its files become text."""
    project: ProjectFile | None = None
    """What was applied of the only root's own choices."""
    matched: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    """Which files each pattern matches that the project keeps or gives a budget: ``bool[m]``."""
    begun: int = 0
    """When the walk began, in nanoseconds since 1970."""


@dataclass(frozen=True, slots=True, eq=False)
class FindFiles:
    """Walk folders and look up named files."""

    paths: tuple[Path, ...]
    options: WalkOptions
    columns: tuple[str, ...]
    """Of the tree to make; see ``TokenTree.begin``."""
    before: FoundTree | None = None
    """An earlier scan with the same columns: what did not change is not counted again, and what was taken
    out stays out."""
    changed: frozenset[str] = frozenset()
    """Absolute paths of the folders that have changed since ``before``, which has the same options: no other
    is looked through, unless there are other rules. Empty: all are."""
    long: ClassVar[bool] = True

    def perform(self, context: WorkerContext, reporter: Reporter) -> FoundTree:
        """Reports ``Walking``. ReadError if nothing of it can be opened."""
        context.renew_count_cache()
        begun = time.time_ns()
        options, project = self.options, None
        if options.project_file and len(self.paths) == 1 and is_folder(self.paths[0]):
            project = read_project_file(self.paths[0])
            options = project.applied(options) if project else options
        found = _Found(self.columns, read_token_density(context.assets), reporter)
        again = None
        if self.changed and self.before is not None and project == self.before.project:
            again = listings_again(self.before, self.paths, options, self.changed)
        found.listings = again or []
        for path in self.paths if again is None else ():
            reporter.check()
            found.add(path, options)
        found.finish()
        tree = found.tree()
        roots = tuple(listing.root for listing in found.listings)
        modified = np.array([file.modified for listing in found.listings for file in listing.files], np.int64)
        kept = np.zeros((0, 2), np.int64)
        # Whole files are counted first: what is shortened is the window's choice, which the project begins.
        reading = replace(options.reading, shortened=frozenset())
        if self.before is not None:
            before = self.before if self.before.reading == reading else uncounted(self.before)
            tree, kept = _carry_over(before, tree, roots, modified)
        left_out = [(root, gone) for root, listing in enumerate(found.listings) for gone in listing.left_out]
        problems, matched = tuple(found.problems), dict[str, NDArray[np.bool_]]()
        if project:
            if self.before is None or self.before.project != project:  # else they are told already
                problems += project.problems
            matched = matches(tree.shape, (*project.keep, *project.budgets))
        return FoundTree(
            tree, roots, modified, tuple(left_out), kept, problems, reading, project, matched, begun
        )

    def __str__(self) -> str:
        names = [path.name or str(path) for path in self.paths]
        first, more = listed(names[:3]), len(names) - 3
        if more <= 0:
            return pgettext("stopped while …", "looking through {folders}", folders=first)
        return npgettext(
            "stopped while …",
            "looking through {folders} and {n} more",
            "looking through {folders} and {n} more",
            more,
            folders=first,
        )


def listings_again(
    before: FoundTree, paths: Sequence[Path], options: WalkOptions, changed: Collection[str]
) -> list[Listing] | None:
    """What lies under each root now, of which only the ``changed`` folders are looked through; None if there
    are other rules than before. ReadError if a root cannot be opened."""
    if any(_has_newer_rules(Path(folder), before.begun) for folder in changed):
        return None
    listings, shape = [], before.tree.shape
    sizes, modified = before.tree.sizes.tolist(), before.modified.tolist()
    for number, (root, node) in enumerate(zip(before.roots, shape.root_nodes, strict=True)):
        listing = Listing(root)
        for file in range(int(shape.first_files[node]), int(shape.end_files[node])):
            path = shape.path(int(shape.file_nodes[file]))
            listing.files.append(FoundFile(path, sizes[file], modified[file]))
        listing.left_out = [gone for of, gone in before.left_out if of == number]
        if root in paths:
            inside = {
                os.path.relpath(folder, root) for folder in changed if Path(folder).is_relative_to(root)
            }
            relisted(listing, options, {"" if path == "." else path.replace(os.sep, "/") for path in inside})
        else:
            listing.files = _named_again(listing)
        listings.append(listing)
    return listings


def _has_newer_rules(folder: Path, since: int) -> bool:
    names = (*map(os.fsdecode, IGNORE_FILES), OWN, SHARED)
    for name in names:
        try:
            if (folder / name).stat().st_mtime_ns > since:
                return True
        except OSError:
            continue
    return False


def _named_again(listing: Listing) -> list[FoundFile]:
    found = []
    for file in listing.files:
        with contextlib.suppress(ReadError):  # it is gone
            found += named_file(listing.root / file.path).files
    return found


def uncounted(found: FoundTree, columns: tuple[str, ...] | None = None) -> FoundTree:
    """The same files, none of them counted, with other columns if any are given."""
    tree, columns = found.tree, columns or found.tree.columns
    states = np.full_like(tree.states, FileState.WAITING)
    nothing = tuple(np.zeros(len(tree.sizes), np.int64) for _ in columns)
    return replace(found, tree=replace(tree, columns=columns, states=states, counted=nothing))


@dataclass(slots=True)
class _Found:
    """What is found so far under several roots."""

    columns: tuple[str, ...]
    density: TokenDensity
    reporter: Reporter
    listings: list[Listing] = field(default_factory=list)
    failures: list[ReadError] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)
    reported: float = 0.0
    next_preview: float = field(default_factory=lambda: _FIRST_PREVIEW)

    def add(self, path: Path, options: WalkOptions) -> None:
        """Walk a folder or look up a file. What cannot be opened is noted; the others go on."""
        try:
            if is_folder(path):
                listing = Listing(path)
                self.listings.append(listing)
                for number, _ in listing.filled_from(walk(path, options)):
                    self._report(number)
            else:
                self._add_file(named_file(path))
        except ReadError as error:
            self.failures.append(error)
            if self.listings and self.listings[-1].root == path:
                self.listings.pop()

    def finish(self) -> None:
        """Leave each file in one place only. ReadError if nothing could be opened."""
        if not self.listings:
            raise self.failures[0]
        without_repeats(self.listings)

    @property
    def problems(self) -> list[str]:
        sentences = [problem for listing in self.listings for problem in listing.problems]
        return [str(failure) for failure in self.failures] + sentences

    def tree(self) -> TokenTree:
        names = _root_names([listing.root for listing in self.listings])
        paths = [[file.path for file in listing.files] for listing in self.listings]
        shape = TreeShape(list(zip(names, paths, strict=True)))
        # Made and kept here, so that the window need not make them.
        _ = shape.is_file, shape.child_count(TOP)
        sizes = [file.size for listing in self.listings for file in listing.files]
        return TokenTree.begin(shape, sizes, self.columns, self.density)

    def _add_file(self, named: Listing) -> None:
        for listing in self.listings:
            if listing.root == named.root:
                listing.files += [file for file in named.files if file not in listing.files]
                return
        self.listings.append(named)

    def _report(self, number: int) -> None:
        now = time.monotonic()
        if now - self.reported < _REPORT_EVERY:
            return
        self.reported = now
        preview = None
        if now - self.begun >= self.next_preview and len(self.listings) == 1:
            preview = self.tree()
            self.next_preview = 3 * (time.monotonic() - self.begun)
        before = sum(len(listing.files) for listing in self.listings[:-1])
        self.reporter.progress(Walking(before + number + 1, preview))


def _root_names(roots: Sequence[Path]) -> list[str]:
    """Each root's last name, or its whole path where two have the same."""
    names = [root.name or str(root) for root in roots]
    return [name if names.count(name) == 1 else str(root) for name, root in zip(names, roots, strict=True)]


def _carry_over(
    before: FoundTree, tree: TokenTree, roots: Sequence[Path], modified: NDArray[np.int64]
) -> tuple[TokenTree, NDArray[np.int64]]:
    """``tree`` with what ``before`` counted of files that are the same, and with what was excluded there;
    and those files as ``FoundTree.kept``."""
    old, shape = before.tree, tree.shape
    old_paths = old.shape.paths([str(root) for root in before.roots])
    old_nodes = {path: node for node, path in enumerate(old_paths) if path}
    first, end = old.shape.first_files, old.shape.end_files
    out_before = ((old.shape.sums(old.included) == 0) & (end > first)).tolist()
    out = [False] * len(shape)
    paired = np.full(len(shape), -1, np.int64)
    parents = shape.parents.tolist()
    for node, path in enumerate(shape.paths([str(root) for root in roots])):
        found = old_nodes.get(path)
        # What is new goes with the folder that it lies in.
        out[node] = out[parents[node]] if found is None else out_before[found]
        paired[node] = -1 if found is None else found
    of_file = paired[shape.file_nodes]
    now = np.flatnonzero(of_file >= 0)
    now = now[old.shape.is_file[of_file[now]]]
    then = first[of_file[now]].astype(np.int64)
    same = (old.sizes[then] == tree.sizes[now]) & (before.modified[then] == modified[now])
    kept = np.stack([then[same], now[same]], axis=1)
    taken = ~np.array(out, np.bool_)[shape.file_nodes]
    pairs = zip(then[same].tolist(), now[same].tolist(), strict=True)
    return tree.with_values_of(old, pairs).with_flags(taken), kept


def find_touched(paths: Sequence[str], since: int) -> Compute:
    """Which folders have changed since then (nanoseconds since 1970), or hold a file that has, of some files
    and folders (absolute ``paths``)."""
    return Compute(
        _touched, (tuple(paths), since), pgettext("stopped while …", "looking for what has changed")
    )


def _touched(paths: tuple[str, ...], since: int) -> list[str]:
    found: dict[str, None] = {}
    for path in paths:
        try:
            status = os.lstat(path)
        except OSError:  # it is gone, as its folder tells
            continue
        if status.st_mtime_ns > since:
            found[path if stat.S_ISDIR(status.st_mode) else os.path.dirname(path)] = None  # noqa: PTH120
    return list(found)
