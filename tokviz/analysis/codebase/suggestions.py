"""What to leave out so that a codebase fits: ranked suggestions, each with what it saves.

First what hardly anyone sends to a model (lock files, generated, minified and vendored code), then data,
tests and documentation (a README stays), then simply the largest files and folders. A suggestion is written
as lines of an ignore file; what it excludes is exactly what those lines would leave out on the next scan.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.tree.ignore_rules import Decider, Placed, option_rules


class Kind(StrEnum):
    """Why something may be left out, most dispensable first."""

    LOCK_FILES = "lock files"
    GENERATED = "generated files"
    MINIFIED = "minified files"
    VENDORED = "vendored code"
    DATA = "data"
    TESTS = "tests"
    DOCUMENTATION = "documentation"
    LARGEST = "the largest"


_PATTERNS = {
    Kind.LOCK_FILES: "*.lock *-lock.json *-lock.yaml go.sum npm-shrinkwrap.json packages.lock.json *.lockb",
    Kind.GENERATED: """
        *.pb.go *.pb.cc *.pb.h *_pb2.py *_pb2.pyi *_pb2_grpc.py *.generated.* *_generated.* *.gen.go *.g.dart
        *.freezed.dart *.designer.cs *.Designer.cs *.g.cs zz_generated.* generated/ __generated__/ *.snap
        *.map dist/ coverage/ *.tsbuildinfo""",
    Kind.MINIFIED: "*.min.js *.min.css *.min.mjs *.bundle.js *.chunk.js *-min.js",
    Kind.VENDORED: """
        vendor/ vendored/ _vendor/ third_party/ third-party/ thirdparty/ 3rdparty/ node_modules/
        bower_components/ jspm_packages/ Pods/ Carthage/ Godeps/ external/ site-packages/""",
    Kind.DATA: """
        *.csv *.tsv *.jsonl *.ndjson *.geojson *.svg *.sql *.dump *.log *.ipynb *.po *.pot *.xliff *.xlf
        *.resx *.plist *.pem *.bib data/ datasets/ fixtures/ testdata/ test-data/ locale/ locales/""",
    Kind.TESTS: """
        test/ tests/ __tests__/ spec/ specs/ testing/ e2e/ selftests/ kunit/ test_*.py *_test.py conftest.py
        *_test.go *.test.js *.test.jsx *.test.ts *.test.tsx *.spec.js *.spec.jsx *.spec.ts *.spec.tsx
        *Test.java *Tests.java *Test.kt *Tests.cs *_test.rb *_spec.rb *_test.cc *_test.cpp *_unittest.cc""",
    Kind.DOCUMENTATION: "docs/ doc/ Documentation/ changelog* CHANGELOG*",
}
"""As in an ignore file; a file belongs to the first kind that matches it or a folder it lies in."""
_ONE_LINE = 500
"""Bytes a line, on average, from which scripts and styles are taken for minified: no one writes them so."""
_SCRIPTS = ("JavaScript", "CSS")
_LARGEST = 5
"""How many files and how many folders are offered for their size alone."""
_FOLDER_SHARE = 1 / 3
"""A folder with more than this part of everything is looked into and not offered as a whole."""


@dataclass(frozen=True, slots=True, eq=False)
class Suggestion:
    """Something that may be left out."""

    kind: Kind
    title: str
    """``lock files``, or the path of one file or folder."""
    files: NDArray[np.int64]
    """The files that take part now and would not then."""
    saves: int
    """Tokens."""
    lines: tuple[str, ...]
    """As in an ignore file at the root that ``root`` names."""
    root: int | None = None
    """Where the lines belong: a position in ``TreeShape.root_nodes``; None for all roots."""


@dataclass(frozen=True, slots=True, eq=False)
class FileKinds:
    """What each file of a tree is by its name. It depends on no count, so it is worked out once a scan."""

    kinds: NDArray[np.int8]
    """The place of each file's kind in ``Kind``; -1 for none: ``int8[m]``."""
    patterns: NDArray[np.int16]
    """Which of ``lines`` says so: ``int16[m]``."""
    lines: tuple[str, ...]


def file_kinds(shape: TreeShape) -> FileKinds:
    """Sort the files by the patterns above: some 0.2 s for 80,000 of them."""
    ordered = [(kind, pattern) for kind, patterns in _PATTERNS.items() for pattern in patterns.split()]
    lines = tuple(pattern for _, pattern in ordered)
    # The last rule that matches decides, so the most dispensable kind stands last.
    decider = Decider([Placed(option_rules(reversed(lines), ""))])
    position = {line: number for number, line in enumerate(lines)}
    order = list(Kind)
    kind_of = [order.index(kind) for kind, _ in ordered]
    chosen = [-1] * len(shape)
    is_file, parents = shape.is_file.tolist(), shape.parents.tolist()
    names = [name.encode("utf-8", "surrogateescape") for name in shape.names]
    roots = {0, *shape.root_nodes}
    for node in range(1, len(shape)):
        if node in roots:
            continue
        above = chosen[parents[node]]
        # No pattern holds a slash inside, so the name is all of the path that matters.
        rule = decider.match(names[node], names[node], folder=not is_file[node])
        own = position[rule.pattern] if rule else -1
        chosen[node] = own if above < 0 or 0 <= own < above else above
    patterns = np.array(chosen, np.int16)[shape.file_nodes]
    kinds = np.array([*kind_of, -1], np.int8)[patterns]
    return FileKinds(kinds, patterns, lines)


