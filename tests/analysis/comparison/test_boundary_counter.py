"""The counter of boundaries: its metrics add up over texts to what each comparison says."""

import pytest

from tokviz.analysis.comparison.comparison import BoundaryCounter, compare
from tokviz.analysis.tokens.statistics import text_size
from tokviz.assets import Assets
from tokviz.tokenization.registry import Registry

TEXTS = [b"", b"a", "Tokens, tokens: naïve 漢字 🙂\r\n".encode() * 20, b"def f(x):\n    return x + 12345\n"]


@pytest.fixture(scope="module")
def counter() -> BoundaryCounter:
    registry = Registry(Assets())
    return BoundaryCounter([registry.get(name) for name in ("o200k_base", "r50k_base", "mistral-v3")])


def test_every_text_is_compared_by_itself(counter: BoundaryCounter) -> None:
    registry = Registry(Assets())
    values = counter.count(TEXTS)
    assert values.shape == (len(TEXTS), len(counter.columns))
    assert len(set(counter.columns)) == len(counter.columns)
    for row, text in zip(values.tolist(), TEXTS, strict=True):
        sums = dict(zip(counter.columns, row, strict=True))
        ends = [registry.get(name).encode(text).ends for name in counter.names]
        assert [sums[name] for name in counter.names] == [len(each) for each in ends]
        expected = compare(len(text), ends).counts
        found = counter.boundaries(sums.__getitem__)
        assert (found.common, found.differing) == (expected.common, expected.differing)
        assert found.shared.tolist() == expected.shared.tolist()
        assert counter.words(sums.__getitem__) == text_size(text).words


def test_figures_add_up(counter: BoundaryCounter) -> None:
    sums = dict(zip(counter.columns, counter.count(TEXTS).sum(axis=0).tolist(), strict=True))
    total = counter.boundaries(sums.__getitem__)
    single = [
        counter.boundaries(dict(zip(counter.columns, row, strict=True)).__getitem__)
        for row in counter.count(TEXTS).tolist()
    ]
    added = single[0] + single[1] + single[2] + single[3]
    assert total.shared.tolist() == added.shared.tolist()
    assert (total.common, total.differing) == (added.common, added.differing)
