"""What to leave out so that a codebase fits: suggestions, each with what it saves, in the order in which a
maintainer would give things up.

By-products go first (lock files to documentation), tests after them, the product's own source last. A
suggestion can be written as lines of an ignore file; what it excludes is exactly what those lines would
leave out on the next scan.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.file_kinds import ORDER, FileKinds, Kind, is_readme
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.shortening.one_line import ONE_LINE
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.language import _
from tokviz.lists import listed

_SCRIPTS = ("JavaScript", "CSS")
_DATA = ("JSON", "XML", "YAML", "Text")  # verbatim
_DATA_BYTES = 100_000
"""Bytes from which a file of these languages is taken for data: nobody writes so much by hand."""
_LARGEST = 5
"""How many files and how many folders of the own source are offered at once."""
_FOLDER_SHARE = 1 / 3
"""A folder with more than this part of everything is looked into and not offered as a whole."""
_README_SHARE = 1 / 10
"""What a README may take of what is to be left; a longer one goes with the documentation."""
TINY = 1 / 1000
"""Of all tokens; by-products that save less are offered together."""
IMAGES_TITLE = "images by formula"  # verbatim
"""Of what leaves out images as images, for programs and files."""
_KEPT = -1
"""In place of a kind: a file that is to stay whatever happens."""


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """Something that may be left out or made shorter."""

    kind: Kind
    title: str
    """``lock files``, or the path of one file or folder; for programs and files."""
    files: NDArray[np.int64]
    """The files that take part now and would not then, or not with all of their text."""
    saves: int
    """Tokens."""
    patterns: tuple[str, ...] = ()
    """As in an ignore file at every root."""
    nodes: tuple[int, ...] = ()
    """What is named one by one: a file, or a folder with all that is in it."""
    shortening: Shortening | None = None
    """What makes ``files`` shorter; None: they are left out."""
    kinds: tuple[Kind, ...] = ()
    """What the title names, where it is no path."""
    parts: tuple["Suggestion", ...] = ()
    """Those that are offered together as this one."""

    @property
    def of_images(self) -> bool:
        """Whether it leaves out images, which are counted by formula."""
        return self.title == IMAGES_TITLE

    @property
    def words(self) -> str:
        """The title for people."""
        if self.shortening:
            return self.shortening.words
        if self.of_images:
            return _("images by formula")
        return listed(kind.words for kind in self.kinds) or self.title

    def lines(self, shape: TreeShape, root: int = 0) -> list[str]:
        """As in an ignore file at one root (a position in ``TreeShape.root_nodes``)."""
        inside = [node for node in self.nodes if shape.root(node) == root]
        return [*self.patterns, *(ignore_line(shape, node) for node in inside)]


class Sorted:
    """The files of a tree that take part, by kind. ``weights`` are each file's tokens (``int64[m]``);
    ``kept`` (``bool[m]``) are files that no suggestion may touch. Where kinds go one ``after`` the other, so
    that at most ``budget`` tokens are left, a suggestion's lines may name what belongs to an earlier kind,
    which has gone already."""

    def __init__(
        self,
        tree: TokenTree,
        weights: NDArray[np.int64],
        kinds: FileKinds,
        kept: NDArray[np.bool_] | None = None,
        budget: int | None = None,
    ) -> None:
        self.tree = tree
        self._after = budget is not None
        self.shape = tree.shape
        self.weights = weights
        self._names = kinds
        of = kinds.kinds.copy()
        for kind, told in _by_content(tree):
            number = ORDER.index(kind)
            of = np.where(told & (of > number), np.int8(number), of)
        large = _written_in(tree, _DATA) & (tree.sizes > _DATA_BYTES)
        of[large & (of == ORDER.index(Kind.SOURCE))] = ORDER.index(Kind.DATA)
        if budget is not None:
            long = self._readme & (weights > budget * _README_SHARE) & (of == ORDER.index(Kind.SOURCE))
            of[long] = ORDER.index(Kind.DOCUMENTATION)
        if kept is not None:
            of[kept] = _KEPT
        self.of: NDArray[np.int8] = of
        self.total = int(weights[tree.takes_part].sum())

    @cached_property
    def _impure(self) -> NDArray[np.int64]:
        return self._names.impure(self.shape, self.of, self._after)

    @cached_property
    def _readme(self) -> NDArray[np.bool_]:
        """Which files are a README in a root: ``bool[m]``."""
        nodes = self.shape.file_nodes
        top = np.isin(self.shape.parents[nodes], self.shape.root_nodes)
        flags = np.zeros(len(nodes), np.bool_)
        flags[top] = [is_readme(self.shape.names[node]) for node in nodes[top].tolist()]
        return flags

    def by_products(self) -> list[Suggestion]:
        """Every kind but the own source, most dispensable first."""
        found = []
        for number, kind in enumerate(ORDER[:-1]):
            files = np.flatnonzero((self.of == number) & self.tree.takes_part)
            if self.weights[files].any():
                found.append(self._of_kind(kind, files))
        return found

    def gathered(self, taken: Sequence[Suggestion]) -> list[Suggestion]:
        """The same, where a folder that goes as a whole has the files in it that an earlier kind would name
        one by one: ``dist/`` stands for what a program wrote there too, and so does ``/examples/celery/``."""
        found: list[Suggestion] = []
        for suggestion in reversed(taken):
            for number, later in enumerate(found if suggestion.nodes else ()):
                if later.kind is Kind.SOURCE:
                    continue  # whoever gives it up is not to give up a by-product without being told
                lines = [self._names.lines.index(line) for line in later.patterns]
                inside = np.isin(self._names.patterns, lines)
                for node in later.nodes:
                    inside[self.shape.first_files[node] : self.shape.end_files[node]] = True
                inside &= ~np.isin(self._names.patterns, [*map(self._names.lines.index, suggestion.patterns)])
                moved = suggestion.files[inside[suggestion.files]]
                if len(moved):
                    files, saves = np.union1d(later.files, moved), int(self.weights[moved].sum())
                    found[number] = replace(later, files=files, saves=later.saves + saves)
                    suggestion = self._of_kind(suggestion.kind, np.setdiff1d(suggestion.files, moved))
            if len(suggestion.files):
                found.insert(0, suggestion)
        return found

    def with_files(self, taken: Sequence[Suggestion], files: NDArray[np.int64]) -> list[Suggestion]:
        """The same, with those of some other ``files`` that their lines leave out as well."""
        found = []
        for one in taken:
            also = np.union1d(one.files, files[self._left_out_by(one)[files]])
            found.append(replace(one, files=also, saves=int(self.weights[also].sum())))
            files = np.setdiff1d(files, also)
        return found

    def _left_out_by(self, one: Suggestion) -> NDArray[np.bool_]:
        """The files that a suggestion's lines leave out: ``bool[m]``."""
        nodes, patterns = self._names.matches.T
        lines = [self._names.lines.index(line) for line in one.patterns]
        named = np.concatenate([nodes[np.isin(patterns, lines)], np.array(one.nodes, np.int32)])
        steps = np.zeros(len(self.weights) + 1, np.int64)
        np.add.at(steps, self.shape.first_files[named], 1)
        np.add.at(steps, self.shape.end_files[named], -1)
        found: NDArray[np.bool_] = np.cumsum(steps[:-1]) > 0
        return found

    def parts(self, whole: Suggestion) -> list[Suggestion]:
        """The folders and files that a suggestion consists of, the largest first."""
        nodes = self._outermost(whole.files, ORDER.index(whole.kind))
        among = np.zeros(len(self.shape.file_nodes), np.bool_)
        among[whole.files] = True
        found = [self._of_node(whole.kind, node, among) for node in nodes]
        return sorted((one for one in found if one.saves), key=lambda one: -one.saves)

    def pieces(self, part: Suggestion) -> list[Suggestion]:
        """What lies directly in a part that is one folder, or in the first folder in it that is not the only
        one; the largest first. Empty if it is a file."""
        among = np.zeros(len(self.shape.file_nodes), np.bool_)
        among[part.files] = True
        some = self.shape.sums(among) > 0
        nodes = list(part.nodes)
        while len(nodes) == 1 and not self.shape.is_file[nodes[0]]:
            inside = self.shape.children(nodes[0])
            nodes = inside[some[inside]].tolist()
        found = [self._of_node(part.kind, node, among) for node in nodes]
        return sorted((one for one in found if one.saves), key=lambda one: -one.saves) if found[1:] else []

    def largest_source(self, left: NDArray[np.bool_], most: int = _LARGEST) -> list[Suggestion]:
        """The largest folders and files of the own source that are ``left`` (``bool[m]``), largest first: at
        most so many of either."""
        shape, among = self.shape, left & (self.of == ORDER.index(Kind.SOURCE))
        if self.weights[among & ~self._readme].any():
            among &= ~self._readme  # it says what all the rest is about
        totals = self.shape.sums(np.where(among, self.weights, 0))
        total = int(totals[0])
        if not total:
            return []
        # What holds a file that is to stay, or a by-product that was not left out, is looked into.
        whole = (totals > total * _FOLDER_SHARE) | (self.shape.sums(left & ~among) > 0)
        whole |= self.shape.sums(self.of == _KEPT) > 0
        whole[[0, *shape.root_nodes]] = True
        outer = np.ones(len(shape), np.bool_)
        outer[1:] = _all_above(shape, whole)[1:]
        folders = np.flatnonzero(~shape.is_file & ~whole & outer & (totals > 0))
        files = shape.file_nodes[(totals[shape.file_nodes] > 0) & outer[shape.file_nodes]]
        chosen = [nodes[np.argsort(-totals[nodes], kind="stable")[:most]] for nodes in (folders, files)]
        nodes = sorted(np.concatenate(chosen).tolist(), key=lambda node: -totals[node])
        return [self._of_node(Kind.SOURCE, node, among) for node in nodes]

    def _of_kind(self, kind: Kind, files: NDArray[np.int64]) -> Suggestion:
        used = self._names.patterns[files]
        pure = (used >= 0) & ~np.isin(used, self._impure) & (self._names.kinds[files] == ORDER.index(kind))
        patterns = [self._names.lines[number] for number in np.unique(used[pure]).tolist()]
        nodes = self._outermost(files[~pure], ORDER.index(kind))
        return Suggestion(
            kind,
            kind.value,
            files,
            int(self.weights[files].sum()),
            tuple(patterns),
            tuple(nodes),
            kinds=(kind,),
        )

    def _of_node(self, kind: Kind, node: int, among: NDArray[np.bool_]) -> Suggestion:
        shape = self.shape
        first, end = int(shape.first_files[node]), int(shape.end_files[node])
        files = first + np.flatnonzero(among[first:end])
        title = shape.path(node) + ("" if shape.is_file[node] else "/")
        return Suggestion(kind, title, files, int(self.weights[files].sum()), nodes=(node,))

    def _outermost(self, files: NDArray[np.int64], kind: int) -> list[int]:
        """The outermost folders that hold nothing but these files of a kind (others that take part in nothing
        aside), and the files that lie in none of them."""
        shape = self.shape
        wanted = np.zeros(len(shape.file_nodes), np.bool_)
        wanted[files] = True
        other = ~wanted & self.tree.takes_part
        if self._after:
            other &= self.of >= kind
        others = shape.sums(other) + shape.sums(self.of == _KEPT)
        return shape.outermost((shape.sums(wanted) > 0) & (others == 0))


