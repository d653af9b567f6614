"""The conversation that is open: what the worker told of it, which request is looked at, what is left out."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from tokviz.analysis.budget import Fit, fit
from tokviz.analysis.conversation.overview import Overview
from tokviz.catalog.model import LanguageModel
from tokviz.language import _
from tokviz.tokens import Count
from tokviz.ui.common.settings import RESERVE, Settings
from tokviz.ui.common.worker_client import Worker
from tokviz.ui.conversation.chosen_hosts import ChosenHosts
from tokviz.ui.conversation.following import FileWatch, last_shown, same_request
from tokviz.ui.conversation.model_counts import ModelCounts, Take
from tokviz.worker.cache_jobs import ExplainCache
from tokviz.worker.context_jobs import (
    ContextView,
    CountContext,
    CountForModels,
    ReadParts,
    ReckonRequests,
    RenderRequest,
    numbered,
)
from tokviz.worker.conversation_jobs import (
    ListFolder,
    OpenConversation,
    SessionList,
    SessionRow,
)
from tokviz.worker.conversation_store import Source, WrittenDraft
from tokviz.worker.jobs import Job


class Session(QObject):
    """Asks the worker, and tells when there is something else to show."""

    opened = Signal()
    """There is another ``overview``, or another version of it."""
    listed = Signal()
    """There is another ``sessions``."""
    context_changed = Signal()
    """``view`` or ``fit`` is another."""
    without_changed = Signal()
    reckoned_changed = Signal()
    counts_changed = Signal()
    work_changed = Signal()
    problem = Signal(str)
    text_ready = Signal(bytes, str)
    """A message's text, and what it is called."""
    cache_ready = Signal(object)
    """A ``CacheAnswer`` about the request that is looked at."""

    def __init__(
        self, worker: Worker, models: Sequence[LanguageModel], settings: Settings, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._worker = worker
        self.models = tuple(models)
        self._settings = settings
        self.source: Source | None = None
        self.overview: Overview | None = None
        self.sessions: SessionList | None = None
        self.folder: Path | None = None
        """Where the list came from, if that is a folder."""
        self.view: ContextView | None = None
        self.number: int | None = None
        """The request that is looked at; None: what the next one would read."""
        self.chosen: LanguageModel | None = None
        """None: the model that answered."""
        self.drafting = False
        """Whether what is open is being written."""
        self.without: frozenset[int] = frozenset()
        """Parts that are left out, by index."""
        self.reckoned: dict[int, int] = {}
        self.model_counts = ModelCounts(self._count_for_models, self)
        self.model_counts.changed.connect(self.counts_changed)
        self._doing: dict[str, int] = {}
        """Tickets by what is under way."""
        self._hosts = ChosenHosts(settings)
        self._left_out: frozenset[object] = frozenset()
        """The keys of ``without``."""
        self._watch = FileWatch(worker, self)
        self._watch.written.connect(self._read_again)
        self._watch.problem.connect(self.problem)
        settings.changed.connect(self._reserve_changed)

    # -- opening -----------------------------------------------------------------------------------------

    def open(
        self, source: Source, index: int | None = None, identity: str | None = None, drafting: bool = False
    ) -> None:
        """Read a file or a text. What was open stays until it is read. ``drafting``: it is being written."""
        job = OpenConversation(source, index, self.models, None, identity)
        self._submit("reading", job, lambda found: self._opened(source, found, drafting))

    def _reopen(self, source: Source | None) -> None:
        """Read what is open once more."""
        if source is not None and self.overview is not None:
            self.open(source, self.overview.conversation, drafting=self.drafting)

    def open_draft(self, draft: WrittenDraft) -> None:
        """Count a request that is being written; the chosen model stays."""
        self.open(Source(None, draft=draft), drafting=True)

    def use_template(self, path: Path | None) -> None:
        """Frame by the chat template in a file; None: by the model's own."""
        if self.source is not None:
            self._reopen(replace(self.source, template=path))

    def use_host(self, host: str) -> None:
        """Have the model asked through another one, and from now on all others that can be asked so and whose
        file does not say; the conversation keeps its own as long as the window lives."""
        if self.source is not None and self.overview is not None:
            self.source = self._hosts.choose(host, self.source, self.overview.conversation)
            self.view, self.reckoned = None, {}
            self._count()
            self._reckon()

    def open_row(self, row: SessionRow) -> None:
        """Open one of the list."""
        identity = None if self.folder is None else row.id
        source = Source(row.path) if self.folder is not None else self.source
        if source is not None:
            self.open(source, row.index, identity)

    def list_folder(self, folder: Path) -> None:
        """Show the conversations below a folder."""

        def show(found: SessionList) -> None:
            if not found.rows:
                self.problem.emit(_("{folder} holds no conversation that is known.", folder=folder))
                return
            self.folder, self.sessions, self.source = folder, found, None
            self.drafting = False
            self.listed.emit()

        self._submit("reading", ListFolder(folder, self.models), show)

    def follow(self, on: bool) -> None:
        """Read the file again whenever it was written to, and now, for it may have been since it was read."""
        self._watch.watch(self.source if on and self.source is not None and self.source.path else None)
        if on:
            self._read_again()

    def _read_again(self) -> None:
        if "reading" not in self._doing:
            self._reopen(self.source)

    def set_models(self, models: Sequence[LanguageModel]) -> None:
        """These are the models from now on; what is open is read again with them."""
        self.models = tuple(models)
        self.chosen = self._listed(self.chosen.id) if self.chosen else None
        self._reopen(self.source)

    # -- choosing ----------------------------------------------------------------------------------------

    @property
    def model(self) -> LanguageModel | None:
        """The model that is counted for, if the catalog knows it."""
        own = self.overview.own.model if self.overview else None
        if self.chosen is not None or own is None:
            return self.chosen
        return self._listed(own.id)

    def _listed(self, model_id: str) -> LanguageModel | None:
        return next((model for model in self.models if model.id == model_id), None)

    @property
    def window(self) -> int | None:
        """The tokens of its window, if that is known."""
        return self.model.context_window if self.model else None

    @property
    def own_chosen(self) -> bool:
        """Whether it is the model that answered."""
        return self.chosen is None

    @property
    def model_name(self) -> str:
        """What it is called."""
        own = self.overview.own.name if self.overview else ""
        return self.chosen.name if self.chosen else own

    @property
    def count(self) -> Count | None:
        """What the request reads without what is left out; None until it is counted."""
        if self.view is None:
            return None
        return self.view.count.without(sum(self.view.parts[index].tokens or 0 for index in self.without))

    @property
    def fit(self) -> Fit | None:
        """How that stands to the model's window."""
        count, model = self.count, self.model
        return None if count is None or model is None else fit(count, model, self._settings.reserve)

    def choose_request(self, number: int | None) -> None:
        """Look at another request."""
        if self.overview is not None and number != self.number:
            self.number = number
            self._count()

    def choose_model(self, model_id: str) -> None:
        """Count for another model."""
        model = self._listed(model_id)
        if self.overview is None or model is None or model is self.model:
            return
        own = self.overview.own.model
        self.chosen = None if own is not None and model.id == own.id else model
        self.view, self.reckoned = None, {}
        self._count()
        self._reckon()

    def leave_out(self, parts: frozenset[int], out: bool) -> None:
        """Take parts out of every sum, or back into it; the other models follow."""
        now = self.without | parts if out else self.without - parts
        if now != self.without:
            self.without = now
            keys = self.view.keys if self.view else ()
            self._left_out = frozenset(keys[index] for index in now)
            self.without_changed.emit()
            self.model_counts.count_again()

    def take_all_back(self) -> None:
        """Leave nothing out."""
        self.leave_out(self.without, False)

    def read_text(self, indices: Sequence[int], title: str) -> None:
        """Have the text of some parts; see ``text_ready``."""
        if self.source is None or self.overview is None or self.view is None or not indices:
            return
        parts = numbered(self.view.parts, indices)
        place = (self.source, self.overview.conversation, self.view.number)
        job = ReadParts(*place, parts, self.models, self._model_id)
        self._worker.submit(job, lambda data: self.text_ready.emit(data, title), self.problem.emit)

    def render(self) -> None:
        """Have the request as the model's chat template writes it; see ``text_ready``."""
        if self.source is None or self.overview is None or self.view is None:
            return
        title = _("{file} as {model} reads it", file=self.source.name, model=self.model_name)
        place = (self.source, self.overview.conversation, self.view.number)
        job = RenderRequest(*place, self.models, self._model_id)
        self._worker.submit(job, lambda data: self.text_ready.emit(data, title), self.problem.emit)

    def explain_cache(self, earlier: Path | None = None) -> None:
        """Compare the request with the one before it, or with that of another file; see ``cache_ready``."""
        if self.source is None or self.overview is None or self.view is None:
            return
        place = (self.source, self.overview.conversation, self.view.number)
        job = ExplainCache(*place, self.models, self._model_id, None if earlier is None else Source(earlier))
        self._submit("comparing", job, self.cache_ready.emit)

    # -- what is under way -------------------------------------------------------------------------------

    @property
    def doing(self) -> str:
        """In words; empty if nothing."""
        if "reading" in self._doing:
            return _("Reading the conversation…")
        if "counting" in self._doing:
            return _("Counting the request…")
        if "models" in self._doing:
            return self.model_counts.words
        if "comparing" in self._doing:
            return _("Comparing requests…")
        return _("Reckoning the requests…") if "reckoning" in self._doing else ""

    def stop(self) -> bool:
        """Give up what is under way; False if nothing is."""
        tickets, self._doing = list(self._doing.values()), {}
        for ticket in tickets:
            self._worker.cancel(ticket)
        self.work_changed.emit()
        return bool(tickets)

    def close(self) -> None:
        """Have nothing open."""
        self.set_aside()
        self.sessions = self.folder = self.chosen = None

    def set_aside(self) -> None:
        """Have no conversation open; the list stays, and the model that was counted for is the chosen one."""
        model = self.model
        self.stop()
        self.follow(False)
        self._clear()
        self.source, self.chosen = None, model
        self.counts_changed.emit()

    # -- answers -----------------------------------------------------------------------------------------

    def _clear(self) -> None:
        self.overview = self.view = self.number = self.chosen = None
        self.without, self._left_out = frozenset(), frozenset()
        self.reckoned = {}
        self.model_counts.clear()

    def _opened(self, source: Source, found: Overview | SessionList, drafting: bool) -> None:
        self.drafting = drafting
        if isinstance(found, SessionList):
            self._clear()
            self.source, self.folder, self.sessions = source, None, found
            self.counts_changed.emit()
            self.listed.emit()
            return
        same = self.source is not None and self.source.is_same_text(source) and self.overview is not None
        before, number = self.overview, self.number
        if not same:
            chosen = self.chosen if drafting else None
            self._clear()
            self.chosen = chosen
        self.source, self.overview = self._hosts.applied(source, found.conversation), found
        last = last_shown(before) if same and before is not None else None
        if not same or before is None or number in (None, last):
            self.number = last_shown(found)
        else:
            self.number = same_request(before, found, number)
        self.opened.emit()
        self._count()
        self._reckon()

    def _count(self) -> None:
        if self.source is None or self.overview is None:
            return
        place = (self.source, self.overview.conversation, self.number)
        self._submit("counting", CountContext(*place, self.models, self._model_id), self._counted)

    def _counted(self, view: ContextView) -> None:
        self.view = view
        # What is left out stays so where the request next to it has it too.
        self.without = frozenset(i for i, key in enumerate(view.keys) if key in self._left_out)
        self.context_changed.emit()
        model, count = self.model, self.count
        self.model_counts.renew({model.id: count} if model is not None and count is not None else {})

    def _count_for_models(self, first: Sequence[str], known: frozenset[str], take: Take) -> None:
        if self.source is None or self.overview is None or self.view is None:
            return
        place = (self.source, self.overview.conversation, self.view.number)
        job = CountForModels(*place, self.models, self._model_id, self._left_out, tuple(first), known)
        self._submit("models", job, lambda _: self.model_counts.end(), take)

    def _reckon(self) -> None:
        if self.source is None or self.overview is None:
            return
        numbers = tuple(one.number for one in self.overview.requests if one.shown)
        if not numbers:
            return

        def show(found: dict[int, int]) -> None:
            self.reckoned = found
            self.reckoned_changed.emit()

        place = (self.source, self.overview.conversation, numbers)
        self._submit("reckoning", ReckonRequests(*place, self.models, self._model_id), show)

    @property
    def _model_id(self) -> str | None:
        return self.chosen.id if self.chosen else None

    def _submit(
        self,
        name: str,
        job: Job,
        done: Callable[[Any], None],
        progress: Callable[[Any], None] | None = None,
    ) -> None:
        """Do ``job`` in the place of what was under way by that name."""
        for each in (name, "models"):  # the worker does one after the other; they are resumed
            self._worker.cancel(self._doing.pop(each, None))

        def end() -> None:
            self._doing.pop(name, None)
            if name != "models":
                self.model_counts.resume()
            self.work_changed.emit()

        def finish(found: Any) -> None:
            end()
            done(found)

        def fail(sentence: str) -> None:
            end()
            if sentence:
                self.problem.emit(sentence)

        self._doing[name] = self._worker.submit(job, finish, fail, progress)
        self.work_changed.emit()

    def _reserve_changed(self, key: str) -> None:
        if self.view is not None and key == RESERVE:
            self.context_changed.emit()
