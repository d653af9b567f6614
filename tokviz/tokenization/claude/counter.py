"""How many tokens Claude counts for a text, in families whose vocabulary was rebuilt from its counts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tokviz.assets import Assets
from tokviz.tokenization.claude.characters import read_characters
from tokviz.tokenization.claude.covering import Coverer
from tokviz.tokenization.claude.families import Family
from tokviz.tokenization.claude.normalization import Normalizer, to_utf8
from tokviz.tokenization.claude.pairs import PairPricer
from tokviz.tokenization.claude.pricing import Pricer
from tokviz.tokenization.claude.rewriting import Rewriter
from tokviz.tokenization.claude.spans import BEGIN, BEGIN_WITH_SPACE, END, Splitter, Units
from tokviz.tokenization.claude.vocabulary import Vocabulary

_BLOCK = 1 << 19
"""Units worked on at once, few enough to stay in the processor's cache."""
_WHITE_SPACE = b" \t\n\r\x0b\x0c"


class ClaudeCounter:
    """Counts texts for one family. Keeps what it found, so it gets faster with use.

    A text's count is what the maker's ``count_tokens`` answers for it as one user message, less the frame's
    tokens (``Family.frame_tokens``); an empty text has none.
    """

    def __init__(self, assets: Assets, family: Family) -> None:
        """Read the family's files; OSError or ValueError if they cannot be."""
        folder = assets.path("vocabularies")
        characters = read_characters(folder / "claude-characters.npy")
        vocabulary = Vocabulary(folder / f"{family.vocabulary}.json")
        rewriter = Rewriter(family, characters)
        self._family = family
        self._normalizer = Normalizer(family)
        self._splitter = Splitter(characters)
        self._pricer = Pricer(rewriter, vocabulary)
        self._pairs = PairPricer(self._pricer, self._splitter)
        self._coverer = Coverer(self._normalizer, rewriter, vocabulary)
        self.pieces = self._coverer.pieces

    def count(self, text: str | bytes) -> int:
        """Tokens of one text, as a string or in UTF-8."""
        return int(self.count_many([text if isinstance(text, bytes) else to_utf8(text)])[0])

    def cover(self, text: str | bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Numbers of our own for the tokens, and the byte of the text (UTF-8) at which each ends, never
        decreasing, if the text is covered by as few pieces as can be: both ``int64[count]``. Claude's own
        boundaries and ids are not known: there may be other such coverings. UnicodeDecodeError for bytes that
        are not UTF-8."""
        data = text if isinstance(text, bytes) else to_utf8(text)
        kept = data.rstrip(_WHITE_SPACE) if self._family.ignores_final_space else data
        if not kept:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        numbers, ends = self._coverer.cover(kept)
        ends[-1:] = len(data)
        return numbers, ends

    def count_many(self, texts: Sequence[bytes]) -> NDArray[np.int64]:
        """Tokens of each text (UTF-8); many small ones together take much less time than one by one."""
        counts = np.zeros(len(texts), np.int64)
        narrow = _Stream(counts, self._splitter, self._pairs, np.uint8)
        wide = _Stream(counts, self._splitter, self._pairs, np.uint16)
        for index, data in enumerate(texts):
            if self._family.ignores_final_space:
                data = data.rstrip(_WHITE_SPACE)
            if not data:
                continue
            edge = BEGIN_WITH_SPACE if data[:1] == b" " else BEGIN
            units = self._normalizer.units(data)
            if not len(units):
                counts[index] = self._pricer.nothing
            else:
                (narrow if units.dtype == np.uint8 else wide).add(index, edge, units)
        narrow.finish()
        wide.finish()
        self._pairs.settle(counts)
        return counts


class _Stream:
    """Texts one after the other, priced block by block."""

    def __init__(
        self,
        counts: NDArray[np.int64],
        splitter: Splitter,
        pricer: PairPricer,
        dtype: type[np.uint8] | type[np.uint16],
    ) -> None:
        """``counts``: where the tokens of each text are added up."""
        self._counts = counts
        self._splitter = splitter
        self._pricer = pricer
        self._dtype = dtype
        self._waiting: list[Units] = []
        self._size = 0
        self._enough = _BLOCK
        self._texts: list[int] = []
        self._current = 0

    def add(self, index: int, edge: int, units: Units) -> None:
        """Append a text that is not empty; its tokens are added to ``counts[index]``."""
        self._texts.append(index)
        self._append(np.array([edge], self._dtype))
        for start in range(0, len(units), _BLOCK):
            self._append(units[start : start + _BLOCK])

    def finish(self) -> None:
        """Price what is left."""
        if self._size:
            self._append(np.array([END], self._dtype))
            self._price(final=True)

    def _append(self, units: Units) -> None:
        self._waiting.append(units)
        self._size += len(units)
        if self._size >= self._enough:
            self._price(final=False)

    def _price(self, final: bool) -> None:
        units = np.concatenate(self._waiting)
        done = self._price_block(units, final)
        # An endless span is not looked at again for every block.
        self._enough = _BLOCK if done else 2 * len(units)
        self._waiting = [units[done:]]
        self._size = len(units) - done

    def _price_block(self, units: Units, final: bool) -> int:
        """Price all units, or those before the last anchor whose surroundings are known; how many."""
        pairs = self._splitter.pairs(units)
        if not final:
            pairs = pairs.until(_last_known(pairs.starts[:-1], units))
        done = int(pairs.starts[-1])
        if done:
            prices, unknown = self._pricer.prices(units, pairs)
            edges = pairs.edges
            owners = np.array(self._sum_up(prices, edges))
            if len(unknown.pairs):
                text = owners.take(np.searchsorted(edges, unknown.pairs, side="right"), mode="clip")
                self._pricer.wait(units, pairs, unknown, text)
            if self._pricer.has_enough:
                self._pricer.settle(self._counts)
        return done

    def _sum_up(self, prices: NDArray[np.int64], edges: NDArray[np.int64]) -> list[int]:
        """Add to the text at hand, and from each edge on to the next: these texts. (None follows the last
        END.)"""
        until = np.append(0, np.cumsum(prices))
        bounds = np.concatenate(([0], edges, [len(prices)]))
        owners = [self._current, *self._texts[: len(edges)]]
        np.add.at(self._counts, owners, np.diff(until[bounds])[: len(owners)])
        self._current = owners[-1]
        del self._texts[: len(edges)]
        return owners


def _last_known(anchors: NDArray[np.int64], units: Units) -> int:
    """Which of the anchors that begin there is the last whose surroundings are known: whether letters are a
    contraction shows three units further on. 0 if none is."""
    return max(int(np.searchsorted(anchors, len(units) - 3)) - 1, 0)
