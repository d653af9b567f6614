"""Writing a request: its parts at the left, the text of one as tokens at the right."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from tokviz import system_errors
from tokviz.analysis import formatting
from tokviz.analysis.conversation.overview import shortened
from tokviz.conversations.draft import Draft
from tokviz.conversations.draft_editing import DraftEditor, Entry, Kind
from tokviz.documents.reading import open_regular
from tokviz.language import _, ngettext, number
from tokviz.text.buffer import TextBuffer
from tokviz.text.change import Change, Phase
from tokviz.ui.common.choice_box import ChoiceBox
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.icons import icon
from tokviz.ui.common.tabbed_pane import TabbedPane
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import (
    ElidedLabel,
    choose,
    fill,
    icon_button,
    menu_button,
    name_box,
    offer,
    plain_label,
    show_words,
    tool_button,
)
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.conversation.versions_table import VersionsTable
from tokviz.ui.editor.token_view import TokenView
from tokviz.ui.tokens.tokenizing import Tokenizing

_BETWEEN = 6
"""Pixels between two buttons."""
_PAUSE = 300
"""Milliseconds after the last key before the draft takes the text."""
_ICONS = {Kind.SYSTEM: "settings", Kind.TOOLS: "braces", Kind.FILE: "file"}
_ROLES = ("user", "assistant", "system")
_TITLE = 60
_ICON, _ROW = 16, 26
"""Pixels."""


class _PartList(QListWidget):
    """What is typed in it is meant for the part that is chosen, and Enter goes there."""

    typed = Signal(QKeyEvent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        others = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter or (event.text().isprintable() and event.text() and not event.modifiers() & others):
            self.typed.emit(event)
        else:
            super().keyPressEvent(event)


class BuildView(QWidget):
    """A list of messages with their files, the system prompt and the tools; each is edited as text."""

    changed = Signal()
    """The draft is another."""
    appeared = Signal()
    """It can be seen."""
    file_wanted = Signal()
    """A file to attach to the message that is chosen."""
    tools_wanted = Signal()
    save_wanted = Signal()
    done_wanted = Signal()
    problem = Signal(str)

    def __init__(self, worker: Worker, theme: Theme, copying: QMenu, parent: QWidget | None = None) -> None:
        """``copying``: a menu of what the request may be copied as."""
        super().__init__(parent)
        self.editor = DraftEditor(self._show)
        self._buffer = TextBuffer()
        self.view = TokenView(self._buffer, theme)
        self.view.setAccessibleName(_("Text of the chosen part"))
        self.tokenizing = Tokenizing(self._buffer, worker, self)
        self.versions = VersionsTable()
        self.list = _PartList()
        self.list.setAccessibleName(_("Parts of the request"))
        self.list.setIconSize(QSize(_ICON, _ICON))
        self._role = ChoiceBox()
        name_box(self._role, _("Who says the message"))
        self._title = plain_label("", "metric")
        self._figures = ElidedLabel("muted")
        self._entry = Entry(Kind.SYSTEM)
        self._loading = False
        self._tokens: Mapping[Entry, int] = {}
        self._late = Debouncer(self.commit, _PAUSE, self)
        self.panes = TabbedPane(
            _("Text or versions"), ((_("Text"), self._text()), (_("Versions"), self.versions))
        )
        self._lay_out(copying)
        self._connect()

    def open(self, draft: Draft, opened: Draft | None = None) -> None:
        """Begin with this draft; its first message is chosen. ``opened``: see ``DraftEditor.open``."""
        self._late.cancel()
        self._entry = Entry(Kind.MESSAGE, 0) if draft.messages else Entry(Kind.SYSTEM)
        self.editor.open(draft, opened)
        self._load()

    @property
    def draft(self) -> Draft:
        """The draft with what was typed last."""
        self.commit()
        return self.editor.draft

    def commit(self) -> bool:
        """Have the draft take what was typed; False if it cannot, which is told."""
        self._late.cancel()
        try:
            self.editor.set_text(self._entry, self._buffer.snapshot().decode(errors="replace"))
        except ValueError as error:
            self.problem.emit(str(error))
            return False
        return True

    def set_theme(self, theme: Theme) -> None:
        """Paint in these colours from now on."""
        self.view.set_theme(theme)

    def set_tokenizer(self, name: str | None) -> None:
        """Cut the text by this tokenizer; None where the model has none that is public."""
        if name != (self.tokenizing.tokenizer or None):
            if name is None:
                self.tokenizing.close()
                self.view.set_token_map(None)
            else:
                self.tokenizing.choose(name)

    def show_tokens(self, tokens: Mapping[Entry, int], whole: str) -> None:
        """Show what the parts cost, and the whole in words."""
        self._tokens = tokens
        self._figures.setText(whole)
        for place, entry in enumerate(self.editor.entries):
            if item := self.list.item(place):
                item.setText(self._line(entry))

    def attach(self, name: str, text: str) -> None:
        """Have a file go with the chosen message, or with a new one."""
        self.commit()
        number = self._entry.message
        if self._entry.kind not in (Kind.MESSAGE, Kind.FILE):
            number = len(self.editor.draft.messages) - 1
        if number < 0:
            number = self.editor.add_message().message
        self._choose(self.editor.attach(number, name, text))

    def set_tools(self, text: str) -> None:
        """Take the tools of a file."""
        self.commit()
        try:
            self.editor.set_text(Entry(Kind.TOOLS), text)
        except ValueError as error:
            self.problem.emit(str(error))
        self._choose(Entry(Kind.TOOLS))

    def undo(self) -> None:
        """Take the last change of the draft back."""
        self._undone(self.editor.undo)

    def redo(self) -> None:
        """Do it again."""
        self._undone(self.editor.redo)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.appeared.emit()

    # -- showing -----------------------------------------------------------------------------------------

    def _show(self) -> None:
        """The draft has changed: list its parts."""
        entries = self.editor.entries
        if self._entry not in entries:
            self._entry = entries[min(len(entries) - 1, 2)] if len(entries) > 2 else entries[0]
        with QSignalBlocker(self.list):
            self.list.clear()
            for entry in entries:
                item = QListWidgetItem(icon(self._icon(entry)), self._line(entry))
                item.setSizeHint(QSize(0, _ROW))
                self.list.addItem(item)
            self.list.setCurrentRow(entries.index(self._entry))
        self.changed.emit()

    def _icon(self, entry: Entry) -> str:
        if entry.kind is Kind.MESSAGE:
            return "user" if self.editor.draft.messages[entry.message].role == "user" else "bot"
        return _ICONS[entry.kind]

    def _line(self, entry: Entry) -> str:
        draft = self.editor.draft
        match entry.kind:
            case Kind.SYSTEM:
                title = (
                    _("System prompt: {words}", words=shortened(draft.system, _TITLE))
                    if draft.system
                    else _("System prompt")
                )
            case Kind.TOOLS:
                title = ngettext("{n} tool", "{n} tools", len(draft.tools)) if draft.tools else _("Tools")
            case Kind.MESSAGE:
                message = draft.messages[entry.message]
                title = f"{message.role}: {shortened(message.text, _TITLE) or _('no words yet')}"
            case _:
                title = f"    {draft.messages[entry.message].files[entry.file].name}"
        tokens = self._tokens.get(entry)
        return title if tokens is None else f"{title} · {number(tokens)}"

    def _load(self) -> None:
        """Show the text of the chosen part."""
        self._loading = True
        self._buffer.load(self.editor.text(self._entry).encode(errors="replace"))
        self._loading = False
        kind = self._entry.kind
        self._role.hidePopup()  # it is another part's now
        self._role.setVisible(kind is Kind.MESSAGE)
        if kind is Kind.MESSAGE:
            role = self.editor.draft.messages[self._entry.message].role
            offer(self._role, ((each, each) for each in dict.fromkeys((*_ROLES, role))))
            choose(self._role, role)
        self._title.setText("" if kind is Kind.MESSAGE else formatting.sentence(kind.words))
        self.view.placeholder = {
            Kind.SYSTEM: _("What the model is told before all messages"),
            Kind.TOOLS: _("Tools as JSON: a list, as MCP servers give it"),
        }.get(kind, _("The words of the message"))
        self.view.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for the words of all buttons, the first ones show their icon alone."""
        super().resizeEvent(event)
        for button in (*self._first, *self._last):
            show_words(button, True)
        for group in (self._first, self._last):
            if sum(each.sizeHint().width() + _BETWEEN for each in self._buttons) <= self.width():
                return
            for button in group:
                show_words(button, False)

    # -- choosing and changing ---------------------------------------------------------------------------

    def _connect(self) -> None:
        self._buffer.follow(Phase.DERIVED, self._edited)
        self.list.currentRowChanged.connect(self._choose_row)
        self.list.typed.connect(self._type)
        self._role.activated.connect(self._set_role)
        self.view.visible_changed.connect(self.tokenizing.set_visible)
        self.tokenizing.map_changed.connect(
            lambda token_map: self.view.set_token_map(self.tokenizing if token_map is not None else None)
        )
        self.tokenizing.tokens_changed.connect(lambda *_changed: self.view.viewport().update())
        for key, call in (("Undo", self.undo), ("Redo", self.redo), ("Delete", self._remove)):  # verbatim
            shortcut = QShortcut(getattr(QKeySequence.StandardKey, key), self.list, call)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _edited(self, change: Change) -> None:
        if not self._loading:
            self._late.restart()

    def _type(self, event: QKeyEvent) -> None:
        """Go on with the text of the chosen part, at its end."""
        self.panes.show_place(0)
        self.view.setFocus()
        self.view.select(len(self._buffer), len(self._buffer))
        if event.text().isprintable():
            QCoreApplication.sendEvent(self.view, event)

    def _choose_row(self, row: int) -> None:
        entries = self.editor.entries
        if not self.commit():
            # What was typed would be gone: it stays in sight until it can be taken.
            with QSignalBlocker(self.list):
                self.list.setCurrentRow(entries.index(self._entry))
        elif 0 <= row < len(entries) and entries[row] != self._entry:
            self._entry = entries[row]
            self._load()

    def _choose(self, entry: Entry) -> None:
        self._entry = entry
        with QSignalBlocker(self.list):
            self.list.setCurrentRow(self.editor.entries.index(entry))
        self._load()
        self.panes.show_place(0)

    def _set_role(self) -> None:
        self.commit()
        if self._entry.kind is Kind.MESSAGE:  # a list that is folding away still takes a key
            self.editor.set_role(self._entry.message, str(self._role.currentData()))

    def _add(self) -> None:
        self.commit()
        chosen = self._entry.kind in (Kind.MESSAGE, Kind.FILE)
        self._choose(self.editor.add_message(self._entry.message if chosen else None))
        self.view.setFocus()

    def _remove(self) -> None:
        self.commit()
        self.editor.remove(self._entry)
        self._load()

    def _move(self, by: int) -> None:
        self.commit()
        if self._entry.kind is Kind.MESSAGE:
            self._choose(Entry(Kind.MESSAGE, self.editor.move(self._entry.message, by)))

    def _undone(self, step: Callable[[], bool]) -> None:
        self.commit()
        if step():
            self._load()

    # -- layout ------------------------------------------------------------------------------------------

    def _text(self) -> QWidget:
        part = QWidget()
        head = fill(QHBoxLayout(), self._role, self._title, self._figures, wide=self._figures, spacing=8)
        fill(QVBoxLayout(part), head, self.view, wide=self.view, spacing=6)
        return part

    def _lay_out(self, copying: QMenu) -> None:
        buttons = (
            tool_button(_("Message"), _("Add a message"), self._add, "plus"),
            tool_button(_("File"), _("Attach a file to the message"), self.file_wanted.emit, "file-plus"),
            tool_button(_("Tools"), _("Take tools from a JSON file"), self.tools_wanted.emit, "braces"),
            icon_button("chevron-up", _("Move the message up"), lambda: self._move(-1)),
            icon_button("chevron-down", _("Move the message down"), lambda: self._move(1)),
            icon_button("trash-2", _("Take the chosen part away"), self._remove),
            icon_button("undo-2", _("Undo the last change of the draft"), self.undo),
            icon_button("redo-2", _("Redo it"), self.redo),
        )
        copy = menu_button(_("Copy As"), copying, _("Copy the request as a maker takes it"), "copy")
        save = tool_button(_("Save"), _("Save the request as JSON"), self.save_wanted.emit, "save")
        done = tool_button(_("Done"), _("See what fills the window"), self.done_wanted.emit, "check")
        row = fill(QHBoxLayout(), *buttons, copy, save, done, spacing=_BETWEEN)
        row.insertStretch(len(buttons), 1)
        self._buttons = (*buttons, copy, save, done)
        self._first, self._last = buttons[:3], (copy, save, done)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.list)
        splitter.addWidget(self.panes)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([260, 520])
        fill(QVBoxLayout(self), row, splitter, wide=splitter, spacing=8)


def file_text(path: Path) -> str:
    """The text of a file to attach; ValueError in a sentence."""
    try:
        with open_regular(path) as file:
            return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            _("{file} is no text in UTF-8; only text can be attached.", file=path.name)
        ) from error
    except OSError as error:
        reason = system_errors.reason(error)
        raise ValueError(_("{file} cannot be read: {reason}.", file=path.name, reason=reason)) from error
