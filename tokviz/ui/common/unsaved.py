"""Keeps what is written in the window until it is saved: a crash costs the last few seconds of it."""

import contextlib
import threading
import uuid
from collections.abc import Iterator, Sequence
from typing import Protocol

from PySide6.QtCore import QLockFile, QObject, Signal

from tokviz.documents.private_files import private_folder
from tokviz.documents.unsaved import About, UnsavedError, UnsavedTexts
from tokviz.documents.writing import WriteError
from tokviz.language import ngettext
from tokviz.ui.common import unsaved_words
from tokviz.ui.common.debouncer import Debouncer
from tokviz.ui.common.settings import KEEP_UNSAVED, Settings
from tokviz.ui.common.sliced_work import SlicedWork
from tokviz.ui.common.unsaved_words import Noun

_DELAY = 2000
"""Milliseconds from a change to the writing of it."""
_SLOWER = 25_000
"""Bytes that put a writing off by one more millisecond: a large text is not written all the time."""
_LONGEST = 5000
"""Milliseconds after which any text is written."""


class Writing(Protocol):
    """What is kept: a text, or a prompt."""

    noun: Noun
    """What it is called."""

    @property
    def unsaved(self) -> bool:
        """Whether it holds anything that is in no file."""

    @property
    def size(self) -> int:
        """Its bytes, about."""

    def about(self) -> About:
        """What is known of it beside its bytes."""

    def snapshot(self) -> bytes:
        """Its bytes as they are now."""

    def copy(self, parts: list[bytes]) -> Iterator[None]:
        """Put the same into ``parts`` in short steps; nothing if it is changed meanwhile."""

    def restore(self, about: About, data: bytes) -> None:
        """Show what was kept; UnsavedError if ``data`` is nothing of the kind."""


