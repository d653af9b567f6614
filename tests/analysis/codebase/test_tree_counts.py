"""What tokenizers that did not count a codebase would probably give, and when nothing is said of it."""

import numpy as np
import pytest

from tests.analysis.codebase.density import DENSITY
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_counts import likely_counts, selection_counts
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan
from tokviz.tokenization.estimate import ESTIMATE
from tokviz.tokens import Provenance


def counted(characters: int, name: str = "llama4", files: int = 2) -> TokenTree:
    """Two files of 5,000 bytes, of which the first ``files`` are counted, a thousand tokens each."""
    shape = TreeShape([("project", ["a.py", "b.py"])])
    tree = TokenTree.begin(shape, [5000, 5000], (*SIZE_COLUMNS, name), DENSITY)
    values = np.array([[5000, characters, 90, 1000]] * files, np.int64)
    none = np.zeros(files, np.int64)
    batch = CountedBatch(np.arange(files), values, ["UTF-8"] * files, none, [], np.zeros(files, np.bool_))
    return tree.with_counts([batch])


def test_others_are_estimated_from_what_is_counted_and_the_table() -> None:
    tree = counted(5000)
    known = selection_counts(tree, CountPlan(("llama4",)))
    found = likely_counts(tree, known, ["llama4", "mistral-v7", "mistral-v7", ESTIMATE, "mine"])
    assert list(found) == ["mistral-v7", ESTIMATE]
    ratios = DENSITY.against_o200k_base
    of_mistral = found["mistral-v7"]
    assert of_mistral.tokens == round(2000 * ratios["mistral-v7"] / ratios["llama4"])
    assert of_mistral.provenance is Provenance.ESTIMATE
    assert (of_mistral.low, of_mistral.high) == (int(0.6 * of_mistral.tokens), int(1.6 * of_mistral.tokens))
    half = tree.with_included([tree.shape.children(tree.shape.root_nodes[0])[0]], False)
    again = likely_counts(half, selection_counts(half, CountPlan(("llama4",))), ["mistral-v7"])
    assert again["mistral-v7"].tokens == round(of_mistral.tokens / 2), "what was taken out does not count"


@pytest.mark.parametrize(
    ("characters", "files", "name"),
    [(4000, 2, "llama4"), (5000, 1, "llama4"), (5000, 2, "mine")],
    ids=["other scripts", "files wait", "a user's own"],
)
def test_nothing_is_said_where_the_table_would_not_hold(characters: int, files: int, name: str) -> None:
    tree = counted(characters, name, files)
    assert likely_counts(tree, selection_counts(tree, CountPlan((name,))), ["mistral-v7", ESTIMATE]) == {}


def test_nothing_is_said_before_anything_is_counted() -> None:
    assert likely_counts(counted(5000), {}, ["mistral-v7"]) == {}
