"""How a text is packed: format, order, what stands on top, changes, the user's own text, parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from tokviz.analysis.codebase.pack_formats import PackFormat
from tokviz.analysis.codebase.pack_template import PackTemplate
from tokviz.analysis.codebase.packing import PackLayout, PackOrder
from tokviz.documents.decoding import TextFile
from tokviz.language import _
from tokviz.ui.codebase.pack_changes import PackChanges
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.file_dialogs import TEMPLATES, TEXT, ask_file
from tokviz.ui.common.mnemonics import without_mnemonic
from tokviz.ui.common.reading_margins import reading_margins
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.widgets import caption, fill, number_field, offer, tool_button
from tokviz.ui.common.worker_client import Worker
from tokviz.worker.codebase_packing import read_own_template, read_own_text

_FORM, _OWN_TEMPLATE, _ORDER = "pack/format", "pack/template", "pack/order"
_TREE, _NUMBERS, _SPLIT, _IN_PARTS = "pack/tree", "pack/line_numbers", "pack/split", "pack/in_parts"
_NAMES = {
    PackFormat.MARKDOWN: "Markdown",  # verbatim
    PackFormat.XML: "XML",
    PackFormat.PLAIN: _("Plain text"),
}
_ORDERS = {
    PackOrder.PATH: _("by path"),
    PackOrder.TOKENS: _("largest first"),
    PackOrder.CHANGE: _("changed last first (git)"),
}
_CHOOSE, _OWN = "choose", "own"
_LEAST, _LARGEST, _DEFAULT_SPLIT = 100, 100_000_000, 50_000
"""Tokens of a part."""
_SETTLE = 500
"""Milliseconds after a key before the text is packed again."""
_FIELD = 64
"""Pixels of the height of a field for the user's own text."""


@dataclass
class OwnTexts:
    """What the user wrote before and after; kept while the window is open."""

    before: str = ""
    after: str = ""


