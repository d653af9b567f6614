"""What nobody catches: logged, told, and let go of."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from tokviz.ui.common.failures import FailureLog


class _Failing(QObject):
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self._fail)

    def _fail(self) -> None:
        raise ValueError("no")


def test_what_failed_is_let_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python would keep its frames: an event of Qt's in them would be taken for what comes to lie there."""
    told: list[str] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "last_traceback", None, raising=False)
    log = FailureLog(tmp_path)
    log.listen(told.append)
    log.install()
    failing = _Failing()
    try:
        failing.asked.emit()
    finally:
        log.close()
    assert told and "ValueError: no" in told[0]
    assert "ValueError: no" in log.path.read_text("utf-8")
    assert sys.last_traceback is None
    assert sys.last_value is None
