"""The extent of every character of a line in which text runs both ways."""

import unicodedata
from itertools import groupby
from typing import NamedTuple, cast

from PySide6.QtGui import QTextLine

from tokviz.ui.editor.layout.shaping import ShapedChunk

_NEAR = 0.5
"""Pixels: less is no gap."""


class Cell(NamedTuple):
    """One character as people see it: its bytes in the chunk, and where it stands."""

    start: int
    end: int
    left: float
    right: float
    backwards: bool


def character_cells(chunk: ShapedChunk, line: QTextLine) -> list[Cell]:
    """The cells of a line, in the order of the text.

    A character stands between its leading and its trailing edge. Only at the beginning of a run against the
    line's direction does Qt give for both the x where the caret comes from; such characters stand in the gaps
    that the others leave. (``QGlyphRun.stringIndexes`` would tell all, but is wrong where a run has
    glyphs of two fonts, and so are the widths of glyphs that Qt hides.)
    """
    cells: list[Cell] = []
    lost: list[bool] = []
    text = chunk.layout.text().encode("utf-16-le", "surrogatepass")
    unit, stop = line.textStart(), line.textStart() + line.textLength()
    before: float | None = None
    while unit < stop:
        following = min(max(unit + 1, chunk.layout.nextCursorPosition(unit)), stop)
        leading, reached = cast(tuple[float, int], line.cursorToX(unit))
        trailing, _ = cast(tuple[float, int], line.cursorToX(unit, QTextLine.Edge.Trailing))
        if cells and cells[-1].left < leading < cells[-1].right and before == trailing:
            cells[-1] = _cut_off(cells[-1], leading)  # the two share one glyph
        edges = min(leading, trailing), max(leading, trailing)
        cell = Cell(chunk.byte(unit), chunk.byte(following), *edges, trailing < leading)
        letter = text[2 * unit : 2 * following].decode("utf-16-le", "replace")[0]
        lost.append(reached != unit or _is_lost(letter, cell))
        cells.append(cell._replace(backwards=_against(letter, chunk.right_to_left)) if lost[-1] else cell)
        unit, before = following, trailing
    _mend_turns(cells, lost, line)
    if any(lost):
        _fill_gaps(cells, lost, line)
    return cells


def composing_x(chunk: ShapedChunk, line: QTextLine, cursor: int) -> float:
    """Where the caret stands in what is being composed, ``cursor`` UTF-16 units into it: at the edge of a
    character of its own, where Qt would answer with the far side of the run before."""
    cells = character_cells(chunk, line)
    unit, number = line.textStart(), 0
    stop = min(chunk.preedit_at + cursor, unit + line.textLength())
    while unit < stop:
        unit = max(unit + 1, chunk.layout.nextCursorPosition(unit))
        number += 1
    if not number or (cursor < chunk.preedit_units and number < len(cells)):
        cell = cells[number]
        return cell.right if cell.backwards else cell.left
    cell = cells[number - 1]
    return cell.left if cell.backwards else cell.right


def _mend_turns(cells: list[Cell], lost: list[bool], line: QTextLine) -> None:
    """Set right the leading edge of characters at which the direction turns, where it is another's."""
    turns = {
        number
        for number in range(1, len(cells))
        if not lost[number] and cells[number].backwards is not cells[number - 1].backwards
    }
    if not turns:
        return
    sure = [cell for number, cell in enumerate(cells) if number not in turns and not lost[number]]
    gaps = _gaps(sure, line)
    for number in turns:
        cell = cells[number]
        if any(gap[0] - _NEAR <= cell.left and cell.right <= gap[1] + _NEAR for gap in gaps):
            continue
        trailing = cell.left if cell.backwards else cell.right
        for left, right in gaps:
            if abs((left if cell.backwards else right) - trailing) < _NEAR:
                cells[number] = cell._replace(left=left, right=right)


def _cut_off(cell: Cell, edge: float) -> Cell:
    """What of ``cell`` the character after it, which begins at ``edge``, leaves."""
    return cell._replace(left=edge) if cell.backwards else cell._replace(right=edge)


def _is_lost(letter: str, cell: Cell) -> bool:
    """Whether Qt did not tell the extent of ``letter``."""
    if cell.left == cell.right:
        return unicodedata.category(letter) not in ("Cf", "Cc", "Mn", "Me")
    direction = unicodedata.bidirectional(letter)
    return (direction in ("R", "AL") and not cell.backwards) or (direction == "L" and cell.backwards)


def _against(letter: str, right_to_left: bool) -> bool:
    """Whether a lost character runs backwards; where it does not tell, it is against the line."""
    direction = unicodedata.bidirectional(letter)
    if direction in ("R", "AL"):
        return True
    return not right_to_left and direction not in ("L", "EN", "AN")


def _fill_gaps(cells: list[Cell], lost: list[bool], line: QTextLine) -> None:
    """Give each run of lost cells the gap beside the character that follows it."""
    gaps = _gaps([cell for cell, gone in zip(cells, lost, strict=True) if not gone], line)
    for gone, group in groupby(range(len(cells)), key=lambda number: lost[number]):
        numbers = list(group)
        if not gone:
            continue
        after = cells[numbers[-1] + 1] if numbers[-1] + 1 < len(cells) else None
        before = cells[numbers[0] - 1] if numbers[0] else None
        x, backwards = cells[numbers[0]].left, cells[numbers[0]].backwards
        if after and after.right > after.left:
            x = after.right if after.backwards else after.left
        if gaps:
            left, right = min(gaps, key=lambda gap: min(abs(gap[0] - x), abs(gap[1] - x)))
            gaps.remove((left, right))
        elif before:  # no room of its own: a part of the glyph before
            left, right = before.left, before.right
            numbers.insert(0, numbers[0] - 1)
        else:
            continue
        _divide(cells, numbers, left, right, backwards)


def _divide(cells: list[Cell], numbers: list[int], left: float, right: float, backwards: bool) -> None:
    """Share the extent from ``left`` to ``right`` out among these cells."""
    step = (right - left) / len(numbers)
    for position, number in enumerate(numbers):
        start = right - (position + 1) * step if backwards else left + position * step
        cells[number] = cells[number]._replace(left=start, right=start + step, backwards=backwards)


def _gaps(cells: list[Cell], line: QTextLine) -> list[tuple[float, float]]:
    """What of the line's extent no cell covers."""
    extent = line.naturalTextRect()
    gaps = []
    reached = extent.left()
    for cell in sorted(cells, key=lambda cell: cell.left):
        if cell.left - reached > _NEAR:
            gaps.append((reached, cell.left))
        reached = max(reached, cell.right)
    if extent.right() - reached > _NEAR:
        gaps.append((reached, extent.right()))
    return gaps
