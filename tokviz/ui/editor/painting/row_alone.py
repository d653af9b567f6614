"""The background of a row that is drawn alone: the one in which somebody types, or the caret blinks."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from tokviz.text.buffer import Edit, TextBuffer
from tokviz.ui.editor.layout.rows import PlainRow
from tokviz.ui.editor.painting.backgrounds import Look, OneLine
from tokviz.ui.editor.painting.row_parts import RowPart, cut_alone
from tokviz.ui.editor.painting.scene import DisplayOptions, Tokens
from tokviz.ui.editor.painting.token_colors import TokenColors, heats_of


@dataclass(slots=True)
class _Stretches:
    """The stretches of a row in the colours of their tokens, as they were at a revision of the text."""

    revision: int
    made_for: tuple[object, ...]
    """What else they hang on."""
    offsets: list[int]
    """Where they begin and end: from the row's start to its stop."""
    colors: Sequence[bytes]
    ends_token: bool

    def take_in(self, edit: Edit) -> bool:
        """Make the stretch longer after which something was typed. False if it was another edit."""
        offsets = self.offsets
        if edit.removed or edit.revision != self.revision + 1:
            return False
        if not offsets[0] <= edit.start <= offsets[-1]:
            return False
        if edit.start == offsets[0] > 0:  # what is typed belongs to the token before: that of another row
            return False
        first = max(bisect_left(offsets, edit.start), 1)
        offsets[first:] = [offset + edit.inserted for offset in offsets[first:]]
        self.revision = edit.revision
        return True


class RowAlone:
    """Makes the backgrounds, and remembers the last: after a key it is the same but for one stretch."""

    def __init__(self, buffer: TextBuffer, colors: TokenColors) -> None:
        self._buffer = buffer
        self._colors = colors
        self._last: _Stretches | None = None

    def background(
        self, part: RowPart, look: Look, options: DisplayOptions, tokens: Tokens, selection: tuple[int, int]
    ) -> OneLine | None:
        """What is under the text of ``part``; None where there is more to it than ``OneLine`` can draw."""
        row, start, stop = part.row, part.start, part.stop
        selected = max(selection[0], start) < min(selection[1], stop)
        if tokens.source is None or selected or not isinstance(row, PlainRow):
            return None
        made_for = (start, tokens.version, options.colors, options.heat)
        stretches = self._known(made_for, stop, options) or self._anew(made_for, start, stop, options, tokens)
        if stretches is None:
            return None
        base = part.placed.segment.start
        edges = row.edges([offset - base for offset in stretches.offsets])
        return OneLine.of(look, edges, stretches.colors, stretches.ends_token)

    def _known(self, made_for: tuple[object, ...], stop: int, options: DisplayOptions) -> _Stretches | None:
        """The last row's stretches, if it is this one and was only typed in since then."""
        # (A longer token is less hot, and so are those beside it: then no row is what it was.)
        last, edit = self._last, self._buffer.last_edit if options.heat is None else None
        if last is None or last.made_for != made_for:
            return None
        if last.revision != self._buffer.revision and not (edit and last.take_in(edit)):
            return None
        return last if last.offsets[-1] == stop else None

    def _anew(
        self, made_for: tuple[object, ...], start: int, stop: int, options: DisplayOptions, tokens: Tokens
    ) -> _Stretches | None:
        self._last = None
        if tokens.source is None:
            return None
        run = tokens.source.tokens_in(start, stop)
        cut = cut_alone(start, stop, run)
        if cut is not None:
            heats = heats_of(tokens.source, run, options.heat)
            colors = self._colors.each(run, cut.tokens, tokens.special, heats, options.colors)
            self._last = _Stretches(self._buffer.revision, made_for, cut.offsets, colors, cut.ends_token)
        return self._last