def suggest(tree: TokenTree, weights: NDArray[np.int64], kinds: FileKinds) -> list[Suggestion]:
    """What may be left out of what takes part now, most dispensable first. ``weights`` are each file's tokens
    (``int64[m]``). Those of kind ``LARGEST`` may hold files of others, so ask again when one is applied."""
    of = np.where(_looks_minified(tree) & (kinds.kinds < 0), list(Kind).index(Kind.MINIFIED), kinds.kinds)
    found: list[Suggestion] = []
    for number, kind in enumerate(Kind):
        files = np.flatnonzero((of == number) & tree.takes_part)
        if saves := int(weights[files].sum()):
            used = np.unique(kinds.patterns[files])
            named = [kinds.lines[pattern] for pattern in used.tolist() if pattern >= 0]
            loose = files[kinds.patterns[files] < 0].tolist()
            lines = named + [ignore_line(tree.shape, int(tree.shape.file_nodes[file])) for file in loose]
            found.append(Suggestion(kind, kind.value, files, saves, tuple(lines)))
    return found + largest(tree, weights, tree.takes_part)


def largest(tree: TokenTree, weights: NDArray[np.int64], among: NDArray[np.bool_]) -> list[Suggestion]:
    """The largest folders and files of those ``among`` (``bool[m]``), largest first."""
    shape = tree.shape
    running = np.concatenate([[0], np.cumsum(np.where(among, weights, 0))])
    totals = running[shape.end_files] - running[shape.first_files]
    total = int(totals[0])
    if not total:
        return []
    whole = totals > total * _FOLDER_SHARE
    whole[[0, *shape.root_nodes]] = True
    folders = np.flatnonzero(~shape.is_file & ~whole & whole[shape.parents] & (totals > 0))
    files = shape.file_nodes[totals[shape.file_nodes] > 0]
    chosen = [nodes[np.argsort(-totals[nodes], kind="stable")[:_LARGEST]] for nodes in (folders, files)]
    nodes = sorted(np.concatenate(chosen).tolist(), key=lambda node: -totals[node])
    return [_node_suggestion(tree, node, int(totals[node]), among) for node in nodes]


def plan(tree: TokenTree, weights: NDArray[np.int64], kinds: FileKinds, budget: int) -> list[Suggestion]:
    """The suggestions after which at most ``budget`` tokens are left, or as near as that comes.

    The most dispensable come first; then the smallest of the large parts that does it alone, or the largest.
    """
    over = int(weights[tree.takes_part].sum()) - budget
    taken: list[Suggestion] = []
    for suggestion in suggest(tree, weights, kinds):
        if over > 0 and suggestion.kind is not Kind.LARGEST:
            taken.append(suggestion)
            over -= suggestion.saves
    if over > 0:
        return taken + _large_parts(tree, weights, taken, over)
    for suggestion in taken[::-1]:
        if suggestion.saves <= -over:  # it fits without this one too
            taken.remove(suggestion)
            over += suggestion.saves
    return taken


def _large_parts(
    tree: TokenTree, weights: NDArray[np.int64], before: Sequence[Suggestion], over: int
) -> list[Suggestion]:
    left = tree.takes_part.copy()
    for suggestion in before:
        left[suggestion.files] = False
    taken: list[Suggestion] = []
    while over > 0 and (parts := largest(tree, weights, left)):
        enough = [part for part in parts if part.saves >= over]
        part = min(enough, key=lambda part: part.saves) if enough else parts[0]
        over -= part.saves
        left[part.files] = False
        # A folder swallows what was taken of it before.
        for inner in [one for one in taken if one.root == part.root and one.title.startswith(part.title)]:
            files = np.union1d(part.files, inner.files)
            part = replace(part, files=files, saves=part.saves + inner.saves)
            taken.remove(inner)
        taken.append(part)
    return taken


def ignore_text(suggestions: Iterable[Suggestion], root: int = 0) -> str:
    """Lines for ``.tokvizignore`` at one root; empty if the suggestions say nothing about it."""
    parts: list[str] = []
    for suggestion in suggestions:
        if suggestion.root in (None, root):
            saves = f"{suggestion.saves:,} tokens"
            title = f"{suggestion.title}, {saves}" if suggestion.kind is not Kind.LARGEST else saves
            parts += [f"# {title}", *suggestion.lines]
    return "".join(f"{line}\n" for line in parts)


def _looks_minified(tree: TokenTree) -> NDArray[np.bool_]:
    scripts = [number for number, name in enumerate(tree.language_names) if name in _SCRIPTS]
    size, lines = tree.counted[tree.column("bytes")], tree.counted[tree.column("lines")]
    dense: NDArray[np.bool_] = np.isin(tree.language_of, scripts) & (size > _ONE_LINE * np.maximum(lines, 1))
    return dense


def _node_suggestion(tree: TokenTree, node: int, saves: int, among: NDArray[np.bool_]) -> Suggestion:
    shape = tree.shape
    first, end = int(shape.first_files[node]), int(shape.end_files[node])
    files = first + np.flatnonzero(among[first:end])
    title = shape.path(node) + ("" if shape.is_file[node] else "/")
    return Suggestion(Kind.LARGEST, title, files, saves, (ignore_line(shape, node),), shape.root(node))


def ignore_line(shape: TreeShape, node: int) -> str:
    """The line of an ignore file at the node's root that means this node and no other."""
    path = "".join(f"\\{char}" if char in "\\*?[" else char for char in shape.path(node))
    if path.endswith(" "):
        path = path[:-1] + "\\ "
    return f"/{path}" if shape.is_file[node] else f"/{path}/"
