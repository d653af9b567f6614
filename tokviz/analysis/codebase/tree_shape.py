"""The folders and files of a codebase as arrays: who lies in whom, and which files a folder holds.

A node is a number. Node 0 is the top, which no one sees; its children are the roots. Nodes stand in
preorder, so a folder's subtree is a range of nodes and its files are a range of files: the metrics of a
hundred thousand nodes are one subtraction of two running sums.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tokviz.documents.tree.globs import NeverMatchesError, parse_glob
from tokviz.language import _

TOP = 0


class TreeShape:
    """Immutable. ``n`` nodes, ``m`` files; files are numbered in the order given."""

    def __init__(self, roots: Sequence[tuple[str, Iterable[str]]]) -> None:
        """``roots``: each root's name and its files' paths (with ``/``), in a walk's order: the files of a
        folder together, and a folder's subtree together. ValueError if a folder comes a second time."""
        builder = _Builder()
        for name, paths in roots:
            builder.add_root(name, paths)
        builder.close(0)
        self.names: list[str] = builder.names
        """By node; a root's is the one given, the top's is empty."""
        self.parents: NDArray[np.int32] = np.array(builder.parents, np.int32)
        """``int32[n]``; the top is its own parent."""
        self.ends: NDArray[np.int32] = np.array(builder.ends, np.int32)
        """``int32[n]``: the first node after each one's subtree."""
        self.first_files: NDArray[np.int32] = np.array(builder.first_files, np.int32)
        """``int32[n]``: the number of the first file in each node; a file's own number."""
        self.end_files: NDArray[np.int32] = np.array(builder.end_files, np.int32)
        """``int32[n]``: the number after the last file in each node."""
        self.file_nodes: NDArray[np.int32] = np.array(builder.file_nodes, np.int32)
        """``int32[m]``: each file's node."""
        self.root_nodes: tuple[int, ...] = tuple(builder.root_nodes)

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def is_file(self) -> NDArray[np.bool_]:
        """``bool[n]``."""
        files = np.zeros(len(self), np.bool_)
        files[self.file_nodes] = True
        return files

    @cached_property
    def depths(self) -> NDArray[np.int16]:
        """``int16[n]``: 0 for the top, 1 for the roots."""
        depths = np.zeros(len(self), np.int16)
        for node in np.flatnonzero(~self.is_file)[1:].tolist():  # a parent stands before its children
            depths[node] = depths[self.parents[node]] + 1
        depths[self.file_nodes] = depths[self.parents[self.file_nodes]] + 1
        return depths

    def children(self, node: int) -> NDArray[np.int64]:
        """The nodes directly in ``node``, in the order given."""
        start, end = self._child_starts[node], self._child_starts[node + 1]
        return self._by_parent[start:end]

    def child_count(self, node: int) -> int:
        """How many nodes lie directly in ``node``."""
        return int(self._child_starts[node + 1] - self._child_starts[node])

    def path(self, node: int) -> str:
        """The way from its root to ``node``; empty for a root."""
        parts: list[str] = []
        while self.parents[node] != TOP:
            parts.append(self.names[node])
            node = int(self.parents[node])
        return "/".join(reversed(parts))

    def paths(self, roots: Sequence[str] = ()) -> list[str]:
        """``path`` of every node, with its root's name or place in ``roots`` in front, if those are given;
        the top's is empty."""
        paths = [""] * len(self)
        for node, root in zip(self.root_nodes, roots, strict=False):
            paths[node] = root
        tops = {TOP, *self.root_nodes}
        for node, (parent, name) in enumerate(zip(self.parents.tolist(), self.names, strict=True)):
            if node not in tops:
                above = paths[parent]
                paths[node] = f"{above}/{name}" if above else name
        return paths

    def root(self, node: int) -> int:
        """Which root ``node`` lies in: a position in ``root_nodes``."""
        return int(np.searchsorted(np.array(self.root_nodes), node, side="right")) - 1

    def sums(self, values: NDArray[np.integer] | NDArray[np.bool_]) -> NDArray[np.int64]:
        """By node, the sum over its files: ``[m]`` to ``int64[n]``."""
        running = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
        sums: NDArray[np.int64] = running[self.end_files] - running[self.first_files]
        return sums

    def outermost(self, flags: NDArray[np.bool_]) -> list[int]:
        """Of the nodes with ``flags`` (``bool[n]``), those that lie in no other. A root is never one of them:
        no line of an ignore file can name it."""
        named = flags.copy()
        named[[TOP, *self.root_nodes]] = False
        nodes: list[int] = np.flatnonzero(named & ~named[self.parents]).tolist()
        return nodes

    def find(self, path: str, root: int = 0) -> int | None:
        """The node at ``path`` in a root; None if there is none."""
        node = self.root_nodes[root]
        for name in path.split("/") if path else ():
            inside = (child for child in self.children(node).tolist() if self.names[child] == name)
            found = next(inside, None)
            if found is None:
                return None
            node = found
        return node

    def ancestors(self, node: int) -> list[int]:
        """The folders that ``node`` lies in, from its root down; without the top and itself."""
        found: list[int] = []
        while (node := int(self.parents[node])) != TOP:
            found.append(node)
        return found[::-1]

    def matching(self, pattern: str) -> NDArray[np.bool_]:
        """``bool[n]``: files and folders whose name holds ``pattern`` (in any case), with all that lies in
        them and all they lie in. With ``*``, ``?`` or ``[`` it is a glob as in an ignore file, and ValueError
        says if that can match nothing; with ``/`` it is about the path."""
        if not pattern:
            return np.ones(len(self), np.bool_)
        hits = self._glob_hits(pattern) if set(pattern) & set("*?[/") else self._name_hits(pattern)
        return self._with_surroundings(hits)

    def _name_hits(self, part: str) -> list[int]:
        wanted = part.casefold()
        return [node for node, name in enumerate(self.names) if wanted in name.casefold() and node != TOP]

    def _glob_hits(self, pattern: str) -> list[int]:
        try:
            glob = parse_glob(pattern.encode("utf-8", "surrogateescape"))
        except NeverMatchesError as error:
            raise ValueError(_("Nothing can match {pattern} ({why}).", pattern=pattern, why=error)) from error
        matches = re.compile(glob.regex.encode("latin-1"), re.DOTALL | re.IGNORECASE).fullmatch
        subjects = self._encoded_paths if glob.anchored else self._encoded_names
        hits = [node for node, subject in enumerate(subjects) if matches(subject)]
        tops = {TOP, *self.root_nodes}
        return [node for node in hits if node not in tops and not (glob.folders_only and self.is_file[node])]

    @cached_property
    def _encoded_names(self) -> list[bytes]:
        return [name.encode("utf-8", "surrogateescape") for name in self.names]

    @cached_property
    def _encoded_paths(self) -> list[bytes]:
        return [path.encode("utf-8", "surrogateescape") for path in self.paths()]

    def _with_surroundings(self, hits: Sequence[int]) -> NDArray[np.bool_]:
        chosen = np.array(hits, np.int64)
        steps = np.zeros(len(self) + 1, np.int32)
        np.add.at(steps, chosen, 1)
        np.add.at(steps, self.ends[chosen], -1)
        shown: NDArray[np.bool_] = np.cumsum(steps[:-1]) > 0
        # A folder is shown if its subtree's range holds a hit.
        running = np.concatenate([[0], np.cumsum(np.bincount(chosen, minlength=len(self)))])
        shown |= running[self.ends] > running[:-1]
        return shown

    @cached_property
    def _by_parent(self) -> NDArray[np.int64]:
        return np.argsort(self.parents[1:], kind="stable") + 1

    @cached_property
    def _child_starts(self) -> NDArray[np.int64]:
        counts = np.bincount(self.parents[1:], minlength=len(self))
        return np.concatenate([[0], np.cumsum(counts)])


