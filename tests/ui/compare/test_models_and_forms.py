"""The tabs of models and forms on the compare page, with its real worker."""

import csv
import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from tokviz.analysis.evaluation import evaluate
from tokviz.analysis.forms.forms import form_named
from tokviz.analysis.forms.values import MOST_BYTES
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.tokenization.registry import Registry
from tokviz.tokens import Count
from tokviz.ui.compare.form_lines import COPY
from tokviz.ui.compare.page import ComparePage
from tokviz.ui.tokens.document import Document, Origin

TEXT = b"The tokenizer untokenizes 1234567 antidisestablishmentarian words.\n" * 40
DATA = b'[{"id": 1, "zip": "12345"}, {"id": 2, "zip": "01234"}]'
CATALOG = Catalog(Assets())
REGISTRY = Registry(Assets())


def show_models(page: ComparePage, document: Document, data: bytes, qtbot: QtBot) -> None:
    page.tabs.setCurrentWidget(page.tabs.models)
    document.show(data, Origin(title="A text"))
    page.tabs.models._chooser.choose(["gpt-5", "gpt-4"])
    page.tabs.models._models_chosen(["gpt-5", "gpt-4"])
    expected = [REGISTRY.get(name).count(data) for name in ("o200k_base", "cl100k_base")]

    def counted() -> list[int]:
        return [row.found.count.tokens for row in page.tabs.models.rows if row.found]

    qtbot.waitUntil(lambda: counted() == expected, timeout=60_000)
    qtbot.wait(150)