class PackChoices(QWidget):
    """``changed``: the text is to be packed again."""

    changed = Signal()
    problem = Signal(str)

    def __init__(self, settings: Settings, worker: Worker, texts: OwnTexts, folders: Sequence[Path]) -> None:
        super().__init__()
        self._settings = settings
        self._worker = worker
        self._texts = texts
        self._own: PackTemplate | None = None
        """The user's template, once it is read."""
        self._tickets: list[int] = []
        """Of the files that are or were read."""
        self.form = ChoiceBox()
        self.order = ChoiceBox()
        self.tree = QCheckBox(_("&Tree of folders on top"))
        self.line_numbers = QCheckBox(_("&Line numbers"))
        self.in_parts = QCheckBox(_("In &parts of at most"))
        self.split_at = number_field(
            _("Tokens of a part at most, with all that stands around the files"), _LEAST, _LARGEST
        )
        self.changes = PackChanges(folders, settings, worker)
        self.before, self.after = QPlainTextEdit(), QPlainTextEdit()
        self._later = Debouncer(self._take_texts, _SETTLE, self)
        self._fill()
        self._lay_out()
        self._connect()
        if self._chosen == _OWN:
            self._read_template()

    @property
    def layout_of_text(self) -> PackLayout | None:
        """As it is chosen; None while a template is read, or cannot be used."""
        form = self.chosen_format
        template = form.template if form else self._own
        if template is None:
            return None
        return PackLayout(
            template,
            self._texts.before.encode("utf-8", "replace"),
            self._texts.after.encode("utf-8", "replace"),
            self.tree.isChecked(),
            self.line_numbers.isChecked(),
            PackOrder(self.order.currentData()),
        )

    @property
    def split(self) -> int | None:
        """The most tokens of a part; None: it is one text."""
        return self.split_at.value() if self.in_parts.isChecked() else None

    @property
    def chosen_format(self) -> PackFormat | None:
        """None: a template of the user's own."""
        return None if self._chosen == _OWN else PackFormat(self._chosen)

    @property
    def _chosen(self) -> str:
        return str(self.form.currentData())

    @property
    def _template_path(self) -> Path | None:
        return next(iter(self._settings.paths(_OWN_TEMPLATE)), None)

    def use_template(self, path: Path) -> None:
        """Lay the text out by a template of the user's own from now on."""
        self._settings.set_paths(_OWN_TEMPLATE, [path])
        self._offer_formats(_OWN)
        self._choose_form()

    def use_text(self, field: QPlainTextEdit, path: Path) -> None:
        """Put a file's text in the field before or after."""

        def take(read: TextFile) -> None:
            field.setPlainText(read.text.decode())

        self._tickets.append(self._worker.submit(read_own_text(path), take, self.problem.emit))

    def stop(self) -> None:
        """Say nothing any more; what was typed is remembered, and no file arrives that is being read."""
        self.blockSignals(True)
        self._later.flush()
        self.changes.stop()
        for ticket in self._tickets:
            self._worker.cancel(ticket)

    # -- what is done ----------------------------------------------------------------------------------

    def _choose_form(self) -> None:
        if self._chosen == _CHOOSE:
            self._offer_formats(self._settings.text(_FORM, PackFormat.MARKDOWN))
            if path := ask_file(self, self._settings, _("Open a Template"), TEMPLATES):
                self.use_template(path)
            return
        self._settings.set(_FORM, self._chosen)
        if self._chosen == _OWN:
            self._read_template()
        else:
            self.changed.emit()

    def _read_template(self) -> None:
        self._own = None

        def take(template: PackTemplate) -> None:
            self._own = template
            self.changed.emit()

        if path := self._template_path:
            self._tickets.append(self._worker.submit(read_own_template(path), take, self.problem.emit))

    def _offer_formats(self, chosen: str) -> None:
        path = self._template_path
        own = [(path.name, _OWN)] if path else []
        formats = [(name, str(form)) for form, name in _NAMES.items()]
        offer(self.form, [*formats, *own, (_("Template of your own…"), _CHOOSE)], chosen)

    def _take_texts(self) -> None:
        before, after = _text_of(self.before), _text_of(self.after)
        if (before, after) != (self._texts.before, self._texts.after):
            self._texts.before, self._texts.after = before, after
            self.changed.emit()

    def _remember(self) -> None:
        self._settings.set(_ORDER, str(self.order.currentData()))
        self._settings.set(_TREE, self.tree.isChecked())
        self._settings.set(_NUMBERS, self.line_numbers.isChecked())
        self._settings.set(_IN_PARTS, self.in_parts.isChecked())
        self._settings.set(_SPLIT, self.split_at.value())
        self.split_at.setEnabled(self.in_parts.isChecked())
        self.changed.emit()

    def _ask_for_text(self, field: QPlainTextEdit) -> None:
        if path := ask_file(self, self._settings, _("Open Your Text"), TEXT):
            self.use_text(field, path)

    # -- building --------------------------------------------------------------------------------------

    def _fill(self) -> None:
        kept = self._settings
        self._offer_formats(kept.text(_FORM, PackFormat.MARKDOWN))
        orders = ((name, str(order)) for order, name in _ORDERS.items())
        offer(self.order, orders, kept.text(_ORDER, PackOrder.PATH))
        self.tree.setChecked(kept.flag(_TREE, True))
        self.line_numbers.setChecked(kept.flag(_NUMBERS))
        self.in_parts.setChecked(kept.flag(_IN_PARTS))
        self.in_parts.setToolTip(
            _("Parts end where files do; only a larger file is divided, at a line's end")
        )
        self.split_at.setGroupSeparatorShown(True)
        self.split_at.setSingleStep(1000)
        self.split_at.setKeyboardTracking(False)
        before, after = _("{number} tokens", number="\0").split("\0")
        self.split_at.setPrefix(before)
        self.split_at.setSuffix(after)
        self.split_at.setValue(kept.number(_SPLIT, _DEFAULT_SPLIT, _LEAST, _LARGEST))
        self.split_at.setEnabled(self.in_parts.isChecked())
        self.before.setPlainText(self._texts.before)
        self.after.setPlainText(self._texts.after)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.addWidget(caption(_("&Format"), self.form), 0, 0)
        grid.addWidget(self.form, 0, 1)
        order = caption(_("&Order"), self.order)
        order.setContentsMargins(reading_margins(8, 0, 0, 0))
        grid.addWidget(order, 0, 2)
        grid.addWidget(self.order, 0, 3)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        toggles = fill(QHBoxLayout(), self.tree, self.line_numbers, spacing=16)
        toggles.addStretch(1)
        toggles.addLayout(fill(QHBoxLayout(), self.in_parts, self.split_at, spacing=8))
        own = QTabWidget()
        own.setDocumentMode(True)
        own.tabBar().setAccessibleName(_("Your own text"))
        for field, name, hint in (
            (
                self.before,
                _("Your text &before"),
                _("A prompt, instructions: it is counted with the rest"),
            ),
            (
                self.after,
                _("Your text &after"),
                _("A question, what to answer with: it is counted with the rest"),
            ),
        ):
            own.addTab(self._own_page(field, hint), name)
            field.setAccessibleName(without_mnemonic(name))
        fill(QVBoxLayout(self), grid, toggles, self.changes, own, spacing=10)

    def _own_page(self, field: QPlainTextEdit, hint: str) -> QWidget:
        field.setPlaceholderText(hint)
        field.setTabChangesFocus(True)
        field.setFixedHeight(_FIELD)
        tip = _("Put a file's text in")
        button = tool_button(_("File…"), tip, lambda: self._ask_for_text(field), "file")
        page = QWidget()
        row = fill(QHBoxLayout(page), field, spacing=8, above=6, wide=field)
        side = fill(QVBoxLayout(), button)
        side.addStretch(1)
        row.addLayout(side)
        return page

    def _connect(self) -> None:
        self.form.currentIndexChanged.connect(self._choose_form)
        self.order.currentIndexChanged.connect(self._remember)
        for box in (self.tree, self.line_numbers, self.in_parts):
            box.toggled.connect(self._remember)
        self.split_at.valueChanged.connect(self._remember)
        self.changes.changed.connect(self.changed)
        for field in (self.before, self.after):
            field.textChanged.connect(self._later.restart)


def _text_of(field: QPlainTextEdit) -> str:
    """What is written there, no-break spaces as they are."""
    return field.document().toRawText().replace("\u2029", "\n")
