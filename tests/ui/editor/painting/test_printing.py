"""The text on paper: every row once, with its tokens, page by page."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageSize, QPdfWriter
from PySide6.QtPrintSupport import QPrinter

from tests.ui.conftest import OpenView
from tests.ui.token_source import FixedTokens
from tokviz.ui.common.theme import Theme
from tokviz.ui.editor.painting.printing import Paper


def paper_to(kind: type[Paper], path: Path) -> Paper:
    if kind is QPrinter:
        printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        paper: Paper = printer
    else:
        paper = QPdfWriter(str(path))
    paper.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    paper.setPageMargins(QMarginsF(15, 15, 15, 15))
    return paper


def page_count(path: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", path.read_bytes()))


@pytest.mark.parametrize("kind", [QPdfWriter, QPrinter], ids=["pdf", "printer"])
def test_all_pages_are_printed(open_view: OpenView, theme: Theme, tmp_path: Path, kind: type[Paper]) -> None:
    text = "\n".join(f"line {number} with words, é and 漢字 " * 4 for number in range(60))
    size = len(text.encode())
    view = open_view(text, tokens=FixedTokens.every(4, size))
    path = tmp_path / "text.pdf"
    pages = list(view.printer(theme).pages(paper_to(kind, path), (0, size), "A title"))
    assert pages == list(range(1, len(pages) + 1))
    assert len(pages) > 3
    assert page_count(path) == len(pages)


def test_only_what_is_asked_for_is_printed(open_view: OpenView, theme: Theme, tmp_path: Path) -> None:
    view = open_view("line\n" * 500)
    path = tmp_path / "text.pdf"
    assert list(view.printer(theme).pages(paper_to(QPdfWriter, path), (1000, 1020))) == [1]
    assert page_count(path) == 1


def test_an_empty_text_is_an_empty_page(open_view: OpenView, theme: Theme, tmp_path: Path) -> None:
    path = tmp_path / "text.pdf"
    assert list(open_view().printer(theme).pages(paper_to(QPdfWriter, path), (0, 0))) == [1]


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_paper_that_cannot_be_written_gives_no_page(
    open_view: OpenView, theme: Theme, tmp_path: Path
) -> None:
    paper = QPdfWriter(str(tmp_path / "no such folder" / "text.pdf"))
    assert list(open_view("text").printer(theme).pages(paper, (0, 4))) == []