def suggest(
    tree: TokenTree, weights: NDArray[np.int64], kinds: FileKinds, kept: NDArray[np.bool_] | None = None
) -> list[Suggestion]:
    """What may be left out of what takes part now, most dispensable first; no two share a file."""
    known = Sorted(tree, weights, kinds, kept)
    return folded(known.by_products(), known.total) + known.largest_source(tree.takes_part)


def folded(suggestions: Sequence[Suggestion], total: int) -> list[Suggestion]:
    """The same, with the kinds of by-products that save next to nothing of ``total`` left out as one, behind
    the others."""
    source = [one for one in suggestions if one.kind is Kind.SOURCE]
    saves: Counter[Kind] = Counter()
    for one in suggestions:
        if not one.shortening:
            saves[one.kind] += one.saves
    by_products = (one for one in suggestions if one not in source and not one.shortening)
    tiny = [one for one in by_products if saves[one.kind] < total * TINY]
    if len(tiny) < 2:
        return list(suggestions)
    kinds = tuple(dict.fromkeys(one.kind for one in tiny))
    others = [one for one in suggestions if one not in tiny and one not in source]
    together = replace(joined(tiny[-1].kind, ", ".join(kinds), tiny), kinds=kinds, parts=tuple(tiny))
    return [*others, together, *source]


