"""The installed program in a process of its own, and a user before it."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import tokviz
from tests.end_to_end.accessible import Accessible, Bus, GoneError
from tests.end_to_end.hands import Hands, Picture
from tests.end_to_end.screen import PATIENCE, Screen, eventually


class User:
    """Someone who has a running tokviz on the screen, with hands, eyes, and a screen reader's ears."""

    def __init__(self, process: subprocess.Popen[bytes], bus: Bus, hands: Hands, errors: Path) -> None:
        self.process = process
        self.hands = hands
        self._bus = bus
        self._errors = errors
        self.program = eventually(self._program, "the program on the bus")
        self.window = self.program.find("frame", ".*tokviz.*")
        self.await_active(self.window)

    def find(self, role: str, name: str) -> Accessible:
        """What is shown of this role and name (a pattern), in whichever window, once it is there."""
        return self.program.find(role, name)

    def click(self, item: Accessible, *, right: bool = False) -> None:
        """Click at the middle of something, once it lies still there. The window manager passes clicks on, so
        await what comes of it before pressing keys."""
        box = self._settled(item)
        self.hands.click(box[0] + box[2] // 2, box[1] + box[3] // 2, right=right)

    def press(self, *keys: str) -> None:
        """Press combinations of keys, one after the other."""
        for each in keys:
            self.hands.press(each)

    def look(self, item: Accessible) -> Picture:
        """What can be seen where something lies."""
        return self.hands.look(self._settled(item))

    def await_state(self, item: Accessible, state: str) -> Accessible:
        """The same object, once it is in a state."""
        eventually(lambda: state in item.states, f"{item.role} {item.name!r} {state}")
        return item

    def await_active(self, window: Accessible) -> Accessible:
        """The same window, once keys go to it."""
        return self.await_state(window, "active")

    def await_dialog(self, name: str) -> Accessible:
        """The dialog of this title, once keys go to it."""
        return self.await_active(self.program.find("dialog", name))

    def await_gone(self, role: str, name: str) -> None:
        """Wait until nothing of this role and name is shown any more."""
        eventually(lambda: self.program.look_for(role, name) is None, f"no {role} {name!r}")

    def choose(self, box: Accessible, begins: str) -> None:
        """Choose the entry of a combo box that begins with these letters."""
        self.click(box)
        self.await_state(box, "expanded")
        self.hands.type(begins)
        self.press("Return")
        eventually(lambda: box.name.startswith(begins), f"{begins!r} chosen")
        # The list takes a click that comes before it is gone.
        eventually(lambda: "expanded" not in box.states, "the list closed")

    def run(self, command: str) -> None:
        """Choose a command by its name in the command palette."""
        self.press("ctrl+shift+p")
        palette = self.await_dialog("Commands")
        self.hands.type(command)
        found = palette.find("table", "Commands")
        # Return chooses the first that is listed.
        eventually(lambda: command in found.cell(0, 0).name, f"the command {command!r}")
        self.press("Return")
        self.await_gone("dialog", "Commands")

    def quit(self) -> None:
        """Close the program by its keys, and wait for its end."""
        self.press("ctrl+q")
        code = self.process.wait(PATIENCE)
        assert code == 0, f"ended with {code}: {self.errors()}"

    def errors(self) -> str:
        """What the program has written to the terminal."""
        return self._errors.read_text("utf-8", errors="replace")

    def _program(self) -> Accessible | None:
        assert self.process.poll() is None, f"the program has ended: {self.errors()}"
        for program in self._bus.programs():
            with contextlib.suppress(GoneError):
                if program.name == "tokviz":
                    return program
        return None

    def _settled(self, item: Accessible) -> tuple[int, int, int, int]:
        boxes = [(0, 0, 0, 0)]

        def lies_still() -> bool:
            boxes.append(item.box)
            return boxes[-1] == boxes[-2] and boxes[-1][2] > 0

        eventually(lies_still, f"{item.name!r} lies still")
        return boxes[-1]


@contextlib.contextmanager
def running(screen: Screen, bus: Bus, hands: Hands, home: Path, arguments: Sequence[str]) -> Iterator[User]:
    """The program started with ``arguments`` for a user whose files lie in ``home``; it ends at the end."""
    errors = home / "errors.txt"
    environment = {
        **screen.environment,
        # The very program that is under test, wherever it is started.
        "PYTHONPATH": str(Path(tokviz.__file__).parents[1]),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "QT_QPA_PLATFORM": "xcb",
        "QT_ACCESSIBILITY": "1",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }
    with errors.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tokviz", *arguments], env=environment, cwd=home, stderr=said
        )
    try:
        yield User(process, bus, hands, errors)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(PATIENCE)
