"""What is said of a tree: exact where it is counted, marked where it is not, and the same for every part."""

import numpy as np
import pytest

from tests.ui.codebase.conftest import MakeMetrics, make_batch, make_tree, node
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import FileState, Inclusion
from tokviz.analysis.codebase.tree_counts import selection_counts
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.analysis.count_plan import CountPlan, EstimateDecoder, make_decoder
from tokviz.documents.tree.walking import LeftOut, Reason
from tokviz.tokenization.estimate import SOURCES, estimate
from tokviz.tokens import Count, Provenance
from tokviz.ui.codebase import cells
from tokviz.ui.codebase.tree_metrics import Column, TreeMetrics

PATHS = ["a.py", "b/c.py", "b/d.md", "b/e/f.py"]
TOKENS = [100, 200, 300, 400]


def text(metrics: TreeMetrics, path: str, column: Column) -> str:
    return cells.cell(metrics, node(metrics.tree, path), column)


def test_a_folder_is_the_sum_of_what_takes_part(make_metrics: MakeMetrics) -> None:
    tree = make_tree(PATHS, TOKENS)
    metrics = make_metrics(tree.with_included([node(tree, "b/e")], False))
    found = metrics.of(node(tree, "b"))
    assert found.tokens == Count.certain(500)
    assert found.inclusion is Inclusion.PARTLY
    assert found.files == 2
    assert found.of_folder == pytest.approx(500 / 600)
    out = metrics.of(node(tree, "b/e"))
    assert (out.tokens.tokens, out.of_folder, out.fit, out.inclusion) == (400, None, None, Inclusion.NONE)
    assert text(metrics, "b/e", Column.TOKENS) == "400"
    assert text(metrics, "b/e", Column.WINDOW) == ""
    assert text(metrics, "b/e", Column.LANGUAGE) == "1 file"


def test_what_is_not_counted_has_a_mark(make_metrics: MakeMetrics) -> None:
    metrics = make_metrics(make_tree(PATHS).with_counts([make_batch([100])]))
    assert text(metrics, "a.py", Column.TOKENS) == "100"
    assert text(metrics, "b/c.py", Column.TOKENS) == "~92"  # 400 bytes of Python, 0.23 a byte
    assert metrics.of(node(metrics.tree, "b")).tokens.provenance is Provenance.ESTIMATE
    assert "has not counted all of it" in cells.tooltip(metrics, node(metrics.tree, "b"))
    assert metrics.of(TOP).tokens.provenance is Provenance.ESTIMATE


def test_the_share_of_the_window_is_by_the_models_own_tokenizer(make_metrics: MakeMetrics) -> None:
    tree = make_tree(PATHS, TOKENS)
    metrics = make_metrics(tree)
    model = metrics.model
    assert model is not None
    assert model.context_window is not None
    found = metrics.of(TOP)
    assert found.fit is not None
    assert found.fit.share == pytest.approx(1000 / model.context_window)
    assert found.fit.count.provenance is model.provenance
    decoders = CountPlan(("estimate", "cl100k_base")).decoders
    with pytest.raises(ValueError, match="tuple"):
        TreeMetrics(tree, decoders["estimate"], model, decoders["cl100k_base"])


def test_left_out_files_have_no_figures(make_metrics: MakeMetrics) -> None:
    gone = [(1, LeftOut("b/c.py", False, Reason.BINARY, 400))]
    batch = CountedBatch(
        np.zeros(0, np.int64),
        np.zeros((0, 4), np.int64),
        [],
        np.zeros(0, np.int64),
        gone,
        np.zeros(0, np.bool_),
    )
    metrics = make_metrics(make_tree(PATHS, TOKENS).with_counts([batch]))
    assert metrics.of(node(metrics.tree, "b/c.py")).left_out
    assert text(metrics, "b/c.py", Column.TOKENS) == ""
    assert text(metrics, "b/c.py", Column.LANGUAGE) == "left out"
    assert metrics.of(node(metrics.tree, "b")).tokens.tokens == 700
    assert metrics.of(node(metrics.tree, "b")).inclusion is Inclusion.ALL


