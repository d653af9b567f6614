"""Unexpected exceptions: written to a log, told to the user in one sentence, never shown as a traceback."""

import faulthandler
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from tokviz.documents.private_files import private_file, private_folder
from tokviz.language import _

_log = logging.getLogger("tokviz")


class FailureLog:
    """Receives what no slot, paint or thread has caught. Qt hands those to ``sys.excepthook`` alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "tokviz.log"
        """Where the log is written."""
        self._listener: Callable[[str], None] | None = None
        self._faults = None
        try:
            private_folder(folder)
            private_file(self.path)
            handler: logging.Handler = logging.FileHandler(self.path, encoding="utf-8", delay=True)
            private_file(folder / "crash.log")
            self._faults = (folder / "crash.log").open("w", encoding="utf-8")
            faulthandler.enable(self._faults)
        except OSError:
            # A home that cannot be written is no reason not to start; standard error then has to do.
            handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(handler)
        self._handler = handler

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call ``listener`` with one sentence for each unexpected exception from now on."""
        self._listener = listener

    def install(self) -> None:
        """Become Python's last resort for exceptions."""
        sys.excepthook = self._report

    def close(self) -> None:
        """Give back the excepthook and the files."""
        sys.excepthook = sys.__excepthook__
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()
        if self._faults:
            faulthandler.disable()
            self._faults.close()

    def _report(
        self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, traceback)
            return
        _log.error("Unexpected exception", exc_info=(kind, error, traceback))
        _let_go_of_last_error()
        if self._listener:
            self._listener(
                _(
                    "Something in tokviz went wrong ({name}: {error}). Your text is untouched; details "
                    "are in {path}.",
                    name=kind.__name__,
                    error=error,
                    path=self.path,
                )
            )
        else:
            sys.__excepthook__(kind, error, traceback)


def _let_go_of_last_error() -> None:
    """Python keeps the last error for a debugger, with all that was in its frames. If that is an event of
    Qt's, it is gone by now, and PySide would take whatever comes to lie in its place for the event."""
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        if hasattr(sys, name):
            setattr(sys, name, None)
