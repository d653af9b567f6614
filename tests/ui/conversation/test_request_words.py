"""What is said of the request that is shown."""

import json
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.conversation.conftest import MODEL, settle
from tokviz.ui.conversation.page import ConversationPage
from tokviz.ui.conversation.request_words import notes


def test_what_is_missing_is_said_before_how_the_rest_is_known(
    page: ConversationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    told = {
        "model": MODEL,
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "When is the tide in Brest?"}],
        "tools": [{"type": "web_search_20250305", "name": "web_search"}],
    }
    path = tmp_path / "request.json"
    path.write_text(json.dumps(told), "utf-8")
    page.open_file(path)
    settle(page, qtbot)
    missing, framing = notes(page.session)
    assert missing.startswith("What the maker's own tools find is not in the file")
    assert framing.startswith("Framing of ")
    assert page.workspace._note.text() == f"{missing} {framing}"
