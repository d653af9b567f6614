"""What stands below the tree: file types, what is left out, and making it fit."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAction, QColor
from PySide6.QtTest import QAbstractItemModelTester, QSignalSpy, QTest
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from tests.ui.codebase.conftest import MakeMetrics, make_tree, node
from tokviz.analysis.codebase.file_kinds import Kind
from tokviz.analysis.codebase.suggestions import Suggestion, ignore_line
from tokviz.analysis.codebase.tree_counts import type_counts
from tokviz.analysis.codebase.tree_shape import TreeShape
from tokviz.analysis.count_plan import CountPlan
from tokviz.catalog.model import LanguageModel
from tokviz.documents.tree.ignore_rules import Rule
from tokviz.documents.tree.walking import LeftOut, Reason
from tokviz.tokens import Provenance
from tokviz.ui.codebase import types_model
from tokviz.ui.codebase.left_out_files import LeftOutEntry
from tokviz.ui.codebase.left_out_model import LeftOutColumn, LeftOutModel, rule_file
from tokviz.ui.codebase.left_out_pane import LeftOutPane, summary
from tokviz.ui.codebase.lower_pane import Lower, LowerPane
from tokviz.ui.codebase.node_menu import NodeActions, node_menu
from tokviz.ui.codebase.suggestions_model import FitColumn, SuggestionsModel
from tokviz.ui.codebase.toolbar import CodebaseToolbar, Panes
from tokviz.ui.codebase.types_model import TypeColumn, TypesModel, type_rows
from tokviz.ui.codebase.types_pane import TypesPane
from tokviz.ui.common.theme import Theme

PATHS = ["a.py", "b/c.py", "b/d.md", "e.json"]
TOKENS = [100, 200, 300, 400]
ROOT = Path("/somewhere/project")


def watch(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def column(model: QAbstractItemModel, place: int) -> list[str]:
    return [model.index(row, place).data() for row in range(model.rowCount())]


def test_rows_have_room_in_a_low_pane(theme: Theme, qtbot: QtBot) -> None:
    """At 900 × 600 with the models' list below, the parts of Left Out lay over one another."""
    left_out, types = LeftOutPane(list, theme), TypesPane(theme)
    for pane, view, around in (
        (left_out, left_out._view, (left_out._include, left_out._search)),
        (types, types._view, (types._every,)),
    ):
        qtbot.addWidget(pane)
        pane.resize(600, 300)
        pane.show()
        view.setFocus()
        assert all(part.isVisible() for part in around)
        for height in range(300, 60, -10):
            pane.resize(600, height)
            rest = [part.mapTo(pane, part.rect().topLeft()).y() for part in around if part.isVisible()]
            assert view.height() >= min(height, 60)
            assert all(place + 20 <= height for place in rest)
        assert not any(part.isVisible() for part in around)


def test_what_decides_the_rows_stays_in_a_low_pane(theme: Theme, qtbot: QtBot) -> None:
    left_out, types = LeftOutPane(list, theme), TypesPane(theme)
    for pane in (left_out, types):
        qtbot.addWidget(pane)
        pane.resize(600, 300)
        pane.show()
        pane.setFocus()
    left_out._search.setText("log")
    types._every.setChecked(True)
    for pane, part in ((left_out, left_out._search), (types, types._every)):
        pane.resize(600, 60)
        assert part.isVisible()
    left_out._search.clear()
    types._every.setChecked(False)
    for pane, part in ((left_out, left_out._search), (types, types._every)):
        pane.resize(600, 300)
        pane.resize(600, 60)
        assert not part.isVisible()


def test_a_search_that_is_over_goes_with_the_focus(theme: Theme, qtbot: QtBot) -> None:
    pane = LeftOutPane(list, theme)
    qtbot.addWidget(pane)
    pane.resize(600, 300)
    pane.show()
    qtbot.waitUntil(pane.isActiveWindow)
    pane._search.setFocus()
    QTest.keyClicks(pane._search, "log")
    pane.resize(600, 60)
    pane._search.clear()
    assert pane._search.isVisible(), "one may go on typing"
    pane._view.setFocus()
    qtbot.waitUntil(lambda: not pane._search.isVisible())


# -- file types ----------------------------------------------------------------------------------------