class UnsavedKeeper(QObject):
    """Writes what is unsaved to a file of its own soon after each change: call ``changed`` after one, and
    ``look`` when something else was opened, or it was saved.

    Every window has a file of its own, and a lock beside it that says so. What a window left behind
    belongs to the next one that asks: see ``restore``.
    """

    problem = Signal(str)
    problem_over = Signal(str)
    """What this sentence told of is over."""
    information = Signal(str)
    _written = Signal(str)
    """From the writing thread: one sentence if it failed, else empty."""

    def __init__(
        self, writing: Writing, texts: UnsavedTexts, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._writing = writing
        self._texts = texts
        self._settings = settings
        self._name = uuid.uuid4().hex
        self._lock: QLockFile | None = None
        self._thread: threading.Thread | None = None
        self._dropped = False
        """The text is not wanted any more, and is removed once the thread has written it."""
        self._told = ""
        """What was said of it if the last writing failed."""
        self._copying = SlicedWork(self)
        self._due = Debouncer(self._begin, _DELAY, self)
        self._written.connect(self._end)

    @property
    def on(self) -> bool:
        """Whether texts are kept."""
        return self._settings.flag(KEEP_UNSAVED, True)

    def switch(self, on: bool) -> None:
        """Keep this text from now on, or do not."""
        if on:
            self.look()
        else:
            self.forget()

    def flush(self) -> bool:
        """Write the text now, if it is not saved; whether it is safe."""
        self._due.cancel()
        self._copying.stop()
        if not self._wanted:
            return not self._writing.unsaved
        self._wait()
        if not self._has_lock():
            return False
        self._end(self._try_to_write(self._name, self._writing.about(), [self._writing.snapshot()]))
        return not self._told

    def forget(self) -> None:
        """What is kept is not wanted any more."""
        self._recover()
        self._due.cancel()
        self._copying.stop()
        self._dropped = self._thread is not None
        if not self._dropped:
            self._texts.remove(self._name)

    def clear(self) -> None:
        """Remove every text that no open window holds, and tell how many they were."""
        names = self.left_behind()
        for name in names:
            self._texts.remove(name)
        self.information.emit(unsaved_words.removed(self._writing.noun, len(names)))

    @property
    def name(self) -> str:
        """Under which name it is kept, if it is."""
        return self._name

    @property
    def is_pending(self) -> bool:
        """Whether the last change is still to be written."""
        return self._due.pending or self._copying.running

    def left_behind(self) -> list[str]:
        """What windows that are gone have left, the last written first."""
        return [name for name in self._left_behind() if self._is_free(name)]

    def restore(self, wanted: str = "") -> bool:
        """Show the text that was left behind last, and go on keeping it; False if there is none. Of one that
        is ``wanted`` by its name nothing is told but that it is damaged."""
        for name in [wanted] if wanted else self._left_behind():
            lock = self._take(name)
            if lock is None:
                continue
            try:
                self._writing.restore(*self._texts.read(name))
            except UnsavedError as error:
                lock.unlock()
                self.problem.emit(str(error))
                continue
            self.forget()
            self._wait()
            self._release()
            self._name, self._lock = name, lock
            self.look()
            if not wanted:
                self.tell_restored(1)
            return True
        return False

    def tell_restored(self, count: int) -> None:
        """Say that so many are back, and how many more there are."""
        said = unsaved_words.restored(self._writing.noun, count)
        if more := len(self.left_behind()):
            said += " " + ngettext(
                "{n} more can be restored from the File menu.",
                "{n} more can be restored from the File menu.",
                more,
            )
        self.information.emit(said)

    def close(self) -> None:
        """The window closes; what is kept stays for the next one."""
        self._due.cancel()
        self._copying.stop()
        self._wait()
        self._release()

    # -- writing ---------------------------------------------------------------------------------------

    @property
    def _wanted(self) -> bool:
        return self.on and self._writing.unsaved

    def changed(self) -> None:
        """It was edited."""
        self._due.delay = min(_LONGEST, _DELAY + self._writing.size // _SLOWER)
        self._due.request()

    def look(self) -> None:
        """It is another one, or saved."""
        if self._wanted:
            self._due.request()
        else:
            self.forget()

    def _begin(self) -> None:
        if not self._wanted:
            self.forget()
        elif self._thread is not None:
            self._due.request()
        else:
            parts: list[bytes] = []
            self._copying.start(self._writing.copy(parts), lambda: self._write(parts, self._writing.about()))

    def _write(self, parts: Sequence[bytes], about: About) -> None:
        """Write in a thread, because a disk may take its time."""
        if parts and self._has_lock():
            self._dropped = False
            arguments = (self._name, about, parts)
            self._thread = threading.Thread(target=self._write_and_tell, args=arguments, daemon=True)
            self._thread.start()

    def _write_and_tell(self, name: str, about: About, parts: Sequence[bytes]) -> None:
        sentence = self._try_to_write(name, about, parts)
        with contextlib.suppress(RuntimeError):  # the window is gone
            self._written.emit(sentence)

    def _try_to_write(self, name: str, about: About, parts: Sequence[bytes]) -> str:
        """Why it failed, in one sentence; empty if it did not."""
        try:
            self._texts.write(name, about, parts)
        except (OSError, WriteError) as error:
            return str(error)
        return ""

    def _end(self, sentence: str) -> None:
        self._wait()
        if not sentence:
            self._recover()
        elif not self._told:
            self._told = unsaved_words.not_kept(self._writing.noun, sentence)
            self.problem.emit(self._told)

    def _recover(self) -> None:
        told, self._told = self._told, ""
        if told:
            self.problem_over.emit(told)

    def _wait(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._dropped:
            self._dropped = False
            self._texts.remove(self._name)

    # -- whose text is it? -----------------------------------------------------------------------------

    def _left_behind(self) -> list[str]:
        return [name for name in self._texts.names() if name != self._name]

    def _is_free(self, name: str) -> bool:
        if (lock := self._take(name)) is None:
            return False
        lock.unlock()
        return True

    def _take(self, name: str) -> QLockFile | None:
        """The lock of a text whose window is gone; None if it is open."""
        lock = QLockFile(str(self._texts.folder / f"{name}.lock"))
        lock.setStaleLockTime(0)  # however old: a window may stay open for weeks
        return lock if lock.tryLock(0) else None

    def _has_lock(self) -> bool:
        """Whether the file is locked as this window's; it is as soon as its folder can be made."""
        if self._lock is None:
            try:
                private_folder(self._texts.folder)
            except OSError as error:
                self._end(str(error))
                return False
            self._lock = self._take(self._name)
        return self._lock is not None

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
