"""Going back to where the reader was in each text, in a window that takes the place of another."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject

from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.text.files import DocumentFiles
from tokviz.ui.text.open_texts import OpenTexts


class Returning(QObject):
    """Waits for the texts whose files are still to be read."""

    def __init__(self, texts: OpenTexts, files: DocumentFiles, view: TokenView) -> None:
        super().__init__(files)
        self._texts, self._files, self._view = texts, files, view
        self._places: dict[str, Sequence[int]] = {}
        self._order: list[str] = []
        self._front = ""
        files.exchanged.connect(self._go_on)

    def return_to(self, places: Mapping[str, Sequence[int]], front: str) -> None:
        """Go to these places, now or once the file is read, and show the text in ``front``; both as
        ``OpenTexts`` has them, which then has the texts in this order."""
        self._places, self._order, self._front = dict(places), list(places), front
        for key in places:
            if (index := self._texts.find_key(key)) is not None:
                self._texts.show(index)
                self._return()
        self._show_front()

    def _go_on(self) -> None:
        self._return()
        self._show_front()

    def _return(self) -> None:
        """Go where the reader was in the text in front, if they are not there yet."""
        if (place := self._places.pop(self._texts.front_key, None)) is not None:
            anchor, caret, top, aside = place
            view, size = self._view, len(self._view.buffer)
            view.select(min(anchor, size), min(caret, size))
            # The file may have changed: a line that begins there is one for sure.
            view.set_scroll_state((view.buffer.lines.start_of_line(min(top, size)), 0, aside))

    def _show_front(self) -> None:
        """Once all are there; an empty text, if that was in front, is not."""
        if self._files.waits:
            return
        front, self._front = self._front, ""
        order, self._order = self._order, []
        if front and (index := self._texts.find_key(front)) is not None:
            self._texts.show(index)
        if order:
            self._texts.arrange(order)
