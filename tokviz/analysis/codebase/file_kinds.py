"""What each file of a codebase is to whoever maintains it: by name and by ``.gitattributes``.

The kinds stand in the order in which a maintainer would give them up to make the rest fit.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.shortening.one_line import LOCK_FILES, MINIFIED
from tokviz.documents.tree.git_attributes import Attribute, GitAttributes
from tokviz.documents.tree.ignore_rules import Decider, Placed, option_rules
from tokviz.language import N_, TranslatedEnum


class Kind(TranslatedEnum):
    """What a file is, most dispensable first."""

    LOCK_FILES = N_("lock files")
    GENERATED = N_("generated files")
    MINIFIED = N_("minified files")
    VENDORED = N_("vendored code")
    BUILT = N_("build output")
    DATA = N_("data")
    FIXTURES = N_("test fixtures")
    SNAPSHOTS = N_("snapshots")
    TRANSLATIONS = N_("translations")
    MEDIA = N_("images and media as text")
    CHANGELOGS = N_("changelogs")
    EXAMPLES = N_("examples")
    WEBSITE = N_("website")
    DOCUMENTATION = N_("documentation")
    TESTS = N_("tests")
    SOURCE = N_("own source")


def _spellings(names: str, endings: str) -> str:
    """Every name in three cases with every ending, and alone in capitals: ``changes.py`` is source,
    ``CHANGES.md`` is not, and a folder ``news`` may be anything."""
    cases = [case for name in names.split() for case in (name, name.title(), name.upper())]
    alone = [name.upper() for name in names.split()]
    return " ".join([*alone, *(name + end for name, end in product(cases, endings.split()))])


_PATTERNS = {
    Kind.LOCK_FILES: LOCK_FILES,
    Kind.GENERATED: """
        *.pb.go *.pb.cc *.pb.h *_pb2.py *_pb2.pyi *_pb2_grpc.py *_pb.js *_pb.ts *_pb.d.ts *.generated.*
        *_generated.* *.gen.go *.gen.ts *.g.dart *.freezed.dart *.designer.cs *.Designer.cs *.g.cs *.g.i.cs
        zz_generated.* generated/ __generated__/ *.egg-info/ PKG-INFO""",
    Kind.MINIFIED: MINIFIED,
    Kind.VENDORED: """
        vendor/ vendors/ vendored/ _vendor/ third_party/ third-party/ thirdparty/ 3rdparty/ node_modules/
        bower_components/ jspm_packages/ Pods/ Carthage/ Godeps/ external/ extern/ site-packages/ .yarn/""",
    Kind.BUILT: """
        dist/ coverage/ htmlcov/ storybook-static/ .next/ .nuxt/ _site/ *.map *.tsbuildinfo
        *.production.js *.profiling.js *-profiling.development.js""",
    Kind.DATA: """
        *.csv *.tsv *.jsonl *.ndjson *.geojson *.sql *.dump *.log *.plist *.pem *.crt *.bib *.xsd
        data/ datasets/""",
    Kind.FIXTURES: """
        fixtures/ fixture/ __fixtures__/ testdata/ test-data/ test_data/ testcases/ baselines/ golden/
        goldens/ cassettes/ __mocks__/ *.golden""",
    Kind.SNAPSHOTS: "*.snap *.snapshot *.approved.txt __snapshots__/ snapshots/",
    Kind.TRANSLATIONS: """
        *.po *.pot *.xliff *.xlf *.resx *.arb *.strings locale/ locales/ translations/
        README.[a-z][a-z].md README-[a-z][a-z].md README_[a-z][a-z].md README_[A-Z][A-Z].md
        README.[a-z][a-z]-[A-Za-z]*.md README-[a-z][a-z]-[A-Za-z]*.md
        README_[a-z][a-z][-_][A-Za-z]*.md""",  # verbatim
    Kind.MEDIA: "*.svg *.eps *.ps *.drawio *.excalidraw *.xpm *.ppm *.pgm *.obj *.stl *.gltf *.dxf *.ipe",
    Kind.CHANGELOGS: _spellings(
        "changelog changes history news releases release-notes release_notes releasenotes",  # verbatim
        ".md .rst .txt .adoc .markdown .html",
    )
    + """
        ChangeLog ChangeLog.* ChangeLog-* changelog-* CHANGELOG-* CHANGELOG/ CHANGELOGS/ changelog/
        changelogs/
        changelog.d/ .changeset/ newsfragments/ release-notes/ release_notes/ releasenotes/
        whatsnew/""",  # verbatim
    Kind.EXAMPLES: """
        example/ examples/ sample/ samples/ demo/ demos/ tutorial/ tutorials/ playground/ playgrounds/
        cookbook/ cookbooks/""",
    Kind.WEBSITE: "website/ www/ site/ docs-site/ gh-pages/",
    Kind.DOCUMENTATION: """
        doc/ docs/ Docs/ Documentation/ documentation/ man/ manual/ wiki/ guides/ *.md *.mdx *.markdown
        *.rst *.adoc *[!0-9].[1-9] AUTHORS CONTRIBUTORS CREDITS MAINTAINERS LICENSE LICENSE.* LICENSE-*
        LICENCE COPYING COPYING.* NOTICE NOTICE.* ISSUE_TEMPLATE/""",  # verbatim
    Kind.TESTS: """
        test/ tests/ Tests/ __tests__/ spec/ specs/ testing/ e2e/ integration-tests/ selftests/ kunit/
        benchmark/ benchmarks/ bench/ benches/ benchsuite/ test_*.py *_test.py tests.py conftest.py
        *_test.go *.test.js *.test.jsx *.test.ts *.test.tsx *.test.mjs *.test.mts *.spec.js *.spec.jsx
        *.spec.ts *.spec.tsx *-test.js *-test.ts *Test.java *Tests.java *Test.kt *Tests.cs *_test.rb
        *_spec.rb *_test.cc *_test.cpp *_unittest.cc *_test.dart *_test.exs
        *Test.php *_tests.rs""",  # verbatim
}
"""As in an ignore file; a file belongs to the first kind that matches it or a folder it lies in."""
ORDER = tuple(Kind)
_SOURCE = ORDER.index(Kind.SOURCE)
_ATTRIBUTES = {
    Attribute.GENERATED: Kind.GENERATED,
    Attribute.VENDORED: Kind.VENDORED,
    Attribute.DOCUMENTATION: Kind.DOCUMENTATION,
}
_README = re.compile(r"readme", re.IGNORECASE)
_PROSE = ("*.md", "*.mdx", "*.markdown", "*.rst", "*.adoc")
"""What a README may be; it says what a project is, so it is no documentation to leave out."""
_BUILDS = ("*.production.js", "*.profiling.js", "*-profiling.development.js")
"""Builds of what lies beside them in one for development, which can be read."""
_DEVELOPMENT = ".development.js"
_BUILT_FOR = re.compile(r"(?:\.(?:production|profiling)|-profiling\.development)\.js$")
_TEST_FOLDERS = ("test/", "testing/", "spec/")
"""Names of folders that a Python package may have, and ship: ``django/test`` is Django's own source."""
_PYTHON_TEST = re.compile(r"(test_.*|.*_test|tests?|conftest)\.py")


