"""Whether inputs are small enough, what to leave out, and at which end of an estimate that is decided."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.analysis.codebase.test_suggestions import counted_tree, tokens
from tokviz.analysis.codebase.file_kinds import file_kinds
from tokviz.cli.fitting import Advice, Limit, advise, budget_limit
from tokviz.tokens import Count, Provenance

ESTIMATE = Count(100, Provenance.ESTIMATE, 80, 130)


@pytest.mark.parametrize(
    ("budget", "kept", "says"),
    [
        (130, True, "Within the budget of 130"),
        (129, None, "Perhaps over the budget of 129"),
        (100, None, "Perhaps over the budget of 100"),
        (99, None, "Perhaps over the budget of 99"),
        (80, None, "Perhaps over the budget of 80"),
        (79, False, "Over the budget of 79"),
    ],
)
def test_a_budget_is_kept_at_the_high_end_and_missed_at_the_low_end(
    budget: int, kept: bool | None, says: str
) -> None:
    limit = budget_limit("estimate", ESTIMATE, budget)
    assert limit.kept is kept
    assert limit.sentence.startswith(says)
    assert (limit.most, limit.count, limit.tokenizer) == (budget, ESTIMATE, "estimate")


@pytest.mark.parametrize(("budget", "kept"), [(100, True), (99, False)])
def test_a_certain_count_is_over_by_one(budget: int, kept: bool) -> None:
    limit = budget_limit("o200k_base", Count.certain(100), budget)
    assert limit.kept is kept
    assert kept or "by 1:" in limit.sentence


def advice_for(*limits: Limit) -> Advice | None:
    tree = counted_tree()
    weights = {"o200k_base": tokens(tree), "estimate": 2 * tokens(tree)}
    return advise(limits, tree, weights, file_kinds(tree.shape), None)


def limit(most: int, count: Count, tokenizer: str = "o200k_base", kept: bool | None = False) -> Limit:
    return Limit(tokenizer, most, count, "", kept)


def test_what_is_left_of_an_estimate_fits_at_its_high_end() -> None:
    total = int(tokens(counted_tree()).sum())
    most = total // 2
    certain = advice_for(limit(most, Count.certain(total)))
    doubtful = advice_for(limit(most, Count(total, Provenance.ESTIMATE, total // 2, 2 * total)))
    assert certain is not None and doubtful is not None
    assert certain.most == most and doubtful.most == most // 2
    assert certain.left <= most and doubtful.left <= most // 2
    assert most - certain.left < max(int(weight) for weight in tokens(counted_tree()))
    assert (certain.mark, doubtful.mark) == ("", "~")


def test_the_limit_that_takes_most_away_decides_and_kept_ones_do_not() -> None:
    total = int(tokens(counted_tree()).sum())
    wide, narrow = limit(total - 100, Count.certain(total)), limit(5000, Count.certain(total))
    for limits in ((wide, narrow), (narrow, wide)):
        advice = advice_for(*limits)
        assert advice is not None and advice.most == 5000
    other = limit(9000, Count.certain(2 * total), "estimate")
    advice = advice_for(narrow, other)
    assert advice is not None and advice.most == 9000
    assert advice_for(limit(0, Count.certain(total), kept=True)) is None
    assert advice_for() is None


def test_less_is_aimed_at_until_what_is_measured_fits() -> None:
    tree = counted_tree()
    weights = tokens(tree)
    total, asked = int(weights.sum()), list[int]()

    def measure(_: str, flags: NDArray[np.bool_], __: object = None) -> int:
        asked.append(int(weights[flags].sum()))
        return asked[-1] + 700  # as where a text around the files is not in their sums

    advice = advise(
        [limit(9000, Count.certain(total))],
        tree,
        {"o200k_base": weights},
        file_kinds(tree.shape),
        None,
        measure,
    )
    assert advice is not None
    assert advice.left <= 9000 and advice.left == asked[-1] + 700
    assert len(asked) > 1 and asked[0] + 700 > 9000


def test_less_is_aimed_at_than_a_plan_leaves_that_leaves_too_much() -> None:
    """A plan may leave far less than it may; lowering the aim by little then changes nothing."""
    tree = counted_tree()
    weights = tokens(tree)
    total, wrapping = int(weights.sum()), 40

    def measure(_: str, flags: NDArray[np.bool_], __: object = None) -> int:
        return int(weights[flags].sum()) + wrapping

    for most in range(2_000, 12_000, 1_499):
        planned = advice_for(limit(most, Count.certain(total)))
        assert planned is not None
        edge = planned.left + wrapping - 1  # what is left is one token too much
        found = advise(
            [limit(edge, Count.certain(total))],
            tree,
            {"o200k_base": weights},
            file_kinds(tree.shape),
            None,
            measure,
        )
        assert found is not None and found.left <= edge


def test_what_keeps_one_limit_by_its_own_tokenizer_keeps_the_others_by_theirs() -> None:
    """The one that saves most tokens need not be the tightest: one tokenizer counts more than another."""
    tree = counted_tree()
    total = int(tokens(tree).sum())
    wide, narrow = 3 * tokens(tree), tokens(tree)
    limits = [
        limit(2 * total, Count.certain(3 * total), "wide"),
        limit(total // 4, Count.certain(total), "narrow"),
    ]
    for some in (limits, limits[::-1]):
        advice = advise(some, tree, {"wide": wide, "narrow": narrow}, file_kinds(tree.shape), None)
        assert advice is not None
        assert (advice.left, advice.most) == (advice.left, total // 4)
        assert advice.left <= total // 4


def test_where_no_one_limit_decides_less_is_left_until_all_are_kept() -> None:
    """Each tokenizer counts one half of the tree dear: what fits by one need not fit by the other."""
    tree = counted_tree()
    weights, files = tokens(tree), np.arange(len(tree.sizes))
    first, second = weights * np.where(files % 2, 9, 1), weights * np.where(files % 2, 1, 9)
    for share in (2, 3, 5, 10):
        limits = [
            limit(int(one.sum()) // share, Count.certain(int(one.sum())), name)
            for one, name in ((first, "first"), (second, "second"))
        ]
        advice = advise(limits, tree, {"first": first, "second": second}, file_kinds(tree.shape), None)
        assert advice is not None
        left = tree.takes_part.copy()
        for step in advice.steps:
            left[step.files] = False
        assert int(first[left].sum()) <= limits[0].most
        assert int(second[left].sum()) <= limits[1].most
        assert advice.left <= advice.most