def test_types_add_up_and_those_taken_out_stay_in_sight(make_metrics: MakeMetrics) -> None:
    tree = make_tree(PATHS, TOKENS)
    taken = tree.with_included([node(tree, "b/c.py"), node(tree, "e.json")], False)
    rows = {row.language: row for row in type_rows(make_metrics(taken))}
    assert rows["Python"].check == Qt.CheckState.PartiallyChecked
    assert (rows["Python"].files, rows["Python"].all_files, rows["Python"].tokens.tokens) == (1, 2, 100)
    assert rows["Python"].share == pytest.approx(0.25)
    assert rows["JSON"].check == Qt.CheckState.Unchecked
    assert (rows["JSON"].tokens.tokens, rows["JSON"].share) == (400, None)


def test_types_can_be_ordered_and_excluded(make_metrics: MakeMetrics, qtbot: QtBot) -> None:
    model = TypesModel()
    watching = watch(model)
    model.set_rows(type_rows(make_metrics(make_tree(PATHS, TOKENS))))
    assert column(model, TypeColumn.TYPE) == ["JSON", "Markdown", "Python"]
    model.sort(TypeColumn.TYPE, Qt.SortOrder.DescendingOrder)
    assert column(model, TypeColumn.TYPE) == ["Python", "Markdown", "JSON"]
    for place in TypeColumn:
        model.sort(place, Qt.SortOrder.AscendingOrder)
    asked = QSignalSpy(model.checked)
    assert model.setData(model.index(0, 0), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert asked.at(0) == [model.rows[0], False]
    resets = QSignalSpy(model.modelReset)
    model.set_rows(model.rows)
    assert resets.count() == 0
    assert watching.model() is model


def test_a_type_has_its_colour_whatever_it_is_called(
    make_metrics: MakeMetrics, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr(types_model, "language_words", lambda _: "Datei")
    model = TypesModel()
    model.set_rows(type_rows(make_metrics(make_tree(PATHS, TOKENS))))
    colors = {"JSON": QColor("red"), "Markdown": QColor("green")}
    model.set_colors(colors)
    for place, row in enumerate(model.rows):
        painted = model.data(model.index(place, 0), Qt.ItemDataRole.DecorationRole)
        assert painted == colors.get(row.language)


def test_every_tokenizer_has_a_column(make_metrics: MakeMetrics, theme: Theme, qtbot: QtBot) -> None:
    tree = make_tree(PATHS, TOKENS)
    plan = CountPlan(("cl100k_base",))
    found = type_counts(tree.with_included([node(tree, "a.py")], False), plan)
    types = dict(zip(found.matrix.rows, found.matrix.tokens[:, 0].tolist(), strict=True))
    assert types == {"JSON": 400, "Markdown": 300, "Python": 200}
    assert found.matrix.columns == ("cl100k_base",) and found.provenance == (Provenance.EXACT,)
    assert found.matrix.sizes.tolist() == [1600, 1200, 800] and sum(found.files) == 3
    pane = TypesPane(theme)
    qtbot.addWidget(pane)
    pane.set_metrics(make_metrics(tree), plan)
    pane.show()
    assert pane.model.rowCount() == 3
    pane._every.click()
    assert pane._by_tokenizer.isVisible()
    pane.set_metrics(None, CountPlan(()))
    assert not pane.grab().isNull()


# -- what is left out ----------------------------------------------------------------------------------


def entries() -> list[LeftOutEntry]:
    rule = Rule(".gitignore", 3, "*.log", False)
    return [
        LeftOutEntry(ROOT, LeftOut("z.log", False, Reason.RULE, 10, rule)),
        LeftOutEntry(ROOT, LeftOut(".git", True, Reason.VERSION_CONTROL)),
        LeftOutEntry(ROOT, LeftOut("a.bin", False, Reason.BINARY, 5000, detail="it is binary data")),
        LeftOutEntry(ROOT, LeftOut("no.txt", False, Reason.UNREADABLE, 0, detail="permission denied")),
    ]


def test_everything_left_out_is_listed_with_its_rule(qtbot: QtBot) -> None:
    model = LeftOutModel()
    watching = watch(model)
    model.set_entries(entries())
    assert column(model, LeftOutColumn.PATH) == [".git/", "a.bin", "no.txt", "z.log"]
    assert column(model, LeftOutColumn.REASON) == [
        "version control",
        "binary",
        "permission denied",
        "ignored",
    ]
    assert column(model, LeftOutColumn.RULE) == ["", "", "", ".gitignore:3   *.log"]
    assert column(model, LeftOutColumn.SIZE) == ["", "5.00 kB", "0 B", "10 B"]
    for place in LeftOutColumn:
        model.sort(place, Qt.SortOrder.DescendingOrder)
    assert column(model, LeftOutColumn.PATH)[0] == "a.bin"
    model.set_search("gitignore log")
    assert column(model, LeftOutColumn.PATH) == ["z.log"]
    assert rule_file(model.rows[0]) == ROOT / ".gitignore"
    model.set_search("")
    assert model.rowCount() == 4
    assert watching.model() is model


def test_the_pane_opens_the_file_or_the_rule(theme: Theme, qtbot: QtBot) -> None:
    pane = LeftOutPane(entries, theme)
    qtbot.addWidget(pane)
    pane.show()
    opened = QSignalSpy(pane.file_chosen)
    pane._open(pane.model.index(3, LeftOutColumn.PATH))
    pane._open(pane.model.index(3, LeftOutColumn.RULE))
    pane._open(pane.model.index(0, LeftOutColumn.PATH))  # a folder
    assert [opened.at(i)[0] for i in range(opened.count())] == [ROOT / "z.log", ROOT / ".gitignore"]
    assert pane._summary.text().startswith("4 entries: ")
    assert summary([]) == "Nothing is left out."


# -- making it fit -------------------------------------------------------------------------------------


def test_suggestions_are_rows_that_are_checked_when_applied(qtbot: QtBot) -> None:
    model = SuggestionsModel()
    watching = watch(model)
    locks = Suggestion(Kind.LOCK_FILES, "lock files", np.array([1, 2]), 500, ("*.lock", "a", "b", "c"))
    shape = TreeShape([("r", ["b/x", "y"])])
    folder = shape.find("b")
    assert folder is not None
    large = Suggestion(Kind.SOURCE, "b/", np.array([3]), 250, nodes=(folder,))
    model.show([locks], [large], 1000, "~", shape)
    assert column(model, FitColumn.WHAT) == ["Lock files  (*.lock, a, b, …)", "Own source: b/"]
    assert column(model, FitColumn.SAVES) == ["~500", "~250"]
    assert column(model, FitColumn.SHARE) == ["~50.0 %", "~25.0 %"]
    states = [model.index(row, 0).data(Qt.ItemDataRole.CheckStateRole) for row in range(2)]
    assert [Qt.CheckState(state) for state in states] == [Qt.CheckState.Checked, Qt.CheckState.Unchecked]
    asked = QSignalSpy(model.checked)
    model.setData(model.index(1, 0), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert asked.at(0) == [model.rows[1], True]
    assert model.rows[1].suggestion is large
    assert "/b/" in model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert watching.model() is model


def test_a_line_of_an_ignore_file_means_one_node() -> None:
    shape = TreeShape([("r", ["a [1].py", "b*/c ", "d/e.py"])])
    lines = [ignore_line(shape, at) for path in ("a [1].py", "b*/c ", "d") if (at := shape.find(path))]
    assert lines == ["/a \\[1].py", "/b\\*/c\\ ", "/d/"]


# -- around them ---------------------------------------------------------------------------------------


def test_tabs_bring_parts_to_the_front(qtbot: QtBot) -> None:
    menus = [QMenu() for _ in Lower]
    corner = QMenu()
    pane = LowerPane(menus, corner)
    qtbot.addWidget(pane)
    chosen = QSignalSpy(pane.chosen)
    pane.show_lower(Lower.FIT)
    assert pane.current is Lower.FIT
    assert chosen.at(0) == [Lower.FIT]
    assert corner.isHidden(), "it is the treemap's"
    pane.set_left_out(1234)
    assert (pane._tabs.tabText(2), pane._badges[2].text) == ("Left out", "1,234")
    assert pane._tabs.accessibleTabName(2) == "Left out, 1,234"
    pane.set_left_out(0)
    assert pane._tabs.accessibleTabName(2) == "Left out" and not pane._badges[2].text


def test_the_context_menu_offers_what_can_be_done(make_metrics: MakeMetrics, qtbot: QtBot) -> None:
    tree = make_tree(PATHS, TOKENS)
    metrics = make_metrics(tree.with_included([node(tree, "b/c.py")], False))
    parent = QMenu()
    qtbot.addWidget(parent)
    asked: list[object] = []

    def nothing(_: int) -> None:
        """Not picked here."""

    actions = NodeActions(
        open=nothing,
        open_shortened=nothing,
        toggle=lambda at, on: asked.append((at, on)),
        exclude_others=nothing,
        show_in_map=nothing,
        toggle_kind=lambda kind, on: asked.append((tree.language_names[kind], on)),
        keep=lambda at, on: asked.append(("keep", at, on)),
        is_kept=lambda at: at == node(tree, "b"),
    )
    menu = node_menu(
        parent, metrics, node(tree, "a.py"), ROOT / "a.py", actions, QMenu("Make &smaller", parent)
    )
    texts = {entry.text().replace("&", ""): entry for entry in menu.actions() if entry.text()}
    assert "Take in" not in texts
    texts["Take out"].trigger()
    texts["Take out all files of the type Python"].trigger()
    texts["Keep when fitting"].trigger()
    kept = ("keep", node(tree, "a.py"), True)
    assert asked == [(node(tree, "a.py"), False), ("Python", False), kept]
    partly = [
        entry.text().replace("&", "")
        for entry in node_menu(parent, metrics, node(tree, "b"), ROOT, actions, QMenu(parent)).actions()
    ]
    assert {"Take in", "Take out", "Show in the treemap", "Let it be left out"} <= set(partly)


def test_the_tool_bars_words_give_way_to_icons(models: list[LanguageModel], qtbot: QtBot) -> None:
    choices, smaller, export = QMenu(), QMenu(), QMenu()
    rescan = QAction("Rescan")
    bar = CodebaseToolbar(models, ["cl100k_base"], choices, smaller, export, [(rescan, "refresh-cw")])
    qtbot.addWidget(bar)
    only, beside = Qt.ToolButtonStyle.ToolButtonIconOnly, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    bar.show()
    for width, style in ((820, beside), (600, only)):
        bar.resize(width, 44)
        assert bar.width() == width and bar.height() == 44, "all of it has room"
        buttons = [bar.button_of(panes) for panes in Panes]
        assert {button.toolButtonStyle() for button in buttons if isinstance(button, QToolButton)} == {style}
        assert [button.accessibleName() for button in buttons] == ["Tree", "Both", "Map"]
    bar.resize(1000, 44)
    least = bar._row.minimumSize().width()  # with words
    told = bar.button_of(Panes.BOTH)
    assert isinstance(told, QToolButton)
    for name, of in (("its tokenizer", True), ("a tokenizer in more words", False)):
        bar.tokenizer.setItemText(0, name)
        bar.resize(1000, 44)
        bar.resize(least, 44)
        assert bar._of.isVisible() == of, "the words before the model go first"
        assert told.toolButtonStyle() == beside, name
    again = next(one for one in bar.findChildren(QToolButton) if "Rescan" in one.accessibleName())
    rescan.setEnabled(False)
    assert not again.isEnabled()


def test_no_button_of_the_switch_is_ever_cut(models: list[LanguageModel], qtbot: QtBot) -> None:
    bar = CodebaseToolbar(
        models, ["cl100k_base"], QMenu(), QMenu(), QMenu(), [(QAction("Rescan"), "refresh-cw")]
    )
    qtbot.addWidget(bar)
    bar.show()

    def cut() -> bool:
        return any(bar.button_of(panes).width() < bar.button_of(panes).sizeHint().width() for panes in Panes)

    for width in (1000, 580, 760, 640, 820, 700, 580, 1000):
        bar.resize(width, 44)
        qtbot.wait(1)
        assert not cut(), width
    told = bar.button_of(Panes.BOTH)
    assert isinstance(told, QToolButton)
    assert told.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    bar.filter.setMinimumWidth(bar.filter.width() + 300)
    qtbot.waitUntil(lambda: told.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly)
    assert not cut()
