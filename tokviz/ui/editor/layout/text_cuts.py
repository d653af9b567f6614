"""Where a long text may be cut for display without tearing a character as people see it."""

from PySide6.QtCore import QTextBoundaryFinder

from tokviz.ui.common.text_positions import Utf16Map, for_qt


def last_cut(window: bytes) -> int:
    """The last good place to cut ``window`` (valid UTF-8), 0 if there is none but its end.

    After a blank if possible, else between two ASCII characters, else between two characters as people see
    them. Its very end is no candidate, as what follows is not known.
    """
    blank = window.rfind(b" ", 0, len(window) - 1)
    if blank > 0 and window[blank - 1] < 0x80 and 0x20 <= window[blank + 1] < 0x80:
        return blank + 1
    for at in range(len(window) - 1, 0, -1):
        if 0x20 <= window[at] < 0x7F and 0x20 <= window[at - 1] < 0x7F:
            return at
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, for_qt(window.decode()))
    positions = Utf16Map(window)
    finder.setPosition(positions.units)
    found = finder.toPreviousBoundary()
    return positions.byte(found) if found > 0 else 0
