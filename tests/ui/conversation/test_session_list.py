"""The list of conversations."""

from pathlib import Path

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
