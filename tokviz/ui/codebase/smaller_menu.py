"""The menu that makes files smaller: a toggle for each way, with what it saves before it is chosen."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from tokviz.analysis import formatting
from tokviz.analysis.codebase.shortened_counts import Saving
from tokviz.analysis.codebase.tree_shape import TOP
from tokviz.documents.shortening.shortenings import Shortening
from tokviz.language import _, ngettext, number
from tokviz.ui.codebase.shortening import Shortenings
from tokviz.ui.common.staying_menu import StayingMenu

_MOST_NAMED = 8
_TIPS = {
    Shortening.NOTEBOOKS: _("Source, prose and text output; images are named by type and size"),
    Shortening.LOCK_FILES: _("Name, size, and that it is a lock file"),
    Shortening.MINIFIED: _("Name, size, and that it is minified; source maps too"),
    Shortening.BASE64: _("Type and size in the place of what is encoded; certificates too"),
    Shortening.COMMENTS: _("Where a lexer tells them from strings; documentation strings stay"),
    Shortening.BLANK_LINES: _("Outside strings, in languages where they mean nothing"),
}


class SmallerMenu(StayingMenu):
    """For one file or folder, or all. Opening it has what is not known yet worked out."""

    def __init__(
        self,
        title: str,
        shortenings: Shortenings,
        tokenizer: Callable[[], str],
        node: int = TOP,
        parent: QWidget | None = None,
    ) -> None:
        """``tokenizer``: by which the savings are told."""
        super().__init__(title, parent)
        self._shortenings = shortenings
        self._tokenizer = tokenizer
        self._node = node
        self.setToolTipsVisible(True)
        self._says = self.addAction("")
        self._says.setEnabled(False)
        self.addSeparator()
        self.toggles = {one: self._toggle(one) for one in Shortening}
        self.addSeparator()
        self._kept = self.addAction("")
        self._kept.setEnabled(False)
        self._stop = self.addAction(_("&Stop"), shortenings.stop)
        self._none = self.addAction(_("Shorten &Nothing"), shortenings.restore_all)
        self._none.setVisible(node == TOP)
        self.aboutToShow.connect(self._open)
        shortenings.changed.connect(self._renew_visible)

    @property
    def says(self) -> str:
        """What its first line says."""
        return self._says.text()

    def _toggle(self, one: Shortening) -> QAction:
        entry = QAction(formatting.sentence(one.words), self, checkable=True)
        entry.setToolTip(_TIPS[one])
        entry.triggered.connect(lambda on: self._shortenings.choose(one, on, self._node))
        self.addAction(entry)
        return entry

    def _open(self) -> None:
        self._shortenings.measure()
        self.renew()

    def _renew_visible(self) -> None:
        if self.isVisible():
            self.renew()

    def renew(self) -> None:
        """Say what is known now."""
        known, name = self._shortenings, self._tokenizer()
        savings = known.savings(name, self._node) if name else []
        self._says.setText(self._state(name))
        for one in savings:
            self._show(one, name)
        for entry in self.toggles.values() if not savings else ():
            entry.setEnabled(False)
        self._stop.setVisible(known.under_way)
        self._none.setEnabled(any(one.chosen for one in savings))
        reasons = known.kept(self._node)
        self._kept.setVisible(bool(reasons))
        self._kept.setText(
            ngettext(
                "{n} file cannot be shortened in every way",
                "{n} files cannot be shortened in every way",
                len(reasons),
            )
        )
        self._kept.setToolTip("\n".join([*reasons[:_MOST_NAMED], *(["…"] if reasons[_MOST_NAMED:] else [])]))

    def _state(self, name: str) -> str:
        known = self._shortenings
        if known.under_way:
            return _("Working out what each saves: {share}", share=known.share_done)
        if not known.measured:
            return _("What each saves is worked out when every file is counted")
        return _("Tokens saved, by {tokenizer}", tokenizer=name)

    def _show(self, saving: Saving, name: str) -> None:
        entry, saves = self.toggles[saving.shortening], saving.saves(name)
        label = formatting.sentence(saving.shortening.words)
        if 0 < saving.chosen < saving.files:
            label = ngettext(
                "{shortening} (in {chosen} of {n} file)",
                "{shortening} (in {chosen} of {n} files)",
                saving.files,
                shortening=label,
                chosen=number(saving.chosen),
            )
        saved = formatting.mark(saving.after[name]) + number(saves)
        entry.setText(f"{label}\t−{saved}")
        entry.setEnabled(saves > 0 or saving.chosen > 0)
        entry.setChecked(0 < saving.files == saving.chosen)
        entry.setToolTip(
            # Translators: {what} says what a shortening does
            ngettext(
                "{what}.\nSaves {tokens} in {n} file.",
                "{what}.\nSaves {tokens} in {n} files.",
                saving.files,
                what=_TIPS[saving.shortening],
                tokens=formatting.tokens(saves, saved),
            )
        )
