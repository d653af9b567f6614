"""Images of a folder: counted by formula where the toggle asks for it, and said by model."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.documents.test_image_size import png
from tests.ui.hosts import HereWorker, worker_context
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.documents.tree.walking import LeftOut, Reason
from tokviz.ui.codebase.codebase import Codebase, LeftOutEntry
from tokviz.ui.codebase.image_row import ImageRow
from tokviz.ui.codebase.options import FileChoices
from tokviz.ui.common.settings import Settings
from tokviz.worker.codebase_images import CountImages
from tokviz.worker.jobs import Reporter


def test_the_worker_counts_what_is_an_image(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(png(1024, 1024))
    (tmp_path / "b.png").write_bytes(b"no image")
    job = CountImages((tmp_path / "a.png", tmp_path / "b.png", tmp_path / "gone"), ("gpt-4o", "gpt-3"))
    found = job.perform(worker_context(), Reporter(lambda _: None, lambda: True))
    assert (found.number, found.tokens) == (1, {"gpt-4o": 765})


def test_the_toggle_asks_for_no_other_scan(tmp_path: Path, qtbot: QtBot) -> None:
    settings = Settings(QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    window = QWidget()
    qtbot.addWidget(window)
    choices = FileChoices(settings, window)
    was_on, options = choices.images, choices.options
    assert not was_on
    scans: list[None] = []
    choices.changed.connect(lambda: scans.append(None))
    action = next(each for each in choices.menu.actions() if "Images" in each.text().replace("&", ""))
    with qtbot.waitSignal(choices.images_changed):
        action.trigger()
    assert scans == []
    assert choices.options == options
    assert FileChoices(settings, window).images


def test_the_line_names_the_chosen_model_first(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(png(1024, 1024))
    models = {model.id: model for model in Catalog(Assets()).models}
    worker = HereWorker()
    codebase = Codebase(worker, ["r50k_base"])  # type: ignore[arg-type]
    entries = [LeftOutEntry(tmp_path, LeftOut("a.png", False, Reason.BINARY, 9))]
    monkeypatch.setattr(Codebase, "left_out", lambda _self: entries)
    wanted, window = [True], QWidget()
    qtbot.addWidget(window)
    row = ImageRow(
        codebase,
        worker,  # type: ignore[arg-type]
        [models["gpt-4o"], models["claude-opus-4.8"], models["gpt-3"]],
        lambda: wanted[0],
        lambda: models["claude-opus-4.8"],
        window,
    )
    row.renew()
    qtbot.waitUntil(lambda: not row.isHidden())
    assert row.text == ("1 image beside the sums, by formula: Claude Opus 4.8 1,369 · GPT-4o 765 tokens.")
    wanted[0] = False
    row.renew()
    assert row.isHidden()
