"""Filters and plans: worked out as the analysis has it, and saved so that the next scan does the same."""

from pathlib import Path

import numpy as np
import pytest

from tests.analysis.codebase.density import DENSITY
from tests.worker.conftest import Performer
from tokviz.analysis.codebase.file_kinds import FileKinds, Kind
from tokviz.analysis.codebase.planning import plan
from tokviz.analysis.codebase.suggestions import suggest
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.documents.tree.listing import list_folder
from tokviz.documents.writing import WriteError
from tokviz.worker.codebase_choosing import match_names, plan_fit, rank_suggestions, save_plan, sort_files

PATHS = ["a.py", "poetry.lock", "docs/x.md", "tests/test_a.py", "vendor/lib/b.py"]


def tree() -> TokenTree:
    shape = TreeShape([("project", PATHS)])
    return TokenTree.begin(
        shape, [100, 900, 200, 300, 400], ("bytes", "characters", "lines", "r50k_base"), DENSITY
    )


def kinds(perform: Performer) -> FileKinds:
    found = perform(sort_files(tree().shape, ()))
    assert isinstance(found, FileKinds)
    return found


def test_a_filter_shows_what_matches_and_what_it_lies_in(perform: Performer) -> None:
    shape = tree().shape
    shown = perform(match_names(shape, "*.md"))
    assert isinstance(shown, np.ndarray)
    assert [shape.names[node] for node in np.flatnonzero(shown)] == ["", "project", "docs", "x.md"]
    with pytest.raises(ValueError, match="Nothing can match"):
        perform(match_names(shape, "[a"))


def test_suggestions_and_plans_are_those_of_the_analysis(perform: Performer) -> None:
    found, weights = kinds(perform), np.array([30, 270, 60, 90, 120])
    suggestions = perform(rank_suggestions(tree(), weights, found))
    assert isinstance(suggestions, list)
    assert [one.kind for one in suggestions][:3] == [Kind.LOCK_FILES, Kind.VENDORED, Kind.DOCUMENTATION]
    assert [one.saves for one in suggestions] == [one.saves for one in suggest(tree(), weights, found)]
    planned = perform(plan_fit(tree(), weights, found, 200))
    assert isinstance(planned, list)
    assert [one.title for one in planned] == [one.title for one in plan(tree(), weights, found, 200)]
    assert weights.sum() - sum(one.saves for one in planned) <= 200


def test_a_saved_plan_leaves_out_just_that(perform: Performer, tmp_path: Path) -> None:
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x", encoding="utf-8")
    assert perform(save_plan(tmp_path, ("# lock files", "*.lock", "/docs/"))) == tmp_path / ".tokvizignore"
    left = {file.path for file in list_folder(tmp_path).files}
    assert left == {"a.py", "tests/test_a.py", "vendor/lib/b.py"}


def test_saving_again_adds_only_what_is_new(perform: Performer, tmp_path: Path) -> None:
    target = tmp_path / ".tokvizignore"
    target.write_text("*.lock", encoding="utf-8")
    perform(save_plan(tmp_path, ("# lock files", "*.lock", "# tests", "tests/")))
    assert target.read_text(encoding="utf-8") == "*.lock\n# tests\ntests/\n"
    before = target.stat().st_mtime_ns
    perform(save_plan(tmp_path, ("# tests", "tests/")))
    assert target.stat().st_mtime_ns == before


def test_a_plan_that_cannot_be_saved_is_one_sentence(perform: Performer, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"Cannot write .*\.tokvizignore: no such file or directory"):
        perform(save_plan(tmp_path / "gone", ("*.lock",)))