@pytest.mark.parametrize(
    ("column", "descending", "expected"),
    [
        (Column.TOKENS, True, ["b", "z.md", "a.py"]),
        (Column.TOKENS, False, ["a.py", "z.md", "b"]),
        (Column.NAME, False, ["b", "a.py", "z.md"]),
        (Column.NAME, True, ["b", "z.md", "a.py"]),
        (Column.LANGUAGE, False, ["b", "z.md", "a.py"]),
        (Column.BYTES, True, ["b", "z.md", "a.py"]),
    ],
)
def test_rows_stand_in_the_order_of_a_column(
    make_metrics: MakeMetrics, column: Column, descending: bool, expected: list[str]
) -> None:
    tree = make_tree(["a.py", "b/c.py", "z.md"], [100, 900, 300])
    metrics = make_metrics(tree)
    ordered = metrics.ordered(tree.shape.children(node(tree, "")), column, descending)
    assert [tree.shape.names[child] for child in ordered.tolist()] == expected


def test_a_filter_leaves_only_its_files(make_metrics: MakeMetrics) -> None:
    tree = make_tree(PATHS, TOKENS)
    shown = tree.shape.matching("*.py")[tree.shape.file_nodes]
    assert tree.limited(shown).total()[3] == 700
    metrics = TreeMetrics(tree, make_decoder("cl100k_base"), None, None, shown=shown)
    assert metrics.of(node(tree, "b")).tokens.tokens == 600
    assert metrics.of(node(tree, "b/d.md")).files == 0
    assert metrics.of(TOP).fit is None


def test_node_tokens_are_what_takes_part(make_metrics: MakeMetrics) -> None:
    tree = make_tree(PATHS, TOKENS)
    metrics = make_metrics(tree.with_included([node(tree, "a.py")], False))
    tokens = metrics.node_tokens
    assert tokens[TOP] == 900
    assert tokens[node(tree, "a.py")] == 0
    assert tokens[node(tree, "b")] == 900
    assert metrics.node_bytes[TOP] == 3600
    assert metrics.file_tokens.tolist() == TOKENS


def test_counts_of_a_selection_are_labelled(make_metrics: MakeMetrics) -> None:
    plan = CountPlan(("cl100k_base",))
    waiting = make_tree(PATHS).with_counts([make_batch([100])])
    count = selection_counts(waiting, plan)["cl100k_base"]
    assert count.provenance is Provenance.ESTIMATE
    assert 100 < count.low < count.tokens < count.high
    out = waiting.with_flags(np.array([True, False, False, False]))
    assert selection_counts(out, plan) == {"cl100k_base": Count.certain(100)}
    nothing = out.with_flags(np.zeros(4, np.bool_))
    assert selection_counts(nothing, plan) == {"cl100k_base": Count.certain(0)}


def test_an_estimates_shares_add_up_to_the_estimate_of_the_whole() -> None:
    decoder = EstimateDecoder()
    rng = np.random.default_rng(1)
    metrics = rng.integers(100, 5000, (len(SOURCES), 50))
    whole = estimate(metrics.sum(axis=1))
    assert decoder.count(metrics.sum(axis=1)) == whole
    shares = decoder.shares(metrics[decoder.share_column], metrics.sum(axis=1))
    assert shares.sum() == pytest.approx(whole.tokens, abs=50)
    nothing = np.zeros((len(SOURCES), 3), np.int64)
    assert decoder.shares(nothing[0], nothing.sum(axis=1)).tolist() == [0, 0, 0]


def test_an_unseen_tree_is_guessed_by_its_sizes_and_kinds() -> None:
    tree = make_tree(PATHS)
    assert (tree.states == FileState.WAITING).all()
    plan = CountPlan(("cl100k_base",))
    python, markdown = 0.23 * 1200, 0.25 * 400
    count = selection_counts(tree, plan)["cl100k_base"]
    assert count.tokens == round(python + markdown) and count.provenance is Provenance.ESTIMATE


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.00 kB"),
        (12_345, "12.3 kB"),
        (999_600, "1.00 MB"),
        (1_302_000_000, "1.30 GB"),
    ],
)
def test_sizes_are_short(number: int, expected: str) -> None:
    assert cells.size(number) == expected
