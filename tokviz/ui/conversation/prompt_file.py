"""Saving the prompt that is written, keeping it until then, and asking before it would be lost."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tokviz.conversations.draft import Draft
from tokviz.conversations.kept_draft import draft_parts, keep_draft, kept_draft
from tokviz.documents.unsaved import About, UnsavedError, UnsavedTexts
from tokviz.documents.writing import WriteError, write_steps
from tokviz.language import _
from tokviz.ui.common.file_dialogs import ask_where, written
from tokviz.ui.common.save_question import may_write_over, saved_or_discarded
from tokviz.ui.common.settings import KEEP_UNSAVED, Settings
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.unsaved import UnsavedKeeper
from tokviz.ui.common.unsaved_words import Noun
from tokviz.ui.conversation.build_view import BuildView
from tokviz.worker.text_jobs import state_of

SMALL = 1 << 18
"""Characters of a prompt that becomes JSON at once."""


class PromptFile(QObject):
    """The file of the prompt in a view. What has no file is kept for the next start, as texts are."""

    saved = Signal()
    restored = Signal()
    """A prompt of an earlier window is in the view."""
    problem = Signal(str)
    information = Signal(str)

    def __init__(
        self,
        view: BuildView,
        data: Callable[[], Iterator[bytes]],
        texts: UnsavedTexts,
        settings: Settings,
        window: QWidget,
    ) -> None:
        """``data``: the request as JSON, part by part; ``texts``: where prompts are kept; ``window``: of the
        dialogs."""
        super().__init__(window)
        self._view, self._data, self._settings, self._window = view, data, settings, window
        self._work = SlicedWork(self)
        self.path: Path | None = None
        """Where the prompt is saved."""
        self._state: tuple[int, ...] = ()
        """How that file was when it was read or written here; empty if that is not known."""
        self.unsaved = UnsavedKeeper(_UnsavedPrompt(view, self), texts, settings, self)
        self.unsaved.problem.connect(self.problem)
        self.unsaved.information.connect(self.information)
        view.changed.connect(self.unsaved.changed)
        settings.follow(KEEP_UNSAVED, lambda: self.unsaved.switch(self.unsaved.on), self)

    @property
    def name(self) -> str:
        """What the prompt is called."""
        return self.path.name if self.path else _("New prompt")

    @property
    def modified(self) -> bool:
        """Whether it holds anything that is not saved, what was typed last included."""
        return not self._view.commit() or _differs(self._view)

    def open(self, draft: Draft, path: Path | None) -> None:
        """Write another prompt, which was read from ``path``."""
        self.path, self._state = path, state_of(path) if path else ()
        self._view.open(draft)
        self.unsaved.look()

    def show_kept(self, draft: Draft, opened: Draft, path: Path | None) -> None:
        """Write on what an earlier window left."""
        self.path, self._state = path, ()
        self._view.open(draft, opened)
        self.restored.emit()

    def save(self) -> bool:
        """Write the prompt to its file, or ask for one; whether it is written."""
        path = self.path
        if path is None:
            return self.save_as()
        if (
            self._state
            and state_of(path) not in (self._state, ())
            and not may_write_over(self._window, path.name)
        ):
            return False
        return self.write(path)

    def save_as(self) -> bool:
        """Ask for a file and write the prompt to it; whether it is written."""
        suggested, title = self.path or "request.json", _("Save the Request")
        path = ask_where(self._window, self._settings, title, suggested, written("json"))
        return path is not None and self.write(path)

    def write(self, path: Path) -> bool:
        """Write the prompt to ``path``, a large one in slices; whether it is, or will be, written."""
        if not self._view.commit():
            return False
        written, parts = self._view.editor.draft, self._data()
        failed: list[str] = []

        def steps() -> Iterator[None]:
            try:
                yield from write_steps(path, parts)
            except WriteError as error:
                failed.append(str(error))

        def done() -> None:
            if failed:
                self.problem.emit(failed[0])
            else:
                self._written(path, written)

        self._work.start(steps(), done)
        if written.size < SMALL:
            self._work.finish()
        return not failed

    def _written(self, path: Path, draft: Draft) -> None:
        self.path, self._state = path, state_of(path)
        self._view.editor.saved(draft)
        self.unsaved.look()
        self._settings.add_recent(path)
        self.saved.emit()
        self.information.emit(_("The request is saved in {file}.", file=path))

    def _saved_now(self) -> bool:
        """Save without slices: something waits for it. Whether it is saved."""
        if not self.save():
            return False
        self._work.finish()
        return not self.modified

    def may_discard(self) -> bool:
        """Whether the prompt may go: nothing of it is unsaved, it was saved, or the user says so."""
        self._work.finish()  # what is being saved is saved first
        if not self.modified:
            return True
        question = _("Save the changes to the prompt that you are writing?")
        if self.path is not None:
            question = _("Save the changes to {file}?", file=self.path.name)
        return saved_or_discarded(self._window, question, self._saved_now)

    def may_close(self) -> bool:
        """Whether the window may go. A prompt of no file is kept for the next start, without a question."""
        self._work.finish()
        kept = self._view.commit() and self.path is None and self.unsaved.flush()
        if not kept:
            if not self.may_discard():
                return False
            self.unsaved.forget()
        self.unsaved.close()
        return True

    def end(self) -> None:
        """The program ends without a question: what is unsaved is kept."""
        self._work.finish()
        self._view.commit()
        self.unsaved.flush()
        self.unsaved.close()


class _UnsavedPrompt:
    """The prompt in a view: see ``Writing``."""

    noun = Noun.PROMPT

    def __init__(self, view: BuildView, file: PromptFile) -> None:
        self._view, self._file = view, file

    @property
    def unsaved(self) -> bool:
        return _differs(self._view)

    @property
    def size(self) -> int:
        return self._view.editor.draft.size

    def about(self) -> About:
        return About(self._file.path, "", "UTF-8", 0)

    def snapshot(self) -> bytes:
        return keep_draft(self._view.editor.draft, self._view.editor.opened)

    def copy(self, parts: list[bytes]) -> Iterator[None]:
        for part in draft_parts(self._view.editor.draft, self._view.editor.opened):
            parts.append(part)
            yield

    def restore(self, about: About, data: bytes) -> None:
        try:
            draft, opened = kept_draft(data)
        except ValueError as error:
            raise UnsavedError(_("An unsaved prompt is damaged; it was left where it is kept.")) from error
        self._file.show_kept(draft, opened, about.path)


def _differs(view: BuildView) -> bool:
    return view.editor.modified and not view.editor.draft.empty
