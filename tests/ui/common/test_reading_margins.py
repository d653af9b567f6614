"""What has more room at one side than at the other has it at the same side of reading in both directions."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QApplication

import tokviz.ui
from tokviz.ui.common.reading_margins import reading_margins


@pytest.fixture(autouse=True)
def _as_before(qapp: QApplication) -> Iterator[None]:
    before = qapp.layoutDirection()
    yield
    qapp.setLayoutDirection(before)


def test_the_start_is_where_reading_begins(qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert reading_margins(1, 2, 3, 4) == QMargins(1, 2, 3, 4)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert reading_margins(1, 2, 3, 4) == QMargins(3, 2, 1, 4)


def test_no_layout_has_uneven_margins_of_its_own() -> None:
    found = []
    for file in Path(tokviz.ui.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr == "setContentsMargins" and len(node.args) == 4:
                left, _top, right, _bottom = map(ast.unparse, node.args)
                found += [f"{file.name}:{node.lineno}"] if left != right else []
    assert found == []