def test_models_are_compared_by_tokens_and_cost(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show_models(page, document, TEXT, qtbot)
    tab = page.tabs.models
    tokens = {name: REGISTRY.get(name).count(TEXT) for name in ("o200k_base", "cl100k_base")}
    titles, *lines = tab.table.texts()
    by_name = {line[0].removesuffix(" (retired)"): dict(zip(titles, line, strict=True)) for line in lines}
    gpt5 = CATALOG.get("gpt-5")
    expected = evaluate(gpt5, Count.certain(tokens["o200k_base"]))
    assert by_name[gpt5.name]["Tokens"] == f"{expected.count.tokens:,}"
    assert by_name[gpt5.name]["Provenance"] == gpt5.provenance
    tab._make_baseline("gpt-4")
    assert tab.baseline == "gpt-4"
    row = next(row for row in tab.rows if row.model.id == "gpt-5")
    assert row.relative and row.relative.likely == tokens["o200k_base"] / tokens["cl100k_base"]
    tab._make_baseline("gpt-5")


def test_models_are_chosen_by_search_and_check(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show_models(page, document, TEXT, qtbot)
    tab = page.tabs.models
    chooser = tab._chooser
    found = chooser.findChild(QListWidget) or chooser._list
    chooser._search.setText("gpt-4.1")
    (shown,) = [row for row in range(found.count()) if found.item(row).data(256) == "gpt-4.1"]
    assert not found.item(shown).isHidden()
    assert sum(not found.item(row).isHidden() for row in range(found.count())) < found.count() // 4
    found.item(shown).setCheckState(Qt.CheckState.Checked)
    assert {model.id for model in tab.models} == {"gpt-5", "gpt-4", "gpt-4.1"}
    qtbot.waitUntil(lambda: len(tab.table.keys) == 3)
    assert "gpt-4.1" in page._settings.names("compare/models")
    chooser._clear()
    assert not tab.models and not tab.table.keys and "No model is chosen" in tab._note.text()


def test_the_chart_draws_models_too(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show_models(page, document, TEXT, qtbot)
    chart = page.tabs.chart
    box = chart._measure
    for measure in ("Tokens of models", "Share of the window of models", "Input cost of models"):
        box.setCurrentIndex(box.findText(measure))
        said = chart.chart.accessibleDescription()
        assert chart.chart.accessibleName() == measure and CATALOG.get("gpt-5").name in said
        assert "unknown" not in said
    box.setCurrentIndex(0)


def test_models_are_exported(page: ComparePage, document: Document, qtbot: QtBot, tmp_path: Path) -> None:
    show_models(page, document, TEXT, qtbot)
    for form in ("csv", "json", "md"):
        page.exports.save_models(tmp_path / f"m.{form}", form)
    with (tmp_path / "m.csv").open() as file:
        assert [row["model"] for row in csv.DictReader(file)] == ["gpt-5", "gpt-4"]
    record = json.loads((tmp_path / "m.json").read_text())
    assert record["models"][0]["tokens"] == REGISTRY.get("o200k_base").count(TEXT)
    assert (tmp_path / "m.md").read_text().count("\n") == 4


def show_forms(page: ComparePage, document: Document, data: bytes, qtbot: QtBot) -> None:
    page.tabs.setCurrentWidget(page.tabs.forms)
    document.show(data, Origin(title="Data"))
    qtbot.waitUntil(lambda: page.tabs.forms.found is not None, timeout=60_000)
    qtbot.waitUntil(lambda: "o200k_base" in page.tabs.forms.names, timeout=60_000)


def test_forms_are_written_counted_and_tried(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show_forms(page, document, DATA, qtbot)
    tab = page.tabs.forms
    lines = {line[0]: line for line in tab.table.texts()}
    expected = REGISTRY.get("o200k_base").count(b'[{"id":1,"zip":"12345"},{"id":2,"zip":"01234"}]')
    assert lines["JSON, minified"][1] == f"{expected:,}" and lines["JSON, minified"][4].startswith("yes")
    assert lines["CSV"][4] == "no: numbers and text look alike ([0].zip)"
    tab._tokenizers.setCurrentIndex(tab._tokenizers.count() - 1)
    qtbot.waitUntil(lambda: "cl100k_base" in tab.names, timeout=60_000)
    assert {"o200k_base", "cl100k_base"} <= set(tab.table.keys)
    tab._tokenizers.setCurrentIndex(0)


def test_a_form_is_copied_and_opened_by_a_click(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    show_forms(page, document, DATA, qtbot)
    tab, minified = page.tabs.forms, b'[{"id":1,"zip":"12345"},{"id":2,"zip":"01234"}]'
    row = tab.table.keys.index("json-min")
    place = tab.table.visualRect(tab.table.model().index(row, COPY)).center()
    tab.table.scrollTo(tab.table.model().index(row, COPY))
    QTest.mouseClick(tab.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert QGuiApplication.clipboard().text() == minified.decode()
    with qtbot.waitSignal(page.text_opened):
        tab.table.link_chosen.emit("json-min", COPY + 1)
    assert document.buffer.snapshot() == minified and document.name == "The data as JSON, minified"


def test_the_selection_is_taken_where_there_is_one(
    page: ComparePage, document: Document, qtbot: QtBot
) -> None:
    text = b"Before\n" + DATA + b"\nafter: not data {"
    page.tabs.setCurrentWidget(page.tabs.forms)
    document.show(text, Origin(title="Data"))
    tab = page.tabs.forms
    qtbot.waitUntil(lambda: "no JSON" in tab._state.text(), timeout=60_000)
    assert not tab.table.keys
    page.panes.panes[0].view.select(7, 7 + len(DATA))
    qtbot.waitUntil(lambda: tab.found is not None, timeout=60_000)
    assert tab._state.text() == "The selection is read as JSON."
    page.panes.panes[0].view.select(0, 0)


def test_what_is_too_large_is_said_at_once(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    page.tabs.setCurrentWidget(page.tabs.forms)
    document.show(b"[1]\n" * (MOST_BYTES // 4 + 1), Origin(title="Much"))
    qtbot.waitUntil(lambda: "select a part" in page.tabs.forms._state.text(), timeout=60_000)
    assert page.tabs.forms._ticket is None


def test_forms_are_exported(page: ComparePage, document: Document, qtbot: QtBot, tmp_path: Path) -> None:
    show_forms(page, document, DATA, qtbot)
    for form in ("csv", "json", "md"):
        page.exports.save_forms(tmp_path / f"f.{form}", form)
    with (tmp_path / "f.csv").open() as file:
        assert {row["form"] for row in csv.DictReader(file)} >= {"json", "toon", "as-it-is"}
    record = json.loads((tmp_path / "f.json").read_text())
    assert record["source"] == "JSON" and len(record["forms"]) == 10
    assert form_named("toon").title in (tmp_path / "f.md").read_text()


def test_typing_on_an_empty_page_works(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    assert not document.buffer.snapshot()
    page.tabs.tabBar().setFocus()
    QTest.keyClicks(page.tabs.tabBar(), "Hi")
    assert document.buffer.snapshot() in (b"Hi", b"H")
    assert page.panes.panes[0].view.hasFocus()


def test_the_tables_fit_the_page(page: ComparePage, document: Document, qtbot: QtBot) -> None:
    """With the models beside it at 1280 pixels, and alone at 900."""
    show_forms(page, document, DATA, qtbot)
    before = page.size()
    for width in (900, 820, 690, 520):
        page.resize(width, 600)
        for tab in (page.tabs.tokenizers, page.tabs.models, page.tabs.forms):
            page.tabs.setCurrentWidget(tab)
            qtbot.wait(20)
            table = tab.table
            assert table.horizontalScrollBar().maximum() == 0, (width, table.accessibleName())
    assert page.minimumSizeHint().width() <= 640
    page.resize(before)
