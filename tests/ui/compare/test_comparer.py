"""The comparer: what it says of token maps equals a comparison of whole tokenizations, in steps too."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from tokviz.analysis.comparison.comparison import Comparison, compare
from tokviz.analysis.tokens.token_map import TokenMap
from tokviz.assets import Assets
from tokviz.documents.samples import Samples
from tokviz.tokenization.registry import Registry
from tokviz.tokenization.splitting.split_points import SafeSplitRule
from tokviz.tokens import Tokenization
from tokviz.ui.compare import comparer as module
from tokviz.ui.compare.comparer import Comparer, map_boundaries

SAMPLES = Samples(Assets())
TEXT = b"\n".join(SAMPLES.text(name) for name in ("welcome", "python", "emoji", "thai"))
NAMES = ("o200k_base", "cl100k_base", "r50k_base")


@pytest.fixture(scope="module")
def tokenizations() -> list[Tokenization]:
    registry = Registry(Assets())
    return [registry.get(name).encode(TEXT) for name in NAMES]


def as_map(tokens: Tokenization) -> TokenMap:
    """A map that has all tokens."""
    found = TokenMap(len(TEXT), SafeSplitRule.never())
    while request := found.next_request(TEXT, (0, len(TEXT)), len(TEXT)):
        found.deliver(request.key, tokens.ids, tokens.ends)
    assert found.complete
    return found


def test_a_map_has_the_cuts_of_its_tokenization(tokenizations: list[Tokenization]) -> None:
    tokens = tokenizations[0]
    cuts = map_boundaries(as_map(tokens))
    for start, stop in ((0, len(TEXT) + 1), (1, 50), (7, 8), (100, 100), (len(TEXT), len(TEXT) + 1)):
        inside = tokens.ends[(tokens.ends >= start) & (tokens.ends < stop)]
        assert cuts(start, stop).tolist() == inside.tolist()


def test_the_whole_is_compared_in_steps(
    qtbot: QtBot, tokenizations: list[Tokenization], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_STEP", 700)
    comparer = Comparer()
    shares: list[float] = []
    comparer.changed.connect(lambda: shares.append(comparer.share))
    comparer.set_maps([as_map(each) for each in tokenizations])
    found = settled(comparer, qtbot)
    expected = compare(len(TEXT), [each.ends for each in tokenizations])
    assert np.array_equal(found.counts.shared, expected.counts.shared)
    assert np.array_equal(found.density, expected.density)
    assert len(shares) > 5 and shares == sorted(shares) and shares[-1] == 1.0
    with qtbot.waitSignal(comparer.changed):
        comparer.refresh()
    assert comparer.share < 1


def test_differing_boundaries_say_who_has_them(qtbot: QtBot, tokenizations: list[Tokenization]) -> None:
    comparer = Comparer()
    comparer.set_maps([as_map(each) for each in tokenizations])
    sets = [set(each.ends.tolist()) for each in tokenizations]
    differing = set.union(*sets) - set.intersection(*sets)
    for pane in range(len(NAMES)):
        offsets, own = comparer.differing(1, len(TEXT), pane)
        assert set(offsets.tolist()) == differing
        assert set(offsets[own].tolist()) == differing & sets[pane]
    comparer.stop()


def test_nothing_is_said_of_tokens_that_are_not_there_yet(tokenizations: list[Tokenization]) -> None:
    comparer = Comparer()
    unknown = TokenMap(len(TEXT), SafeSplitRule.never())
    comparer.set_maps([as_map(tokenizations[0]), unknown])
    assert len(comparer.differing(1, len(TEXT), 0)[0]) == 0
    assert comparer.following(0) is comparer.preceding(len(TEXT)) is None
    comparer.set_maps([as_map(tokenizations[0])])
    assert comparer.following(0) is None
    comparer.stop()


def test_differences_follow_one_another(qtbot: QtBot, tokenizations: list[Tokenization]) -> None:
    comparer = Comparer()
    comparer.set_maps([as_map(each) for each in tokenizations])
    before = walk(comparer)
    settled(comparer, qtbot)
    assert walk(comparer) == before and len(before) > 50
    assert comparer.preceding(len(TEXT)) == comparer.following(before[-1])


def walk(comparer: Comparer) -> list[int]:
    starts, place = [], comparer.following(0)
    while place:
        starts.append(place.start)
        place = comparer.following(place.stop)
    return starts


def settled(comparer: Comparer, qtbot: QtBot) -> Comparison:
    qtbot.waitUntil(lambda: comparer.result is not None)
    assert comparer.result is not None
    return comparer.result
