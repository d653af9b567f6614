"""Documents in a folder: off at first, chosen in the menu of counted files."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.documents.extraction.made import docx, paragraph
from tests.ui.hosts import worker_context
from tokviz.analysis.codebase.scan import CountedBatch
from tokviz.analysis.count_plan import CountPlan
from tokviz.documents.decoding import ReadOptions
from tokviz.ui.codebase.options import FileChoices
from tokviz.ui.codebase.tree_metrics import FileNotes
from tokviz.ui.common.settings import Settings
from tokviz.worker.codebase_counting import CountFiles
from tokviz.worker.jobs import Reporter


@pytest.mark.parametrize(("entry", "field"), [("Documents", "document_text"), ("Web pages", "markup_text")])
def test_a_toggle_is_off_at_first_and_kept(entry: str, field: str, tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    window = QWidget()
    qtbot.addWidget(window)
    choices = FileChoices(settings, window)
    assert choices.options.reading == ReadOptions()
    action = next(each for each in choices.menu.actions() if entry in each.text())
    with qtbot.waitSignal(choices.changed):
        action.trigger()
    assert getattr(choices.options.reading, field)
    assert getattr(FileChoices(settings, window).options.reading, field)


def test_the_worker_counts_documents_with_one_reader(tmp_path: Path) -> None:
    for name in ("a.docx", "b.docx"):
        (tmp_path / name).write_bytes(docx(paragraph("Hello world")))
    files = tuple((i, name, 1) for i, name in enumerate(("a.docx", "b.docx")))
    batches: list[CountedBatch] = []
    job = CountFiles(tmp_path, files, CountPlan(("r50k_base",)), ReadOptions(document_text=True), 1 << 20)
    context = worker_context()
    job.perform(context, Reporter(batches.append, lambda: True))  # type: ignore[arg-type]
    assert np.concatenate([batch.numbers for batch in batches]).tolist() == [0, 1]
    assert {batch.encodings[0] for batch in batches} == {"text of the Word document"}
    notes, again = FileNotes(2), FileNotes(3)
    notes.add(batches)
    again.keep(notes, np.array([[1, 2]]))
    assert (notes.documents, again.documents) == (2, 1)
    assert [values[-1] for batch in batches for values in batch.values.tolist()] == [3, 3]