class _Builder:
    def __init__(self) -> None:
        self.names = [""]
        self.parents = [TOP]
        self.ends = [0]
        self.first_files = [0]
        self.end_files = [0]
        self.file_nodes: list[int] = []
        self.root_nodes: list[int] = []
        self._open = [TOP]
        """The folders that are not closed yet, from the top down."""
        self._open_names = [""]
        self._folders: set[tuple[int, str]] = set()

    def add_root(self, name: str, paths: Iterable[str]) -> None:
        self.close(1)
        self._enter(name)
        self.root_nodes.append(self._open[-1])
        folder = ""
        for path in paths:
            above, slash, file_name = path.rpartition("/")
            if above != folder:
                folder = above
                self._go_to(folder.split("/") if slash else [])
            self._add(file_name)
            self.ends[-1] = len(self.names)
            self.end_files[-1] += 1
            self.file_nodes.append(len(self.names) - 1)

    def close(self, depth: int) -> None:
        """Close all folders below ``depth``, the top's being 0."""
        while len(self._open) > depth:
            node = self._open.pop()
            self._open_names.pop()
            self.ends[node] = len(self.names)
            self.end_files[node] = len(self.file_nodes)

    def _go_to(self, folders: list[str]) -> None:
        inside = self._open_names[2:]
        same = 0
        while same < min(len(inside), len(folders)) and inside[same] == folders[same]:
            same += 1
        self.close(2 + same)
        for name in folders[same:]:
            self._enter(name)

    def _enter(self, name: str) -> None:
        if (self._open[-1], name) in self._folders and self._open[-1] != TOP:
            raise ValueError(f"The folder {name} comes twice; its files must stand together.")
        self._folders.add((self._open[-1], name))
        self._add(name)
        self._open.append(len(self.names) - 1)
        self._open_names.append(name)

    def _add(self, name: str) -> None:
        self.names.append(name)
        self.parents.append(self._open[-1])
        self.ends.append(0)
        self.first_files.append(len(self.file_nodes))
        self.end_files.append(len(self.file_nodes))
