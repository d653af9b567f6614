"""What the window expects of each of its pages."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from tokviz.tokens import Count
from tokviz.ui.common.theme import Theme


def model_key(model_id: str) -> str:
    """Under which name a page's counts have what one model counts; no tokenizer is called so."""
    return f"model {model_id}"  # verbatim


class Page(QWidget):
    """One page on the left of the window. The window shows its counts, its location and its menu entries."""

    wanted_width = 0
    """Pixels that the page is to have beside the models panel, where the window has them and the user gave
    the panel no width of its own; 0: it takes what the panel leaves."""

    problem = Signal(str)
    """One sentence about what failed and what to do."""
    problem_over = Signal(str)
    """What this sentence told of is over; empty: so is all else that the page told."""
    information = Signal(str)
    """One sentence about what happened; it passes by."""
    offer = Signal(str, str, object)
    """One sentence about what happened, and what can be done about it: a button's text, and what it calls."""
    counts_changed = Signal()
    location_changed = Signal()
    """The title or the status line of the page changed."""
    work_changed = Signal()
    """The work under way, its progress, or its end."""

    @property
    def title(self) -> str:
        """What the page's tab says."""
        raise NotImplementedError

    @property
    def icon_name(self) -> str:
        """The icon of the page's tab: see ``icon``."""
        raise NotImplementedError

    @property
    def location(self) -> str:
        """What is open here (a file's path, a folder), for the window's title; empty if nothing."""
        return ""

    @property
    def status(self) -> str:
        """The status line: what is open."""
        return ""

    @property
    def status_line(self) -> QWidget | None:
        """A widget to stand in the status bar instead of ``status``; None: that is shown."""
        return None

    @property
    def work(self) -> str:
        """What is being done right now, with its progress; empty if nothing."""
        return ""

    @property
    def modified(self) -> bool:
        """Whether what is open differs from its file."""
        return False

    def may_close(self) -> bool:
        """Whether the window may close; a page with unsaved work asks the user here."""
        return True

    def stay(self) -> None:
        """The window stays open after all, although this page would have let it close."""

    def counts(self) -> Mapping[str, Count]:
        """Tokens by tokenizer and estimator name of what the page shows; absent: not counted yet.

        What a single model makes of it, with its own framing, stands under its ``model_key``.
        """
        return {}

    def counts_with(self, name: str) -> bool:
        """Whether the page counts, or will count, with that tokenizer or estimator without being asked."""
        return True

    def most_tokens(self, name: str) -> int | None:
        """An upper bound of the tokens that the page's content has under that tokenizer, known without
        counting; None: there is none."""
        return None

    def set_needed(self, names: Sequence[str]) -> None:
        """Count with these tokenizers and estimators, the first of them first: their figures can be seen. A
        page that counts by a choice of its own does not."""

    def count_also(self, names: Sequence[str]) -> None:
        """Count with these too, as the user asks."""

    def actions_for(self, menu: str) -> list[QAction]:
        """The page's entries for the menu ``file``, ``edit``, ``view`` or ``tools``, separators included."""
        return []

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""

    def stop(self) -> bool:
        """End the long work under way, as Esc asks; False if there is none."""
        return False
