"""Counts of shortened files are exact for every choice, and a choice costs no reading."""

import random
from base64 import b64encode
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tokviz.analysis.codebase.scan import count, measure
from tokviz.analysis.codebase.shortened_counts import (
    MASKS,
    ShortenedCounts,
    bit_of,
    count_shortened,
    mask_of,
    savings,
    shortenings_of,
)
from tokviz.analysis.codebase.token_density_priors import TokenDensity
from tokviz.analysis.codebase.token_tree import TokenTree
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import CountPlan
from tokviz.documents.decoding import ReadOptions
from tokviz.documents.reading import make_text
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.documents.tree.reading import TextBatch

KEY = b64encode(random.Random(5).randbytes(900))
FILES = {
    "a.py": b"# a comment\n\nx = '%s'  # and one behind\n" % KEY,
    "b.ipynb": b'{"cells": [{"cell_type": "code", "source": "x", "metadata": {"long": "%s"}}]}' % (b"m" * 90),
    "broken.ipynb": b"{",
    "d.lock": b"a lock file\n" * 20,
    "e.txt": b"plain\n\n# text\n",
    "f.py": b"x = 1\n\n\ny = 2\n",
}
PLAN = CountPlan(("letters",))
WAYS = st.sets(st.sampled_from(list(Shortening)))


class Letters:
    """Counts bytes that are letters, so that no vocabulary is loaded."""

    columns = ("letters",)

    def count(self, texts: Sequence[bytes], parallel: bool = False) -> NDArray[np.int64]:
        return np.array([[sum(chr(byte).isalpha() for byte in text)] for text in texts], np.int64)


def counted(texts: dict[str, bytes], options: ReadOptions = ReadOptions()) -> TokenTree:  # noqa: B008
    batch = TextBatch()
    for number, (name, data) in enumerate(texts.items()):
        text = make_text(data, name, options)
        batch.add(number, text, len(text.text))
    (found,) = count([measure(batch)], [Letters()])
    shape = TreeShape([("root", list(texts))])
    sizes = [len(data) for data in texts.values()]
    return TokenTree.begin(shape, sizes, PLAN.columns, DENSITY).with_counts([found])


DENSITY = TokenDensity({"": 0.3}, {"letters": 1.0})


def measured(most: int = 1 << 20) -> ShortenedCounts:
    batch = TextBatch()
    for number, data in enumerate(FILES.values()):
        batch.add(number, make_text(data), len(data))
    found = list(count_shortened([batch], dict(enumerate(FILES)), [Letters()], most=most))
    assert sum(one.size for one in found) == sum(map(len, FILES.values()))
    return ShortenedCounts.of(found, len(PLAN.columns))


@pytest.mark.parametrize("most", [1, 100, 1 << 20])
@given(st.data())
def test_every_choice_counts_what_reading_so_counts(most: int, data: st.DataObject) -> None:
    wanted = data.draw(WAYS)
    tree = counted(FILES)
    found = measured(most)
    masks = np.full(len(FILES), mask_of(wanted), np.uint8)
    shorter = found.shorten(tree, masks)
    expected = counted(FILES, ReadOptions(shortened=frozenset(wanted)))
    for position, (got, want) in enumerate(zip(shorter.counted, expected.counted, strict=True)):
        assert got.tolist() == want.tolist()
        assert found.columns(tree, [position], masks).tolist() == [want.tolist()]
    texts = [make_text(data, name, ReadOptions(shortened=frozenset(wanted))) for name, data in FILES.items()]
    assert [shortenings_of(mask) for mask in shorter.shortened.tolist()] == [one.shortened for one in texts]


@given(st.lists(WAYS, min_size=len(FILES), max_size=len(FILES)))
def test_savings_are_what_changes_when_one_is_chosen(choice: list[set[Shortening]]) -> None:
    tree, found = counted(FILES).with_included([3], False), measured()
    masks = np.array([mask_of(one) for one in choice], np.uint8)
    for one in savings(tree, found, masks, PLAN):
        bit = np.uint8(bit_of(one.shortening))
        without, with_it = found.shorten(tree, masks & ~bit), found.shorten(tree, masks | bit)
        position = tree.column("letters")
        assert one.before["letters"].tokens == int(without.total()[position])
        assert one.saves("letters") == int(without.total()[position] - with_it.total()[position])
        assert one.files == int(((without.shortened != with_it.shortened) & tree.takes_part).sum())
        assert one.chosen <= one.files


def test_why_a_file_stays_is_known() -> None:
    assert measured().kept == {2: "the notebook is broken: it is no JSON"}


def test_what_is_not_asked_for_is_not_measured() -> None:
    batch = TextBatch()
    batch.add(0, make_text(FILES["a.py"]), 1)
    (found,) = count_shortened([batch], {0: "a.py"}, [Letters()], {Shortening.BASE64})
    assert found.keys.tolist() == [bit_of(Shortening.BASE64)]


def test_nothing_to_shorten() -> None:
    tree = counted({"a.txt": b"x"})
    found = ShortenedCounts.of([], len(PLAN.columns))
    assert found.shorten(tree, np.full(1, MASKS - 1, np.uint8)).counted[0].tolist() == [1]
    assert all(one.files == 0 for one in savings(tree, found, np.zeros(1, np.uint8), PLAN))
