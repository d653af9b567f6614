"""What tests of the window have in common."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication


@pytest.fixture(autouse=True)
def _clean_clipboard() -> Iterator[None]:
    """What a test copied does not outlive it: Qt would ask Python for it when Python has ended already."""
    yield
    if isinstance(QGuiApplication.instance(), QGuiApplication):
        QGuiApplication.clipboard().clear()
