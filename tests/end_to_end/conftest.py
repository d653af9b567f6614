"""A user for each test, on one screen for each file of tests."""

import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.end_to_end import screen as screens
from tests.end_to_end.accessible import Bus
from tests.end_to_end.ears import Ears
from tests.end_to_end.hands import Hands
from tests.end_to_end.program import User, running
from tests.end_to_end.screen import Screen

_FAILED = pytest.StashKey[bool]()
Start = Callable[..., User]
"""Starts the program with these arguments; the files of its user stay from one start to the next."""


@pytest.fixture(scope="module")
def screen() -> Iterator[Screen]:
    if missing := screens.missing():
        pytest.skip(missing)
    with tempfile.TemporaryDirectory(prefix="tokviz-") as folder, screens.open_screen(Path(folder)) as opened:
        yield opened


@pytest.fixture(scope="module")
def hands(screen: Screen) -> Iterator[Hands]:
    hands = Hands(screen.display)
    yield hands
    hands.close()


@pytest.fixture(scope="module")
def bus(screen: Screen) -> Iterator[Bus]:
    bus = Bus(screen.session_bus)
    yield bus
    bus.close()


@pytest.fixture
def ears(bus: Bus) -> Iterator[Ears]:
    ears = Ears(bus)
    yield ears
    ears.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def start(
    screen: Screen, bus: Bus, hands: Hands, home: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Start]:
    with ExitStack() as ends:

        def begin(*arguments: str) -> User:
            return ends.enter_context(running(screen, bus, hands, home, arguments))

        yield begin
        if request.node.stash.get(_FAILED, False):
            hands.look().save(tmp_path / "failed.png")
            print(f"The screen as it was: {tmp_path / 'failed.png'}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report
