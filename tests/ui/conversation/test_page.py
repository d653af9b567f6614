"""The conversation page: what is opened in it, chosen, left out, followed and taken away."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from tests.conversations.files import lines
from tests.conversations.test_agent_sessions import GOOSE
from tests.ui.conversation.conftest import BIG, session_rows, settle, write_rows
from tokviz.analysis.conversation.answering_model import AnsweringModels
from tokviz.analysis.conversation.contexts import context_of, numbered_requests
from tokviz.analysis.conversation.evaluations import ContextCounter
from tokviz.analysis.conversation.overview import CompactionMark, overview
from tokviz.analysis.conversation.stack import Layer
from tokviz.assets import Assets
from tokviz.catalog.catalog import Catalog
from tokviz.conversations.framing_rules import FramingRules
from tokviz.conversations.model import Compaction, Conversation, Message, Reading, Request, Side, Usage
from tokviz.conversations.sessions import read_file
from tokviz.tokenization.registry import Registry
from tokviz.ui.common.page import model_key
from tokviz.ui.conversation.following import FileWatch
from tokviz.ui.conversation.page import ConversationPage
from tokviz.worker.conversation_jobs import Look


def test_the_last_request_is_shown_with_the_figures_of_the_command_line(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    session = page.session
    assert session.number == 4 and session.overview is not None and session.view is not None
    # The same arithmetic as ``tokviz chat --request 4``.
    registry = Registry(Assets())
    reading = read_file(session_file)
    requests = numbered_requests(reading.conversations)
    known = (*registry.names(), *registry.estimator_names())
    own = AnsweringModels(session.models, FramingRules(Assets()), known).of(reading.conversations)
    (counted,) = ContextCounter(registry).count([context_of(requests, 4)], own, requests)
    assert session.view.count == counted.count
    assert session.view.recorded == 15_603 == session.view.count.tokens
    assert {row.layer for row in page.workspace.parts.rows.rows} >= {
        Layer.HIDDEN,
        Layer.USER,
        Layer.ASSISTANT,
        Layer.CALLS,
        Layer.RESULTS,
        Layer.RESERVE,
        Layer.FREE,
    }
    shown = sum(row.tokens or 0 for row in page.workspace.parts.rows.rows)
    assert session.model is not None and shown == session.model.context_window
    assert "Request 4 of 4" in page.status


def test_every_model_counts_with_its_own_tokenizer_and_framing(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    counts = page.counts()
    assert set(counts) == {model_key(model.id) for model in page.session.models}
    assert page.session.model is not None and page.session.count is not None
    assert counts[model_key(page.session.model.id)].tokens == page.session.count.tokens


def test_keys_and_mouse_choose_the_request(page: ConversationPage, qtbot: QtBot, session_file: Path) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    chart = page.workspace.chart
    QTest.keyClick(chart, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: page.session.view is not None and page.session.view.number == 1, timeout=60_000)
    assert page.session.number == 1
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert page.session.number == 2
    area = chart._area()
    middle = QPoint(round(area.x(2) + area.each / 2), round(area.rect.center().y()))
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=middle)
    assert page.session.number == 3
    assert "Request 3: 14,703 tokens recorded" in chart.accessibleDescription()


def test_a_miss_and_repeats_are_said_in_words(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    found = page.session.overview
    assert found is not None
    assert [one.number for one in found.requests if one.reread] == [3]
    words = " ".join(line.text() for line in page.workspace.answers.lines)
    assert "tides.py stands in it 3 times" in words
    assert "Request 3 read" in words


def test_what_is_left_out_leaves_every_sum_at_once_and_then_those_of_other_models(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    session = page.session
    before, counts = session.count, dict(page.counts())
    assert before is not None and session.view is not None
    page.workspace.answers.save.click()
    parts = [session.view.parts[index] for index in session.without]
    assert [part.file for part in parts] == ["/src/tides.py"] * 2
    less = sum(part.tokens or 0 for part in parts)
    assert session.count is not None and session.count.tokens == before.tokens - less
    results = next(row for row in page.workspace.parts.rows.rows if row.layer is Layer.RESULTS)
    assert results.tokens == less // 2
    qtbot.waitUntil(lambda: session.model_counts.complete and not session.doing, timeout=60_000)
    for key, count in page.counts().items():
        assert count.tokens < counts[key].tokens
    page.workspace.answers.all.click()
    assert session.count == before


def test_a_box_in_the_list_is_ticked_by_mouse_and_key(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    messages = page.workspace.messages
    place = next(i for i, row in enumerate(messages.rows.rows) if row.layer is Layer.RESULTS)
    rect = messages.visualRect(messages.rows.index(place, 0))
    QTest.mouseClick(
        messages.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(rect.left() + 16, rect.center().y())
    )
    assert page.session.without == frozenset(messages.rows.rows[place].parts)
    messages.selectRow(place)
    QTest.keyClick(messages, Qt.Key.Key_Space)
    assert page.session.without == frozenset()


def test_a_message_opens_as_text(page: ConversationPage, qtbot: QtBot, session_file: Path) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    messages = page.workspace.messages
    place = next(i for i, row in enumerate(messages.rows.rows) if row.layer is Layer.RESULTS)
    messages.selectRow(place)
    with qtbot.waitSignal(page.text_wanted, timeout=60_000) as caught:
        page.workspace.open_current()
    assert caught.args == [BIG.encode(), "Read tides.py"]


def test_another_model_is_counted_with_its_own_window(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    own = page.session.model
    other = next(model for model in page.session.models if own and model.id != own.id)
    page.choose_model(other.id)
    assert page.session.view is None
    settle(page, qtbot)
    assert page.session.model is other
    assert other.name in page.workspace._used.text()


def test_other_models_are_used_at_once(page: ConversationPage, qtbot: QtBot, session_file: Path) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    own = page.session.model
    assert own is not None
    others = [model for model in page.session.models if model.id != own.id]
    page.choose_model(others[0].id)
    settle(page, qtbot)
    renamed = replace(others[0], name="Another name")
    house = replace(own, id="house", name="House")
    page.set_models([renamed, own, house])
    settle(page, qtbot)
    assert page.session.model is renamed
    assert "Another name" in page.workspace._used.text()
    page.choose_model("house")
    settle(page, qtbot)
    assert page.session.model is house
    qtbot.waitUntil(lambda: model_key("house") in page.counts(), timeout=60_000)
    page.set_models([own])
    settle(page, qtbot)
    assert page.session.model is own


def test_tools_and_files_are_put_together(page: ConversationPage, qtbot: QtBot, session_file: Path) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    space = page.workspace
    space._group.setCurrentIndex(space._group.findText("By file read"))
    assert any(row.title == "/src/tides.py" for row in space.messages.rows.rows)
    tokens = [row.tokens for row in space.messages.rows.rows if row.tokens is not None]
    assert tokens == sorted(tokens, reverse=True)
    space._group.setCurrentIndex(0)
    assert not space.messages.rows.rows[0].below
    assert any(row.below for row in space.messages.rows.rows)


def test_groups_open_by_key_and_arrow_and_stay_together_in_any_order(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    space, messages = page.workspace, page.workspace.messages
    space._group.setCurrentIndex(space._group.findText("By file read"))
    place = next(i for i, row in enumerate(messages.rows.rows) if row.title == "/src/tides.py")
    closed = len(messages.rows.rows)
    assert not any(row.below for row in messages.rows.rows)
    messages.selectRow(place)
    QTest.keyClick(messages, Qt.Key.Key_Right)
    rows = messages.rows.rows
    head = rows[place]
    below = [row for row in rows if row.below]
    assert len(below) == len(rows) - closed == len(head.parts) > 1
    assert rows[place + 1 : place + 1 + len(below)] == below
    assert [row.tokens for row in below] == sorted((row.tokens or 0 for row in below), reverse=True)
    for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
        for column in (0, 1):
            messages.sortByColumn(column, order)
            at = messages.rows.rows.index(head)
            assert {row.parts for row in messages.rows.rows[at + 1 : at + 1 + len(below)]} == {
                row.parts for row in below
            }
    rect = messages.visualRect(messages.rows.index(messages.rows.rows.index(head), 0))
    arrow = QPoint(rect.left() + 6, rect.center().y())
    QTest.mouseClick(messages.viewport(), Qt.MouseButton.LeftButton, pos=arrow)
    assert len(messages.rows.rows) == closed


def test_a_head_takes_what_is_below_it_along(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    messages = page.workspace.messages
    place = next(i for i, row in enumerate(messages.rows.rows) if row.title.startswith("Step 1"))
    branch = messages.rows.rows[place].branch
    messages.selectRow(place)
    QTest.keyClick(messages, Qt.Key.Key_Space)
    every = {part for row in messages.rows.rows if row.branch == branch for part in row.parts}
    assert page.session.without == every
    assert len(every) > len(messages.rows.rows[place].parts)
    QTest.keyClick(messages, Qt.Key.Key_Space)
    assert not page.session.without


def test_the_map_shows_the_same_lines_and_leaves_them_out(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    space = page.workspace
    space._group.setCurrentIndex(space._group.findText("By file read"))
    space.panes.show_part(space.map)
    qtbot.waitUntil(lambda: space.map._tiles is not None, timeout=60_000)
    tiles, tree = space.map._tiles, space.map._tree
    assert tiles is not None and page.session.view is not None
    assert int(tree.weights[0]) == sum(part.tokens or 0 for part in page.session.view.parts)
    tile = next(
        tile
        for tile, node in enumerate(tiles.nodes.tolist())
        if (row := tree.rows[node]) is not None and row.title == "/src/tides.py" and not row.below
    )
    left, top, _, _ = tiles.rectangles[tile].tolist()
    point = QPoint(round(left) + 8, round(top) + 6)
    QTest.mouseClick(space.map, Qt.MouseButton.LeftButton, pos=point)
    current = space.messages.rows.rows[space.messages.currentIndex().row()]
    assert current.title == "/src/tides.py"
    assert "of the window" in space.map.accessibleDescription()
    QTest.keyClick(space.map, Qt.Key.Key_Space)
    assert page.session.without == set(current.parts)
    qtbot.waitUntil(lambda: not space.map._work.running and not space.map._start.pending, timeout=60_000)
    QTest.keyClick(space.map, Qt.Key.Key_Space)
    assert not page.session.without
    with qtbot.waitSignal(page.text_wanted, timeout=60_000) as caught:
        QTest.keyClick(space.map, Qt.Key.Key_Return)
    assert caught.args is not None and BIG.encode() in caught.args[0]
    QTest.keyClick(space.map, Qt.Key.Key_Right)
    assert not space.map.grab().isNull()


def test_an_open_models_template_is_exact_and_can_be_looked_at(page: ConversationPage, qtbot: QtBot) -> None:
    request = {
        "model": "llama-3.3-70b",
        "messages": [
            {"role": "system", "content": "Answer briefly."},
            {"role": "user", "content": "What is the tide in Brest?"},
        ],
    }
    page.session.set_models([model for model in Catalog(Assets()).models if model.id == "llama-3.3-70b"])
    page.open_data(json.dumps(request).encode())
    settle(page, qtbot)
    view = page.session.view
    assert view is not None and view.count.low == view.count.tokens == view.count.high
    space = page.workspace
    space._group.setCurrentIndex(space._group.findText("By message, framing apart"))
    framing = next(row for row in space.messages.rows.rows if row.layer is Layer.FRAMING and row.below)
    with qtbot.waitSignal(page.text_wanted, timeout=60_000) as caught:
        space.messages.opened.emit(framing)
    assert caught.args is not None and b"<|start_header_id|>" in caught.args[0]
    with qtbot.waitSignal(page.text_wanted, timeout=60_000) as caught:
        page.acts.rendered.trigger()
    assert caught.args is not None
    assert caught.args[0].startswith(b"<|begin_of_text|><|start_header_id|>system<|end_header_id|>")
    assert caught.args[1].endswith("reads it")


def test_the_host_of_a_model_is_chosen_and_remembered(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    words = [{"role": "user", "parts": [{"text": "What is the tide in Brest?"}]}]
    for name in ("one.json", "other.json"):
        (tmp_path / name).write_text(json.dumps({"model": "gemini-2.5-pro", "contents": words}), "utf-8")
    page.session.set_models([one for one in Catalog(Assets()).models if one.id == "gemini-2.5-pro"])
    page.open_file(tmp_path / "one.json")
    settle(page, qtbot)
    box, note = page.workspace._host, page.workspace._note
    assert [box.itemText(index) for index in range(box.count())] == ["Google AI Studio", "Vertex AI"]
    assert box.isVisible() and "Asked through Google AI Studio." in note.text()
    studio = page.session.count
    box.setCurrentIndex(1)
    box.activated.emit(1)
    settle(page, qtbot)
    vertex = page.session.count
    assert studio is not None and vertex is not None and vertex.tokens == studio.tokens - 1
    assert "Asked through Vertex AI." in note.text() and box.currentText() == "Vertex AI"
    assert page.counts()[model_key("gemini-2.5-pro")].tokens == vertex.tokens
    page.open_file(tmp_path / "other.json")
    settle(page, qtbot)
    assert page.session.count == vertex and box.currentText() == "Vertex AI", "whoever uses it uses it"
    box.setCurrentIndex(0)
    box.activated.emit(0)
    settle(page, qtbot)
    assert page.session.count == studio and box.currentText() == "Google AI Studio"
    page.open_file(tmp_path / "one.json")
    settle(page, qtbot)
    assert page.session.count == vertex and box.currentText() == "Vertex AI"
    template = tmp_path / "own.jinja"
    template.write_text("{% for message in messages %}{{ message.content }}{% endfor %}", "utf-8")
    page.session.use_template(template)
    qtbot.waitUntil(lambda: "Framed by the chat template in" in note.text(), timeout=60_000)
    assert not box.isVisible() and "Asked through" not in note.text(), "the template goes before either"
    page.session.use_template(None)
    qtbot.waitUntil(lambda: box.isVisible() and page.session.count == vertex, timeout=60_000)


def test_a_sum_that_a_file_tells_is_not_called_no_usage(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "goose.jsonl"
    path.write_bytes(lines(*GOOSE))
    page.open_file(path)
    settle(page, qtbot)
    assert page.toolbar._figures.text() == "150 tokens read in all"
    page.open_folder(tmp_path)
    qtbot.waitUntil(lambda: page.session.sessions is not None, timeout=60_000)
    assert page.session.sessions is not None and page.session.sessions.rows[0].read == 150


def test_a_model_of_one_host_offers_none(page: ConversationPage, qtbot: QtBot, session_file: Path) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    assert not page.workspace._host.isVisible()


def test_the_users_own_template_frames_the_request(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hello"}]}
    (tmp_path / "r.json").write_text(json.dumps(request), "utf-8")
    template = "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({"chat_template": template, "bos_token": "<s>"}), "utf-8")
    page.open_file(tmp_path / "r.json")
    settle(page, qtbot)
    measured = page.session.count
    page.session.use_template(config)
    qtbot.waitUntil(lambda: "Framed by the chat template in" in page.workspace._note.text(), timeout=60_000)
    settle(page, qtbot)
    count = page.session.count
    assert count is not None and measured is not None and count.low == count.high < measured.tokens
    assert page.counts()[model_key("gpt-4o")].tokens == count.tokens
    with qtbot.waitSignal(page.text_wanted, timeout=60_000) as caught:
        page.acts.rendered.trigger()
    assert caught.args is not None and caught.args[0] == b"[user]Hello"
    assert page.acts.own_template.isEnabled()
    page.acts.own_template.trigger()
    qtbot.waitUntil(lambda: page.session.count == measured, timeout=60_000)
    (tmp_path / "wrong.jinja").write_text("{% if %}", "utf-8")
    page.session.use_template(tmp_path / "wrong.jinja")
    qtbot.waitUntil(lambda: "Framed by rule instead" in page.workspace._note.text(), timeout=60_000)
    assert "The chat template is not valid" in page.workspace._note.text()


def test_framing_that_was_measured_has_no_text_and_says_so(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    with qtbot.waitSignal(page.problem, timeout=60_000) as caught:
        page.acts.rendered.trigger()
    assert caught.args is not None and "is measured, the text is not published" in caught.args[0]


def test_the_cache_is_explained_for_the_request_and_the_session(
    page: ConversationPage, qtbot: QtBot, session_file: Path, tmp_path: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    pane = page.workspace.cache
    page.workspace.panes.show_part(pane)
    qtbot.waitUntil(lambda: "are the same; then the second goes on" in pane.text, timeout=60_000)
    assert "Anthropic keeps a beginning for 5 minutes" in pane.text
    assert pane.misses.count() == 1 and pane.misses.item(0).text().startswith("Request 3 read")
    pane.misses.itemActivated.emit(pane.misses.item(0))
    assert page.session.number == 3
    page.session.choose_request(1)
    qtbot.waitUntil(lambda: "It has none before it" in pane.text, timeout=60_000)
    rows = session_rows()
    rows[0]["message"]["content"] = "Remove tide warnings from the berth page"
    other = write_rows(tmp_path / "other.jsonl", rows)
    page.session.choose_request(4)
    settle(page, qtbot)
    page.compare(other)
    qtbot.waitUntil(lambda: "stood “Remove" in pane.text, timeout=60_000)
    assert "now stands “Add" in pane.text and "are read anew" in pane.text


def test_a_session_that_is_written_is_followed(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    page.acts.follow.trigger()
    qtbot.wait(50)
    write_rows(session_file, session_rows(6))
    qtbot.waitUntil(lambda: page.session.number == 6, timeout=60_000)
    settle(page, qtbot)
    assert page.session.overview is not None and len(page.session.overview.requests) == 6


def wait_for_more(looks: list[Look], before: int, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: len(looks) > before, timeout=60_000)


def test_a_line_that_is_being_written_is_waited_for(
    page: ConversationPage, qtbot: QtBot, session_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    looks: list[Look] = []
    compare = FileWatch._compare

    def remember(watch: FileWatch, look: Look) -> None:
        compare(watch, look)
        looks.append(look)

    monkeypatch.setattr(FileWatch, "_compare", remember)
    page.acts.follow.trigger()
    told: list[str] = []
    found = page.session
    found._watch._looking.stop()  # else the machine's load decides when it is looked
    qtbot.waitUntil(lambda: len(looks) == 1, timeout=60_000)
    found.opened.connect(lambda: told.extend(found.overview.problems if found.overview else ()))
    lines = write_rows(session_file.parent / "whole.jsonl", session_rows(6)).read_bytes()
    for missing in (40, 30, 20, 0):
        looks_before = len(looks)
        session_file.write_bytes(lines[: len(lines) - missing])
        found._watch._look()
        wait_for_more(looks, looks_before, qtbot)
    assert [look.whole for look in looks] == [True, False, False, False, True]
    qtbot.waitUntil(lambda: found.number == 6, timeout=60_000)
    settle(page, qtbot)
    assert told == []


def test_a_folder_is_a_list_newest_first(page: ConversationPage, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "sessions"
    folder.mkdir()
    for day in (1, 2):
        rows = session_rows(2)
        for row in rows:
            row["sessionId"] = f"s{day}"
            row["timestamp"] = row["timestamp"].replace("03-01", f"03-0{day}")
            row["requestId"] = f"{row.get('requestId')}-{day}"
            if "id" in row["message"]:
                row["message"]["id"] += f"-{day}"
        write_rows(folder / f"{day}.jsonl", rows)
    page.open_folder(folder)
    qtbot.waitUntil(lambda: page.session.sessions is not None, timeout=60_000)
    dates = [line[0] for line in page.list.table.texts()[1:]]
    assert dates == ["2026-03-02 10:00", "2026-03-01 10:00"]
    assert page.status == "2 conversations"
    page.list.table.line_chosen.emit("0")
    settle(page, qtbot)
    assert page.location.endswith("2.jsonl")
    page.acts.back.trigger()
    assert page.location == str(folder)


def test_a_request_is_pasted_and_shown_whole(page: ConversationPage, qtbot: QtBot) -> None:
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "What is the tide in Brest?"}]}
    QGuiApplication.clipboard().setText(json.dumps(request))
    page.paste()
    settle(page, qtbot)
    session = page.session
    assert session.number is None and session.view is not None and session.overview is not None
    assert session.model_name == "GPT-4o"
    assert page.workspace.chart.isHidden()
    assert any(row.layer is Layer.USER for row in page.workspace.messages.rows.rows)


def test_a_compaction_after_the_last_request_is_drawn_too(page: ConversationPage, tmp_path: Path) -> None:
    usage = Usage(input=10, cache_read=900)
    found = Conversation(
        "claude-code",
        messages=(Message("user", Side.USER), Message("user", Side.USER)),
        requests=(Request("claude-sonnet-4-5", usage, start=0, end=1),),
        compactions=(Compaction(1, after=200),),
    )
    reading = Reading("claude-code", (found,))
    own = AnsweringModels(page.session.models, FramingRules(Assets()), ()).of((found,))
    told = overview(reading, 0, own, page.session.models)
    assert told.compactions == (CompactionMark(2, 710),)
    page.workspace.chart.set_requests(told.requests, told.compactions, told.lanes)
    assert not page.workspace.chart.grab().isNull()


def with_subagents(tmp_path: Path) -> Path:
    """A session whose second and third request have a subagent's two beside them."""
    path = write_rows(tmp_path / "s1.jsonl", session_rows())
    for agent, minutes in (("a1", (2, 4)), ("a2", (3, 5))):
        rows = session_rows(2)
        for number, row in enumerate(rows):
            row |= {"isSidechain": True, "agentId": agent, "timestamp": f"2026-03-01T10:0{minutes[0]}:30Z"}
            if number > 2:
                row["timestamp"] = f"2026-03-01T10:0{minutes[1]}:30Z"
            if "id" in row["message"]:
                row["message"]["id"] += agent
                row["requestId"] += agent
        folder = tmp_path / "s1" / "subagents"
        folder.mkdir(parents=True, exist_ok=True)
        write_rows(folder / f"agent-{agent}.jsonl", rows)
    return path


