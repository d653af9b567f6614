"""One covering of a text by fewest pieces, in the text's own bytes."""

import numpy as np

from tokviz.tokenization.claude.cover import fewest_pieces
from tokviz.tokenization.claude.normalization import Normalizer
from tokviz.tokenization.claude.piece_table import PieceTable
from tokviz.tokenization.claude.rewriting import Rewriter
from tokviz.tokenization.claude.spans import Numbers
from tokviz.tokenization.claude.vocabulary import Codes, Vocabulary
from tokviz.tokenization.token_tables import bytes_before

_LINE_FEED = ord("\n")


class Coverer:
    """Covers texts for one family. Immutable."""

    def __init__(self, normalizer: Normalizer, rewriter: Rewriter, vocabulary: Vocabulary) -> None:
        self._normalizer = normalizer
        self._rewriter = rewriter
        self._vocabulary = vocabulary
        self.pieces = PieceTable(vocabulary)

    def cover(self, data: bytes) -> tuple[Numbers, Numbers]:
        """Of each piece its number (see ``PieceTable``) and the byte of ``data`` (UTF-8, not empty) at which
        it ends, both ``int64[count]``; the ends never decrease. A piece may be empty: a mark that is a token
        by itself. The last takes in what costs nothing behind it."""
        text = data.decode()
        codes, ends = self._normalizer.characters(text)
        until = bytes_before(text)[ends]
        kept = int(np.flatnonzero(np.append(True, codes != _LINE_FEED))[-1])
        body = self._body(codes[:kept], until[:kept], data)
        tail = self._tail(until[kept:])
        numbers, pieces = np.concatenate([body, tail], axis=1)
        pieces[-1:] = len(data)
        return numbers, pieces

    def _body(self, codes: Codes, until: Numbers, data: bytes) -> Numbers:
        """``int64[2, count]``: numbers and ends of the pieces of a text without its last line feeds.
        ``until``: the byte to which each character reaches."""
        framed = np.concatenate([[0], codes, [0]]).astype(np.uint32)
        text = self._rewriter.rewrite(framed, np.array([data[:1] == b" "]))
        inside = slice(1, len(text.codes) - 1)
        codes, reached = text.codes[inside], np.append(0, until)[text.ends[inside] - 1]
        starts, stops = _last_pieces(fewest_pieces(self._vocabulary, codes)[1])
        ends = reached[stops - 1]
        # What a character costs beyond one token are its last bytes, one each.
        price = np.where(stops - starts == 1, self._vocabulary.prices(codes[starts]), 1).astype(np.int64)
        size = ends - np.where(starts > 0, reached[starts - 1], 0)
        left = np.repeat(np.cumsum(price), price) - np.arange(price.sum()) - 1
        whole = np.repeat(size >= price, price)
        pieces: Numbers = np.repeat(ends, price) - np.where(whole, left, 0)
        return np.stack([self.pieces.numbers(codes, starts, stops, price), pieces])

    def _tail(self, until: Numbers) -> Numbers:
        """The same of the line feeds at the end. The frame puts two more behind them, and the last piece is
        its own."""
        if not len(until):
            return np.zeros((2, 0), np.int64)
        run = np.full(len(until) + 2, _LINE_FEED, np.uint32)
        starts, stops = _last_pieces(fewest_pieces(self._vocabulary, run)[1])
        numbers = self.pieces.numbers(run, starts, stops, np.ones(len(starts), np.int64))
        return np.stack([numbers, until[np.minimum(stops, len(until)) - 1]])[:, :-1]


def _last_pieces(last: Numbers) -> tuple[Numbers, Numbers]:
    """Starts and ends of the pieces that ``fewest_pieces`` tells of from the end on."""
    starts, stops, stop = [], [], len(last)
    begins = last.tolist()
    while stop:
        stops.append(stop)
        stop = begins[stop - 1]
        starts.append(stop)
    return np.array(starts[::-1], np.int64), np.array(stops[::-1], np.int64)
