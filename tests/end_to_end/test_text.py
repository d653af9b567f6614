"""Someone copies a text elsewhere, pastes it, and sees its tokens."""

import re
from itertools import pairwise

import pytest

from tests.end_to_end.accessible import Accessible
from tests.end_to_end.conftest import Start
from tests.end_to_end.hands import Picture
from tests.end_to_end.program import User
from tests.end_to_end.screen import eventually
from tokviz.assets import Assets
from tokviz.ui.common.theme import Themes

pytestmark = pytest.mark.slow

TEXT = "unbelievable tokenization"
TOKENS = [(0, 2), (2, 5), (5, 12), (12, 18), (18, 25)]
"""Where o200k_base's tokens of it start and end: un, bel, ievable, ␣token, ization (tiktoken's 373 9880 45794
6602 2860)."""


def grounds(user: User, view: Accessible) -> list[tuple[int, int, int]]:
    """The colour behind each letter of the text, as it is on the screen: the upper left corner of its box."""
    found = []
    for position in range(len(TEXT)):
        left, top, width, height = view.character_box(position)
        # Whole letters leave the ground in most of their box: what is there most often is the ground.
        seen = user.hands.look((left, top, width, height))
        found.append(most_common(seen))
    return found


def most_common(seen: Picture) -> tuple[int, int, int]:
    pixels = [seen.color(x, y) for x in range(1, seen.width - 1) for y in range(1, seen.height - 1)]
    return max(set(pixels), key=pixels.count)


def coloured_as_tokens(user: User, view: Accessible) -> bool:
    """Whether the letters of each token share one of the palette's colours, and neighbours have two."""
    colors = Themes(Assets()).load("light").token_colors
    palette = {(color.red(), color.green(), color.blue()) for color in colors}
    found = grounds(user, view)
    if not set(found) <= palette:
        return False
    tokens = [set(found[start:end]) for start, end in TOKENS]
    return all(len(one) == 1 for one in tokens) and all(one != other for one, other in pairwise(tokens))


def test_paste_and_see_tokens(start: Start) -> None:
    user = start()
    view = user.find("text", "Text and its tokens")
    user.await_state(view, "focused")
    user.hands.copy(TEXT)
    user.press("ctrl+v")
    eventually(lambda: view.text == TEXT, "the text that was pasted")
    user.find("label", "Tokens of the text: 5")
    eventually(lambda: coloured_as_tokens(user, view), "the colours of its tokens on the screen")
    # GPT-4o has counted it as well, and says what fits.
    models = user.find("table", "Models, their context windows and costs")
    eventually(lambda: models.cell(0, 1).name == "5, exact", "the tokens for GPT-4o")
    # The token under the mouse is told beside it, in a box over the text.
    left, top, width, height = view.character_box(8)
    beside = (left, top + 2 * height, 6 * width, 3 * height)
    before = user.hands.look(beside)
    user.hands.point(left + width // 2, top + height // 2)
    eventually(lambda: user.hands.look(beside) != before, "what is told of the token beside the mouse")
    user.press("ctrl+Home", "Right", "Right", "Right")
    user.find("label", "Line and column of the caret: Ln 1, Col 4")
    user.find("label", "Token at the caret: Token 1")
    user.press("ctrl+z")
    user.find("label", "Tokens of the text: 0")
    assert view.text == ""


def test_what_is_typed_is_counted_and_kept_for_the_next_start(start: Start) -> None:
    user = start()
    view = user.await_state(user.find("text", "Text and its tokens"), "focused")
    user.hands.type("Hello, world!\nA second line + one (more).")
    user.find("label", "Lines of the text: 2")
    user.find("label", "Tokens of the text: [1-9].*")
    written = view.text
    user.quit()
    again = start()
    view = again.find("text", "Text and its tokens")
    eventually(lambda: view.text == written, "the text that was not saved")
    assert re.sub(r"\s+", " ", written) == "Hello, world! A second line + one (more)."