def test_subagents_are_lanes_in_the_order_of_time(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    page.open_file(with_subagents(tmp_path))
    settle(page, qtbot)
    chart, found = page.workspace.chart, page.session.overview
    assert found is not None and [one.lane for one in found.requests] == [0] * 4 + [1] * 2 + [2] * 2
    assert [one.number for one in chart._requests] == [1, 5, 2, 7, 6, 3, 8, 4]
    chart.resize(600, 300)
    # They overlap in time, so each has a row of its own.
    assert [(one.lane, one.row) for one in chart._placed] == [(1, 0), (2, 1)]
    assert not chart.grab().isNull()
    assert page.session.number == 4
    QTest.keyClick(chart, Qt.Key.Key_Left)
    assert page.session.number == 8
    assert "by " in chart.accessibleDescription()
    chart.resize(600, 100)
    assert {one.row for one in chart._placed} == {0}


def test_what_was_written_before_a_session_is_followed_is_read_as_well(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    write_rows(session_file, session_rows(6))
    page.acts.follow.trigger()
    found = page.session
    qtbot.waitUntil(lambda: found.overview is not None and len(found.overview.requests) == 6, timeout=60_000)
    assert page.acts.follow.isChecked()


def test_a_session_with_subagents_is_followed_and_the_request_stays_the_same(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = with_subagents(tmp_path)
    page.open_file(path)
    settle(page, qtbot)
    page.acts.follow.trigger()
    qtbot.wait(50)
    write_rows(path, session_rows(5))
    qtbot.waitUntil(lambda: page.session.number == 5, timeout=60_000)
    settle(page, qtbot)
    page.session.choose_request(6)  # the first of the first subagent
    settle(page, qtbot)
    write_rows(path, session_rows(6))
    found = page.session.overview
    qtbot.waitUntil(lambda: page.session.overview is not found, timeout=60_000)
    assert page.session.number == 7


def test_several_conversations_of_a_file_are_a_list(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "train.jsonl"
    lines = [{"messages": [{"role": "user", "content": f"Question {n}"}]} for n in range(3)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    page.open_file(path)
    qtbot.waitUntil(lambda: page.session.sessions is not None, timeout=60_000)
    assert len(page.list.table.keys) == 3
    page.list.table.line_chosen.emit("1")
    settle(page, qtbot)
    assert page.session.overview is not None and page.session.overview.conversation == 1
    assert any("Question 1" in row.title for row in page.workspace.messages.rows.rows)


def test_bad_input_is_one_sentence_and_the_rest_is_shown(
    page: ConversationPage, qtbot: QtBot, session_file: Path, tmp_path: Path
) -> None:
    with qtbot.waitSignal(page.problem, timeout=60_000) as caught:
        page.open_data(b"{" * 5_000)
    assert caught.args is not None and "holds no conversation" in caught.args[0]
    with qtbot.waitSignal(page.problem, timeout=60_000) as caught:
        page.open_file(tmp_path / "gone.jsonl")
    assert caught.args is not None and "cannot be read" in caught.args[0]
    broken = session_file.read_bytes().splitlines(keepends=True)
    broken.insert(3, b'{"type": "user", "mess\n')
    session_file.write_bytes(b"".join(broken))
    page.open_file(session_file)
    settle(page, qtbot)
    assert "Line 4" in page.workspace.answers.lines[0].text()
    assert page.session.number == 4


def test_the_parts_are_exported(
    page: ConversationPage, qtbot: QtBot, session_file: Path, tmp_path: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    assert page.session.view is not None
    for form in ("csv", "json"):
        path = tmp_path / f"parts.{form}"
        with qtbot.waitSignal(page.information, timeout=60_000):
            page.exports.write_rows(path, form)
    records = json.loads((tmp_path / "parts.json").read_text("utf-8"))
    assert len(records) == len(page.session.view.parts)
    assert sum(record["tokens"] for record in records) == page.session.view.count.tokens
    assert (tmp_path / "parts.csv").read_text("utf-8").count("\n") == len(records) + 1
    page.exports.copy_table()
    assert "| Tool results |" in QGuiApplication.clipboard().text()


def test_where_there_is_little_room_the_messages_drop_down(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    assert not page.toolbar.messages.isVisible() and page.workspace.messages.isVisible()
    page.resize(880, 500)
    assert page.toolbar.messages.isVisible() and not page.workspace.messages.isVisible()
    page.toolbar.messages.click()
    assert page.workspace.messages.isVisible()
    QTest.keyClick(page.workspace.messages, Qt.Key.Key_Escape)
    assert not page.workspace.messages.isVisible()
    page.resize(1200, 760)
    assert page.workspace.messages.isVisible() and not page.toolbar.messages.isVisible()


def test_the_text_of_a_part_is_the_part_itself_and_not_its_namesake(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    calls = [
        {"type": "tool_use", "id": f"t{n}", "name": "Read", "input": {"file_path": f"/{n}.py"}}
        for n in range(2)
    ]
    results = [{"type": "tool_result", "tool_use_id": f"t{n}", "content": f"file {n}"} for n in range(2)]
    request = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 10,
        "messages": [
            {"role": "user", "content": "Read both"},
            {"role": "assistant", "content": calls},
            {"role": "user", "content": results},
        ],
    }
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request), "utf-8")
    page.open_file(path)
    settle(page, qtbot)
    assert page.session.view is not None
    index = next(
        i for i, p in enumerate(page.session.view.parts) if p.kind == "tool_result" and p.file == "/1.py"
    )
    page.workspace.messages.select_part(index)
    with qtbot.waitSignal(page.text_wanted, timeout=60_000) as caught:
        page.workspace.open_current()
    assert caught.args is not None and caught.args[0] == b"file 1"


def test_the_sentence_of_the_empty_page_is_shown_whole(page: ConversationPage, qtbot: QtBot) -> None:
    page.resize(900, 500)
    page.show()
    qtbot.waitExposed(page)
    words = next(label for label in page.findChildren(QLabel) if "Nothing leaves" in label.text())
    assert not page.counts_with("o200k_base")  # nothing is being counted where nothing is open
    for size in ("13px", "17px"):
        page.setStyleSheet(f"QLabel {{ font-size: {size}; }}")
        QApplication.processEvents()
        assert words.height() >= words.heightForWidth(words.width())


def test_a_message_is_ticked_where_its_box_is_from_right_to_left(
    page: ConversationPage, session_file: Path, qtbot: QtBot
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    messages = page.workspace.messages
    messages.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    place = messages.visualRect(messages.model().index(0, 0))
    box = messages.itemDelegate()._box(place)  # type: ignore[attr-defined]
    assert box.center().x() > place.center().x()
    QTest.mouseClick(messages.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert page.session.without


def test_a_screen_reader_finds_the_parts_of_the_stack_and_the_tiles(
    page: ConversationPage, qtbot: QtBot, session_file: Path
) -> None:
    page.open_file(session_file)
    settle(page, qtbot)
    space = page.workspace
    stack = space.stack
    assert stack.part_count() > 2 and stack.current_part() is None
    assert "; " in stack.accessibleDescription()
    QTest.keyClick(stack, Qt.Key.Key_End)
    last = stack.part_count() - 1
    assert stack.current_part() == last
    assert stack.accessibleDescription() == stack.part_words(last).replace("\n", ", ")
    assert "% of the window" in stack.accessibleDescription()
    space.map.resize(400, 300)
    space.map.show()
    qtbot.waitUntil(lambda: space.map.part_count() > 0, timeout=60_000)
    QTest.keyClick(space.map, Qt.Key.Key_Home)
    said = space.map.accessibleDescription()
    assert said == space.map.part_words(0).replace("\n", ", ") and " tokens, " in said
