"""Someone opens an agent's session, and finds what filled the window."""

import json
from pathlib import Path

import pytest

from tests.end_to_end.accessible import number_in
from tests.end_to_end.conftest import Start
from tests.ui.conversation.conftest import session_rows, write_rows

pytestmark = pytest.mark.slow


def test_open_a_session_and_find_what_filled_it(start: Start, tmp_path: Path) -> None:
    """Recorded are 12,903 tokens at the first of four requests and 15,603 at the last: what grew is one file,
    read at each of them."""
    path = write_rows(tmp_path / "session.jsonl", session_rows())
    user = start()
    user.press("ctrl+o")
    user.await_dialog("Open.*")
    user.hands.type(str(path))
    user.press("Return")
    user.find("page tab list", "Conversation")
    user.find("label", "15,603 used .*")
    told = user.find("label", "Most of it: .*").name
    assert "not in the file 12,654" in told and "results of Read 2,697" in told
    # The bar of the window says the same, part by part.
    stack = user.find("list", "What fills the window").description
    parts = dict(part.rsplit(": ", 1) for part in stack.split("; "))
    used = [name for name in parts if name not in ("Reserve", "Free")]
    assert sum(number_in(parts[name]) for name in used) == 15_603
    # Which file it is, how often it was read, and what it would save is told too.
    user.find("label", r"tides\.py stands in it 3 times: 2,697 tokens; .*")
    # The request before had read it once less.
    user.click(user.find("push button", "The request before"))
    user.find("label", "14,703 used .*")
    # Leaving the repeats out is one click.
    user.press("alt+Right")
    user.find("label", "15,603 used .*")
    user.click(user.find("push button", r"Leave Out Repeats \(−1,798\)"))
    user.find("label", "13,805 used .*")
    assert json.loads(path.read_text("utf-8").splitlines()[0])["type"] == "user"
