"""The data of the text, or of the selection, in other forms: what each takes, and what it loses."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from tokviz.analysis.comparison.comparison_table import ComparisonEntry
from tokviz.analysis.forms import forms_export as export
from tokviz.analysis.forms.forms import SOURCES, form_named
from tokviz.analysis.forms.forms_export import FormRow
from tokviz.analysis.forms.values import MOST_BYTES
from tokviz.language import _, gettext, ngettext
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Phase
from tokviz.tokens import Count
from tokviz.ui.common.cell_table import CellTable
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.widgets import caption, fill, name_box, offer, plain_label
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.compare.form_lines import COPY, all_lines, form_lines
from tokviz.worker.form_jobs import Forms, WriteForms
from tokviz.worker.jobs import CountPassages

_PAUSE = 400
"""Milliseconds without an edit or another selection after which all is made anew."""
_ALL = _("All tokenizers")


class FormsTab(QWidget):
    """Has the worker write and count the forms, while it is shown."""

    text_wanted = Signal(bytes, str)
    """The user wants to open a form (UTF-8) as a text of this title."""
    information = Signal(str)
    failed = Signal(str)

    def __init__(
        self,
        buffer: TextBuffer,
        entries: Sequence[ComparisonEntry],
        worker: Worker,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._buffer, self._worker = buffer, worker
        self._selection = (0, 0)
        self._ticket: int | None = None
        self.found: Forms | None = None
        """What the worker found; None while it works, and where there are no data."""
        self.rows: Sequence[FormRow] = ()
        """The text as it is, then each form."""
        self.table = CellTable(_("The same data in other forms"))
        self._sources = ChoiceBox()
        name_box(self._sources, _("Form of the text"))
        # Translators: stands after "Read as".
        self._sources.addItem(_("what it is"), None)
        for name in SOURCES:
            self._sources.addItem("JSON" if name == "json" else gettext(form_named(name).title), name)
        self._tokenizers = ChoiceBox()
        name_box(self._tokenizers, _("Tokenizer that counts the forms"))
        self._tokenizers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._tokenizers.setMinimumContentsLength(24)
        self._state = plain_label(role="muted")
        self._state.setWordWrap(True)
        self._lay_out()
        self.set_entries(entries)
        self._pause = Debouncer(self._begin, _PAUSE, self)
        self._sources.currentIndexChanged.connect(self._begin)
        self._tokenizers.currentIndexChanged.connect(self._show)
        self.table.link_chosen.connect(self._take_away)
        self.table.line_chosen.connect(self._open)
        buffer.follow(Phase.VIEW, lambda _: self._renew())

    @property
    def names(self) -> list[str]:
        """The tokenizers and estimators that have counted all forms."""
        return [name for name in self._names if self.rows and name in self.rows[0].counts]

    def set_entries(self, entries: Sequence[ComparisonEntry]) -> None:
        """Count with these."""
        shown = self._tokenizers.currentData() or ""
        self._names = [each.name for each in entries]
        offer(self._tokenizers, [*((each.title, each.name) for each in entries), (_ALL, None)], shown)

    def set_selection(self, start: int, stop: int) -> None:
        """Take the bytes from ``start`` to ``stop``, or the whole text where that is nothing."""
        selection = (start, stop) if start < stop else (0, 0)
        if selection != self._selection:
            self._selection = selection
            self._renew()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.found is None and self._ticket is None:
            self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pause.cancel()

    # -- what the worker does --------------------------------------------------------------------------

    def _renew(self) -> None:
        """The text, or what is selected in it, is another."""
        self._forget()
        if self.isVisible():
            self._pause.restart()

    def _forget(self) -> None:
        self._worker.cancel(self._ticket)
        self._ticket, self.found = None, None

    def _begin(self) -> None:
        self._forget()
        if not self.isVisible():
            return
        start, stop = self._selection if any(self._selection) else (0, len(self._buffer))
        start, stop = self._buffer.boundary_before(start), self._buffer.boundary_after(stop)
        if stop - start > MOST_BYTES:
            said = ngettext(
                "Other forms are made of up to {n} byte: select a part of the text.",
                "Other forms are made of up to {n} bytes: select a part of the text.",
                MOST_BYTES,
            )
            self._say_nothing(said)
            return
        text = self._buffer.slice(start, stop)
        self._state.setText(_("Writing the data in other forms…"))
        job = WriteForms(text, self._sources.currentData())
        self._ticket = self._worker.submit(job, partial(self._take, text), self._say_nothing)

    def _say_nothing(self, sentence: str) -> None:
        self._ticket, self.rows = None, ()
        self._state.setText(
            # Translators: {sentence} says why there are none.
            _("{sentence} Data show here as JSON, YAML, CSV, XML, TOON and others.", sentence=sentence)
        )
        self.table.set_table((), ())

    def _take(self, text: bytes, found: Forms) -> None:
        self._ticket, self.found = None, found
        self.rows = [
            export.as_it_is(text, found.source, {}),
            *(export.form_row(each, {}) for each in found.written),
        ]
        self._show()
        self._count()

    def _count(self) -> None:
        """Count with one more tokenizer, the chosen one first."""
        chosen = self._tokenizers.currentData()
        waiting = sorted(
            set(self._names) - set(self.names), key=lambda name: (name != chosen, self._names.index(name))
        )
        if self.found is None or not waiting:
            return
        name = waiting[0]
        texts = tuple(row.written.text for row in self.rows if not row.written.problem)
        job = CountPassages(name, texts, forms=True)
        self._ticket = self._worker.submit(job, partial(self._counted, name), partial(self._uncounted, name))

    def _counted(self, name: str, counts: tuple[Count, ...]) -> None:
        self._ticket = None
        rows = (row for row in self.rows if not row.written.problem)
        for row, count in zip(rows, counts, strict=True):
            row.counts[name] = count
        self._show()
        self._count()

    def _uncounted(self, name: str, sentence: str) -> None:
        self._ticket = None
        self._names.remove(name)
        self.failed.emit(sentence)
        self._count()

    # -- what is shown ---------------------------------------------------------------------------------

    def _show(self) -> None:
        if self.found is None:
            return
        chosen = self._tokenizers.currentData()
        if chosen is None:
            self.table.set_table(*all_lines(self.rows, self.names))
        else:
            self.table.set_table(*form_lines(self.rows, str(chosen)))
        form = gettext(self.found.source)
        # Translators: {form} is such as "JSON" or "Markdown table".
        said = _("The text is read as {form}.", form=form)
        if any(self._selection):
            # Translators: {form} is such as "JSON" or "Markdown table".
            said = _("The selection is read as {form}.", form=form)
        self._state.setText(" ".join((said, *self.found.note_words)))

    def _take_away(self, name: str, column: int) -> None:
        if column != COPY:
            self._open(name)
            return
        if self.found is None:
            self.information.emit(_("The data are being written again; copy them in a moment."))
            return
        row = self._row(name)
        QGuiApplication.clipboard().setText(row.written.text.decode())
        said = ngettext(
            "{form} is on the clipboard: {n} byte.",
            "{form} is on the clipboard: {n} bytes.",
            len(row.written.text),
            form=row.words,
        )
        self.information.emit(said)

    def _open(self, name: str) -> None:
        """Open a form; nothing for the text as it is, and for what cannot be written."""
        if self.found and any(row.name == name for row in self.rows[1:]):
            row = self._row(name)
            if not row.written.problem:
                self.text_wanted.emit(row.written.text, _("The data as {form}", form=row.words))

    def _row(self, name: str) -> FormRow:
        return next(row for row in self.rows if row.name == name)

    def _lay_out(self) -> None:
        sources = caption(_("Rea&d as"), self._sources)
        tokenizers = caption(_("Co&unted by"), self._tokenizers)
        head = fill(QHBoxLayout(), sources, self._sources, tokenizers, self._tokenizers, spacing=8)
        head.addStretch(1)
        fill(QVBoxLayout(self), head, self._state, self.table, wide=self.table, above=6)
