"""The list of conversations."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tokviz.ui.conversation.session_list import SessionListView
from tokviz.worker.conversation_jobs import SessionList, SessionRow


def row(name: str, project: str) -> SessionRow:
    return SessionRow(Path(name), 0, name, name, project, None, "codex", 0, None, None)


def test_a_project_that_all_share_takes_no_column(qtbot: QtBot) -> None:
    view = SessionListView()
    qtbot.addWidget(view)
    for projects, there in ((("a", "b"), True), (("a", "a"), False)):
        view.show_list(SessionList(tuple(row(str(n), p) for n, p in enumerate(projects)), ()))
        assert ("Project" in view.table.texts()[0]) is there
        assert view.table.texts()[1][-3] == "0"


def test_a_long_path_of_a_project_does_not_take_the_columns_place(qtbot: QtBot) -> None:
    paths = ("/home/dev/tides", "/home/someone/of/a/long/name/and/many/folders/below/harbour-maps", "x" * 90)
    rows = tuple(
        SessionRow(Path("a"), 0, None, "Add tide warnings to the page", path, None, "codex", 1, 9, None)
        for path in paths
    )
    view = SessionListView()
    qtbot.addWidget(view)
    view.resize(700, 300)
    view.show()
    view.show_list(SessionList(rows, ()))
    model = view.table.model()
    shown = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    at = shown.index("Project")
    assert not view.table.isColumnHidden(at)
    told = [str(model.index(row, at).data()) for row in range(3)]
    assert told == ["/home/dev/tides", "…/below/harbour-maps", f"…{'x' * 21}"]
    assert model.index(1, at).data(Qt.ItemDataRole.ToolTipRole) == paths[1]
