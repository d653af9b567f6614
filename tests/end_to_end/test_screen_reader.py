"""Someone who hears the program: what is painted is read part by part, with keys alone."""

from pathlib import Path

import pytest

from tests.end_to_end.accessible import Accessible
from tests.end_to_end.conftest import Start
from tests.end_to_end.ears import Ears
from tests.end_to_end.program import User
from tests.end_to_end.screen import eventually
from tests.references import reference
from tests.ui.conversation.conftest import session_rows, write_rows

pytestmark = pytest.mark.slow

TEXT = "unbelievable Sprachen der Welt\n" * 40


def go_to(user: User, ears: Ears, picture: Accessible) -> None:
    """By Tab alone; but in a text, where it types, by F6."""
    for _ in range(80):
        ears.forget()
        user.press("F6" if ears.focus.startswith("Text ") else "Tab")
        ears.hear("")
        if "focused" in picture.states:
            return
    raise AssertionError(f"Tab does not lead to {picture.name!r}")


def test_the_token_at_the_caret_is_said(start: Start, ears: Ears) -> None:
    user = start()
    text = user.find("text", "Text and its tokens")
    user.await_state(text, "focused")
    user.hands.type("unbelievable words")
    user.find("label", "Tokens of the text: 4")
    first, *_others, last = reference("o200k_base").encode_ordinary("unbelievable words")
    user.press("ctrl+Home")
    eventually(lambda: text.caret == 0, "the caret at the start")
    user.press("ctrl+i")
    ears.hear(f"un, id {first}, token 0, 2 bytes, exact, by o200k_base")
    user.press("ctrl+End")
    eventually(lambda: text.caret == 18, "the caret at the end")
    user.press("ctrl+i")
    ears.hear(f"·words (space), id {last}, token 3, 6 bytes, exact, by o200k_base")
    # From token to token it is said by itself.
    ears.forget()
    user.press("ctrl+Home", "alt+Right", "alt+Right")
    ears.hear("bel, id ")
    user.quit()


def test_a_session_is_read_part_by_part(start: Start, ears: Ears, tmp_path: Path) -> None:
    user = start(str(write_rows(tmp_path / "session.jsonl", session_rows())))
    user.find("label", "15,603 used .*")
    stack = user.find("list", "What fills the window")
    go_to(user, ears, stack)
    user.press("Home")
    ears.hear(stack.children()[0].name)
    names = [part.name for part in stack.children()]
    assert any(name.startswith("Tool results: 2,") and "% of the window" in name for name in names)
    ears.forget()
    user.press("Right")
    ears.hear(names[1])
    eventually(lambda: "focused" in stack.children()[1].states, "the second part has the focus")

    chart = user.find("list", "Requests")
    assert [part.name.split(":")[0] for part in chart.children()] == [f"Request {n}" for n in range(1, 5)]
    go_to(user, ears, chart)
    user.press("Home")
    assert "12,903 tokens recorded" in ears.hear("Request 1:")
    user.press("Right", "Right")
    assert "14,703 tokens recorded" in ears.hear("Request 3:")
    assert user.process.poll() is None
    user.quit()


def test_a_codebase_is_read_tile_by_tile(start: Start, ears: Ears, tmp_path: Path) -> None:
    folder = tmp_path / "code"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "large.py").write_text("def grow(x):\n    return x + 1\n" * 400, "utf-8")
    (folder / "small.md").write_text("Some words of a guide that go on. " * 100, "utf-8")
    user = start(str(folder))
    treemap = user.find("list", "Treemap of the tokens")
    eventually(lambda: treemap.child_count() == 3, "the tiles")
    go_to(user, ears, treemap)
    user.press("Left", "Right")
    said = ears.hear("code/small.md: ")
    assert " tokens · " in said and " of its folder · " in said and "'s window · " in said
    user.press("Left")
    ears.hear("code/src/large.py: ")
    # What is focused lies where it is seen.
    tile = next(part for part in treemap.children() if part.name.startswith("code/src/large.py"))
    left, _top, width, height = tile.box
    outer = treemap.box
    assert outer[0] <= left < left + width <= outer[0] + outer[2] and height > outer[3] / 2
    user.quit()


def test_bars_of_models_and_tokenizers_are_read(start: Start, ears: Ears, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, "utf-8")
    user = start(str(path))
    strip = user.find("list", "How many models fit")
    eventually(lambda: any(part.name.endswith(" fit") for part in strip.children()), "all fit")
    go_to(user, ears, strip)
    user.press("Home")
    ears.hear(strip.children()[0].name)
    table = user.find("table", "Models.*")
    cells = [table.cell(0, column).name for column in range(4)]
    assert any("%" in cell and " left" in cell for cell in cells), cells

    user.press("ctrl+3")
    ruler = user.find("list", "Where the tokenizers differ")
    eventually(lambda: ruler.child_count() > 0, "differences")
    go_to(user, ears, ruler)
    ears.forget()
    user.press("Home")
    assert "into the text: " in ears.hear(ruler.children()[0].name)
    user.click(user.find("page tab", "Chart"))
    chart = user.find("list", "Tokens of tokenizers")
    go_to(user, ears, chart)
    user.press("Home")
    ears.hear(chart.children()[0].name)
    names = [part.name for part in chart.children()]
    tokens = len(reference("o200k_base").encode_ordinary(TEXT))
    assert f"o200k_base (GPT-4o, GPT-5): {tokens}" in names
    user.quit()
