"""The conversation page: when a window filled up, with what, what was paid twice, and what is left."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from tokviz.analysis import formatting
from tokviz.catalog.model import LanguageModel
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.language import _, ngettext
from tokviz.tokens import Count
from tokviz.ui.common.page import Page
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.widgets import fill
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.conversation.building import Building
from tokviz.ui.conversation.exports import ConversationExports
from tokviz.ui.conversation.file_dialogs import FileDialogs
from tokviz.ui.conversation.page_actions import PageActions
from tokviz.ui.conversation.session import Session
from tokviz.ui.conversation.session_list import SessionListView
from tokviz.ui.conversation.start import StartPage, known_folders
from tokviz.ui.conversation.toolbar import ConversationToolbar
from tokviz.ui.conversation.workspace import Workspace
from tokviz.worker.conversation_store import Source

_NARROW, _NARROW_PAGE = 1100, 620
"""Pixels of the window, or of the page, under which the messages are a list that drops down."""


class ConversationPage(Page):
    """A start, a list of conversations, or one of them."""

    wanted_width = 994

    text_wanted = Signal(bytes, str)
    """A message's text to show as tokens, and its title."""
    open_text_wanted = Signal()
    """The text of the text page, to ask about: see ``ask_about``."""
    text_file_wanted = Signal(object)
    """A file (Path) to open as text after all."""

    def __init__(
        self,
        worker: Worker,
        models: Sequence[LanguageModel],
        settings: Settings,
        theme: Theme,
        unsaved: UnsavedTexts,
    ) -> None:
        """``unsaved``: where prompts are kept until they are saved."""
        super().__init__()
        self._settings = settings
        self._dialogs = FileDialogs(self, settings)
        self.session = Session(worker, models, settings, self)
        self.workspace = Workspace(self.session, settings, theme)
        self.list = SessionListView()
        self._start = StartPage(known_folders(Path.home()))
        self.acts = PageActions(self, self.session, self.workspace)
        export = QMenu(_("&Export"), self)
        self.exports = ConversationExports(self.session, self.workspace.parts, settings, export, self)
        opening = QMenu(self)
        opening.addActions([self.acts.open, self.acts.open_folder])
        self.toolbar = ConversationToolbar(models, self.acts.follow, self.acts.text, opening, export)
        self.building = Building(self.session, worker, settings, theme, unsaved, self)
        self._pages = QStackedWidget()
        for part in (self._start, self.list, self._one(), self.building.view):
            self._pages.addWidget(part)
        fill(QVBoxLayout(self), self._pages, spacing=0)
        self._menus = self.acts.menus(self.exports.actions)
        for entries in self._menus.values():
            self.addActions([entry for entry in entries if not entry.isSeparator()])
        self._connect()
        self._enable()

    @property
    def icon_name(self) -> str:
        return "message-square"

    @property
    def title(self) -> str:
        return _("Conversation")

    @property
    def location(self) -> str:
        if self._pages.currentWidget() is self.list and self.session.folder is not None:
            return str(self.session.folder)
        source = self.session.source
        if self.session.drafting:
            return str(self.building.file.path or self.building.file.name)
        if source is None:
            return ""
        return str(source.path) if source.path else source.name

    @property
    def status(self) -> str:
        found, source = self.session.overview, self.session.source
        if self._pages.currentWidget() is self.list and self.session.sessions is not None:
            return ngettext("{n} conversation", "{n} conversations", len(self.session.sessions.rows))
        if found is None or source is None:
            return ""
        facts = [
            self.building.file.name if self.session.drafting else source.name,
            found.format,
            ngettext("{n} message", "{n} messages", found.messages)
            + ", "
            + ngettext("{n} tool result", "{n} tool results", found.tool_results),
        ]
        if len(found.lanes) > 1:
            facts.append(ngettext("{n} subagent", "{n} subagents", len(found.lanes) - 1))
        if self.session.number is not None:
            number, requests = map(formatting.grouped, (self.session.number, len(found.requests)))
            facts.append(_("Request {number} of {requests}", number=number, requests=requests))
        facts += self._figures()
        return "   |   ".join(facts)

    @property
    def work(self) -> str:
        return self.session.doing or self.exports.doing

    @property
    def modified(self) -> bool:
        return self.session.drafting and self.building.view.editor.modified

    def may_close(self) -> bool:
        return self.building.file.may_close()

    def counts(self) -> Mapping[str, Count]:
        return self.session.model_counts.counts

    def set_needed(self, names: Sequence[str]) -> None:
        self.session.model_counts.set_needed(names)

    def counts_with(self, name: str) -> bool:
        return self.session.overview is not None

    def actions_for(self, menu: str) -> list[QAction]:
        return self._menus.get(menu, [])

    def set_theme(self, theme: Theme) -> None:
        self.workspace.set_theme(theme)
        self.building.view.set_theme(theme)
        self._start.renew_icon()

    def stop(self) -> bool:
        return self.exports.stop() or self.session.stop()

    # -- opening -----------------------------------------------------------------------------------------

    def open_file(self, path: Path) -> None:
        """Show the conversation in a file; of several, the list."""
        if self._may_leave():
            self.session.open(Source(path))

    def open_data(self, data: bytes) -> None:
        """Show the conversation in a text that was pasted or piped."""
        if self._may_leave():
            self.session.open(Source(None, data))

    def _may_leave(self) -> bool:
        """Whether something else may be opened."""
        if not self.building.may_leave():
            return False
        self.acts.follow.setChecked(False)
        return True

    def open_folder(self, folder: Path) -> None:
        """Show the conversations below a folder."""
        self._settings.add_recent(folder)
        if self._may_leave():
            self.session.list_folder(folder)

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """These are the models from now on."""
        self.toolbar.set_models(models)
        self.session.set_models(models)
        self._show_model()

    def choose_model(self, model_id: str) -> None:
        """Count for this model, while the page is in front."""
        if self.isVisible():
            self.session.choose_model(model_id)

    def paste(self) -> None:
        """Open what is on the clipboard; while a request is written, put it into its text."""
        if self._writing:
            self.building.view.view.commands.run("paste")
            return
        data = QGuiApplication.clipboard().text().encode()
        if data.strip():
            self.open_data(data)
        else:
            self.problem.emit(_("There is no text on the clipboard; copy a request or a session first."))

    def _ask_for_file(self) -> None:
        if path := self._dialogs.conversation():
            self.open_file(path)

    def _ask_for_folder(self) -> None:
        if path := self._dialogs.folder():
            self.open_folder(path)

    def _ask_what_to_compare(self) -> None:
        if path := self._dialogs.earlier():
            self.compare(path)

    def _ask_for_template(self) -> None:
        if path := self._dialogs.template():
            self.session.use_template(path)

    def compare(self, earlier: Path) -> None:
        """Say where the request parts from that of an earlier file."""
        self.workspace.panes.show_part(self.workspace.cache)
        self.session.explain_cache(earlier)

    def _open_as_text(self) -> None:
        source = self.session.source
        if source is not None and source.path is not None:
            self.text_file_wanted.emit(source.path)
        elif source is not None:
            self.text_wanted.emit(source.read(), source.name)

    # -- showing -----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        session = self.session
        acts = self.acts
        handlers = (
            (acts.open, self._ask_for_file),
            (acts.open_folder, self._ask_for_folder),
            (acts.new, self.building.begin),
            (acts.ask, self.open_text_wanted.emit),
            (acts.change, self._change_request),
            (acts.save, self.building.file.save),
            (acts.save_as, self.building.file.save_as),
            (acts.restore, self._restore_prompt),
            (acts.as_text, self._open_as_text),
            (acts.paste, self.paste),
            (acts.template, self._ask_for_template),
            (acts.compare, self._ask_what_to_compare),
            (acts.back, self._show_list),
        )
        for entry, handler in handlers:
            entry.triggered.connect(lambda _=False, handler=handler: handler())
        session.opened.connect(self._show_opened)
        for begun in (session.opened, session.listed):
            begun.connect(lambda: None if session.drafting else self.problem_over.emit(""))
        session.listed.connect(self._show_list)
        session.context_changed.connect(self._show_context)
        session.counts_changed.connect(self.counts_changed)
        session.work_changed.connect(self.work_changed)
        session.text_ready.connect(self.text_wanted)
        self.building.shown.connect(self._show_building)
        self.building.file.saved.connect(self.location_changed)
        self.building.view.done_wanted.connect(self._show_window)
        self.building.information.connect(self.information)
        for source in (session, self.exports, self.building):
            source.problem.connect(self.problem)
        self.exports.information.connect(self.information)
        self.exports.work_changed.connect(self.work_changed)
        self.list.chosen.connect(lambda row: session.open_row(row) if self._may_leave() else None)
        self._start.file_wanted.connect(self._ask_for_file)
        self._start.folder_wanted.connect(self._ask_for_folder)
        self._start.folder_chosen.connect(self.open_folder)
        self._start.prompt_wanted.connect(self.building.begin)
        self.workspace.cache.compare_wanted.connect(self._ask_what_to_compare)
        self.toolbar.model_chosen.connect(session.choose_model)
        self.toolbar.back_wanted.connect(self._show_list)
        self.toolbar.messages_wanted.connect(lambda: self.workspace.drop_down(self.toolbar.messages))

    def _one(self) -> QWidget:
        whole = QWidget()
        fill(QVBoxLayout(whole), self.toolbar, self.workspace, wide=self.workspace, spacing=8)
        return whole

    def ask_about(self, files: Sequence[tuple[str, str]]) -> None:
        """Write a request about texts; each is a name and a text."""
        self.building.ask_about(files)

    def _restore_prompt(self) -> None:
        file = self.building.file
        if file.may_discard() and not file.unsaved.restore():
            self.information.emit(_("No unsaved prompt is kept."))

    def _change_request(self) -> None:
        if self.session.drafting:
            self._show_building()
        elif self.session.source is not None:
            self.building.change(self.session.source)

    def _show_building(self) -> None:
        if not self.session.drafting:
            self.session.set_aside()  # its figures are none of the prompt
        self.session.drafting = True
        self.acts.follow.setChecked(False)
        self._pages.setCurrentWidget(self.building.view)
        self.building.view.view.setFocus()
        self._enable()
        self.location_changed.emit()

    def _show_window(self) -> None:
        """What fills the window with the request that is written."""
        self._pages.setCurrentIndex(2)
        self._enable()
        self.session.open_draft(self.building.written())

    def _show_opened(self) -> None:
        found, source, session = self.session.overview, self.session.source, self.session
        if found is None or source is None:
            return
        if not session.drafting:
            self.building.clear()
        if not self._writing:
            self._pages.setCurrentIndex(2)
        if session.drafting:
            name = self.building.file.name
        else:
            name = found.title if session.sessions is not None and session.folder is None else source.name
        self.toolbar.show_name(name or source.name, self.location, session.sessions is not None)
        sent = ngettext("{n} request", "{n} requests", len(found.requests))
        if not found.requests and found.read_in_all is not None:
            sent = _("{tokens} read in all", tokens=formatting.tokens(found.read_in_all))
        elif not found.requests:
            sent = _("no usage recorded")
        self.toolbar.show_figures(" · ".join([sent, *self._figures()]))
        self._show_model()
        self._enable()
        self._fit()
        self.location_changed.emit()

    @property
    def _writing(self) -> bool:
        return self.session.drafting and self._pages.currentWidget() is self.building.view

    def _figures(self) -> list[str]:
        """What the session cost, and how much of it the cache gave, as far as that is known."""
        found, figures = self.session.overview, []
        if found is not None and found.cost is not None:
            figures.append(_("cost {money}", money=formatting.money(found.cost)))
        if found is not None and found.cached is not None:
            figures.append(_("{share} read from cache", share=formatting.percent(found.cached)))
        return figures

    def _show_model(self) -> None:
        found, session = self.session.overview, self.session
        if found is None:
            return
        if not session.own_chosen:
            role = _("counted for")
        elif found.own.stands_in_for is not None:
            role = _("counted as for")
        else:
            role = _("recorded with") if found.requests else _("written for")
        self.toolbar.show_model(session.model, role, session.model_name)

    def _show_context(self) -> None:
        self._show_model()
        self.location_changed.emit()

    def _show_list(self) -> None:
        if self.session.sessions is None:
            return
        if not self.session.drafting:
            self.building.clear()
        self.list.show_list(self.session.sessions)
        self._pages.setCurrentIndex(1)
        self._enable()
        self.location_changed.emit()

    def _enable(self) -> None:
        one, acts = self._pages.currentIndex() == 2, self.acts
        of_one = (acts.text, acts.rendered, acts.compare, acts.before, acts.next)
        for entry in (*of_one, *self.exports.actions):
            entry.setEnabled(one)
        own = self.session.source is not None and self.session.source.template is None
        self.acts.template.setEnabled(one)
        self.acts.own_template.setEnabled(one and not own)
        self.acts.as_text.setEnabled(self.session.source is not None)
        self.acts.change.setEnabled(one and self.session.source is not None)
        source = self.session.source
        self.acts.follow.setEnabled(one and source is not None and source.path is not None)
        self.acts.paste.setEnabled(not self._writing)
        for entry in (self.acts.save, self.acts.save_as):
            entry.setEnabled(self.session.drafting)
        self.acts.back.setEnabled(self.session.sessions is not None)

    def _fit(self) -> None:
        narrow = self.window().width() < _NARROW or self.width() < _NARROW_PAGE
        self.workspace.set_narrow(narrow)
        self.toolbar.messages.setVisible(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