@dataclass(frozen=True, slots=True, eq=False)
class FileKinds:
    """What each file of a tree is by its name and by attributes. It depends on no count."""

    kinds: NDArray[np.int8]
    """The place of each file's kind in ``ORDER``: ``int8[m]``."""
    patterns: NDArray[np.int16]
    """Which of ``lines`` says so; -1 where none does: ``int16[m]``."""
    lines: tuple[str, ...]
    of_lines: NDArray[np.int8]
    """The kind that each of ``lines`` stands for."""
    matches: NDArray[np.int32]
    """Every node and, of ``lines``, one that matches its own name, whether or not it says what the node is:
    ``int32[k, 2]``."""

    def impure(self, shape: TreeShape, kinds: NDArray[np.int8], after: bool) -> NDArray[np.int64]:
        """The patterns that, in an ignore file, would leave out files of other kinds too, the files being of
        these ``kinds`` (``int8[m]``); with ``after``, of other than earlier kinds."""
        nodes, patterns = self.matches.T
        wanted = self.of_lines[patterns]
        first, end = shape.first_files[nodes], shape.end_files[nodes]
        same = np.zeros(len(nodes), np.int64)
        for kind in np.unique(wanted).tolist():
            good = (kinds >= 0) & (kinds <= kind) if after else kinds == kind
            of = wanted == kind
            same[of] = shape.sums(good)[nodes[of]]
        impure: NDArray[np.int64] = np.unique(patterns[same < end - first])
        return impure


def file_kinds(shape: TreeShape, attributes: Sequence[GitAttributes] = ()) -> FileKinds:
    """Sort the files: some 0.3 s for 80,000 of them. ``attributes``, root by root, decide before names do."""
    ordered = [(kind, pattern) for kind, patterns in _PATTERNS.items() for pattern in patterns.split()]
    lines = tuple(pattern for _, pattern in ordered)
    kind_of = [ORDER.index(kind) for kind, _ in ordered]
    own, matches = _own_patterns(shape, lines)
    said = {node: ORDER.index(kind) for node, kind in _said(shape, attributes)}
    chosen, kinds = [-1] * len(shape), [_SOURCE] * len(shape)
    parents = shape.parents.tolist()
    for node in range(1, len(shape)):
        above = parents[node]
        chosen[node], kinds[node] = chosen[above], kinds[above]
        if own[node] >= 0 and kind_of[own[node]] < kinds[node]:
            chosen[node], kinds[node] = own[node], kind_of[own[node]]
        if node in said:
            chosen[node], kinds[node] = -1, said[node]
    files = shape.file_nodes
    return FileKinds(
        kinds=np.array(kinds, np.int8)[files],
        patterns=np.array(chosen, np.int16)[files],
        lines=lines,
        of_lines=np.array(kind_of, np.int8),
        matches=np.array(matches, np.int32).reshape(-1, 2),
    )


