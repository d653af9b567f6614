"""Matrices of counts: totals, and what each tokenizer costs against another."""

import numpy as np
import pytest

from tokviz.analysis.comparison.count_matrix import CountMatrix, matrix

FOUND = matrix(["Python", "JSON", "empty"], ["a", "b"], [100, 50, 0], [[20, 25], [30, 24], [0, 0]])


def test_totals_add_the_rows() -> None:
    size, tokens = FOUND.total()
    assert size == 150 and tokens.tolist() == [50, 49]


def test_the_fewest_tokens_of_a_row_are_its_measure() -> None:
    assert FOUND.above_least().tolist() == [[0.0, 0.25], [0.25, 0.0], [0.0, 0.0]]


def test_rows_compare_under_the_same_tokenizer() -> None:
    ratios = FOUND.against_row(0)
    assert ratios[1].tolist() == pytest.approx([1.5, 0.96])
    assert np.isnan(FOUND.against_row(2)).all()


def test_nothing_compares_with_nothing() -> None:
    none = matrix([], ["a"], [], [])
    assert none.total()[0] == 0 and none.above_least().shape == (0, 1)
    assert matrix(["x"], [], [1], [[]]).above_least().shape == (1, 0)


def test_shapes_must_fit() -> None:
    with pytest.raises(ValueError, match="do not fit 1 rows and 2 columns"):
        CountMatrix(("x",), ("a", "b"), np.zeros(1, np.int64), np.zeros((2, 2), np.int64))
