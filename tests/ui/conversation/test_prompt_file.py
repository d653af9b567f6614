"""A prompt that is not saved is asked about before it would be lost, or is back in the next window."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from tests.ui.conversation.conftest import opened_page
from tokviz.catalog.model import LanguageModel
from tokviz.conversations.draft import Draft, DraftFile, DraftMessage
from tokviz.conversations.draft_editing import Entry, Kind
from tokviz.documents.unsaved import UnsavedTexts
from tokviz.ui.common.settings import KEEP_UNSAVED
from tokviz.ui.common.theme import Theme
from tokviz.ui.conversation.page import ConversationPage

_BUTTON = QMessageBox.StandardButton


class Answers(list[str]):
    """What was asked; each question is answered with ``button``."""

    button = _BUTTON.Cancel

    def ask(self, _: object, __: str, words: str, *___: object) -> QMessageBox.StandardButton:
        self.append(words)
        return self.button


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Answers:
    made = Answers()
    monkeypatch.setattr(QMessageBox, "question", made.ask)
    return made


@pytest.fixture
def prompts(tmp_path: Path) -> UnsavedTexts:
    """Where the page's prompts are kept."""
    return UnsavedTexts(tmp_path / "prompts")


@pytest.fixture
def next_page(
    qtbot: QtBot, theme: Theme, models: list[LanguageModel], tmp_path: Path
) -> Iterator[ConversationPage]:
    """The page of the next window."""
    with opened_page(qtbot, theme, models, tmp_path) as made:
        yield made
        made.building.file.unsaved.close()


def type_text(page: ConversationPage, text: str) -> None:
    """As keys do, in the text of the chosen part."""
    buffer = page.building.view._buffer
    buffer.replace(len(buffer), len(buffer), text.encode())


def question(page: ConversationPage) -> str:
    return page.building.draft.messages[0].text


def begin(page: ConversationPage) -> None:
    page.acts.new.trigger()
    type_text(page, "What is the tide?")


def test_it_asks_before_it_saves_over_what_another_program_wrote(
    page: ConversationPage, answers: Answers, tmp_path: Path
) -> None:
    begin(page)
    path, file = tmp_path / "prompt.json", page.building.file
    assert file.write(path) and answers == []
    type_text(page, " And when?")
    path.write_text('{"model": "gpt-4o", "messages": []}', "utf-8")
    assert not file.save() and "prompt.json was changed by another program" in answers[0]
    assert "And when" not in path.read_text("utf-8")
    answers.button = _BUTTON.Save
    assert file.save() and "And when" in path.read_text("utf-8")
    type_text(page, " And where?")
    assert file.save() and len(answers) == 2, "what is saved here is no other program's"


def test_a_new_prompt_asks_before_it_takes_the_place_of_another(
    page: ConversationPage, answers: Answers
) -> None:
    begin(page)
    page.acts.new.trigger()
    assert answers == ["Save the changes to the prompt that you are writing?"]
    assert question(page) == "What is the tide?"
    page.ask_about([("a.txt", "text")])
    assert len(answers) == 2 and question(page) == "What is the tide?"
    answers.button = _BUTTON.Discard
    page.ask_about([("a.txt", "text")])
    assert page.building.draft.messages == (DraftMessage("user", "", (DraftFile("a.txt", "text"),)),)


def test_nothing_is_asked_where_nothing_was_written(page: ConversationPage, answers: Answers) -> None:
    page.acts.new.trigger()
    page.acts.new.trigger()
    type_text(page, "x")
    page.building.view.commit()
    page.building.view.undo()
    page.acts.new.trigger()
    assert answers == [] and page.building.file.may_close()