def is_readme(name: str) -> bool:
    """Whether a file of this name says what a project or a folder is."""
    return _README.match(name) is not None


def folders(shape: TreeShape, root: int) -> list[str]:
    """The paths of the folders in a root (a position in ``root_nodes``), outer ones first."""
    top = shape.root_nodes[root]
    nodes = top + 1 + np.flatnonzero(~shape.is_file[top + 1 : shape.ends[top]])
    return [shape.path(node) for node in nodes.tolist()]


def matching_files(shape: TreeShape, patterns: Iterable[str], option: str) -> NDArray[np.bool_]:
    """Which files the patterns of an option match, as in an ignore file at each root, or lie in a folder that
    they match: ``bool[m]``. ValueError, with one sentence, for a pattern that can match nothing."""
    decider = Decider([Placed(option_rules(patterns, option))])
    flags = np.zeros(len(shape.file_nodes), np.bool_)
    for node, path in enumerate(shape.paths()):
        encoded = path.encode("utf-8", "surrogateescape")
        name = encoded.rpartition(b"/")[2]
        if path and decider.match(encoded, name, folder=not shape.is_file[node]):
            flags[shape.first_files[node] : shape.end_files[node]] = True
    return flags


def _said(shape: TreeShape, attributes: Sequence[GitAttributes]) -> Iterator[tuple[int, Kind]]:
    """The files of which attributes say something, with their kind: ``SOURCE`` if they are none of what
    their names say."""
    for said, top in zip(attributes, shape.root_nodes, strict=False):
        if not said:
            continue
        first, end = int(shape.first_files[top]), int(shape.end_files[top])
        for node in shape.file_nodes[first:end].tolist():
            if found := said.of(shape.path(node)):
                kinds = [_ATTRIBUTES[one] for one, on in found.items() if on]
                yield node, min(kinds, key=ORDER.index, default=Kind.SOURCE)


def _own_patterns(shape: TreeShape, lines: Sequence[str]) -> tuple[list[int], list[tuple[int, int]]]:
    """By node, the first pattern that says what it is by its own name, -1 if none does; and every node with
    each pattern that matches its name."""
    names = _NamePatterns(lines)
    roots = {0, *shape.root_nodes}
    is_file, parents = shape.is_file.tolist(), shape.parents.tolist()
    for_development = {
        (parents[node], name) for node, name in enumerate(shape.names) if name.endswith(_DEVELOPMENT)
    }
    own, matches = [-1] * len(shape), list[tuple[int, int]]()
    for node, name in enumerate(shape.names):
        if node in roots or not (found := names.of(name, is_file[node])):
            continue
        matches += ((node, number) for number in found)
        own[node] = next(
            (number for number in found if _says(shape, node, lines[number], for_development)), -1
        )
    return own, matches


class _NamePatterns:
    """Which patterns match a name."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._position = {line: number for number, line in reversed(list(enumerate(lines)))}
        self._deciders: dict[int, Decider] = {}
        self._found: dict[tuple[str, bool], list[int]] = {}

    def of(self, name: str, is_file: bool) -> list[int]:
        """Their positions, in order."""
        found = self._found.get((name, is_file))
        if found is None:
            encoded = name.encode("utf-8", "surrogateescape")
            found = self._found[name, is_file] = []
            first = 0
            # No pattern holds a slash inside, so the name is all of the path that matters.
            while rule := self._from(first).match(encoded, encoded, folder=not is_file):
                found.append(self._position[rule.pattern])
                first = found[-1] + 1
        return found

    def _from(self, first: int) -> Decider:
        if first not in self._deciders:
            # The last rule that matches decides, so the first pattern stands last.
            self._deciders[first] = Decider([Placed(option_rules(reversed(self._lines[first:]), ""))])
        return self._deciders[first]


def _says(shape: TreeShape, node: int, line: str, for_development: Container[tuple[int, str]]) -> bool:
    """Whether a pattern that matches a node's name says what it is. ``for_development``: builds that can be
    read, each with its folder."""
    if not line.endswith("/"):
        # Of a folder ``x.js/`` or ``qwen3.5/`` the ending of a file says nothing.
        name = shape.names[node]
        is_prose = line in _PROSE and is_readme(name)
        return (
            bool(shape.is_file[node])
            and not is_prose
            and (line not in _BUILDS or _twin(shape, node) in for_development)
        )
    return line not in _TEST_FOLDERS or not _is_shipped(shape, node)


def _twin(shape: TreeShape, node: int) -> tuple[int, str]:
    """Where the same would lie if it was built for development, too, as in react-dom."""
    return int(shape.parents[node]), _BUILT_FOR.sub(_DEVELOPMENT, shape.names[node])


def _is_shipped(shape: TreeShape, node: int) -> bool:
    """Whether a folder called ``test`` is part of a Python package and holds no tests itself."""
    beside = {shape.names[child] for child in shape.children(int(shape.parents[node])).tolist()}
    inside = [shape.names[each] for each in range(node + 1, int(shape.ends[node]))]
    return (
        "__init__.py" in beside and "__init__.py" in inside and not any(map(_PYTHON_TEST.fullmatch, inside))
    )
