"""Joins the view in which a request is written with what counts, saves and copies it."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from tokviz.analysis import formatting
from tokviz.analysis.conversation.counted_context import FRAMING
from tokviz.catalog.model import LanguageModel
from tokviz.conversations.draft import (
    ANTHROPIC,
    GEMINI,
    OPENAI,
    SHAPES,
    Draft,
    DraftFile,
    DraftMessage,
    convert_draft,
    draft_json_parts,
)
from tokviz.conversations.draft_editing import Entry, Kind
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.language import _
from tokviz.lists import listed
from tokviz.tokens import Provenance
from tokviz.ui.common.actions import action
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.file_dialogs import ALL, REQUESTS, FileType, ask_file
from tokviz.ui.common.settings import Settings
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.theme import Theme
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.conversation.build_view import BuildView, file_text
from tokviz.ui.conversation.prompt_file import SMALL, PromptFile
from tokviz.ui.conversation.session import Session
from tokviz.ui.editor.zoom import share_zoom
from tokviz.worker.context_jobs import ContextView
from tokviz.worker.conversation_store import Source, WrittenDraft
from tokviz.worker.version_jobs import CompareVersions, ReadDraft, Versions

_PAUSE = 400
"""Milliseconds after the last change before the request is counted."""
_ANSWER = 4_096
_SHAPE_OF = {"Anthropic": ANTHROPIC, "Google": GEMINI}  # verbatim


class Building(QObject):
    """While a request is written, the session holds its newest version."""

    shown = Signal()
    """The view is to be in front."""
    problem = Signal(str)
    information = Signal(str)

    def __init__(
        self,
        session: Session,
        worker: Worker,
        settings: Settings,
        theme: Theme,
        unsaved: UnsavedTexts,
        window: QWidget,
    ) -> None:
        """``unsaved``: where prompts are kept; ``window``: what dialogs belong to."""
        super().__init__(window)
        self._session, self._worker, self._settings, self._window = session, worker, settings, window
        self._copying = SlicedWork(self)
        copying = QMenu(window)
        for shape, name in SHAPES.items():
            copying.addAction(action(self, _("Request to {maker}", maker=name), partial(self.copy, shape)))
        self.view = BuildView(worker, theme, copying)
        share_zoom(self.view.view, settings)
        self.file = PromptFile(self.view, self.data, unsaved, settings, window)
        self._other: tuple[Source, str] | None = None
        """Another version to compare with than the one that was opened, and the name of its file."""
        self._reading: int | None = None
        """The ticket of a request that is read to be changed."""
        self._versions = itertools.count()
        self._counting = Debouncer(self._count, _PAUSE, self)
        self._connect()

    # -- beginning ---------------------------------------------------------------------------------------

    def begin(self, draft: Draft | None = None, path: Path | None = None) -> None:
        """Write a new request, or change one. What is written now is asked about, if it is not saved."""
        if self.file.may_discard():
            self._forget_reading()
            self._other = None
            self.file.open(draft or Draft(messages=(DraftMessage("user", ""),)), path)
            self.shown.emit()
            self._count()  # at once: what is still being opened must not take its place

    def ask_about(self, files: Sequence[tuple[str, str]]) -> None:
        """Begin with a question about texts, which go with it as files; each is a name and a text."""
        attached = tuple(DraftFile(name or "text", text) for name, text in files)
        self.begin(Draft(messages=(DraftMessage("user", "", attached),)))

    def may_leave(self) -> bool:
        """Whether something else may be opened in the place of what is written."""
        self._counting.cancel()
        self._forget_reading()
        return self.file.may_discard()

    def clear(self) -> None:
        """Something else is open: nothing is written any more, unless somebody does right now."""
        if self._counting.pending and self.view.isVisible():
            return
        self._counting.cancel()
        if not self.view.editor.draft.empty:
            self.file.open(Draft(), None)
            self._counting.cancel()

    def change(self, source: Source) -> None:
        """Change the request that is open."""
        self._forget_reading()
        self._reading = self._worker.submit(
            ReadDraft(source), lambda draft: self.begin(draft, source.path), self.problem.emit
        )

    def _forget_reading(self) -> None:
        """Something else was asked for than the request that is read to be changed."""
        self._worker.cancel(self._reading)
        self._reading = None

    # -- what the request is -----------------------------------------------------------------------------

    @property
    def draft(self) -> Draft:
        """The draft; a new one takes the shape of the model that is counted for."""
        draft = self.view.draft
        model = self._session.model
        if draft.raw or model is None:
            return draft
        return replace(draft, shape=_SHAPE_OF.get(model.developer, OPENAI))

    def written(self, draft: Draft | None = None) -> WrittenDraft:
        """The request, to be counted."""
        draft = draft or self.draft
        return WrittenDraft(next(self._versions), draft, self._model_id(draft.shape), _ANSWER)

    def data(self) -> Iterator[bytes]:
        """The request that is written now as JSON, part by part."""
        written = self.written()

        def parts() -> Iterator[bytes]:
            yield from draft_json_parts(written.request())

        return parts()

    def copy(self, shape: str) -> None:
        """Put the request on the clipboard as a maker takes it, a large one after a few slices of work."""
        draft, model_id = self.draft, self._model_id(shape)
        parts: list[bytes] = []
        left_out: list[str] = []

        def steps() -> Iterator[None]:
            written = convert_draft(draft, shape, model_id, _ANSWER)
            left_out.extend(written.left_out)
            for part in draft_json_parts(written.request):
                parts.append(part)
                yield

        def done() -> None:
            QGuiApplication.clipboard().setText(b"".join(parts).decode())
            self._tell_copied(SHAPES[shape], left_out)

        self._copying.start(steps(), done)
        if draft.size < SMALL:
            self._copying.finish()

    def _tell_copied(self, maker: str, left_out: Sequence[str]) -> None:
        said = _("The request to {maker} is on the clipboard.", maker=maker)
        if left_out:
            self.problem.emit(
                # Translators: {sentence} says that the request is on the clipboard.
                _("{sentence} Not carried over: {parts}.", sentence=said, parts=listed(left_out))
            )
        else:
            self.information.emit(said)

    def attach(self, path: Path) -> None:
        """Have a file of text go with the chosen message."""
        self._read(path, lambda text: self.view.attach(path.name, text))

    def load_tools(self, path: Path) -> None:
        """Take the tools of a JSON file."""
        self._read(path, self.view.set_tools)

    def compare_with(self, source: Source, file: str) -> None:
        """Compare with another version than the one that was opened, which is in a ``file`` of that name."""
        self._other = source, file
        self.view.panes.show_part(self.view.versions)
        self._compare()

    # -- counting ----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        view, session = self.view, self._session
        view.changed.connect(self._counting.restart)
        view.save_wanted.connect(self.file.save)
        view.appeared.connect(self._counting.restart)
        self.file.restored.connect(self.shown)
        self.file.problem.connect(self.problem)
        self.file.information.connect(self.information)
        view.problem.connect(self.problem)
        view.file_wanted.connect(lambda: self._ask(_("Attach a File"), ALL, self.attach))
        view.tools_wanted.connect(lambda: self._ask(_("Take Tools from a File"), REQUESTS, self.load_tools))
        view.versions.wanted.connect(self._compare)
        view.versions.file_wanted.connect(
            lambda: self._ask(
                _("Compare with a Request"),
                REQUESTS,
                lambda p: self.compare_with(Source(p), p.name),
            )
        )
        session.context_changed.connect(self._show_counts)

    def _count(self) -> None:
        if self.view.isVisible():
            self._session.open_draft(self.written())
            if self.view.versions.isVisible():
                self._compare()

    def _show_counts(self) -> None:
        session, view = self._session, self._session.view
        if not session.drafting or view is None or session.count is None:
            return
        model = session.model
        public = model is not None and model.provenance is not Provenance.ESTIMATE
        self.view.set_tokenizer(model.tokenizer if model is not None and public else None)
        count, fit = formatting.count(session.count), session.fit
        words = _("{tokens} for {model}", tokens=count, model=session.model_name)
        if fit is not None and fit.share is not None:
            share = formatting.share_of(session.count, fit.share)
            words = _(
                "{tokens} for {model}, {share} of its window",
                tokens=count,
                model=session.model_name,
                share=share,
            )
        self.view.show_tokens(entry_tokens(self.view.editor.draft, view), words)

    def _compare(self) -> None:
        opened = self.written(self.view.editor.opened)
        before, name = self._other or (Source(None, draft=opened), "")
        now = Source(None, draft=self.written())
        models, chosen = self._session.models, self._session.chosen
        job = CompareVersions(before, now, models, chosen.id if chosen else None)

        def show(found: Versions) -> None:
            self.view.versions.show_versions(found, name)

        self._worker.submit(job, show, self.problem.emit)

    def _model_id(self, shape: str) -> str | None:
        model: LanguageModel | None = self._session.model
        if model is None or _SHAPE_OF.get(model.developer, OPENAI) != shape:
            return None
        return model.id

    def _read(self, path: Path, take: Callable[[str], None]) -> None:
        try:
            take(file_text(path))
        except ValueError as error:
            self.problem.emit(str(error))

    def _ask(self, title: str, kind: FileType, take: Callable[[Path], None]) -> None:
        if path := ask_file(self._window, self._settings, title, kind):
            take(path)


def entry_tokens(draft: Draft, view: ContextView) -> dict[Entry, int]:
    """What each part of a draft costs; framing counts with its message. A file's tokens are apart where the
    request has it as a block of its own."""
    last = max((part.message for part in view.parts if part.message is not None), default=-1)
    first = max(0, last + 1 - len(draft.messages))
    found: dict[Entry, int] = {}

    def add(entry: Entry, tokens: int | None) -> None:
        found[entry] = found.get(entry, 0) + (tokens or 0)

    for part in view.parts:
        if part.message is None:
            kind = Kind.TOOLS if part.kind == "tool" or part.name == "tools" else Kind.SYSTEM
            if part.kind != FRAMING or kind is Kind.TOOLS:
                add(Entry(kind), part.tokens)
        elif part.message < first:
            add(Entry(Kind.SYSTEM), part.tokens)
    for number, message in enumerate(draft.messages):
        parts = [part for part in view.parts if part.message == number + first]
        blocks = [part for part in parts if part.kind != FRAMING]
        words = int(bool(message.text))
        apart = len(blocks) == words + len(message.files)
        for place, part in enumerate(blocks):
            file = apart and place >= words
            add(Entry(Kind.FILE, number, place - words) if file else Entry(Kind.MESSAGE, number), part.tokens)
        for part in parts:
            if part.kind == FRAMING:
                add(Entry(Kind.MESSAGE, number), part.tokens)
    return found