def test_opening_something_else_asks_and_then_the_prompt_is_gone(
    page: ConversationPage, answers: Answers, session_file: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    begin(page)
    page.open_file(session_file)
    page.open_folder(tmp_path)
    page.open_data(session_file.read_bytes())
    assert page.building.view.isVisible()
    assert len(answers) == 3 and question(page) == "What is the tide?"
    answers.button = _BUTTON.Discard
    page.open_file(session_file)
    qtbot.waitUntil(lambda: page.session.view is not None and page.workspace.isVisible(), timeout=30_000)
    assert page.building.view.editor.draft.empty and not page.session.drafting
    page.open_file(session_file)
    assert len(answers) == 4, "what was discarded is not asked about again"
    assert page.location == str(session_file)


def test_a_file_that_cannot_be_opened_leaves_the_prompt_as_it_was(
    page: ConversationPage, answers: Answers, tmp_path: Path, qtbot: QtBot
) -> None:
    begin(page)
    answers.button = _BUTTON.Discard
    with qtbot.waitSignal(page.problem, timeout=10_000):
        page.open_file(tmp_path / "gone.json")
    assert question(page) == "What is the tide?" and page.building.view.isVisible()
    assert page.building.file.modified


def test_saving_is_the_other_answer(
    page: ConversationPage, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "prompt.json"
    monkeypatch.setattr("tokviz.ui.conversation.prompt_file.ask_where", lambda *_: path)
    begin(page)
    answers.button = _BUTTON.Save
    page.acts.new.trigger()
    assert json.loads(path.read_bytes())["messages"] == [{"role": "user", "content": "What is the tide?"}]
    assert question(page) == "" and page.building.file.path is None
    type_text(page, "Another")
    monkeypatch.setattr("tokviz.ui.conversation.prompt_file.ask_where", lambda *_: None)
    page.acts.new.trigger()
    assert question(page) == "Another", "no file was chosen, so it stays"


def test_a_prompt_of_no_file_is_back_in_the_next_window(
    page: ConversationPage, next_page: ConversationPage, answers: Answers, prompts: UnsavedTexts
) -> None:
    begin(page)
    page.building.view.attach("a.txt", "one")
    assert page.may_close() and answers == [] and len(prompts.names()) == 1
    said: list[str] = []
    next_page.information.connect(said.append)
    next_page.acts.restore.trigger()
    assert said == ["The unsaved prompt of the last session is back."]
    assert next_page.building.draft == page.building.draft
    assert next_page.modified and next_page.session.drafting
    next_page.acts.restore.trigger()
    assert len(answers) == 1, "another one would take its place"


def test_a_prompt_of_a_file_asks_when_the_window_closes(
    page: ConversationPage, answers: Answers, tmp_path: Path, prompts: UnsavedTexts
) -> None:
    begin(page)
    assert page.building.file.write(tmp_path / "prompt.json")
    assert page.may_close() and answers == []
    type_text(page, " And when?")
    assert not page.may_close()
    assert answers == ["Save the changes to prompt.json?"]
    answers.button = _BUTTON.Save
    assert page.may_close()
    assert "And when?" in (tmp_path / "prompt.json").read_text("utf-8")
    type_text(page, " Or not?")
    answers.button = _BUTTON.Discard
    assert page.may_close()
    assert "Or not?" not in (tmp_path / "prompt.json").read_text("utf-8") and prompts.names() == []


def test_a_crash_costs_seconds_at_most(
    page: ConversationPage, next_page: ConversationPage, prompts: UnsavedTexts, qtbot: QtBot, tmp_path: Path
) -> None:
    page.building.begin(Draft("Be brief.", (DraftMessage("user", "one"),)), tmp_path / "prompt.json")
    type_text(page, " two")
    qtbot.waitUntil(lambda: bool(prompts.names()), timeout=10_000)
    page.building.file.unsaved.close()  # the lock of a process that is gone is nobody's
    assert next_page.building.file.unsaved.restore()
    file, view = next_page.building.file, next_page.building.view
    assert question(next_page) == "one two" and file.path == tmp_path / "prompt.json"
    assert view.editor.opened.messages[0].text == "one", "the versions are compared as before"


def test_what_is_saved_or_not_wanted_is_kept_no_longer(
    page: ConversationPage, prompts: UnsavedTexts, tmp_path: Path, qtbot: QtBot
) -> None:
    begin(page)
    page.building.view.commit()
    assert page.building.file.unsaved.flush() and prompts.names()
    page.building.file.write(tmp_path / "prompt.json")
    assert not prompts.names()
    type_text(page, " more")
    page.building.view.commit()
    assert page.building.file.unsaved.flush() and prompts.names()
    page.building._settings.set(KEEP_UNSAVED, False)
    assert not prompts.names()


def test_tools_that_are_no_json_yet_are_not_lost(
    page: ConversationPage, answers: Answers, qtbot: QtBot
) -> None:
    page.acts.new.trigger()
    view = page.building.view
    view.list.setCurrentRow(1)
    type_text(page, '{"tools": [')
    with qtbot.waitSignal(page.problem):
        view.list.setCurrentRow(2)
    assert view._entry == Entry(Kind.TOOLS) and view.list.currentRow() == 1
    assert view._buffer.snapshot() == b'{"tools": ['
    page.acts.new.trigger()
    assert len(answers) == 1 and not page.may_close() and len(answers) == 2
    type_text(page, '{"name": "f"}]}')
    view.list.setCurrentRow(2)
    assert view._entry == Entry(Kind.MESSAGE, 0) and [tool.name for tool in view.draft.tools] == ["f"]


def test_a_damaged_one_is_told(next_page: ConversationPage, prompts: UnsavedTexts) -> None:
    prompts.folder.mkdir()
    (prompts.folder / "a.unsaved").write_bytes(
        b'{"path": null, "title": "", "encoding": "", "replaced": 0, "basis": "valid", "others": []}\n{}'
    )
    said: list[str] = []
    next_page.problem.connect(said.append)
    assert not next_page.building.file.unsaved.restore()
    assert said == ["An unsaved prompt is damaged; it was left where it is kept."]
    assert prompts.names() == ["a"]
