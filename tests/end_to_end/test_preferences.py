"""Someone changes a preference, and finds it after a restart."""

import pytest

from tests.end_to_end.accessible import Accessible
from tests.end_to_end.conftest import Start
from tests.end_to_end.program import User
from tests.end_to_end.screen import eventually
from tokviz.assets import Assets
from tokviz.ui.common.theme import Themes

pytestmark = pytest.mark.slow


def is_dark(user: User, window: Accessible) -> bool:
    """Whether the window's ground is, on the screen, that of the dark theme and not that of the light one."""
    colors = {name: Themes(Assets()).load(name).window for name in ("light", "dark")}
    seen = user.look(window)
    pixels = [seen.color(x, y) for x in range(0, seen.width, 7) for y in range(0, seen.height, 7)]
    counted = {
        name: pixels.count((color.red(), color.green(), color.blue())) for name, color in colors.items()
    }
    return counted["dark"] > 100 * (counted["light"] + 1)


def test_a_theme_that_is_chosen_is_there_after_a_restart(start: Start) -> None:
    user = start()
    assert not is_dark(user, user.window)
    user.press("ctrl+comma")
    dialog = user.await_dialog("Preferences")
    user.hands.type("theme")
    user.await_gone("combo box", "As the system")  # the language, which is above it until the search is made
    user.choose(user.find("combo box", "As the desktop"), "Dark")
    eventually(lambda: is_dark(user, dialog), "the dark preferences")
    user.press("Escape")
    user.await_gone("dialog", "Preferences")
    eventually(lambda: is_dark(user, user.window), "the dark window")
    user.quit()

    again = start()
    eventually(lambda: is_dark(again, again.window), "the dark window of the next start")
    again.run("Preferences")
    again.await_dialog("Preferences")
    again.hands.type("theme")
    again.find("combo box", "Dark")
