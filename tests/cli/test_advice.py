"""What the advice says to people and to programs, word by word: shortening comes before leaving out."""

import numpy as np
from numpy.typing import NDArray

from tests.analysis.codebase import test_shrinking
from tests.analysis.codebase.test_suggestions import ORDER, counted_tree, tokens
from tokviz.analysis.codebase.file_kinds import Kind, file_kinds
from tokviz.analysis.codebase.suggestions import Suggestion
from tokviz.cli.fitting import Advice, Limit, Measure, advise
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.tokens import Count

TREE = counted_tree()


def numbers(*paths: str) -> NDArray[np.int64]:
    return np.array([ORDER.index(path) for path in paths], np.int64)


def node(path: str) -> int:
    found = TREE.shape.find(path)
    assert found is not None
    return found


def path_of(node: int) -> str:
    return TREE.shape.path(node)


LOCKS = Suggestion(
    Kind.LOCK_FILES, "lock files", numbers("package-lock.json"), 5000, patterns=("*-lock.json",)
)
GENERATED = Suggestion(
    Kind.GENERATED,
    "generated files",
    numbers("bundle.js", "src/a_pb2.py"),
    1400,
    patterns=("*_pb2.py",),
    nodes=(node("bundle.js"),),
)
ODD = Suggestion(
    Kind.SOURCE,
    "src/odd [name] *.py",
    numbers("src/odd [name] *.py"),
    3000,
    nodes=(node("src/odd [name] *.py"),),
)
FOLDER = Suggestion(Kind.SOURCE, "src/", numbers("src/a.py"), 600, nodes=(node("src"),))
SHORTER = Suggestion(
    Kind.SOURCE,
    "comments removed",
    numbers("src/a.py", "app.py"),
    160,
    shortening=Shortening.COMMENTS,
)
NOTED = Suggestion(
    Kind.LOCK_FILES,
    "base64 and data URIs as a note",
    numbers("data.csv"),
    40,
    shortening=Shortening.BASE64,
)


def advice(steps: list[Suggestion], left: int = 700, most: int = 700, mark: str = "") -> Advice:
    return Advice(TREE, tokens(TREE), steps, left, most, file_kinds(TREE.shape), mark)


def test_what_is_left_out_is_named_with_its_patterns_and_paths_and_the_own_source_last() -> None:
    assert advice([LOCKS, GENERATED, ODD, FOLDER]).lines(path_of) == [
        "To make it fit, leave out (as in .tokvizignore or with --exclude; --apply writes it):",
        "         5,000  lock files: *-lock.json",
        "         1,400  generated files",
        "                *_pb2.py",
        "                bundle.js",
        "and of your own source, for nothing else is left:",
        "         3,000  own source: src/odd [name] *.py",
        "           600  own source: src",
        "           700  tokens are left, which fits",
    ]


def test_what_is_shortened_comes_first() -> None:
    made = advice([NOTED, SHORTER, LOCKS], left=701, mark="~")
    assert made.shorten == [Shortening.BASE64, Shortening.COMMENTS]
    assert made.saves == 5200
    assert made.lines(path_of) == [
        "To make it fit:",
        "shorten (with --shorten base64,comments):",
        "           ~40  base64 and data URIs as a note (1 file)",
        "          ~160  comments removed (2 files)",
        "and leave out (as in .tokvizignore or with --exclude; --apply writes it):",
        "        ~5,000  lock files: *-lock.json",
        "          ~701  tokens are left, still too many: what is kept is larger",
    ]


def test_where_nothing_need_be_left_out_no_word_is_said_of_it() -> None:
    assert advice([SHORTER]).lines(path_of) == [
        "To make it fit:",
        "shorten (with --shorten comments):",
        "           160  comments removed (2 files)",
        "           700  tokens are left, which fits",
    ]
    assert advice([]).lines(path_of) == ["Nothing can be left out."]


def test_programs_get_the_kind_of_each_even_where_several_are_told_together() -> None:
    together = Suggestion(
        GENERATED.kind,
        "lock files, generated files",
        np.union1d(LOCKS.files, GENERATED.files),
        LOCKS.saves + GENERATED.saves,
        (*LOCKS.patterns, *GENERATED.patterns),
        GENERATED.nodes,
        parts=(LOCKS, GENERATED),
    )
    apart = list(advice([LOCKS, GENERATED, FOLDER]).records(path_of))
    assert list(advice([together, FOLDER]).records(path_of)) == apart


def test_programs_get_an_object_for_each_pattern_path_and_way() -> None:
    assert list(advice([SHORTER, LOCKS, GENERATED, FOLDER]).records(path_of)) == [
        {
            "pattern": "*",
            "shorten": "comments",
            "kind": "comments removed",
            "action": "shrink",
            "files": 2,
            "tokens": 160,
        },
        {"pattern": "*-lock.json", "kind": "lock files", "action": "drop", "files": 1, "tokens": 5000},
        {"pattern": "*_pb2.py", "kind": "generated files", "action": "drop", "files": 1, "tokens": 500},
        {"path": "bundle.js", "kind": "generated files", "action": "drop", "files": 1, "tokens": 900},
        {"path": "src", "kind": "own source", "action": "drop", "files": 1, "tokens": 600},
    ]


def test_a_path_counts_its_own_files_and_not_those_beside_it() -> None:
    beside = Suggestion(
        Kind.SOURCE, "both", numbers("app.py", "big.txt"), 5000, nodes=(node("app.py"), node("big.txt"))
    )
    records = advice([beside]).records(path_of)
    found = [(one["path"], one["files"], one["tokens"]) for one in records]
    assert found == [("app.py", 1, 1000), ("big.txt", 1, 4000)]


def shrunk(most: int, measure: Measure | None = None) -> Advice:
    """Advice where files can be shortened."""
    one = test_shrinking.shrinking()
    limit = Limit("o200k_base", most, Count.certain(test_shrinking.TOTAL), "", False)
    weights = {"o200k_base": one.weights(one.wanted)}
    made = advise([limit], one.tree, weights, file_kinds(one.tree.shape), None, measure, lambda _: one)
    assert made is not None
    return made


def test_files_that_are_shortened_count_as_they_are_then() -> None:
    one = test_shrinking.shrinking()
    for most in range(0, test_shrinking.TOTAL, 997):
        made = shrunk(most)
        assert made.left == test_shrinking.left(made.steps)
        assert made.left <= most
        kept = np.ones(len(test_shrinking.FILES), np.bool_)
        for step in made.steps:
            if not step.shortening:
                kept[step.files] = False
        assert made.left == int(made.weights[kept].sum())
    assert shrunk(test_shrinking.TOTAL - 1).shorten
    assert one.wanted.tolist() == [0] * len(test_shrinking.FILES)


def test_what_is_measured_is_told_what_is_shortened() -> None:
    told: list[tuple[str, list[bool], list[int] | None]] = []

    def measure(name: str, flags: NDArray[np.bool_], wanted: NDArray[np.uint8] | None) -> int:
        told.append((name, flags.tolist(), None if wanted is None else wanted.tolist()))
        return 0

    made = shrunk(30_000, measure)
    ((name, flags, wanted),) = told
    assert name == "o200k_base" and wanted is not None
    assert made.left == 0
    for number in range(len(flags)):
        steps = [step for step in made.steps if number in step.files.tolist()]
        assert flags[number] == all(step.shortening for step in steps)
        assert bool(wanted[number]) == any(step.shortening for step in steps)
