"""Writing a request on the conversation page: parts, text as tokens, counting, copying, saving, versions."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tokviz.conversations.draft import Draft, DraftFile, DraftMessage, read_draft
from tokviz.conversations.draft_editing import Entry, Kind
from tokviz.ui.common.settings import ZOOM
from tokviz.ui.conversation.page import ConversationPage
from tokviz.worker.conversation_store import Source


def counted(page: ConversationPage, qtbot: QtBot) -> None:
    """Wait until the request is counted as it is now."""
    building = page.building

    def done() -> bool:
        source, draft = page.session.source, building.draft
        told = read_draft(json.loads(source.read())) if source is not None and source.draft else None
        newest = told is not None and (told.system, told.tools) == (draft.system, draft.tools)
        newest = newest and [m.text for m in told.messages] == [m.text for m in draft.messages]  # type: ignore[union-attr]
        quiet = not building._counting.pending and not page.session.doing
        return newest and quiet and page.session.view is not None

    qtbot.waitUntil(done, timeout=60_000)


def begin(page: ConversationPage, qtbot: QtBot) -> None:
    draft = Draft(
        "Be brief.", (DraftMessage("user", "What is the tide?", (DraftFile("a.txt", "one two " * 40),)),)
    )
    page.building.begin(draft)
    counted(page, qtbot)


def test_a_prompt_is_written_and_counted_while_it_is(page: ConversationPage, qtbot: QtBot) -> None:
    page.acts.new.trigger()
    view = page.building.view
    assert view.isVisible() and view.editor.entries == [
        Entry(Kind.SYSTEM),
        Entry(Kind.TOOLS),
        Entry(Kind.MESSAGE, 0),
    ]
    view.view.setFocus()
    QTest.keyClicks(view.view, "What is the tide in Brest?")
    qtbot.waitUntil(lambda: bool(view.editor.draft.messages[0].text), timeout=60_000)
    counted(page, qtbot)
    assert view.isVisible()  # counting does not lead away from writing
    assert view.editor.draft.messages[0].text == "What is the tide in Brest?"
    assert view._tokens[Entry(Kind.MESSAGE, 0)] > 6
    assert page.session.count is not None and f"{page.session.count.tokens:,}" in view._figures.text()
    qtbot.waitUntil(lambda: view.tokenizing.map is not None and view.tokenizing.is_settled, timeout=60_000)
    qtbot.waitUntil(lambda: bool(page.counts()), timeout=60_000)


def test_every_part_has_its_tokens_and_a_file_has_its_own(page: ConversationPage, qtbot: QtBot) -> None:
    begin(page, qtbot)
    tokens = page.building.view._tokens
    assert set(tokens) == {Entry(Kind.SYSTEM), Entry(Kind.MESSAGE, 0), Entry(Kind.FILE, 0, 0)}
    assert tokens[Entry(Kind.FILE, 0, 0)] > 80 > tokens[Entry(Kind.MESSAGE, 0)]
    assert page.session.view is not None
    lines = [page.building.view.list.item(row).text() for row in range(4)]
    assert lines[0].startswith("System prompt: Be brief. · ") and lines[3].startswith("    a.txt · ")


def test_the_model_that_is_chosen_stays_while_one_writes(page: ConversationPage, qtbot: QtBot) -> None:
    begin(page, qtbot)
    own = page.session.model
    other = next(
        model for model in page.session.models if own and model.developer == "Anthropic" != own.developer
    )
    page.choose_model(other.id)
    counted(page, qtbot)
    page.building.view._add()
    counted(page, qtbot)
    assert page.session.model is other
    written = json.loads(b"".join(page.building.data()))
    assert written["model"] == other.id and written["system"] == "Be brief."


def test_it_is_copied_for_each_maker_and_saved_and_opened_again(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    begin(page, qtbot)
    for shape, key in (("openai", "messages"), ("anthropic", "system"), ("gemini", "contents")):
        page.building.copy(shape)
        told = json.loads(QGuiApplication.clipboard().text())
        assert key in told
        again = read_draft(told)
        assert again is not None and again.messages[0].files == (DraftFile("a.txt", "one two " * 40),)
    path = tmp_path / "prompt.json"
    with qtbot.waitSignal(page.location_changed, timeout=60_000):  # the title says it
        page.building.file.write(path)
    assert not page.modified and page.location == str(path)
    saved = page.building.draft
    page.open_file(path)
    qtbot.waitUntil(lambda: page.session.view is not None and not page.session.doing, timeout=60_000)
    assert not page.building.view.isVisible()
    page.acts.change.trigger()
    qtbot.waitUntil(page.building.view.isVisible, timeout=60_000)
    assert page.building.draft == saved and page.building.file.path == path
    before = path.read_bytes()
    page.building.file.write(path)
    assert path.read_bytes() == before


def test_a_session_cannot_be_changed_and_says_so(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    qtbot.waitUntil(lambda: page.session.view is not None, timeout=60_000)
    with qtbot.waitSignal(page.problem, timeout=60_000) as caught:
        page.acts.change.trigger()
    assert caught.args is not None and "only those can be changed" in caught.args[0]


def test_two_versions_stand_side_by_side(page: ConversationPage, qtbot: QtBot) -> None:
    begin(page, qtbot)
    view = page.building.view
    view.editor.set_text(Entry(Kind.SYSTEM), "Be as long as you like, and explain everything.")
    view.editor.add_message(0)
    view.panes.show_part(view.versions)
    qtbot.waitUntil(lambda: " more, in tokens of " in view.versions.words, timeout=60_000)
    rows = {row.title: row for _, row in view.versions.rows.rows}
    changed = [title for title, row in rows.items() if row.changed and row.more]
    assert any("as long as" in title for title in changed)
    same = next(row for title, row in rows.items() if "What is the tide?" in title)
    assert not same.changed and same.before == same.now


def test_files_tools_and_undo(page: ConversationPage, qtbot: QtBot, tmp_path: Path) -> None:
    begin(page, qtbot)
    building, view = page.building, page.building.view
    start = building.draft
    (tmp_path / "b.txt").write_text("three", "utf-8")
    building.attach(tmp_path / "b.txt")
    assert [file.name for file in building.draft.messages[0].files] == ["a.txt", "b.txt"]
    (tmp_path / "tools.json").write_text('{"tools": [{"name": "f", "inputSchema": {}}]}', "utf-8")
    building.load_tools(tmp_path / "tools.json")
    assert [tool.name for tool in building.draft.tools] == ["f"]
    (tmp_path / "wrong.json").write_text("{", "utf-8")
    with qtbot.waitSignal(page.problem) as caught:
        building.load_tools(tmp_path / "wrong.json")
    assert caught.args is not None and caught.args[0].startswith("The tools must be JSON")
    (tmp_path / "image.png").write_bytes(b"\x89PNG\xff")
    with qtbot.waitSignal(page.problem) as caught:
        building.attach(tmp_path / "image.png")
    assert caught.args is not None and "only text can be attached" in caught.args[0]
    view.list.setFocus()
    QTest.keyClick(view.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert building.draft == start
    view.list.setCurrentRow(2)
    view._move(1)
    view._remove()
    assert building.draft != start
    view.undo()
    assert building.draft == start


def test_what_is_typed_while_the_list_of_parts_is_in_front_goes_into_the_part(
    page: ConversationPage, qtbot: QtBot
) -> None:
    begin(page, qtbot)
    view = page.building.view
    place = view.list.visualItemRect(view.list.item(0)).center()
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.list.hasFocus()  # Delete and the arrows are the list's
    QTest.keyClicks(view.list, "U")  # with which a message's line begins
    assert view.view.hasFocus() and view.list.currentRow() == 0
    QTest.keyClicks(view.view, "se metres.")
    assert view.draft.system == "Be brief.Use metres."
    view.list.setFocus()
    QTest.keyClick(view.list, Qt.Key.Key_Down)
    assert view.list.hasFocus() and view.list.currentRow() == 1
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    assert view.view.hasFocus()


def test_a_role_that_is_still_being_chosen_goes_to_no_other_part(
    page: ConversationPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(page, qtbot)
    building, view = page.building, page.building.view
    view.list.setCurrentRow(2)
    closed: list[bool] = []
    monkeypatch.setattr(view._role, "hidePopup", lambda: closed.append(True))
    view.list.setCurrentRow(0)
    assert closed
    before = building.draft
    view._role.activated.emit(1)
    assert building.draft == before
    building.begin(Draft())
    view._role.activated.emit(1)
    assert building.draft == Draft()


def test_a_text_is_asked_about(page: ConversationPage, qtbot: QtBot) -> None:
    page.ask_about([("tide.py", "def tide(): ...")])
    assert page.building.draft.messages == (
        DraftMessage("user", "", (DraftFile("tide.py", "def tide(): ..."),)),
    )
    counted(page, qtbot)
    page.building.view.done_wanted.emit()
    qtbot.waitUntil(page.workspace.isVisible, timeout=60_000)
    page.acts.change.trigger()
    assert page.building.view.isVisible() and page.building.draft.messages[0].files[0].name == "tide.py"


def test_its_letters_are_as_large_as_those_of_other_texts(page: ConversationPage) -> None:
    view, settings = page.building.view.view, page.building._settings
    settings.set(ZOOM, 4)
    assert view.zoom == 4
    view.zoom_by(1)
    assert settings.number(ZOOM, 0, 0, 30) == 5
    settings.set(ZOOM, 0)


def test_the_figures_of_what_was_open_are_none_of_the_prompt(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    qtbot.waitUntil(lambda: page.session.view is not None and bool(page.counts()), timeout=60_000)
    model = page.session.model
    page.acts.new.trigger()
    assert page.counts() == {} and page.status == "" and page.location == "New prompt"
    counted(page, qtbot)
    assert page.session.model is model, "it is counted for the same model"
    assert page.status.endswith("1 message, 0 tool results"), "and nothing of the session's requests and cost"


def test_buttons_show_their_icons_alone_where_words_have_no_room(
    page: ConversationPage, qtbot: QtBot
) -> None:
    begin(page, qtbot)
    view, style = page.building.view, Qt.ToolButtonStyle
    told = [*view._first, *view._last]
    view.resize(1200, 500)
    assert {button.toolButtonStyle() for button in told} == {style.ToolButtonTextBesideIcon}
    view.resize(300, 500)
    assert {button.toolButtonStyle() for button in told} == {style.ToolButtonIconOnly}
    assert all(button.accessibleName() and button.toolTip() for button in told)


def test_a_prompt_that_was_begun_is_not_lost_to_a_file_that_was_still_being_opened(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.session.open(Source(session_file))  # its answer is on the way
    page.acts.new.trigger()
    view = page.building.view
    QTest.keyClicks(view.view, "mine")
    counted(page, qtbot)
    assert page.session.drafting and view.isVisible()
    assert view.draft.messages[0].text == "mine"


def test_what_is_typed_after_something_else_was_opened_is_not_lost(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.acts.new.trigger()
    counted(page, qtbot)
    page.open_file(session_file)
    QTest.keyClicks(page.building.view.view, "mine")
    page.building.view.commit()
    qtbot.waitUntil(lambda: not page.session.doing, timeout=60_000)
    assert page.building.view.draft.messages[0].text == "mine"


def test_a_request_that_is_read_to_be_changed_does_not_come_after_a_new_prompt(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "request.json"
    file.write_text(json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "theirs"}]}))
    page.building.change(Source(file))
    page.acts.new.trigger()
    counted(page, qtbot)
    assert page.building.draft.messages[0].text == ""


def test_a_request_becomes_json_where_it_is_counted(page: ConversationPage, qtbot: QtBot) -> None:
    begin(page, qtbot)
    source = page.session.source
    assert source is not None and source.data is None and source.draft is not None
    assert source.read() == b"".join(page.building.data())


LARGE = "a line of code\n" * 400_000
"""Of 6 MB: a part of it is written in one step."""


def test_a_large_prompt_is_copied_in_slices(page: ConversationPage, qtbot: QtBot) -> None:
    page.building.begin(Draft("", (DraftMessage("user", "why?", (DraftFile("a.py", LARGE),)),)))
    said: list[str] = []
    page.information.connect(said.append)
    page.building._copying._slice = 0.0  # a step at a time, however fast the machine is
    page.building.copy("openai")
    assert said == [], "the window lives on"
    qtbot.waitUntil(lambda: bool(said), timeout=30_000)
    copied = json.loads(QGuiApplication.clipboard().text())
    assert copied["messages"][0]["content"][1]["text"].count("a line of code") == 400_000


def test_a_large_prompt_is_saved_in_slices_as_it_was_when_that_began(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.building.begin(Draft("", (DraftMessage("user", LARGE),)))
    file, path = page.building.file, tmp_path / "large.json"
    file._work._slice = 0.0
    assert file.write(path) and not path.exists()
    page.building.view._buffer.replace(0, 0, b"another ")
    qtbot.waitUntil(path.exists, timeout=30_000)
    assert json.loads(path.read_bytes())["messages"] == [{"role": "user", "content": LARGE}]
    assert file.path == path and file.modified, "what was typed meanwhile is not saved"


def test_what_is_being_saved_is_saved_before_the_window_goes(page: ConversationPage, tmp_path: Path) -> None:
    page.building.begin(Draft("", (DraftMessage("user", LARGE),)))
    file, path = page.building.file, tmp_path / "large.json"
    file._work._slice = 0.0
    file.write(path)
    assert file.may_close() and path.stat().st_size > len(LARGE)


def test_a_place_that_cannot_be_written_is_told(page: ConversationPage, tmp_path: Path) -> None:
    page.building.begin(Draft("", (DraftMessage("user", "hi"),)))
    said: list[str] = []
    page.problem.connect(said.append)
    assert not page.building.file.write(tmp_path / "none" / "a.json")
    assert "Cannot write" in said[0] and page.building.file.path is None