def joined(
    kind: Kind, title: str, parts: Sequence[Suggestion], nodes: tuple[int, ...] | None = None
) -> Suggestion:
    return Suggestion(
        kind,
        title,
        np.unique(np.concatenate([part.files for part in parts])),
        sum(part.saves for part in parts),
        tuple(pattern for part in parts for pattern in part.patterns),
        tuple(node for part in parts for node in part.nodes) if nodes is None else nodes,
    )


def _all_above(shape: TreeShape, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """By node, whether ``flags`` (``bool[n]``) hold for every folder above it."""
    steps = np.zeros(len(shape) + 1, np.int64)
    nodes = np.flatnonzero(~flags & ~shape.is_file)
    np.add.at(steps, nodes + 1, 1)
    np.add.at(steps, shape.ends[nodes], -1)
    all_above: NDArray[np.bool_] = np.cumsum(steps[:-1]) == 0
    return all_above


def _by_content(tree: TokenTree) -> list[tuple[Kind, NDArray[np.bool_]]]:
    size, lines = tree.counted[tree.column("bytes")], tree.counted[tree.column("lines")]
    dense = _written_in(tree, _SCRIPTS) & (size > ONE_LINE * np.maximum(lines, 1))
    return [(Kind.GENERATED, tree.generated), (Kind.MINIFIED, dense)]


def _written_in(tree: TokenTree, languages: Iterable[str]) -> NDArray[np.bool_]:
    numbers = [number for number, name in enumerate(tree.language_names) if name in languages]
    return np.isin(tree.language_of, numbers)


def ignore_text(shape: TreeShape, suggestions: Iterable[Suggestion], root: int = 0) -> str:
    """Lines for ``.tokvizignore`` at one root; empty if the suggestions say nothing about it."""
    parts: list[str] = []
    for suggestion in suggestions:
        if lines := suggestion.lines(shape, root):
            named = suggestion.patterns or suggestion.of_images
            of = suggestion.title if named or not suggestion.nodes else suggestion.kind.value
            parts += [f"# {of}, {suggestion.saves:,} tokens", *lines]  # verbatim
    return "".join(f"{line}\n" for line in parts)


def ignore_line(shape: TreeShape, node: int) -> str:
    """The line of an ignore file at the node's root that means this node and no other."""
    path = "".join(f"\\{char}" if char in "\\*?[" else char for char in shape.path(node))
    if path.endswith(" "):
        path = path[:-1] + "\\ "
    return f"/{path}" if shape.is_file[node] else f"/{path}/"
