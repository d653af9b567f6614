"""Opening the window: not without a display, and not for a mistyped command."""

import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Runner
from tokviz.cli.window import can_load, has_display, platform_plugin
from tokviz.documents.encodings import find_encoding
from tokviz.second_start import Start


def test_without_a_display_it_says_so_and_does_not_abort(
    command: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x")
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for arguments in ([], [str(file)]):
        outcome = command(*arguments)
        assert outcome.code == 1
        assert outcome.out == ""
        assert "no display" in outcome.err
        assert "tokviz count" in outcome.err
        assert len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_have_their_own_display(platform: str) -> None:
    assert has_display({}, platform)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": "nonsense"}, False),
        ({"DISPLAY": ":4711"}, False),  # nothing listens there
        ({"DISPLAY": "otherhost:0"}, True),  # only the X library can tell
        ({"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"}, False),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
        ({"QT_QPA_PLATFORM": "vnc:size=800x600"}, True),
        ({"QT_QPA_PLATFORM": "xcb"}, False),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, False),
        ({"QT_QPA_PLATFORM": "wayland;offscreen"}, True),
    ],
)
def test_displays(environment: dict[str, str], expected: bool) -> None:
    assert has_display(environment, "linux") is expected


def test_a_display_that_listens_is_found(tmp_path: Path) -> None:
    wayland = {"WAYLAND_DISPLAY": "wayland-0", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert not has_display(wayland, "linux")
    (tmp_path / "wayland-0").touch()
    assert has_display(wayland, "linux")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind("\0/tmp/.X11-unix/X4712")
        server.listen()
        assert has_display({"DISPLAY": ":4712.0"}, "linux")


def test_a_mistyped_command_is_answered_with_the_nearest(command: Runner) -> None:
    outcome = command("cuont")
    assert outcome.code == 2
    assert "no file or folder “cuont”" in outcome.err
    assert "did you mean “count”" in command("cuont", __file__).err
    assert "“count”" in outcome.err


def test_a_file_that_is_not_there_is_named(command: Runner) -> None:
    outcome = command("missing.txt")
    assert outcome.code == 1
    assert outcome.err == "tokviz: There is no file or folder “missing.txt”.\n"


@pytest.mark.parametrize(
    ("environment", "plugin"),
    [
        ({"DISPLAY": ":0"}, "xcb"),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "xcb"}, "xcb"),
        ({"QT_QPA_PLATFORM": "offscreen"}, ""),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, ""),
    ],
)
def test_which_plugin_qt_takes(environment: dict[str, str], plugin: str) -> None:
    assert platform_plugin(environment, "linux") == plugin
    assert platform_plugin(environment, "win32") == ""


def test_a_missing_library_is_named_before_qt_aborts(
    command: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("tokviz.cli.window.has_display", lambda *_: True)
    monkeypatch.setattr("tokviz.cli.window.can_load", lambda _: False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    outcome = command()
    assert outcome.code == 1
    assert "libxcb-cursor0" in outcome.err
    assert not can_load("libno-such-library.so.9")


def test_an_encoding_is_handed_on(command: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes("größer".encode("mac-roman"))
    started: list[tuple[object, ...]] = []
    monkeypatch.setattr("tokviz.cli.window.has_display", lambda *_: True)
    monkeypatch.setattr("tokviz.cli.window.can_load", lambda _: True)

    def main(*arguments: object) -> int:
        started.append(arguments)
        return 0

    monkeypatch.setattr("tokviz.app.main", main)
    monkeypatch.setattr("tokviz.cli.window.hand_over", lambda *_: False)
    assert command(str(file), "--encoding", "Mac Roman").code == 0
    assert command("-", "--encoding", "Mac Roman", piped=file.read_bytes()).code == 0
    encoding = find_encoding("Mac Roman")
    assert started == [([str(file)], None, encoding), ([], "größer".encode(), encoding)]
    refused = command("--encoding", "Mac Roman")
    assert refused.code == 2
    assert "name the file too" in refused.err


def test_an_open_window_is_handed_everything_unless_a_new_one_is_asked_for(
    command: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token")
    monkeypatch.setattr("tokviz.cli.window.has_display", lambda *_: True)
    monkeypatch.setattr("tokviz.cli.window.can_load", lambda _: True)
    handed: list[Start] = []
    opened: list[object] = []

    def hand_over(start: Start, _: object) -> bool:
        handed.append(start)
        return True

    def main(*arguments: object) -> int:
        opened.append(arguments)
        return 0

    monkeypatch.setattr("tokviz.cli.window.hand_over", hand_over)
    monkeypatch.setattr("tokviz.app.main", main)
    assert command("a.txt", "--encoding", "Mac Roman").code == 0
    assert command("a.txt", "-", piped=b"piped").code == 0
    path = str(tmp_path / "a.txt")
    assert handed == [Start((path,), None, "mac-roman", "token"), Start((path,), b"piped", "", "token")]
    assert opened == []
    assert command("a.txt", "--new-window").code == 0
    assert opened == [(["a.txt"], None, None)]
    assert len(handed) == 2
