"""Metrics before anything is counted: sane for every tokenizer and estimator, and corrected by what is."""

from functools import cache

import numpy as np
import pytest

from tests.analysis.codebase.density import DENSITY
from tests.analysis.codebase.test_token_tree import counted
from tokviz.analysis.codebase.languages import _BY_EXTENSION, _BY_NAME, OTHER
from tokviz.analysis.codebase.token_density_priors import likely_per_byte, read_token_density
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import SIZE_COLUMNS, CountPlan
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry

NAMES = ("o200k_base", "r50k_base", "gemma", "claude-v3")
CODE = b"""
def share(count: int, total: int) -> float | None:
    \"\"\"The part that count is of total; None if there is no total.\"\"\"
    if total == 0:
        return None
    return count / total


class Folder:
    def __init__(self, name: str, files: Sequence[File]) -> None:
        self.name, self.files = name, tuple(files)
        self.sizes = [file.size for file in files if file.size > 1024]
"""


def test_every_column_is_near_what_code_counts() -> None:
    columns = CountPlan(NAMES).columns
    counters = CountPlan(NAMES).counters(Registry(Assets()))
    exact = np.concatenate([counter.count([CODE]) for counter in counters], axis=1)[0]
    likely = likely_per_byte(DENSITY, columns, ["Python"])[:, 0] * len(CODE)
    own = dict(zip(columns[len(SIZE_COLUMNS) :], exact, strict=True))
    for name, guess in zip(columns, likely, strict=True):
        if name in NAMES:
            assert guess == pytest.approx(own[name], rel=0.25), name


@cache
def shared_registry() -> Registry:
    return Registry(Assets())


@pytest.mark.parametrize("name", Registry(Assets()).names())
def test_every_bundled_tokenizer_has_a_prior_near_what_it_counts(name: str) -> None:
    against = read_token_density(Assets()).against_o200k_base
    assert name in against, f"{name} has no row in token_density.toml: run resources/measure_token_density.py"
    registry = shared_registry()
    code = CODE * 4 + (Assets().path("samples") / "code.py").read_bytes()
    measured = registry.get(name).count(code) / registry.get("o200k_base").count(code)
    assert against[name] == pytest.approx(measured, rel=0.2)


def test_the_priors_are_those_of_what_there_is() -> None:
    density = read_token_density(Assets())
    kinds = {line.partition(": ")[0] for line in (_BY_EXTENSION + _BY_NAME).split("\n") if line}
    assert density.per_byte.keys() <= {*kinds, OTHER} and OTHER in density.per_byte
    assert density.against_o200k_base.keys() == set(shared_registry().names())


def test_what_is_no_text_by_its_name_brings_no_token() -> None:
    tokens, size = likely_per_byte(DENSITY, ["o200k_base", "bytes"], ["Binary"])[:, 0]
    assert tokens == 0 and size == 1


def test_a_tree_unlike_others_corrects_the_kinds_not_seen_yet() -> None:
    shape = TreeShape([("r", ["a.py", "b.py", "c.md", "d.py"])])
    tree = TokenTree.begin(shape, [100_000, 1000, 1000, 90_000], (*SIZE_COLUMNS, "o200k_base"), DENSITY)
    done = tree.with_counts([counted({0: (100_000, 100_000, 1, 46_000)})])
    assert done.values[3].tolist() == [46_000, 460, 500, 41_400], "twice as many as usual"
    known, likely = done.sums(done.takes_part)
    assert known[3] == 46_000 and likely[3] == 46_000 + 460 + 500 + 41_400
    shown = done.limited(np.array([False, True, False, False])).narrowed((*SIZE_COLUMNS, "o200k_base"))
    assert shown.values[3].tolist() == [0, 460, 0, 0], "a filter changes nothing about what is likely"
    gone = tree.with_counts([counted({1: (1000, 1000, 1, 230)}, left_out=(0,))])
    assert gone.values[3][3] < 230 * 90 / 10, "most of the Python here is none"
